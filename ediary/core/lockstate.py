"""The state of a day and of a month from facts and a moment: pure, and the sentences that refuse a write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from flask_babel import lazy_gettext as _l

from ediary.core.dates import VILNIUS, Month, at_local
from ediary.core.errors import Locked

#: the hour until a rule says otherwise (S II.8: by 9:00)
DEFAULT_LOCK_TIME = time(9, 0)


@dataclass(frozen=True)
class Closed:
    """A lock in force: since when, and by whom (None = by the clock)."""

    at: datetime
    by: str | None = None


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
    now: datetime, *, locks_at: datetime | None, locked_at: datetime | None, locked_by: str | None
) -> Closed | None:
    """Is the month closed? By hand, or by itself from its deadline on (S III.2)."""
    if locked_at is not None:
        return Closed(locked_at, locked_by)
    if locks_at is not None and now >= locks_at:
        return Closed(locks_at)
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


def month_refusal(month: Month, closed: Closed) -> Locked:
    """The sentence of a locked month."""
    when = closed.at.astimezone(VILNIUS).strftime("%Y-%m-%d %-H:%M")
    if closed.by:
        return Locked(
            _l(
                "Month %(month)s was locked on %(when)s (%(who)s). Nothing was changed.",
                month=str(month),
                when=when,
                who=closed.by,
            )
        )
    return Locked(
        _l(
            "Month %(month)s was locked by itself on %(when)s. Nothing was changed.",
            month=str(month),
            when=when,
        )
    )
