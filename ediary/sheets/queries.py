"""What the month pages and papers print. Set-wise: as many statements for twelve groups as for one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Date, bindparam, distinct, func, select, tuple_

from ediary.absences.excuses import Day as Written
from ediary.absences.excuses import Verdict
from ediary.absences.queries import all_reasons
from ediary.absences.rules import Reason
from ediary.attendance import outages
from ediary.attendance.models import ChildDay, Presence
from ediary.children.models import Child
from ediary.children.queries import enrolled
from ediary.core import clock
from ediary.core.dates import Month, days_between, overlaps, school_year_of
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.lockstate import MonthClosed, Stage
from ediary.core.members import member_of
from ediary.core.points import MonthDeadline, MonthPoint, month_facts, state_of_month
from ediary.core.spans import valid_on
from ediary.groups.models import Group
from ediary.groups.queries import day_states
from ediary.groups.rules import Programme
from ediary.institutions.models import Institution, SheetWording
from ediary.papers import queries as papers
from ediary.portions.models import Correction, CorrectionLine, Portion
from ediary.sheets import preflight, rules
from ediary.sheets.course import Course, course
from ediary.sheets.preflight import Fault, Paper
from ediary.sheets.rules import Day, Mark, Place, Sheet
from ediary.workdays.rules import Calendar


@dataclass(frozen=True)
class GroupSheet:
    """One group's month with all its page and its paper say."""

    institution: str
    code: str
    group_id: int
    name: str
    month: Month
    sheet: Sheet
    #: in force at some time of the month
    reasons: tuple[Reason, ...]
    #: what closed the month; None = it may be written
    closed: MonthClosed | None
    course: Course = field(default_factory=Course)
    #: (child, name) -> days marked without a place in the group
    strays: Mapping[tuple[int, str], Sequence[date]] = field(default_factory=dict)
    #: when the month locks by itself, if the calendar is known that far
    locks_at: datetime | None = None
    #: the head's wording in force on the month's last day; empty = as delivered
    title: str = ""
    approval: tuple[str, ...] = ()
    #: days that were written on paper and entered later, or not yet
    on_paper: tuple[outages.OutageFact, ...] = ()

    @cached_property
    def legend(self) -> tuple[Reason, ...]:
        """Reasons in force, and any other a cell still names."""
        named = {cell.reason for row in self.sheet.rows for cell in row.cells if cell.reason is not None}
        return (*self.reasons, *sorted(named - set(self.reasons), key=lambda reason: reason.letter))

    @property
    def last_working_day(self) -> date | None:
        return next((one.day for one in reversed(self.sheet.days) if one.closed is None), None)

    @cached_property
    def fingerprint(self) -> str:
        """sha256 of what the sheet says."""
        worded = (self.title, *self.approval) if self.title else ()
        worded += tuple(f"{one.day} {one.cause} {one.entered}" for one in self.on_paper)
        return rules.fingerprint((self.institution, self.code, self.name, str(self.month), *worded), self.sheet)


# --- statements: made once, building one costs more than running it -------------------------------------------------

_GROUPS = (
    select(
        Group.id,
        Group.name,
        Group.programme,
        Institution.name.label("institution"),
        Institution.code,
        SheetWording.title,
        SheetWording.approval,
        *month_facts(MonthPoint, MonthDeadline),
    )
    .select_from(Group)
    .join(Institution, Institution.id == Group.institution_id)
    .outerjoin(SheetWording, valid_on(SheetWording, bindparam("last_day", type_=Date())))
    .outerjoin(MonthDeadline, MonthDeadline.month == bindparam("month"))
    .outerjoin(MonthPoint, (MonthPoint.group_id == Group.id) & (MonthPoint.month == bindparam("month")))
    .where(Group.school_year == bindparam("school_year"))
)
_FIRST: Any = bindparam("first")
_LAST: Any = bindparam("last")
_MARKS = select(ChildDay.group_id, ChildDay.child_id, ChildDay.day, ChildDay.presence, ChildDay.reason_id).where(
    member_of(ChildDay.group_id, "ids"), ChildDay.day >= _FIRST, ChildDay.day <= _LAST
)
_PORTION_DAYS = (
    select(Portion.group_id, Portion.child_id, func.count(distinct(Portion.day)))
    .where(member_of(Portion.group_id, "ids"), Portion.day >= _FIRST, Portion.day <= _LAST)
    .group_by(Portion.group_id, Portion.child_id)
)
_CHANGES = (
    select(Correction.group_id, Correction.child_id, Correction.day, CorrectionLine.meal_kind_id, CorrectionLine.delta)
    .join(CorrectionLine, CorrectionLine.correction_id == Correction.id)
    .where(member_of(Correction.group_id, "ids"), Correction.day >= _FIRST, Correction.day <= _LAST)
)
_PORTIONS = select(Portion.group_id, Portion.child_id, Portion.day, Portion.meal_kind_id).where(
    member_of(Portion.group_id, "ids"),
    Portion.day >= _FIRST,
    Portion.day <= _LAST,
    tuple_(Portion.child_id, Portion.day).in_(bindparam("corrected", expanding=True)),
)


def group_ids_of(month: Month) -> list[int]:
    """The groups of the month's school year that one may see, in Lithuanian order."""
    return [group.id for group in _groups(month)]


@dataclass(frozen=True)
class _Group:
    """A group with its month's state and the head of its paper."""

    id: int
    name: str
    programme: Programme
    locks_at: datetime | None
    closed: MonthClosed | None
    #: since when what its absences count as stands; None = what is awaited may still turn out late
    settled_at: datetime | None
    course: Course
    institution: str
    code: str
    title: str
    approval: tuple[str, ...]


def _settled_at(closed: MonthClosed | None, checked_at: datetime | None) -> datetime | None:
    """What the social pedagogue has checked says the same when it is locked days later."""
    if closed is None or closed.stage is Stage.SUBMITTED:
        return None
    return checked_at or closed.at


def _groups(month: Month) -> list[_Group]:
    """All groups of the month's school year that one may see, in Lithuanian order. One statement."""
    now = clock.now()
    asked = {"school_year": school_year_of(month.first), "month": month, "last_day": month.last}
    found = [
        _Group(
            id=row.id,
            name=row.name,
            programme=row.programme,
            locks_at=row.month_locks_at,
            closed=(closed := state_of_month(now, row)),
            settled_at=_settled_at(closed, row.month_checked_at),
            course=course(now, row),
            institution=row.institution,
            code=row.code,
            title=row.title or "",
            approval=tuple((row.approval or "").splitlines()),
        )
        for row in db.session.execute(_GROUPS, asked)
    ]
    return sorted(found, key=lambda group: name_key(group.name))


def sheets(month: Month, group_ids: Sequence[int] | None = None) -> list[GroupSheet]:
    """These groups' months (None: all one may see of the year), in order of names. Eight statements, and at most
    three more where reasons ask for papers or notices.

    Raises NotFound when one of the groups is not of this year or does not exist for this user.
    """
    wanted = [group for group in _groups(month) if group_ids is None or group.id in group_ids]
    if group_ids is not None and len(wanted) != len(set(group_ids)):
        raise NotFound
    ids = [group.id for group in wanted]
    span = {"ids": ids, "first": month.first, "last": month.last}
    calendar = papers.calendar_around(month)
    places = _places(ids, month)
    marks = _marks(span)
    reasons = all_reasons()
    in_force = tuple(r for r in reasons.values() if overlaps(r.valid_from, r.valid_to, month.first, month.last))
    meals = _meal_days(span)
    days = {group_id: _days(calendar, month, group_id) for group_id in ids}
    strays = _strays({one: rules.strays(days[one], places[one], marks[one]) for one in ids})
    on_paper = outages.of_days(ids, month.first, month.last)
    today = clock.today()
    judged = _judged(wanted, month, marks, calendar, reasons)
    return [
        GroupSheet(
            institution=group.institution,
            code=group.code,
            group_id=group.id,
            name=group.name,
            month=month,
            sheet=rules.make_sheet(
                days[group.id],
                places[group.id],
                marks[group.id],
                reasons.values(),
                meals[group.id],
                today,
                judged[group.id],
            ),
            reasons=in_force,
            closed=group.closed,
            course=group.course,
            strays=strays[group.id],
            locks_at=group.locks_at,
            title=group.title,
            approval=group.approval,
            on_paper=tuple(one for one in on_paper if one.group_id == group.id),
        )
        for group in wanted
    ]


def _judged(
    groups: Sequence[_Group],
    month: Month,
    marks: dict[int, dict[tuple[int, date], Mark]],
    calendar: Calendar,
    reasons: dict[int, Reason],
) -> dict[int, dict[tuple[int, date], Verdict]]:
    """group -> (child, day) -> what it counts as. A checked or locked month is judged as at that moment."""
    written: dict[int, dict[int, list[Written]]] = {group.id: defaultdict(list) for group in groups}
    for group in groups:
        missed = {child_id for (child_id, _day), mark in marks[group.id].items() if mark.reason_id is not None}
        for (child_id, day), mark in marks[group.id].items():
            if child_id in missed:
                written[group.id][child_id].append(Written(day, mark.present, mark.reason_id))
    now = clock.now()
    asked_at = {group.id: group.settled_at or now for group in groups}
    programmes = {group.id: group.programme for group in groups}
    return papers.verdicts(month, written, programmes, calendar, reasons, asked_at)


def _days(calendar: Calendar, month: Month, group_id: int) -> list[Day]:
    return [Day(day, calendar.why_closed(day, group_id)) for day in month.days()]


def _places(group_ids: list[int], month: Month) -> dict[int, list[Place]]:
    """group -> its children of the month in Lithuanian order; who left and came back is one child."""
    spans: dict[tuple[int, int], list[tuple[date, date | None]]] = {}
    names: dict[int, str] = {}
    for place in enrolled(group_ids, month.first, month.last):
        spans.setdefault((place.group_id, place.child_id), []).append((place.valid_from, place.valid_to))
        names[place.child_id] = place.name
    found: dict[int, list[Place]] = defaultdict(list)
    for (group_id, child_id), of_child in spans.items():
        found[group_id].append(Place(child_id, names[child_id], tuple(of_child)))
    return found


def _marks(span: dict[str, Any]) -> dict[int, dict[tuple[int, date], Mark]]:
    """group -> (child, day) -> mark. A mark says one of few things: made once, not for each cell."""
    found: dict[int, dict[tuple[int, date], Mark]] = defaultdict(dict)
    present = Mark(present=True)
    absent: dict[int | None, Mark] = {}
    for group_id, child_id, day, presence, reason_id in db.session.execute(_MARKS, span):
        if presence is Presence.PRESENT:
            mark = present
        else:
            mark = absent.setdefault(reason_id, Mark(False, reason_id))
        found[group_id][(child_id, day)] = mark
    return found


def _strays(found: dict[int, dict[int, list[date]]]) -> dict[int, dict[tuple[int, str], list[date]]]:
    """group -> (child, name) -> days. No statement where there are none."""
    ids = {child_id for of_group in found.values() for child_id in of_group}
    asked = select(Child.id, Child.first_name, Child.last_name).where(member_of(Child.id, "ids"))
    rows = db.session.execute(asked, {"ids": list(ids)}) if ids else ()
    names = {child_id: f"{first} {last}" for child_id, first, last in rows}
    return {
        group_id: {(child_id, names[child_id]): days for child_id, days in of_group.items()}
        for group_id, of_group in found.items()
    }


def _meal_days(span: dict[str, Any]) -> dict[int, dict[int, int]]:
    """group -> child -> days on which at least one portion stands. Two statements, three with corrections."""
    counted: dict[int, dict[int, int]] = defaultdict(dict)
    for group_id, child_id, days in db.session.execute(_PORTION_DAYS, span):
        counted[group_id][child_id] = days
    changes: dict[int, list[tuple[int, date, int, int]]] = defaultdict(list)
    for group_id, child_id, day, meal, delta in db.session.execute(_CHANGES, span):
        changes[group_id].append((child_id, day, meal, delta))
    if not changes:
        return counted
    corrected = {(child_id, day) for of_group in changes.values() for child_id, day, _meal, _delta in of_group}
    portions: dict[int, dict[tuple[int, date], dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for group_id, child_id, day, meal in db.session.execute(_PORTIONS, {**span, "corrected": list(corrected)}):
        portions[group_id][(child_id, day)][meal] = 1
    for group_id, of_group in changes.items():
        counted[group_id] = rules.meal_days(counted[group_id], portions[group_id], of_group)
    return counted


def fingerprint(found: Sequence[GroupSheet]) -> str:
    """sha256 of what these sheets say together: of one sheet its own."""
    if len(found) == 1:
        return found[0].fingerprint
    return hashlib.sha256("".join(group.fingerprint for group in found).encode()).hexdigest()


# --- what is missing -------------------------------------------------------------------------------------------------


def faults(found: Sequence[GroupSheet]) -> dict[int, tuple[Fault, ...]]:
    """group -> what its sheet lacks. Seven statements, and on the last working day one more: is it still marked for
    the kitchen?"""
    if not found:
        return {}
    today = clock.today()
    here = [group for group in found if group.closed is None and group.last_working_day == today]
    states = day_states(today) if here else {}
    lacking: dict[int, list[Paper]] = defaultdict(list)
    for one in papers.missing([group.group_id for group in found], found[0].month):
        due = one.due if one.has_term else None
        days = tuple(days_between(one.first, one.last))
        paper = Paper(one.child_id, days, one.name, due, one.is_late, one.is_paper)
        lacking[one.group_id].append(paper)
    return {
        group.group_id: preflight.inspect(
            group.sheet,
            strays=group.strays,
            papers=lacking[group.group_id],
            open_day=today if group in here and states[group.group_id].closed is None else None,
        )
        for group in found
    }
