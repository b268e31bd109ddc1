"""What is printed for a day without the diary, and what the page of such a day shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import Date, bindparam, exists, select

from ediary.absences.models import Announcement
from ediary.absences.queries import all_reasons
from ediary.absences.rules import Reason
from ediary.attendance.outages import OutageFact, of_day, of_days
from ediary.attendance.queries import DayPage, day_page
from ediary.children.models import Child, Enrolment
from ediary.core import clock
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.i18n import name_key
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group
from ediary.groups.queries import groups_on
from ediary.health.models import MustNotEat
from ediary.institutions.models import Institution
from ediary.institutions.queries import current
from ediary.meals.models import ChildDiet, Diet, DietName
from ediary.meals.queries import DIET_NAME
from ediary.workdays import queries as workdays

#: sheets are printed so far ahead: on Friday for the next week
AHEAD = timedelta(days=14)
#: the list of days on paper reaches so far back
BACK = timedelta(days=62)
#: empty lines of a sheet without names, beyond the group's children
SPARE = 3
FEWEST_LINES = 24


@dataclass(frozen=True)
class Line:
    """A child of a half-filled sheet."""

    name: str
    must_not_eat: str
    diet: str
    is_announced: bool


@dataclass(frozen=True)
class GroupPaper:
    """A group's sheet: with its children, or with so many empty lines."""

    group: str
    lines: tuple[Line, ...]
    empty: int = 0


@dataclass(frozen=True)
class Papers:
    """Sheets to print; `day` None = to be written by hand."""

    institution: Institution
    day: date | None
    groups: tuple[GroupPaper, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class OutagesPage:
    """Sheets to print, and the days of the last two months that were written on paper."""

    day: date
    today: date
    groups: tuple[tuple[int, str], ...]
    names: dict[int, str]
    outages: tuple[OutageFact, ...]


@dataclass(frozen=True)
class EntryPage:
    """A group's day that was written on paper."""

    of_day: DayPage
    outage: OutageFact | None
    #: the marks can be entered now, by this person
    can_enter: bool
    #: the day is locked: this person may say why it is on paper
    can_ask: bool
    #: this person may open it
    can_open: bool


def outages_page(day: date | None) -> OutagesPage:
    """Five statements at most."""
    today = clock.today()
    shown = day or _next_working_day(today)
    found = groups_on(shown)
    ids = [group.id for group in found]
    return OutagesPage(
        shown,
        today,
        tuple((group.id, group.name) for group in found),
        {group.id: group.name for group in found},
        tuple(reversed(of_days(ids, today - BACK, today))),
    )


def _next_working_day(today: date) -> date:
    working = workdays.calendar(today, today + AHEAD).working_days(today, today + AHEAD)
    return next((one for one in working if one > today), today)


# --- papers ---------------------------------------------------------------------------------------------------------

_DAY = bindparam("day", type_=Date())
_LINES = (
    select(
        Enrolment.group_id,
        Child.id,
        Child.first_name,
        Child.last_name,
        MustNotEat.text,
        DIET_NAME,
        exists()
        .where(Announcement.child_id == Enrolment.child_id, valid_on(Announcement, _DAY))
        .correlate(Enrolment)
        .label("announced"),
    )
    .select_from(Enrolment)
    .join(Child, Child.id == Enrolment.child_id)
    .outerjoin(MustNotEat, (MustNotEat.child_id == Enrolment.child_id) & valid_on(MustNotEat, _DAY))
    .outerjoin(ChildDiet, (ChildDiet.child_id == Enrolment.child_id) & valid_on(ChildDiet, _DAY))
    .outerjoin(Diet, Diet.id == ChildDiet.diet_id)
    .outerjoin(DietName, (DietName.diet_id == Diet.id) & valid_on(DietName, _DAY))
    .where(valid_on(Enrolment, _DAY))
)


def filled(day: date, group_id: int | None) -> Papers:
    """Half-filled sheets of a day: names, diets, what must not be eaten, who is announced absent. Five statements.

    Raises NotFound for a group one may not see, BadInput for a day on which nobody works or too far away.
    """
    today = clock.today()
    if not today - BACK <= day <= today + AHEAD:
        raise BadInput(_("Sheets with names are printed for two months back and two weeks ahead."))
    calendar = workdays.calendar(day, day)
    wanted = [group for group in _groups(day, group_id) if calendar.why_closed(day, group.id) is None]
    children: dict[int, dict[int, Line]] = {group.id: {} for group in wanted}
    for row in db.session.execute(_LINES, {"day": day}):
        of_group = children.get(row.group_id)
        if of_group is None:
            continue
        before = of_group.get(row.id)
        told = [before.must_not_eat] if before and before.must_not_eat else []
        if row.text and row.text not in told:
            told.append(row.text)
        of_group[row.id] = Line(f"{row.first_name} {row.last_name}", "; ".join(told), row[5] or "", bool(row.announced))
    found = [
        GroupPaper(group.name, tuple(sorted(children[group.id].values(), key=lambda line: name_key(line.name))))
        for group in wanted
        if children[group.id]
    ]
    if not found:
        raise BadInput(_("Nobody works on %(day)s: there is nothing to print.", day=day.isoformat()))
    return Papers(current(), day, tuple(found), _reasons(day))


def blank(group_id: int | None) -> Papers:
    """Sheets without a name and without a day, of a group or of all. Four statements. Raises NotFound, BadInput."""
    today = clock.today()
    groups = _groups(today, group_id)
    if not groups:
        raise BadInput(_("There are no groups in this school year: there is nothing to print."))
    counted: dict[int, int] = {}
    for group, _child in db.session.execute(
        select(Enrolment.group_id, Enrolment.child_id).where(valid_on(Enrolment, today)).distinct()
    ):
        counted[group] = counted.get(group, 0) + 1
    papers = tuple(GroupPaper(group.name, (), max(FEWEST_LINES, counted.get(group.id, 0) + SPARE)) for group in groups)
    return Papers(current(), None, papers, _reasons(today))


def _groups(day: date, group_id: int | None) -> Sequence[Group]:
    found = [group for group in groups_on(day) if group_id in (None, group.id)]
    if group_id is not None and not found:
        raise NotFound
    return found


def _reasons(day: date) -> tuple[Reason, ...]:
    return tuple(one for one in all_reasons().values() if covers(one.valid_from, one.valid_to, day))


# --- the day --------------------------------------------------------------------------------------------------------


def entry_page(group_id: int, day: date) -> EntryPage:
    """The day page's statements and one more. Raises NotFound."""
    found, outage, may = day_page(group_id, day), of_day(group_id, day), scope().may
    shown = found.shown
    happened = shown.why_closed is None and shown.day <= shown.today and shown.locks.month is None
    locked = happened and shown.locks.day.closed is not None
    return EntryPage(
        of_day=found,
        outage=outage,
        can_enter=shown.is_open and may(Permission.ATTENDANCE_WRITE) and bool(shown.rows),
        can_ask=locked and outage is None and may(Permission.ATTENDANCE_WRITE),
        can_open=locked and outage is not None and may(Permission.UNLOCK),
    )
