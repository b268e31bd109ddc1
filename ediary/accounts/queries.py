"""Reads of the unscoped tables. The fence does not narrow them: what is asked of one institution says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, or_, select

from ediary.accounts import rules
from ediary.accounts.models import (
    EntryRule,
    LoginSession,
    Membership,
    PledgeAcceptance,
    PledgeText,
    SecondFactor,
    Slip,
    User,
    Vouching,
)
from ediary.accounts.tokens import hash_code
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.members import member_of
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


def stands_open(seat: Any = Membership) -> ColumnElement[bool]:
    """Does a role open to who comes in? Not where another institution has replaced the person's log-in and this one
    has not vouched since that it is they: else whoever administers one kindergarten could walk into another.

    `seat`: the membership's entity or its columns.
    """
    since = (
        exists()
        .where(
            Vouching.user_id == seat.user_id,
            Vouching.institution_id == seat.institution_id,
            Vouching.vouched_at >= Slip.used_at,
        )
        .correlate(Slip, Membership)  # by itself it would look at the nearest statement alone
    )
    shut = exists().where(
        Slip.user_id == seat.user_id,
        Slip.institution_id != seat.institution_id,
        Slip.shuts_others,
        Slip.used_at.is_not(None),  # until then no password opens anything
        ~since,
    )
    return ~shut.correlate(Membership)


def shut_here(user_ids: Collection[int]) -> set[int]:
    """Of these people, those whose roles in this institution are shut until it vouches for them. One statement."""
    rows = db.session.scalars(
        select(Membership.user_id).where(
            member_of(Membership.user_id, "people"),
            Membership.institution_id == scope().institution_id,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= clock.today()),
            ~stands_open(),
        ),
        {"people": user_ids},
    )
    return set(rows)


def is_shut_somewhere(user_id: int, today: date) -> bool:
    """Is a role of today of this person's shut until its institution vouches?"""
    seat = select(Membership.id).where(Membership.user_id == user_id, valid_on(Membership, today), ~stands_open())
    return db.session.scalar(seat.limit(1)) is not None


def is_known_elsewhere(user_id: int) -> bool:
    """Does another institution than this scope's know the person, today or to come?"""
    seat = select(Membership.id).where(
        Membership.user_id == user_id,
        Membership.institution_id != scope().institution_id,
        or_(Membership.valid_to.is_(None), Membership.valid_to >= clock.today()),
    )
    return db.session.scalar(seat.limit(1)) is not None


def seats(user_id: int, today: date) -> list[Seat]:
    """The memberships a person holds today and that stand open, oldest first."""
    rows = db.session.execute(
        select(Membership.id, Membership.institution_id, Membership.role)
        .where(Membership.user_id == user_id, valid_on(Membership, today), stands_open())
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


def why_no_slip(user_ids: Collection[int]) -> dict[int, str]:
    """Of these people, those for whom no slip may be printed in this scope, with the sentence why. Two statements.

    Raises NotFound when one of them has no role in this institution, today or to come.
    """
    here, today = scope().institution_id, clock.today()
    rows = db.session.execute(
        select(Membership.user_id, Membership.institution_id, Membership.role).where(
            member_of(Membership.user_id, "people"), or_(Membership.valid_to.is_(None), Membership.valid_to >= today)
        ),
        {"people": user_ids},
    ).all()
    seats: dict[int, list[rules.LiveSeat]] = {user_id: [] for user_id in user_ids}
    for row in rows:
        seats[row.user_id].append(rules.LiveSeat(row.institution_id, row.role is Role.GUARDIAN))
    made_by = {
        row.id: row.made_by_id
        for row in db.session.execute(
            select(User.id, User.made_by_id).where(member_of(User.id, "people")), {"people": user_ids}
        )
    }
    found = {}
    for user_id, of_user in seats.items():
        reason = rules.why_no_slip(of_user, made_by.get(user_id), here, of_groups_only=scope().group_ids is not None)
        if reason is rules.NoSlip.UNKNOWN:
            raise NotFound
        if reason is not None:
            found[user_id] = _NO_SLIP[reason]()
    return found


#: what a slip's code is kept as
SLIP = "slip"
#: said alike of a code that never was, of an old, a used and a replaced one
SLIP_OPENS_NOTHING = _l(
    "This code opens nothing: it is mistyped, used already, replaced by a newer one, or older than two weeks. Look at "
    "the slip again, or ask your kindergarten for a new one."
)


def opens(slip: Slip, now: datetime) -> bool:
    """Can the slip still be used?"""
    return slip.used_at is None and slip.ended_at is None and slip.valid_until >= now


def slip_by_code(typed: str) -> Slip | None:
    """The slip this code opens now. One statement, whatever is typed."""
    slip = db.session.scalars(select(Slip).where(Slip.code_hash == hash_code(SLIP, typed))).one_or_none()
    return slip if slip is not None and opens(slip, clock.now()) else None


def memberships(user_id: int) -> list[Membership]:
    """All roles a person ever had anywhere, the oldest first."""
    return list(db.session.scalars(select(Membership).where(Membership.user_id == user_id).order_by(Membership.id)))


def has_come_in(user_id: int) -> bool:
    """Has anybody ever logged in as this person?"""
    return db.session.scalar(select(LoginSession.id).where(LoginSession.user_id == user_id).limit(1)) is not None


_NO_SLIP = {
    rules.NoSlip.WORKS_HERE: lambda: _(
        "This person has other roles too, so an educator cannot replace their log-in. The administrator can."
    ),
    rules.NoSlip.NOT_OURS: lambda: _(
        "Another kindergarten made this log-in, and the person still comes in there. Only it can replace the "
        "password: the person asks there, and here nothing is lost."
    ),
}


@dataclass(frozen=True)
class Entry:
    """What entering still asks of a person: the page that asks it, or None; and when the session ends if idle."""

    asks: str | None
    idle_minutes: int | None


def entry(user_id: int, role: Role, second_factor_at: datetime | None, *, on_tablet: bool) -> Entry:
    """By the institution's rules of today for this role (A7, A8). On a shared tablet the PIN was asked instead."""
    today = clock.today()
    rule = db.session.execute(
        select(EntryRule.needs_second_factor, EntryRule.idle_minutes).where(
            EntryRule.role == role, valid_on(EntryRule, today)
        )
    ).first()
    idle_minutes = rule.idle_minutes if rule else None
    if on_tablet:
        idle_minutes = min(idle_minutes or rules.IDLE_ON_TABLET, rules.IDLE_ON_TABLET)
    if not on_tablet and second_factor_at is None:
        has_one = select(SecondFactor.id).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None))
        if (rule and rule.needs_second_factor) or db.session.scalar(has_one) is not None:
            return Entry("accounts.second_factor", idle_minutes)
    if role is not Role.GUARDIAN and pledge_due(user_id, today) is not None:
        return Entry("accounts.pledge", idle_minutes)
    return Entry(None, idle_minutes)


def pledge_due(user_id: int, today: date) -> PledgeText | None:
    """The institution's pledge in force, if this person has not accepted it yet."""
    return db.session.scalars(
        select(PledgeText)
        .outerjoin(
            PledgeAcceptance, (PledgeAcceptance.text_id == PledgeText.id) & (PledgeAcceptance.user_id == user_id)
        )
        .where(valid_on(PledgeText, today), PledgeAcceptance.id.is_(None))
    ).first()


def is_open(user_id: int) -> bool:
    """Is this a log-in in use, and not one that was joined to another and closed?"""
    return db.session.scalar(select(User.id).where(User.id == user_id, User.closed_at.is_(None))) is not None


def is_guardian_here(user_id: int, today: date) -> bool:
    """Does this person come in here as a guardian already?"""
    held = select(Membership.id).where(
        Membership.user_id == user_id,
        Membership.institution_id == scope().institution_id,
        Membership.role == Role.GUARDIAN,
        valid_on(Membership, today),
    )
    return db.session.scalar(held) is not None


# --- the second factor ----------------------------------------------------------------------------------------------


def factor(user_id: int) -> SecondFactor | None:
    """The person's second factor, set up or being set up."""
    return db.session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).one_or_none()


def factor_is_obligatory(user_id: int) -> bool:
    """Does a role the person holds in this institution today ask for it?"""
    today = clock.today()
    asked = (
        select(EntryRule.id)
        .join(Membership, Membership.role == EntryRule.role)
        .where(
            Membership.user_id == user_id,
            Membership.institution_id == scope().institution_id,
            valid_on(Membership, today),
            valid_on(EntryRule, today),
            EntryRule.needs_second_factor,
        )
    )
    return db.session.scalar(asked.limit(1)) is not None
