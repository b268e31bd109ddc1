"""The sections of a card about the child and those around it, read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, func, select
from sqlalchemy.orm import aliased

from ediary.accounts.models import LoginSession, Membership
from ediary.children import rules
from ediary.children.models import Child, Collector, Consent, Enrolment, Guardian, Particulars
from ediary.children.prints import particulars_print, person_print
from ediary.children.rules import Access, Answer, ConsentKind, Relation
from ediary.children.words import CONSENTS, RELATIONS
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.permissions import Role
from ediary.core.session import here_or_coming, scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group

_TODAY = bindparam("today", type_=Date())


@dataclass(frozen=True)
class Kid:
    """What the card says of the child itself; `seen` goes with a change of it."""

    address: str
    languages: str
    family_note: str
    seen: str


def particulars(child_id: int) -> Kid:
    """One statement."""
    child, row = db.session.execute(
        select(Child, Particulars).outerjoin(Particulars, Particulars.child_id == Child.id).where(Child.id == child_id)
    ).one()
    seen = particulars_print(child, row)
    return Kid(row.address, row.languages, row.family_note, seen) if row else Kid("", "", "", seen)


@dataclass(frozen=True)
class Person:
    """A parent, or another who may collect the child."""

    id: int
    name: str
    relation: str
    phone: str
    email: str
    address: str
    may_collect: bool
    valid_from: date
    valid_to: date | None
    #: does it hold today?
    holds: bool
    is_over: bool
    #: of a parent: how far they have come into the diary
    access: Access | None
    row: Any

    @property
    def dialled(self) -> str:
        return rules.dialled(self.phone)

    @property
    def seen(self) -> str:
        return person_print(self.row)


_GUARDIANS: Any = (
    select(Guardian, func.count(Membership.id), func.count(LoginSession.id))
    .outerjoin(
        Membership,
        (Membership.user_id == Guardian.user_id)
        & (Membership.institution_id == bindparam("here"))
        & (Membership.role == Role.GUARDIAN)
        & valid_on(Membership, _TODAY),
    )
    .outerjoin(LoginSession, LoginSession.membership_id == Membership.id)
    .where(Guardian.child_id == bindparam("child_id"))
    .group_by(Guardian.id)
)


def guardians(child_id: int, today: date) -> list[Person]:
    """Parents: those of today first, then those to come, then those that were. One statement."""
    asked = {"child_id": child_id, "today": today, "here": scope().institution_id}
    return _in_order(
        Person(
            id=row.id,
            name=f"{row.first_name} {row.last_name}",
            relation=str(RELATIONS[row.relation]),
            phone=row.phone,
            email=row.email,
            address=row.address,
            may_collect=row.may_collect,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            holds=covers(row.valid_from, row.valid_to, today),
            is_over=row.valid_to is not None and row.valid_to < today,
            access=Access.USED if sessions else Access.UNUSED if memberships else Access.NONE,
            row=row,
        )
        for row, memberships, sessions in db.session.execute(_GUARDIANS, asked)
    )


def collectors(child_id: int, today: date) -> list[Person]:
    """Others who may collect, in the same order. One statement."""
    rows = db.session.scalars(select(Collector).where(Collector.child_id == child_id))
    return _in_order(
        Person(
            id=row.id,
            name=f"{row.first_name} {row.last_name}",
            relation=row.relation,
            phone=row.phone,
            email="",
            address="",
            may_collect=True,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            holds=covers(row.valid_from, row.valid_to, today),
            is_over=row.valid_to is not None and row.valid_to < today,
            access=None,
            row=row,
        )
        for row in rows
    )


_FIRST = {Relation.MOTHER: 0, Relation.FATHER: 1}


def _in_order(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=lambda one: (one.is_over, not one.holds, _FIRST.get(one.row.relation, 2), one.id))


@dataclass(frozen=True)
class Sibling:
    """A brother or sister in the house: a child with a parent of the same log-in."""

    child_id: int
    name: str
    group_name: str | None


_MINE, _THEIRS = aliased(Guardian), aliased(Guardian)
#: Of all parents with a log-in only those whose log-in a parent of this child has too.
_SIBLINGS = (
    select(_THEIRS.child_id, _THEIRS.user_id, Child.first_name, Child.last_name, Group.name)
    .select_from(_MINE)
    .join(_THEIRS, _THEIRS.user_id == _MINE.user_id)
    .join(Child, Child.id == _THEIRS.child_id)
    .join(Enrolment, (Enrolment.child_id == Child.id) & here_or_coming(Enrolment, _TODAY))
    .outerjoin(Group, Group.id == Enrolment.group_id)
    .where(
        _MINE.child_id == bindparam("child_id"),
        _MINE.user_id.is_not(None),
        valid_on(_MINE, _TODAY),
        valid_on(_THEIRS, _TODAY),
    )
    .order_by(Enrolment.valid_from.desc())
)


def siblings_of(child_id: int, today: date) -> list[Sibling]:
    """Who of them is in the house or coming, as far as one may see. One statement."""
    rows = db.session.execute(_SIBLINGS, {"child_id": child_id, "today": today}).all()
    known = {row.child_id: Sibling(row.child_id, f"{row.first_name} {row.last_name}", row.name) for row in rows}
    ids = rules.siblings([(row.child_id, row.user_id) for row in rows], child_id)
    return sorted((known[one] for one in ids), key=lambda one: (name_key(one.name), one.child_id))


@dataclass(frozen=True)
class Consented:
    """One thing parents are asked about: what holds today, and all that was or will be said."""

    kind: ConsentKind
    title: str
    now: Answer | None
    others: list[Answer]


@dataclass(frozen=True)
class Consents:
    """All things parents are asked about, and who may have answered."""

    asked: list[Consented]
    parents: list[str]


def consents(child_id: int, today: date) -> Consents:
    """Two statements."""
    rows = db.session.execute(
        select(
            Consent.id,
            Consent.kind,
            Consent.is_given,
            Consent.said_by,
            Consent.said_on,
            Consent.valid_from,
            Consent.valid_to,
        )
        .where(Consent.child_id == child_id)
        .order_by(Consent.valid_from.desc(), Consent.id.desc())
    )
    answers = [Answer(*row) for row in rows]
    asked = []
    for kind in ConsentKind:
        now = rules.answer_on(answers, kind, today)
        others = [one for one in answers if one.kind is kind and one is not now]
        asked.append(Consented(kind, str(CONSENTS[kind]), now, others))
    parents = db.session.execute(
        select(Guardian.first_name, Guardian.last_name, Guardian.relation)
        .where(Guardian.child_id == child_id, valid_on(Guardian, today))
        .order_by(Guardian.id)
    )
    return Consents(asked, [f"{row.first_name} {row.last_name}, {RELATIONS[row.relation]}" for row in parents])
