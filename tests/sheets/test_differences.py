"""What a print said against what the sheet says now: by cell, by total, on a page and behind the next version (C5)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.locks import GroupMonth, write_transaction
from ediary.periods import actions as periods
from ediary.sheets import content
from ediary.sheets.content import Kept
from ediary.sheets.models import PrintedSheet
from ediary.sheets.rules import Day, Mark, Place, make_sheet
from tests.cast import Cast
from tests.sheets.conftest import TUESDAY, inside, write_day
from tests.sheets.test_routes import sheet_url

AsPerson = Callable[[str], FlaskClient]
NOVEMBER = Month(2026, 11)
MONDAY = date(2026, 11, 2)
DAYS = [Day(MONDAY), Day(TUESDAY)]
CAME, AWAY = Mark(True), Mark(False)


def said(marks: dict[tuple[int, date], Mark], *children: int, today: date = TUESDAY) -> str:
    places = [Place(child, f"Vaikas {child}", ((MONDAY, None),)) for child in children]
    return content.written([Kept(7, "Boružiukai", make_sheet(DAYS, places, marks, [], {}, today))])


def test_the_same_sheet_has_no_differences() -> None:
    now = said({(1, MONDAY): CAME}, 1, 2)
    assert not content.differences(now, now).any


def test_a_changed_cell_is_named_with_both_values_and_the_totals_that_follow() -> None:
    found = content.differences(said({(1, MONDAY): CAME}, 1), said({(1, MONDAY): AWAY}, 1))
    assert [(one.child, one.day, one.was[0], one.now[0]) for one in found.cells] == [
        ("Vaikas 1", MONDAY, "present", "unknown")
    ]
    assert [(one.total, one.was, one.now) for one in found.totals] == [
        ("attended", 1, 0), ("absent", 0, 1), ("unknown", 0, 1),
    ]  # fmt: skip


def test_a_child_who_came_or_went_differs_by_each_of_its_days() -> None:
    before, now = said({(1, MONDAY): CAME}, 1), said({(2, MONDAY): CAME}, 2)
    found = content.differences(before, now)
    assert {(one.child, one.was[0], one.now[0]) for one in found.cells if one.day == MONDAY} == {
        ("Vaikas 1", "present", "away"),
        ("Vaikas 2", "away", "present"),
    }


def test_another_groups_differences_are_not_told() -> None:
    assert not content.differences(said({}, 1), said({(1, MONDAY): AWAY}, 1), frozenset({8})).any


def print_it(client: FlaskClient, cast: Cast) -> Any:
    return client.get(client.post(f"{sheet_url(cast)}/print", data={"format": "pdf"}).location).data


def pages(made: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


def test_the_next_version_has_the_differences_behind_it(
    app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    day = date(2026, 11, 10)
    write_day(app, cast, "Boružiukai", day, "+" * 20)
    at(16, 0, day=date(2026, 11, 30))
    point = GroupMonth(cast.boruziukai, NOVEMBER)
    with inside(app, cast.saulute), write_transaction(lock=point, exclusive=True):
        periods.lock_month([cast.boruziukai], NOVEMBER, "direktorius Jonas Rimkus")
    lina, jonas = as_person("lina"), as_person("jonas")
    first = print_it(lina, cast)
    page = f"{sheet_url(cast)}/differences"
    assert "Žiniaraštyje parašyta tas pats" in lina.get(page).text
    reason = "Vaikas sirgo, o pažymėtas atvykęs"
    asked = {"groups": [cast.boruziukai], "reason": reason, "days_on": "0", "days": [str(day)]}
    assert jonas.post("/acts/open/2026-11", data=asked).status_code == 303
    tap = f"/attendance/{day}/{cast.boruziukai}/children/{cast.children['Boružiukai'][0]}"
    assert as_person("rasa").post(tap, data={"wanted": "absent", "seen": "present"}).status_code == 303
    assert jonas.post("/acts/unlocks/1/close").location == "/acts/1"
    text = lina.get(page).text
    assert "Adomas Žukauskas" in text
    assert "neatvyko, priežastis nežinoma" in text
    annex = pages(lina.get(f"{page}.pdf").data)
    assert "Adomas Žukauskas" in annex[0]
    second = print_it(lina, cast)
    assert len(pages(second)) == len(pages(first)) + 1
    assert "Priedas: skirtumai nuo paskutinio spaudinio" in pages(second)[-1]
    assert "/acts/1" in lina.get(sheet_url(cast)).text
    with inside(app, cast.saulute):
        assert [one.number for one in db.session.scalars(select(PrintedSheet).order_by(PrintedSheet.id))] == [1, 2]
    assert "Žiniaraštyje parašyta tas pats" in lina.get(page).text


def test_a_month_never_printed_has_nothing_to_compare_with(as_person: AsPerson, cast: Cast) -> None:
    assert (
        "Nėra spaudinio, su kuriuo būtų galima lyginti" in as_person("rasa").get(f"{sheet_url(cast)}/differences").text
    )
    assert as_person("tomas").get(f"{sheet_url(cast)}/differences").status_code == 404
    assert as_person("rasa").get("/sheets/2026-11/differences").status_code == 403
