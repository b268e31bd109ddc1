"""Two people give one absence a reason at the same moment: the second is written over the first, and knows it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select, text

from ediary.attendance.models import ChildDay, Presence
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.locks import GroupDay, GroupMonth, held, write_transaction
from ediary.core.session import acting_for
from ediary.sheets import actions
from tests.cast import Cast, make_cast
from tests.conftest import DAY, MORNING

pytestmark = pytest.mark.race

MONTH = Month.of(DAY)
PATIENCE = 20.0


def somebody_waits(app: Flask) -> bool:
    """Does a writer wait for another? SQLite lets nobody in, so there it is sure."""
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return True
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "nobody came to wait"
        time.sleep(0.01)


def test_the_second_reason_replaces_the_first_and_the_history_says_so(database: tuple[Flask, str | None]) -> None:
    app, _ = database
    with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
        cast = make_cast()
    child = cast.children["Boružiukai"][0]
    absent(app, cast, child)
    written, go_on = Event(), Event()

    def give(letter: str, first: bool) -> None:
        with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
            with write_transaction(lock=GroupMonth(cast.boruziukai, MONTH)):
                actions.set_reasons(cast.boruziukai, MONTH, [(child, DAY)], cast.reasons[letter])
                if first:
                    written.set()
                    assert go_on.wait(PATIENCE)

    with ThreadPoolExecutor(2) as people:
        one = people.submit(give, "l", first=True)
        assert written.wait(PATIENCE)
        other = people.submit(give, "t", first=False)
        try:
            until(lambda: somebody_waits(app))
        finally:
            go_on.set()
        one.result(PATIENCE)
        other.result(PATIENCE)

    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalar(select(ChildDay.reason_id)) == cast.reasons["t"]
        changes = db.session.scalars(
            select(AuditEntry.changes)
            .where(AuditEntry.table_name == "attendance_child_day", AuditEntry.action == "change")
            .order_by(AuditEntry.id)
        )
        assert [json.loads(change)["reason_id"] for change in changes] == [
            [None, cast.reasons["l"]],
            [cast.reasons["l"], cast.reasons["t"]],
        ]


def absent(app: Flask, cast: Cast, child: int) -> None:
    """The child is away, nobody knows why."""
    with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            facts = {"group_id": cast.boruziukai, "child_id": child, "day": DAY, "changed_at": held().now}
            db.session.add(ChildDay(presence=Presence.ABSENT, **facts))
