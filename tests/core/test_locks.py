"""When a day and a month are closed, as tables; spans the kitchen cooks by; points under races of two sessions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, event, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Engine

from ediary.attendance.models import ChildDay, Presence
from ediary.core import clock
from ediary.core.dates import Month, at_local
from ediary.core.db import db
from ediary.core.errors import BadInput, FenceBreach, Locked, Stale
from ediary.core.locks import (
    _TAKE_DAYS,
    _TAKE_MONTHS,
    _TAKE_ONE_DAY,
    GroupDay,
    GroupMonth,
    Held,
    held,
    write_transaction,
)
from ediary.core.lockstate import Closed, MonthClosed, Stage, day_state, month_state
from ediary.core.points import DayPoint, LockRule, MonthDeadline
from ediary.core.session import acting_for, first_day_touched
from ediary.groups import queries as groups
from ediary.meals import actions as meals
from tests.cast import Cast, make_cast
from tests.conftest import DAY, MORNING, build_app, fresh_database

NINE = at_local(DAY, time(9))


def at_hour(hour: int, minute: int = 0) -> datetime:
    return at_local(DAY, time(hour, minute))


@pytest.mark.parametrize(
    ("now", "facts", "closed"),
    [
        (at_hour(8, 59), {}, None),
        (at_hour(9), {}, Closed(NINE)),
        (at_hour(8, 50), {"locked_at": at_hour(8, 45), "locked_by": "Ieva"}, Closed(at_hour(8, 45), "Ieva")),
        (at_hour(10), {"locked_at": at_hour(8, 45), "locked_by": "Ieva"}, Closed(at_hour(8, 45), "Ieva")),
        (at_hour(10), {"open_until": at_hour(10, 30)}, None),
        (at_hour(10, 30), {"open_until": at_hour(10, 30)}, Closed(NINE)),
        (at_hour(10, 30), {"open_until": at_hour(10, 30), "locked_at": at_hour(8, 45)}, Closed(at_hour(8, 45))),
        (at_hour(9, 15), {"lock_time": time(9, 30)}, None),
        (at_hour(9, 30), {"lock_time": time(9, 30)}, Closed(at_hour(9, 30))),
        (NINE - timedelta(microseconds=1), {}, None),
        (NINE + timedelta(days=400), {}, Closed(NINE)),
        (NINE - timedelta(days=7), {}, None),
    ],
)
def test_the_day_closes_by_button_or_clock_and_opens_by_unlock(
    now: datetime, facts: dict, closed: Closed | None
) -> None:
    assert day_state(DAY, now, **facts).closed == closed


@pytest.mark.parametrize(
    ("day", "utc"),
    [(date(2026, 3, 27), 7), (date(2026, 3, 30), 6), (date(2026, 10, 23), 6), (date(2026, 10, 26), 7)],
)
def test_nine_is_nine_in_vilnius_in_summer_and_winter(day: date, utc: int) -> None:
    assert day_state(day, MORNING).closes_at == datetime(day.year, day.month, day.day, utc, tzinfo=UTC)


SUBMITTED = {"submitted_at": at_hour(6), "submitted_by": "Rasa"}
CHECKED = {"checked_at": at_hour(7), "checked_by": "Danutė"}


@pytest.mark.parametrize(
    ("now", "facts", "closed"),
    [
        (at_hour(8), {"locks_at": None}, None),
        (at_hour(8), {"locks_at": at_hour(9)}, None),
        (at_hour(9), {"locks_at": at_hour(9)}, MonthClosed(at_hour(9))),
        (
            at_hour(8),
            {"locks_at": at_hour(9), "locked_at": at_hour(7), "locked_by": "Jonas"},
            MonthClosed(at_hour(7), "Jonas"),
        ),
        (at_hour(8), SUBMITTED, MonthClosed(at_hour(6), "Rasa", Stage.SUBMITTED)),
        (at_hour(8), SUBMITTED | CHECKED, MonthClosed(at_hour(7), "Danutė", Stage.CHECKED)),
        (at_hour(9), SUBMITTED | CHECKED | {"locks_at": at_hour(9)}, MonthClosed(at_hour(9))),
        (
            at_hour(9),
            SUBMITTED | {"locked_at": at_hour(8), "locked_by": "Jonas"},
            MonthClosed(at_hour(8), "Jonas"),
        ),
        # the director's unlock beats all of them, until its last moment
        (at_hour(9), SUBMITTED | CHECKED | {"locks_at": at_hour(9), "open_until": at_hour(10)}, None),
        (at_hour(9), {"locked_at": at_hour(8), "locked_by": "Jonas", "open_until": at_hour(10)}, None),
        (at_hour(10), SUBMITTED | {"open_until": at_hour(10)}, MonthClosed(at_hour(6), "Rasa", Stage.SUBMITTED)),
    ],
)
def test_the_month_closes_step_by_step_or_by_its_deadline(
    now: datetime, facts: dict, closed: MonthClosed | None
) -> None:
    assert month_state(now, **facts) == closed


D = DAY
NEXT = DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "after", "content", "first"),
    [
        (None, (D, None), False, D),
        ((D, None), None, False, D),
        ((D, None), (D, None), False, None),
        ((D, None), (D, D), False, NEXT),
        ((D, D), (D, None), False, NEXT),
        ((D, NEXT), (D, D), False, NEXT),
        ((D, None), (NEXT, None), False, D),
        ((NEXT, None), (D, None), False, D),
        ((D, None), (D, None), True, D),
    ],
)
def test_the_first_day_a_changed_span_touches(before, after, content, first) -> None:  # type: ignore[no-untyped-def]
    assert first_day_touched(before, after, content_changed=content) == first


_DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 3, 1))
_SPANS = st.tuples(_DAYS, st.none() | st.integers(0, 60)).map(
    lambda span: (span[0], None if span[1] is None else span[0] + timedelta(days=span[1]))
)


@given(before=_SPANS, after=_SPANS)
def test_no_day_before_the_first_touched_one_changes(before, after) -> None:  # type: ignore[no-untyped-def]
    first = first_day_touched(before, after, content_changed=False)

    def on(span: tuple[date, date | None], day: date) -> bool:
        return span[0] <= day and (span[1] is None or day <= span[1])

    changed = [day for n in range(200) if on(before, day := date(2026, 1, 1) + timedelta(days=n)) != on(after, day)]
    assert not changed or (first is not None and first <= changed[0])


def test_a_diet_changed_after_the_lock_begins_tomorrow(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    child, diet = cast.children["Boružiukai"][0], cast.diets["Be pieno"]
    with app.app_context(), acting_for(cast.saulute):
        at(8, 59)
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            meals.set_diet(child, diet, DAY)
        with pytest.raises(BadInput), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            meals.set_diet(child, cast.diets["Be glitimo"], DAY - timedelta(days=1))
        at(9, 5)
        with pytest.raises(Locked), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            meals.set_diet(child, None, DAY)
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            meals.set_diet(child, None, NEXT)


def test_changing_what_today_cooks_by_needs_the_point(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute), pytest.raises(FenceBreach), write_transaction():
        meals.set_diet(cast.children["Boružiukai"][0], cast.diets["Be pieno"], DAY)


def test_a_later_lock_hour_does_not_reopen_the_past(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    at(9, 10)
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            old = db.session.scalars(select(LockRule)).one()
            old.valid_to = DAY
            db.session.add(LockRule(valid_from=NEXT, valid_to=None, day_locks_at=time(9, 30)))
        at(9, 10, day=NEXT)
        assert groups.day_states(DAY)[cast.boruziukai].closed == Closed(NINE)
        assert groups.day_states(NEXT)[cast.boruziukai].closed is None


def test_october_locks_by_itself_on_the_tenth_of_november(app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute):
        deadline = db.session.scalar(select(MonthDeadline.locks_at).where(MonthDeadline.month == Month(2026, 10)))
    assert deadline == at_local(date(2026, 11, 10), time(0))


def test_waiting_for_the_point_over_midnight_is_a_sentence_not_a_breach() -> None:
    after = at_local(DAY + timedelta(days=1), time(0))
    held_over = Held(after, days={(1, DAY): day_state(DAY, after)})
    with pytest.raises(Stale):
        held_over.day(1, DAY + timedelta(days=1))
    with pytest.raises(FenceBreach):
        held_over.day(2, DAY + timedelta(days=1))


def test_taking_a_point_twice_makes_one_row(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        for _ in range(2):
            with write_transaction(lock=[GroupDay(cast.boruziukai, DAY), GroupMonth(cast.boruziukai, Month(2026, 11))]):
                pass
        assert len(db.session.scalars(select(DayPoint)).all()) == 1


def test_the_clock_is_read_only_once_the_point_is_held(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    at(8, 59)

    def nine_strikes(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "core_day_point" in statement:
            at(9, 0)

    event.listen(Engine, "before_cursor_execute", nine_strikes)
    try:
        with app.app_context(), acting_for(cast.saulute), write_transaction(lock=GroupDay(cast.boruziukai, DAY)) as now:
            assert now.day(cast.boruziukai, DAY).closed == Closed(NINE)
    finally:
        event.remove(Engine, "before_cursor_execute", nine_strikes)


def test_a_write_forgets_what_was_read_before_it(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        read = db.session.scalars(select(LockRule)).one()
        with write_transaction():
            assert db.session.scalars(select(LockRule)).one() is not read


def test_a_writer_on_sqlite_says_so_at_once(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        other = sqlite3.connect(str(db.engine.url.database), timeout=0, isolation_level=None)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_a_row_gone_meanwhile_is_a_lost_race_and_no_fault(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with pytest.raises(Stale), write_transaction():
            rule = db.session.scalars(select(LockRule)).one()
            db.session.connection().execute(delete(LockRule.__table__))
            rule.day_locks_at = time(9, 30)
        assert db.session.scalars(select(LockRule.day_locks_at)).one() == time(9)


@pytest.mark.parametrize("exclusive", [False, True])
def test_taps_share_a_point_and_locks_take_it_alone_in_order_of_groups(exclusive: bool) -> None:
    for statement, table in ((_TAKE_DAYS, "core_day_point"), (_TAKE_MONTHS, "core_month_point")):
        said = str(statement[exclusive].compile(dialect=postgresql.dialect()))
        key = table.split("_")[1]
        strength = "UPDATE" if exclusive else "SHARE"
        assert said.endswith(f"ORDER BY {table}.group_id, {table}.{key} FOR {strength} OF {table}"), said


def test_a_tap_shares_its_month_before_its_day() -> None:
    said = str(_TAKE_ONE_DAY.compile(dialect=postgresql.dialect()))
    assert said.endswith(" FOR SHARE OF core_month_point, core_day_point"), said


@pytest.fixture
def postgres_app(postgres_url: str, tmp_path: Path) -> Flask:
    return build_app(postgres_url, tmp_path)


@pytest.mark.postgres
def test_the_lock_waits_for_a_running_tap_and_refuses_the_next(postgres_app: Flask) -> None:
    """On PostgreSQL: a tap that holds the point in share is seen by the lock; a tap after it is refused."""
    app = postgres_app
    with fresh_database(app):
        with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
            cast = make_cast()
        kids = cast.children["Boružiukai"]
        tapping, go_on, locked = Event(), Event(), Event()
        seen: list[int] = []

        def tap() -> None:
            with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
                with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
                    tapping.set()
                    assert go_on.wait(10)
                    db.session.add(
                        ChildDay(
                            child_id=kids[0],
                            group_id=cast.boruziukai,
                            day=DAY,
                            presence=Presence.PRESENT,
                            changed_at=held().now,
                        )
                    )

        def lock() -> None:
            with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
                with write_transaction(lock=GroupDay(cast.boruziukai, DAY), exclusive=True):
                    seen.append(len(db.session.scalars(select(ChildDay)).all()))
                    db.session.scalars(select(DayPoint)).one().locked_at = held().now
                locked.set()

        first = Thread(target=tap)
        second = Thread(target=lock)
        first.start()
        assert tapping.wait(10)
        second.start()
        assert not locked.wait(0.3), "the lock must wait for the tap"
        go_on.set()
        first.join(10)
        second.join(10)
        assert seen == [1]
        with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute), pytest.raises(Locked):
            with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
                db.session.add(
                    ChildDay(
                        child_id=kids[1],
                        group_id=cast.boruziukai,
                        day=DAY,
                        presence=Presence.PRESENT,
                        changed_at=held().now,
                    )
                )
