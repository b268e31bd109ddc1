"""The snapshot is the same whoever comes first and whenever (architecture 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from ediary.absences.models import Announcement
from ediary.children.models import Enrolment
from ediary.core.dates import ONE_DAY, at_local
from ediary.core.db import db
from ediary.core.errors import BadInput, FenceBreach, Locked
from ediary.core.locks import GroupDay, held, write_transaction
from ediary.core.lockstate import DEFAULT_LOCK_TIME
from ediary.core.points import LockRule
from ediary.core.session import acting_for
from ediary.institutions.models import AgeBandBy, InstitutionSettings
from ediary.kitchen import actions, queries
from ediary.meals import actions as meals
from ediary.meals import queries as meal_queries
from ediary.portions import queries as portions
from ediary.portions.models import LockedDay
from tests import make
from tests.cast import Cast
from tests.conftest import DAY
from tests.kitchen.conftest import Morning, cooked, recount

At = Callable[..., None]


def change_at_nine_oh_five(app: Flask, cast: Cast, at: At) -> None:
    """A diet is changed at 9:05: refused for today, taken for tomorrow."""
    at(9, 5)
    adomas, today = cast.children["Boružiukai"][0], GroupDay(cast.boruziukai, DAY)
    with app.app_context(), acting_for(cast.saulute):
        with pytest.raises(Locked), write_transaction(lock=today):
            meals.set_diet(adomas, cast.diets["Be pieno"], DAY)
        with write_transaction(lock=today):
            meals.set_diet(adomas, cast.diets["Be pieno"], DAY + ONE_DAY)
            meals.order_meals(cast.children["Boružiukai"][1], [cast.meals["Pietūs"]], DAY + ONE_DAY)


def test_a_day_opened_again_takes_no_new_place(app: Flask, cast: Cast, as_person: Callable, at: At) -> None:
    jonas, child = as_person("jonas"), cast.children["Boružiukai"][0]
    at(9, 5)
    opened = {"groups": [cast.boruziukai], "reason": "Vėlavo vaikai", "minutes": "30"}
    assert jonas.post(f"/kitchen/{DAY}/unlock", data=opened).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        meal_kinds = list(cast.meals.values())
        with pytest.raises(BadInput), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            make.child(cast.boruziukai, "Naujas", "Vaikas", DAY, meal_kinds)
        with pytest.raises(BadInput), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            place = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child)).one()
            place.valid_to = DAY - ONE_DAY
            db.session.flush()
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            make.child(cast.boruziukai, "Naujas", "Vaikas", DAY + ONE_DAY, meal_kinds)
        assert cooked(DAY) == recount(DAY)


def first_reader_at(app: Flask, cast: Cast, at: At, **when: int) -> object:
    days = when.pop("days", 0)
    at(moment=at_local(DAY, DEFAULT_LOCK_TIME) + timedelta(days=days, **when))
    with app.app_context(), acting_for(cast.saulute):
        assert actions.ensure_snapshot(DAY)
        locked = portions.locked_day(DAY)
        assert locked is not None
        return sorted(portions.snapshot(locked.id), key=str), locked.locked_at, locked.locked_by


@pytest.mark.parametrize("when", [{"seconds": 1}, {"days": 1, "hours": 6}, {"days": 30}])
def test_the_snapshot_is_the_same_at_nine_and_a_second_and_next_day_at_three(
    app: Flask, cast: Cast, morning: Morning, at: At, when: dict[str, int]
) -> None:
    morning.whole("Boružiukai", absent=3)
    if when != {"seconds": 1}:
        change_at_nine_oh_five(app, cast, at)
    rows, locked_at, locked_by = first_reader_at(app, cast, at, **when)  # type: ignore[misc]
    children = cast.children
    eating = [*children["Boružiukai"][3:], *children["Drugeliai"]]
    assert {child for child, _, _ in rows} == set(eating)
    assert len(rows) == len(eating) * 3
    no_milk = {child for child, _, dish in rows if dish.diet_id == cast.diets["Be pieno"]}
    assert no_milk == {children["Boružiukai"][8]}
    assert (locked_at, locked_by) == (at_local(DAY, DEFAULT_LOCK_TIME), None)
    assert morning.is_whole()


@pytest.mark.parametrize(
    "first", ["", "/live", "/kitchen-sheet.pdf", "/daily-report.pdf", "/lock", "/unlock", "command"]
)
def test_whoever_comes_first_stores_it_once(app: Flask, cast: Cast, as_person: Callable, at: At, first: str) -> None:
    login = "jonas" if first == "/unlock" else "ieva"
    client = as_person(login)
    at(9, 1)
    if first == "command":
        answer = app.test_cli_runner().invoke(args=["kitchen", "snapshot"])
        assert f"institution {cast.saulute}: {DAY}" in answer.output
    else:
        client.get(f"/kitchen/{DAY}{first}")
    client.get(f"/kitchen/{DAY}")
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalar(select(func.count(LockedDay.id)).where(LockedDay.day == DAY)) == 1


def test_the_nightly_command_makes_good_every_day_nobody_looked_at(app: Flask, cast: Cast, at: At) -> None:
    at(2, 0, day=DAY + ONE_DAY)
    app.test_cli_runner().invoke(args=["kitchen", "snapshot"])
    with app.app_context(), acting_for(cast.saulute):
        assert queries.missing_snapshots(DAY - timedelta(days=60), DAY) == []
        assert portions.is_locked_day(DAY)
        assert not portions.is_locked_day(DAY - ONE_DAY), "Sunday"
    assert "institution" not in app.test_cli_runner().invoke(args=["kitchen", "snapshot"]).output


@pytest.mark.parametrize(("day", "hour"), [(DAY, 8), (DAY + ONE_DAY, 9), (DAY - ONE_DAY, 12), (date(2025, 3, 3), 12)])
def test_there_is_no_snapshot_before_the_hour_nor_of_a_day_without_groups(
    app: Flask, cast: Cast, at: At, day: date, hour: int
) -> None:
    at(hour, 0)
    with app.app_context(), acting_for(cast.saulute):
        assert not actions.ensure_snapshot(day)
        assert not portions.is_locked_day(day)


def test_the_hour_is_a_dated_setting(app: Flask, cast: Cast, at: At) -> None:
    at(8, 10)
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            for rule in db.session.scalars(select(LockRule)):
                rule.valid_to = DAY - ONE_DAY
            db.session.flush()
            db.session.add(LockRule(day_locks_at=time(8, 30), valid_from=DAY))
        assert queries.lock_hour(DAY).minute == 30
        assert queries.lock_hour(DAY - ONE_DAY) == at_local(DAY - ONE_DAY, DEFAULT_LOCK_TIME)


def test_an_announced_child_has_no_portion(app: Flask, cast: Cast, at: At, morning: Morning) -> None:
    child = cast.children["Boružiukai"][0]
    with app.app_context(), acting_for(cast.saulute):
        before = recount(DAY).total()
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            announce(child)
        assert recount(DAY).total() == before - 3
    at(9, 0)
    with app.app_context(), acting_for(cast.saulute):
        actions.ensure_snapshot(DAY)
        assert cooked(DAY).total() == before - 3


def announce(child: int) -> None:
    db.session.add(Announcement(child_id=child, caller="mama", called_at=held().now, valid_from=DAY, valid_to=DAY))
    db.session.flush()


def test_the_age_band_by_birthday_is_a_setting(app: Flask, cast: Cast, at: At) -> None:
    with app.app_context(), acting_for(cast.saulute):
        bands = {dish.age_band for _, dish in recount(DAY)}
        assert bands == {"nursery", "kindergarten"}
        with write_transaction():
            for setting in db.session.scalars(select(InstitutionSettings)):
                setting.valid_to = DAY - ONE_DAY
            db.session.flush()
            db.session.add(InstitutionSettings(age_band_by=AgeBandBy.BIRTHDAY, valid_from=DAY))
        assert {dish.age_band for _, dish in recount(DAY)} == {"kindergarten"}


def test_the_snapshot_is_not_stored_inside_anothers_transaction(app: Flask, cast: Cast, at: At) -> None:
    at(9, 0)
    with (
        app.app_context(),
        acting_for(cast.saulute),
        write_transaction(lock=GroupDay(cast.boruziukai, DAY)),
        pytest.raises(FenceBreach),
    ):
        actions.ensure_snapshot(DAY)


def test_a_day_opened_again_is_open_for_presence_and_not_for_meals(app: Flask, cast: Cast, at: At) -> None:
    at(9, 5)
    point = GroupDay(cast.boruziukai, DAY)
    child = cast.children["Boružiukai"][0]
    with app.app_context(), acting_for(cast.saulute):
        actions.ensure_snapshot(DAY)
        with write_transaction(lock=point, exclusive=True):
            actions.unlock([cast.boruziukai], DAY, "Klaida žymint vaikus", 30, "direktorius Jonas Rimkus")
        with pytest.raises(BadInput), write_transaction(lock=point):
            meals.order_meals(child, [], DAY)
        with write_transaction(lock=point):
            meals.order_meals(child, [], DAY + ONE_DAY)
        assert meal_queries.orders([child], DAY)[child] == frozenset(cast.meals.values())
        assert meal_queries.orders([child], DAY + ONE_DAY) == {}
