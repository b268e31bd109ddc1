"""Locking a day, keeping what it was, correcting and opening it again (C2, D3).

Order of locks everywhere: the lock points of the groups' days first, then the locked day's row.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.attendance.models import ChildDay, Presence
from ediary.core.batch import write_batch
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import BadInput, FenceBreach, Locked, NotFound, Stale
from ediary.core.history import record
from ediary.core.i18n import month_long
from ediary.core.locks import end_reading, held, write_transaction
from ediary.core.lockstate import day_refusal
from ediary.core.models import Cover
from ediary.core.points import DayPoint
from ediary.core.seals import seal
from ediary.core.session import acting_for, scope
from ediary.institutions import queries as institutions
from ediary.kitchen import queries, rules
from ediary.kitchen.models import MOST_STAFF, REASON_LENGTH, StaffCount
from ediary.meals import queries as meals
from ediary.periods import unlocks
from ediary.periods.models import Unlock
from ediary.portions import actions as portions
from ediary.portions import queries as portion_queries
from ediary.portions.models import Correction, CorrectionRequest, LockedDay, LockedGroup, Portion


class ReasonNeeded(BadInput):
    """Locking without some group asks for a reason: 422, and the form that asks for it."""


# --- the lock -------------------------------------------------------------------------------------------------


def ensure_snapshot(day: date) -> bool:
    """Store the snapshot of a day the clock has locked, if nobody has yet; True when this call did.

    Called by whoever comes first after the hour: board, kitchen sheet, report, correction, unlock, month sheet,
    nightly command. Done as the institution, not as the person, so that it is the same whoever that is; in a
    transaction of its own, so the caller holds none. Nothing a lock covers can change between the hour and this
    moment, so neither does it matter when it is.
    """
    if db.session().info.get("held") is not None:
        raise FenceBreach("the snapshot is stored before the caller's own write transaction")
    if not queries.awaits_snapshot(day):
        return False
    institution_id = scope().institution_id
    end_reading()  # or we would go on reading the time before the snapshot
    with acting_for(institution_id):
        points = queries.lock_points(day)
        if not points:
            return False
        with write_transaction(lock=points, exclusive=True):
            if not queries.awaits_snapshot(day):
                return False
            _store_snapshot(day, {point.group_id for point in points}, queries.lock_hour(day), None, None)
    return True


def ensure_snapshots(first: date, last: date) -> list[date]:
    """The same for every day from first to last; gives the days stored now. For the month sheet and the night."""
    return [day for day in queries.missing_snapshots(first, last) if ensure_snapshot(day)]


def lock_day(day: date, locked_by: str, reason: str) -> LockedDay:
    """The button: lock all groups this transaction holds, and keep what is to be cooked.

    Raises Locked when the clock or somebody was first, BadInput for another day than today, ReasonNeeded when a
    group has not submitted and nobody says why it is locked without it.
    """
    holding = held()
    group_ids = sorted(group_id for group_id, held_day in holding.days if held_day == day)
    if not group_ids:
        raise BadInput(_("The kindergarten is closed on this day. There is nothing to lock."))
    if day > holding.today:
        raise BadInput(_("A day can be locked on its own morning only. Nothing was changed."))
    for group_id in group_ids:
        closed = holding.day(group_id, day).closed
        if closed is not None:
            raise day_refusal(day, closed)
    if portion_queries.is_locked_day(day):
        raise Stale(_("The day was locked already. Look at it as it is now."))
    missing = _missing(day, group_ids)
    if missing and not reason.strip():
        raise ReasonNeeded(_("Write why the day is locked without these groups."))
    if len(reason) > REASON_LENGTH:
        raise ReasonNeeded(_("The reason is longer than %(count)s characters. Make it shorter.", count=REASON_LENGTH))
    for point in _points(day, group_ids):
        point.locked_at, point.locked_by = holding.now, locked_by
    db.session.flush()
    locked = _store_snapshot(day, group_ids, holding.now, locked_by, reason.strip() if missing else None)
    seal()
    return locked


def _points(day: date, group_ids: Collection[int]) -> list[DayPoint]:
    chosen = select(DayPoint).where(DayPoint.day == day, DayPoint.group_id.in_(group_ids))
    return list(db.session.scalars(chosen.order_by(DayPoint.group_id)))


def _missing(day: date, group_ids: Collection[int]) -> list[int]:
    counts = rules.count_groups(queries.plates_of(queries.day_groups(day), day, only=group_ids))
    return rules.not_submitted(counts, queries.submitted_at(day))


def _store_snapshot(
    day: date, group_ids: Collection[int], locked_at: datetime, locked_by: str | None, reason: str | None
) -> LockedDay:
    """Count in new statements, now that the points are held, and keep every portion. About 15 statements."""
    known = queries.day_groups(day)
    groups = [group for group in known if group.id in group_ids]
    plates = queries.plates_of(known, day, only=group_ids)
    counts, submitted = rules.count_groups(plates), queries.submitted_at(day)
    locked = LockedDay(day=day, locked_at=locked_at, locked_by=locked_by, reason=reason, corrections=0)
    db.session.add(locked)
    db.session.flush()
    write_batch(
        [
            LockedGroup(
                locked_day_id=locked.id,
                group_id=group.id,
                submitted_at=submitted.get(group.id),
                enrolled=counts.get(group.id, rules.GroupCount()).enrolled,
                expected=counts.get(group.id, rules.GroupCount()).expected,
            )
            for group in groups
        ]
    )
    write_batch(
        [
            Portion(
                locked_day_id=locked.id,
                group_id=plate.group_id,
                child_id=plate.child_id,
                day=day,
                meal_kind_id=dish.meal_kind_id,
                age_band=dish.age_band,
                diet_id=dish.diet_id,
            )
            for plate in plates
            if plate.eats
            for dish in sorted(plate.dishes, key=lambda dish: dish.meal_kind_id)
        ]
    )
    return locked


# --- corrections ----------------------------------------------------------------------------------------------


def accept(request_id: int, day: date, decided_by: str) -> Correction:
    """Accept a request: the child's presence becomes what it says, and a numbered correction is made, always.

    The caller holds the group's day exclusively. Raises NotFound, Stale when it was answered already, Locked when
    the month is closed.
    """
    request = portions.waiting_request(request_id, day)
    held().require(request.group_id, day, {Cover.MONTH})  # also where the mark says so already
    held().correct(request.group_id, day, request.child_id)
    _write_presence(request)
    correction = portions.settle(
        request.group_id,
        request.child_id,
        day,
        request.present,
        decided_by,
        always=True,
        confirmed=True,
    )
    if correction is None:
        raise BadInput(_("This day is not locked: the group can mark the child itself."))
    portions.decide(request_id, day, True, decided_by, correction.id)
    return correction


def _write_presence(request: CorrectionRequest) -> None:
    presence = Presence.PRESENT if request.present else Presence.ABSENT
    mark = db.session.scalars(
        select(ChildDay).where(ChildDay.child_id == request.child_id, ChildDay.day == request.day)
    ).one_or_none()
    if mark is None:
        mark = ChildDay(child_id=request.child_id, group_id=request.group_id, day=request.day, presence=presence)
        db.session.add(mark)
    elif mark.group_id != request.group_id:
        raise NotFound
    mark.presence, mark.changed_at = presence, held().now
    if request.present:
        mark.reason_id = None
    db.session.flush()


def decline(request_id: int, day: date, decided_by: str) -> CorrectionRequest:
    """Decline a request: nothing changes but that it is answered."""
    return portions.decide(request_id, day, False, decided_by)


def confirm(correction_id: int, day: date, confirmed_by: str) -> Correction:
    """The kitchen has seen a correction that came by an unlock."""
    return portions.confirm(correction_id, day, confirmed_by)


# --- opening a locked day -------------------------------------------------------------------------------------


def unlock(group_ids: Collection[int], day: date, reason: str, minutes: int, opened_by: str) -> list[Unlock]:
    """Open a locked day for these groups, for a reason and a term (S II.8). The caller holds their days exclusively.

    The snapshot is stored before. Raises BadInput without a group, a reason or a term, for a day still open or open
    again already; Locked when a group's month is closed.
    """
    if not group_ids:
        raise BadInput(_("Choose at least one group to open."))
    _refuse_unlock(group_ids, day)
    return unlocks.open_day(group_ids, day, reason, minutes, opened_by)


def _refuse_unlock(group_ids: Collection[int], day: date) -> None:
    """What cannot be opened: a month that is closed, a day that is open, a group that did not work."""
    holding, month = held(), Month.of(day)
    working = {group.id for group in queries.day_groups(day) if group.closed is None}
    for group_id in sorted(group_ids):
        closed = holding.month(group_id, month)
        if closed is not None:
            raise Locked(
                _(
                    "%(month)s is closed for the group. Open the month from its sheet, and tick this day there: what is"
                    " mended then stands in one act. Nothing was opened.",
                    month=month_long(month),
                )
            )
        if group_id not in working:
            raise BadInput(_("The group did not work on this day. There is nothing to open."))
        state = holding.day(group_id, day)
        if state.closed is None and not state.reopened:
            raise BadInput(_("The day is not locked yet: the group can still mark its children."))


# --- staff ----------------------------------------------------------------------------------------------------


def count_staff(day: date, meal_kind_id: int, count: int) -> None:
    """How many of the staff eat this meal; open until the day's lock. Raises Locked, BadInput, NotFound.

    The caller holds one group's day exclusively: the lock takes them all, so it cannot come in between, and
    neither can another count.
    """
    holding = held()
    if not holding.days:
        raise BadInput(_("The kindergarten is closed on this day."))
    if not 0 <= count <= MOST_STAFF:
        raise BadInput(_("The number of staff must be from 0 to %(most)s.", most=MOST_STAFF))
    if meal_kind_id not in {kind.id for kind in meals.kinds(day)}:
        raise NotFound
    if portion_queries.is_locked_day(day) or holding.now >= queries.lock_hour(day):
        raise Locked(_("The day is locked. The staff's count stays as it was."))
    stored = db.session.scalars(
        select(StaffCount).where(StaffCount.day == day, StaffCount.meal_kind_id == meal_kind_id)
    ).one_or_none()
    if stored is None:
        db.session.add(StaffCount(day=day, meal_kind_id=meal_kind_id, count=count))
    else:
        stored.count = count
    db.session.flush()


# --- papers ---------------------------------------------------------------------------------------------------


def note_print(day: date, name: str, check: str) -> None:
    """Note in the history that a paper with children's names on it was made, and what its foot says to check it by."""
    record("print", institutions.current(), paper=name, day=day, check=check)
