"""A month is submitted or locked while taps and reasons arrive: what it was closed with is what it holds."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.attendance import actions as attendance
from ediary.attendance.models import ChildDay, Presence
from ediary.attendance.rules import Mark
from ediary.core import clock
from ediary.core.dates import Month, at_local
from ediary.core.db import db
from ediary.core.locks import GroupDay, GroupMonth, held, write_transaction
from ediary.core.points import MonthPoint
from ediary.core.session import acting_for
from ediary.periods import actions as periods
from ediary.sheets import actions, queries
from tests.cast import Cast, make_cast
from tests.conftest import DAY, MORNING
from tests.races.test_places import meet

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

MONTH = Month(2026, 11)
#: the month's last working day, before the kitchen's hour: presence is open, and the month can be closed
LAST = date(2026, 11, 30)
NOW = at_local(LAST, time(8, 0))
ROUNDS = 15


@pytest.fixture
def house(database: tuple[Flask, str | None]) -> tuple[Flask, Cast]:
    """The Cast on SQLite and on PostgreSQL, a child absent earlier in the month."""
    app = database[0]
    with clock.frozen(MORNING.replace(month=8, day=31)), app.app_context():
        cast = make_cast()
    with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            facts = {"group_id": cast.boruziukai, "child_id": cast.children["Boružiukai"][0], "day": DAY}
            db.session.add(ChildDay(presence=Presence.ABSENT, changed_at=held().now, **facts))
    return app, cast


def fingerprint(group_id: int) -> str:
    return queries.sheets(MONTH, [group_id])[0].fingerprint


@pytest.mark.parametrize("closing", ["submit", "lock", "both"])
def test_what_a_month_was_closed_with_is_what_it_holds(house: tuple[Flask, Cast], closing: str) -> None:
    app, cast = house
    group, children = cast.boruziukai, cast.children["Boružiukai"]
    point = GroupMonth(group, MONTH)
    closed_with: list[str] = []

    def tap(child: int) -> None:
        with write_transaction(lock=GroupDay(group, LAST)):
            attendance.mark(group, child, LAST, Mark.ABSENT, Mark.UNMARKED, "")

    def reason(letter: str) -> None:
        with write_transaction(lock=point):
            actions.set_reasons(group, MONTH, [(children[0], DAY)], cast.reasons[letter])

    def submit() -> None:
        with write_transaction(lock=point, exclusive=True):
            periods.submit(group, MONTH, "mokytoja Rasa")
            closed_with.append(fingerprint(group))

    def lock() -> None:
        with write_transaction(lock=point, exclusive=True):
            periods.lock_month([group], MONTH, "direktorius Jonas")
            closed_with.append(fingerprint(group))

    closings = {"submit": [submit], "lock": [lock], "both": [submit, lock]}[closing]
    refused = 0
    for number in range(ROUNDS):
        closed_with.clear()
        child, letter = children[number % len(children)], "lt"[number % 2]
        answers = meet(app, cast.saulute, lambda c=child: tap(c), lambda x=letter: reason(x), *closings, moment=NOW)  # type: ignore[misc]
        edits, closes = answers[:2], answers[2:]
        assert all(answer == "" or answer.startswith("Locked") for answer in edits), answers
        # whoever comes second to close finds it closed, but that a lock follows a submit
        assert "" in closes, answers
        assert all(answer == "" or answer.startswith("Locked") for answer in closes), answers
        refused += sum(answer != "" for answer in edits)
        with clock.frozen(NOW), app.app_context(), acting_for(cast.saulute):
            assert set(closed_with) == {fingerprint(group)}, answers
            marked = db.session.scalars(
                select(ChildDay.child_id).where(ChildDay.day == LAST, ChildDay.child_id == child)
            ).first()
            assert (marked is not None) == (edits[0] == "")
            reopen(point)
            with write_transaction(lock=GroupDay(group, LAST)):
                for row in db.session.scalars(select(ChildDay).where(ChildDay.day == LAST)):
                    db.session.delete(row)
    assert 0 < refused < 2 * ROUNDS, "one was always first"


def reopen(point: GroupMonth) -> None:
    """For the next round: nobody has closed it."""
    with write_transaction(lock=point, exclusive=True):
        row = db.session.scalars(select(MonthPoint).where(MonthPoint.group_id == point.group_id)).one()
        row.submitted_at = row.submitted_by = row.locked_at = row.locked_by = None
