"""Who came in and how often; other kindergartens are not counted; the spreadsheet says the same."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts.models import LoginSession, Membership
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from tests.accounts.conftest import At, LogIn
from tests.cast import FIRST, Cast
from tests.conftest import count_queries


def lines(page: str) -> dict[str, list[str]]:
    """The tables' rows by their heads."""
    found = {}
    for head, rest in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page):
        found[head] = [re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<td.*?>(.*?)</td>", rest)]
    return found


def test_the_month_says_who_came_in_how_often_and_when_last(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    at(8, 0, day=date(2026, 10, 30))
    as_person("vilma")
    at(8, 10)
    for login in ("rasa", "rasa", "greta"):
        as_person(login)
    jonas = as_person("jonas")
    told = lines(jonas.get("/statistics/2026-11").get_data(as_text=True))
    assert told["Petraitienė Rasa"] == ["mokytoja", "2", "0", "2026-11-23 8:10"]
    assert told["Jonaitienė Vilma"] == ["buhalterė", "0", "0", "2026-10-30 8:00"]
    assert told["Gudaitis Tomas"] == ["mokytojas", "0", "0", "niekada"]
    assert told["Boružiukai"] == ["20", "1", "1", "1", "1", "19"]
    assert told["Drugeliai"] == ["6", "0", "0", "0", "0", "6"]
    assert not {"Ežerskienė Ona", "Žukauskienė Greta", "Žuvytės"} & set(told)
    october = lines(jonas.get("/statistics/2026-10").get_data(as_text=True))
    assert october["Jonaitienė Vilma"][1] == "1"
    assert october["Petraitienė Rasa"][1] == "0"


def test_what_is_done_on_a_groups_tablet_is_counted_apart(app: Flask, cast: Cast, as_person: LogIn) -> None:
    from tests.accounts.test_account import _tablet

    as_person("rasa")
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        tablet = _tablet(cast)
        db.session.scalars(select(LoginSession)).one().tablet_id = tablet
    told = lines(as_person("jonas").get("/statistics/2026-11").get_data(as_text=True))
    assert told["Petraitienė Rasa"][1:3] == ["0", "1"]


def test_what_somebody_does_in_another_kindergarten_is_not_told_here(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.ezerelis), write_transaction():
        there = accounts.add_membership(cast.users["rasa"], cast.ezerelis, Role.EDUCATOR, FIRST).id
    rasa = as_person("rasa")
    rasa.post("/accounts/switch", data={"membership_id": there})
    told = lines(as_person("jonas").get("/statistics/2026-11").get_data(as_text=True))
    assert told["Petraitienė Rasa"] == ["mokytoja", "0", "0", "niekada"]
    there_told = lines(as_person("ona").get("/statistics/2026-11").get_data(as_text=True))
    assert there_told["Petraitienė Rasa"][1] == "1"


def test_who_no_longer_had_a_role_is_not_in_the_month(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        seat = db.session.scalars(select(Membership).filter_by(user_id=cast.users["tomas"])).one()
        seat.valid_to = date(2026, 10, 31)
    jonas = as_person("jonas")
    assert "Gudaitis Tomas" not in lines(jonas.get("/statistics/2026-11").get_data(as_text=True))
    assert "Gudaitis Tomas" in lines(jonas.get("/statistics/2026-10").get_data(as_text=True))


def test_the_first_day_and_the_last_hour_of_a_month_are_vilniuss(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    at(0, 1, day=date(2026, 11, 1))
    as_person("vilma")
    at(23, 59, day=date(2026, 11, 30))
    as_person("vilma")
    told = lines(as_person("jonas").get("/statistics/2026-11").get_data(as_text=True))
    assert told["Jonaitienė Vilma"][1] == "2"


def test_the_spreadsheet_says_what_the_page_says(app: Flask, cast: Cast, as_person: LogIn) -> None:
    as_person("rasa")
    jonas = as_person("jonas")
    answer = jonas.get("/statistics/2026-11.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="prisijungimai-2026-11.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    staff, parents = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    assert ("Petraitienė Rasa", "mokytoja", 1, 0, "2026-11-23 8:10") in staff
    assert parents[1][:3] == ("Boružiukai", 20, 1)


def test_it_begins_with_this_month_and_goes_no_further(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    assert jonas.get("/statistics/").location == "/statistics/2026-11"
    assert "/statistics/2026-12" not in jonas.get("/statistics/2026-11").get_data(as_text=True)


@pytest.mark.parametrize("login", ["rasa", "greta", "milda"])
def test_others_do_not_look(app: Flask, cast: Cast, as_person: LogIn, login: str) -> None:
    assert as_person(login).get("/statistics/2026-11").status_code == 403


def test_it_costs_the_same_however_often_people_come_in(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    jonas.get("/statistics/2026-11")
    with count_queries() as before:
        jonas.get("/statistics/2026-11")
    for _ in range(5):
        as_person("rasa"), as_person("greta")
    with count_queries(at_most=len(before)):
        jonas.get("/statistics/2026-11")
