"""Who works here: entering, changing, leaving; their roles from-to. Log-ins come with the first role (A7, A10)."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts.models import LoginSession, Membership, User
from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.core.errors import BadInput, NotAllowed
from ediary.core.locks import held
from ediary.core.orders import Order
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.core.settled import one_at_a_time
from ediary.institutions import actions as institutions
from ediary.staff import queries, rules
from ediary.staff.models import Employee
from ediary.staff.roles import BY_ORDER, given_by
from ediary.staff.rules import Person, Term

# --- employees ------------------------------------------------------------------------------------------------------


def add_employee(person: Person, first: date, user_id: int | None = None) -> Employee:
    """Somebody works here from a day on. Raises BadInput for an e-mail address another employee has."""
    one_at_a_time()
    _refuse_same_email(person.email)
    employee = Employee(valid_from=first, user_id=user_id, **_values(person))
    db.session.add(employee)
    db.session.flush()
    return employee


def edit_employee(employee_id: int, person: Person, first: date) -> Employee:
    """Change what is written; the name stands in the log-in too, where it is ours. Raises BadInput, NotFound."""
    one_at_a_time()
    employee = queries.employee(employee_id)
    _refuse_same_email(person.email, employee_id)
    if employee.valid_to is not None and first > employee.valid_to:
        raise BadInput(_("The first day is after the last one."))
    for name, value in _values(person).items():
        setattr(employee, name, value)
    employee.valid_from = first
    if employee.user_id is not None and queries.is_of_this_house(employee.user_id):
        user = db.session.get_one(User, employee.user_id)
        user.first_name, user.last_name = employee.first_name, employee.last_name
    db.session.flush()
    return employee


def remove_employee(employee_id: int) -> None:
    """Somebody entered by mistake, who never had a log-in. Raises BadInput for anybody else."""
    employee = queries.employee(employee_id)
    if employee.user_id is not None:
        raise BadInput(
            _("This employee has a log-in: end the employment instead. What they did stays under their name.")
        )
    db.session.delete(employee)
    db.session.flush()


def _values(person: Person) -> dict[str, str]:
    return {
        "first_name": person.first_name.strip(),
        "last_name": person.last_name.strip(),
        "email": person.email.strip().lower(),
        "phone": person.phone.strip(),
        "position": person.position.strip(),
    }


def _refuse_same_email(email: str, besides: int | None = None) -> None:
    other = db.session.scalars(select(Employee).where(Employee.email == email.strip().lower())).one_or_none()
    if other is not None and other.id != besides:
        raise BadInput(
            _(
                "%(name)s has this e-mail address already. Every employee has their own.",
                name=f"{other.first_name} {other.last_name}",
            )
        )


def end_employment(employee_id: int, last_day: date) -> Employee:
    """The last day of work: roles end with it, those that would begin later are taken back (A9).

    Raises BadInput before the first day, and where no administrator would be left.
    """
    one_at_a_time()
    employee = queries.employee(employee_id)
    if last_day < employee.valid_from:
        raise BadInput(_("The last day is before the first, %(day)s.", day=employee.valid_from.isoformat()))
    for membership in queries.memberships(employee):
        if membership.valid_to is None or membership.valid_to > last_day:
            _end(membership, last_day)
    employee.valid_to = last_day
    db.session.flush()
    return employee


def employ_again(employee_id: int, first: date) -> Employee:
    """Somebody who left works here again from a day on, with the same log-in; roles are given anew."""
    employee = queries.employee(employee_id)
    if employee.valid_to is None:
        raise BadInput(_("This employee works here already."))
    if first <= employee.valid_to:
        employee.valid_to = None  # the end is taken back: there was no break
    else:
        employee.valid_from, employee.valid_to = first, None
    db.session.flush()
    return employee


# --- roles ----------------------------------------------------------------------------------------------------------


def give_role(employee_id: int, role: Role, term: Term, order: Order | None = None) -> Membership:
    """A role from-to; with the first one comes the log-in. Raises BadInput, NotAllowed, NotFound."""
    one_at_a_time()
    employee = queries.employee(employee_id)
    _refuse_giving(role)
    if role in BY_ORDER and order is None:
        raise BadInput(_("This role is given by the director's order: write its number and day."))
    if term.valid_to is not None and term.valid_to < term.valid_from:
        raise BadInput(_("The last day is before the first."))
    if rules.outside(Term(employee.valid_from, employee.valid_to), term):
        raise BadInput(_("A role cannot reach over the time this person works here."))
    same = [one for one in queries.memberships(employee) if one.role is role]
    taken = rules.clash((Term(one.valid_from, one.valid_to) for one in same), term)
    if taken is not None:
        raise BadInput(_("This person has this role already from %(day)s.", day=taken.valid_from.isoformat()))
    if employee.user_id is None:
        employee.user_id = credentials.make_login(employee.first_name, employee.last_name, employee.email).id
    membership = accounts.add_membership(employee.user_id, scope().institution_id, role, term.valid_from, term.valid_to)
    membership.order_id = institutions.order_id(order)
    db.session.flush()
    return membership


def end_role(employee_id: int, membership_id: int, last_day: date) -> Membership:
    """The role's last day: yesterday at the earliest, then access ends at once. Raises BadInput, NotAllowed."""
    one_at_a_time()
    membership = queries.membership(queries.employee(employee_id), membership_id)
    _refuse_giving(membership.role)
    if last_day < held().today - ONE_DAY:
        raise BadInput(_("A role can end yesterday at the earliest: until now it was held."))
    if membership.valid_to is not None and membership.valid_to < held().today:
        raise BadInput(_("This role has ended already."))
    _end(membership, last_day)
    db.session.flush()
    return membership


def _refuse_giving(role: Role) -> None:
    if role not in given_by(scope().role):
        raise NotAllowed(_("This role is given and ended by the director or an administrator. Nothing was changed."))


def _end(membership: Membership, last_day: date) -> None:
    """End it on a day. What has not begun by then is taken back, with the sessions opened in it."""
    if membership.role is Role.ADMINISTRATOR:
        _refuse_losing_the_last_administrator(membership, last_day)
    if membership.valid_from <= last_day:
        membership.valid_to = last_day
        return
    if membership.valid_from < held().today:
        membership.valid_to = membership.valid_from
        return
    for session in db.session.scalars(select(LoginSession).where(LoginSession.membership_id == membership.id)):
        db.session.delete(session)
    db.session.flush()
    db.session.delete(membership)


def _refuse_losing_the_last_administrator(membership: Membership, last_day: date) -> None:
    """Somebody who can log in must administer the day after."""
    after = max(last_day, held().today - ONE_DAY) + ONE_DAY
    others = [one for one in queries.administrators() if one.membership_id != membership.id]
    if membership.valid_to is not None and membership.valid_to < after:
        return
    if not rules.is_held((one.term for one in others), after):
        raise BadInput(
            _(
                "From %(day)s on the kindergarten would have no administrator who can log in. "
                "Give the role to somebody else first, and let them log in.",
                day=after.isoformat(),
            )
        )
