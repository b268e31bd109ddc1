"""Groups one may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import aliased

from ediary.core import clock
from ediary.core.dates import Month, school_year_of
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.lockstate import DayState, MonthClosed
from ediary.core.points import (
    DayPoint,
    LockRule,
    MonthDeadline,
    MonthPoint,
    day_facts,
    month_facts,
    state_of_day,
    state_of_month,
)
from ediary.core.spans import touching, valid_on
from ediary.groups.models import Group, GroupMerge, GroupStaff
from ediary.groups.rules import Duty


def group(group_id: int) -> Group:
    """The group; NotFound when it does not exist for this user."""
    found = db.session.scalars(select(Group).where(Group.id == group_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def exists(group_id: int) -> bool:
    """Is there such a group for this user?"""
    return db.session.scalar(select(Group.id).where(Group.id == group_id)) is not None


def staff(group_ids: Collection[int], day: date, duty: Duty = Duty.EDUCATOR) -> dict[int, list[int]]:
    """group -> the people who work in it on a day, by default its educators, who came first first.

    Groups without anybody are left out.
    """
    found: dict[int, list[int]] = {}
    for group_id, user_id in db.session.execute(
        select(GroupStaff.group_id, GroupStaff.user_id)
        .where(GroupStaff.group_id.in_(group_ids), GroupStaff.duty == duty, valid_on(GroupStaff, day))
        .order_by(GroupStaff.valid_from, GroupStaff.id)
    ):
        if user_id not in found.setdefault(group_id, []):
            found[group_id].append(user_id)
    return found


_DAY = bindparam("day", type_=Date())


@dataclass(frozen=True)
class MergedInto:
    """A group's children are in another one, until when. `name` None = that group is not one's own."""

    group_id: int
    name: str | None
    last: date


@dataclass(frozen=True)
class GroupOnDay:
    """A group's name, what is locked for one of its days, and where its children then are if not in it."""

    name: str
    day: DayState
    month: MonthClosed | None
    merged: MergedInto | None = None


_INTO = aliased(Group)

#: A group's name and everything that may lock its day. Made once: building it costs more than running it.
_ON_DAY = (
    select(
        Group.name,
        GroupMerge.into_id,
        GroupMerge.last.label("merged_until"),
        _INTO.name.label("into_name"),
        *day_facts(DayPoint, LockRule),
        *month_facts(MonthPoint, MonthDeadline),
    )
    .select_from(Group)
    .outerjoin(LockRule, valid_on(LockRule, _DAY))
    .outerjoin(DayPoint, (DayPoint.group_id == Group.id) & (DayPoint.day == bindparam("day")))
    .outerjoin(MonthDeadline, MonthDeadline.month == bindparam("month"))
    .outerjoin(MonthPoint, (MonthPoint.group_id == Group.id) & (MonthPoint.month == bindparam("month")))
    .outerjoin(
        GroupMerge,
        (GroupMerge.group_id == Group.id)
        & (GroupMerge.first <= bindparam("day"))
        & (GroupMerge.last >= bindparam("day")),
    )
    .outerjoin(_INTO, _INTO.id == GroupMerge.into_id)
    .where(Group.id == bindparam("group_id"))
)


def group_on(group_id: int, day: date) -> GroupOnDay:
    """A group and its day's locks, read without taking them. One statement. Raises NotFound."""
    row = db.session.execute(_ON_DAY, {"group_id": group_id, "day": day, "month": Month.of(day)}).first()
    if row is None:
        raise NotFound
    now = clock.now()
    merged = None if row.into_id is None else MergedInto(row.into_id, row.into_name, row.merged_until)
    return GroupOnDay(row.name, state_of_day(day, now, row), state_of_month(now, row), merged)


_STATES = (
    select(Group.id, *day_facts(DayPoint, LockRule))
    .select_from(Group)
    .outerjoin(LockRule, valid_on(LockRule, _DAY))
    .outerjoin(DayPoint, (DayPoint.group_id == Group.id) & (DayPoint.day == bindparam("day")))
    .where(Group.school_year == bindparam("school_year"))
)


def day_states(day: date) -> dict[int, DayState]:
    """How the day stands for each group of its school year, read without locking. One statement."""
    now = clock.now()
    rows = db.session.execute(_STATES, {"day": day, "school_year": school_year_of(day)})
    return {row.id: state_of_day(day, now, row) for row in rows}


def groups_on(day: date) -> list[Group]:
    """All groups of the day's school year that one may see, in Lithuanian order."""
    found = db.session.scalars(select(Group).where(Group.school_year == school_year_of(day)))
    return sorted(found, key=lambda group: name_key(group.name))


def named(school_year: int, name: str) -> int | None:
    """The group of the year with this name, however its letters are written. One statement."""
    wanted = name.strip().casefold()
    rows = db.session.execute(select(Group.id, Group.name).where(Group.school_year == school_year))
    return next((row.id for row in rows if row.name.casefold() == wanted), None)


def has_begun(group_id: int) -> bool:
    """Has a day of the group been marked or locked, or is one about to be? One statement."""
    chosen = select(DayPoint.id).where(DayPoint.group_id == group_id, DayPoint.day <= clock.today()).limit(1)
    return db.session.scalar(chosen) is not None


def works_as(group_id: int, user_id: int, duty: Duty, first: date, last: date, besides: int | None = None) -> bool:
    """Is the person assigned to the group so on some of these days? What comes with a merge does not count."""
    chosen = select(GroupStaff.id).where(
        GroupStaff.group_id == group_id,
        GroupStaff.user_id == user_id,
        GroupStaff.duty == duty,
        GroupStaff.merge_id.is_(None),
        touching(GroupStaff, first, last),
    )
    return any(one != besides for one in db.session.scalars(chosen))
