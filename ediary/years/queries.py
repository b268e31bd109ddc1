"""The page on which a school year turns into the next: its groups, its children, who works in them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Date, bindparam, func, select

from ediary.accounts.models import User
from ediary.children.models import Child, Departure, Enrolment
from ediary.core import clock
from ediary.core.dates import covers, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.members import member_of
from ediary.core.spans import touching, valid_on
from ediary.groups.models import Group, GroupStaff
from ediary.groups.people import candidates, duty_said
from ediary.groups.rules import Duty
from ediary.institutions.queries import OrderChoice, latest_orders
from ediary.years import rules
from ediary.years.models import YearMove
from ediary.years.rules import Proposal, Stage


@dataclass(frozen=True)
class Kid:
    """A child of a group, and what is decided about the next year."""

    child_id: int
    name: str
    born: date
    stage: Stage
    #: decided: into which group of the next year, by this page or by hand; None with `is_decided` = leaves
    into_id: int | None = None
    is_decided: bool = False

    @property
    def goes_to_school(self) -> bool:
        return self.stage is Stage.SCHOOL


@dataclass(frozen=True)
class OldGroup:
    """A group of the year that ends."""

    id: int
    name: str
    places: int | None
    kids: list[Kid]
    proposal: Proposal
    #: the next year has a group of this name
    is_made: bool
    #: the group proposed for all its children
    goal_id: int | None

    @property
    def waiting(self) -> list[Kid]:
        return [kid for kid in self.kids if not kid.is_decided]


@dataclass(frozen=True)
class NewGroup:
    """A group of the year that begins."""

    id: int
    name: str
    places: int | None
    children: int

    @property
    def is_over_full(self) -> bool:
        return self.places is not None and self.children > self.places


@dataclass(frozen=True)
class Post:
    """Somebody's work in a group of the ending year, proposed for the one that follows it."""

    user_id: int
    name: str
    duty: Duty
    group_id: int
    group_name: str
    minutes_a_day: int | None
    is_done: bool
    #: holds the role on the first day of the new year
    can_go_on: bool

    @property
    def key(self) -> str:
        return f"{self.group_id}:{self.user_id}:{self.duty.value}"

    @property
    def duty_said(self) -> str:
        return duty_said(self.duty, self.name)


@dataclass(frozen=True)
class TurnPage:
    """From the school year before `year` into `year`."""

    year: int
    today: date
    #: the first day of children in their new groups: the first of September, or today when that has passed
    first: date
    old: list[OldGroup]
    new: list[NewGroup]
    moved: int
    left: int
    posts: list[Post]
    orders: list[OrderChoice] = field(default_factory=list)

    @property
    def years(self) -> str:
        return f"{self.year}–{self.year + 1}"

    @property
    def is_late(self) -> bool:
        return self.first > school_year_span(self.year)[0]

    @cached_property
    def waiting(self) -> int:
        return sum(len(group.waiting) for group in self.old)

    @property
    def can_undo(self) -> bool:
        return bool(self.moved or self.left) and self.today < school_year_span(self.year)[0]

    @property
    def new_names(self) -> dict[int, str]:
        return {group.id: group.name for group in self.new}

    @property
    def to_make(self) -> list[OldGroup]:
        return [group for group in self.old if not group.is_made]


def check_year(year: int) -> None:
    """The running year may be made up for, the next one be prepared. Raises NotFound for any other."""
    if year - school_year_of(clock.today()) not in (0, 1):
        raise NotFound


def first_day(year: int) -> date:
    """The first day in the new groups: what is over does not change any more."""
    return max(school_year_span(year)[0], clock.today())


_GROUPS = select(Group.id, Group.name, Group.places, Group.age_band, Group.programme).where(
    Group.school_year == bindparam("year")
)
_KIDS: Any = (
    select(
        Child.id,
        Child.first_name,
        Child.last_name,
        Child.birth_date,
        func.coalesce(Enrolment.home_id, Enrolment.group_id).label("own_id"),
    )
    .select_from(Enrolment)
    .join(Child, Child.id == Enrolment.child_id)
    .where(valid_on(Enrolment, bindparam("day", type_=Date())))
)
_LATER: Any = select(
    Enrolment.child_id,
    func.coalesce(Enrolment.home_id, Enrolment.group_id).label("own_id"),
    Enrolment.valid_from,
    Enrolment.valid_to,
).where(touching(Enrolment, bindparam("first"), bindparam("last")))
_DEPARTED = select(Departure.child_id).where(Departure.day >= bindparam("day"))
_MOVES = select(YearMove.child_id, YearMove.from_id, YearMove.into_id).where(YearMove.year == bindparam("year"))


def turn_page(year: int) -> TurnPage:
    """All of it. Ten statements however many groups and children. Raises NotFound."""
    check_year(year)
    first, today = first_day(year), clock.today()
    old_groups = _in_order(db.session.execute(_GROUPS, {"year": year - 1}))
    new_groups = _in_order(db.session.execute(_GROUPS, {"year": year}))
    new_ids = {group.id for group in new_groups}
    moves = {row.child_id: row for row in db.session.execute(_MOVES, {"year": year})}
    later = _later(first, year, new_ids)
    gone = departed(year) | {child_id for child_id, row in moves.items() if row.into_id is None}
    kids = _kids(year, {group.id for group in old_groups}, moves, later, gone)
    leads = rules.follows((row.from_id, row.into_id) for row in moves.values())
    by_name = {group.name.casefold(): group.id for group in new_groups}
    counted = Counter(later.values())
    old = [
        OldGroup(
            id=group.id,
            name=group.name,
            places=group.places,
            kids=kids[group.id],
            proposal=rules.propose((kid.stage for kid in kids[group.id]), group.age_band, group.programme),
            is_made=group.name.casefold() in by_name,
            goal_id=leads.get(group.id, by_name.get(group.name.casefold())),
        )
        for group in old_groups
    ]
    return TurnPage(
        year=year,
        today=today,
        first=first,
        old=old,
        new=[NewGroup(group.id, group.name, group.places, counted[group.id]) for group in new_groups],
        moved=sum(row.into_id is not None for row in moves.values()),
        left=sum(row.into_id is None for row in moves.values()),
        posts=_posts(year, {group.id: group.goal_id for group in old}, {group.id: group.name for group in new_groups}),
        orders=latest_orders(),
    )


def _in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: name_key(row.name))


def _later(first: date, year: int, new_ids: set[int]) -> dict[int, int]:
    """child -> its own group of the new year. One statement."""
    rows = db.session.execute(_LATER, {"first": first, "last": school_year_span(year)[1]})
    return {row.child_id: row.own_id for row in rows if row.own_id in new_ids}


def departed(year: int) -> set[int]:
    """The children who leave the house, by order, with the end of the year before or later. One statement."""
    return set(db.session.scalars(_DEPARTED, {"day": school_year_span(year - 1)[1]}))


def _kids(
    year: int, group_ids: set[int], moves: dict[int, Any], later: dict[int, int], gone: set[int]
) -> dict[int, list[Kid]]:
    """group -> its own children on the last day of the ending year, those already sent on among them. One statement.

    Who was sent on by a late turn has left the old group by then: the move still says out of which.
    """
    day = max(school_year_span(year - 1)[1], clock.today())
    found: dict[int, list[Kid]] = defaultdict(list)
    for row in db.session.execute(_KIDS, {"day": day}):
        own_id = moves[row.id].from_id if row.id in moves else row.own_id
        if own_id not in group_ids:
            continue
        found[own_id].append(
            Kid(
                child_id=row.id,
                name=f"{row.first_name} {row.last_name}",
                born=row.birth_date,
                stage=rules.stage_in(year, row.birth_date),
                into_id=later.get(row.id),
                is_decided=row.id in later or row.id in gone,
            )
        )
    for kids in found.values():
        kids.sort(key=lambda kid: (name_key(kid.name), kid.child_id))
    return found


_STAFF: Any = (
    select(
        GroupStaff.group_id,
        GroupStaff.user_id,
        GroupStaff.duty,
        GroupStaff.minutes_a_day,
        User.first_name,
        User.last_name,
        GroupStaff.valid_from,
        GroupStaff.valid_to,
    )
    .join(User, User.id == GroupStaff.user_id)
    .where(
        member_of(GroupStaff.group_id, "ids"),
        GroupStaff.merge_id.is_(None),
        GroupStaff.substitutes_id.is_(None),
    )
    .order_by(GroupStaff.valid_from, GroupStaff.id)
)


def _posts(year: int, goals: dict[int, int | None], new_names: dict[int, str]) -> list[Post]:
    """Who works in this year's groups, each proposed for the group that follows. Three statements."""
    last, begins = school_year_span(year - 1)[1], school_year_span(year)[0]
    rows = db.session.execute(_STAFF, {"ids": [*goals, *new_names]}).all()
    there = {(row.group_id, row.user_id, row.duty) for row in rows if row.group_id in new_names}
    may = {(one.user_id, one.duty) for one in candidates(begins)}
    found: dict[str, Post] = {}
    for row in rows:
        into_id = goals.get(row.group_id)
        if into_id is None or not covers(row.valid_from, row.valid_to, last):
            continue
        post = Post(
            user_id=row.user_id,
            name=f"{row.first_name} {row.last_name}",
            duty=row.duty,
            group_id=into_id,
            group_name=new_names[into_id],
            minutes_a_day=row.minutes_a_day,
            is_done=(into_id, row.user_id, row.duty) in there,
            can_go_on=(row.user_id, row.duty) in may,
        )
        found.setdefault(post.key, post)
    return sorted(found.values(), key=lambda post: (name_key(post.group_name), post.duty, name_key(post.name)))


def moves(year: int) -> list[YearMove]:
    """All that the turn into a year did with children."""
    return list(db.session.scalars(select(YearMove).where(YearMove.year == year).order_by(YearMove.id)))
