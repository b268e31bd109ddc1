"""A guardian's own children, as the diary has them: to read, and to see what is wrong (F3; read-only for now).

Of other people there is no more than a parent knows: of another parent's or collector's telephone the last digits,
so that a mistake can be seen.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.accounts.models import User
from ediary.children.models import Child, Collector, Consent, Enrolment, Guardian
from ediary.children.rules import Answer, ConsentKind, Relation, age_on, answer_on, dialled
from ediary.children.words import CONSENTS, RELATIONS, age_said
from ediary.core import clock
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.session import here_or_coming, scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group, GroupStaff
from ediary.groups.people import duty_said
from ediary.groups.rules import Duty
from ediary.institutions.models import Institution
from ediary.institutions.queries import current

#: of a number that is another person's
SHOWN_DIGITS = 3


@dataclass(frozen=True)
class Somebody:
    """A parent, or who else may collect: what is recorded of them."""

    name: str
    relation: str
    #: of oneself in full, of others the last digits; "" = none is recorded
    phone: str
    email: str
    may_collect: bool
    is_me: bool = False


@dataclass(frozen=True)
class Agreed:
    """What the parents were asked, and what they answered; None = nobody has answered yet."""

    what: str
    is_given: bool | None
    said_by: str
    said_on: date | None


@dataclass(frozen=True)
class Own:
    """One of the guardian's own children."""

    child_id: int
    name: str
    birth_date: date
    age: str
    group: str | None
    #: the child comes into the group from this day on
    comes_on: date | None
    #: of today, with as what they work
    staff: list[str]
    parents: list[Somebody]
    collectors: list[Somebody]
    consents: list[Agreed]
    #: a copy of the child's data is given to parents and guardians by law
    can_copy: bool

    @property
    def may_collect(self) -> list[Somebody]:
        """All who may take the child home today."""
        return [one for one in (*self.parents, *self.collectors) if one.may_collect]

    @property
    def no_access(self) -> list[Somebody]:
        """Parents who may not."""
        return [one for one in self.parents if not one.may_collect]


@dataclass(frozen=True)
class FamilyPage:
    """All own children in this kindergarten, and whom to tell of a mistake."""

    today: date
    institution: Institution
    children: list[Own]


def family_page() -> FamilyPage:
    """Seven statements, however many children."""
    today = clock.today()
    places = _places(today)
    people, collectors, consents = _parents(today), _collectors(today), _consents()
    staff = _staff({place.group_id for place in places.values() if place.group_id is not None}, today)
    children = [
        _own(place, staff, people[place.id], collectors[place.id], consents[place.id], today)
        for place in places.values()
    ]
    return FamilyPage(today, current(), sorted(children, key=lambda one: (one.birth_date, name_key(one.name))))


def _own(
    place: Any,
    staff: dict[int, list[str]],
    parents: list[tuple[Somebody, Relation]],
    collectors: list[Somebody],
    answers: list[Answer],
    today: date,
) -> Own:
    mine = [relation for one, relation in parents if one.is_me]
    return Own(
        child_id=place.id,
        name=f"{place.first_name} {place.last_name}",
        birth_date=place.birth_date,
        age=age_said(age_on(place.birth_date, today)),
        group=place.group_name,
        comes_on=place.valid_from if place.valid_from is not None and place.valid_from > today else None,
        staff=staff.get(place.group_id, []),
        parents=[one for one, _relation in parents],
        collectors=collectors,
        consents=[_agreed(kind, answer_on(answers, kind, today)) for kind in ConsentKind],
        can_copy=any(relation is not Relation.OTHER for relation in mine),
    )


def _places(today: date) -> dict[int, Any]:
    """Each own child with the place of today, or the next to come. One statement."""
    rows = db.session.execute(
        select(
            Child.id,
            Child.first_name,
            Child.last_name,
            Child.birth_date,
            Enrolment.group_id,
            Enrolment.valid_from,
            Group.name.label("group_name"),
        )
        .select_from(Child)
        .outerjoin(Enrolment, (Enrolment.child_id == Child.id) & here_or_coming(Enrolment, today))
        .outerjoin(Group, Group.id == Enrolment.group_id)
        .order_by(Enrolment.valid_from.desc())
    )
    return {row.id: row for row in rows}  # of several the first to hold


def _staff(group_ids: set[int], today: date) -> dict[int, list[str]]:
    """group -> who works in it today, the educators first."""
    rows = db.session.execute(
        select(GroupStaff.group_id, GroupStaff.duty, User.first_name, User.last_name)
        .join(User, User.id == GroupStaff.user_id)
        .where(GroupStaff.group_id.in_(group_ids), valid_on(GroupStaff, today))
        .order_by(GroupStaff.valid_from, GroupStaff.id)
    ).all()
    found: dict[int, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.duty is not Duty.EDUCATOR):
        name = f"{row.first_name} {row.last_name}"
        said = f"{name}, {duty_said(row.duty, row.first_name)}"
        if said not in found[row.group_id]:
            found[row.group_id].append(said)
    return found


def _parents(today: date) -> dict[int, list[tuple[Somebody, Relation]]]:
    found: dict[int, list[tuple[Somebody, Relation]]] = defaultdict(list)
    for row in db.session.scalars(select(Guardian).where(valid_on(Guardian, today)).order_by(Guardian.id)):
        is_me = row.user_id == scope().user_id
        one = Somebody(
            name=f"{row.first_name} {row.last_name}",
            relation=str(RELATIONS[row.relation]),
            phone=row.phone if is_me else _ending(row.phone),
            email=row.email if is_me else "",
            may_collect=row.may_collect,
            is_me=is_me,
        )
        found[row.child_id].append((one, row.relation))
    return found


def _collectors(today: date) -> dict[int, list[Somebody]]:
    found: dict[int, list[Somebody]] = defaultdict(list)
    for row in db.session.scalars(select(Collector).where(valid_on(Collector, today)).order_by(Collector.id)):
        name = f"{row.first_name} {row.last_name}"
        found[row.child_id].append(Somebody(name, row.relation, _ending(row.phone), "", may_collect=True))
    return found


def _ending(phone: str) -> str:
    """„ends in 007“: enough to see a mistake, too little to call."""
    digits = dialled(phone)[-SHOWN_DIGITS:]
    return _("ends in %(digits)s", digits=digits) if digits else ""


def _consents() -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = defaultdict(list)
    rows: Any = db.session.execute(
        select(
            Consent.child_id,
            Consent.id,
            Consent.kind,
            Consent.is_given,
            Consent.said_by,
            Consent.said_on,
            Consent.valid_from,
            Consent.valid_to,
        )
    )
    for child_id, *answer in rows:
        found[child_id].append(Answer(*answer))
    return found


def _agreed(kind: ConsentKind, answer: Answer | None) -> Agreed:
    if answer is None:
        return Agreed(str(CONSENTS[kind]), None, "", None)
    return Agreed(str(CONSENTS[kind]), answer.is_given, answer.said_by, answer.said_on)
