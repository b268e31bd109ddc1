"""The calendar's and the deadlines' pages: they work, they validate, wrong role, other kindergarten, locked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.locks import GroupMonth, held, write_transaction
from ediary.core.points import LockRule, MonthPoint
from ediary.core.session import acting_for
from ediary.institutions.models import Document
from ediary.workdays import actions
from ediary.workdays.models import Closure, DeadlineRule, ExtraDay
from ediary.workdays.rules import Closing
from tests.cast import Cast
from tests.conftest import DAY, count_queries

LogIn = Callable[[str], FlaskClient]

NEXT = DAY + timedelta(days=1)
YEAR = "/workdays/2026"
HOUSE = {"first": "2026-12-28", "last": "2026-12-31", "reason": "Tarpušventis", "who": "whole"}
EXTRA = {"day": "2026-12-12", "reason": "Perkelta"}
DEADLINES = {"mark_by": "8:45", "day_locks_at": "9.15", "sheet_due": "2", "month_locks": "4", "first": NEXT.isoformat()}


def confirmed(client: FlaskClient, path: str, form: dict[str, Any]) -> TestResponse:
    """Send it, read what it would do, confirm just that."""
    shown = client.post(path, data=form)
    assert shown.status_code == 200, shown.text
    return client.post(path, data={**form, "confirmed": value_of(shown.text, "confirmed")})


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


def count(app: Flask, institution_id: int, model: Any) -> int:
    with app.app_context(), acting_for(institution_id):
        return db.session.scalar(select(func.count(model.id))) or 0


def closed(app: Flask, institution_id: int, *, groups: tuple[int, ...] | None = None) -> list[int]:
    """A closure of next week, entered before."""
    with app.test_request_context(), acting_for(institution_id), write_transaction():
        wanted = Closing(date(2026, 12, 1), date(2026, 12, 4), "Karantinas", groups)
        return [one.id for one in actions.close(wanted)]


# --- the year ---------------------------------------------------------------------------------------------------------


def test_the_calendar_begins_with_this_school_year(as_person: LogIn) -> None:
    answer = as_person("rasa").get("/workdays/")
    assert (answer.status_code, answer.location) == (303, YEAR)


def test_a_year_shows_its_holidays_and_how_many_days_each_month_is_worked(as_person: LogIn) -> None:
    page = as_person("vilma").get(YEAR).text
    assert "Mirusiųjų atminimo (Vėlinių) diena" in page
    assert len(re.findall(r'<section class="card month"', page)) == 12
    november = page[page.index('id="m-2026-11"') : page.index('id="m-2026-12"')]
    assert "20 darbo dienų" in november
    assert 'wd-today" aria-current="date"' in november


@pytest.mark.parametrize("login", ["rasa", "ieva", "lina", "vilma"])
def test_who_only_reads_the_calendar_gets_nothing_to_press(as_person: LogIn, login: str) -> None:
    client = as_person(login)
    for page in (client.get(YEAR).text, client.get("/workdays/deadlines").text):
        assert "closures/new" not in page
        assert 'method="post" novalidate' not in page
    assert client.get("/workdays/closures/new").status_code == 403
    assert client.post("/workdays/closures/new", data=HOUSE).status_code == 403
    assert client.post("/workdays/deadlines", data=DEADLINES).status_code == 403


@pytest.mark.parametrize("login", ["jonas", "ruta", "aldona"])
def test_who_keeps_the_calendar_enters_a_closure(app: Flask, cast: Cast, as_person: LogIn, login: str) -> None:
    client = as_person(login)
    assert "/workdays/closures/new" in client.get(YEAR).text
    assert confirmed(client, "/workdays/closures/new", HOUSE).location == YEAR
    page = client.get(YEAR).text
    assert "Tarpušventis" in page
    assert page.count("wd-closed") >= 4


@pytest.mark.parametrize(
    "path", ["/workdays/2025", "/workdays/2029", "/workdays/0", "/workdays/999999", f"{YEAR}?group=x"]
)
def test_years_out_of_reach_and_groups_that_are_none_are_not_there(as_person: LogIn, path: str) -> None:
    assert as_person("jonas").get(path).status_code == 404


def test_a_group_sees_its_own_closures_and_the_house_marks_those_days(app: Flask, cast: Cast, as_person: LogIn) -> None:
    closed(app, cast.saulute, groups=(cast.drugeliai,))
    jonas, rasa = as_person("jonas"), as_person("rasa")
    assert "wd-partly" in jonas.get(YEAR).text
    assert "wd-closed" in jonas.get(f"{YEAR}?group={cast.drugeliai}").text
    assert "Karantinas" not in jonas.get(f"{YEAR}?group={cast.boruziukai}").text
    assert "Karantinas" not in rasa.get(YEAR).text
    foreign, nothing = (rasa.get(f"{YEAR}?group={one}") for one in (cast.drugeliai, 10**6))
    assert (foreign.status_code, nothing.status_code) == (404, 404)


def test_the_other_kindergartens_exceptions_are_not_seen(app: Flask, cast: Cast, as_person: LogIn) -> None:
    closed(app, cast.ezerelis)
    assert "Karantinas" not in as_person("jonas").get(YEAR).text
    assert "Karantinas" in as_person("ona").get(YEAR).text


def test_the_year_takes_few_statements_however_many_closures(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    jonas.get("/workdays/deadlines")  # the first page of a day asks what entering asks
    with count_queries(at_most=7) as before:
        jonas.get(YEAR)
    closed(app, cast.saulute, groups=(cast.boruziukai, cast.drugeliai))
    confirmed(jonas, "/workdays/closures/new", HOUSE)
    with count_queries() as after:
        jonas.get(YEAR)
    assert len(before) == len(after)


def test_the_next_school_year_is_stored_with_a_button(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    at(day=date(2027, 9, 1))
    aldona = as_person("aldona")
    assert "Pratęsti iki 2029-08-31" in aldona.get("/workdays/2027").text
    assert "dar neįrašyti" in aldona.get("/workdays/2028").text
    for _ in range(2):  # two press it at once: the second finds it done
        answer = aldona.post("/workdays/extend", data={"year": 2028})
        assert (answer.status_code, answer.location) == (303, "/workdays/2028")
    assert "Pratęsti" not in aldona.get("/workdays/2027").text
    assert aldona.post("/workdays/extend", data={"year": 2030}).status_code == 422
    assert as_person("rasa").post("/workdays/extend", data={"year": 2029}).status_code == 403


# --- closures ---------------------------------------------------------------------------------------------------------


def test_what_a_closure_does_is_shown_before_it_is_written(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    shown = jonas.post("/workdays/closures/new", data={**HOUSE, "first": "2026-12-01", "last": "2026-12-04"})
    assert "4 darbo dienos taps nedarbo dienomis" in shown.text
    assert "pasibaigus 2026-12-11, o ne 2026-12-07" in re.sub("<[^>]*>", "", shown.text)
    assert count(app, cast.saulute, Closure) == 0


def test_other_days_than_those_shown_are_shown_anew(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    key = value_of(jonas.post("/workdays/closures/new", data=HOUSE).text, "confirmed")
    other = {**HOUSE, "first": "2026-12-21", "confirmed": key}
    assert jonas.post("/workdays/closures/new", data=other).status_code == 200
    assert count(app, cast.saulute, Closure) == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first": ""}, "Pasirinkite dieną."),
        ({"last": "blogai"}, "Pasirinkite dieną."),
        ({"reason": ""}, "Įrašykite priežastį"),
        ({"reason": "x" * 201}, "Priežastis per ilga"),
        ({"who": "some"}, "Pasirinkite bent vieną grupę."),
        ({"first": DAY.isoformat()}, "Uždaryti galima anksčiausiai nuo rytojaus."),
        ({"last": "2026-12-27"}, "ankstesnė už pirmąją"),
        ({"first": "2026-12-25", "last": "2026-12-27"}, "nėra nė vienos darbo dienos"),
        ({"last": "2028-09-01"}, "Kalendorius įrašytas iki 2028-08-31"),
        ({"order_number": "V-1"}, "įsakymas pasirašytas"),
        ({"order_day": "2026-11-20"}, "įsakymo numerį"),
    ],
)
def test_a_closure_that_makes_no_sense_is_explained(
    app: Flask, cast: Cast, as_person: LogIn, change: dict[str, str], said: str
) -> None:
    answer = as_person("jonas").post("/workdays/closures/new", data={**HOUSE, **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert count(app, cast.saulute, Closure) == 0


def test_chosen_groups_are_closed_and_the_order_is_linked(app: Flask, cast: Cast, as_person: LogIn) -> None:
    form = {
        **HOUSE,
        "who": "some",
        "groups": [cast.boruziukai, cast.drugeliai],
        "order_number": "V-12",
        "order_day": "2026-11-20",
    }
    jonas = as_person("jonas")
    assert confirmed(jonas, "/workdays/closures/new", form).status_code == 303
    assert count(app, cast.saulute, Closure) == 2
    assert count(app, cast.saulute, Document) >= 1
    page = jonas.get(YEAR).text
    assert page.count("Boružiukai, Drugeliai") == 1
    assert "Įsakymas V-12, 2026-11-20" in page


def test_a_group_of_the_other_kindergarten_cannot_be_closed(cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    answers = [
        jonas.post("/workdays/closures/new", data={**HOUSE, "who": "some", "groups": [one]})
        for one in (cast.zuvytes, 10**6)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_second_of_two_administrators_is_told_what_the_first_did(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona, jonas = as_person("aldona"), as_person("jonas")
    keys = [value_of(one.post("/workdays/closures/new", data=HOUSE).text, "confirmed") for one in (aldona, jonas)]
    first = aldona.post("/workdays/closures/new", data={**HOUSE, "confirmed": keys[0]})
    second = jonas.post("/workdays/closures/new", data={**HOUSE, "confirmed": keys[1]})
    assert (first.status_code, second.status_code) == (303, 422)
    assert "jau uždaryta (Tarpušventis)" in second.text
    assert count(app, cast.saulute, Closure) == 1


def test_a_running_closure_ends_today_and_works_tomorrow(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    (closure_id,) = closed(app, cast.saulute)
    at(day=date(2026, 12, 2))
    jonas, path = as_person("jonas"), f"/workdays/closures/{closure_id}"
    page = jonas.get(path).text
    assert "Atšaukti uždarymą" not in page
    assert confirmed(jonas, path, {"last": "2026-12-02"}).location == YEAR
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(Closure.last)).one() == date(2026, 12, 2)
    assert jonas.post(path, data={"last": "2026-12-01"}).status_code == 422
    assert jonas.post(f"{path}/remove").status_code == 422


def test_a_closure_to_come_moves_and_is_taken_back(app: Flask, cast: Cast, as_person: LogIn) -> None:
    (closure_id,) = closed(app, cast.saulute)
    ruta, path = as_person("ruta"), f"/workdays/closures/{closure_id}"
    moved = {"first": "2026-12-02", "last": "2026-12-03", "reason": "Seminaras"}
    assert confirmed(ruta, path, moved).status_code == 303
    assert "Seminaras" in ruta.get(YEAR).text
    assert ruta.post(f"{path}/remove").location == YEAR
    assert count(app, cast.saulute, Closure) == 0


def test_some_of_the_closed_groups_come_back_earlier(app: Flask, cast: Cast, as_person: LogIn) -> None:
    ids = closed(app, cast.saulute, groups=(cast.boruziukai, cast.drugeliai))
    jonas, path = as_person("jonas"), f"/workdays/closures/{ids[0]}"
    form = {"first": "2026-12-01", "last": "2026-12-02", "reason": "Karantinas", "groups": [cast.drugeliai]}
    assert confirmed(jonas, path, form).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        ends = {row.group_id: row.last for row in db.session.execute(select(Closure.group_id, Closure.last))}
    assert ends == {cast.boruziukai: date(2026, 12, 4), cast.drugeliai: date(2026, 12, 2)}
    assert "bent vieną grupę" in jonas.post(f"{path}/remove", data={}).text or count(app, cast.saulute, Closure) == 1


def test_a_closure_that_is_over_is_only_shown(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    (closure_id,) = closed(app, cast.saulute)
    at(day=date(2026, 12, 7))
    jonas, path = as_person("jonas"), f"/workdays/closures/{closure_id}"
    assert "Šis uždarymas jau praėjo" in jonas.get(path).text
    assert jonas.post(path, data={"last": "2026-12-10"}).status_code == 422
    assert "1 uždarymas jau praėjo" in jonas.get(YEAR).text


def test_entries_of_the_other_kindergarten_do_not_exist(app: Flask, cast: Cast, as_person: LogIn) -> None:
    (closure_id,) = closed(app, cast.ezerelis)
    with app.test_request_context(), acting_for(cast.ezerelis), write_transaction():
        extra_id = actions.work_extra(date(2026, 12, 12), "Perkelta").id
    jonas = as_person("jonas")
    for there, nowhere in (
        (f"/workdays/closures/{closure_id}", "/workdays/closures/1000000"),
        (f"/workdays/closures/{closure_id}/remove", "/workdays/closures/1000000/remove"),
        (f"/workdays/extra/{extra_id}/remove", "/workdays/extra/1000000/remove"),
    ):
        found, none = (jonas.post(path, data={"last": "2026-12-02"}) for path in (there, nowhere))
        assert (found.status_code, none.status_code) == (404, 404)
    assert jonas.get(f"/workdays/closures/{closure_id}").status_code == 404
    assert count(app, cast.ezerelis, Closure) == count(app, cast.ezerelis, ExtraDay) == 1


def test_a_locked_month_keeps_its_working_days(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    at(day=date(2026, 11, 27))
    month = Month(2026, 11)
    with (
        app.app_context(),
        acting_for(cast.saulute),
        write_transaction(lock=GroupMonth(cast.boruziukai, month), exclusive=True),
    ):
        point = db.session.scalars(select(MonthPoint)).one()
        point.locked_at, point.locked_by = held().now, "direktorius Jonas Rimkus"
    jonas = as_person("jonas")
    answer = jonas.post("/workdays/closures/new", data={**HOUSE, "first": "2026-11-30", "last": "2026-12-01"})
    assert answer.status_code == 409
    assert "direktorius Jonas Rimkus" in answer.text
    assert jonas.post("/workdays/extra/new", data={**EXTRA, "day": "2026-11-28"}).status_code == 409
    assert count(app, cast.saulute, Closure) == 0


# --- extra working days -----------------------------------------------------------------------------------------------


def test_an_extra_working_day_is_entered_and_taken_back(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    assert confirmed(aldona, "/workdays/extra/new", EXTRA).location == YEAR
    page = aldona.get(YEAR).text
    assert "wd-extra" in page
    with app.app_context(), acting_for(cast.saulute):
        extra_id = db.session.scalars(select(ExtraDay.id)).one()
    assert aldona.post(f"/workdays/extra/{extra_id}/remove").location == YEAR
    assert count(app, cast.saulute, ExtraDay) == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": ""}, "Pasirinkite dieną."),
        ({"reason": " "}, "Įrašykite priežastį"),
        ({"day": DAY.isoformat()}, "anksčiausiai rytoj"),
        ({"day": "2026-12-01"}, "2026-12-01 ir taip yra darbo diena"),
    ],
)
def test_an_extra_day_that_makes_no_sense_is_explained(as_person: LogIn, change: dict[str, str], said: str) -> None:
    answer = as_person("jonas").post("/workdays/extra/new", data={**EXTRA, **change})
    assert answer.status_code == 422
    assert said in answer.text


def test_an_extra_day_that_has_come_is_not_taken_back(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    with app.test_request_context(), acting_for(cast.saulute), write_transaction():
        extra_id = actions.work_extra(date(2026, 12, 12), "Perkelta").id
    at(day=date(2026, 12, 12))
    jonas = as_person("jonas")
    assert f"/workdays/extra/{extra_id}/remove" not in jonas.get(YEAR).text
    assert jonas.post(f"/workdays/extra/{extra_id}/remove").status_code == 422
    assert count(app, cast.saulute, ExtraDay) == 1


# --- deadlines --------------------------------------------------------------------------------------------------------


def seen(client: FlaskClient) -> str:
    return value_of(client.get("/workdays/deadlines").text, "seen")


def test_the_deadlines_as_delivered_are_those_of_the_regulations(as_person: LogIn) -> None:
    page = as_person("jonas").get("/workdays/deadlines").text
    assert re.findall(r'<span class="num">([^<]*)</span>', page) == ["8:30", "9:00", "3", "5"]
    november = page[page.index("2026 m. lapkritis") :]
    assert re.findall(r"<td>(\d{4}-\d\d-\d\d)", november)[:3] == ["2026-11-30", "2026-12-03", "2026-12-07"]


def test_a_change_is_planned_shown_and_taken_back(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    answer = jonas.post("/workdays/deadlines", data={**DEADLINES, "seen": seen(jonas)})
    assert (answer.status_code, answer.location) == (303, "/workdays/deadlines")
    page = as_person("rasa").get("/workdays/deadlines").text
    assert re.findall(r'<span class="num">([^<]*)</span>', page) == ["8:30", "9:00", "3", "5"]
    assert "direktorius Jonas Rimkus" in page
    assert "grupių mokytojai žymi iki 8:45" in page
    assert "withdraw" not in page
    assert jonas.post(f"/workdays/deadlines/{NEXT}/withdraw").status_code == 303
    assert count(app, cast.saulute, LockRule) == 1
    assert count(app, cast.saulute, DeadlineRule) == 0


def test_a_new_hour_is_the_kitchens_from_its_day_on_and_never_todays(
    cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    at(8, 50)
    jonas, rasa = as_person("jonas"), as_person("rasa")
    later = {**DEADLINES, "day_locks_at": "9:30", "seen": seen(jonas)}
    assert jonas.post("/workdays/deadlines", data={**later, "first": DAY.isoformat()}).status_code == 422
    assert jonas.post("/workdays/deadlines", data=later).status_code == 303
    child = cast.children["Boružiukai"][0]

    def tap(client: FlaskClient, day: date, wanted: str, was: str) -> TestResponse:
        path = f"/attendance/{day}/{cast.boruziukai}/children/{child}"
        return client.post(path, data={"wanted": wanted, "seen": was})

    at(9, 0)
    assert tap(rasa, DAY, "absent", "unmarked").status_code == 409
    at(9, 29, day=NEXT)
    rasa = as_person("rasa")
    assert tap(rasa, NEXT, "absent", "unmarked").location == f"/attendance/{NEXT}/{cast.boruziukai}"
    at(9, 30, day=NEXT)
    assert tap(rasa, NEXT, "present", "absent").status_code == 409


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mark_by": "25:00"}, "Įrašykite valandą"),
        ({"day_locks_at": ""}, "Įrašykite valandą"),
        ({"sheet_due": "0"}, "nuo 1 iki 15"),
        ({"month_locks": "x"}, "Įrašykite sveikąjį skaičių."),
        ({"month_locks": "1"}, "Žiniaraštis pateikiamas anksčiau"),
        ({"mark_by": "9:30"}, "pažymi anksčiau"),
        ({"first": ""}, "Pasirinkite dieną."),
        ({"first": DAY.isoformat()}, "anksčiausiai nuo rytojaus"),
        ({"mark_by": "8:30", "day_locks_at": "9", "sheet_due": "3", "month_locks": "5"}, "Taip jau yra"),
    ],
)
def test_deadlines_that_make_no_sense_are_explained(
    app: Flask, cast: Cast, as_person: LogIn, change: dict[str, str], said: str
) -> None:
    jonas = as_person("jonas")
    answer = jonas.post("/workdays/deadlines", data={**DEADLINES, "seen": seen(jonas), **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert count(app, cast.saulute, DeadlineRule) == 0


def test_a_second_plan_begins_after_the_first(as_person: LogIn) -> None:
    jonas = as_person("jonas")
    later = {**DEADLINES, "first": "2027-01-01", "seen": seen(jonas)}
    assert jonas.post("/workdays/deadlines", data=later).status_code == 303
    answer = jonas.post("/workdays/deadlines", data={**DEADLINES, "month_locks": "6", "seen": seen(jonas)})
    assert answer.status_code == 422
    assert "nuo 2027-01-01 jau suplanuotas" in answer.text


def test_who_looked_before_another_changed_loses_nothing_of_theirs(as_person: LogIn) -> None:
    jonas, ruta = as_person("jonas"), as_person("ruta")
    old = seen(ruta)
    assert jonas.post("/workdays/deadlines", data={**DEADLINES, "seen": old}).status_code == 303
    answer = ruta.post(
        "/workdays/deadlines", data={**DEADLINES, "first": "2027-02-01", "month_locks": "7", "seen": old}
    )
    assert answer.status_code == 409
    assert "pakeitė" in answer.text


def test_no_plan_of_that_day_is_not_taken_back(as_person: LogIn) -> None:
    jonas = as_person("jonas")
    assert jonas.post(f"/workdays/deadlines/{NEXT}/withdraw").status_code == 404
    assert jonas.post("/workdays/deadlines/2026-09-01/withdraw").status_code == 422
