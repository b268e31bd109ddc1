"""Who is missing long, often, unjustified: the page, the paper for the commission, the spreadsheet."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, time

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.attendance.models import ChildDay, Presence
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.dates import at_local
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.seals import Paper
from ediary.core.session import acting_for
from ediary.workdays import queries as workdays
from tests.cast import Cast
from tests.conftest import count_queries

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
LATE = date(2026, 11, 24)
ASKED = "first=2026-10&last=2026-11"


def write_marks(app: Flask, cast: Cast, last: date, letter: str = "k") -> None:
    """From 26 October on: the first of the Boružiukai misses 14 working days for this reason, the second comes every
    other day and gives no reason, the third misses two days unjustified, all others come."""
    first, children = date(2026, 10, 26), cast.children["Boružiukai"]
    with app.app_context(), acting_for(cast.saulute):
        days = workdays.calendar(first, last).working_days(first, last, cast.boruziukai)
        for number, day in enumerate(days):
            with clock.frozen(at_local(day, time(8))), write_transaction(lock=GroupDay(cast.boruziukai, day)):
                for place, child_id in enumerate(children):
                    presence, reason = Presence.PRESENT, None
                    if place == 0 and number < 14:
                        presence, reason = Presence.ABSENT, cast.reasons[letter]
                    if place == 1 and number % 2:
                        presence = Presence.ABSENT
                    if place == 2 and number in (3, 9):
                        presence, reason = Presence.ABSENT, cast.reasons["n"]
                    db.session.add(
                        ChildDay(
                            group_id=cast.boruziukai,
                            child_id=child_id,
                            day=day,
                            presence=presence,
                            reason_id=reason,
                            changed_at=clock.now(),
                        )
                    )


@pytest.fixture
def missed(app: Flask, cast: Cast, at: At) -> None:
    """Four weeks and two days, all marked."""
    at(17, 0, day=LATE)
    write_marks(app, cast, LATE)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def adomas_row(page: str) -> str:
    found = re.search(r"<tr><th scope=\"row\"><a [^>]*>Adomas Žukauskas.*?</tr>", page, re.S)
    assert found
    return found[0]


def row(page: str, name: str) -> str:
    found = re.search(rf'<tr><th scope="row"><a [^>]*>{name}.*?</tr>', page, re.S)
    assert found, name
    return words(found[0])


@pytest.mark.usefixtures("missed")
def test_each_stands_out_for_what_they_missed(as_person: LogIn) -> None:
    page = as_person("lina").get(f"/analysis/?{ASKED}&unjustified=2").text
    assert "ilgai dažnai" in row(page, "Adomas Žukauskas")
    assert "14 dienų" in row(page, "Adomas Žukauskas")
    assert "2026-10-26 – 2026-11-13" in row(page, "Adomas Žukauskas")
    assert "dažnai" in row(page, "Austėja Kazlauskaitė")
    assert "ilgai" not in row(page, "Austėja Kazlauskaitė")
    assert "nepateisintai" in row(page, "Benas Stonkus")
    assert "Eglė Petrauskaitė" not in page
    assert "Eglė Petrauskaitė" in as_person("lina").get(f"/analysis/?{ASKED}&all=y").text


def test_illness_whose_paper_never_came_counts_as_on_the_sheet(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    at(17, 0, day=LATE)
    write_marks(app, cast, LATE, "l")
    lina = as_person("lina")
    cells = re.findall(
        r'<td class="num"[^>]*>(\d+)</td>', adomas_row(lina.get("/analysis/?first=2026-10&last=2026-10").text)
    )
    sheet = lina.get(f"/sheets/2026-10/{cast.boruziukai}").text
    totals = re.findall(r'<td class="total">(\d+)</td>', sheet[sheet.index("Adomas Žukauskas") :])[2:6]
    assert cells[1:] == totals
    assert totals == ["0", "0", "5", "0"]


@pytest.mark.usefixtures("missed")
def test_a_run_is_counted_with_the_days_before_the_period(as_person: LogIn) -> None:
    page = as_person("lina").get("/analysis/?first=2026-11&last=2026-11").text
    assert "14 dienų" in row(page, "Adomas Žukauskas")
    assert re.search(r"9 iš 16", row(page, "Adomas Žukauskas"))


@pytest.mark.usefixtures("missed")
def test_the_limits_are_the_pages(as_person: LogIn) -> None:
    page = as_person("lina").get(f"/analysis/?{ASKED}&long=14&often=90&unjustified=3").text
    assert "Niekas neišsiskiria" in page
    page = as_person("lina").get(f"/analysis/?{ASKED}&long=13&often=90&unjustified=2").text
    assert "Adomas Žukauskas" in page
    assert "Austėja Kazlauskaitė" not in page
    assert "Benas Stonkus" in page


@pytest.mark.usefixtures("missed")
def test_one_group_is_asked_for_and_another_kindergartens_is_not_there(cast: Cast, as_person: LogIn) -> None:
    lina = as_person("lina")
    assert "Adomas Žukauskas" not in lina.get(f"/analysis/?{ASKED}&group={cast.drugeliai}").text
    assert "Adomas Žukauskas" in lina.get(f"/analysis/?{ASKED}&group={cast.boruziukai}").text
    assert lina.get(f"/analysis/?{ASKED}&group={cast.zuvytes}").status_code == 404


@pytest.mark.usefixtures("missed")
def test_the_chart_says_in_words_what_it_draws(as_person: LogIn) -> None:
    page = as_person("jonas").get(f"/analysis/?{ASKED}").text
    labels = re.findall(r'role="img" aria-label="([^"]*)"', page)
    assert any(label.startswith("2026-11: ") for label in labels)
    assert any(label.startswith("Boružiukai: ") for label in labels)
    assert "style=" not in page.partition("<main")[2]


@pytest.mark.usefixtures("missed")
def test_the_paper_for_the_commission_says_the_same_is_signed_sealed_and_on_record(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    answer = as_person("lina").get(f"/analysis/report.pdf?{ASKED}")
    assert answer.mimetype == "application/pdf"
    said = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())
    for text in ("Vaiko gerovės komisijai", "Adomas Žukauskas", "2026-10-26 – 2026-11-13", "Lina Stankutė", "parašas"):
        assert text in said
    with app.app_context(), acting_for(cast.saulute):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "print")).one()
        assert "absence_analysis" in entry.changes
        assert db.session.scalars(select(Paper)).one().kind == "analysis.report"


@pytest.mark.usefixtures("missed")
def test_the_spreadsheet_says_the_same(as_person: LogIn) -> None:
    answer = as_person("lina").get(f"/analysis/report.xlsx?{ASKED}")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    children, months, groups = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    adomas = next(line for line in children if line[0] == "Adomas Žukauskas")
    assert adomas[2:9] == (21, 14, 67, 0, 14, 0, 0)
    assert adomas[9] == 14
    assert [line[0] for line in months[1:]] == ["2026-10", "2026-11"]
    assert sum(line[2] for line in months[1:]) == sum(line[2] for line in groups[1:])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("first=2026-13", "Pasirinkite kalendoriaus mėnesį"),
        ("first=0001-01", "Pasirinkite kalendoriaus mėnesį"),
        ("first=2026-11&last=2026-10", "Paskutinis mėnuo ankstesnis už pirmąjį"),
        ("first=2025-01&last=2026-11", "ne daugiau kaip 12"),
        ("long=x", "field-error"),
        ("long=0", "field-error"),
        ("often=101", "field-error"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(as_person: LogIn, asked: str, said: str) -> None:
    lina = as_person("lina")
    answer = lina.get(f"/analysis/?{asked}")
    assert answer.status_code == 422
    assert said in answer.text
    assert lina.get(f"/analysis/report.pdf?{asked}").status_code == 422


def test_three_months_are_shown_when_nothing_is_asked(as_person: LogIn) -> None:
    page = as_person("lina").get("/analysis/").text
    assert 'value="2026-09"' in page
    assert 'value="2026-11"' in page


@pytest.mark.parametrize("login", ["rasa", "ieva", "vilma", "aldona", "greta", "dalia"])
def test_others_do_not_analyse(as_person: LogIn, login: str) -> None:
    client = as_person(login)
    for path in ("/analysis/", "/analysis/report.pdf", "/analysis/report.xlsx"):
        assert client.get(path).status_code == 403


@pytest.mark.parametrize(("day", "told"), [(9, False), (10, True), (13, True), (16, False)])
def test_whoever_is_still_missing_stands_on_the_social_pedagogues_day(
    app: Flask, cast: Cast, as_person: LogIn, at: At, day: int, told: bool
) -> None:
    at(17, 0, day=date(2026, 11, day))
    write_marks(app, cast, date(2026, 11, day))
    assert ("1 vaikas praleido daugiau kaip 10 darbo dienų iš eilės" in as_person("lina").get("/lines").text) is told


@pytest.mark.usefixtures("missed")
def test_it_takes_as_many_statements_for_many_children_as_for_none(cast: Cast, as_person: LogIn) -> None:
    lina = as_person("lina")
    lina.get("/analysis/?first=2026-09&last=2026-09")
    with count_queries() as none:
        lina.get("/analysis/?first=2026-09&last=2026-09")
    with count_queries(at_most=len(none)):
        lina.get("/analysis/?first=2026-11&last=2026-11")
