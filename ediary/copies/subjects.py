"""Whose data a copy holds: a child, or a person with all their rows in this institution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from ediary.accounts.models import User
from ediary.children.models import Child, Guardian
from ediary.children.rules import Relation
from ediary.copies.columns import About
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.slips.rules import Relative, rows_of
from ediary.staff.models import Employee


@dataclass(frozen=True)
class Subject:
    """The ids of all rows that are this child or this person."""

    about: About
    name: str
    child_id: int | None = None
    user_id: int | None = None
    employee_ids: tuple[int, ...] = ()
    guardian_ids: tuple[int, ...] = ()


def child(child_id: int) -> Subject:
    """A child one may see. Raises NotFound."""
    row = db.session.execute(select(Child.first_name, Child.last_name).where(Child.id == child_id)).first()
    if row is None:
        raise NotFound
    return Subject(About.CHILD, f"{row.first_name} {row.last_name}", child_id=child_id)


def employee(employee_id: int) -> Subject:
    """An employee, and whatever else they are here. Raises NotFound."""
    row = db.session.execute(
        select(Employee.id, Employee.first_name, Employee.last_name, Employee.user_id).where(Employee.id == employee_id)
    ).first()
    if row is None:
        raise NotFound
    name = f"{row.first_name} {row.last_name}"
    return _person(name, row.user_id, [row.id], [])


def guardian(guardian_id: int) -> Subject:
    """A parent, at all their children. Raises NotFound."""
    row = db.session.scalars(select(Guardian).where(Guardian.id == guardian_id)).one_or_none()
    if row is None:
        raise NotFound
    alike = db.session.scalars(
        select(Guardian).where(Guardian.last_name == row.last_name, Guardian.first_name == row.first_name)
    ).all()
    own = rows_of(_relative(row), map(_relative, alike))
    user_id = next((one.user_id for one in own if one.user_id is not None), None)
    return _person(f"{row.first_name} {row.last_name}", user_id, [], [one.id for one in own])


def oneself() -> Subject:
    """The person of this session."""
    user_id = scope().user_id
    row = db.session.execute(select(User.first_name, User.last_name).where(User.id == user_id)).one()
    return _person(f"{row.first_name} {row.last_name}", user_id, [], [])


def own_child(child_id: int) -> tuple[Subject, bool]:
    """One's own child, and whether one is its parent or guardian by law: only those ask for its data. NotFound."""
    found = child(child_id)
    relation = db.session.scalar(
        select(Guardian.relation).where(
            Guardian.child_id == child_id, Guardian.user_id == scope().user_id, valid_on(Guardian, clock.today())
        )
    )
    if relation is None:
        raise NotFound
    return found, relation is not Relation.OTHER


def _relative(row: Guardian) -> Relative:
    return Relative(row.id, f"{row.first_name} {row.last_name}", row.email, row.phone, row.user_id)


def _person(name: str, user_id: int | None, employees: Sequence[int], guardians: Sequence[int]) -> Subject:
    """With the log-in come all rows of the same person."""
    if user_id is not None:
        employees = [*employees, *db.session.scalars(select(Employee.id).where(Employee.user_id == user_id))]
        mine = select(Guardian.id).where(or_(Guardian.user_id == user_id, Guardian.id.in_(guardians)))
        guardians = list(db.session.scalars(mine))
    return Subject(
        About.PERSON,
        name,
        user_id=user_id,
        employee_ids=tuple(sorted(set(employees))),
        guardian_ids=tuple(sorted(set(guardians))),
    )
