"""The first steps of a new institution, and every September's: what is done, what comes next (issue 3, 7).

The state of each step is read from the diary itself; what is delivered good for many counts once somebody has looked
at it. Two statements for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, exists, func, or_, select

from ediary.absences.models import AbsenceReason
from ediary.accounts.models import Membership, PledgeText, Slip, User
from ediary.children.models import Enrolment, Guardian
from ediary.core import clock
from ediary.core.dates import school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.permissions import Role
from ediary.core.points import LockRule
from ediary.core.session import here_or_coming, scope
from ediary.core.spans import valid_on
from ediary.core.types import UTCDateTime
from ediary.groups.models import Group, GroupStaff
from ediary.groups.rules import Duty
from ediary.home.models import Delivered, LookedAt
from ediary.institutions.models import Institution
from ediary.meals.models import MealKind
from ediary.registers.models import Import
from ediary.registers.rules import Kind
from ediary.staff.models import Employee
from ediary.workdays.models import CalendarDay, DeadlineRule

#: with less of the calendar stored, it is extended before somebody meets its end
CALENDAR_IS_SHORT = timedelta(days=120)


class Step(StrEnum):
    """In the order in which they are taken."""

    INSTITUTION = "institution"
    CALENDAR = "calendar"
    DEADLINES = "deadlines"
    REASONS = "reasons"
    MEALS = "meals"
    PLEDGE = "pledge"
    GROUPS = "groups"
    EMPLOYEES = "employees"
    EDUCATORS = "educators"
    CHILDREN = "children"
    PARENTS = "parents"
    ADMINISTRATORS = "administrators"
    STAFF_SLIPS = "staff_slips"
    PARENT_SLIPS = "parent_slips"
    REGISTERS = "registers"


#: where each step is taken
ENDPOINTS: dict[Step, str] = {
    Step.INSTITUTION: "settings.institution",
    Step.CALENDAR: "workdays.index",
    Step.DEADLINES: "workdays.deadlines",
    Step.REASONS: "absences.reasons",
    Step.MEALS: "meals.index",
    Step.PLEDGE: "accounts.pledge_text",
    Step.GROUPS: "groups.index",
    Step.EMPLOYEES: "people.index",
    Step.EDUCATORS: "groups.index",
    Step.CHILDREN: "children.index",
    Step.PARENTS: "children.no_access",
    Step.ADMINISTRATORS: "people.index",
    Step.STAFF_SLIPS: "slips.index",
    Step.PARENT_SLIPS: "slips.index",
    Step.REGISTERS: "registers.index",
}
#: steps that are done by looking
LOOKING = {
    Step.DEADLINES: Delivered.DEADLINES,
    Step.REASONS: Delivered.REASONS,
    Step.PLEDGE: Delivered.PLEDGE,
}


@dataclass(frozen=True)
class State:
    """A step: is it done, and what the diary says about it."""

    step: Step
    title: str
    said: str
    is_done: bool

    @property
    def endpoint(self) -> str:
        return ENDPOINTS[self.step]

    @property
    def by_looking(self) -> Delivered | None:
        """What is confirmed by a button, where nothing needs to be changed."""
        return None if self.is_done else LOOKING.get(self.step)


@dataclass(frozen=True)
class Steps:
    """All steps in their order."""

    school_year: int
    states: list[State]

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.states)

    @property
    def next(self) -> State | None:
        """What is best done now."""
        return next((one for one in self.states if not one.is_done), None)


# --- what the diary holds -------------------------------------------------------------------------------------------

_TODAY = bindparam("today", type_=Date())
_YEAR: Any = bindparam("year", type_=Integer())
_HERE: Any = bindparam("here", type_=Integer())
_NOW = bindparam("now", type_=UTCDateTime)


def _count(what: Any, *where: Any) -> Any:
    return select(func.count(what.distinct())).where(*where).scalar_subquery()


def _comes_in(user_id: Any) -> ColumnElement[bool]:
    """Has this person a password, or a slip that still opens?"""
    ready = exists().where(User.id == user_id, User.password_hash != "")
    slip = exists().where(
        Slip.user_id == user_id,
        Slip.institution_id == _HERE,
        Slip.used_at.is_(None),
        Slip.ended_at.is_(None),
        Slip.valid_until > _NOW,
    )
    return or_(ready, slip)


_HAS_PARENT = exists().where(Guardian.child_id == Enrolment.child_id, valid_on(Guardian, _TODAY)).correlate(Enrolment)
_HAS_ACCESS = (
    exists()
    .where(Guardian.child_id == Enrolment.child_id, valid_on(Guardian, _TODAY), _comes_in(Guardian.user_id))
    .correlate(Enrolment)
)
_HERE_TODAY = here_or_coming(Enrolment, _TODAY)
_OF_YEAR = Group.school_year == _YEAR
_STAFFED = exists().where(
    GroupStaff.group_id == Group.id, GroupStaff.duty == Duty.EDUCATOR, valid_on(GroupStaff, _TODAY)
)
_ADMINISTERS = and_(
    Membership.institution_id == _HERE, Membership.role == Role.ADMINISTRATOR, valid_on(Membership, _TODAY)
)

#: Everything counted at once; made once, as building it costs more than running it.
_FOUND = select(
    select(func.count(Institution.id))
    .where(Institution.address != "", Institution.phone != "", Institution.email != "")
    .scalar_subquery()
    .label("institution"),
    select(func.max(CalendarDay.day)).scalar_subquery().label("calendar"),
    _count(DeadlineRule.id, DeadlineRule.set_by.is_not(None)).label("deadlines"),
    _count(LockRule.id, LockRule.set_by.is_not(None)).label("hours"),
    _count(AbsenceReason.id, AbsenceReason.set_by.is_not(None)).label("own_reasons"),
    _count(AbsenceReason.id, valid_on(AbsenceReason, _TODAY)).label("reasons"),
    _count(MealKind.id, here_or_coming(MealKind, _TODAY)).label("meals"),
    _count(PledgeText.id, PledgeText.set_by.is_not(None)).label("own_pledges"),
    _count(PledgeText.id, valid_on(PledgeText, _TODAY)).label("pledges"),
    _count(Group.id, _OF_YEAR).label("groups"),
    _count(Group.id, _OF_YEAR, _STAFFED).label("staffed"),
    _count(Employee.id, valid_on(Employee, _TODAY)).label("employees"),
    _count(Employee.id, here_or_coming(Employee, _TODAY), Employee.user_id.is_not(None)).label("log_ins"),
    _count(
        Employee.id,
        here_or_coming(Employee, _TODAY),
        Employee.user_id.is_not(None),
        ~_comes_in(Employee.user_id),
    ).label("outside"),
    _count(Enrolment.child_id, _HERE_TODAY).label("children"),
    _count(Enrolment.child_id, _HERE_TODAY, ~_HAS_PARENT).label("no_parent"),
    _count(Enrolment.child_id, _HERE_TODAY, ~_HAS_ACCESS).label("no_access"),
    _count(Membership.id, _ADMINISTERS).label("administrators"),
    _count(Membership.id, _ADMINISTERS, Membership.order_id.is_(None)).label("no_order"),
    *(_count(LookedAt.id, LookedAt.what == what).label(f"looked_{what.value}") for what in Delivered),
)
_LAST_CHECKED = (
    select(func.max(Import.id)).where(Import.checked_at.is_not(None), Import.school_year == _YEAR).group_by(Import.kind)
)
_COMPARED = select(Import).where(Import.id.in_(_LAST_CHECKED))
#: lists that a register has
COMPARED = frozenset({Kind.CHILDREN, Kind.EMPLOYEES})


def counted_on(today: date) -> date:
    """The day whose state the steps tell. In August that is 1 September: the lists of the year come in before it."""
    return date(today.year, 9, 1) if today.month == 8 else today


def steps() -> Steps:
    """Every step with its state. Two statements."""
    today = counted_on(clock.today())
    year = school_year_of(today)
    asked = {"today": today, "year": year, "here": scope().institution_id, "now": clock.now()}
    found = db.session.execute(_FOUND, asked).one()
    equal = {one.kind for one in db.session.scalars(_COMPARED, {"year": year}) if not one.left}
    return Steps(year, _states(found, equal, today))


def _states(found: Any, equal: set[Kind], today: date) -> list[State]:
    return [
        State(
            Step.INSTITUTION,
            _("The kindergarten's address, telephone and e-mail"),
            _("they stand on papers and on every parent's page"),
            bool(found.institution),
        ),
        _calendar(found.calendar, today),
        State(
            Step.DEADLINES,
            _("Deadlines"),
            _("until when the day is marked, when the kitchen locks it, when the month is handed in"),
            bool(found.deadlines or found.hours or found.looked_deadlines),
        ),
        State(
            Step.REASONS,
            _("Reasons of absence"),
            ngettext("%(num)s reason with its letter", "%(num)s reasons with their letters", found.reasons),
            bool(found.reasons and (found.own_reasons or found.looked_reasons)),
        ),
        State(
            Step.MEALS,
            _("Meals and diets"),
            ngettext("%(num)s meal a day", "%(num)s meals a day", found.meals),
            bool(found.meals),
        ),
        State(
            Step.PLEDGE,
            _("Confidentiality pledge"),
            _("everybody who works here reads and accepts it before the first entry"),
            bool(found.pledges and (found.own_pledges or found.looked_pledge)),
        ),
        State(
            Step.GROUPS,
            _("Groups of this school year"),
            ngettext("%(num)s group", "%(num)s groups", found.groups),
            bool(found.groups),
        ),
        State(
            Step.EMPLOYEES,
            _("Employees"),
            ngettext("%(num)s employee", "%(num)s employees", found.employees),
            found.employees > 1,
        ),
        State(
            Step.EDUCATORS,
            _("Every group has an educator"),
            _("%(some)s of %(all)s have one", some=found.staffed, all=found.groups),
            bool(found.groups and found.staffed == found.groups),
        ),
        State(
            Step.CHILDREN,
            _("Children in groups"),
            ngettext("%(num)s child", "%(num)s children", found.children),
            bool(found.children),
        ),
        State(
            Step.PARENTS,
            _("Every child has a parent entered"),
            ngettext("%(num)s child has none", "%(num)s children have none", found.no_parent)
            if found.no_parent
            else _("all have") if found.children else _("when there are children"),
            bool(found.children and not found.no_parent),
        ),
        State(
            Step.ADMINISTRATORS,
            _("Administrators are appointed by order"),
            ngettext("%(num)s without an order", "%(num)s without an order", found.no_order)
            if found.no_order
            else _("each has an order") if found.administrators else _("nobody administers here"),
            bool(found.administrators and not found.no_order),
        ),
        State(
            Step.STAFF_SLIPS,
            _("Employees have come in or have a slip"),
            ngettext("%(num)s has no way in yet", "%(num)s have no way in yet", found.outside)
            if found.outside
            else _("all have") if found.log_ins > 1 else _("when the employees have their roles"),
            found.log_ins > 1 and not found.outside,
        ),
        State(
            Step.PARENT_SLIPS,
            _("A parent of every child has come in or has a slip"),
            _no_access(found.no_access)
            if found.no_access
            else _("all have") if found.children else _("when there are children"),
            bool(found.children and not found.no_access),
        ),
        State(
            Step.REGISTERS,
            _("The lists equal the registers"),
            _("children and employees, by 5 September"),
            equal >= COMPARED,
        ),
    ]  # fmt: skip


def _no_access(count: int) -> str:
    return ngettext("%(num)s child has no parent with access", "%(num)s children have no parent with access", count)


def _calendar(until: date | None, today: date) -> State:
    """Stored to the end of the school year in which one is, and for a term more."""
    wanted = school_year_span(school_year_of(today + CALENDAR_IS_SHORT))[1]
    said = _("stored until %(day)s", day=until.isoformat()) if until else _("nothing is stored yet")
    return State(Step.CALENDAR, _("Working days of a year ahead"), said, until is not None and until >= wanted)


# --- the slim bar ---------------------------------------------------------------------------------------------------

#: pages on which the bar leads on: where the steps are taken
PAGES = frozenset(ENDPOINTS.values())


def bar(endpoint: str | None) -> Steps | None:
    """For an administrator on a page of the steps, while something is left to do. At most two statements."""
    if endpoint not in PAGES or scope().role is not Role.ADMINISTRATOR:
        return None
    found = steps()
    return found if found.next else None
