"""Storing the calendar, closing, working an extra day, saying until when what is done.

Each keeps the months' deadlines in step. Whoever changes the calendar waits for whoever changes it already, and is
then told what that person did.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import holidays
from flask_babel import gettext as _
from sqlalchemy import func, select

from ediary.core import settled
from ediary.core.batch import write_batch
from ediary.core.dates import Month, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import held
from ediary.core.lockstate import DEFAULT_LOCK_TIME
from ediary.core.orders import Order
from ediary.core.points import LockRule, MonthDeadline
from ediary.core.settled import one_at_a_time
from ediary.institutions import actions as institutions
from ediary.workdays import effects, queries, rules
from ediary.workdays.models import CalendarDay, Closure, DayKind, DeadlineRule, ExtraDay
from ediary.workdays.rules import HORIZON, Closing
from ediary.workdays.year import next_to_store

# --- the calendar ---------------------------------------------------------------------------------------------------


def store_calendar(first: date, last: date) -> int:
    """Propose the days of first..last and store those not stored yet; returns how many. Stored days never change."""
    one_at_a_time()
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


def extend(year: int) -> int:
    """Store a school year; 0 when somebody has done so meanwhile. Raises BadInput for one that is not next."""
    one_at_a_time()
    known_to = queries.stored()[1]
    first, last = school_year_span(year)
    if known_to is not None and last <= known_to:
        return 0
    if year != next_to_store(known_to, school_year_of(held().today)):
        raise BadInput(_("This school year cannot be stored yet: holidays may still change."))
    return store_calendar(first, last)


def set_deadlines(first: date, last: date) -> None:
    """Store when each month of first..last locks by itself. A deadline that has passed stays as it was."""
    known = db.session.scalar(select(func.max(CalendarDay.day)))
    if known is None:
        return
    calendar, spans = queries.calendar(first, known), queries.deadline_spans()
    stored = {deadline.month: deadline for deadline in db.session.scalars(select(MonthDeadline))}
    earliest = db.session.scalar(select(func.min(CalendarDay.day))) or known
    month = Month.of(max(first, earliest))
    while month.first <= last:
        number = rules.counted_by(spans, month).month_locks
        locks_at = rules.month_locks_at(month, calendar.is_working, known, number)
        deadline = stored.get(month)
        if locks_at is not None and deadline is None:
            db.session.add(MonthDeadline(month=month, locks_at=locks_at))
        elif locks_at is not None and deadline is not None and deadline.locks_at > held().now:
            deadline.locks_at = locks_at
        month = month.next
    db.session.flush()


# --- closures -------------------------------------------------------------------------------------------------------


def close(wanted: Closing, order: Order | None = None) -> list[Closure]:
    """Close the kindergarten, or groups, from first to last. Raises BadInput for a day not in the future, Locked."""
    one_at_a_time()
    effects.of_closing(wanted, held().today)
    order_id = institutions.order_id(order)
    closures = [
        Closure(first=fact.first, last=fact.last, reason=fact.reason, group_id=fact.group_id, order_id=order_id)
        for fact in wanted.facts
    ]
    db.session.add_all(closures)
    db.session.flush()
    set_deadlines(wanted.first - HORIZON, wanted.last)
    return closures


def change_closure(closure_ids: Sequence[int], wanted: Closing) -> None:
    """Let these closures end earlier or later; while they have not begun, be on other days or for another reason.

    An ended closure keeps its past days. Raises BadInput, Locked, NotFound.
    """
    one_at_a_time()
    closures = queries.closures(closure_ids)
    effects.of_changing(closures, wanted, held().today)
    first = min(wanted.first, closures[0].first)
    last = max(wanted.last, closures[0].last)
    for closure in closures:
        closure.first, closure.last, closure.reason = wanted.first, wanted.last, wanted.reason
    db.session.flush()
    set_deadlines(first - HORIZON, last)


def remove_closure(closure_ids: Sequence[int]) -> None:
    """Take back closures that have not begun. Raises BadInput, Locked, NotFound."""
    one_at_a_time()
    closures = queries.closures(closure_ids)
    effects.of_removing(closures, held().today)
    for closure in closures:
        db.session.delete(closure)
    db.session.flush()
    set_deadlines(closures[0].first - HORIZON, closures[0].last)


# --- extra working days ---------------------------------------------------------------------------------------------


def work_extra(day: date, reason: str, order: Order | None = None) -> ExtraDay:
    """Work on a weekend day or a holiday. Raises BadInput for a day not in the future, or free for another reason."""
    one_at_a_time()
    effects.of_working(day, reason, held().today)
    extra = ExtraDay(day=day, reason=reason, order_id=institutions.order_id(order))
    db.session.add(extra)
    db.session.flush()
    set_deadlines(day - HORIZON, day)
    return extra


def remove_extra(extra_id: int) -> None:
    """Take back an extra working day that has not come. Raises BadInput, Locked, NotFound."""
    one_at_a_time()
    extra = queries.extra_day(extra_id)
    effects.of_freeing(extra, held().today)
    db.session.delete(extra)
    db.session.flush()
    set_deadlines(extra.day - HORIZON, extra.day)


# --- deadlines ------------------------------------------------------------------------------------------------------


def change_deadlines(first: date, wanted: rules.Hours, seen: str, by: str) -> None:
    """From a day on these deadlines hold; until the day before, those that did.

    seen: what was set last when the person looked (`queries.all_set().seen`). Raises Stale when somebody was faster,
    BadInput when they contradict each other, change nothing, or begin too early.
    """
    one_at_a_time()
    known = queries.all_set()
    if seen != known.seen:
        raise Stale(
            _("Somebody has changed the deadlines meanwhile. Nothing was changed; look at them as they are now.")
        )
    if wanted.mark_by > wanted.day_locks_at:
        raise BadInput(
            _("The educators mark before the kitchen locks: make the first hour earlier, or the other later.")
        )
    if wanted.month_locks < wanted.sheet_due:
        raise BadInput(
            _("The sheet is handed in before the month locks: make the first day earlier, or the other later.")
        )
    refusal = settled.why_not_from(first, held().today, known.starts)
    if refusal:
        raise BadInput(refusal)
    hour = _replace_hour(first, wanted, by)
    rule = _replace_rule(first, wanted, by)
    if hour is None and rule is None:
        raise BadInput(_("This is how it is already: nothing was changed."))
    _count_anew()


def _replace_hour(first: date, wanted: rules.Hours, by: str) -> LockRule | None:
    if not settled.chain(LockRule) and wanted.day_locks_at == DEFAULT_LOCK_TIME:
        return None
    return settled.replace_from(LockRule, first, by, day_locks_at=wanted.day_locks_at)


def _replace_rule(first: date, wanted: rules.Hours, by: str) -> DeadlineRule | None:
    said = rules.Deadlines(wanted.mark_by, wanted.sheet_due, wanted.month_locks)
    if not settled.chain(DeadlineRule) and said == rules.Deadlines():
        return None
    return settled.replace_from(
        DeadlineRule,
        first,
        by,
        mark_by=wanted.mark_by,
        sheet_due=wanted.sheet_due,
        month_locks=wanted.month_locks,
    )


def withdraw_deadlines(first: date) -> None:
    """Take back all that is planned to begin on a day. Raises BadInput once it has begun, NotFound for no such plan."""
    one_at_a_time()
    rows = [row for model in (LockRule, DeadlineRule) for row in settled.chain(model) if row.valid_from == first]
    if not rows:
        raise NotFound
    for row in rows:
        settled.withdraw(row)
    _count_anew()


def _count_anew() -> None:
    """Store the deadlines of the months that are still to be counted."""
    known = queries.stored()[1]
    if known is not None:
        set_deadlines(held().today - HORIZON, known)
