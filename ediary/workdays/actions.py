"""Storing the calendar, closing, and working an extra day. Each keeps the months' deadlines in step."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
from flask_babel import gettext as _
from sqlalchemy import func, select

from ediary.core.batch import write_batch
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.locks import held
from ediary.core.points import MonthDeadline
from ediary.workdays import queries, rules
from ediary.workdays.models import CalendarDay, Closure, DayKind, ExtraDay

#: enough days after a month to hold its five working days, closures of weeks included
HORIZON = timedelta(days=92)


def store_calendar(first: date, last: date) -> int:
    """Propose the days of first..last and store those not stored yet; returns how many. Stored days never change."""
    stored = set(db.session.scalars(select(CalendarDay.day).where(CalendarDay.day >= first, CalendarDay.day <= last)))
    names = holidays.country_holidays("LT", years=range(first.year, last.year + 1), language="lt")
    rows = []
    for day, why in rules.proposed_days(first, last, names):
        if day in stored:
            continue
        kind = DayKind.WEEKDAY if why is None else DayKind.HOLIDAY if why else DayKind.WEEKEND
        rows.append(CalendarDay(day=day, kind=kind, name=why or None))
    write_batch(rows)
    set_deadlines(first - HORIZON, last)
    return len(rows)


def close(first: date, last: date, reason: str, group_id: int | None = None) -> Closure:
    """Close the kindergarten, or a group, from first to last. Raises BadInput for a day not in the future."""
    if first <= held().today:
        raise BadInput(_("A closure can begin tomorrow at the earliest."))
    closure = Closure(first=first, last=last, reason=reason, group_id=group_id)
    db.session.add(closure)
    db.session.flush()
    set_deadlines(first - HORIZON, last)
    return closure


def work_extra(day: date, reason: str) -> ExtraDay:
    """Work on a weekend day or a holiday. Raises BadInput for a day not in the future."""
    if day <= held().today:
        raise BadInput(_("An extra working day can be tomorrow at the earliest."))
    extra = ExtraDay(day=day, reason=reason)
    db.session.add(extra)
    db.session.flush()
    set_deadlines(day - HORIZON, day)
    return extra


def set_deadlines(first: date, last: date) -> None:
    """Store when each month of first..last locks by itself. A deadline that has passed stays as it was."""
    known = db.session.scalar(select(func.max(CalendarDay.day)))
    if known is None:
        return
    calendar = queries.calendar(first, known)
    stored = {deadline.month: deadline for deadline in db.session.scalars(select(MonthDeadline))}
    earliest = db.session.scalar(select(func.min(CalendarDay.day))) or known
    month = Month.of(max(first, earliest))
    while month.first <= last:
        locks_at = rules.month_locks_at(month, calendar.is_working, known)
        deadline = stored.get(month)
        if locks_at is not None and deadline is None:
            db.session.add(MonthDeadline(month=month, locks_at=locks_at))
        elif locks_at is not None and deadline is not None and deadline.locks_at > held().now:
            deadline.locks_at = locks_at
        month = month.next
    db.session.flush()
