"""Reads of the unscoped tables. The fence does not narrow them: what is asked of one institution says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ediary.accounts.models import Membership, User
from ediary.core.db import db
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.core.spans import valid_on


@dataclass(frozen=True)
class Seat:
    """A membership as its holder chooses it."""

    id: int
    institution_id: int
    role: Role


def user_by_login(login: str) -> User | None:
    """The person with this log-in name; names are kept in lower case."""
    return db.session.scalars(select(User).where(User.login == login.strip().lower())).one_or_none()


def seats(user_id: int, today: date) -> list[Seat]:
    """The memberships a person holds today, oldest first."""
    rows = db.session.execute(
        select(Membership.id, Membership.institution_id, Membership.role)
        .where(Membership.user_id == user_id, valid_on(Membership, today))
        .order_by(Membership.id)
    )
    return [Seat(row.id, row.institution_id, row.role) for row in rows]


def holders(role: Role, day: date) -> list[str]:
    """First and last names of those who hold a role in this institution on a day, who held it first first."""
    rows = db.session.execute(
        select(User.first_name, User.last_name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.institution_id == scope().institution_id, Membership.role == role, valid_on(Membership, day))
        .order_by(Membership.valid_from, Membership.id)
    )
    return list(dict.fromkeys(f"{row.first_name} {row.last_name}" for row in rows))


def names(user_ids: Collection[int]) -> dict[int, str]:
    """First and last names of these people."""
    rows = db.session.execute(select(User.id, User.first_name, User.last_name).where(User.id.in_(user_ids)))
    return {row.id: f"{row.first_name} {row.last_name}" for row in rows}
