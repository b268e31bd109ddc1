"""Reads of the unscoped tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ediary.accounts.models import Membership, User
from ediary.core.db import db
from ediary.core.permissions import Role
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
