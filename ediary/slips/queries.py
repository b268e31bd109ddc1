"""Who has no way in yet, and who may be given a new one (A7; S II.6, II.7)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from ediary.accounts.models import Membership, Slip, User
from ediary.accounts.queries import shut_here
from ediary.children.models import Child, Enrolment, Guardian
from ediary.core import clock
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.permissions import Permission
from ediary.core.session import here_or_coming, scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group
from ediary.staff.models import Employee

#: so many slips at once: one group's families twice over, some seconds of work
MOST = 60


@dataclass(frozen=True)
class Person:
    """Somebody a slip can be printed for: an employee, or a parent by one of their children."""

    id: int
    name: str
    #: an employee's position; a parent's children
    about: str
    #: has a password, and so a way in
    is_ready: bool
    #: a slip that waits to be used
    slip_until: date | None
    #: another kindergarten has replaced the password: the roles here are shut until this one vouches
    is_shut: bool


@dataclass(frozen=True)
class Section:
    """The parents of a group's children, or the employees."""

    name: str
    people: list[Person]

    @property
    def waiting(self) -> list[Person]:
        """Those without a way in and without a slip."""
        return [one for one in self.people if not one.is_ready and one.slip_until is None]


@dataclass(frozen=True)
class SlipsPage:
    staff: Section | None
    groups: list[Section]
    most: int = MOST


def page() -> SlipsPage:
    """Everybody of the house, or the families of one's groups. Eight statements."""
    is_house = scope().may(Permission.STAFF_READ)
    return SlipsPage(_staff() if is_house else None, _families())


def _staff() -> Section:
    today = clock.today()
    rows = db.session.execute(
        select(Employee.id, Employee.first_name, Employee.last_name, Employee.position, Employee.user_id).where(
            Employee.user_id.is_not(None), here_or_coming(Employee, today)
        )
    ).all()
    ready, slips = _ways_in({row.user_id for row in rows})
    shut = shut_here({row.user_id for row in rows})
    people = [
        Person(
            row.id,
            f"{row.first_name} {row.last_name}",
            row.position,
            row.user_id in ready,
            slips.get(row.user_id),
            row.user_id in shut,
        )
        for row in rows
    ]
    return Section("", sorted(people, key=lambda one: name_key(one.name)))


def _families() -> list[Section]:
    today = clock.today()
    rows = db.session.execute(
        select(
            Guardian.id,
            Guardian.first_name,
            Guardian.last_name,
            Guardian.user_id,
            Child.first_name.label("child_first"),
            Child.last_name.label("child_last"),
            Group.name.label("group_name"),
        )
        .select_from(Guardian)
        .join(Child, Child.id == Guardian.child_id)
        .join(Enrolment, (Enrolment.child_id == Child.id) & here_or_coming(Enrolment, today))
        .join(Group, Group.id == func.coalesce(Enrolment.home_id, Enrolment.group_id))
        .where(valid_on(Guardian, today))
        .order_by(Enrolment.valid_from)
    ).all()
    users = {row.user_id for row in rows if row.user_id is not None}
    (ready, slips), shut = _ways_in(users), shut_here(users)
    groups: dict[str, dict[int, Person]] = {}
    seen: set[int] = set()
    for row in rows:
        if row.id in seen:  # a child that will change groups stands in the first
            continue
        seen.add(row.id)
        groups.setdefault(row.group_name, {})[row.id] = Person(
            row.id,
            f"{row.first_name} {row.last_name}",
            f"{row.child_first} {row.child_last}",
            row.user_id in ready,
            slips.get(row.user_id),
            row.user_id in shut,
        )
    return [
        Section(name, sorted(people.values(), key=lambda one: (name_key(one.about), name_key(one.name))))
        for name, people in sorted(groups.items(), key=lambda group: name_key(group[0]))
    ]


def _ways_in(user_ids: Collection[int]) -> tuple[set[int], dict[int, date]]:
    """Of these people, those with a password; and until when a slip of ours waits for whom."""
    ready = set(db.session.scalars(select(User.id).where(User.id.in_(user_ids), User.password_hash != "")))
    waiting = select(Slip.user_id, Slip.valid_until).where(
        Slip.user_id.in_(user_ids),
        Slip.institution_id == scope().institution_id,
        Slip.used_at.is_(None),
        Slip.ended_at.is_(None),
        Slip.valid_until > clock.now(),
    )
    until: dict[int, datetime] = {row.user_id: row.valid_until for row in db.session.execute(waiting)}
    return ready, {user_id: moment.date() for user_id, moment in until.items()}


def has_seat(user_id: int, today: date) -> bool:
    """Does this person have any role here, today or to come?"""
    seat = select(Membership.id).where(
        Membership.user_id == user_id,
        Membership.institution_id == scope().institution_id,
        here_or_coming(Membership, today),
    )
    return db.session.scalar(seat.limit(1)) is not None
