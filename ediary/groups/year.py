"""The groups of a school year, as their list prints them.

Above the areas whose people it shows (pyproject.toml, import contract); nothing but the routes reads it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, select

from ediary.accounts.models import User
from ediary.children.models import Enrolment
from ediary.core import clock
from ediary.core.dates import school_year_of
from ediary.core.db import db
from ediary.core.members import member_of
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.looks import Merged, in_order, language_name, merges, shown_day
from ediary.groups.models import Group, GroupStaff
from ediary.groups.rules import AgeBand, Duty, Programme, hours_of

# --- the year's groups ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A group in the list of its year."""

    id: int
    name: str
    age_band: AgeBand
    programme: Programme
    minutes_a_day: int
    language: str
    room: str
    kitchen: str
    places: int | None
    children: int
    educators: list[str]
    merged: Merged | None

    @property
    def hours(self) -> str:
        return hours_of(self.minutes_a_day)

    @property
    def is_over_full(self) -> bool:
        return self.places is not None and self.children > self.places


@dataclass(frozen=True)
class YearPage:
    """The groups of a school year."""

    year: int
    day: date
    lines: list[Line]
    years: list[int]
    can_write: bool
    #: may turn this year into the next
    can_turn: bool
    can_name_substitutes: bool

    @property
    def has_before(self) -> bool:
        return self.year - 1 in self.years

    @property
    def has_after(self) -> bool:
        return self.year + 1 in self.years

    @property
    def children(self) -> int:
        return sum(line.children for line in self.lines)

    @property
    def is_running(self) -> bool:
        return school_year_of(clock.today()) == self.year


def year_page(year: int) -> YearPage:
    """The groups of a school year that one may see, as they are today. Six statements however many there are."""
    day = shown_day(year)
    years = sorted(set(db.session.scalars(select(Group.school_year))))
    groups = in_order(db.session.scalars(select(Group).where(Group.school_year == year)))
    ids = [group.id for group in groups]
    counted = Counter(db.session.scalars(_CHILDREN_ON, {"ids": ids, "day": day}))
    educators = _educators(ids, day)
    away = {one.group_id: one for one in merges(ids, day, day)}
    may = scope().may(Permission.GROUP_WRITE)
    return YearPage(
        year=year,
        day=day,
        lines=[
            Line(
                id=group.id,
                name=group.name,
                age_band=group.age_band,
                programme=group.programme,
                minutes_a_day=group.minutes_a_day,
                language=language_name(group.language),
                room=group.room,
                kitchen=group.kitchen,
                places=group.places,
                children=counted[group.id],
                educators=educators.get(group.id, []),
                merged=away.get(group.id),
            )
            for group in groups
        ],
        years=years,
        can_write=may,
        can_turn=may and year == school_year_of(clock.today()),
        can_name_substitutes=scope().may(Permission.SUBSTITUTE_WRITE),
    )


_CHILDREN_ON = select(Enrolment.group_id).where(
    member_of(Enrolment.group_id, "ids"), valid_on(Enrolment, bindparam("day", type_=Date()))
)
_EDUCATORS_ON = (
    select(GroupStaff.group_id, GroupStaff.user_id, User.first_name, User.last_name)
    .join(User, User.id == GroupStaff.user_id)
    .where(
        member_of(GroupStaff.group_id, "ids"),
        GroupStaff.duty == Duty.EDUCATOR,
        GroupStaff.merge_id.is_(None),
        valid_on(GroupStaff, bindparam("day", type_=Date())),
    )
    .order_by(GroupStaff.valid_from, GroupStaff.id)
)


def _educators(group_ids: Collection[int], day: date) -> dict[int, list[str]]:
    """group -> names of its educators on a day, those of a merged group not among them."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for row in db.session.execute(_EDUCATORS_ON, {"ids": list(group_ids), "day": day}):
        found[row.group_id][row.user_id] = f"{row.first_name} {row.last_name}"
    return {group_id: list(names.values()) for group_id, names in found.items()}
