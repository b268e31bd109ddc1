"""Guessing slowed: tries counted before what was sent is looked at, in rows only one worker can hold.

So many tries at once are slowed like many in a row, on whatever worker they come. What is guessed has several counters
at once (the log-in at this address, the log-in, the address); a try is made only when none of them waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TypeVar

from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ediary.accounts import rules
from ediary.accounts.models import LoginAttempt
from ediary.core.db import db
from ediary.core.errors import TooManyTries
from ediary.core.locks import held, write_transaction

Found = TypeVar("Found")

#: forgotten rows removed with each right guess, so that names typed by strangers do not gather
SWEPT = 20


@dataclass(frozen=True)
class Counter:
    """Tries counted together: how many cost nothing, and how long the longest wait is."""

    of: str
    free: int
    longest: timedelta = rules.LONGEST_WAIT
    #: the right guess takes off its own try only: who knows one secret cannot use it to guess others
    keeps: bool = False

    @property
    def key(self) -> str:
        """Not what was typed: some type the password where the name belongs."""
        return sha256(self.of.encode()).hexdigest()


def slowed(counters: Sequence[Counter], check: Callable[[], Found | None]) -> Found | None:
    """What `check` finds of a guess, None if it is wrong; raises TooManyTries where the next try must wait.

    Two short transactions with the check between them: hashing a password takes too long for one. The counters are
    taken in their order: it must be one order everywhere, of the narrower before the wider.
    """
    with write_transaction():
        wait = _count(counters)
    if wait:
        raise TooManyTries(_wait_said(wait))
    found = check()
    if found is not None:
        with write_transaction():
            _forgive(counters)
    return found


def _wait_said(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    if seconds < 60:
        return ngettext(
            "Too many wrong tries. Try again in %(num)s second.",
            "Too many wrong tries. Try again in %(num)s seconds.",
            seconds,
        )
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many wrong tries. Try again in %(num)s minute.",
        "Too many wrong tries. Try again in %(num)s minutes.",
        minutes,
    )


def _count(counters: Sequence[Counter]) -> timedelta:
    """Count one more try, unless some counter waits: then how long."""
    now = held().now
    rows = [(counter, _row(counter.key)) for counter in counters]
    waits = [rules.still_waits(row.failures, row.last_at, now, counter.free, counter.longest) for counter, row in rows]
    if any(waits):
        return max(waits)
    for _, row in rows:
        if now - row.last_at >= rules.FORGOTTEN_AFTER:
            row.failures = 0
        row.failures += 1
        row.last_at = now
    return timedelta(0)


def _forgive(counters: Sequence[Counter]) -> None:
    for counter in counters:
        row = _row(counter.key)
        row.failures = max(row.failures - 1, 0) if counter.keeps else 0
    _sweep()


def _held_row(key: str) -> LoginAttempt | None:
    return db.session.scalars(
        select(LoginAttempt).where(LoginAttempt.key == key).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()


def _row(key: str) -> LoginAttempt:
    """A row for the key, held by this worker. Two workers that both find none must not both insert one."""
    attempt = _held_row(key)
    while attempt is None:
        insert = postgresql_insert if db.session().get_bind().dialect.name == "postgresql" else sqlite_insert
        row = insert(LoginAttempt).values(key=key, failures=0, last_at=held().now)
        db.session.execute(row.on_conflict_do_nothing())
        attempt = _held_row(key)
    return attempt


def _sweep() -> None:
    """Remove some rows that no longer count; those another worker holds stay for the next."""
    old = held().now - 2 * rules.FORGOTTEN_AFTER
    for row in db.session.scalars(
        select(LoginAttempt).where(LoginAttempt.last_at < old).limit(SWEPT).with_for_update(skip_locked=True)
    ):
        db.session.delete(row)
