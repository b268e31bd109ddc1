"""The stored calendar, read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, or_, select

from ediary.core.db import db
from ediary.workdays.models import CalendarDay, Closure, DayKind, ExtraDay
from ediary.workdays.rules import Calendar, ClosureFact


def calendar(first: date, last: date) -> Calendar:
    """The calendar of first..last, closures and extra days included. Three statements."""
    days = db.session.execute(
        select(CalendarDay.day, CalendarDay.kind, CalendarDay.name).where(
            CalendarDay.day >= first, CalendarDay.day <= last
        )
    )
    closures = db.session.execute(
        select(Closure.first, Closure.last, Closure.reason, Closure.group_id).where(
            Closure.first <= last, Closure.last >= first
        )
    )
    extra = db.session.execute(select(ExtraDay.day, ExtraDay.reason).where(ExtraDay.day >= first, ExtraDay.day <= last))
    return Calendar(
        {row.day: None if row.kind == DayKind.WEEKDAY else row.name or "" for row in days},
        tuple(ClosureFact(*row) for row in closures),
        {row.day: row.reason for row in extra},
    )


_DAY = (
    select(CalendarDay.kind, CalendarDay.name, Closure.first, Closure.last, Closure.reason, ExtraDay.reason)
    .outerjoin(
        Closure,
        (Closure.first <= CalendarDay.day)
        & (Closure.last >= CalendarDay.day)
        & or_(Closure.group_id.is_(None), Closure.group_id == bindparam("group_id")),
    )
    .outerjoin(ExtraDay, ExtraDay.day == CalendarDay.day)
    .where(CalendarDay.day == bindparam("day"))
    .limit(1)
)


def calendar_on(day: date, group_id: int) -> Calendar:
    """One day of the calendar for one group, for a tap that has no time to lose. One statement."""
    row = db.session.execute(_DAY, {"day": day, "group_id": group_id}).first()
    if row is None:
        return Calendar({})
    kind, name, first, last, reason, extra = row
    return Calendar(
        {day: None if kind == DayKind.WEEKDAY else name or ""},
        () if first is None else (ClosureFact(first, last, reason),),
        {} if extra is None else {day: extra},
    )
