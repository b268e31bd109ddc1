"""Who works here, as pages: the list, and one employee with roles, groups and log-in.

The pages stand high in the house because they show what higher areas know of an employee; the employees themselves
are `staff`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BindParameter, Date, Integer, bindparam, func, select

from ediary.accounts.models import Membership, Slip, User
from ediary.core import clock
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.i18n import folded, name_key
from ediary.core.paging import Paged, page_in
from ediary.core.people import role_name
from ediary.core.permissions import Permission, Role
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.institutions.queries import OrderChoice, latest_orders
from ediary.staff.models import Employee
from ediary.staff.roles import BY_ORDER, given_by

PAGE_SIZE = 50


class Access(StrEnum):
    """Can the person come in?"""

    NONE = "none"  # no log-in: no role was given yet
    NO_SLIP = "no_slip"  # a log-in, but neither a password nor a slip that makes one
    SLIP = "slip"  # a slip is printed, and waits
    READY = "ready"  # has chosen a password


class Show(StrEnum):
    """Which employees the list shows."""

    WORKING = "working"
    NOT_IN = "not_in"
    GONE = "gone"
    ALL = "all"


@dataclass(frozen=True)
class Listed:
    """An employee as the list prints them."""

    id: int
    name: str
    position: str
    email: str
    phone: str
    valid_from: date
    valid_to: date | None
    #: what they are today, said in their gender
    roles: tuple[str, ...]
    access: Access
    slip_until: datetime | None

    def on(self, day: date) -> bool:
        return covers(self.valid_from, self.valid_to, day)

    def is_shown(self, show: Show, today: date) -> bool:
        works = self.valid_to is None or self.valid_to >= today
        return {
            Show.WORKING: works,
            Show.NOT_IN: works and self.access is not Access.READY,
            Show.GONE: not works,
            Show.ALL: True,
        }[show]

    def has(self, words: Sequence[str]) -> bool:
        """Is each word somewhere in the name, position, address or roles?"""
        text = folded(" ".join((self.name, self.position, self.email, self.phone, *self.roles)))
        return all(word in text for word in words)


@dataclass(frozen=True)
class PeoplePage:
    """The list of employees."""

    today: date
    people: Paged[Listed]
    #: how many each choice would show
    counts: dict[Show, int]
    show: Show
    q: str
    can_edit: bool

    @property
    def is_new(self) -> bool:
        """Nobody is entered at all."""
        return self.counts[Show.ALL] == 0


HERE: BindParameter[int] = bindparam("institution_id", type_=Integer())
_EMPLOYEES = select(Employee, User.password_hash).outerjoin(User, User.id == Employee.user_id)
_ROLES_TODAY = (
    select(Membership.user_id, Membership.role)
    .where(
        Membership.institution_id == HERE,
        Membership.role != Role.GUARDIAN,
        valid_on(Membership, bindparam("today", type_=Date())),
    )
    .order_by(Membership.valid_from, Membership.id)
)
WAITING_SLIPS = select(Slip.user_id, func.max(Slip.valid_until)).where(
    Slip.institution_id == HERE, Slip.used_at.is_(None), Slip.ended_at.is_(None), Slip.valid_until > bindparam("now")
)


def people_page(show: Show, q: str, number: int) -> PeoplePage:
    """A page of the employees, by name. Four statements; all of the house are read: some hundreds in ten years."""
    today, here = clock.today(), scope().institution_id
    roles: dict[int, list[Role]] = defaultdict(list)
    for user_id, role in db.session.execute(_ROLES_TODAY, {"institution_id": here, "today": today}):
        roles[user_id].append(role)
    waiting = WAITING_SLIPS.group_by(Slip.user_id)
    slips = dict(db.session.execute(waiting, {"institution_id": here, "now": clock.now()}).all())
    rows = sorted(db.session.execute(_EMPLOYEES), key=lambda row: name_key(f"{row[0].last_name} {row[0].first_name}"))
    everybody = [_listed(employee, password_hash, roles, slips) for employee, password_hash in rows]
    words = folded(q).split()
    found = [one for one in everybody if one.has(words)] if words else everybody
    return PeoplePage(
        today=today,
        people=page_in([one for one in found if one.is_shown(show, today)], number, PAGE_SIZE),
        counts={which: sum(one.is_shown(which, today) for one in everybody) for which in Show},
        show=show,
        q=q,
        can_edit=scope().may(Permission.STAFF_WRITE),
    )


def _listed(
    employee: Employee, password_hash: str | None, roles: dict[int, list[Role]], slips: dict[int, datetime]
) -> Listed:
    held = roles.get(employee.user_id, []) if employee.user_id is not None else []
    slip_until = slips.get(employee.user_id) if employee.user_id is not None else None
    return Listed(
        id=employee.id,
        name=f"{employee.first_name} {employee.last_name}",
        position=employee.position,
        email=employee.email,
        phone=employee.phone,
        valid_from=employee.valid_from,
        valid_to=employee.valid_to,
        roles=tuple(dict.fromkeys(role_name(role, employee.first_name) for role in held)),
        access=access_of(employee.user_id, password_hash, slip_until),
        slip_until=slip_until,
    )


def access_of(user_id: int | None, password_hash: str | None, slip_until: datetime | None) -> Access:
    if user_id is None:
        return Access.NONE
    if slip_until is not None:
        return Access.SLIP
    return Access.READY if password_hash else Access.NO_SLIP


# --- somebody new ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewPage:
    """The page on which an employee is entered."""

    today: date
    offered: list[tuple[Role, str]]
    orders: list[OrderChoice]

    @property
    def by_order(self) -> list[str]:
        return [role.value for role in BY_ORDER]


def new_page() -> NewPage:
    """What may be chosen for somebody new. One statement."""
    roles = [(role, role_name(role, "")) for role in given_by(scope().role)]
    return NewPage(clock.today(), roles, latest_orders())
