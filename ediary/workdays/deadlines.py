"""The page of the deadlines: what holds today, what is planned, what was, and what it means for the next months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from ediary.core import clock
from ediary.core.dates import ONE_DAY, VILNIUS, Month
from ediary.core.db import db
from ediary.core.lockstate import DEFAULT_LOCK_TIME
from ediary.core.permissions import Permission
from ediary.core.points import MonthDeadline
from ediary.core.session import scope
from ediary.workdays import queries, rules
from ediary.workdays.queries import AllSet
from ediary.workdays.rules import HORIZON, DeadlineSpan, Hours, SettingRow

#: months whose dates are shown: the one that ended, this one, the two after
MONTHS_SHOWN = 4

_DELIVERED = rules.Deadlines()
DELIVERED = Hours(DEFAULT_LOCK_TIME, _DELIVERED.mark_by, _DELIVERED.sheet_due, _DELIVERED.month_locks)


@dataclass(frozen=True)
class Setting:
    """From-to (None = open) during which all stayed the same."""

    valid_from: date
    valid_to: date | None
    said: Hours
    set_by: str
    #: which of them differ from what was before
    changed: frozenset[str]
    is_planned: bool
    is_now: bool


@dataclass(frozen=True)
class SheetDates:
    """A month's sheet: finished, handed in, open to the end of a day. None while the calendar is not known so far."""

    month: Month
    finished: date | None
    due: date | None
    open_until: date | None
    is_over: bool


@dataclass(frozen=True)
class DeadlinesPage:
    """What the page prints; `last` is what will hold in the end, from which a change goes on."""

    today: date
    now: Hours
    last: Hours
    settings: list[Setting]
    sheets: list[SheetDates]
    seen: str
    can_edit: bool

    @property
    def tomorrow(self) -> date:
        return self.today + ONE_DAY

    @property
    def planned(self) -> list[Setting]:
        return [one for one in self.settings if one.is_planned]

    @property
    def begins(self) -> date:
        """The earliest day a further change may begin on."""
        return max([self.today, *(one.valid_from for one in self.planned)]) + ONE_DAY


def deadlines_page() -> DeadlinesPage:
    """All about the deadlines. Four statements."""
    today, known = clock.today(), queries.all_set()
    settings = _settings(known, today)
    now = next((one.said for one in settings if one.is_now), DELIVERED)
    return DeadlinesPage(
        today=today,
        now=now,
        last=settings[-1].said if settings else now,
        settings=settings,
        sheets=_sheets(Month.of(today).previous, known.spans),
        seen=known.seen,
        can_edit=scope().may(Permission.SETTINGS_WRITE),
    )


def _settings(known: AllSet, today: date) -> list[Setting]:
    hours = [SettingRow(row.valid_from, row.valid_to, (row.day_locks_at,), row.set_by) for row in known.hours]
    others = [
        SettingRow(row.valid_from, row.valid_to, (row.mark_by, row.sheet_due, row.month_locks), row.set_by)
        for row in known.deadlines
    ]
    found: list[Setting] = []
    for one in rules.stretches(
        (hours, others),
        ((DELIVERED.day_locks_at,), (DELIVERED.mark_by, DELIVERED.sheet_due, DELIVERED.month_locks)),
    ):
        said = Hours(*one.values[0], *one.values[1])  # type: ignore[arg-type]
        before = found[-1].said if found else said
        found.append(
            Setting(
                valid_from=one.valid_from,
                valid_to=one.valid_to,
                said=said,
                set_by=", ".join(one.set_by),
                changed=frozenset(name for name in Hours._fields if getattr(said, name) != getattr(before, name)),
                is_planned=one.valid_from > today,
                is_now=one.valid_from <= today and (one.valid_to is None or today <= one.valid_to),
            )
        )
    return found


def _sheets(month: Month, spans: list[DeadlineSpan]) -> list[SheetDates]:
    """The dates of some months from this one on. Two statements."""
    known = month.last + timedelta(days=31 * MONTHS_SHOWN) + HORIZON
    calendar = queries.calendar(month.first, known)
    stored = {
        row.month: row.locks_at
        for row in db.session.execute(
            select(MonthDeadline.month, MonthDeadline.locks_at).where(MonthDeadline.month >= month)
        )
    }
    found, now = [], clock.now()
    for _number in range(MONTHS_SHOWN):
        dates = rules.month_dates(month, spans, calendar)
        locks_at = stored.get(month)
        found.append(
            SheetDates(
                month=month,
                finished=dates.finished,
                due=dates.due,
                open_until=None if locks_at is None else locks_at.astimezone(VILNIUS).date() - ONE_DAY,
                is_over=locks_at is not None and locks_at <= now,
            )
        )
        month = month.next
    return found
