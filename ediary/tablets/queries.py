"""Shared tablets: of the institution, and the one that asks. Tablets are read before a scope exists: say whose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from ediary.accounts.models import LoginSession, Membership, User
from ediary.accounts.queries import stands_open
from ediary.accounts.tokens import hash_code, hash_token
from ediary.core import clock
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group, GroupStaff
from ediary.groups.queries import groups_on
from ediary.groups.rules import Duty
from ediary.tablets.models import Tablet, TabletGroup

CODE = "tablet"


def by_token(token: str | None) -> Tablet | None:
    """The paired tablet behind a cookie, unless it was ended."""
    if not token:
        return None
    found = select(Tablet).where(Tablet.token_hash == hash_token(token), Tablet.ended_at.is_(None))
    return db.session.scalars(found).one_or_none()


def by_code(typed: str) -> Tablet | None:
    """The tablet that waits to be paired by this code."""
    found = select(Tablet).where(
        Tablet.code_hash == hash_code(CODE, typed), Tablet.code_until > clock.now(), Tablet.ended_at.is_(None)
    )
    return db.session.scalars(found).one_or_none()


# --- what the tablet shows before anybody acts ----------------------------------------------------------------------


@dataclass(frozen=True)
class Hand:
    """Somebody who works in the group today."""

    user_id: int
    name: str
    initials: str
    has_pin: bool


@dataclass(frozen=True)
class Door:
    """A group of the tablet, with those who may act in it today."""

    group_id: int
    group: str
    hands: list[Hand]


@dataclass(frozen=True)
class DoorsPage:
    name: str
    day: date
    doors: list[Door]


def doors(tablet: Tablet) -> DoorsPage:
    """The tablet's groups of this school year, each with its educators of today. Within a scope of its institution."""
    today = clock.today()
    rows = db.session.execute(
        select(Group.id, Group.name, User.id.label("user_id"), User.first_name, User.last_name, User.pin_hash)
        .select_from(TabletGroup)
        .join(Group, Group.id == TabletGroup.group_id)
        .outerjoin(
            GroupStaff,
            (GroupStaff.group_id == Group.id) & (GroupStaff.duty == Duty.EDUCATOR) & valid_on(GroupStaff, today),
        )
        .outerjoin(
            Membership,
            (Membership.user_id == GroupStaff.user_id)
            & (Membership.institution_id == tablet.institution_id)
            & (Membership.role == Role.EDUCATOR)
            & valid_on(Membership, today)
            & stands_open(),
        )
        .outerjoin(User, User.id == Membership.user_id)
        .where(TabletGroup.tablet_id == tablet.id)
        .order_by(GroupStaff.valid_from)
    ).all()
    found: dict[int, Door] = {}
    for row in rows:
        door = found.setdefault(row.id, Door(row.id, row.name, []))
        if row.user_id is not None and row.user_id not in {hand.user_id for hand in door.hands}:
            name, initials = f"{row.first_name} {row.last_name}", f"{row.first_name[:1]}{row.last_name[:1]}"
            door.hands.append(Hand(row.user_id, name, initials, row.pin_hash is not None))
    return DoorsPage(tablet.name, today, sorted(found.values(), key=lambda door: name_key(door.group)))


def hand(tablet: Tablet, user_id: int) -> Hand | None:
    """Somebody who may act on this tablet today."""
    return next((one for door in doors(tablet).doors for one in door.hands if one.user_id == user_id), None)


# --- the administrator's list ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A tablet of the house."""

    id: int
    name: str
    group_ids: frozenset[int]
    groups: str
    made_by: str
    paired_at: datetime | None
    last_seen: datetime | None


@dataclass(frozen=True)
class TabletsPage:
    tablets: list[Listed]
    groups: list[Group]


def page() -> TabletsPage:
    """The tablets in use or waiting to be paired, and the groups of this school year. Three statements."""
    seen = (
        select(LoginSession.tablet_id, func.max(LoginSession.seen_at).label("last"))
        .where(LoginSession.tablet_id.is_not(None))
        .group_by(LoginSession.tablet_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Tablet.id, Tablet.name, Tablet.made_by, Tablet.paired_at, seen.c.last)
        .outerjoin(seen, seen.c.tablet_id == Tablet.id)
        .where(Tablet.institution_id == scope().institution_id, Tablet.ended_at.is_(None))
    ).all()
    shown: dict[int, list[tuple[int, str]]] = {}
    for tablet_id, group_id, name in db.session.execute(
        select(TabletGroup.tablet_id, Group.id, Group.name).join(Group, Group.id == TabletGroup.group_id)
    ):
        shown.setdefault(tablet_id, []).append((group_id, name))
    found = []
    for row in rows:
        groups = sorted(shown.get(row.id, []), key=lambda group: name_key(group[1]))
        ids, names = frozenset(group_id for group_id, _ in groups), ", ".join(name for _, name in groups)
        found.append(Listed(row.id, row.name, ids, names, row.made_by, row.paired_at, row.last))
    return TabletsPage(sorted(found, key=lambda one: name_key(one.name)), groups_on(clock.today()))
