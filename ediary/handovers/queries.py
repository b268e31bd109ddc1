"""Who stands in for whom (A3; S II.4, K 22.13): the list, one of them, and what a form offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from ediary.accounts.models import User
from ediary.core import clock
from ediary.core.dates import Month, covers, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.groups.models import Group, GroupStaff
from ediary.groups.people import Candidate, candidates, duty_said
from ediary.groups.rules import Changeable, Duty, changeable, hours_of
from ediary.institutions.models import Document
from ediary.institutions.queries import OrderChoice, latest_orders


@dataclass(frozen=True)
class Substitution:
    """Somebody stands in for somebody in a group, from-to."""

    id: int
    group_id: int
    group_name: str
    school_year: int
    user_id: int
    name: str
    substituted: str
    duty: Duty
    first: date
    last: date | None
    minutes_a_day: int | None
    order_number: str
    order_day: date

    @property
    def hours(self) -> str:
        return "" if self.minutes_a_day is None else hours_of(self.minutes_a_day)

    @property
    def duty_said(self) -> str:
        return duty_said(self.duty, self.name)

    @property
    def can_change(self) -> Changeable:
        return changeable(self.first, self.last, clock.today())


@dataclass(frozen=True)
class SubstitutesPage:
    """The substitutions of the running school year."""

    today: date
    month: Month
    now: list[Substitution]
    coming: list[Substitution]
    over: list[Substitution]
    can_check_leavers: bool


_FOR = aliased(User)
_SUBSTITUTIONS: Any = (
    select(
        GroupStaff.id,
        GroupStaff.group_id,
        Group.name.label("group_name"),
        Group.school_year,
        GroupStaff.user_id,
        User.first_name,
        User.last_name,
        _FOR.first_name.label("for_first"),
        _FOR.last_name.label("for_last"),
        GroupStaff.duty,
        GroupStaff.valid_from,
        GroupStaff.valid_to,
        GroupStaff.minutes_a_day,
        Document.number,
        Document.day,
    )
    .join(Group, Group.id == GroupStaff.group_id)
    .join(User, User.id == GroupStaff.user_id)
    .join(_FOR, _FOR.id == GroupStaff.substitutes_id)
    .join(Document, Document.id == GroupStaff.order_id)
    .order_by(GroupStaff.valid_from, GroupStaff.id)
)
_OF_YEAR = _SUBSTITUTIONS.where(Group.school_year >= bindparam("year"))
_ONE = _SUBSTITUTIONS.where(GroupStaff.id == bindparam("staff_id"))


def _substitution(row: Any) -> Substitution:
    return Substitution(
        id=row.id,
        group_id=row.group_id,
        group_name=row.group_name,
        school_year=row.school_year,
        user_id=row.user_id,
        name=f"{row.first_name} {row.last_name}",
        substituted=f"{row.for_first} {row.for_last}",
        duty=row.duty,
        first=row.valid_from,
        last=row.valid_to,
        minutes_a_day=row.minutes_a_day,
        order_number=row.number,
        order_day=row.day,
    )


def substitutes_page() -> SubstitutesPage:
    """Now, coming, and over in this school year. One statement."""
    today = clock.today()
    found = [_substitution(row) for row in db.session.execute(_OF_YEAR, {"year": school_year_of(today)})]
    return SubstitutesPage(
        today=today,
        month=Month.of(today),
        now=[one for one in found if covers(one.first, one.last, today)],
        coming=[one for one in found if one.first > today],
        over=[one for one in reversed(found) if one.last is not None and one.last < today],
        can_check_leavers=scope().may(Permission.LEAVER_CHECK),
    )


def substitution(staff_id: int) -> Substitution:
    """One of them. Raises NotFound, also for somebody's own work."""
    row = db.session.execute(_ONE, {"staff_id": staff_id}).first()
    if row is None:
        raise NotFound
    return _substitution(row)


@dataclass(frozen=True)
class Post:
    """Somebody's own work in a group, for which another may stand in."""

    id: int
    group_id: int
    group_name: str
    user_id: int
    name: str
    duty: Duty
    minutes_a_day: int | None

    @property
    def said(self) -> str:
        return f"{self.name}, {self.group_name}"


@dataclass(frozen=True)
class FormPage:
    """What the form of a new substitution offers."""

    posts: list[Post]
    people: list[Candidate]
    orders: list[OrderChoice]
    today: date
    last: date

    def post(self, staff_id: int | None) -> Post | None:
        return next((one for one in self.posts if one.id == staff_id), None)


_POSTS = (
    select(
        GroupStaff.id,
        GroupStaff.group_id,
        Group.name.label("group_name"),
        GroupStaff.user_id,
        User.first_name,
        User.last_name,
        GroupStaff.duty,
        GroupStaff.minutes_a_day,
    )
    .join(Group, Group.id == GroupStaff.group_id)
    .join(User, User.id == GroupStaff.user_id)
    .where(
        GroupStaff.substitutes_id.is_(None),
        GroupStaff.merge_id.is_(None),
        Group.school_year >= bindparam("year"),
        or_(GroupStaff.valid_to.is_(None), GroupStaff.valid_to >= bindparam("day")),
    )
)


def posts(day: date) -> list[Post]:
    """Everybody's own work in groups on a day or later, by name. One statement."""
    rows = db.session.execute(_POSTS, {"day": day, "year": school_year_of(day)})
    found = [
        Post(
            id=row.id,
            group_id=row.group_id,
            group_name=row.group_name,
            user_id=row.user_id,
            name=f"{row.first_name} {row.last_name}",
            duty=row.duty,
            minutes_a_day=row.minutes_a_day,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (name_key(one.group_name), name_key(one.name), one.id))


def form_page() -> FormPage:
    """Three statements."""
    today = clock.today()
    return FormPage(
        posts=posts(today),
        people=candidates(today),
        orders=latest_orders(),
        today=today,
        last=school_year_span(school_year_of(today))[1],
    )
