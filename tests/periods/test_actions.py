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
from ediary.core.errors import BadInput, DomainError, FenceBreach, Locked, Stale
from ediary.core.locks import GroupDay, GroupMonth, write_transaction
from ediary.core.lockstate import Stage
from ediary.core.session import acting_for
from ediary.groups import queries as groups
from ediary.periods import actions, queries
from ediary.periods.models import Step
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


# --- submitted, returned, checked, opened ----------------------------------------------------------------------------

RASA, DANUTE, JONAS = "mokytoja Rasa", "socialinė pedagogė Danutė", "direktorius Jonas"


def step(what: Callable[..., None], group_id: int, *rest: Any) -> None:
    with write_transaction(lock=GroupMonth(group_id, NOVEMBER), exclusive=True):
        what(group_id, NOVEMBER, *rest)


def stage(group_id: int) -> Stage | None:
    closed = groups.group_on(group_id, LAST).month
    return None if closed is None else closed.stage


@pytest.mark.usefixtures("saulute")
def test_a_month_goes_step_by_step_and_its_course_can_be_read(cast: Cast) -> None:
    one = cast.boruziukai
    step(actions.submit, one, RASA)
    step(actions.return_, one, DANUTE, " Jonuko 12 d. – liga? ")
    assert stage(one) is None
    step(actions.submit, one, RASA, "1 nelankymo priežastis nežinoma")
    assert stage(one) is Stage.SUBMITTED
    step(actions.check, one, DANUTE)
    assert stage(one) is Stage.CHECKED
    lock(one)
    assert stage(one) is Stage.LOCKED
    assert [(taken.step, taken.by, taken.remark) for taken in queries.steps([one], NOVEMBER)[one]] == [
        (Step.SUBMIT, RASA, ""),
        (Step.RETURN, DANUTE, "Jonuko 12 d. – liga?"),
        (Step.SUBMIT, RASA, "1 nelankymo priežastis nežinoma"),
        (Step.CHECK, DANUTE, ""),
        (Step.LOCK, JONAS, ""),
    ]
    assert stage(cast.drugeliai) is None


@pytest.mark.usefixtures("saulute")
@pytest.mark.parametrize("closed_by", ["submit", "check", "lock"])
def test_from_submitted_on_a_tap_is_refused_naming_who_and_when(cast: Cast, closed_by: str) -> None:
    step(actions.submit, cast.boruziukai, RASA)
    who = {"submit": RASA, "check": DANUTE, "lock": JONAS}[closed_by]
    if closed_by != "submit":
        step(actions.check, cast.boruziukai, DANUTE)
    if closed_by == "lock":
        lock(cast.boruziukai)
    with pytest.raises(Locked) as refused, write_transaction(lock=GroupDay(cast.boruziukai, LAST)):
        db.session.add(
            ChildDay(
                child_id=cast.children["Boružiukai"][0],
                group_id=cast.boruziukai,
                day=LAST,
                presence=Presence.PRESENT,
                changed_at=clock.now(),
            )
        )
    said = str(refused.value.message)
    assert who in said
    assert "2026-11-30 15:00" in said
    assert "direktoriui leidus" in said


@pytest.mark.usefixtures("saulute")
@pytest.mark.parametrize(
    ("before", "what", "rest", "refusal"),
    [
        ((), actions.return_, (DANUTE, "?"), Stale),
        ((), actions.check, (DANUTE,), Stale),
        ((actions.submit,), actions.submit, (RASA,), Locked),
        ((actions.submit,), actions.return_, (DANUTE, "  "), BadInput),
        ((actions.submit, actions.check), actions.check, (DANUTE,), Stale),
        ((actions.submit, actions.check), actions.return_, (DANUTE, "?"), Stale),
        ((), actions.open_month, (at_local(LAST, time(20)), JONAS, "?"), BadInput),
    ],
)
def test_a_step_out_of_order_is_refused(
    cast: Cast, before: Any, what: Any, rest: Any, refusal: type[DomainError]
) -> None:
    for one in before:
        step(one, cast.boruziukai, "x")
    taken = queries.steps([cast.boruziukai], NOVEMBER)
    with pytest.raises(refusal):
        step(what, cast.boruziukai, *rest)
    assert queries.steps([cast.boruziukai], NOVEMBER) == taken


@pytest.mark.usefixtures("saulute")
def test_what_the_director_opened_is_open_until_its_term_and_then_stands_as_it_stood(cast: Cast) -> None:
    one, until = cast.boruziukai, at_local(LAST, time(17))
    step(actions.submit, one, RASA)
    step(actions.open_month, one, until, JONAS, "Klaida")
    assert stage(one) is None
    for what in (actions.submit, actions.check):
        with pytest.raises(DomainError):
            step(what, one, "x")
    with pytest.raises(BadInput):
        lock(one)
    with clock.frozen(until):
        assert stage(one) is Stage.SUBMITTED
    step(actions.close_month, one, JONAS, "Aktas Nr. 1")
    assert stage(one) is Stage.SUBMITTED


@pytest.mark.usefixtures("saulute")
def test_a_month_is_not_submitted_before_its_last_working_day(cast: Cast, at: Callable[..., None]) -> None:
    at(23, 59, day=date(2026, 11, 29))
    with pytest.raises(BadInput, match="lapkričio 30"):
        step(actions.submit, cast.boruziukai, RASA)


@pytest.mark.usefixtures("saulute")
def test_a_step_holds_the_month_alone(cast: Cast) -> None:
    with pytest.raises(FenceBreach), write_transaction(lock=GroupMonth(cast.boruziukai, NOVEMBER)):
        actions.submit(cast.boruziukai, NOVEMBER, RASA)
