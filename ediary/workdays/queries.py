"""The stored calendar and its deadlines, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select

from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import GroupMonth
from ediary.core.points import LockRule
from ediary.groups.queries import groups_on
from ediary.workdays import rules
from ediary.workdays.models import CalendarDay, Closure, DayKind, DeadlineRule, ExtraDay
from ediary.workdays.rules import Calendar, ClosureFact, Deadlines, DeadlineSpan

#: Each stored day with the closures that hold on it and, where it is one, the extra day. Made once: building a
#: statement costs more than running it.
_DAYS = (
    select(
        CalendarDay.day,
        CalendarDay.kind,
        CalendarDay.name,
        ExtraDay.reason,
        Closure.first,
        Closure.last,
        Closure.reason,
        Closure.group_id,
    )
    .select_from(CalendarDay)
    .outerjoin(ExtraDay, ExtraDay.day == CalendarDay.day)
    .outerjoin(Closure, (Closure.first <= CalendarDay.day) & (Closure.last >= CalendarDay.day))
    .where(CalendarDay.day >= bindparam("first_day"), CalendarDay.day <= bindparam("last_day"))
)


def calendar(first: date, last: date) -> Calendar:
    """The calendar of first..last, closures and extra days included. One statement."""
    days: dict[date, str | None] = {}
    extra: dict[date, str] = {}
    closures: dict[ClosureFact, None] = {}
    rows = db.session.execute(_DAYS, {"first_day": first, "last_day": last})
    for day, kind, name, extra_reason, begins, ends, why, group_id in rows:
        days[day] = None if kind == DayKind.WEEKDAY else name or ""
        if extra_reason is not None:
            extra[day] = extra_reason
        if begins is not None:
            closures[ClosureFact(begins, ends, why, group_id)] = None
    return Calendar(days, tuple(closures), extra)


_STORED = select(func.min(CalendarDay.day), func.max(CalendarDay.day))


def stored() -> tuple[date | None, date | None]:
    """The first and the last stored day; None where none is. One statement."""
    first, last = db.session.execute(_STORED).one()
    return first, last


def month_points(first: date, last: date) -> list[GroupMonth]:
    """What a change of these days holds: the points of the running month, the only one somebody may have locked.

    One statement, none for days of other months.
    """
    running = Month.of(clock.today())
    if not (Month.of(first) <= running <= Month.of(last)):
        return []
    return [GroupMonth(group.id, running) for group in groups_on(running.first)]


# --- deadlines ------------------------------------------------------------------------------------------------------

_DEADLINES = select(
    DeadlineRule.valid_from,
    DeadlineRule.valid_to,
    DeadlineRule.mark_by,
    DeadlineRule.sheet_due,
    DeadlineRule.month_locks,
    DeadlineRule.set_by,
).order_by(DeadlineRule.valid_from)
_HOURS = select(LockRule.valid_from, LockRule.valid_to, LockRule.day_locks_at, LockRule.set_by).order_by(
    LockRule.valid_from
)


def deadline_spans() -> list[DeadlineSpan]:
    """All that was, is and will be set about deadlines, but the hour of the day's lock. One statement."""
    return [_span(row) for row in db.session.execute(_DEADLINES)]


def _span(row: Any) -> DeadlineSpan:
    return DeadlineSpan(row.valid_from, row.valid_to, Deadlines(row.mark_by, row.sheet_due, row.month_locks))


def deadlines_on(day: date) -> Deadlines:
    """What is set for a day. One statement."""
    return rules.deadlines_of(deadline_spans(), day)


def month_dates(month: Month) -> rules.MonthDates:
    """A month's working days and its sheet's dates. Two statements."""
    return rules.month_dates(month, deadline_spans(), calendar(month.first, month.last + rules.HORIZON))


@dataclass(frozen=True)
class AllSet:
    """Everything that was, is and will be set: the hours of the day's lock, and the other deadlines."""

    hours: list[Any]
    deadlines: list[Any]

    @property
    def starts(self) -> list[date]:
        """The days on which something begins."""
        return [row.valid_from for row in (*self.hours, *self.deadlines)]

    @property
    def spans(self) -> list[DeadlineSpan]:
        return [_span(row) for row in self.deadlines]

    @property
    def seen(self) -> str:
        """The same for the same settings: who looked before another changed them is told so."""
        return sha256(
            repr([[tuple(row) for row in rows] for rows in (self.hours, self.deadlines)]).encode()
        ).hexdigest()[:16]


def all_set() -> AllSet:
    """What the deadlines' page stands on. Two statements."""
    return AllSet(list(db.session.execute(_HOURS)), list(db.session.execute(_DEADLINES)))


# --- one entry ------------------------------------------------------------------------------------------------------


def together(closure_id: int) -> list[Closure]:
    """A closure and those entered with it for other groups. Two statements. Raises NotFound."""
    one = db.session.scalars(select(Closure).where(Closure.id == closure_id)).one_or_none()
    if one is None:
        raise NotFound
    if one.group_id is None:
        return [one]
    same = (Closure.first == one.first, Closure.last == one.last, Closure.reason == one.reason)
    return list(
        db.session.scalars(select(Closure).where(*same, Closure.group_id.is_not(None)).order_by(Closure.group_id))
    )


def closures(closure_ids: Sequence[int]) -> list[Closure]:
    """These closures, of one entry. One statement. Raises NotFound when one is gone, Stale when they have parted."""
    found = list(db.session.scalars(select(Closure).where(Closure.id.in_(closure_ids)).order_by(Closure.group_id)))
    if len(found) != len(set(closure_ids)):
        raise NotFound
    if not found:
        raise BadInput(_("Choose at least one group."))
    if len({(one.first, one.last, one.reason) for one in found}) > 1:
        raise Stale("")
    return found


def extra_day(extra_id: int) -> ExtraDay:
    """An extra working day. One statement. Raises NotFound."""
    found = db.session.scalars(select(ExtraDay).where(ExtraDay.id == extra_id)).one_or_none()
    if found is None:
        raise NotFound
    return found
