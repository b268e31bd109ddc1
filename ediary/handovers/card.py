"""The handover card: all that whoever takes a group over for a day must know, on one page (A3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from math import ceil
from typing import Any

from sqlalchemy import Date, bindparam, select

from ediary.absences.rules import Reason
from ediary.accounts.queries import names
from ediary.attendance.queries import CARDS_AHEAD, Row, day_page
from ediary.attendance.rules import RowState
from ediary.children.models import Child, Collector, Consent, Guardian
from ediary.children.rules import Answer, ConsentKind, agreed, birthday_between
from ediary.children.words import RELATIONS
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.members import member_of
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.queries import MergedInto, staff
from ediary.handovers.models import CardNote
from ediary.institutions import queries as institutions


@dataclass(frozen=True)
class Collecting:
    """Somebody who may take the child home."""

    name: str
    relation: str
    phone: str


@dataclass(frozen=True)
class Line:
    """A child on the card."""

    child_id: int
    name: str
    state: RowState
    reason: str | None
    until: date | None
    must_not_eat: str | None
    diet: str | None
    home: str | None
    collecting: list[Collecting]
    forbidden: list[str]
    no_photo: bool
    birthday: bool

    @property
    def is_away(self) -> bool:
        return self.state in (RowState.ABSENT, RowState.ANNOUNCED)


@dataclass(frozen=True)
class Note:
    """What is left for whoever takes over."""

    text: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Card:
    """A group's day for whoever takes it over."""

    institution: str
    group_id: int
    group_name: str
    day: date
    today: date
    now: datetime
    works: bool
    why_closed: str
    merged: MergedInto | None
    educators: list[str]
    lines: list[Line]
    note: Note | None
    can_note: bool

    @cached_property
    def away(self) -> list[Line]:
        return [line for line in self.lines if line.is_away]

    @cached_property
    def birthdays(self) -> list[Line]:
        return [line for line in self.lines if line.birthday]

    def lines_at(self, width: float) -> float:
        """How many lines of print the children take when one who may collect is written after another, so many
        letters wide."""
        return sum(
            max(
                1 + (line.home is not None),
                bool(line.must_not_eat) + bool(line.diet) + line.no_photo,
                ceil(sum(len(one.name) + len(one.relation) + len(one.phone) + 5 for one in line.collecting) / width),
            )
            + 0.25
            for line in self.lines
        )


_DAY = bindparam("day", type_=Date())
_GUARDIANS = (
    select(
        Guardian.child_id,
        Guardian.first_name,
        Guardian.last_name,
        Guardian.relation,
        Guardian.phone,
        Guardian.may_collect,
    )
    .where(member_of(Guardian.child_id, "ids"), valid_on(Guardian, _DAY))
    .order_by(Guardian.id)
)
_COLLECTORS = (
    select(Collector.child_id, Collector.first_name, Collector.last_name, Collector.relation, Collector.phone)
    .where(member_of(Collector.child_id, "ids"), valid_on(Collector, _DAY))
    .order_by(Collector.id)
)
_CONSENTS: Any = select(
    Consent.child_id,
    Consent.id,
    Consent.kind,
    Consent.is_given,
    Consent.said_by,
    Consent.said_on,
    Consent.valid_from,
    Consent.valid_to,
).where(member_of(Consent.child_id, "ids"), valid_on(Consent, _DAY))
_BORN = select(Child.id, Child.birth_date).where(member_of(Child.id, "ids"))
_NOTE = select(CardNote.text, CardNote.written_at, CardNote.written_by).where(
    CardNote.group_id == bindparam("group_id"), CardNote.day == bindparam("day")
)


def card(group_id: int, day: date) -> Card:
    """The card of a group's day, today or soon. Raises NotFound for other days and groups. 14 statements at most."""
    today = clock.today()
    if not today <= day <= today + CARDS_AHEAD:
        raise NotFound
    page = day_page(group_id, day)
    shown = page.shown
    ids = [row.child_id for row in shown.rows]
    guardians, forbidden = _guardians(ids, day)
    collectors = _collectors(ids, day)
    answers = _answers(ids, day)
    born = {row.id: row.birth_date for row in db.session.execute(_BORN, {"ids": ids})}
    working = staff([group_id], day).get(group_id, [])
    known = names(working)
    note = db.session.execute(_NOTE, {"group_id": group_id, "day": day}).first()
    return Card(
        institution=institutions.current().name,
        group_id=group_id,
        group_name=page.group_name,
        day=day,
        today=today,
        now=shown.now,
        works=shown.why_closed is None,
        why_closed=shown.why_closed or "",
        merged=page.merged,
        educators=[known[user_id] for user_id in working],
        lines=[
            _line(
                row,
                shown.reasons,
                [*guardians[row.child_id], *collectors[row.child_id]],
                forbidden[row.child_id],
                no_photo=not agreed(answers[row.child_id], ConsentKind.PHOTO, day),
                birthday=agreed(answers[row.child_id], ConsentKind.BIRTHDAY, day)
                and birthday_between(born[row.child_id], day, day) is not None,
            )
            for row in shown.rows
        ],
        note=None if note is None else Note(*note),
        can_note=scope().may(Permission.ATTENDANCE_WRITE) or scope().may(Permission.SUBSTITUTE_WRITE),
    )


def _line(
    row: Row,
    reasons: dict[int, Reason],
    collecting: list[Collecting],
    forbidden: list[str],
    *,
    no_photo: bool,
    birthday: bool,
) -> Line:
    told = row.announced if row.state is RowState.ANNOUNCED else None
    reason = reasons.get((told.reason_id if told else row.reason_id) or 0)
    return Line(
        child_id=row.child_id,
        name=row.name,
        state=row.state,
        reason=reason.name if reason else None,
        until=told.valid_to if told else None,
        must_not_eat=row.must_not_eat,
        diet=row.diet,
        home=row.home,
        collecting=collecting,
        forbidden=forbidden,
        no_photo=no_photo,
        birthday=birthday,
    )


def _guardians(ids: Collection[int], day: date) -> tuple[dict[int, list[Collecting]], dict[int, list[str]]]:
    """child -> parents who may collect, and by name those who may not. One statement."""
    may: dict[int, list[Collecting]] = defaultdict(list)
    may_not: dict[int, list[str]] = defaultdict(list)
    for row in db.session.execute(_GUARDIANS, {"ids": list(ids), "day": day}):
        name = f"{row.first_name} {row.last_name}"
        if row.may_collect:
            may[row.child_id].append(Collecting(name, str(RELATIONS[row.relation]), row.phone))
        else:
            may_not[row.child_id].append(name)
    return may, may_not


def _collectors(ids: Collection[int], day: date) -> dict[int, list[Collecting]]:
    found: dict[int, list[Collecting]] = defaultdict(list)
    for row in db.session.execute(_COLLECTORS, {"ids": list(ids), "day": day}):
        found[row.child_id].append(Collecting(f"{row.first_name} {row.last_name}", row.relation, row.phone))
    return found


def _answers(ids: Collection[int], day: date) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = defaultdict(list)
    for child_id, *row in db.session.execute(_CONSENTS, {"ids": list(ids), "day": day}):
        found[child_id].append(Answer(*row))
    return found
