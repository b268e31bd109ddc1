"""What the groups' pages print: the year's groups, and one group with who works in it and who is in it.

Above the areas whose people and places it shows (pyproject.toml, import contract); nothing but the routes reads it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from ediary.accounts.models import User
from ediary.children.models import Child, Enrolment, Visit
from ediary.children.rules import Age, age_on
from ediary.core import clock
from ediary.core.dates import covers, school_year_span
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.members import member_of
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.core.spans import touching
from ediary.groups import queries
from ediary.groups.looks import Merged, in_order, language_name, merges, shown_day
from ediary.groups.models import Group, GroupStaff
from ediary.groups.people import duty_said
from ediary.groups.rules import Changeable, Duty, changeable, hours_of
from ediary.institutions.models import Document
from ediary.institutions.queries import OrderChoice, latest_orders

# --- one group ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worker:
    """Somebody's work in a group, from-to."""

    id: int
    user_id: int
    name: str
    duty: Duty
    first: date
    last: date | None
    order_number: str
    order_day: date
    minutes_a_day: int | None
    #: a substitute's: whom they stand in for
    substitutes: str | None
    #: comes with a merged group
    of_merge: bool
    can_change: Changeable

    @property
    def duty_said(self) -> str:
        return duty_said(self.duty, self.name)

    @property
    def hours(self) -> str:
        return "" if self.minutes_a_day is None else hours_of(self.minutes_a_day)


@dataclass(frozen=True)
class Kid:
    """A child of the group, or a guest in it."""

    child_id: int
    name: str
    birth_date: date
    age: Age
    first: date
    last: date | None
    group_id: int
    own_id: int
    #: of a guest the own group, of one who is elsewhere that group; None where it is not one's own
    other: str | None


@dataclass(frozen=True)
class Guest:
    """A visit, in the group or out of it."""

    id: int
    child_id: int
    name: str
    is_in: bool
    first: date
    last: date


@dataclass(frozen=True)
class GroupPage:
    """A group with all that is known of it."""

    group: Group
    day: date
    language: str
    hours: str
    workers: list[Worker]
    were: list[Worker]
    here: list[Kid]
    away: list[Kid]
    coming: list[Kid]
    merges: list[Merged]
    guests: list[Guest]
    can_write: bool
    can_move: bool
    sees_children: bool
    opens_day: bool

    @property
    def years(self) -> str:
        return f"{self.group.school_year}–{self.group.school_year + 1}"

    @property
    def until(self) -> date:
        return school_year_span(self.group.school_year)[1]

    @property
    def is_over(self) -> bool:
        return self.until < clock.today()

    @cached_property
    def merged(self) -> Merged | None:
        """Where the group's children are on the day, if in another group."""
        return next(
            (one for one in self.merges if one.group_id == self.group.id and covers(one.first, one.last, self.day)),
            None,
        )

    @property
    def is_over_full(self) -> bool:
        return self.group.places is not None and len(self.here) > self.group.places


def group_page(group_id: int) -> GroupPage:
    """A group as one may see it. Raises NotFound. Seven statements."""
    group = queries.group(group_id)
    day = shown_day(group.school_year)
    first, last = school_year_span(group.school_year)
    workers = _workers(group_id)
    may = scope().may
    kids = _kids(group_id, day, last)
    here = [kid for kid in kids if kid.group_id == group_id and covers(kid.first, kid.last, day)]
    return GroupPage(
        group=group,
        day=day,
        language=language_name(group.language),
        hours=hours_of(group.minutes_a_day),
        workers=[one for one in workers if one.last is None or one.last >= day],
        were=[one for one in workers if one.last is not None and one.last < day],
        here=here,
        away=[kid for kid in kids if kid.group_id != group_id and covers(kid.first, kid.last, day)],
        coming=_coming(kids, here, group_id, day),
        merges=merges([group_id], first, last),
        guests=_guests(group_id, [kid.child_id for kid in kids if kid.own_id == group_id], day),
        can_write=may(Permission.GROUP_WRITE),
        can_move=may(Permission.PLACE_WRITE),
        sees_children=may(Permission.CHILD_READ),
        opens_day=may(Permission.ATTENDANCE_READ),
    )


def _coming(kids: list[Kid], here: list[Kid], group_id: int, day: date) -> list[Kid]:
    """Those whose own place in the group is to begin, and who are not in it in any way yet."""
    known = {kid.child_id for kid in here} | {kid.child_id for kid in kids if covers(kid.first, kid.last, day)}
    found: dict[int, Kid] = {}
    for kid in kids:
        if kid.child_id not in known and kid.own_id == group_id and kid.first > day:
            found.setdefault(kid.child_id, kid)
    return list(found.values())


_FOR = aliased(User)
_WORKERS = (
    select(
        GroupStaff.id,
        GroupStaff.user_id,
        User.first_name,
        User.last_name,
        GroupStaff.duty,
        GroupStaff.valid_from,
        GroupStaff.valid_to,
        Document.number,
        Document.day,
        GroupStaff.minutes_a_day,
        _FOR.first_name.label("for_first"),
        _FOR.last_name.label("for_last"),
        GroupStaff.merge_id,
    )
    .join(User, User.id == GroupStaff.user_id)
    .join(Document, Document.id == GroupStaff.order_id)
    .outerjoin(_FOR, _FOR.id == GroupStaff.substitutes_id)
    .where(GroupStaff.group_id == bindparam("group_id"))
    .order_by(GroupStaff.valid_from, GroupStaff.id)
)


def _workers(group_id: int) -> list[Worker]:
    today = clock.today()
    return [
        Worker(
            id=row.id,
            user_id=row.user_id,
            name=f"{row.first_name} {row.last_name}",
            duty=row.duty,
            first=row.valid_from,
            last=row.valid_to,
            order_number=row.number,
            order_day=row.day,
            minutes_a_day=row.minutes_a_day,
            substitutes=None if row.for_first is None else f"{row.for_first} {row.for_last}",
            of_merge=row.merge_id is not None,
            can_change=Changeable.NOTHING
            if row.merge_id is not None
            else changeable(row.valid_from, row.valid_to, today),
        )
        for row in db.session.execute(_WORKERS, {"group_id": group_id})
    ]


def worker(group_id: int, staff_id: int) -> Worker:
    """One of those who work in the group. Raises NotFound."""
    queries.group(group_id)
    found = next((one for one in _workers(group_id) if one.id == staff_id), None)
    if found is None:
        raise NotFound
    return found


_OTHER = aliased(Group)
_KIDS = (
    select(
        Child.id,
        Child.first_name,
        Child.last_name,
        Child.birth_date,
        Enrolment.valid_from,
        Enrolment.valid_to,
        Enrolment.group_id,
        Enrolment.home_id,
        _OTHER.name.label("other"),
    )
    .select_from(Enrolment)
    .join(Child, Child.id == Enrolment.child_id)
    .outerjoin(
        _OTHER,
        or_(
            (Enrolment.group_id == bindparam("group_id")) & (_OTHER.id == Enrolment.home_id),
            (Enrolment.group_id != bindparam("group_id")) & (_OTHER.id == Enrolment.group_id),
        ),
    )
    .where(
        or_(Enrolment.group_id == bindparam("group_id"), Enrolment.home_id == bindparam("group_id")),
        touching(Enrolment, bindparam("first"), bindparam("last")),
    )
)


def _kids(group_id: int, first: date, last: date) -> list[Kid]:
    """Places in the group and, of its own children, elsewhere, that touch first..last; by name."""
    rows = db.session.execute(_KIDS, {"group_id": group_id, "first": first, "last": last})
    kids = [
        Kid(
            child_id=row.id,
            name=f"{row.first_name} {row.last_name}",
            birth_date=row.birth_date,
            age=age_on(row.birth_date, first),
            first=row.valid_from,
            last=row.valid_to,
            group_id=row.group_id,
            own_id=row.home_id or row.group_id,
            other=row.other,
        )
        for row in rows
    ]
    return sorted(kids, key=lambda kid: (name_key(kid.name), kid.child_id, kid.first))


_VISITS = (
    select(Visit.id, Visit.child_id, Child.first_name, Child.last_name, Visit.group_id, Visit.first, Visit.last)
    .join(Child, Child.id == Visit.child_id)
    .where(
        or_(Visit.group_id == bindparam("group_id"), member_of(Visit.child_id, "ids")),
        Visit.last >= bindparam("day"),
    )
    .order_by(Visit.first, Visit.id)
)


def _guests(group_id: int, own_ids: Collection[int], day: date) -> list[Guest]:
    rows = db.session.execute(_VISITS, {"group_id": group_id, "ids": list(own_ids), "day": day})
    return [
        Guest(
            id=row.id,
            child_id=row.child_id,
            name=f"{row.first_name} {row.last_name}",
            is_in=row.group_id == group_id,
            first=row.first,
            last=row.last,
        )
        for row in rows
    ]


# --- forms ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FormPage:
    """What stands around a form of a group."""

    group: Group
    orders: list[OrderChoice]
    today: date
    first: date
    last: date

    @property
    def begins(self) -> date:
        """The first day a form proposes."""
        return max(self.today, self.first)


def form_page(group_id: int) -> FormPage:
    """Raises NotFound. Two statements."""
    group = queries.group(group_id)
    first, last = school_year_span(group.school_year)
    return FormPage(group, latest_orders(), clock.today(), first, last)


def others(group: Group) -> list[tuple[int, str]]:
    """The other groups of a group's year, in order of names."""
    known = in_order(db.session.scalars(select(Group).where(Group.school_year == group.school_year)))
    return [(one.id, one.name) for one in known if one.id != group.id]


def own_children(group_id: int, first: date, last: date) -> list[tuple[int, str]]:
    """The group's own children on some of these days, by name."""
    found = {kid.child_id: kid.name for kid in _kids(group_id, first, last) if kid.own_id == group_id}
    return list(found.items())


def merge(group_id: int, merge_id: int) -> Merged:
    """A merge of this group or into it. Raises NotFound."""
    group = queries.group(group_id)
    known = merges([group_id], *school_year_span(group.school_year))
    found = next((one for one in known if one.id == merge_id), None)
    if found is None:
        raise NotFound
    return found


def guest(group_id: int, visit_id: int) -> Guest:
    """A visit in this group or out of it, whenever it was. Raises NotFound."""
    group = queries.group(group_id)
    first, last = school_year_span(group.school_year)
    own = [kid.child_id for kid in _kids(group_id, first, last) if kid.own_id == group_id]
    found = next((one for one in _guests(group_id, own, first) if one.id == visit_id), None)
    if found is None:
        raise NotFound
    return found
