"""The pages: whose copy may be made, which were made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from ediary.children.models import Child, Guardian
from ediary.children.rules import is_found
from ediary.children.words import RELATIONS
from ediary.copies.contents import SHEETS
from ediary.copies.models import Copy, Format
from ediary.copies.subjects import Subject
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.paging import Paged, offset, page_of
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.staff.models import Employee

PAGE_SIZE = 30
#: of those found by a name, so many are shown
MOST_FOUND = 20


@dataclass(frozen=True)
class Made:
    """A copy that was made."""

    id: int
    name: str
    format: Format
    asked_by: str
    ground: str
    with_codes: bool
    with_health: bool
    made_at: datetime
    made_by: str
    sha256: str | None
    size: int | None


@dataclass(frozen=True)
class Found:
    """Somebody found by name."""

    id: int
    name: str
    about: str


@dataclass(frozen=True)
class IndexPage:
    """Who was sought and found, and the copies made."""

    sought: str
    children: list[Found]
    employees: list[Found]
    guardians: list[Found]
    made: Paged[Made]

    @property
    def is_found(self) -> bool:
        return bool(self.children or self.employees or self.guardians)


@dataclass(frozen=True)
class CopyPage:
    """Before a copy is made: whose, what will stand in it, which were made before."""

    subject: Subject
    parts: list[str]
    can_codes: bool
    can_health: bool
    is_own: bool
    made: list[Made]


_MADE: Any = select(
    Copy.id,
    Copy.name,
    Copy.format,
    Copy.asked_by,
    Copy.ground,
    Copy.with_codes,
    Copy.with_health,
    Copy.made_at,
    Copy.made_by,
    Copy.sha256,
    Copy.size,
).order_by(Copy.made_at.desc(), Copy.id.desc())


def index_page(sought: str, number: int) -> IndexPage:
    """All copies made in the house. One statement, and three more where somebody is sought."""
    rows = db.session.execute(_MADE.limit(PAGE_SIZE + 1).offset(offset(number, PAGE_SIZE)))
    made = page_of([Made(*row) for row in rows], number, PAGE_SIZE)
    if not sought:
        return IndexPage("", [], [], [], made)
    return IndexPage(sought, _children(sought), _employees(sought), _guardians(sought), made)


def _named(rows: Iterable[Found], sought: str) -> list[Found]:
    found = [row for row in rows if is_found(sought, row.name)]
    return sorted(found, key=lambda one: (name_key(one.name), one.id))[:MOST_FOUND]


def _children(sought: str) -> list[Found]:
    rows = db.session.execute(select(Child.id, Child.first_name, Child.last_name, Child.birth_date))
    return _named(
        (Found(row.id, f"{row.first_name} {row.last_name}", row.birth_date.isoformat()) for row in rows), sought
    )


def _employees(sought: str) -> list[Found]:
    rows = db.session.execute(select(Employee.id, Employee.first_name, Employee.last_name, Employee.position))
    return _named((Found(row.id, f"{row.first_name} {row.last_name}", row.position) for row in rows), sought)


def _guardians(sought: str) -> list[Found]:
    """A parent of several children by each of them: the copy is of all."""
    rows = db.session.execute(
        select(
            Guardian.id,
            Guardian.first_name,
            Guardian.last_name,
            Guardian.relation,
            Child.first_name.label("child_first"),
            Child.last_name.label("child_last"),
        ).join(Child, Child.id == Guardian.child_id)
    )
    return _named(
        (
            Found(
                row.id,
                f"{row.first_name} {row.last_name}",
                f"{RELATIONS[row.relation]}, {row.child_first} {row.child_last}",
            )
            for row in rows
        ),
        sought,
    )


def copy_page(subject: Subject, *, is_own: bool) -> CopyPage:
    """What the page before a copy says. One statement."""
    mine = _about(subject)
    rows: Iterable[Any] = db.session.execute(_MADE.where(or_(*mine)).limit(PAGE_SIZE)) if mine else ()
    sees = scope()
    return CopyPage(
        subject=subject,
        parts=[str(sheet.title) for sheet in SHEETS[subject.about].values()],
        can_codes=is_own or sees.may(Permission.PERSONAL_CODE_READ),
        can_health=is_own or sees.may(Permission.HEALTH_READ),
        is_own=is_own,
        made=[Made(*row) for row in rows],
    )


def _about(subject: Subject) -> list[Any]:
    """Which copies are of this child or person."""
    found: list[Any] = []
    if subject.child_id is not None:
        found.append(Copy.child_id == subject.child_id)
    if subject.user_id is not None:
        found.append(Copy.user_id == subject.user_id)
    if subject.employee_ids:
        found.append(Copy.employee_id.in_(subject.employee_ids))
    if subject.guardian_ids:
        found.append(Copy.guardian_id.in_(subject.guardian_ids))
    return found
