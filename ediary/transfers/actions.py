"""Leaving, being away by order, and going over to another institution of this server (B2; V 9; K 22.6, 22.14)."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from ediary.absences.models import Announcement
from ediary.accounts import actions as accounts
from ediary.accounts import queries as logins
from ediary.accounts.tokens import fresh_code
from ediary.attendance import actions as attendance
from ediary.children import actions as children
from ediary.children.models import Child, Departure, Enrolment, Particulars
from ediary.children.rules import DepartureReason, Relation, SpecialNeeds
from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.history import record
from ediary.core.locks import held
from ediary.core.orders import Order
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.health import actions as health
from ediary.institutions import actions as institutions
from ediary.meals import actions as meals
from ediary.transfers import parcels, queries
from ediary.transfers.models import Arrival, TemporaryLeave, TransferOffer
from ediary.transfers.rules import NoPackage, Package, Told, said_places

# --- leaving --------------------------------------------------------------------------------------------------------


def depart(child_id: int, day: date, reason: DepartureReason, note: str, order: Order) -> Departure:
    """The child leaves by order; `day` is the last one in the house (today or later). Places end with it.

    Raises NotFound, BadInput (leaves already, has no place, a day that is over).
    """
    _take(child_id)
    if db.session.scalar(select(Departure.id).where(Departure.child_id == child_id, Departure.day >= held().today)):
        raise BadInput(_("It is written down already that this child leaves. Withdraw that first."))
    children.leave([child_id], day)
    departure = Departure(
        child_id=child_id,
        day=day,
        reason=reason,
        note=note.strip(),
        order_id=institutions.order_id(order),
        entered_at=held().now,
        entered_by=order.by,
    )
    db.session.add(departure)
    db.session.flush()
    return departure


def stay(departure_id: int, by: str) -> int:
    """The child does not leave after all: the place goes on from the day after; returns the child.

    Possible until the last day is over. An offer made of it ends.
    """
    departure = take_departure(departure_id)
    if departure.day < held().today:
        raise BadInput(_("The child has left. To come back it is given a place anew."))
    group_id = queries.last_group(departure.child_id, departure.day)
    for one in _offers(departure.id):
        if one.taken_at is not None:
            raise Stale(_("Another institution has taken the child already."))
        one.withdrawn_at, one.package, one.departure_id = one.withdrawn_at or held().now, None, None
    db.session.flush()
    db.session.delete(departure)
    db.session.flush()
    children.enrol(departure.child_id, group_id, departure.day + ONE_DAY)
    return departure.child_id


def take_departure(departure_id: int) -> Departure:
    """The departure, held. Raises NotFound."""
    found = db.session.scalars(
        select(Departure).where(Departure.id == departure_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def keep_report(departure_id: int, sha256: str) -> None:
    """The leaving report was printed: its file stays, and that it was printed."""
    departure = take_departure(departure_id)
    departure.report_sha256 = sha256
    db.session.flush()
    record("print", departure, sha256=sha256)


def _take(child_id: int) -> Child:
    child = db.session.scalars(select(Child).where(Child.id == child_id).with_for_update(key_share=True)).one_or_none()
    if child is None:
        raise NotFound
    return child


# --- away for a time ------------------------------------------------------------------------------------------------


def leave_for_a_time(group_id: int, child_id: int, told: Told, order: Order) -> TemporaryLeave:
    """The child is away by order: an announced absence tells the group and the kitchen (K 22.6).

    The caller holds the group's today. Raises NotFound or BadInput.
    """
    _take(child_id)
    began = attendance.announce(
        group_id,
        child_id,
        told.first,
        told.last,
        reason_id=told.reason_id,
        caller=_("Order No. %(number)s", number=order.number),
        called_at=held().now,
        by=order.by,
    )
    announcement_id = None
    if began is not None:
        made = (Announcement.child_id == child_id) & (Announcement.valid_from == began)
        announcement_id = db.session.scalar(select(func.max(Announcement.id)).where(made))
    leave = TemporaryLeave(
        child_id=child_id,
        kind=told.kind,
        note=told.note.strip(),
        order_id=institutions.order_id(order),
        valid_from=told.first,
        valid_to=told.last,
        announcement_id=announcement_id,
    )
    db.session.add(leave)
    db.session.flush()
    return leave


def come_back(group_id: int, leave_id: int, back_on: date, by: str) -> None:
    """The child is back on this day, earlier than the order said. The caller holds the group's today."""
    leave = db.session.scalars(
        select(TemporaryLeave).where(TemporaryLeave.id == leave_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if leave is None or leave.valid_to is None:
        raise NotFound
    if not leave.valid_from < back_on <= leave.valid_to:
        raise BadInput(_("The day the child is back lies within the leave. Nothing was changed."))
    still = select(Announcement.id).where(Announcement.id == leave.announcement_id)
    if leave.announcement_id is not None and db.session.scalar(still) is not None:
        attendance.end_announcement(group_id, leave.announcement_id, back_on, by)
    leave.valid_to = back_on - ONE_DAY
    db.session.flush()


# --- to another institution -----------------------------------------------------------------------------------------


def offer(departure_id: int) -> str:
    """Put a leaving child on the shared list; returns the code for the family. An earlier code opens nothing more.

    The package is sealed with the code: neither we nor any other institution opens it without the family (V 9).
    Raises NotFound, Stale once another institution has taken the child.
    """
    departure = take_departure(departure_id)
    for earlier in _offers(departure.id):
        if earlier.taken_at is not None:
            raise Stale(_("Another institution has taken the child already."))
        if earlier.withdrawn_at is None:
            earlier.withdrawn_at, earlier.package = held().now, None
    package, code = queries.package(departure), fresh_code()
    db.session.add(
        TransferOffer(
            institution_id=scope().institution_id,
            departure_id=departure.id,
            first_name=package.first_name,
            last_name=package.last_name,
            birth_year=package.birth_date.year,
            from_name=package.from_name,
            code_hash=parcels.hash_of(code),
            package=parcels.close(package, code),
            made_at=held().now,
        )
    )
    db.session.flush()
    return code


def withdraw(departure_id: int) -> None:
    """Take the child off the shared list; the code opens nothing more."""
    departure = take_departure(departure_id)
    for one in _open_offers(departure.id):
        one.withdrawn_at, one.package = held().now, None
    db.session.flush()


def _offers(departure_id: int) -> list[TransferOffer]:
    return list(
        db.session.scalars(
            select(TransferOffer)
            .where(TransferOffer.institution_id == scope().institution_id, TransferOffer.departure_id == departure_id)
            .order_by(TransferOffer.id)
            .with_for_update(),
            execution_options={"populate_existing": True},
        )
    )


def _open_offers(departure_id: int) -> list[TransferOffer]:
    return [one for one in _offers(departure_id) if one.taken_at is None and one.withdrawn_at is None]


def take(offer_id: int, code: str, group_id: int, first: date, by: str, order: Order) -> Arrival:
    """Make our own child of an offered one, by the code the family has; guardians go on with their log-ins.

    The caller holds today's lock point of the group when `first` is today. Raises NotFound (no such offer any more),
    BadInput (another code, a day before the child is free).
    """
    found = db.session.scalars(
        select(TransferOffer).where(TransferOffer.id == offer_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if found is None or found.institution_id == scope().institution_id:
        raise NotFound
    if found.taken_at is not None or found.package is None:
        raise Stale(_("The child is no longer on the list: another institution has taken it, or it stays."))
    package = _opened(found, code)
    if first <= package.last_day:
        raise BadInput(
            _(
                "Until %(day)s the child is in the other institution. Choose a later day.",
                day=package.last_day.isoformat(),
            )
        )
    child = children.add_child(package.first_name, package.last_name, package.birth_date)
    children.enrol(child.id, group_id, first, order_id=institutions.order_id(order))
    arrival = _write_card(child.id, package, first, by)
    found.taken_at, found.taken_by_id, found.package = held().now, scope().institution_id, None
    db.session.flush()
    return arrival


def _opened(offer: TransferOffer, code: str) -> Package:
    """Raises BadInput for another code."""
    if parcels.hash_of(code) == offer.code_hash and offer.package is not None:
        try:
            return parcels.open_with(code, offer.package)
        except NoPackage:
            pass
    raise BadInput(_("This is not the code of this child. The family has it on paper; ask them to look again."))


def _write_card(child_id: int, package: Package, first: date, by: str) -> Arrival:
    db.session.add(
        Particulars(
            child_id=child_id,
            address=package.address,
            languages=package.languages,
            special_needs=SpecialNeeds(package.special_needs),
            needs_note=package.needs_note,
            family_note=package.family_note,
        )
    )
    arrival = Arrival(
        child_id=child_id,
        from_name=package.from_name,
        last_day=package.last_day,
        places=said_places(package.places),
        diet=package.diet,
        taken_at=held().now,
        taken_by=by,
    )
    db.session.add(arrival)
    today = held().today
    for packed in package.guardians:
        # joined to another log-in since it was packed: a slip opens the way in anew
        user_id = packed.user_id if packed.user_id is not None and logins.is_open(packed.user_id) else None
        children.add_guardian(
            child_id,
            Relation(packed.relation),
            packed.first_name,
            packed.last_name,
            today,
            phone=packed.phone,
            email=packed.email,
            address=packed.address,
            may_collect=packed.may_collect,
            user_id=user_id,
        )
        if user_id is not None and not logins.is_guardian_here(user_id, today):
            accounts.add_membership(user_id, scope().institution_id, Role.GUARDIAN, today)
    for line in package.must_not_eat:
        health.set_must_not_eat(child_id, line, first)
    same = queries.diet_named(package.diet, first) if package.diet else None
    if same is not None:
        meals.set_diet(child_id, same, first)
    return arrival


def group_of(child_id: int, day: date) -> int:
    """The group whose day is held for a change of this child. Raises BadInput for a child without a place."""
    found = db.session.scalar(
        select(Enrolment.group_id)
        .where(Enrolment.child_id == child_id, (Enrolment.valid_to.is_(None)) | (Enrolment.valid_to >= day))
        .order_by(Enrolment.valid_from)
        .limit(1)
    )
    if found is None:
        raise BadInput(_("The child has no place in a group."))
    return found
