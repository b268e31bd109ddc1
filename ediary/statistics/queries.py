"""Who comes into the diary and how often: people by role, parents by group as numbers (A7; S II.7, K 22.10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, func, select

from ediary.accounts.models import LoginSession, Membership, User
from ediary.children.models import Enrolment, Guardian
from ediary.core import clock
from ediary.core.dates import Month, at_local
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.people import role_name
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.core.spans import touching, valid_on
from ediary.groups.queries import groups_on

#: the roles in the order of the page
ORDER = tuple(role for role in Role if role is not Role.GUARDIAN)


@dataclass(frozen=True)
class Visitor:
    """Somebody in one role: how often they came in this month, by themselves and on a group's tablet, and when last."""

    name: str
    role: str
    times: int
    on_tablet: int
    last: datetime | None


@dataclass(frozen=True)
class OfGroup:
    """A group's parents, as numbers. Somebody with children in two groups counts in both."""

    name: str
    children: int
    #: parents with a log-in, those of them who have ever come in, and in this month; how often
    with_log_in: int
    ever: int
    this_month: int
    times: int
    #: children none of whose parents has ever come in
    unseen: int


@dataclass(frozen=True)
class MonthPage:
    """A month of coming in."""

    month: Month
    today: date
    visitors: list[Visitor]
    groups: list[OfGroup]

    @property
    def next(self) -> Month | None:
        return self.month.next if self.month < Month.of(self.today) else None

    @property
    def never(self) -> list[Visitor]:
        return [one for one in self.visitors if one.last is None]

    @property
    def came(self) -> list[Visitor]:
        return [one for one in self.visitors if one.times or one.on_tablet]


@dataclass(frozen=True)
class _Count:
    times: int
    last: datetime | None


def month_page(month: Month) -> MonthPage:
    """Five statements, however many people."""
    today = clock.today()
    return MonthPage(month, today, _visitors(month), _groups(month, max(month.first, min(today, month.last))))


def _began(month: Month) -> ColumnElement[bool]:
    """Did the session begin in this month, by the wall clock?"""
    first, after = (at_local(one.first, time(0)) for one in (month, month.next))
    return (LoginSession.created_at >= first) & (LoginSession.created_at < after)


def _visitors(month: Month) -> list[Visitor]:
    """Everybody who held a role but a parent's on some day of the month."""
    own = LoginSession.tablet_id.is_(None)
    rows = db.session.execute(
        select(
            User.first_name,
            User.last_name,
            Membership.role,
            func.count(LoginSession.id).filter(_began(month), own).label("times"),
            func.count(LoginSession.id).filter(_began(month), ~own).label("on_tablet"),
            func.max(LoginSession.created_at).label("last"),
        )
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .outerjoin(LoginSession, LoginSession.membership_id == Membership.id)
        .where(
            Membership.institution_id == scope().institution_id,
            Membership.role != Role.GUARDIAN,
            touching(Membership, month.first, month.last),
        )
        .group_by(Membership.id, User.id)
    ).all()
    rows = sorted(rows, key=lambda row: (ORDER.index(row.role), name_key(f"{row.last_name} {row.first_name}")))
    return [
        Visitor(
            f"{row.last_name} {row.first_name}", role_name(row.role, row.first_name), row.times, row.on_tablet, row.last
        )
        for row in rows
    ]


def _parents(month: Month) -> dict[int, _Count]:
    """How often each parent of this house came in, in this month, and when last; those who never did are not there."""
    rows = db.session.execute(
        select(
            Membership.user_id,
            func.count(LoginSession.id).filter(_began(month)).label("times"),
            func.max(LoginSession.created_at).label("last"),
        )
        .join(LoginSession, LoginSession.membership_id == Membership.id)
        .where(Membership.institution_id == scope().institution_id, Membership.role == Role.GUARDIAN)
        .group_by(Membership.user_id)
    )
    return {row.user_id: _Count(row.times, row.last) for row in rows}


def _groups(month: Month, day: date) -> list[OfGroup]:
    """By group of this day, whose parents have log-ins and use them."""
    counts = _parents(month)
    rows: list[Any] = list(
        db.session.execute(
            select(Enrolment.group_id, Enrolment.child_id, Guardian.user_id)
            .outerjoin(Guardian, (Guardian.child_id == Enrolment.child_id) & valid_on(Guardian, day))
            .where(valid_on(Enrolment, day))
        )
    )
    found = []
    for group in groups_on(day):
        mine = [row for row in rows if row.group_id == group.id]
        children = {row.child_id for row in mine}
        parents = {row.user_id for row in mine} - {None}
        seen = {row.child_id for row in mine if row.user_id in counts}
        found.append(
            OfGroup(
                name=group.name,
                children=len(children),
                with_log_in=len(parents),
                ever=len(parents & set(counts)),
                this_month=sum(1 for one in parents if one in counts and counts[one].times),
                times=sum(counts[one].times for one in parents if one in counts),
                unseen=len(children - seen),
            )
        )
    return found
