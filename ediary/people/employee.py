"""One employee as a page: roles, groups, log-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from ediary.accounts.models import LoginSession, Membership, SecondFactor, Slip, User
from ediary.accounts.queries import why_no_slip
from ediary.core import clock
from ediary.core.dates import ONE_DAY, covers
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.people import role_name
from ediary.core.permissions import Permission, Role
from ediary.core.session import scope
from ediary.groups.models import Group, GroupStaff
from ediary.groups.rules import Duty
from ediary.institutions.models import Document
from ediary.institutions.queries import OrderChoice, latest_orders
from ediary.people.queries import HERE, WAITING_SLIPS, Access, access_of
from ediary.staff import queries as staff
from ediary.staff.models import Employee
from ediary.staff.roles import BY_ORDER, given_by


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
    can_check_leavers: bool
    can_copy: bool

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
    def leaves_records(self) -> bool:
        """Worked in a group: what they wrote there goes to a successor."""
        return bool(self.groups)

    @property
    def last_day(self) -> date:
        """The last day of work, as far as it is known."""
        return self.employee.valid_to or self.today

    @property
    def yesterday(self) -> date:
        return self.today - ONE_DAY

    @property
    def by_order(self) -> list[str]:
        return [role.value for role in BY_ORDER]


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
        can_check_leavers=mine.may(Permission.LEAVER_CHECK),
        can_copy=mine.may(Permission.PERSON_COPY),
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
    .where(LoginSession.user_id == bindparam("user_id"), Membership.institution_id == HERE)
)


def _log_in(employee: Employee) -> LogIn | None:
    """How they come in; what they do in another kindergarten is not told here."""
    user_id = employee.user_id
    if user_id is None:
        return None
    asked = {"user_id": user_id, "institution_id": scope().institution_id}
    row = db.session.execute(_LOG_IN, asked).one()
    slips = db.session.execute(
        WAITING_SLIPS.where(Slip.user_id == bindparam("user_id")).group_by(Slip.user_id), asked | {"now": clock.now()}
    ).first()
    slip_until = slips[1] if slips else None
    try:
        no_slip = why_no_slip([user_id]).get(user_id, "")
    except NotFound:
        no_slip = _("There is no role today or to come: give one first.")
    return LogIn(
        user_id=user_id,
        login=row.login,
        access=access_of(user_id, row.password_hash, slip_until),
        slip_until=slip_until,
        last_seen=db.session.scalar(_LAST_SEEN, asked),
        has_second_factor=row.confirmed_at is not None,
        no_slip=no_slip,
    )
