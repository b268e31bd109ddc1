"""Two administrators give one letter at the same moment; a reason changes from today on while somebody gives it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import func, select

from ediary.absences import actions, queries
from ediary.absences.actions import Refused
from ediary.absences.models import AbsenceReason
from ediary.absences.rules import ReasonKind, Terms
from ediary.attendance.models import ChildDay
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import BadInput, Stale
from ediary.core.locks import GroupMonth, write_transaction
from ediary.core.session import acting_for
from ediary.sheets.actions import set_reasons
from tests.cast import Cast, make_cast
from tests.conftest import DAY, MORNING
from tests.races.test_reasons import MONTH, PATIENCE, absent, somebody_waits, until

pytestmark = pytest.mark.race

FLU = Terms("f", "Gripas", ReasonKind.ILLNESS, waives_food=True, waives_education=False)
FRIDAY = date(2026, 11, 27)

Work = Callable[[], object]


@pytest.fixture
def cast(database: tuple[Flask, str | None]) -> Cast:
    with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), database[0].app_context():
        return make_cast()


def one_after_the_other(app: Flask, cast: Cast, first: Callable[[Work], object], second: Work) -> object:
    """Let `first` write and hold, `second` come to wait, both go on. What the second said: its refusal, or None."""
    written, go_on = Event(), Event()

    def hold() -> None:
        written.set()
        assert go_on.wait(PATIENCE)

    def as_one(work: Work) -> object:
        with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
            try:
                work()
            except (BadInput, Stale) as refusal:
                return refusal
        return None

    with ThreadPoolExecutor(2) as people:
        one = people.submit(as_one, lambda: first(hold))
        assert written.wait(PATIENCE)
        other = people.submit(as_one, second)
        try:
            until(lambda: somebody_waits(app))
        finally:
            go_on.set()
        assert one.result(PATIENCE) is None
        return other.result(PATIENCE)


def add(hold: Work | None = None) -> None:
    with write_transaction():
        actions.add_reason(FRIDAY, FLU, "administratorė Aldona Kairienė")
        if hold:
            hold()


def change(reason_id: int, first: date, hold: Work | None = None) -> None:
    with write_transaction(lock=queries.lock_points(), exclusive=True):
        actions.change_reason(reason_id, first, FLU, "direktorius Jonas Rimkus")
        if hold:
            hold()


def test_of_two_who_give_the_same_letter_at_once_the_second_is_refused(
    database: tuple[Flask, str | None], cast: Cast
) -> None:
    app = database[0]
    assert isinstance(one_after_the_other(app, cast, add, add), Refused)
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalar(select(func.count()).where(AbsenceReason.letter == "f")) == 1


def test_of_two_who_change_one_reason_at_once_the_second_is_told(
    database: tuple[Flask, str | None], cast: Cast
) -> None:
    app, ill = database[0], cast.reasons["l"]
    said = one_after_the_other(app, cast, lambda hold: change(ill, FRIDAY, hold), lambda: change(ill, FRIDAY))
    assert isinstance(said, Stale)


def test_a_new_reason_and_a_change_do_not_meet_in_one_letter(database: tuple[Flask, str | None], cast: Cast) -> None:
    app, ill = database[0], cast.reasons["l"]
    assert isinstance(one_after_the_other(app, cast, add, lambda: change(ill, FRIDAY)), Refused)


def give(cast: Cast, child: int, hold: Work | None = None) -> None:
    with write_transaction(lock=GroupMonth(cast.boruziukai, MONTH)):
        set_reasons(cast.boruziukai, MONTH, [(child, DAY)], cast.reasons["l"])
        if hold:
            hold()


def test_a_reason_just_given_today_is_not_changed_from_today(database: tuple[Flask, str | None], cast: Cast) -> None:
    app, child, ill = database[0], cast.children["Boružiukai"][0], cast.reasons["l"]
    absent(app, cast, child)
    said = one_after_the_other(app, cast, lambda hold: give(cast, child, hold), lambda: change(ill, DAY))
    assert isinstance(said, Refused)


def test_a_reason_just_changed_from_today_is_given_as_it_now_is(database: tuple[Flask, str | None], cast: Cast) -> None:
    app, child, ill = database[0], cast.children["Boružiukai"][0], cast.reasons["l"]
    absent(app, cast, child)
    assert one_after_the_other(app, cast, lambda hold: change(ill, DAY, hold), lambda: give(cast, child)) is None
    with app.app_context(), acting_for(cast.saulute):
        flu = db.session.scalar(select(AbsenceReason.id).where(AbsenceReason.letter == "f"))
        assert db.session.scalar(select(ChildDay.reason_id)) == flu
