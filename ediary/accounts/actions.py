"""Logging in and out, switching roles, giving them. Log-ins themselves are made in `credentials`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import or_, select

from ediary.accounts import queries, rules
from ediary.accounts.attempts import Counter, slowed
from ediary.accounts.credentials import take_user
from ediary.accounts.devices import Device
from ediary.accounts.models import LoginSession, Membership, User
from ediary.accounts.passwords import verify
from ediary.accounts.tokens import hash_token
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.locks import held
from ediary.core.members import member_of
from ediary.core.permissions import Role
from ediary.core.session import scope


def check_guess(login: str, address: str, password: str, device: Device) -> User:
    """The person, if the password is right. Opens its own short transactions: hashing is done between them.

    On a device the person has logged in on before, tries are counted there alone, so that nobody who guesses
    elsewhere makes the owner wait. Anywhere else they are counted by the log-in at this address, by the log-in, and
    by the address. A wrong name goes the same way as a wrong password. Raises TooManyTries or BadInput.
    """
    name = login.strip().lower()
    known = queries.user_by_login(name)
    own = known is not None and device.knows(known.id)

    def check() -> User | None:
        return known if verify(known.password_hash if known else None, password) else None

    found = slowed(counters_of(name, address, device.counter(known.id) if known and own else None), check)
    if found is None:
        raise BadInput(_("The log-in name or the password is not right. Check the letters' case and try again."))
    return found


def counters_of(name: str, address: str, own: Counter | None) -> tuple[Counter, ...]:
    """What a try at a log-in counts under; `own`: on a device that knows the person."""
    if own is not None:
        return (own,)
    return (
        Counter(f"login:{name}@{address}", rules.FREE_OF_LOGIN),
        Counter(f"login:{name}", rules.FREE_OF_LOGIN_ANYWHERE),
        Counter(f"address:{address}", rules.FREE_OF_ADDRESS, keeps=True),
    )


def counter_of_slips(address: str) -> Counter:
    """What tries at slips' codes count under: nobody is named before the code is right."""
    return Counter(f"slip:{address}", rules.FREE_OF_ADDRESS, keeps=True)


def check_own(user_id: int, password: str) -> None:
    """Is it this person's own password? Asked again before the log-in itself is changed.

    Opens its own short transactions, as `check_guess`. Raises TooManyTries or BadInput.
    """
    user = db.session.get(User, user_id)
    password_hash = user.password_hash if user else None
    counter = Counter(f"own:{user_id}", rules.FREE_OF_LOGIN)
    if slowed([counter], lambda: verify(password_hash, password) or None) is None:
        raise BadInput(_("This is not your password."))


def open_session(user_id: int, device: str, proven: str | None = None) -> str:
    """A new server-side session in the person's first role of today; returns the cookie's token.

    `proven`: the password's hash that was found right. Raises BadInput when it is no longer the person's (a slip has
    just replaced it), or when the person holds no role anywhere today.
    """
    now = held().now
    if proven is not None and take_user(user_id).password_hash != proven:
        raise BadInput(_("This password has just been replaced. Use the newest slip."))
    seats = queries.seats(user_id, clock.today())
    if not seats:
        raise BadInput(_("You have no role in any kindergarten today. Ask your administrator."))
    token = secrets.token_urlsafe(32)
    db.session.add(
        LoginSession(
            token_hash=hash_token(token),
            user_id=user_id,
            membership_id=seats[0].id,
            device=device,
            created_at=now,
            seen_at=now,
        )
    )
    return token


def end_session(session_id: int) -> None:
    """Log out: the row stays, ended."""
    row = db.session.get(LoginSession, session_id)
    if row is not None and row.ended_at is None:
        row.ended_at = held().now


def end_own_session(user_id: int, session_id: int) -> None:
    """End one of one's own sessions. Raises NotFound for anybody else's."""
    row = db.session.get(LoginSession, session_id)
    if row is None or row.user_id != user_id:
        raise NotFound
    end_session(session_id)


def enter(session_id: int, idle_minutes: int | None) -> None:
    """All that entering asks is done for today."""
    row = db.session.get(LoginSession, session_id)
    if row is not None:
        row.entered_on, row.idle_minutes = held().today, idle_minutes


def switch(session_id: int, user_id: int, membership_id: int) -> None:
    """Go on in another of one's own roles of today. Raises NotFound for any other, and on a shared tablet.

    There a short number opens the group's day, and neither a role that sees the house nor another kindergarten.
    """
    if membership_id not in {seat.id for seat in queries.seats(user_id, clock.today())}:
        raise NotFound
    row = db.session.get(LoginSession, session_id)
    if row is None or row.tablet_id is not None:
        raise NotFound
    row.membership_id, row.entered_on = membership_id, None


def keep_guardians(until: Mapping[int, date | None]) -> None:
    """These people's role as a parent here lasts to this day; None = without an end. Who has none is given it anew.

    Two statements and the writes.
    """
    here, today = scope().institution_id, held().today
    seats: dict[int, Membership] = {}
    rows = db.session.scalars(
        select(Membership).where(
            member_of(Membership.user_id, "people"),
            Membership.institution_id == here,
            Membership.role == Role.GUARDIAN,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
        ),
        {"people": list(until)},
    )
    for row in rows:
        seats[row.user_id] = row
    for user_id, last in until.items():
        seat = seats.get(user_id)
        if seat is not None:
            seat.valid_to = last if last is None else max(last, seat.valid_from)
        elif (last is None or last >= today) and queries.is_open(user_id):
            add_membership(user_id, here, Role.GUARDIAN, today, last)
    db.session.flush()


def add_membership(
    user_id: int, institution_id: int, role: Role, valid_from: date, valid_to: date | None = None
) -> Membership:
    """Give a person a role from-to (A7)."""
    membership = Membership(
        user_id=user_id, institution_id=institution_id, role=role, valid_from=valid_from, valid_to=valid_to
    )
    db.session.add(membership)
    db.session.flush()
    return membership
