"""Short ways to make rows in tests, through the program's own actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts.passwords import hash_password
from ediary.children import actions as children
from ediary.children import family
from ediary.children.rules import ConsentKind, Relation
from ediary.core.dates import school_year_of, school_year_span
from ediary.core.locks import write_transaction
from ediary.core.people import role_name
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.groups import actions as groups
from ediary.groups.rules import AgeBand
from ediary.institutions import actions as institutions
from ediary.meals import actions as meals
from ediary.staff import actions as staff
from ediary.staff.roles import OF_EMPLOYEES
from ediary.staff.rules import Person
from ediary.workdays import actions as workdays

if TYPE_CHECKING:
    from tests.cast import Cast


def institution(name: str, code: str, first: date) -> int:
    """An institution with settings and the stored calendar of two school years."""
    with write_transaction():
        institution_id = institutions.create(name, code).id
    with acting_for(institution_id), write_transaction():
        institutions.settle(first)
        year = school_year_of(first)
        workdays.store_calendar(school_year_span(year)[0], school_year_span(year + 1)[1])
    return institution_id


def person(
    institution_id: int, login: str, first_name: str, last_name: str, role: Role, first: date, password: str
) -> int:
    """A log-in with one role; who works there is an employee too."""
    with acting_for(institution_id):
        password_hash = hash_password(password)
        with write_transaction():
            user = credentials.add_user(login, first_name, last_name, password_hash)
            accounts.add_membership(user.id, institution_id, role, first)
            if role in OF_EMPLOYEES:
                work = Person(first_name, last_name, f"{login}@darzelis.example", position=role_name(role, first_name))
                staff.add_employee(work, first, user.id)
        return user.id


def group(
    cast: Cast,
    name: str,
    band: AgeBand,
    names: Sequence[tuple[str, str]],
    *,
    teacher: str,
    first: date,
    meal_kinds: Sequence[int] | None = None,
) -> int:
    """A group with its teacher and children, who eat everything. Run inside `acting_for`."""
    with write_transaction():
        made = groups.add_group(school_year_of(first), name, band)
        groups.assign(made.id, cast.users[teacher], first, order("V-1", first))
        cast.groups[name] = made.id
        cast.children[name] = [
            child(made.id, first_name, last_name, first, meal_kinds or list(cast.meals.values()))
            for first_name, last_name in names
        ]
        return made.id


def order(number: str, day: date) -> int:
    """A director's order. Run inside a write transaction."""
    return institutions.order(number, day, "").id


def child(
    group_id: int,
    first_name: str,
    last_name: str,
    first: date,
    meal_kinds: Sequence[int],
    *,
    born: date = date(2022, 3, 14),
    last: date | None = None,
) -> int:
    """A child with a place and orders from a day on. Run inside a write transaction."""
    made = children.add_child(first_name, last_name, born)
    children.enrol(made.id, group_id, first, last)
    meals.order_meals(made.id, list(meal_kinds), first)
    return made.id


def guardian(child_id: int, first_name: str, last_name: str, first: date, *, user_id: int | None = None) -> int:
    """A parent of a child from a day on. Run inside a write transaction."""
    return children.add_guardian(child_id, Relation.FATHER, first_name, last_name, first, user_id=user_id).id


def consent(child_id: int, kind: ConsentKind, first: date, *, is_given: bool = True, last: date | None = None) -> int:
    """What a parent answered on the day it holds from. Run inside a write transaction."""
    made = family.answer_consent(
        child_id, kind, is_given=is_given, said_by="mama", said_on=first, valid_from=first, valid_to=last
    )
    return made.id
