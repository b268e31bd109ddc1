"""Locking a month by hand: what it stops, and what it does not touch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from flask import Flask

from ediary.attendance.models import ChildDay, Presence
from ediary.core import clock
from ediary.core.dates import Month, at_local
from ediary.core.db import db
from ediary.core.errors import BadInput, FenceBreach, Locked
from ediary.core.locks import GroupDay, GroupMonth, write_transaction
from ediary.core.session import acting_for
from ediary.groups import queries as groups
from ediary.periods import actions
from tests.cast import Cast

NOVEMBER = Month(2026, 11)
LAST = date(2026, 11, 30)


def lock(*group_ids: int, by: str = "direktorius Jonas") -> int:
    points = [GroupMonth(group_id, NOVEMBER) for group_id in group_ids]
    with write_transaction(lock=points, exclusive=True):
        return actions.lock_month(group_ids, NOVEMBER, by)


@pytest.fixture
def saulute(app: Flask, cast: Cast, at: Callable[..., None]) -> Any:
    at(15, 0, day=LAST)
    with app.app_context(), acting_for(cast.saulute):
        yield


@pytest.mark.usefixtures("saulute")
def test_a_locked_month_refuses_presence_of_a_day_still_open(cast: Cast) -> None:
    assert lock(cast.boruziukai) == 1
    morning = at_local(LAST, time(8, 0))
    mark = ChildDay(
        child_id=cast.children["Boružiukai"][0],
        group_id=cast.boruziukai,
        day=LAST,
        presence=Presence.PRESENT,
        changed_at=morning,
    )
    with clock.frozen(morning), pytest.raises(Locked, match="direktorius Jonas"):
        with write_transaction(lock=GroupDay(cast.boruziukai, LAST)):
            db.session.add(mark)


@pytest.mark.usefixtures("saulute")
def test_other_groups_and_other_months_stay_open(cast: Cast) -> None:
    lock(cast.boruziukai)
    assert groups.group_on(cast.boruziukai, LAST).month is not None
    assert groups.group_on(cast.drugeliai, LAST).month is None
    assert groups.group_on(cast.boruziukai, NOVEMBER.next.first).month is None


@pytest.mark.usefixtures("saulute")
def test_who_locked_first_stays_written(cast: Cast) -> None:
    lock(cast.boruziukai)
    with pytest.raises(Locked, match="direktorius Jonas"):
        lock(cast.boruziukai, by="pavaduotoja Rūta")
    assert lock(cast.boruziukai, cast.drugeliai, by="pavaduotoja Rūta") == 1
    states = [groups.group_on(group_id, LAST).month for group_id in (cast.boruziukai, cast.drugeliai)]
    assert [state.by for state in states if state] == ["direktorius Jonas", "pavaduotoja Rūta"]


@pytest.mark.usefixtures("saulute")
def test_a_month_is_not_locked_before_its_last_working_day(cast: Cast, at: Callable[..., None]) -> None:
    at(23, 59, day=date(2026, 11, 29))
    with pytest.raises(BadInput):
        lock(cast.boruziukai)


@pytest.mark.usefixtures("saulute")
def test_the_months_point_must_be_held(cast: Cast) -> None:
    with pytest.raises(FenceBreach), write_transaction():
        actions.lock_month([cast.boruziukai], NOVEMBER, "x")
