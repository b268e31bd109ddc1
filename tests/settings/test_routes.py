"""The institution and its settings: what holds and since when, dated changes, what was stays."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.institutions.models import AgeBandBy, Institution, SheetWording
from ediary.institutions.queries import age_band_by
from tests.cast import Cast
from tests.conftest import DAY, count_queries

LogIn = Callable[[str], FlaskClient]
LINES = "PATVIRTINTA\nRaseinių lopšelio-darželio „Saulutė“\n\n  direktoriaus   įsakymu Nr. V-117  "
WORDING = {"title": "Lankomumo  tabelis", "approval": LINES, "first": "2026-11-30"}


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# --- all settings ---------------------------------------------------------------------------------------------------


def test_each_setting_says_what_holds_and_since_when(as_person: LogIn) -> None:
    aldona = as_person("aldona")
    aldona.get("/settings/")
    with count_queries(at_most=13):
        page = plain(aldona.get("/settings/").text)
    for said in (
        "Terminai pažymima iki 8:30, užrakinama 9:00 nuo 2026-09-01",
        "Nelankymo priežastys 11 priežasčių",
        "Amžiaus grupės pagal grupę nuo 2026-09-01",
        "antrojo patvirtinimo neprašoma",
        "Žiniaraščio antraštė pradinis nustatymas",
        "Darbo dienos kalendorius iki 2028-08-31",
    ):
        assert said in page, said


def test_a_planned_change_is_announced_on_its_tile(as_person: LogIn) -> None:
    jonas = as_person("jonas")
    jonas.post("/settings/age-bands", data={"by": "birthday", "first": "2026-12-01"})
    assert "pagal grupę nuo 2026-09-01 keisis nuo 2026-12-01" in plain(jonas.get("/settings/").text)


def test_an_educator_sets_nothing_but_sees_the_institution(as_person: LogIn) -> None:
    rasa = as_person("rasa")
    assert rasa.get("/settings/").status_code == 403
    page = plain(rasa.get("/settings/institution").text)
    assert "Direktorius Jonas Rimkus" in page
    assert "Pavaduotojai Rūta Balčytienė" in page
    assert "Dienyno administratoriai Aldona Kairienė" in page
    assert "Keisti" not in page


# --- the institution ------------------------------------------------------------------------------------------------


def test_the_institutions_contacts_are_changed(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    data = {"name": " Lopšelis-darželis  „Saulė“ ", "address": "Sodų g. 1", "phone": "+370 5", "email": "a@b.lt"}
    assert aldona.post("/settings/institution/edit", data=data).status_code == 303
    assert "Lopšelis-darželis „Saulė“" in aldona.get("/settings/institution/edit").text.replace("&#34;", '"')
    with app.app_context(), acting_for(cast.saulute):
        saulute = db.session.scalars(select(Institution)).one()
    assert (saulute.name, saulute.address, saulute.code) == ("Lopšelis-darželis „Saulė“", "Sodų g. 1", "190000001")


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"email": "x"}, {"name": "x" * 121}], ids=["no name", "no address", "long"]
)
def test_contacts_that_make_no_sense_are_refused(as_person: LogIn, change: dict[str, str]) -> None:
    assert as_person("aldona").post("/settings/institution/edit", data={"name": "Saulutė"} | change).status_code == 422


# --- age bands ------------------------------------------------------------------------------------------------------


def test_age_bands_change_from_a_day_on_and_not_before(app: Flask, cast: Cast, as_person: LogIn) -> None:
    answer = as_person("aldona").post("/settings/age-bands", data={"by": "birthday", "first": "2026-11-24"})
    assert answer.status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        assert [age_band_by(day) for day in (DAY, date(2026, 11, 24))] == [AgeBandBy.GROUP, AgeBandBy.BIRTHDAY]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"by": "birthday", "first": "2026-11-23"}, "rytojaus"),
        ({"by": "birthday", "first": "2026-11-01"}, "rytojaus"),
        ({"by": "group", "first": "2026-11-24"}, "nieko nepakeista"),
        ({"by": "weight", "first": "2026-11-24"}, "Pasirinkite"),
        ({"by": "birthday", "first": ""}, "Pasirinkite dieną."),
    ],
    ids=["today", "yesterday", "the same", "nonsense", "no day"],
)
def test_what_was_is_not_changed(as_person: LogIn, data: dict[str, str], said: str) -> None:
    answer = as_person("aldona").post("/settings/age-bands", data=data)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_planned_change_is_taken_back_until_it_holds(as_person: LogIn, at: Callable[..., None]) -> None:
    aldona = as_person("aldona")
    aldona.post("/settings/age-bands", data={"by": "birthday", "first": "2026-11-25"})
    page = aldona.get("/settings/age-bands").text
    assert "Suplanuota nuo 2026-11-25" in page
    assert "/settings/age-bands/2026-11-25/withdraw" in page
    assert aldona.post("/settings/age-bands/2026-11-24/withdraw").status_code == 404
    assert aldona.post("/settings/age-bands/2026-11-25/withdraw").status_code == 303
    aldona.post("/settings/age-bands", data={"by": "birthday", "first": "2026-11-25"})
    at(8, day=date(2026, 11, 25))
    assert as_person("aldona").post("/settings/age-bands/2026-11-25/withdraw").status_code == 422


def test_the_page_says_how_many_children_it_concerns(as_person: LogIn) -> None:
    """The Cast's children are four: six of them in a nursery group."""
    assert "6 trejų ir vyresni lopšelio grupėse" in plain(as_person("aldona").get("/settings/age-bands").text)


# --- the sheet's head -----------------------------------------------------------------------------------------------


def pdf_of(client: FlaskClient, path: str) -> str:
    answer = client.post(f"{path}/print", data={"format": "pdf"})
    assert answer.status_code == 303, answer.text
    content = client.get(answer.location).data
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_wording_is_set_line_by_line(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    assert aldona.post("/settings/sheet-wording", data=WORDING).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        row = db.session.scalars(select(SheetWording)).one()
    assert row.title == "Lankomumo tabelis"
    assert row.approval.splitlines() == [
        "PATVIRTINTA",
        "Raseinių lopšelio-darželio „Saulutė“",
        "direktoriaus įsakymu Nr. V-117",
    ]
    assert row.set_by == "administratorė Aldona Kairienė"
    assert "Suplanuota nuo 2026-11-30: Lankomumo tabelis" in plain(aldona.get("/settings/sheet-wording").text)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": " "}, "Įrašykite antraštę."),
        ({"title": "x" * 81}, "Sutrumpinkite"),
        ({"approval": "a\n" * 6}, "ne daugiau kaip 5"),
        ({"approval": "a" * 71}, "Padalykite"),
        ({"first": "2026-11-23"}, "rytojaus"),
    ],
    ids=["no title", "long title", "many lines", "long line", "today"],
)
def test_a_wording_that_finds_no_room_is_refused(as_person: LogIn, change: dict[str, str], said: str) -> None:
    answer = as_person("aldona").post("/settings/sheet-wording", data=WORDING | change)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_months_sheet_is_worded_as_on_its_last_day(cast: Cast, as_person: LogIn) -> None:
    as_person("aldona").post("/settings/sheet-wording", data=WORDING)
    lina = as_person("lina")
    november, october = (pdf_of(lina, f"/sheets/{month}/{cast.boruziukai}") for month in ("2026-11", "2026-10"))
    assert "Lankomumo tabelis" in november
    assert "PATVIRTINTA" in november
    assert "direktoriaus įsakymu Nr. V-117" in november
    assert "Lankomumo tabelis" not in october
    assert "PATVIRTINTA" not in october


def test_a_wording_from_the_next_month_on_leaves_this_month_alone(cast: Cast, as_person: LogIn) -> None:
    as_person("aldona").post("/settings/sheet-wording", data=WORDING | {"first": "2026-12-01"})
    assert "PATVIRTINTA" not in pdf_of(as_person("lina"), f"/sheets/2026-11/{cast.boruziukai}")


def test_the_spreadsheet_has_the_same_head(cast: Cast, as_person: LogIn) -> None:
    as_person("aldona").post("/settings/sheet-wording", data=WORDING)
    lina = as_person("lina")
    answer = lina.post(f"/sheets/2026-11/{cast.boruziukai}/print", data={"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(lina.get(answer.location).data)).worksheets[0]
    cells = {str(cell.value) for row in sheet.iter_rows(max_row=5) for cell in row if cell.value}
    assert {"Lankomumo tabelis", "PATVIRTINTA", "direktoriaus įsakymu Nr. V-117"} <= cells


def test_another_wording_is_another_paper(app: Flask, cast: Cast, as_person: LogIn) -> None:
    """What is said in the head is in the hash that proves the print."""
    from ediary.core.dates import Month
    from ediary.sheets.queries import sheets

    def proof() -> str:
        with app.app_context(), acting_for(cast.saulute):
            return sheets(Month(2026, 11), [cast.boruziukai])[0].fingerprint

    before = proof()
    as_person("aldona").post("/settings/sheet-wording", data=WORDING)
    assert proof() != before
