"""Dated settings: a change begins on a day to come, yesterday and today stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from ediary.core import settled
from ediary.core.db import db
from ediary.core.errors import BadInput, FenceBreach
from ediary.core.locks import write_transaction
from ediary.core.points import LockRule
from ediary.core.session import acting_for
from tests.cast import FIRST, Cast
from tests.conftest import DAY, count_queries

NEXT, LATER = DAY + timedelta(days=1), DAY + timedelta(days=30)

Chain = list[tuple[date, date | None, time]]


def chain() -> Chain:
    return [(row.valid_from, row.valid_to, row.day_locks_at) for row in settled.chain(LockRule)]


@pytest.mark.parametrize(
    ("first", "starts", "may"),
    [
        (DAY - timedelta(days=1), [FIRST], False),
        (DAY, [FIRST], False),
        (NEXT, [FIRST], True),
        (NEXT, [], True),
        (NEXT, [FIRST, NEXT], False),
        (NEXT, [FIRST, LATER], False),
        (LATER, [FIRST, NEXT], True),
    ],
)
def test_a_change_begins_tomorrow_at_the_earliest_and_after_what_is_planned(
    app: Flask, first: date, starts: list[date], may: bool
) -> None:
    with app.test_request_context():
        assert (settled.why_not_from(first, DAY, starts) is None) is may


def test_a_change_closes_what_holds_the_day_before(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            row = settled.replace_from(LockRule, NEXT, "direktorius Jonas Rimkus", day_locks_at=time(9, 30))
        assert row is not None
        assert row.set_by == "direktorius Jonas Rimkus"
        assert chain() == [(FIRST, DAY, time(9)), (NEXT, None, time(9, 30))]


def test_a_planned_change_taken_back_leaves_what_was(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            settled.replace_from(LockRule, NEXT, "x", day_locks_at=time(9, 30))
            settled.replace_from(LockRule, LATER, "x", day_locks_at=time(8, 30))
        with write_transaction():
            settled.withdraw(settled.chain(LockRule)[1])
        assert chain() == [(FIRST, LATER - timedelta(days=1), time(9)), (LATER, None, time(8, 30))]
        with write_transaction():
            settled.withdraw(settled.chain(LockRule)[1])
        assert chain() == [(FIRST, None, time(9))]


def test_a_change_that_has_begun_is_not_taken_back(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            settled.replace_from(LockRule, NEXT, "x", day_locks_at=time(9, 30))
        at(0, 1, day=NEXT)
        with pytest.raises(BadInput), write_transaction():
            settled.withdraw(settled.chain(LockRule)[1])
        assert len(chain()) == 2


def test_what_changes_nothing_writes_nothing(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            assert settled.replace_from(LockRule, NEXT, "x", day_locks_at=time(9)) is None
        assert chain() == [(FIRST, None, time(9))]


def test_the_database_keeps_one_row_of_a_day(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute), pytest.raises(IntegrityError), write_transaction():
        db.session.add(LockRule(valid_from=FIRST, valid_to=None, day_locks_at=time(8)))


def test_settings_are_changed_only_inside_a_write(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute), pytest.raises(FenceBreach):
        settled.one_at_a_time()


def test_a_change_takes_two_statements_and_its_writes(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction(), count_queries() as seen:
        settled.replace_from(LockRule, NEXT, "x", day_locks_at=time(9, 30))
    assert [statement.split()[0] for statement in seen] == ["SELECT", "SELECT", "UPDATE", "INSERT", "INSERT"]
