"""Who leaves, who is away, who is on the shared list; what a child takes along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.attendance.models import ChildDay, Presence
from ediary.children.models import Child, Departure, Enrolment, Guardian, Particulars
from ediary.children.rules import DepartureReason, SpecialNeeds, last_of_parents
from ediary.core import clock
from ediary.core.dates import school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.i18n import name_key
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group
from ediary.health.models import MustNotEat
from ediary.institutions.models import Document
from ediary.institutions.queries import current
from ediary.meals.models import ChildDiet
from ediary.meals.queries import diets, offered_diets
from ediary.transfers.models import Arrival, TemporaryLeave, TransferOffer
from ediary.transfers.rules import LeaveKind, MonthCount, Package, PackedGuardian, PackedPlace, by_month

#: a leave that ended this long ago is still listed
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class ChildHead:
    """The child a form is about."""

    id: int
    name: str
    birth_date: date
    group: str


@dataclass(frozen=True)
class Leaving:
    """A child who leaves or has left in this school year."""

    id: int
    child_id: int
    name: str
    birth_date: date
    day: date
    reason: DepartureReason
    note: str
    order: str
    order_id: int
    has_report: bool
    entered_by: str
    #: on the shared list: since when, and when another institution took it
    offered_at: datetime | None
    taken_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.day < clock.today()

    @property
    def parents_until(self) -> date:
        """The last day on which parents come in who have no other child here."""
        return last_of_parents(self.day)


@dataclass(frozen=True)
class Away:
    """A child away by order."""

    id: int
    child_id: int
    name: str
    kind: LeaveKind
    first: date
    last: date
    order: str
    note: str

    @property
    def may_come_back(self) -> bool:
        return self.last >= clock.today()


@dataclass(frozen=True)
class Offered:
    """A child on the shared list: name, birth year, from where - nothing more exists for others (V 9)."""

    id: int
    name: str
    birth_year: int
    from_name: str


@dataclass(frozen=True)
class TransfersPage:
    today: date
    leaving: list[Leaving]
    away: list[Away]
    offered: int


def page() -> TransfersPage:
    """Leaving in this school year, away now or lately, and how many stand on the shared list."""
    today = clock.today()
    first, last = school_year_span(school_year_of(today))
    return TransfersPage(today, _leaving(Departure.day.between(first, last)), _away(today), len(shared_list()))


def _leaving(*which: object) -> list[Leaving]:
    rows = db.session.execute(
        select(
            Departure.id,
            Departure.child_id,
            Child.first_name,
            Child.last_name,
            Child.birth_date,
            Departure.day,
            Departure.reason,
            Departure.note,
            Document.number,
            Departure.order_id,
            Departure.report_sha256,
            Departure.entered_by,
        )
        .join(Child, Child.id == Departure.child_id)
        .join(Document, Document.id == Departure.order_id)
        .where(*which)  # type: ignore[arg-type]
        .order_by(Departure.day.desc(), Departure.id.desc())
    ).all()
    offers = _offers([row.id for row in rows])
    found = []
    for row in rows:
        offer = offers.get(row.id)
        found.append(
            Leaving(
                id=row.id,
                child_id=row.child_id,
                name=f"{row.first_name} {row.last_name}",
                birth_date=row.birth_date,
                day=row.day,
                reason=row.reason,
                note=row.note,
                order=row.number,
                order_id=row.order_id,
                has_report=row.report_sha256 is not None,
                entered_by=row.entered_by,
                offered_at=offer.made_at if offer else None,
                taken_at=offer.taken_at if offer else None,
            )
        )
    return found


def _offers(departure_ids: list[int]) -> dict[int, TransferOffer]:
    """The offer that counts of each departure: the one not withdrawn."""
    found = db.session.scalars(
        select(TransferOffer).where(
            TransferOffer.institution_id == scope().institution_id,
            TransferOffer.departure_id.in_(departure_ids),
            TransferOffer.withdrawn_at.is_(None),
        )
    )
    return {offer.departure_id: offer for offer in found if offer.departure_id is not None}


def departure(departure_id: int) -> Leaving:
    """One of them. Raises NotFound."""
    found = _leaving(Departure.id == departure_id)
    if not found:
        raise NotFound
    return found[0]


def _away(today: date) -> list[Away]:
    rows = db.session.execute(
        select(
            TemporaryLeave.id,
            TemporaryLeave.child_id,
            Child.first_name,
            Child.last_name,
            TemporaryLeave.kind,
            TemporaryLeave.valid_from,
            TemporaryLeave.valid_to,
            Document.number,
            TemporaryLeave.note,
        )
        .join(Child, Child.id == TemporaryLeave.child_id)
        .join(Document, Document.id == TemporaryLeave.order_id)
        .where(TemporaryLeave.valid_to >= today - LATELY)
        .order_by(TemporaryLeave.valid_from, TemporaryLeave.id)
    )
    return [
        Away(
            id=row.id,
            child_id=row.child_id,
            name=f"{row.first_name} {row.last_name}",
            kind=row.kind,
            first=row.valid_from,
            last=row.valid_to or row.valid_from,
            order=row.number,
            note=row.note,
        )
        for row in rows
    ]


def leave(leave_id: int) -> Away:
    """A temporary leave. Raises NotFound."""
    row = db.session.execute(
        select(TemporaryLeave.child_id, TemporaryLeave.valid_to).where(TemporaryLeave.id == leave_id)
    ).first()
    found = [] if row is None or row.valid_to is None else _away(row.valid_to)
    try:
        return next(one for one in found if one.id == leave_id)
    except StopIteration:
        raise NotFound from None


def child(child_id: int) -> ChildHead:
    """The child a form is about, with the group it is in or comes to. Raises NotFound."""
    row = db.session.execute(
        select(Child.first_name, Child.last_name, Child.birth_date, Group.name)
        .select_from(Child)
        .outerjoin(
            Enrolment,
            (Enrolment.child_id == Child.id) & (Enrolment.valid_to.is_(None) | (Enrolment.valid_to >= clock.today())),
        )
        .outerjoin(Group, Group.id == Enrolment.group_id)
        .where(Child.id == child_id)
        .order_by(Enrolment.valid_from)
    ).first()
    if row is None:
        raise NotFound
    return ChildHead(child_id, f"{row.first_name} {row.last_name}", row.birth_date, row.name or "")


# --- the shared list ------------------------------------------------------------------------------------------------


def shared_list() -> list[Offered]:
    """The children other institutions of this server offer, by name. All that anybody may see of them."""
    rows = db.session.execute(
        select(
            TransferOffer.id,
            TransferOffer.first_name,
            TransferOffer.last_name,
            TransferOffer.birth_year,
            TransferOffer.from_name,
        ).where(
            TransferOffer.institution_id != scope().institution_id,
            TransferOffer.taken_at.is_(None),
            TransferOffer.withdrawn_at.is_(None),
        )
    )
    found = [Offered(row.id, f"{row.first_name} {row.last_name}", row.birth_year, row.from_name) for row in rows]
    return sorted(found, key=lambda one: (name_key(one.name), one.id))


def offered(offer_id: int) -> Offered:
    """One of them. Raises NotFound, also for an own one: our children are not on our list."""
    for one in shared_list():
        if one.id == offer_id:
            return one
    raise NotFound


@dataclass(frozen=True)
class Arrived:
    """What a child brought from elsewhere, for the one who takes it in."""

    child_id: int
    name: str
    from_name: str
    last_day: date
    places: list[str]
    diet: str
    #: the diet is one of ours and holds already
    diet_is_set: bool


def arrived(arrival_id: int) -> Arrived:
    """Raises NotFound."""
    row = db.session.execute(
        select(
            Child.id,
            Child.first_name,
            Child.last_name,
            Arrival.from_name,
            Arrival.last_day,
            Arrival.places,
            Arrival.diet,
        )
        .join(Arrival, Arrival.child_id == Child.id)
        .where(Arrival.id == arrival_id)
    ).first()
    if row is None:
        raise NotFound
    has_diet = db.session.scalar(select(ChildDiet.id).where(ChildDiet.child_id == row.id)) is not None
    name = f"{row.first_name} {row.last_name}"
    return Arrived(row.id, name, row.from_name, row.last_day, row.places.splitlines(), row.diet, has_diet)


def groups_for(day: date) -> list[tuple[int, str]]:
    """Groups a child may come to: of the school year of a day, by name."""
    rows = db.session.execute(select(Group.id, Group.name).where(Group.school_year == school_year_of(day)))
    return sorted(((row.id, row.name) for row in rows), key=lambda group: name_key(group[1]))


def diet_named(name: str, day: date) -> int | None:
    """Our diet of this name, if there is one."""
    return next((diet_id for diet_id, known in offered_diets(day) if known == name), None)


# --- what a child takes along ---------------------------------------------------------------------------------------


def last_group(child_id: int, day: date) -> int:
    """The own group in which a child's places ended with this day. Raises BadInput where none did."""
    row = db.session.execute(
        select(Enrolment.group_id, Enrolment.home_id).where(Enrolment.child_id == child_id, Enrolment.valid_to == day)
    ).first()
    if row is None:
        raise BadInput(_("The child has no place in a group."))
    return int(row.home_id or row.group_id)


def package(departure: Departure) -> Package:
    """All that goes along with a leaving child. Five statements."""
    day, child_id = departure.day, departure.child_id
    child = db.session.get_one(Child, child_id)
    particulars = db.session.scalars(select(Particulars).where(Particulars.child_id == child_id)).one_or_none()
    guardians = db.session.scalars(
        select(Guardian).where(Guardian.child_id == child_id, valid_on(Guardian, clock.today())).order_by(Guardian.id)
    )
    diet = diets([child_id], day).get(child_id)
    lines = db.session.scalars(
        select(MustNotEat.text)
        .where(MustNotEat.child_id == child_id, valid_on(MustNotEat, day))
        .order_by(MustNotEat.id)
    )
    return Package(
        first_name=child.first_name,
        last_name=child.last_name,
        birth_date=child.birth_date,
        from_name=current().name,
        last_day=day,
        address=particulars.address if particulars else "",
        languages=particulars.languages if particulars else "",
        special_needs=(particulars.special_needs if particulars else SpecialNeeds.NONE).value,
        needs_note=particulars.needs_note if particulars else "",
        family_note=particulars.family_note if particulars else "",
        guardians=[
            PackedGuardian(
                one.relation.value,
                one.first_name,
                one.last_name,
                one.phone,
                one.email,
                one.address,
                one.may_collect,
                one.user_id,
            )
            for one in guardians
        ],
        places=places(child_id),
        diet=diet or "",
        must_not_eat=list(lines),
    )


def places(child_id: int) -> list[PackedPlace]:
    """Where the child has been, the earliest first."""
    rows = db.session.execute(
        select(Group.name, Enrolment.valid_from, Enrolment.valid_to)
        .join(Group, Group.id == Enrolment.group_id)
        .where(Enrolment.child_id == child_id)
        .order_by(Enrolment.valid_from)
    )
    return [PackedPlace(*row) for row in rows]


def months(child_id: int, until: date) -> list[MonthCount]:
    """Days came and absent of this school year, for the leaving report."""
    first, _ = school_year_span(school_year_of(until))
    rows = db.session.execute(
        select(ChildDay.day, ChildDay.presence).where(
            ChildDay.child_id == child_id, ChildDay.day >= first, ChildDay.day <= until
        )
    )
    return by_month((row.day, row.presence is Presence.PRESENT) for row in rows)
