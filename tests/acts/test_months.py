"""An error found in the next month: the month is opened, mended and closed; what is opened, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.absences.excuses import PaperKind
from ediary.acts.models import Act, ActChange
from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.locks import GroupDay, GroupMonth, write_transaction
from ediary.core.points import DayPoint, MonthPoint
from ediary.core.session import acting_for
from ediary.papers.models import Paper, PaperDay
from ediary.periods import actions as periods
from ediary.periods.models import MonthStep, Unlock
from tests.cast import Cast
from tests.conftest import DAY, HTMX

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
NOVEMBER = Month(2026, 11)
LAST, LATER = date(2026, 11, 30), date(2026, 12, 9)
REASON = "Pažyma pristatyta, o diena nepateisinta"


def rows(app: Flask, cast: Cast, model: Any) -> list[Any]:
    with app.app_context(), acting_for(cast.saulute):
        return list(db.session.scalars(select(model).order_by(model.id)))


def tap(client: FlaskClient, cast: Cast, at: int, wanted: str, seen: str) -> int:
    path = f"/attendance/{DAY}/{cast.boruziukai}/children/{cast.children['Boružiukai'][at]}"
    return client.post(path, data={"wanted": wanted, "seen": seen}, headers=HTMX).status_code


def give(client: FlaskClient, cast: Cast, at: int, letter: str) -> int:
    data = {"cells": f"{cast.children['Boružiukai'][at]}:{DAY}", "reason_id": cast.reasons[letter]}
    return client.post(f"/sheets/2026-11/{cast.boruziukai}/reasons", data=data).status_code


def ask(client: FlaskClient, cast: Cast, **fields: Any) -> Any:
    data = {"groups": [cast.boruziukai], "reason": REASON, "days_on": "3"} | fields
    return client.post("/acts/open/2026-11", data=data)


@pytest.fixture
def locked(app: Flask, as_person: LogIn, cast: Cast, at: At) -> tuple[FlaskClient, FlaskClient]:
    """Rasa marked two children absent on a Monday; November was locked on its last day; it is 9 December."""
    rasa = as_person("rasa")
    for child in (0, 1):
        assert tap(rasa, cast, child, "absent", "unmarked") == 200
    at(16, 0, day=LAST)
    point = GroupMonth(cast.boruziukai, NOVEMBER)
    with app.app_context(), acting_for(cast.saulute), write_transaction(lock=point, exclusive=True):
        periods.lock_month([cast.boruziukai], NOVEMBER, "direktorius Jonas Rimkus")
    at(10, 0, day=LATER)
    rasa, jonas = as_person("rasa"), as_person("jonas")
    assert give(rasa, cast, 0, "l") == 409
    return rasa, jonas


def test_a_locked_month_is_opened_mended_and_closed_with_an_act(
    app: Flask, locked: tuple[FlaskClient, FlaskClient], cast: Cast, at: At
) -> None:
    rasa, jonas = locked
    assert "Boružiukai" in jonas.get("/acts/open/2026-11").text
    assert ask(jonas, cast).status_code == 303
    assert give(rasa, cast, 0, "l") == 303
    assert tap(rasa, cast, 1, "present", "absent") == 409, "the kitchen's lock still holds"
    at(11, 0, day=LATER)
    assert jonas.post("/acts/unlocks/1/close").location == "/acts/1"
    assert give(rasa, cast, 1, "l") == 409
    act, change = rows(app, cast, Act)[0], rows(app, cast, ActChange)[0]
    assert (act.month, act.number, act.writer_id) == (NOVEMBER, 1, cast.users["rasa"])
    assert (change.was, change.now) == ("neatvyko, priežastis nežinoma", "neatvyko, l (Liga)")
    assert [one.step for one in rows(app, cast, MonthStep)] == ["lock", "unlock", "close"]


def test_a_paper_entered_meanwhile_stands_in_the_act(
    app: Flask, locked: tuple[FlaskClient, FlaskClient], cast: Cast, at: At
) -> None:
    _rasa, jonas = locked
    assert ask(jonas, cast).status_code == 303
    child, moment = cast.children["Boružiukai"][0], clock.now()
    point = GroupDay(cast.boruziukai, DAY)
    with app.app_context(), acting_for(cast.saulute, cast.users["rasa"]), write_transaction(lock=point):
        paper = Paper(
            child_id=child, group_id=cast.boruziukai, kind=PaperKind.HEALTH, number="12", first=DAY, last=DAY,
            received_at=moment, entered_at=moment, entered_by="mokytoja Rasa Petraitienė",
        )  # fmt: skip
        db.session.add(paper)
        db.session.flush()
        of_day = {"child_id": child, "group_id": cast.boruziukai, "day": DAY, "kind": paper.kind}
        db.session.add(PaperDay(paper_id=paper.id, received_at=moment, holds=True, **of_day))
    assert jonas.post("/acts/unlocks/1/close").location == "/acts/1"
    change = rows(app, cast, ActChange)[0]
    assert (change.about, change.what, change.was) == ("Adomas Žukauskas", "dokumentas", "nebuvo")
    assert change.now.endswith("Nr. 12, 2026-11-23 – 2026-11-23")
    assert (change.erred, change.mended) == ("", "Rasa Petraitienė")


def test_presence_of_a_day_is_opened_with_its_month_and_closes_with_it(
    app: Flask, locked: tuple[FlaskClient, FlaskClient], cast: Cast, at: At
) -> None:
    rasa, jonas = locked
    assert ask(jonas, cast, days=[str(DAY)]).status_code == 303
    assert tap(rasa, cast, 1, "present", "absent") == 200
    assert "2026-11-23" in jonas.get("/acts/").text
    assert jonas.post("/acts/unlocks/1/close").location == "/acts/1"
    assert tap(rasa, cast, 1, "absent", "present") == 409
    assert [(one.was, one.now) for one in rows(app, cast, ActChange)] == [
        ("neatvyko, priežastis nežinoma", "atvyko; porcijos: pataisa Nr. 1")
    ]
    assert len(rows(app, cast, Act)) == 1
    points = rows(app, cast, DayPoint) + rows(app, cast, MonthPoint)
    assert all(one.open_until is None for one in points)


def test_a_months_term_ends_by_itself(
    app: Flask, locked: tuple[FlaskClient, FlaskClient], cast: Cast, at: At, as_person: LogIn
) -> None:
    rasa, jonas = locked
    assert ask(jonas, cast, days=[str(DAY)], days_on="0").status_code == 303
    assert give(rasa, cast, 0, "l") == 303
    at(0, 0, day=date(2026, 12, 10))
    assert give(as_person("rasa"), cast, 1, "l") == 409
    assert as_person("milda").get("/acts/").status_code == 200
    assert [one.closed_at == one.until for one in rows(app, cast, Unlock)] == [True, True]
    assert len(rows(app, cast, Act)) == 1
    assert rows(app, cast, MonthStep)[-1].at == rows(app, cast, Unlock)[0].until


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"reason": "x"},
        {"groups": []},
        {"days_on": "15"},
        {"days": ["2026-11-22"]},
        {"days": ["2026-12-01"]},
        {"days": ["rytoj"]},
    ],
)
def test_what_makes_no_sense_opens_nothing(
    app: Flask, locked: tuple[FlaskClient, FlaskClient], cast: Cast, fields: dict[str, Any]
) -> None:
    assert ask(locked[1], cast, **fields).status_code == 422
    assert rows(app, cast, Unlock) == []


def test_the_reason_is_refused_at_its_field(locked: tuple[FlaskClient, FlaskClient], cast: Cast) -> None:
    page = ask(locked[1], cast, reason="bbbbbbbbbb").text
    assert 'id="reason-error"' in page
    assert "bent dviem žodžiais" in page


def test_a_second_unlock_of_an_open_month_is_told_who_has_it(
    locked: tuple[FlaskClient, FlaskClient], cast: Cast, as_person: LogIn
) -> None:
    assert ask(locked[1], cast).status_code == 303
    answer = ask(as_person("ruta"), cast)
    assert answer.status_code == 422
    assert "direktorius Jonas Rimkus atrakino iki 2026-12-13 0:00" in answer.text


def test_a_month_that_is_not_closed_is_not_opened(locked: tuple[FlaskClient, FlaskClient], cast: Cast) -> None:
    data = {"groups": [cast.boruziukai], "reason": REASON, "days_on": "3"}
    assert locked[1].post("/acts/open/2026-12", data=data).status_code == 422


def test_another_kindergartens_group_does_not_exist(
    locked: tuple[FlaskClient, FlaskClient], cast: Cast, as_person: LogIn
) -> None:
    assert ask(as_person("ona"), cast).status_code == ask(as_person("ona"), cast, groups=[99999]).status_code == 404
    assert ask(as_person("lina"), cast).status_code == 403
