"""What is done to an employee and told to others: the leading roles are given and ended under the director's eyes."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from ediary.accounts.models import Membership
from ediary.core.orders import Order
from ediary.core.people import role_name
from ediary.core.permissions import Role
from ediary.groups import actions as groups
from ediary.notices import actions as notices
from ediary.staff import actions as staff
from ediary.staff import queries
from ediary.staff.models import Employee
from ediary.staff.roles import BY_ORDER
from ediary.staff.rules import Person, Term


def enter(person: Person, first: date, role: Role | None, order: Order | None, by: str) -> Employee:
    """A new employee, with the first role if one is named. `by`: role and name of who does it."""
    employee = staff.add_employee(person, first)
    if role is not None:
        give_role(employee.id, role, Term(first, None), order, by)
    return employee


def give_role(employee_id: int, role: Role, term: Term, order: Order | None, by: str) -> Membership:
    """A role from-to; the director is told of a leading one."""
    membership = staff.give_role(employee_id, role, term, order)
    if role in BY_ORDER:
        employee = queries.employee(employee_id)
        text = _("%(by)s gave a role: %(name)s is %(role)s.", by=by, **_said(employee, role))
        notices.tell_role(Role.DIRECTOR, text, _page(employee))
    return membership


def end_role(employee_id: int, membership_id: int, last_day: date, by: str) -> Membership:
    """A role's last day; the director is told of a leading one."""
    membership = staff.end_role(employee_id, membership_id, last_day)
    if membership.role in BY_ORDER:
        employee = queries.employee(employee_id)
        text = _("%(by)s ended a role: %(name)s is no longer %(role)s.", by=by, **_said(employee, membership.role))
        notices.tell_role(Role.DIRECTOR, text, _page(employee))
    return membership


def end(employee_id: int, last_day: date) -> Employee:
    """The last day of work: roles and work in groups end with it. What is handed over is checked in `handovers`."""
    employee = staff.end_employment(employee_id, last_day)
    if employee.user_id is not None:
        groups.end_assignments(employee.user_id, last_day)
    return employee


def _said(employee: Employee, role: Role) -> dict[str, str]:
    return {"name": f"{employee.first_name} {employee.last_name}", "role": role_name(role, employee.first_name)}


def _page(employee: Employee) -> str:
    return f"/people/{employee.id}"
