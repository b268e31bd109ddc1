"""Remarks as those may read them whom they concern: the two people, and the heads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select, true

from ediary.accounts.models import Membership, User
from ediary.accounts.queries import names
from ediary.core import clock
from ediary.core.addresses import needs
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.paging import Paged, offset, page_of
from ediary.core.people import role_name
from ediary.core.permissions import Permission, Role
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.queries import staff
from ediary.supervision.about import Record, record_at
from ediary.supervision.models import Answer, Remark

PAGE_SIZE = 30


class RemarkState(StrEnum):
    """Where a remark is."""

    WAITING = "waiting"
    ANSWERED = "answered"
    HEEDED = "heeded"
    NOT_HEEDED = "not_heeded"


def state_of(remark: Any) -> RemarkState:
    """By a row of a remark."""
    if remark.closed_at is not None:
        return RemarkState.HEEDED if remark.is_heeded else RemarkState.NOT_HEEDED
    return RemarkState.WAITING if remark.answered_at is None else RemarkState.ANSWERED


def mine() -> ColumnElement[bool]:
    """The remarks this person may read."""
    if scope().may(Permission.SUPERVISE):
        return true()
    return or_(Remark.person_id == scope().user_id, Remark.author_id == scope().user_id)


def visible(remark_id: int) -> Remark:
    """One of the remarks this person may read. Raises NotFound for any other."""
    found = db.session.scalars(select(Remark).where(Remark.id == remark_id, mine())).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class RemarkLine:
    """A remark in the list."""

    id: int
    to: str
    about: str
    text: str
    written_at: datetime
    written_by: str
    state: RemarkState
    #: waits for this very person: for an answer, or to be closed
    is_my_turn: bool


@dataclass(frozen=True)
class RemarksPage:
    """Remarks, those not closed first, the newest first."""

    lines: Paged[RemarkLine]
    can_write: bool


def remarks_page(number: int) -> RemarksPage:
    """A page of them. Two statements."""
    rows = db.session.execute(
        select(
            Remark.id,
            Remark.person_id,
            Remark.author_id,
            Remark.about,
            Remark.text,
            Remark.written_at,
            Remark.written_by,
            Remark.answered_at,
            Remark.closed_at,
            Remark.is_heeded,
        )
        .where(mine())
        .order_by(case((Remark.closed_at.is_(None), 0), else_=1), Remark.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset(offset(number, PAGE_SIZE))
    ).all()
    known = names({row.person_id for row in rows})
    lines = [
        RemarkLine(
            row.id,
            known[row.person_id],
            row.about,
            row.text,
            row.written_at,
            row.written_by,
            state_of(row),
            _is_turn(row, scope().user_id),
        )
        for row in rows
    ]
    return RemarksPage(page_of(lines, number, PAGE_SIZE), scope().may(Permission.SUPERVISE))


def _is_turn(row: Any, user_id: int | None) -> bool:
    if row.closed_at is not None:
        return False
    return bool(row.person_id == user_id if row.answered_at is None else row.author_id == user_id)


@dataclass(frozen=True)
class Said:
    """An answer."""

    text: str
    at: datetime
    by: str


@dataclass(frozen=True)
class RemarkPage:
    """One remark with its answers, and what this person may do with it."""

    remark: Remark
    to: str
    state: RemarkState
    answers: tuple[Said, ...]
    can_answer: bool
    can_close: bool
    #: may this person open what it is about?
    can_open: bool


def remark_page(remark_id: int) -> RemarkPage:
    """Three statements. Raises NotFound."""
    remark, me = visible(remark_id), scope().user_id
    answers = db.session.execute(
        select(Answer.text, Answer.answered_at, Answer.answered_by)
        .where(Answer.remark_id == remark.id)
        .order_by(Answer.id)
    )
    needed, _group = needs(remark.url) if remark.url else (None, None)
    is_open = remark.closed_at is None
    return RemarkPage(
        remark=remark,
        to=names([remark.person_id]).get(remark.person_id, ""),
        state=state_of(remark),
        answers=tuple(Said(*row) for row in answers),
        can_answer=is_open and remark.person_id == me,
        can_close=is_open and remark.author_id == me,
        can_open=needed is not None and scope().may(needed),
    )


# --- to write one ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Somebody a remark can be written to."""

    id: int
    said: str


@dataclass(frozen=True)
class NewRemark:
    """What the form of a remark offers: first those who work in the group it is about."""

    record: Record | None
    near: tuple[Person, ...]
    others: tuple[Person, ...]


def new_remark(path: str) -> NewRemark:
    """Three statements at most. Raises like `record_at`."""
    record = record_at(path)
    at_work = people()
    near = (
        set(staff([record.group_id], clock.today()).get(record.group_id, ())) if record and record.group_id else set()
    )
    return NewRemark(
        record,
        tuple(one for one in at_work if one.id in near),
        tuple(one for one in at_work if one.id not in near),
    )


def people() -> list[Person]:
    """Who works here today, but oneself; by name. One statement.

    Memberships are not narrowed by the fence: the institution is named.
    """
    rows = db.session.execute(
        select(User.id, User.first_name, User.last_name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.institution_id == scope().institution_id,
            Membership.role != Role.GUARDIAN,
            Membership.user_id != scope().user_id,
            valid_on(Membership, clock.today()),
        )
        .order_by(Membership.id)
    )
    roles: dict[int, list[str]] = {}
    known: dict[int, str] = {}
    for row in rows:
        known[row.id] = f"{row.first_name} {row.last_name}"
        roles.setdefault(row.id, []).append(role_name(row.role, row.first_name))
    found = [Person(user_id, f"{name}, {', '.join(roles[user_id])}") for user_id, name in known.items()]
    return sorted(found, key=lambda one: name_key(one.said))
