"""Lists of children: who is here, coming, without a group, gone; birthdays; whose parents have no access."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import Date, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from ediary.accounts.models import LoginSession, Membership
from ediary.children import rules
from ediary.children.models import Child, Consent, Departure, Enrolment, Guardian
from ediary.children.rules import Access, Answer, ConsentKind
from ediary.core import clock
from ediary.core.dates import ONE_DAY, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.permissions import Permission, Role
from ediary.core.session import here_or_coming, scope
from ediary.core.spans import touching, valid_on
from ediary.groups.models import Group


class Stay(StrEnum):
    """Which children a list is about."""

    HERE = "here"
    COMING = "coming"
    #: in the house's books, with no place today or later, and not said to have left
    NOWHERE = "nowhere"
    GONE = "gone"


@dataclass(frozen=True)
class Row:
    """A child in a list, with the place that puts it there; none for who never had one."""

    child_id: int
    first_name: str
    last_name: str
    birth_date: date
    group_id: int | None
    group_name: str | None
    since: date | None
    until: date | None
    is_guest: bool | None
    #: of a guest: the own group, where one may see it
    home_name: str | None

    @property
    def own_group(self) -> str | None:
        """The group to name with the child: of a guest the own one."""
        return self.home_name or self.group_name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Listed:
    """The page of a list as asked for."""

    rows: list[Row]
    #: how many there are before anything is sought
    total: int
    stay: Stay
    stays: list[Stay]
    sought: str
    group_id: int | None
    #: the groups of all these children
    groups: list[tuple[int, str]]
    #: of the gone: the school year in which they left
    year: int
    today: date
    can_add: bool
    #: the whole house is seen; of the groups one works in, those one no longer has are named, but open no card
    is_house: bool

    @property
    def is_narrowed(self) -> bool:
        return bool(self.sought or self.group_id)

    @property
    def opens_cards(self) -> bool:
        return self.is_house or self.stay is not Stay.GONE

    @property
    def this_year(self) -> int:
        return school_year_of(self.today)


_TODAY = bindparam("today", type_=Date())
_CHILD = (Child.id, Child.first_name, Child.last_name, Child.birth_date)
_HOME = aliased(Group)
_PLACE = (
    Enrolment.group_id,
    Group.name,
    Enrolment.valid_from,
    Enrolment.valid_to,
    Enrolment.is_guest.label("is_guest"),
    _HOME.name.label("home_name"),
)
#: From the children on, who are found by their institution, to their places: the order in which PostgreSQL reads.
_PLACED: Any = (
    select(*_CHILD, *_PLACE)
    .select_from(Child)
    .join(Enrolment, Enrolment.child_id == Child.id)
    .outerjoin(Group, Group.id == Enrolment.group_id)
    .outerjoin(_HOME, _HOME.id == Enrolment.home_id)
)


_OTHER = aliased(Enrolment)
_PLACED_STILL = exists().where(Enrolment.child_id == Child.id, here_or_coming(Enrolment, _TODAY)).correlate(Child)
_PLACED_TODAY = exists().where(_OTHER.child_id == Enrolment.child_id, valid_on(_OTHER, _TODAY)).correlate(Enrolment)
_PLACED_LATER = (
    exists()
    .where(_OTHER.child_id == Enrolment.child_id, or_(_OTHER.valid_to.is_(None), _OTHER.valid_to > Enrolment.valid_to))
    .correlate(Enrolment)
)
_LEFT = exists().where(Departure.child_id == Child.id).correlate(Child)
#: Made once: building a statement costs more than running it. An educator sees as gone whoever is no longer theirs.
_FORMER: Any = _PLACED.where(
    Enrolment.valid_to >= bindparam("first"),
    Enrolment.valid_to <= bindparam("last"),
    Enrolment.valid_to < _TODAY,
    ~_PLACED_LATER,
)
_STATEMENTS: dict[Stay, Any] = {
    Stay.HERE: _PLACED.where(valid_on(Enrolment, _TODAY)),
    Stay.COMING: _PLACED.where(Enrolment.valid_from > _TODAY, ~_PLACED_TODAY).order_by(Enrolment.valid_from.desc()),
    Stay.NOWHERE: (
        select(*_CHILD, *_PLACE)
        .select_from(Child)
        .outerjoin(Enrolment, Enrolment.child_id == Child.id)
        .outerjoin(Group, Group.id == Enrolment.group_id)
        .outerjoin(_HOME, _HOME.id == Enrolment.home_id)
        .where(~_PLACED_STILL, ~_LEFT)
        .order_by(Enrolment.valid_from)
    ),
    Stay.GONE: _FORMER.where(_LEFT),
}


def listed(stay: Stay, sought: str, group_id: int | None, year: int | None) -> Listed:
    """The children of a list, in Lithuanian order of names. One statement."""
    today, house = clock.today(), scope().group_ids is None
    stays = [one for one in Stay if house or one is not Stay.NOWHERE]
    stay = stay if stay in stays else Stay.HERE
    year = year or school_year_of(today)
    first, last = school_year_span(year)
    asked = {"today": today, "first": first, "last": last} if stay is Stay.GONE else {"today": today}
    statement = _FORMER if stay is Stay.GONE and not house else _STATEMENTS[stay]
    # of several places the last read stands: the nearest to come, the last that was
    rows = list({row.id: Row(*row) for row in db.session.execute(statement, asked)}.values())
    return Listed(
        rows=_sorted(_chosen(rows, sought, group_id)),
        total=len(rows),
        stay=stay,
        stays=stays,
        sought=sought,
        group_id=group_id,
        groups=_groups(rows),
        year=year,
        today=today,
        can_add=scope().may(Permission.CHILD_WRITE),
        is_house=house,
    )


def _chosen(rows: list[Row], sought: str, group_id: int | None) -> list[Row]:
    return [
        row
        for row in rows
        if (group_id is None or row.group_id == group_id) and (not sought or rules.is_found(sought, row.name))
    ]


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (name_key(row.name), row.child_id))


def _groups(rows: Iterable[Row]) -> list[tuple[int, str]]:
    named = {row.group_id: row.group_name for row in rows if row.group_id is not None and row.group_name}
    return sorted(named.items(), key=lambda one: name_key(one[1]))


# --- birthdays ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Birthday:
    """Whom to wish well on a day: no year and no age (B4)."""

    child_id: int
    name: str
    group_name: str | None
    day: date


@dataclass(frozen=True)
class Birthdays:
    """The birthdays of a week, by day."""

    first: date
    last: date
    today: date
    birthdays: list[Birthday]
    #: children of the week's groups whose parents have not been asked yet
    not_asked: int

    @cached_property
    def by_day(self) -> list[tuple[date, list[Birthday]]]:
        days = sorted({one.day for one in self.birthdays})
        return [(day, [one for one in self.birthdays if one.day == day]) for day in days]

    @property
    def previous(self) -> date:
        return self.first - timedelta(days=7)

    @property
    def next(self) -> date:
        return self.last + ONE_DAY


#: Each child of the week with what its parents said about the birthday, once for each answer.
_IN_WEEK: Any = (
    _PLACED.outerjoin(
        Consent,
        (Consent.child_id == Child.id)
        & (Consent.kind == ConsentKind.BIRTHDAY)
        & touching(Consent, bindparam("first"), bindparam("last")),
    )
    .add_columns(
        Consent.id.label("consent_id"),
        Consent.kind,
        Consent.is_given,
        Consent.said_by,
        Consent.said_on,
        Consent.valid_from.label("said_from"),
        Consent.valid_to.label("said_to"),
    )
    .where(touching(Enrolment, bindparam("first"), bindparam("last")))
)


def birthdays(day: date) -> Birthdays:
    """Of the week of a day, where a consent holds on the birthday. One statement."""
    first, last = rules.week_of(day)
    said: dict[int, dict[int, Answer]] = {}
    places: dict[tuple[int, date | None], Row] = {}
    for *columns, consent_id, kind, given, by, on, valid_from, valid_to in db.session.execute(
        _IN_WEEK, {"first": first, "last": last}
    ):
        row = Row(*columns)
        places[row.child_id, row.since] = row
        if consent_id is not None:
            answer = Answer(consent_id, kind, given, by, on, valid_from, valid_to)
            said.setdefault(row.child_id, {})[consent_id] = answer
    found = [
        Birthday(row.child_id, row.name, row.own_group, on)
        for row in places.values()
        if (on := rules.birthday_between(row.birth_date, first, last))
        and _is_placed(row, on)
        and rules.agreed(said.get(row.child_id, {}).values(), ConsentKind.BIRTHDAY, on)
    ]
    found.sort(key=lambda one: (one.day, name_key(one.name), one.child_id))
    not_asked = {child_id for child_id, _since in places} - set(said)
    return Birthdays(first, last, clock.today(), found, len(not_asked))


def _is_placed(row: Row, day: date) -> bool:
    return row.since is not None and row.since <= day and (row.until is None or day <= row.until)


# --- whose parents have no access ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parent:
    """Whom to ask in, and whether they have come already."""

    name: str
    phone: str
    email: str
    access: Access

    @property
    def dialled(self) -> str:
        return rules.dialled(self.phone)


@dataclass(frozen=True)
class Outside:
    """A child none of whose parents has come into the diary."""

    child_id: int
    name: str
    access: Access
    parents: list[Parent]


@dataclass(frozen=True)
class OutsideGroup:
    """The children of a group: those outside, and how many there are in all."""

    name: str
    children: list[Outside]
    of: int


#: Each child here or coming with each parent of today, and how far that parent has come.
_ACCESS: Any = (
    select(
        *_CHILD,
        *_PLACE,
        Guardian.id.label("guardian_id"),
        Guardian.first_name.label("parent_first"),
        Guardian.last_name.label("parent_last"),
        Guardian.phone,
        Guardian.email,
        func.count(Membership.id).label("memberships"),
        func.count(LoginSession.id).label("sessions"),
    )
    .select_from(Child)
    .join(Enrolment, Enrolment.child_id == Child.id)
    .outerjoin(Group, Group.id == Enrolment.group_id)
    .outerjoin(_HOME, _HOME.id == Enrolment.home_id)
    .outerjoin(Guardian, (Guardian.child_id == Child.id) & valid_on(Guardian, _TODAY))
    .outerjoin(
        Membership,
        (Membership.user_id == Guardian.user_id)
        & (Membership.institution_id == bindparam("here"))
        & (Membership.role == Role.GUARDIAN)
        & valid_on(Membership, _TODAY),
    )
    .outerjoin(LoginSession, LoginSession.membership_id == Membership.id)
    .where(here_or_coming(Enrolment, _TODAY))
    .group_by(*_CHILD, *_PLACE, Enrolment.id, Guardian.id)
    .order_by(Enrolment.valid_from.desc(), Guardian.id)
)


def without_access() -> list[OutsideGroup]:
    """The groups with their children none of whose parents has come in (V 4.2.9). One statement."""
    asked = {"today": clock.today(), "here": scope().institution_id}
    placed: dict[int, Row] = {}
    parents: dict[int, dict[int, Parent]] = {}
    for *row, guardian_id, first, last, phone, email, memberships, sessions in db.session.execute(_ACCESS, asked):
        place = Row(*row)
        placed[place.child_id] = place  # of several the first to hold
        if guardian_id is not None:
            access = Access.USED if sessions else Access.UNUSED if memberships else Access.NONE
            family = parents.setdefault(place.child_id, {})
            family[guardian_id] = Parent(f"{first} {last}", phone, email, access)
    return _by_group(_sorted(placed.values()), parents)


def _by_group(rows: Sequence[Row], parents: dict[int, dict[int, Parent]]) -> list[OutsideGroup]:
    found = []
    for name in sorted({row.own_group or "" for row in rows}, key=name_key):
        mine = [row for row in rows if (row.own_group or "") == name]
        outside = []
        for row in mine:
            family = list(parents.get(row.child_id, {}).values())
            access = rules.access_of(parent.access for parent in family)
            if access is not Access.USED:
                outside.append(Outside(row.child_id, row.name, access, family))
        found.append(OutsideGroup(name, outside, len(mine)))
    return found
