"""The stored calendar, read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from ediary.core.db import db
from ediary.workdays.models import CalendarDay, Closure, DayKind, ExtraDay
from ediary.workdays.rules import Calendar, ClosureFact

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
