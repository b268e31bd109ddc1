"""What a reason asks for, entered by an administrator and said back in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.absences import words
from ediary.absences.models import AbsenceReason
from ediary.absences.queries import all_reasons
from ediary.absences.rules import Counted, NoticeBy, PaperBy, PaperDue, Reason, Rule
from ediary.core.db import db
from ediary.groups.rules import Programme
from tests.cast import Cast
from tests.conftest import DAY
from tests.sheets.conftest import inside

pytestmark = pytest.mark.usefixtures("at")

TOMORROW = DAY + timedelta(days=1)
BASIS = {"letter": "f", "name": "Gripas", "kind": "illness", "waives_food": "y"}


@pytest.fixture
def aldona(as_person: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_person("aldona")


def add(client: FlaskClient, **said: str) -> Any:
    return client.post("/absences/reasons/new", data={"first": TOMORROW.isoformat(), **BASIS, **said})


def written(app: Flask, cast: Cast) -> Reason:
    with inside(app, cast.saulute):
        row = db.session.scalars(select(AbsenceReason).where(AbsenceReason.letter == "f")).one()
        return all_reasons()[row.id]


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({}, Rule()),
        ({"paper": "parents"}, Rule(PaperBy.PARENTS)),
        (
            {"paper": "official", "paper_due": "after_return", "paper_days": "3"},
            Rule(PaperBy.OFFICIAL, PaperDue.AFTER_RETURN, 3),
        ),
        (
            {"paper": "parents", "paper_due": "last_working_day", "paper_days": "3", "paper_hour": "8.30"},
            Rule(PaperBy.PARENTS, PaperDue.LAST_WORKING_DAY, paper_hour=time(8, 30)),
        ),
        ({"paper": "none", "paper_due": "month_end", "paper_hour": "8"}, Rule()),
        (
            {"notice": "first_day", "notice_hour": "9:00", "notice_days": "4"},
            Rule(notice=NoticeBy.FIRST_DAY, notice_hour=time(9)),
        ),
        ({"notice": "ahead", "notice_days": "3", "notice_hour": "9"}, Rule(notice=NoticeBy.AHEAD, notice_days=3)),
        ({"least_days": "5", "least_in": "calendar"}, Rule(least_days=5, least_in=Counted.CALENDAR)),
        ({"first_days_paid": "2"}, Rule(first_days_paid=2)),
        ({"season_first": "6-1", "season_last": "08.31"}, Rule(season_first="06-01", season_last="08-31")),
        ({"programme": "preprimary"}, Rule(programme=Programme.PREPRIMARY)),
        ({"kind": "unjustified", "paper": "parents", "least_days": "5"}, Rule()),
    ],
)
def test_what_is_entered_is_the_rule_and_what_was_not_asked_is_left_out(
    app: Flask, cast: Cast, aldona: FlaskClient, said: dict[str, str], rule: Rule
) -> None:
    assert add(aldona, **said).status_code == 303
    assert written(app, cast).rule == rule


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"paper": "parents", "paper_due": "after_return"}, "kiek darbo dienų tam skirta"),
        ({"paper": "parents", "paper_due": "after_receipt", "paper_days": "0"}, "nuo 1 iki 60"),
        ({"paper_days": "trys"}, "sveikąjį skaičių"),
        ({"paper_hour": "25:00"}, "Įrašykite valandą"),
        ({"notice": "ahead"}, "prieš kiek darbo dienų"),
        ({"least_days": "61"}, "nuo 1 iki 60"),
        ({"season_first": "06-01"}, "arba nė vienos"),
        ({"season_last": "08-31"}, "arba nė vienos"),
        ({"season_first": "13-01", "season_last": "08-31"}, "mėnesį ir dieną"),
        ({"season_first": "birželis", "season_last": "08-31"}, "mėnesį ir dieną"),
        ({"programme": "university"}, "Pasirinkite vieną iš siūlomų"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    app: Flask, cast: Cast, aldona: FlaskClient, said: dict[str, str], told: str
) -> None:
    answer = add(aldona, **said)
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    with inside(app, cast.saulute):
        assert db.session.scalars(select(AbsenceReason).where(AbsenceReason.letter == "f")).all() == []


def test_a_rule_changed_from_tomorrow_on_leaves_today_as_it_was(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    add(aldona, paper="parents", paper_due="month_end")
    with inside(app, cast.saulute):
        before = {reason.id: reason for reason in all_reasons().values()}
    path = f"/absences/reasons/{cast.reasons['l']}"
    first = {"first": TOMORROW.isoformat(), "letter": "l", "name": "Liga", "kind": "illness", "waives_food": "y"}
    assert aldona.post(path, data=first | {"least_days": "3"}).status_code == 303
    with inside(app, cast.saulute):
        after = all_reasons()
    assert after[cast.reasons["l"]].rule == before[cast.reasons["l"]].rule == Rule(PaperBy.PARENTS, PaperDue.MONTH_END)
    assert next(one for one in after.values() if one.follows_id == cast.reasons["l"]).rule == Rule(least_days=3)


def test_every_rule_is_said_in_words(app: Flask) -> None:
    with app.test_request_context():
        for due in PaperDue:
            for paper in (PaperBy.PARENTS, PaperBy.OFFICIAL):
                (sentence,) = words.rule_words(Rule(paper, due, paper_days=3, paper_hour=time(8, 30)))
                assert sentence.endswith(".")
        said = words.rule_words(
            Rule(
                PaperBy.PARENTS,
                PaperDue.LAST_WORKING_DAY,
                paper_hour=time(8, 30),
                notice=NoticeBy.AHEAD,
                notice_days=3,
                least_days=5,
                first_days_paid=2,
                season_first="06-01",
                season_last="08-31",
                programme=Programme.PREPRIMARY,
            )
        )
    assert said == [
        "Tėvai praneša ne vėliau kaip prieš 3 darbo dienas.",
        "Reikia tėvų raštelio arba prašymo iki paskutinės mėnesio darbo dienos, iki 8:30.",
        "Ne mažiau kaip 5 darbo dienos iš eilės.",
        "Pirmosios 2 nelankymo darbo dienos pateisinamos, bet apmokamos.",
        "Tik kasmet nuo 06-01 iki 08-31.",
        "Tik priešmokyklinio ugdymo vaikams.",
    ]
