"""What a change of the calendar would do, and the sentence that refuses it: asked before it is written, and again then.

Nothing of today or before changes. A month whose sheet is locked keeps the working days it was locked with.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.core import clock
from ediary.core.dates import Month, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.lockstate import MonthClosed, month_refusal
from ediary.core.points import MonthDeadline, MonthPoint, month_facts, state_of_month
from ediary.groups.queries import group
from ediary.workdays import queries, rules
from ediary.workdays.models import Closure, ExtraDay
from ediary.workdays.rules import HORIZON, Calendar, Closing, ClosureFact, Effect, Move


def of_closing(wanted: Closing, today: date) -> Effect:
    """Close from first to last. Raises BadInput, NotFound for a group one does not have, Locked."""
    if wanted.first <= today:
        raise BadInput(_("A closure can begin tomorrow at the earliest."))
    if wanted.last < wanted.first:
        raise BadInput(_("The last day is before the first."))
    return _of_closures((), wanted, today)


def of_changing(closures: Sequence[Closure], wanted: Closing, today: date) -> Effect:
    """Let these closures (of one entry) be as wanted instead: longer, shorter; other days while they have not begun.

    Raises BadInput: what is over stays, what has begun keeps the days it had until today.
    """
    one = closures[0]
    if one.last < today:
        raise BadInput(_("This closure is over: its days stay as they are. Enter a new one."))
    if one.first > today:
        if wanted.first <= today:
            raise BadInput(_("A closure can begin tomorrow at the earliest."))
    elif wanted.first != one.first or wanted.reason != one.reason:
        raise BadInput(_("The closure has begun: only its last day can change."))
    if (wanted.first, wanted.last, wanted.reason) == (one.first, one.last, one.reason):
        raise BadInput(_("This is how it is already: nothing was changed."))
    if wanted.last < max(wanted.first, today):
        raise BadInput(_("The last day can be today at the earliest, and not before the first."))
    return _of_closures([fact_of(closure) for closure in closures], wanted, today)


def of_removing(closures: Sequence[Closure], today: date) -> Effect:
    """Take back closures that have not begun. Raises BadInput for others."""
    if closures[0].first <= today:
        raise BadInput(_("The closure has begun: it can be ended, its days until today stay as they are."))
    facts = [fact_of(closure) for closure in closures]
    before = _calendar(facts[0].first, facts[0].last)
    after = before.with_closures(instead_of=facts)
    return _effect(before, after, facts[0].first, facts[0].last, [fact.group_id for fact in facts], today)


def of_working(day: date, reason: str, today: date) -> Effect:
    """Work on a weekend day or a holiday. Raises BadInput, Locked."""
    if day <= today:
        raise BadInput(_("An extra working day can be tomorrow at the earliest."))
    _stored(day)
    before = _calendar(day, day)
    if day in before.extra:
        raise BadInput(_("%(day)s is an extra working day already.", day=day.isoformat()))
    closure = before.closure(day)
    if closure:
        raise _closed_already(closure)
    if before.is_working(day):
        raise BadInput(_("%(day)s is a working day already.", day=day.isoformat()))
    return _effect(before, before.with_extra(day, reason), day, day, [None], today)


def of_freeing(extra: ExtraDay, today: date) -> Effect:
    """Take back an extra working day that has not come. Raises BadInput, Locked."""
    if extra.day <= today:
        raise BadInput(_("This day has come: it stays a working day."))
    before = _calendar(extra.day, extra.day)
    return _effect(before, before.without_extra(extra.day), extra.day, extra.day, [None], today)


def fact_of(closure: Closure) -> ClosureFact:
    return ClosureFact(closure.first, closure.last, closure.reason, closure.group_id)


# --- how ------------------------------------------------------------------------------------------------------------


def _of_closures(instead_of: Sequence[ClosureFact], wanted: Closing, today: date) -> Effect:
    _stored(wanted.last)
    for group_id in wanted.group_ids or ():
        _of_one_year(group_id, wanted)
    first = min([wanted.first, *(fact.first for fact in instead_of)])
    last = max([wanted.last, *(fact.last for fact in instead_of)])
    before = _calendar(first, last)
    for fact in wanted.facts:
        other = rules.overlapping(before.closures, fact, instead_of)
        if other:
            raise _closed_already(other)
    after = before.with_closures(*wanted.facts, instead_of=instead_of)
    group_ids = dict.fromkeys(fact.group_id for fact in (*wanted.facts, *instead_of))
    effect = _effect(before, after, first, last, list(group_ids), today)
    less = before.with_closures(instead_of=instead_of)
    if wanted.first > today and not rules.changed_days(less, after, wanted.first, wanted.last, list(group_ids))[0]:
        raise BadInput(_("There is no working day among these days: nothing is to be closed."))
    return effect


def _closed_already(closure: ClosureFact) -> BadInput:
    return BadInput(
        _(
            "From %(first)s to %(last)s it is closed already (%(reason)s). Change that closure, or choose other days.",
            first=closure.first.isoformat(),
            last=closure.last.isoformat(),
            reason=closure.reason,
        )
    )


def _stored(day: date) -> None:
    first, last = queries.stored()
    if first is None or last is None:
        raise BadInput(_("No calendar is stored yet. Store the school year first."))
    if day > last:
        raise BadInput(_("The calendar is stored until %(day)s. Extend it first.", day=last.isoformat()))


def _of_one_year(group_id: int, wanted: Closing) -> None:
    first, last = school_year_span(group(group_id).school_year)
    if not (first <= wanted.first and wanted.last <= last):
        raise BadInput(
            _(
                "A group is of one school year: this one from %(first)s to %(last)s. Choose days within it.",
                first=first.isoformat(),
                last=last.isoformat(),
            )
        )


def _calendar(first: date, last: date) -> Calendar:
    """What is stored of these days, and of those by which deadlines are counted that they may move."""
    return queries.calendar((first - HORIZON).replace(day=1), last + HORIZON)


def _effect(
    before: Calendar, after: Calendar, first: date, last: date, group_ids: Collection[int | None], today: date
) -> Effect:
    closes, opens = rules.changed_days(before, after, first, last, group_ids)
    effect = Effect(closes, opens, _moves(before, after, first, last))
    if Month.of(today) in effect.months:
        closed = locked(Month.of(today), group_ids)
        if closed is not None:
            raise month_refusal(Month.of(today), closed)
    return effect


def _moves(before: Calendar, after: Calendar, first: date, last: date) -> tuple[Move, ...]:
    """The months' deadlines counted over these days."""
    spans, known = queries.deadline_spans(), max(before.days, default=last)
    found, month = [], Month.of(first - HORIZON)
    while month.last < last:
        number = rules.counted_by(spans, month).month_locks
        old, new = (rules.working_day_after(month, number, one.is_working, known) for one in (before, after))
        if old is not None and new is not None and old != new:
            found.append(Move(month, old, new))
        month = month.next
    return tuple(found)


def locked(month: Month, group_ids: Collection[int | None]) -> MonthClosed | None:
    """Is this month's sheet closed, of the whole house (None) or of one of these groups? By somebody: only a month
    that runs is asked about, which does not lock by itself yet."""
    statement = select(MonthPoint.group_id, *month_facts(MonthPoint, MonthDeadline)).outerjoin(
        MonthDeadline, MonthDeadline.month == MonthPoint.month
    )
    statement = statement.where(MonthPoint.month == month)
    if None not in group_ids:
        statement = statement.where(MonthPoint.group_id.in_([one for one in group_ids if one is not None]))
    now = clock.now()
    states = (state_of_month(now, row) for row in db.session.execute(statement.order_by(MonthPoint.group_id)))
    return next((state for state in states if state is not None), None)
