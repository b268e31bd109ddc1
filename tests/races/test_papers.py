"""A paper and the month's lock at the same moment: the lock is a promise; the same paper by two people is one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.absences.excuses import PaperKind
from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import BadInput, Locked
from ediary.core.locks import GroupMonth, held, write_transaction
from ediary.core.points import MonthPoint
from ediary.core.session import acting_for
from ediary.papers import actions, queries
from ediary.papers.models import Paper, PaperDay
from ediary.papers.rules import Said
from tests.cast import Cast, make_cast
from tests.conftest import DAY, MORNING
from tests.races.test_reasons import somebody_waits, until

pytestmark = pytest.mark.race

MONTH = Month.of(DAY)
NOTE = Said(PaperKind.NOTE, "", date(2026, 11, 17), date(2026, 11, 18), MORNING, None)


def beginning(app: Flask) -> Cast:
    with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
        return make_cast()


def enter(app: Flask, cast: Cast, written: Event | None = None, go_on: Event | None = None) -> None:
    """Somebody enters the note; with events, stays in the transaction until the others wait."""
    child = cast.children["Boružiukai"][0]
    with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
        points = queries.lock_points(child, NOTE.first, NOTE.last)
        with write_transaction(lock=points):
            actions.enter(child, NOTE, None, "mokytoja Rasa")
            if written and go_on:
                written.set()
                assert go_on.wait(20)


def test_no_paper_slips_into_a_month_that_is_just_being_locked(database: tuple[Flask, str | None]) -> None:
    app, _ = database
    cast = beginning(app)
    written, go_on = Event(), Event()

    def lock() -> None:
        with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
            with write_transaction(lock=GroupMonth(cast.boruziukai, MONTH), exclusive=True):
                point = db.session.scalars(
                    select(MonthPoint).where(MonthPoint.month == MONTH, MonthPoint.group_id == cast.boruziukai)
                ).one()
                point.locked_at, point.locked_by = held().now, "direktorius Jonas"
                db.session.flush()
                written.set()
                assert go_on.wait(20)

    with ThreadPoolExecutor(2) as pool:
        locking = pool.submit(lock)
        assert written.wait(20)
        entering = pool.submit(enter, app, cast)
        until(lambda: somebody_waits(app))
        go_on.set()
        locking.result()
        with pytest.raises(Locked):
            entering.result()
    with app.app_context(), acting_for(cast.saulute):
        assert [*db.session.scalars(select(Paper)), *db.session.scalars(select(PaperDay))] == []


def test_the_same_paper_entered_by_two_at_once_is_one(database: tuple[Flask, str | None]) -> None:
    app, _ = database
    cast = beginning(app)
    written, go_on = Event(), Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(enter, app, cast, written, go_on)
        assert written.wait(20)
        second = pool.submit(enter, app, cast)
        until(lambda: somebody_waits(app))
        go_on.set()
        first.result()
        with pytest.raises(BadInput):
            second.result()
    with app.app_context(), acting_for(cast.saulute):
        assert len(db.session.scalars(select(Paper)).all()) == 1
