"""Where a role's day begins, what stands on the home page of those who stay there, in which role a page opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import func, select

from ediary.accounts import rules
from ediary.accounts.queries import Seat, seats
from ediary.attendance.queries import submissions
from ediary.children.models import Enrolment
from ediary.core import clock
from ediary.core.dates import Month, school_year_of
from ediary.core.db import db
from ediary.core.permissions import SEES_OWN_GROUPS, Permission, Role, permissions_of
from ediary.core.session import acting_for, scope
from ediary.core.spans import valid_on
from ediary.groups.models import GroupStaff
from ediary.groups.queries import exists, groups_on, staff
from ediary.groups.rules import Duty
from ediary.institutions.queries import current
from ediary.workdays.models import CalendarDay


@dataclass(frozen=True)
class Elsewhere:
    """The page to begin with, by its name."""

    endpoint: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class GroupTile:
    """A group to enter; submitted is the hour at which its day was handed in."""

    id: int
    name: str
    submitted: Any | None


@dataclass(frozen=True)
class MyGroups:
    """An educator's groups of today, when there is not exactly one."""

    template: ClassVar[str] = "home/groups.html"
    day: date
    groups: list[GroupTile]


@dataclass(frozen=True)
class Setup:
    """What an administrator finds: how much there is, and so what comes next."""

    template: ClassVar[str] = "home/setup.html"
    day: date
    institution_id: int
    school_year: int
    groups: int
    staffed_groups: int
    children: int
    calendar_until: date | None

    @property
    def calendar_is_short(self) -> bool:
        """Less than a term of stored calendar is left: extend it before somebody meets its end."""
        return self.calendar_until is None or (self.calendar_until - self.day).days < 120


Start = Elsewhere | MyGroups | Setup


def start() -> Start:
    """By the role of this request."""
    role, today = scope().role, clock.today()
    if role is Role.EDUCATOR:
        return _educator(today)
    if role in (Role.DIETITIAN, Role.DIRECTOR, Role.DEPUTY):
        return Elsewhere("kitchen.board", {"day": today})
    if role is Role.ADMINISTRATOR:
        return _setup(today)
    if role in (Role.ARTS_TEACHER, Role.SPEECH_THERAPIST, Role.HEALTH_SPECIALIST, Role.SECRETARY):
        return Elsewhere("children.index", {})
    return Elsewhere("sheets.month", {"month": Month.of(today)})


def _educator(today: date) -> Start:
    groups = groups_on(today)
    if len(groups) == 1:
        return Elsewhere("attendance.day", {"day": today, "group_id": groups[0].id})
    handed_in = submissions(today)
    tiles = []
    for group in groups:
        done = handed_in.get(group.id)
        tiles.append(GroupTile(group.id, group.name, done.at if done else None))
    return MyGroups(today, tiles)


def _setup(today: date) -> Setup:
    groups = [group.id for group in groups_on(today)]
    return Setup(
        day=today,
        institution_id=current().id,
        school_year=school_year_of(today),
        groups=len(groups),
        staffed_groups=_count(select(func.count(GroupStaff.group_id.distinct())).where(valid_on(GroupStaff, today))),
        children=_count(select(func.count(Enrolment.child_id.distinct())).where(valid_on(Enrolment, today))),
        calendar_until=db.session.scalar(select(func.max(CalendarDay.day))),
    )


def _count(statement: Any) -> int:
    return int(db.session.scalar(statement) or 0)


def seat_to(user_id: int, needed: Permission, group_id: int | None) -> int | None:
    """The first of a person's roles of today that may open a page which needs this, of this group if of any."""
    return rules.seat_to(
        (
            rules.Way(seat.id, frozenset(permissions_of(seat.role)), _sees(seat, user_id, group_id))
            for seat in seats(user_id, clock.today())
        ),
        needed,
    )


def _sees(seat: Seat, user_id: int, group_id: int | None) -> bool:
    """Does the group exist for this role, in its institution?"""
    if group_id is None:
        return True
    with acting_for(seat.institution_id, user_id):
        if seat.role not in SEES_OWN_GROUPS:
            return exists(group_id)
        duty = Duty.EDUCATOR if seat.role is Role.EDUCATOR else Duty.SPECIALIST
        return user_id in staff([group_id], clock.today(), duty).get(group_id, [])
