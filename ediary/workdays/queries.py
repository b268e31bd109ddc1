"""The stored calendar, read."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

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
    extra = db.session.execute(
        select(ExtraDay.day, ExtraDay.reason).where(ExtraDay.day >= first, ExtraDay.day <= last)
    )
    return Calendar(
        {row.day: None if row.kind == DayKind.WEEKDAY else row.name or "" for row in days},
        tuple(ClosureFact(*row) for row in closures),
        {row.day: row.reason for row in extra},
    )
