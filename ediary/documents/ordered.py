"""What an order orders: every row that refers to a document, said in one line each.

The areas that are ordered about lie below; a table that comes to refer to a document gets its line here, and a test
asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Executable, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ediary.accounts.models import Membership, User
from ediary.acts.models import Act
from ediary.children.models import Child, Departure, Enrolment, Visit
from ediary.core.dates import school_year_of
from ediary.core.db import Base, db
from ediary.core.people import role_name
from ediary.core.session import scope
from ediary.groups.models import Group, GroupMerge, GroupStaff
from ediary.groups.rules import Duty
from ediary.handovers.models import LeaverCheck
from ediary.institutions.models import Document
from ediary.staff.models import Employee
from ediary.transfers.models import TemporaryLeave
from ediary.transfers.words import KINDS, REASONS
from ediary.workdays.models import Closure, ExtraDay


@dataclass(frozen=True)
class Line:
    """One thing ordered: about whom or what, and what; where it is to be seen."""

    about: str
    text: str
    endpoint: str = ""
    arguments: tuple[tuple[str, Any], ...] = ()

    @property
    def to(self) -> dict[str, Any]:
        return dict(self.arguments)


@dataclass(frozen=True)
class Part:
    """Things of one kind."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Kind:
    """How rows of one kind are read and said."""

    #: the columns that refer to the document
    refers: tuple[InstrumentedAttribute[Any], ...]
    title: Callable[[], str]
    statement: Executable
    lines: Callable[[Sequence[Any]], list[Line]]
    #: the table is not narrowed by the fence
    is_unscoped: bool = False


_ORDER: Any = bindparam("document_id")


def ordered(document_id: int) -> list[Part]:
    """What a document orders, kind by kind; kinds of which there is nothing are left out. A statement a kind."""
    parts = []
    for kind in KINDS_OF_ROWS:
        asked = {"document_id": document_id}
        if kind.is_unscoped:
            asked["institution_id"] = scope().institution_id
        lines = tuple(kind.lines(db.session.execute(kind.statement, asked).all()))
        if lines:
            parts.append(Part(kind.title(), lines))
    return parts


def term(first: date, last: date | None) -> str:
    """2026-09-01 – 2026-12-31; from 2026-09-01; 2026-09-01."""
    if last is None:
        return _("from %(day)s", day=first.isoformat())
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"


def referring() -> Iterable[tuple[str, str]]:
    """(table, column) of all that refers to a document."""
    for table in Base.metadata.tables.values():
        for column in table.c:
            if any(key.column.table.name == Document.__tablename__ for key in column.foreign_keys):
                yield table.name, column.name


# --- people ---------------------------------------------------------------------------------------------------------


def _employee(employee_id: int | None) -> dict[str, Any]:
    if employee_id is None:
        return {}
    return {"endpoint": "people.employee", "arguments": (("employee_id", employee_id),)}


def _membership(row: Any) -> Line:
    return Line(
        f"{row.first_name} {row.last_name}",
        f"{role_name(row.role, row.first_name)}, {term(row.valid_from, row.valid_to)}",
        **_employee(row.employee_id),
    )


_MEMBERSHIPS = (
    select(
        Membership.role,
        Membership.valid_from,
        Membership.valid_to,
        User.first_name,
        User.last_name,
        Employee.id.label("employee_id"),
    )
    .join(User, User.id == Membership.user_id)
    .outerjoin(Employee, Employee.user_id == User.id)
    .where(Membership.order_id == _ORDER, Membership.institution_id == bindparam("institution_id"))
    .order_by(Membership.valid_from, Membership.id)
)

_SUBSTITUTED = aliased(User)


def _assignment(row: Any) -> Line:
    what = row.group
    if row.instead_first:
        what = _("%(group)s, stands in for %(name)s", group=row.group, name=f"{row.instead_first} {row.instead_last}")
    elif row.duty is Duty.SPECIALIST:
        what = _("%(group)s, specialist", group=row.group)
    return Line(
        f"{row.first_name} {row.last_name}",
        f"{what}, {term(row.valid_from, row.valid_to)}",
        **_employee(row.employee_id),
    )


_ASSIGNMENTS = (
    select(
        GroupStaff.duty,
        GroupStaff.valid_from,
        GroupStaff.valid_to,
        User.first_name,
        User.last_name,
        Group.name.label("group"),
        Employee.id.label("employee_id"),
        _SUBSTITUTED.first_name.label("instead_first"),
        _SUBSTITUTED.last_name.label("instead_last"),
    )
    .join(User, User.id == GroupStaff.user_id)
    .join(Group, Group.id == GroupStaff.group_id)
    .outerjoin(Employee, Employee.user_id == User.id)
    .outerjoin(_SUBSTITUTED, _SUBSTITUTED.id == GroupStaff.substitutes_id)
    .where(GroupStaff.order_id == _ORDER)
    .order_by(GroupStaff.valid_from, GroupStaff.id)
)


def _leaver(row: Any) -> Line:
    return Line(
        f"{row.first_name} {row.last_name}",
        _("last day of work %(day)s", day=row.last_day.isoformat()),
        **_employee(row.employee_id),
    )


_LEAVERS = (
    select(LeaverCheck.employee_id, LeaverCheck.last_day, Employee.first_name, Employee.last_name)
    .join(Employee, Employee.id == LeaverCheck.employee_id)
    .where(LeaverCheck.order_id == _ORDER)
    .order_by(LeaverCheck.id)
)


# --- children -------------------------------------------------------------------------------------------------------


def _of_child(model: Any, *columns: Any) -> Select[Any]:
    return (
        select(model.child_id, Child.first_name, Child.last_name, *columns)
        .join(Child, Child.id == model.child_id)
        .where(model.order_id == _ORDER)
    )


def _child(row: Any, text: str, endpoint: str = "cards.card", key: str = "child_id", value: int | None = None) -> Line:
    to = row.child_id if value is None else value
    return Line(f"{row.first_name} {row.last_name}", text, endpoint, ((key, to),))


_OWN = func.coalesce(Enrolment.home_id, Enrolment.group_id)
_PLACES = (
    select(
        Enrolment.child_id,
        Child.first_name,
        Child.last_name,
        Group.name.label("group"),
        Enrolment.valid_from,
        Enrolment.valid_to,
    )
    .join(Child, Child.id == Enrolment.child_id)
    .join(Group, Group.id == _OWN)
    .where(or_(and_(Enrolment.home_id.is_(None), Enrolment.order_id == _ORDER), Enrolment.home_order_id == _ORDER))
    .order_by(Enrolment.valid_from, Enrolment.id)
)


def _places(rows: Sequence[Any]) -> list[Line]:
    """A child's own place in one line, also where visits and merged groups have cut it in pieces."""
    found: dict[tuple[int, str], tuple[Any, date | None]] = {}
    for row in rows:
        first, _until = found.get((row.child_id, row.group), (row, None))
        found[row.child_id, row.group] = (first, row.valid_to)
    return [_child(row, f"{row.group}, {term(row.valid_from, last)}") for row, last in found.values()]


def _visit(row: Any) -> Line:
    return _child(row, _("%(group)s, as a guest, %(term)s", group=row.group, term=term(row.first, row.last)))


_VISITS = (
    _of_child(Visit, Visit.first, Visit.last, Group.name.label("group"))
    .join(Group, Group.id == Visit.group_id)
    .order_by(Visit.first, Visit.id)
)


def _departure(row: Any) -> Line:
    said = _("last day %(day)s, %(reason)s", day=row.day.isoformat(), reason=str(REASONS[row.reason]))
    return _child(row, said, "transfers.departure", "departure_id", row.id)


_DEPARTURES = _of_child(Departure, Departure.id, Departure.day, Departure.reason).order_by(Departure.day, Departure.id)


def _leave(row: Any) -> Line:
    return _child(row, f"{KINDS[row.kind]}, {term(row.valid_from, row.valid_to)}")


_LEAVES = _of_child(TemporaryLeave, TemporaryLeave.kind, TemporaryLeave.valid_from, TemporaryLeave.valid_to).order_by(
    TemporaryLeave.valid_from, TemporaryLeave.id
)


# --- the house ------------------------------------------------------------------------------------------------------

_INTO = aliased(Group)


def _merge(row: Any) -> Line:
    said = _("together with %(group)s, %(term)s", group=row.into, term=term(row.first, row.last))
    return Line(row.group, said, "groups.group", (("group_id", row.group_id),))


_MERGES = (
    select(GroupMerge.group_id, GroupMerge.first, GroupMerge.last, Group.name.label("group"), _INTO.name.label("into"))
    .join(Group, Group.id == GroupMerge.group_id)
    .join(_INTO, _INTO.id == GroupMerge.into_id)
    .where(GroupMerge.order_id == _ORDER)
    .order_by(GroupMerge.first, GroupMerge.id)
)


def _of_calendar(about: str, text: str, day: date) -> Line:
    return Line(about, text, "workdays.year", (("year", school_year_of(day)),))


def _closure(row: Any) -> Line:
    said = f"{term(row.first, row.last)}, {row.reason}"
    return _of_calendar(row.group or _("The whole kindergarten"), said, row.first)


_CLOSURES = (
    select(Closure.first, Closure.last, Closure.reason, Group.name.label("group"))
    .outerjoin(Group, Group.id == Closure.group_id)
    .where(Closure.order_id == _ORDER)
    .order_by(Closure.first, Closure.id)
)


def _extra(row: Any) -> Line:
    return _of_calendar(row.day.isoformat(), row.reason, row.day)


_EXTRAS = select(ExtraDay.day, ExtraDay.reason).where(ExtraDay.order_id == _ORDER).order_by(ExtraDay.day)


def _act(row: Any) -> Line:
    about = _("Act No. %(number)s", number=f"{row.year}-{row.number}")
    return Line(about, row.group or _("The whole kindergarten"), "acts.act", (("act_id", row.id),))


_ACTS = (
    select(Act.id, Act.year, Act.number, Group.name.label("group"))
    .outerjoin(Group, Group.id == Act.group_id)
    .where(Act.document_id == _ORDER)
    .order_by(Act.id)
)


def _each(line: Callable[[Any], Line]) -> Callable[[Sequence[Any]], list[Line]]:
    """A line a row."""
    return lambda rows: [line(row) for row in rows]


KINDS_OF_ROWS: tuple[_Kind, ...] = (
    _Kind((Membership.order_id,), lambda: _("Appointed"), _MEMBERSHIPS, _each(_membership), is_unscoped=True),
    _Kind((GroupStaff.order_id,), lambda: _("Assigned to groups"), _ASSIGNMENTS, _each(_assignment)),
    _Kind((LeaverCheck.order_id,), lambda: _("Employees who leave"), _LEAVERS, _each(_leaver)),
    _Kind((Enrolment.order_id, Enrolment.home_order_id), lambda: _("Children's places"), _PLACES, _places),
    _Kind((Visit.order_id,), lambda: _("Children as guests"), _VISITS, _each(_visit)),
    _Kind((Departure.order_id,), lambda: _("Children who leave"), _DEPARTURES, _each(_departure)),
    _Kind((TemporaryLeave.order_id,), lambda: _("Children away for a time"), _LEAVES, _each(_leave)),
    _Kind((GroupMerge.order_id,), lambda: _("Merged groups"), _MERGES, _each(_merge)),
    _Kind((Closure.order_id,), lambda: _("Days closed"), _CLOSURES, _each(_closure)),
    _Kind((ExtraDay.order_id,), lambda: _("Extra working days"), _EXTRAS, _each(_extra)),
    _Kind((Act.document_id,), lambda: _("Acts of data change"), _ACTS, _each(_act)),
)
