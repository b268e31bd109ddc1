"""Where a role's day begins, what stands on the home page of those who stay there, in which role a page opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from ediary.accounts import rules
from ediary.accounts.queries import Seat, seats
from ediary.attendance.queries import submissions
from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.permissions import SEES_OWN_GROUPS, Permission, Role, permissions_of
from ediary.core.session import acting_for, scope
from ediary.groups.queries import exists, groups_on, staff
from ediary.groups.rules import Duty
from ediary.home.lines import Line, lines
from ediary.home.steps import Steps, steps


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
    lines: list[Line]


@dataclass(frozen=True)
class Setup:
    """An administrator's day: the first steps while there are any, and what is new."""

    template: ClassVar[str] = "home/setup.html"
    day: date
    steps: Steps
    lines: list[Line]


@dataclass(frozen=True)
class Work:
    """The day of those who come to several groups, or to none: what is new, and where they work."""

    template: ClassVar[str] = "home/work.html"
    day: date
    lines: list[Line]
    #: the groups one works in; of who sees the whole house none
    groups: list[tuple[int, str]]
    months: list[Month]


Start = Elsewhere | MyGroups | Setup | Work


def start() -> Start:
    """By the role of this request."""
    role, today = scope().role, clock.today()
    if role is Role.EDUCATOR:
        return _educator(today)
    if role in (Role.DIETITIAN, Role.DIRECTOR, Role.DEPUTY):
        return Elsewhere("kitchen.board", {"day": today})
    if role is Role.SOCIAL_PEDAGOGUE:
        return Elsewhere("sheets.month", {"month": Month.of(today)})
    if role is Role.GUARDIAN:
        return Elsewhere("home.children", {})
    if role is Role.ADMINISTRATOR:
        return Setup(today, steps(), lines())
    month = Month.of(today)
    mine = [(group.id, group.name) for group in groups_on(today)] if role in SEES_OWN_GROUPS else []
    return Work(today, lines(), mine, [month, month.previous] if role is Role.ACCOUNTANT else [])


def _educator(today: date) -> Start:
    groups = groups_on(today)
    if len(groups) == 1:
        return Elsewhere("attendance.day", {"day": today, "group_id": groups[0].id})
    handed_in = submissions(today)
    tiles = []
    for group in groups:
        done = handed_in.get(group.id)
        tiles.append(GroupTile(group.id, group.name, done.at if done else None))
    return MyGroups(today, tiles, lines())


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
