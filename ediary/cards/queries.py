"""A child's card: its head, and each of its sections as far as one may see it. A section is one or two statements."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, union_all

from ediary.accounts.models import User
from ediary.cards import people, records
from ediary.cards.fare import Meals, meals_of
from ediary.cards.people import Consents, Kid, Person, Sibling
from ediary.cards.records import Codes, Document, Needs, Place
from ediary.cards.rules import Section
from ediary.children.models import Child, Enrolment
from ediary.children.rules import age_on
from ediary.children.words import age_said
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.people import signature
from ediary.core.permissions import Permission, Role
from ediary.core.session import scope
from ediary.groups.models import Group

P = Permission
#: what a section asks of who looks at it, beyond the card itself
NEEDED: dict[Section, tuple[Permission, ...]] = {
    Section.NEEDS: (P.HEALTH_READ,),
    Section.FILES: (P.CHILD_FILE_READ,),
    Section.CODES: (P.PERSONAL_CODE_READ, P.PERSONAL_CODE_WRITE),
}


@dataclass(frozen=True)
class Changed:
    """When a section was last changed, and by whom."""

    at: datetime
    who: str


@dataclass(frozen=True)
class Card:
    """A child, and those sections that were asked for; the others are None."""

    child_id: int
    first_name: str
    last_name: str
    birth_date: date
    age: str
    today: date
    #: the place of today, or the next to come; None when there is neither
    place: Place | None
    can_write: bool
    can_health_write: bool
    can_code_write: bool
    can_code_read: bool
    can_payer_write: bool
    can_place: bool
    can_depart: bool
    can_copy: bool
    can_print_slips: bool
    sections: tuple[Section, ...]
    changed: dict[Section, Changed]
    guardians: list[Person] | None = None
    collectors: list[Person] | None = None
    #: all who may take the child home today, and parents who may not
    may_collect: list[Person] | None = None
    may_not_collect: list[Person] | None = None
    particulars: Kid | None = None
    siblings: list[Sibling] | None = None
    consents: Consents | None = None
    meals: Meals | None = None
    #: None until it is opened, which is put on record first
    needs: Needs | None = None
    files: list[Document] | None = None
    places: list[Place] | None = None
    payer: str | None = None
    codes: Codes | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


_HEAD = (
    select(
        Child.id,
        Child.first_name,
        Child.last_name,
        Child.birth_date,
        Enrolment.group_id,
        Group.name.label("group_name"),
        Enrolment.valid_from,
        Enrolment.valid_to,
        Enrolment.is_guest.label("is_guest"),
    )
    .select_from(Child)
    .outerjoin(Enrolment, Enrolment.child_id == Child.id)
    .outerjoin(Group, Group.id == Enrolment.group_id)
    .where(Child.id == bindparam("child_id"))
    .order_by(Enrolment.valid_from)
)


def may_see(section: Section) -> bool:
    """Is this section for the role of this request?"""
    needed = NEEDED.get(section, ())
    if section is Section.PAYER:
        return scope().group_ids is None
    return not needed or any(scope().may(one) for one in needed)


def card(
    child_id: int, only: Collection[Section] | None = None, *, opened: bool = False, shown: int | None = None
) -> Card:
    """The card, or of it only some sections. Raises NotFound for a child that is not one's own (any more).

    `opened`: needs and health, once the opening is on record; `shown`: the personal code whose showing is.
    """
    rows = db.session.execute(_HEAD, {"child_id": child_id}).all()
    today, house = clock.today(), scope().group_ids is None
    places = [
        Place(row.group_id, row.group_name, row.valid_from, row.valid_to, row.is_guest) for row in rows if row.group_id
    ]
    still = [place for place in places if place.last is None or place.last >= today]
    if not rows or not (house or still):
        raise NotFound
    sections = tuple(one for one in Section if may_see(one) and (only is None or one in only))
    head = rows[0]
    parts: Parts = {}
    for section in sections:
        if section is not Section.NEEDS or opened:
            parts |= _BUILD[section](child_id, today, parts)
    if Section.CODES in sections and shown is not None:
        parts["codes"] = records.with_shown(parts["codes"], child_id, shown)
    return Card(
        child_id=child_id,
        first_name=head.first_name,
        last_name=head.last_name,
        birth_date=head.birth_date,
        age=age_said(age_on(head.birth_date, today)),
        today=today,
        place=still[0] if still else None,
        can_write=scope().may(P.CHILD_WRITE),
        can_health_write=scope().may(P.HEALTH_WRITE),
        can_code_write=scope().may(P.PERSONAL_CODE_WRITE),
        can_code_read=scope().may(P.PERSONAL_CODE_READ),
        can_payer_write=scope().may(P.PAYER_CODE_WRITE),
        can_place=scope().may(P.PLACE_WRITE),
        can_depart=scope().may(P.DEPART_WRITE),
        can_copy=scope().may(P.PERSON_COPY),
        can_print_slips=scope().may(P.SLIP_PRINT),
        sections=sections,
        changed=_changed(child_id) if house else {},
        places=places[::-1] if Section.PLACES in sections else None,
        **parts,
    )


def name_of(child_id: int) -> str:
    """A child one knows by name. One statement. Raises NotFound."""
    row = db.session.execute(select(Child.first_name, Child.last_name).where(Child.id == child_id)).first()
    if row is None:
        raise NotFound
    return f"{row.first_name} {row.last_name}"


def person(people: list[Person] | None, person_id: int) -> Person:
    """One of those around the child. Raises NotFound."""
    found = next((one for one in people or () if one.id == person_id), None)
    if found is None:
        raise NotFound
    return found


Parts = dict[str, Any]


def _guardians(child_id: int, today: date, known: Parts) -> Parts:
    return {"guardians": people.guardians(child_id, today)}


def _collectors(child_id: int, today: date, known: Parts) -> Parts:
    parents = known["guardians"] if "guardians" in known else people.guardians(child_id, today)
    others = people.collectors(child_id, today)
    holding = [one for one in [*parents, *others] if one.holds]
    return {
        "collectors": others,
        "may_collect": [one for one in holding if one.may_collect],
        "may_not_collect": [one for one in holding if not one.may_collect],
    }


def _particulars(child_id: int, today: date, known: Parts) -> Parts:
    return {"particulars": people.particulars(child_id), "siblings": people.siblings_of(child_id, today)}


def _no_more(child_id: int, today: date, known: Parts) -> Parts:
    """Places are read with the head."""
    return {}


_BUILD: dict[Section, Callable[[int, date, Parts], Parts]] = {
    Section.GUARDIANS: _guardians,
    Section.COLLECTORS: _collectors,
    Section.PARTICULARS: _particulars,
    Section.CONSENTS: lambda child_id, today, known: {"consents": people.consents(child_id, today)},
    Section.MEALS: lambda child_id, today, known: {"meals": meals_of(child_id, today)},
    Section.NEEDS: lambda child_id, today, known: {"needs": records.needs(child_id, today)},
    Section.FILES: lambda child_id, today, known: {"files": records.files(child_id)},
    Section.PLACES: _no_more,
    Section.PAYER: lambda child_id, today, known: {"payer": records.payer_code(child_id, today)},
    Section.CODES: lambda child_id, today, known: {"codes": records.codes(child_id, today)},
}


# --- who changed what, last -----------------------------------------------------------------------------------------

_CHILD, _PARTICULARS = "children_child", "children_particulars"
_TABLES = {
    _CHILD: Section.PARTICULARS,
    _PARTICULARS: Section.PARTICULARS,
    "children_guardian": Section.GUARDIANS,
    "children_collector": Section.COLLECTORS,
    "children_consent": Section.CONSENTS,
    "meals_order": Section.MEALS,
    "meals_child_diet": Section.MEALS,
    "health_must_not_eat": Section.NEEDS,
    "children_payer_code": Section.PAYER,
    "children_personal_code": Section.CODES,
}


def _last(table: str, *narrower: Any) -> Any:
    """The last entry of one table about the child. What carries a day of its own is no part of the card.

    A statement a table, by equality: grouped, SQLite would read the history of the whole house.
    """
    return select(func.max(AuditEntry.id).label("id")).where(
        AuditEntry.child_id == bindparam("child_id"),
        AuditEntry.day.is_(None),
        AuditEntry.table_name == table,
        AuditEntry.action.in_(["create", "change", "remove"]),
        *narrower,
    )


_SENSITIVE_CHANGE = AuditEntry.is_sensitive & (AuditEntry.action == "change")
_LAST = union_all(
    *(_last(table) for table in _TABLES if table not in (_CHILD, _PARTICULARS)),
    _last(_PARTICULARS, _SENSITIVE_CHANGE),
    _last(_PARTICULARS, ~_SENSITIVE_CHANGE),
    select(func.max(AuditEntry.id)).where(
        AuditEntry.table_name == _CHILD, AuditEntry.row_id == bindparam("child_id"), AuditEntry.action == "change"
    ),
).subquery()
_CHANGED = (
    select(
        AuditEntry.table_name,
        AuditEntry.action,
        AuditEntry.is_sensitive,
        AuditEntry.at,
        AuditEntry.role,
        User.first_name,
        User.last_name,
    )
    .select_from(_LAST)
    .join(AuditEntry, AuditEntry.id == _LAST.c.id)
    .join(User, User.id == AuditEntry.user_id)
    .order_by(AuditEntry.id)
)


def _changed(child_id: int) -> dict[Section, Changed]:
    """section -> its last change by a person. One statement; of the whole house only, which reads the history."""
    found = {}
    for row in db.session.execute(_CHANGED, {"child_id": child_id}):
        section = _TABLES[row.table_name]
        if row.table_name == _PARTICULARS and row.is_sensitive and row.action == "change":
            section = Section.NEEDS
        who = signature(Role(row.role), row.first_name, row.last_name) if row.role else ""
        found[section] = Changed(row.at, who)
    return found
