"""The state of a day and of a month from facts and a moment: pure, and the sentences that refuse a write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from ediary.core.dates import VILNIUS, Month, at_local
from ediary.core.errors import Locked
from ediary.core.i18n import month_long, stamp

#: the hour until a rule says otherwise (S II.8: by 9:00)
DEFAULT_LOCK_TIME = time(9, 0)


@dataclass(frozen=True)
class Closed:
    """A day's lock in force: since when, and by whom (None = by the clock)."""

    at: datetime
    by: str | None = None


class Stage(StrEnum):
    """How far a month that takes no more writing has come (S II.7, II.11, III.2)."""

    SUBMITTED = "submitted"
    CHECKED = "checked"
    LOCKED = "locked"


@dataclass(frozen=True)
class MonthClosed:
    """What closed a month: since when, by whom (None = by the clock), and how far it has come."""

    at: datetime
    by: str | None = None
    stage: Stage = Stage.LOCKED

    @property
    def words(self) -> Any:
        """What closed it, when, by whom, and what to do if something is wrong."""
        known = {"when": stamp(self.at), "who": self.by}
        if self.stage is Stage.SUBMITTED:
            return _l("Submitted %(when)s (%(who)s). It can be changed only with the director's leave.", **known)
        if self.stage is Stage.CHECKED:
            return _l("Checked %(when)s (%(who)s). It can be changed only with the director's leave.", **known)
        if self.by:
            return _l("Locked %(when)s (%(who)s). It can be changed only with the director's leave.", **known)
        return _l("Locked by itself %(when)s. It can be changed only with the director's leave.", **known)


@dataclass(frozen=True)
class DayState:
    """A group's day at one moment: `closed` is None while presence may be written, until `closes_at`."""

    closed: Closed | None
    closes_at: datetime
    #: open although the hour has passed: the director's unlock
    reopened: bool = False


def day_state(
    day: date,
    now: datetime,
    *,
    lock_time: time = DEFAULT_LOCK_TIME,
    locked_at: datetime | None = None,
    locked_by: str | None = None,
    open_until: datetime | None = None,
) -> DayState:
    """Is the day open for the kitchen's facts? An unlock beats the button, the button beats the clock."""
    hour = at_local(day, lock_time)
    if open_until is not None and now < open_until:
        return DayState(None, open_until, reopened=True)
    if locked_at is not None:
        return DayState(Closed(locked_at, locked_by), min(hour, locked_at))
    if now >= hour:
        return DayState(Closed(hour), hour)
    return DayState(None, hour)


def month_state(
    now: datetime,
    *,
    locks_at: datetime | None = None,
    locked_at: datetime | None = None,
    locked_by: str | None = None,
    submitted_at: datetime | None = None,
    submitted_by: str | None = None,
    checked_at: datetime | None = None,
    checked_by: str | None = None,
    open_until: datetime | None = None,
) -> MonthClosed | None:
    """Is the month closed, and by what? The director's unlock beats all; then it is locked, by hand or by itself from
    its deadline on (S III.2); then checked or submitted: from there on a change needs the director's leave (S III.3).
    """
    if open_until is not None and now < open_until:
        return None
    if locked_at is not None:
        return MonthClosed(locked_at, locked_by)
    if locks_at is not None and now >= locks_at:
        return MonthClosed(locks_at)
    if checked_at is not None:
        return MonthClosed(checked_at, checked_by, Stage.CHECKED)
    if submitted_at is not None:
        return MonthClosed(submitted_at, submitted_by, Stage.SUBMITTED)
    return None


def day_refusal(day: date, closed: Closed) -> Locked:
    """The sentence of a locked day."""
    hour = closed.at.astimezone(VILNIUS).strftime("%-H:%M")
    if closed.by:
        return Locked(
            _l(
                "The day was locked at %(hour)s (%(who)s). What is wrong can be corrected by asking for a correction.",
                hour=hour,
                who=closed.by,
            )
        )
    return Locked(
        _l(
            "The day was locked at %(hour)s by the clock. What is wrong can be corrected by asking for a correction.",
            hour=hour,
        )
    )


def month_refusal(month: Month, closed: MonthClosed) -> Locked:
    """The sentence of a month that is closed."""
    return Locked(_l("%(month)s: %(closed)s Nothing was changed.", month=month_long(month), closed=closed.words))
