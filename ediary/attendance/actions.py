"""Marking a group's day, reasons, submitting, announcing (C1, C3). The caller holds the group's day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import Date, bindparam, select

from ediary.absences import actions as absences
from ediary.absences.models import Announcement
from ediary.absences.queries import ANNOUNCED, announced, as_on
from ediary.absences.rules import Announced, announced_on, announcement_begins
from ediary.attendance import rules
from ediary.attendance.models import ChildDay, Presence, Submission
from ediary.attendance.rules import DayFault, Mark, Verdict
from ediary.children import queries as children
from ediary.children.models import Enrolment
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import held
from ediary.core.members import member_of
from ediary.core.models import Cover
from ediary.core.spans import valid_on
from ediary.portions import actions as portions
from ediary.portions import rules as portion_rules
from ediary.workdays import queries as workdays

FRESH = {"populate_existing": True}

# Made once: building a statement costs a tap more than running it.
_PLACES = (
    select(Enrolment.child_id, Enrolment.valid_from, Enrolment.valid_to, *ANNOUNCED)
    .outerjoin(
        Announcement,
        (Announcement.child_id == Enrolment.child_id) & valid_on(Announcement, bindparam("day", type_=Date())),
    )
    .where(Enrolment.group_id == bindparam("group_id"), member_of(Enrolment.child_id, "ids"))
    .order_by(Enrolment.id)
    .with_for_update(of=Enrolment)
)
_MARKS = (
    select(ChildDay)
    .where(member_of(ChildDay.child_id, "ids"), ChildDay.day == bindparam("day"))
    .order_by(ChildDay.id)
    .with_for_update()
)


def mark(group_id: int, child_id: int, day: date, wanted: Mark, seen: Mark, by: str) -> bool:
    """Give a child's day the mark wanted, if it still is as seen. True when that withdrew a submission.

    Raises NotFound (not a child of this group), BadInput (a day that can have no mark), Locked, Stale.
    """
    told = _check_day(group_id, [child_id], day)
    stored = _stored([child_id], day).get(child_id)
    current = Mark(stored.presence.value) if stored else Mark.UNMARKED
    verdict = rules.verdict(current, wanted=wanted, seen=seen)
    if verdict is Verdict.SAME:
        return False
    held().require(group_id, day, {Cover.DAY}, child_id)
    if verdict is Verdict.STALE:
        raise Stale(_("Another tablet has marked this child already. The row shows how it is now."))
    _write(group_id, child_id, day, wanted, stored, told.get(child_id))
    _settle(group_id, child_id, day, wanted, by)
    return wanted is Mark.UNMARKED and _withdraw(group_id, day)


def mark_rest(group_id: int, day: date, child_ids: Collection[int], by: str) -> list[int]:
    """„Visi likę atvyko“: of these children, shown and unmarked, those still unmarked and not announced came.

    Returns whom it marked. Raises like `mark`.
    """
    told = _check_day(group_id, child_ids, day)
    stored = _stored(child_ids, day)
    came = sorted(set(child_ids) - set(stored) - set(told))
    for child_id in came:
        _add(group_id, child_id, day, Presence.PRESENT)
    db.session.flush()
    for child_id in came:
        _settle(group_id, child_id, day, Mark.PRESENT, by)
    return came


def undo_rest(group_id: int, day: date, child_ids: Collection[int], by: str) -> bool:
    """Take „Visi likę atvyko“ back: of these children those still present become unmarked.

    True when a submission was withdrawn by it. Raises like `mark`.
    """
    _check_day(group_id, child_ids, day)
    undone = [row for row in _stored(child_ids, day).values() if row.presence is Presence.PRESENT]
    for row in undone:
        db.session.delete(row)
    db.session.flush()
    for row in undone:
        _settle(group_id, row.child_id, day, Mark.UNMARKED, by)
    return bool(undone) and _withdraw(group_id, day)


def submit(group_id: int, day: date, by: str) -> list[int]:
    """„Pateikti“: announced children become absent with their reason, and the kitchen may count on the group.

    The caller holds the group's day exclusively. A second time changes nothing. Returns who became absent by
    it. Raises BadInput naming the children still unmarked.
    """
    places = children.enrolled([group_id], day, day)
    ids = [place.child_id for place in places]
    told = _check_day(group_id, ids, day)
    stored = _stored(ids, day)
    marks = {
        child_id: Mark(stored[child_id].presence.value) if child_id in stored else Mark.UNMARKED for child_id in ids
    }
    plan = rules.plan_submit(marks, told)
    if plan.unmarked:
        names = ", ".join(place.name for place in places if place.child_id in plan.unmarked)
        raise BadInput(_("Not yet marked: %(names)s. Mark them, then submit.", names=names))
    for child_id, reason_id in plan.absent.items():
        _add(group_id, child_id, day, Presence.ABSENT, reason_id)
    if _submission(group_id, day) is None:
        db.session.add(Submission(group_id=group_id, day=day, submitted_at=held().now, submitted_by=by))
    db.session.flush()
    for child_id in plan.absent:
        _settle(group_id, child_id, day, Mark.ABSENT, by)
    return list(plan.absent)


def _check_day(group_id: int, child_ids: Collection[int], day: date) -> dict[int, Announced]:
    """May these children of the group have a mark on this day? Gives what was announced of them for it.

    The places are taken `FOR UPDATE`, in order: of two tablets that tap one child the second waits. Two statements,
    three when a reason was announced.
    """
    spans, told = _take(group_id, child_ids, day)
    if not all(spans.values()):
        raise NotFound
    why_closed = workdays.calendar(day, day).why_closed(day, group_id)
    nobody: set[rules.Span] = {(day, None)}
    for enrolments in spans.values() or [nobody]:
        is_closed = why_closed is not None
        fault = rules.day_fault(day, today=held().today, is_closed=is_closed, enrolments=enrolments)
        if fault:
            raise BadInput(_fault_sentence(fault, day, why_closed, enrolments))
    return announced_on(as_on(told, day), day)


def _take(group_id: int, child_ids: Collection[int], day: date) -> tuple[dict[int, set[rules.Span]], list[Announced]]:
    """Take the children's places in the group `FOR UPDATE`: each one's spans, and what is announced for the day."""
    spans: dict[int, set[rules.Span]] = {child_id: set() for child_id in child_ids}
    told = []
    asked = {"group_id": group_id, "ids": child_ids, "day": day}
    for child_id, first, last, *columns in db.session.execute(_PLACES, asked):
        spans[child_id].add((first, last))
        if columns[0] is not None:
            told.append(Announced(*columns))
    return spans, told


def _fault_sentence(fault: DayFault, day: date, why_closed: str | None, enrolments: Collection[rules.Span]) -> str:
    when, first = day.isoformat(), min(begins for begins, _ends in enrolments).isoformat()
    if fault is DayFault.FUTURE:
        return _("%(day)s has not come yet. Nothing was marked; an absence can be announced beforehand.", day=when)
    if fault is DayFault.BEFORE:
        return _("The child comes to this group from %(first)s. Nothing was marked.", first=first)
    if fault is DayFault.AFTER:
        return _("On %(day)s the child no longer came to this group. Nothing was marked.", day=when)
    if why_closed:
        return _("On %(day)s there is no work: %(why)s. Nothing was marked.", day=when, why=why_closed)
    return _("%(day)s is not a working day. Nothing was marked.", day=when)


def _stored(child_ids: Collection[int], day: date) -> dict[int, ChildDay]:
    rows = db.session.scalars(_MARKS, {"ids": child_ids, "day": day}, execution_options=FRESH)
    return {row.child_id: row for row in rows}


def _write(
    group_id: int, child_id: int, day: date, wanted: Mark, stored: ChildDay | None, told: Announced | None
) -> None:
    if stored is not None and stored.group_id != group_id:
        raise Stale(_("The child was already marked in another group on %(day)s.", day=day.isoformat()))
    if wanted is Mark.UNMARKED:
        db.session.delete(stored)
    else:
        presence = Presence(wanted.value)
        reason_id = told.reason_id if told and presence is Presence.ABSENT else None
        if stored is None:
            _add(group_id, child_id, day, presence, reason_id)
        else:
            stored.presence, stored.reason_id, stored.changed_at = presence, reason_id, held().now
    db.session.flush()


def _add(group_id: int, child_id: int, day: date, presence: Presence, reason_id: int | None = None) -> None:
    db.session.add(
        ChildDay(
            group_id=group_id,
            child_id=child_id,
            day=day,
            presence=presence,
            reason_id=reason_id,
            changed_at=held().now,
        )
    )


def _told(child_ids: Collection[int], day: date) -> dict[int, Announced]:
    return announced_on(announced(child_ids, day, day), day)


def _settle(group_id: int, child_id: int, day: date, now_is: Mark, by: str) -> None:
    """In a day the director opened again the portions follow the mark by a numbered correction."""
    if not held().day(group_id, day).reopened:
        return
    present = None if now_is is Mark.UNMARKED else now_is is Mark.PRESENT
    announced = present is None and child_id in _told([child_id], day)
    portions.settle(group_id, child_id, day, portion_rules.eats(present, announced), by)


def _submission(group_id: int, day: date) -> Submission | None:
    return db.session.scalars(
        select(Submission).where(Submission.group_id == group_id, Submission.day == day).with_for_update(),
        execution_options=FRESH,
    ).one_or_none()


def _withdraw(group_id: int, day: date) -> bool:
    """An unmarked child makes the group's submission untrue."""
    submission = _submission(group_id, day)
    if submission is None:
        return False
    db.session.delete(submission)
    db.session.flush()
    return True


# --- children who change their group ------------------------------------------------------------------------


def follow(child_ids: Collection[int]) -> list[int]:
    """Today's marks follow these children to the groups they are in now: a visit or a merge has just begun or ended.

    The caller holds today's points of the groups before and after. A submitted group to which somebody unmarked has
    come is no longer submitted; gives those groups. Raises Locked when a day is closed.
    """
    today = held().today
    now_in = children.groups_on(child_ids, today)
    stored, told = _stored(child_ids, today), _told(child_ids, today)
    gone = [row for row in stored.values() if row.child_id in now_in and row.group_id != now_in[row.child_id]]
    for row in gone:
        db.session.delete(row)
    db.session.flush()
    for row in gone:
        _add(now_in[row.child_id], row.child_id, today, row.presence, row.reason_id)
    db.session.flush()
    unmarked = {group_id for child_id, group_id in now_in.items() if child_id not in stored and child_id not in told}
    return [group_id for group_id in sorted(unmarked) if _withdraw(group_id, today)]


# --- reasons ------------------------------------------------------------------------------------------------


def give_reason(group_id: int, child_id: int, day: date, reason_id: int | None) -> None:
    """Say why a child is absent; None = unknown again. Open until the month is locked.

    Raises NotFound (no such child here, no such reason), Stale when the child is not absent, BadInput when
    the reason is not given on that day, Locked.
    """
    if not any(covers(first, last, day) for first, last in _places(group_id, child_id)):
        raise NotFound
    held().require(group_id, day, {Cover.MONTH})
    if not _explain(child_id, day, reason_id):
        raise Stale(_("The child is not marked absent, so no reason was written. The row shows how it is now."))


def _explain(child_id: int, day: date, reason_id: int | None) -> bool:
    """Write the reason into the day's absence; False when the child is not absent."""
    if reason_id is not None:
        reason_id = absences.rows_on(reason_id, [day])[day]
    stored = _stored([child_id], day).get(child_id)
    if stored is None or stored.presence is not Presence.ABSENT:
        return False
    if stored.reason_id != reason_id:
        stored.reason_id, stored.changed_at = reason_id, held().now
        db.session.flush()
    return True


# --- announced absences -------------------------------------------------------------------------------------


def announce(
    group_id: int,
    child_id: int,
    first: date,
    last: date | None,
    *,
    reason_id: int | None,
    caller: str,
    called_at: datetime,
    by: str,
) -> date | None:
    """Write down an absence told beforehand, first to last (None = until further word).

    The caller holds the group's today. From today's lock on an announcement for today begins tomorrow, and if
    the child is marked absent today, today's mark gets the reason. Returns the day it begins; None when only
    today's mark got the reason. Raises NotFound or BadInput.
    """
    now = held()
    absences.check_announcement(_places(group_id, child_id), child_id, first, last, reason_id, caller, called_at)
    locked = now.day(group_id, now.today).closed is not None
    begins = announcement_begins(first, today=now.today, today_is_locked=locked)
    explained = begins != first and _explain(child_id, first, reason_id)
    if last is not None and begins > last:
        if not explained:
            raise BadInput(_("Today is locked and the child is not marked absent. Nothing was written."))
        return None
    absences.write_announcement(child_id, begins, last, reason_id, caller, called_at)
    _settle_today(group_id, child_id, by)
    return begins


def end_announcement(group_id: int, announcement_id: int, back_on: date, by: str) -> None:
    """The child is back on this day: the announcement ends the day before, or goes if nothing is left of it.

    The caller holds the group's today. Raises NotFound, or Locked when today is asked for after its lock.
    """
    now = held()
    announcement = absences.take_announcement(announcement_id)
    # by the group whose day is held: another one's may be open while this child's is locked
    since = max(now.today, announcement.valid_from)
    if not any(covers(begins, ends, since) for begins, ends in _places(group_id, announcement.child_id)):
        raise NotFound
    if back_on < now.today:
        raise BadInput(_("The day the child is back cannot be before today. Nothing was changed."))
    if back_on == now.today:
        now.require(group_id, now.today, {Cover.DAY})
    absences.end_announcement(announcement, back_on)
    _settle_today(group_id, announcement.child_id, by)


def _places(group_id: int, child_id: int) -> set[rules.Span]:
    spans, _told_today = _take(group_id, [child_id], held().today)
    return spans[child_id]


def _settle_today(group_id: int, child_id: int, by: str) -> None:
    """A day opened again: an unmarked child's portion follows the announcement."""
    today = held().today
    if held().day(group_id, today).reopened and not _stored([child_id], today):
        _settle(group_id, child_id, today, Mark.UNMARKED, by)


def ask_correction(group_id: int, child_id: int, day: date, present: bool, note: str, by: str) -> None:
    """„Prašyti pataisos“: presence is locked, so the kitchen is asked.

    Raises NotFound, BadInput, Locked, Stale.
    """
    _check_day(group_id, [child_id], day)
    now = held()
    now.require(group_id, day, {Cover.MONTH})
    if now.day(group_id, day).closed is None:
        raise Stale(_("The day is open, so the child can simply be marked. Nothing was asked."))
    stored = _stored([child_id], day).get(child_id)
    if stored is not None and (stored.presence is Presence.PRESENT) == present:
        raise Stale(_("The child is already marked so. Nothing was asked."))
    portions.ask(group_id, child_id, day, present, note, by)
