"""The sections of a card that are put on record when they are opened, and what else is kept of a child."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.accounts.models import User
from ediary.children.models import Child, ChildFile, Guardian, Particulars, PayerCode, PersonalCode
from ediary.children.prints import needs_print
from ediary.children.rules import OF_CHILD, SpecialNeeds, of_guardian
from ediary.children.words import NEEDS, RELATIONS
from ediary.core.audit import AuditEntry
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.people import signature
from ediary.core.permissions import Role
from ediary.core.secrets import unseal
from ediary.core.spans import valid_on
from ediary.core.uploads import size_words
from ediary.health.models import MustNotEat


@dataclass(frozen=True)
class Place:
    """A child's place in a group; the name is None where the group is not one's own."""

    group_id: int
    group_name: str | None
    first: date
    last: date | None
    is_guest: bool

    def on(self, day: date) -> bool:
        return covers(self.first, self.last, day)


# --- needs and health -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Needs:
    """Special needs, and what the child must not eat."""

    degree: SpecialNeeds
    degree_said: str
    note: str
    must_not_eat: str
    seen: str


def needs(child_id: int, today: date) -> Needs:
    """Two statements. The caller has put the opening on record."""
    row = db.session.scalars(select(Particulars).where(Particulars.child_id == child_id)).one_or_none()
    lines = db.session.scalars(
        select(MustNotEat.text)
        .where(MustNotEat.child_id == child_id, valid_on(MustNotEat, today))
        .order_by(MustNotEat.id)
    )
    degree = row.special_needs if row else SpecialNeeds.NONE
    note = row.needs_note if row else ""
    return Needs(degree, str(NEEDS[degree]), note, "; ".join(lines), needs_print(row))


# --- documents ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Document:
    """A file of the child's."""

    id: int
    title: str
    day: date
    file_name: str
    size: str
    entered_at: datetime
    entered_by: str


def files(child_id: int) -> list[Document]:
    """The newest first. One statement."""
    rows = db.session.execute(
        select(
            ChildFile.id,
            ChildFile.title,
            ChildFile.day,
            ChildFile.file_name,
            ChildFile.size,
            ChildFile.entered_at,
            ChildFile.entered_by,
        )
        .where(ChildFile.child_id == child_id, ChildFile.withdrawn_at.is_(None))
        .order_by(ChildFile.day.desc(), ChildFile.id.desc())
    )
    return [
        Document(row.id, row.title, row.day, row.file_name, size_words(row.size), row.entered_at, row.entered_by)
        for row in rows
    ]


# --- the payer's code -----------------------------------------------------------------------------------------------


def payer_code(child_id: int, today: date) -> str | None:
    """The child's code in accounting. One statement."""
    return db.session.scalar(select(PayerCode.code).where(PayerCode.child_id == child_id, valid_on(PayerCode, today)))


# --- personal codes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CodeOf:
    """Whose code it is, and whether there is one. `shown` only after the showing is on record."""

    of: str
    guardian_id: int | None
    whose: str
    code_id: int | None
    shown: str | None = None


@dataclass(frozen=True)
class Showing:
    """A code was shown to somebody."""

    at: datetime
    who: str
    whose: str


@dataclass(frozen=True)
class Codes:
    rows: list[CodeOf]
    showings: list[Showing]


#: how many showings a card tells of
LAST_SHOWINGS = 12


def codes(child_id: int, today: date) -> Codes:
    """Four statements; no code is read."""
    kept = {
        row.of: row.id
        for row in db.session.execute(select(PersonalCode.id, PersonalCode.of).where(PersonalCode.child_id == child_id))
    }
    child = db.session.execute(select(Child.first_name, Child.last_name).where(Child.id == child_id)).one()
    rows = [CodeOf(OF_CHILD, None, f"{child.first_name} {child.last_name}", kept.get(OF_CHILD))]
    for parent in db.session.execute(
        select(
            Guardian.id,
            Guardian.first_name,
            Guardian.last_name,
            Guardian.relation,
            Guardian.valid_from,
            Guardian.valid_to,
        )
        .where(Guardian.child_id == child_id)
        .order_by(Guardian.id)
    ):
        of = of_guardian(parent.id)
        if of in kept or covers(parent.valid_from, parent.valid_to, today):
            whose = f"{parent.first_name} {parent.last_name}, {RELATIONS[parent.relation]}"
            rows.append(CodeOf(of, parent.id, whose, kept.get(of)))
    return Codes(rows, _showings(child_id, rows))


def _showings(child_id: int, rows: Iterable[CodeOf]) -> list[Showing]:
    whose = {row.code_id: row.whose for row in rows}
    entries = db.session.execute(
        select(AuditEntry.at, AuditEntry.role, AuditEntry.row_id, User.first_name, User.last_name)
        .join(User, User.id == AuditEntry.user_id)
        .where(
            AuditEntry.child_id == child_id,
            AuditEntry.day.is_(None),  # by the child's index: of the codes there are those of the whole server
            AuditEntry.table_name == PersonalCode.__tablename__,
            AuditEntry.action == "shown",
        )
        .order_by(AuditEntry.id.desc())
        .limit(LAST_SHOWINGS)
    )
    return [
        Showing(
            row.at,
            signature(Role(row.role), row.first_name, row.last_name) if row.role else row.first_name,
            whose.get(row.row_id) or _("a code removed since"),
        )
        for row in entries
    ]


def with_shown(codes: Codes, child_id: int, code_id: int) -> Codes:
    """The same, with one code opened. Only after its showing was put on record and committed."""
    sealed = db.session.scalar(
        select(PersonalCode.sealed).where(PersonalCode.id == code_id, PersonalCode.child_id == child_id)
    )
    opened = unseal(sealed) if sealed else None
    return replace(codes, rows=[replace(row, shown=opened) if row.code_id == code_id else row for row in codes.rows])
