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

from flask_babel import gettext as _
from sqlalchemy import BindParameter, Date, Integer, bindparam, func, select
from sqlalchemy.orm import aliased

from ediary.accounts.models import LoginSession, Membership, SecondFactor, Slip, User
from ediary.accounts.queries import why_no_slip
from ediary.core import clock
from ediary.core.dates import ONE_DAY, covers
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import folded, name_key
from ediary.core.paging import Paged, page_in
from ediary.core.people import role_name
from ediary.core.permissions import Permission, Role
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group, GroupStaff
from ediary.groups.rules import Duty
from ediary.institutions.models import Document
from ediary.institutions.queries import OrderChoice, latest_orders
from ediary.staff import queries as staff
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


_HERE: BindParameter[int] = bindparam("institution_id", type_=Integer())
_EMPLOYEES = select(Employee, User.password_hash).outerjoin(User, User.id == Employee.user_id)
_ROLES_TODAY = (
    select(Membership.user_id, Membership.role)
    .where(
        Membership.institution_id == _HERE,
        Membership.role != Role.GUARDIAN,
        valid_on(Membership, bindparam("today", type_=Date())),
    )
    .order_by(Membership.valid_from, Membership.id)
)
_SLIPS = select(Slip.user_id, func.max(Slip.valid_until)).where(
    Slip.institution_id == _HERE, Slip.used_at.is_(None), Slip.ended_at.is_(None), Slip.valid_until > bindparam("now")
)


def people_page(show: Show, q: str, number: int) -> PeoplePage:
    """A page of the employees, by name. Four statements; all of the house are read: some hundreds in ten years."""
    today, here = clock.today(), scope().institution_id
    roles: dict[int, list[Role]] = defaultdict(list)
    for user_id, role in db.session.execute(_ROLES_TODAY, {"institution_id": here, "today": today}):
        roles[user_id].append(role)
    waiting = _SLIPS.group_by(Slip.user_id)
    slips = dict(db.session.execute(waiting, {"institution_id": here, "now": clock.now()}).all())
    everybody = [
        _listed(employee, password_hash, roles, slips) for employee, password_hash in db.session.execute(_EMPLOYEES)
    ]
    everybody.sort(key=lambda one: name_key(" ".join(reversed(one.name.split(" ", 1)))))
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
        access=_access(employee.user_id, password_hash, slip_until),
        slip_until=slip_until,
    )


def _access(user_id: int | None, password_hash: str | None, slip_until: datetime | None) -> Access:
    if user_id is None:
        return Access.NONE
    if slip_until is not None:
        return Access.SLIP
    return Access.READY if password_hash else Access.NO_SLIP


# --- one employee ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HeldRole:
    """A role from-to, with its order."""

    id: int
    role: Role
    label: str
    valid_from: date
    valid_to: date | None
    order_id: int | None
    order: str
    is_now: bool
    is_to_come: bool
    #: it may be ended, or taken back before it begins, by who looks
    can_end: bool

    @property
    def is_over(self) -> bool:
        return not (self.is_now or self.is_to_come)


@dataclass(frozen=True)
class InGroup:
    """Work in a group from-to, by order."""

    group_id: int
    group: str
    school_year: int
    duty: Duty
    valid_from: date
    valid_to: date | None
    order_id: int
    order: str
    #: whom they stand in for
    substitutes: str
    is_now: bool


@dataclass(frozen=True)
class LogIn:
    """How the person comes in."""

    user_id: int
    login: str
    access: Access
    slip_until: datetime | None
    last_seen: datetime | None
    has_second_factor: bool
    #: why no slip may be printed here, as a sentence
    no_slip: str


@dataclass(frozen=True)
class EmployeePage:
    """One employee."""

    today: date
    employee: Employee
    roles: list[HeldRole]
    groups: list[InGroup]
    log_in: LogIn | None
    #: roles that who looks may give
    offered: list[tuple[Role, str]]
    orders: list[OrderChoice]
    can_edit: bool
    can_print_slips: bool

    @property
    def name(self) -> str:
        return f"{self.employee.first_name} {self.employee.last_name}"

    @property
    def works(self) -> bool:
        """Works here today, or will."""
        return self.employee.valid_to is None or self.employee.valid_to >= self.today

    @property
    def ends(self) -> bool:
        """Works here still, and the last day is known."""
        return self.works and self.employee.valid_to is not None

    @property
    def yesterday(self) -> date:
        return self.today - ONE_DAY

    @property
    def by_order(self) -> list[str]:
        return [role.value for role in BY_ORDER]


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


@dataclass(frozen=True)
class EditPage:
    """The page on which an employee's data is changed."""

    employee: Employee

    @property
    def name(self) -> str:
        return f"{self.employee.first_name} {self.employee.last_name}"


def edit_page(employee_id: int) -> EditPage:
    """One employee. One statement. Raises NotFound."""
    return EditPage(staff.employee(employee_id))


def employee_page(employee_id: int) -> EmployeePage:
    """One employee with roles, groups and log-in. Eight statements. Raises NotFound."""
    today = clock.today()
    employee = staff.employee(employee_id)
    mine = scope()
    can_edit = mine.may(Permission.STAFF_WRITE)
    offered = [(role, role_name(role, employee.first_name)) for role in given_by(mine.role)] if can_edit else []
    return EmployeePage(
        today=today,
        employee=employee,
        roles=_roles(employee, {role for role, _label in offered}, today),
        groups=_groups(employee, today),
        log_in=_log_in(employee),
        offered=offered,
        orders=latest_orders() if can_edit else [],
        can_edit=can_edit,
        can_print_slips=mine.may(Permission.SLIP_PRINT),
    )


def _said(number: str | None, day: date | None) -> str:
    """Nr. V-12, 2026-11-20."""
    return "" if number is None or day is None else f"{number}, {day.isoformat()}"


def _roles(employee: Employee, may_end: set[Role], today: date) -> list[HeldRole]:
    """What they are first, then what they will be and what they were."""
    held = staff.memberships(employee)
    ids = {one.order_id for one in held} - {None}
    orders = {
        row.id: _said(row.number, row.day)
        for row in db.session.execute(select(Document.id, Document.number, Document.day).where(Document.id.in_(ids)))
    }
    found = [
        HeldRole(
            id=one.id,
            role=one.role,
            label=role_name(one.role, employee.first_name),
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            order_id=one.order_id,
            order=orders.get(one.order_id, "") if one.order_id else "",
            is_now=covers(one.valid_from, one.valid_to, today),
            is_to_come=one.valid_from > today,
            can_end=one.role in may_end and (one.valid_to is None or one.valid_to >= today),
        )
        for one in held
    ]
    return sorted(found, key=lambda one: (not one.is_now, not one.is_to_come, -one.valid_from.toordinal()))


_SUBSTITUTED = aliased(User)
_IN_GROUPS = (
    select(
        GroupStaff.group_id,
        Group.name,
        Group.school_year,
        GroupStaff.duty,
        GroupStaff.valid_from,
        GroupStaff.valid_to,
        GroupStaff.order_id,
        Document.number,
        Document.day,
        _SUBSTITUTED.first_name,
        _SUBSTITUTED.last_name,
    )
    .join(Group, Group.id == GroupStaff.group_id)
    .join(Document, Document.id == GroupStaff.order_id)
    .outerjoin(_SUBSTITUTED, _SUBSTITUTED.id == GroupStaff.substitutes_id)
    .where(GroupStaff.user_id == bindparam("user_id"))
    .order_by(GroupStaff.valid_from.desc(), GroupStaff.id.desc())
)


def _groups(employee: Employee, today: date) -> list[InGroup]:
    """Where they work now, then the others, the latest first."""
    if employee.user_id is None:
        return []
    found = [
        InGroup(
            group_id=row.group_id,
            group=row.name,
            school_year=row.school_year,
            duty=row.duty,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            order_id=row.order_id,
            order=_said(row.number, row.day),
            substitutes=f"{row.first_name} {row.last_name}" if row.first_name else "",
            is_now=covers(row.valid_from, row.valid_to, today),
        )
        for row in db.session.execute(_IN_GROUPS, {"user_id": employee.user_id})
    ]
    return sorted(found, key=lambda one: not one.is_now)


_LOG_IN = (
    select(User.login, User.password_hash, SecondFactor.confirmed_at)
    .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
    .where(User.id == bindparam("user_id"))
)
_LAST_SEEN = (
    select(func.max(LoginSession.seen_at))
    .join(Membership, Membership.id == LoginSession.membership_id)
    .where(LoginSession.user_id == bindparam("user_id"), Membership.institution_id == _HERE)
)


def _log_in(employee: Employee) -> LogIn | None:
    """How they come in; what they do in another kindergarten is not told here."""
    user_id = employee.user_id
    if user_id is None:
        return None
    asked = {"user_id": user_id, "institution_id": scope().institution_id}
    row = db.session.execute(_LOG_IN, asked).one()
    slips = db.session.execute(
        _SLIPS.where(Slip.user_id == bindparam("user_id")).group_by(Slip.user_id), asked | {"now": clock.now()}
    ).first()
    slip_until = slips[1] if slips else None
    try:
        no_slip = why_no_slip([user_id]).get(user_id, "")
    except NotFound:
        no_slip = _("There is no role today or to come: give one first.")
    return LogIn(
        user_id=user_id,
        login=row.login,
        access=_access(user_id, row.password_hash, slip_until),
        slip_until=slip_until,
        last_seen=db.session.scalar(_LAST_SEEN, asked),
        has_second_factor=row.confirmed_at is not None,
        no_slip=no_slip,
    )
