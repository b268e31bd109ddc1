"""Logging in and out, switching roles, giving them. Log-ins themselves are made in `credentials`."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ediary.accounts import queries, rules
from ediary.accounts.models import LoginAttempt, LoginSession, Membership, User
from ediary.accounts.passwords import verify
from ediary.accounts.tokens import hash_token
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, TooManyTries
from ediary.core.locks import held, write_transaction
from ediary.core.permissions import Role


def check_guess(login: str, address: str, password: str) -> User:
    """The person, if the password is right. Opens its own short transactions: hashing is done between them.

    A try is counted as failed before the password is looked at, under rows only one worker can hold, so that many
    tries at once are slowed like many in a row. The right password clears the log-in's count and takes its own try
    off the address's: who knows one password cannot use it to guess others. Raises TooManyTries or BadInput.
    """
    of_login, of_address = f"login:{login.strip().lower()}", f"address:{address}"
    with write_transaction():
        waits = max(_count_try(of_login, rules.FREE_OF_LOGIN), _count_try(of_address, rules.FREE_OF_ADDRESS))
    if waits:
        seconds = max(1, round(waits.total_seconds()))
        raise TooManyTries(_("Too many wrong tries. Try again in %(seconds)s s.", seconds=seconds))
    user = queries.user_by_login(login)
    if not verify(user.password_hash if user else None, password) or user is None:
        raise BadInput(_("The log-in name or the password is not right. Check the letters' case and try again."))
    with write_transaction():
        _first_attempt(of_login).failures = 0
        right = _first_attempt(of_address)
        right.failures = max(right.failures - 1, 0)
    return user


def _attempt(key: str) -> LoginAttempt | None:
    return db.session.scalars(
        select(LoginAttempt).where(LoginAttempt.key == key).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()


def _first_attempt(key: str) -> LoginAttempt:
    """A row for the key, held by this worker. Two workers that both find none must not both insert one."""
    attempt = _attempt(key)
    while attempt is None:
        insert = postgresql_insert if db.session().get_bind().dialect.name == "postgresql" else sqlite_insert
        row = insert(LoginAttempt).values(key=key, failures=0, last_at=held().now)
        db.session.execute(row.on_conflict_do_nothing())
        attempt = _attempt(key)
    return attempt


def _count_try(key: str, free: int) -> timedelta:
    """Count one more try under this key; how long it must still wait instead, if it must."""
    now = held().now
    attempt = _first_attempt(key)
    waits = rules.still_waits(attempt.failures, attempt.last_at, now, free)
    if waits:
        return waits
    if now - attempt.last_at >= rules.FORGOTTEN_AFTER:
        attempt.failures = 0
    attempt.failures += 1
    attempt.last_at = now
    return timedelta(0)


def open_session(user_id: int, device: str) -> str:
    """A new server-side session in the person's first role of today; returns the cookie's token.

    Raises BadInput when the person holds no role anywhere today.
    """
    now = held().now
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


def enter(session_id: int, idle_minutes: int | None) -> None:
    """All that entering asks is done for today."""
    row = db.session.get(LoginSession, session_id)
    if row is not None:
        row.entered_on, row.idle_minutes = held().today, idle_minutes


def switch(session_id: int, user_id: int, membership_id: int) -> None:
    """Go on in another of one's own roles of today. Raises NotFound for any other."""
    if membership_id not in {seat.id for seat in queries.seats(user_id, clock.today())}:
        raise NotFound
    row = db.session.get(LoginSession, session_id)
    if row is None:
        raise NotFound
    row.membership_id, row.entered_on = membership_id, None


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
