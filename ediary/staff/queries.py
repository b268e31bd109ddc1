"""Employees and their roles. Memberships are not narrowed by the fence: what is asked of them names the institution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, select

from ediary.accounts.models import Membership, User
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.staff.models import Employee
from ediary.staff.rules import Term


@dataclass(frozen=True)
class Working:
    """An employee as others choose them: a log-in is there from the first role on."""

    id: int
    user_id: int | None
    first_name: str
    last_name: str
    position: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


_WORKING = select(Employee.id, Employee.user_id, Employee.first_name, Employee.last_name, Employee.position).where(
    valid_on(Employee, bindparam("day", type_=Date()))
)


def working(day: date) -> list[Working]:
    """Everybody who works here on a day, by name. One statement."""
    rows = db.session.execute(_WORKING, {"day": day})
    return sorted((Working(*row) for row in rows), key=lambda one: name_key(f"{one.last_name} {one.first_name}"))


def employee(employee_id: int) -> Employee:
    """The employee. Raises NotFound."""
    found = db.session.scalars(select(Employee).where(Employee.id == employee_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def employee_of(user_id: int) -> Employee | None:
    """The employee who logs in so."""
    return db.session.scalars(select(Employee).where(Employee.user_id == user_id)).one_or_none()


def memberships(of: Employee) -> list[Membership]:
    """All the roles an employee ever held in this institution, but a parent's; the earliest first."""
    if of.user_id is None:
        return []
    return list(
        db.session.scalars(
            select(Membership)
            .where(
                Membership.user_id == of.user_id,
                Membership.institution_id == scope().institution_id,
                Membership.role != Role.GUARDIAN,
            )
            .order_by(Membership.valid_from, Membership.id)
        )
    )


def membership(of: Employee, membership_id: int) -> Membership:
    """One of an employee's roles. Raises NotFound."""
    found = next((one for one in memberships(of) if one.id == membership_id), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Administrator:
    """A term in which somebody who has chosen a password administers."""

    membership_id: int
    term: Term


def administrators() -> list[Administrator]:
    """Those of this institution, of all times."""
    rows = db.session.execute(
        select(Membership.id, Membership.valid_from, Membership.valid_to)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.institution_id == scope().institution_id,
            Membership.role == Role.ADMINISTRATOR,
            User.password_hash != "",
        )
    )
    return [Administrator(row.id, Term(row.valid_from, row.valid_to)) for row in rows]


def is_of_this_house(user_id: int) -> bool:
    """Is a log-in this institution's own: made here, or known nowhere else now?"""
    here = scope().institution_id
    if db.session.scalar(select(User.made_by_id).where(User.id == user_id)) == here:
        return True
    elsewhere = select(Membership.id).where(
        Membership.user_id == user_id, Membership.institution_id != here, valid_on(Membership, clock.today())
    )
    return db.session.scalar(elsewhere) is None
