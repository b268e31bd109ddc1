"""Correcting a locked day's portions, and asking for it.

Order of locks everywhere: the lock points of the groups' days first, then the locked day's row.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.children import queries as children
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import held
from ediary.core.session import acting_for, scope
from ediary.groups import queries as groups
from ediary.institutions import queries as institutions
from ediary.institutions.models import AgeBandBy
from ediary.meals import queries as meals
from ediary.portions import queries, rules
from ediary.portions.models import (
    Correction,
    CorrectionLine,
    CorrectionRequest,
    LockedDay,
    RequestState,
)
from ediary.portions.rules import Dish

#: longest word with a request
NOTE_LENGTH = 300


def settle(
    group_id: int,
    child_id: int,
    day: date,
    eats: bool,
    made_by: str,
    *,
    always: bool = False,
    confirmed: bool = False,
) -> Correction | None:
    """Make the kitchen's portions of one child follow what turned out: a numbered correction, or None.

    Called by every write that changes who eats on a day already locked: after it, in its transaction. None
    when the portions stand so already, or no snapshot is stored. `always` gives a number also then (a request
    accepted); `confirmed` when the kitchen itself made it. At most eleven statements.
    """
    locked = db.session.scalars(
        select(LockedDay).where(LockedDay.day == day).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if locked is None:
        return None
    stands = queries.standing(locked.id, child_id)
    if not always and not eats and not stands:
        return None
    if not always and eats and stands:
        return None
    change = rules.change(stands, eats, _ordered(group_id, child_id, day) if eats and not stands else frozenset())
    if change.delta == 0 and not always:
        return None
    locked.corrections += 1
    correction = Correction(
        locked_day_id=locked.id,
        group_id=group_id,
        child_id=child_id,
        day=day,
        number=locked.corrections,
        delta=change.delta,
        made_at=held().now,
        made_by=made_by,
        confirmed_at=held().now if confirmed else None,
        confirmed_by=made_by if confirmed else None,
    )
    db.session.add(correction)
    db.session.flush()
    for dish in sorted(change.dishes, key=lambda dish: dish.meal_kind_id):
        db.session.add(
            CorrectionLine(
                correction_id=correction.id,
                meal_kind_id=dish.meal_kind_id,
                age_band=dish.age_band,
                diet_id=dish.diet_id,
                delta=change.delta,
            )
        )
    db.session.flush()
    return correction


def _ordered(group_id: int, child_id: int, day: date) -> frozenset[Dish]:
    """What the child eats on that day if they eat.

    An educator who had the child on that day may no longer see its orders: these few facts are then read as
    the institution, outside this transaction; a locked day's orders no longer change.
    """
    current = scope()
    sees = current.group_ids is None and current.child_ids is None
    with nullcontext() if sees else acting_for(current.institution_id):
        place = children.place_on(child_id, day)
        if place is None or place.group_id != group_id:
            return frozenset()
        band = rules.age_band(
            groups.group(place.own_id).age_band,
            place.birth_date,
            day,
            by_birthday=institutions.age_band_by(day) is AgeBandBy.BIRTHDAY,
        )
        ordered = meals.orders([child_id], day).get(child_id, frozenset())
        served = {kind.id for kind in meals.kinds(day)}
        return rules.dishes(ordered & served, band, meals.diet_ids([child_id], day).get(child_id))


def ask(group_id: int, child_id: int, day: date, present: bool, note: str, asked_by: str) -> CorrectionRequest:
    """Ask the kitchen for a correction of one child's day. The caller holds the group's day.

    A request that still waits is not doubled: it takes the newer state and note. Raises NotFound when the
    child is not in this group on that day, BadInput when the note is too long.
    """
    if len(note) > NOTE_LENGTH:
        raise BadInput(_("The note is longer than %(count)s characters. Make it shorter.", count=NOTE_LENGTH))
    place = children.place_on(child_id, day)
    if place is None or place.group_id != group_id:
        raise NotFound
    waiting = db.session.scalars(
        select(CorrectionRequest)
        .where(
            CorrectionRequest.child_id == child_id,
            CorrectionRequest.day == day,
            CorrectionRequest.state == RequestState.ASKED,
        )
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).first()
    request = waiting or CorrectionRequest(group_id=group_id, child_id=child_id, day=day)
    request.present, request.note = present, note.strip()
    request.state, request.asked_at, request.asked_by = RequestState.ASKED, held().now, asked_by
    db.session.add(request)
    db.session.flush()
    return request


def decide(
    request_id: int, day: date, accepted: bool, decided_by: str, correction_id: int | None = None
) -> CorrectionRequest:
    """Write the kitchen's answer to a request. Raises NotFound, or Stale when it was answered already."""
    request = waiting_request(request_id, day)
    request.state = RequestState.ACCEPTED if accepted else RequestState.DECLINED
    request.decided_at, request.decided_by, request.correction_id = held().now, decided_by, correction_id
    db.session.flush()
    return request


def waiting_request(request_id: int, day: date) -> CorrectionRequest:
    """The request, taken so that only one answers it. Raises NotFound, or Stale when it was answered."""
    request = db.session.scalars(
        select(CorrectionRequest)
        .where(CorrectionRequest.id == request_id, CorrectionRequest.day == day)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if request is None:
        raise NotFound
    if request.state is not RequestState.ASKED:
        raise Stale(_("This request was answered already: %(who)s.", who=request.decided_by or ""))
    return request


def confirm(correction_id: int, day: date, confirmed_by: str) -> Correction:
    """The kitchen has seen the correction. A second confirmation changes nothing. Raises NotFound."""
    correction = db.session.scalars(
        select(Correction).where(Correction.id == correction_id, Correction.day == day).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if correction is None:
        raise NotFound
    if correction.confirmed_at is None:
        correction.confirmed_at, correction.confirmed_by = held().now, confirmed_by
        db.session.flush()
    return correction
