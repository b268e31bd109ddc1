"""Planned hours of assignments in a month, corrected by hand, summed per person (A3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from ediary.accounts.models import User
from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.members import member_of
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.core.spans import touching
from ediary.groups.models import Group, GroupStaff
from ediary.groups.people import duty_said
from ediary.groups.rules import Duty, hours_of
from ediary.handovers import rules
from ediary.handovers.models import WorkedDay
from ediary.handovers.rules import DayHours, Sums, Worked
from ediary.institutions import queries as institutions
from ediary.workdays import queries as workdays


@dataclass(frozen=True)
class Work:
    """An assignment's month."""

    staff_id: int
    user_id: int
    name: str
    group_name: str
    duty: Duty
    substituted: str | None
    first: date
    last: date | None
    minutes_a_day: int | None
    days: list[DayHours]
    sums: Sums

    @property
    def duty_said(self) -> str:
        return duty_said(self.duty, self.name)

    @property
    def planned_a_day(self) -> str:
        return "" if self.minutes_a_day is None else hours_of(self.minutes_a_day)


@dataclass(frozen=True)
class Person:
    """All of somebody's work in a month."""

    name: str
    works: list[Work]

    @property
    def planned(self) -> int:
        return sum(work.sums.planned for work in self.works)

    @property
    def minutes(self) -> int:
        return sum(work.sums.minutes for work in self.works)


@dataclass(frozen=True)
class HoursPage:
    """The month's table, the paper and the workbook alike."""

    institution: str
    code: str
    month: Month
    #: of all assignments, or of substitutes alone
    everybody: bool
    people: list[Person]
    #: the month still runs: what is to come is in it as planned
    runs: bool
    can_check_leavers: bool = False

    @property
    def planned(self) -> int:
        return sum(person.planned for person in self.people)

    @property
    def minutes(self) -> int:
        return sum(person.minutes for person in self.people)


_FOR = aliased(User)
_WORKS: Any = (
    select(
        GroupStaff.id,
        GroupStaff.user_id,
        User.first_name,
        User.last_name,
        GroupStaff.group_id,
        Group.name.label("group_name"),
        GroupStaff.duty,
        _FOR.first_name.label("for_first"),
        _FOR.last_name.label("for_last"),
        GroupStaff.valid_from,
        GroupStaff.valid_to,
        GroupStaff.minutes_a_day,
        GroupStaff.substitutes_id,
    )
    .join(Group, Group.id == GroupStaff.group_id)
    .join(User, User.id == GroupStaff.user_id)
    .outerjoin(_FOR, _FOR.id == GroupStaff.substitutes_id)
    .where(GroupStaff.merge_id.is_(None), touching(GroupStaff, bindparam("first"), bindparam("last")))
    .order_by(GroupStaff.valid_from, GroupStaff.id)
)
_TYPED: Any = select(WorkedDay.staff_id, WorkedDay.day, WorkedDay.minutes, WorkedDay.note).where(
    member_of(WorkedDay.staff_id, "ids"), WorkedDay.day >= bindparam("first"), WorkedDay.day <= bindparam("last")
)


def hours_page(month: Month, *, everybody: bool) -> HoursPage:
    """Substitutes' hours of a month, or everybody's. Four statements however many they are."""
    here = institutions.current()
    of_person: dict[int, list[Work]] = defaultdict(list)
    for work in _works(month):
        if everybody or work.substituted is not None:
            of_person[work.user_id].append(work)
    people = [Person(works[0].name, works) for works in of_person.values()]
    return HoursPage(
        institution=here.name,
        code=here.code,
        month=month,
        everybody=everybody,
        people=sorted(people, key=lambda one: name_key(one.name)),
        runs=clock.today() <= month.last,
        can_check_leavers=scope().may(Permission.LEAVER_CHECK),
    )


def _works(month: Month, staff_id: int | None = None) -> list[Work]:
    rows = [
        row
        for row in db.session.execute(_WORKS, {"first": month.first, "last": month.last})
        if staff_id in (None, row.id)
    ]
    calendar = workdays.calendar(month.first, month.last)
    group_ids = {row.group_id for row in rows}
    working = {one: calendar.working_days(month.first, month.last, one) for one in group_ids}
    typed = _typed((row.id for row in rows), month)
    found = []
    for row in rows:
        days = rules.month_hours(
            working[row.group_id], row.valid_from, row.valid_to, row.minutes_a_day, typed.get(row.id, {})
        )
        found.append(
            Work(
                staff_id=row.id,
                user_id=row.user_id,
                name=f"{row.first_name} {row.last_name}",
                group_name=row.group_name,
                duty=row.duty,
                substituted=None if row.for_first is None else f"{row.for_first} {row.for_last}",
                first=row.valid_from,
                last=row.valid_to,
                minutes_a_day=row.minutes_a_day,
                days=days,
                sums=rules.sums(days),
            )
        )
    return found


def _typed(staff_ids: Iterable[int], month: Month) -> dict[int, dict[date, Worked]]:
    found: dict[int, dict[date, Worked]] = defaultdict(dict)
    asked = {"ids": list(staff_ids), "first": month.first, "last": month.last}
    for staff_id, day, minutes, note in db.session.execute(_TYPED, asked):
        found[staff_id][day] = Worked(minutes, note)
    return found


@dataclass(frozen=True)
class WorkPage:
    """One assignment's month, day by day, to be corrected."""

    month: Month
    work: Work


def work_page(month: Month, staff_id: int) -> WorkPage:
    """Raises NotFound when the assignment does not hold in the month. Three statements."""
    found = _works(month, staff_id)
    if not found:
        raise NotFound
    return WorkPage(month, found[0])
