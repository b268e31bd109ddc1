"""Orders and documents: entering, finding, what an order orders, the file, wrong role, other kindergarten."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.children import actions as children
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.session import acting_for
from ediary.documents.ordered import KINDS_OF_ROWS, referring
from ediary.institutions import actions as institutions
from ediary.institutions.models import Document, DocumentKind
from ediary.workdays.models import Closure
from tests.cast import Cast
from tests.conftest import DAY, count_queries

LogIn = Callable[[str], FlaskClient]
PDF = b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n"
NEW = {"kind": "order", "number": "V-117", "day": "2026-11-19", "title": "Dėl  nuostatų\n patvirtinimo"}


def documents(app: Flask, cast: Cast) -> dict[str, Document]:
    """Saulutė's documents by number."""
    with app.app_context(), acting_for(cast.saulute):
        return {one.number: one for one in db.session.scalars(select(Document))}


def with_file(content: bytes = PDF, name: str = "įsakymas.pdf", **more: str) -> dict[str, Any]:
    return NEW | more | {"file": (io.BytesIO(content), name)}


def numbers_on(page: str) -> list[str]:
    return re.findall(r'class="number"><b>([^<]+)</b>', page)


# --- entering -------------------------------------------------------------------------------------------------------


def test_a_document_is_entered_with_its_file(app: Flask, cast: Cast, as_person: LogIn) -> None:
    milda = as_person("milda")
    answer = milda.post("/documents/new", data=with_file())
    made = documents(app, cast)["V-117"]
    assert (answer.status_code, answer.location) == (303, f"/documents/{made.id}")
    assert (made.title, made.file_name, made.media_type) == (
        "Dėl nuostatų patvirtinimo",
        "įsakymas.pdf",
        "application/pdf",
    )
    assert made.entered_by == "raštvedė Milda Raštienė"
    page = milda.get(answer.location).text
    assert "Dėl nuostatų patvirtinimo" in page
    assert "įsakymas.pdf" in page


def test_the_file_comes_back_as_it_was_and_never_as_a_page(app: Flask, cast: Cast, as_person: LogIn) -> None:
    milda = as_person("milda")
    file = milda.get(f"{milda.post('/documents/new', data=with_file()).location}/file")
    assert file.data == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_without_a_file_has_none_to_give(as_person: LogIn) -> None:
    milda = as_person("milda")
    page = milda.post("/documents/new", data=NEW).location
    assert "Failo nėra" in milda.get(page).text
    assert milda.get(f"{page}/file").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": ""}, "Įrašykite numerį."),
        ({"number": "x" * 41}, "per ilgas"),
        ({"day": "x"}, "Pasirinkite"),
        ({"title": " "}, "Įrašykite, dėl ko"),
        ({"kind": "law"}, ""),
    ],
    ids=["no number", "long number", "no day", "no title", "no kind"],
)
def test_what_makes_no_sense_is_said(
    app: Flask, cast: Cast, as_person: LogIn, change: dict[str, str], said: str
) -> None:
    answer = as_person("milda").post("/documents/new", data=NEW | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert "V-117" not in documents(app, cast)


def test_a_file_that_is_no_document_is_refused(app: Flask, cast: Cast, as_person: LogIn) -> None:
    answer = as_person("milda").post("/documents/new", data=with_file(b"MZ\x00\x01", "isakymas.pdf"))
    assert answer.status_code == 422
    assert "PDF, JPEG, PNG" in answer.text
    assert "V-117" not in documents(app, cast)


def test_the_same_document_is_not_entered_twice(as_person: LogIn) -> None:
    milda = as_person("milda")
    milda.post("/documents/new", data=NEW)
    answer = milda.post("/documents/new", data=NEW)
    assert answer.status_code == 422
    assert "Įsakymas Nr. V-117, 2026-11-19 jau įrašytas." in answer.text
    assert milda.post("/documents/new", data=NEW | {"day": "2025-11-19"}).status_code == 303  # another year's
    assert milda.post("/documents/new", data=NEW | {"kind": "other"}).status_code == 303


def test_an_order_that_was_only_named_gets_its_title(app: Flask, cast: Cast, as_person: LogIn) -> None:
    before = documents(app, cast)["V-1"]
    answer = as_person("milda").post("/documents/new", data=NEW | {"number": "V-1", "day": "2026-09-01"})
    assert answer.location == f"/documents/{before.id}"
    assert documents(app, cast)["V-1"].title == "Dėl nuostatų patvirtinimo"


def test_two_who_name_the_same_new_order_name_one(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        first, second = (institutions.order("V-9", DAY, "").id for _time in range(2))
    assert first == second


# --- correcting -----------------------------------------------------------------------------------------------------


def test_a_document_is_corrected_and_its_file_replaced(app: Flask, cast: Cast, as_person: LogIn) -> None:
    milda = as_person("milda")
    page = milda.post("/documents/new", data=with_file()).location
    assert "V-117" in milda.get(f"{page}/edit").text
    other = PDF.replace(b"obj", b"abj")
    assert milda.post(f"{page}/edit", data=with_file(other, "naujas.pdf", number="V-118")).status_code == 303
    assert milda.get(f"{page}/file").data == other
    assert milda.post(f"{page}/edit", data=NEW | {"number": "V-118"}).status_code == 303
    assert milda.get(f"{page}/file").data == other  # none chosen: it stays
    assert milda.post(f"{page}/edit", data=NEW | {"number": ""}).status_code == 422
    assert set(documents(app, cast)) == {"V-1", "V-5", "V-118"}


def test_a_number_taken_by_another_is_refused(as_person: LogIn) -> None:
    milda = as_person("milda")
    page = milda.post("/documents/new", data=NEW).location
    answer = milda.post(f"{page}/edit", data=NEW | {"number": "V-5", "day": "2026-09-01"})
    assert answer.status_code == 422
    assert "jau įrašytas" in answer.text


def test_what_something_was_ordered_by_stays_an_order_and_stays(app: Flask, cast: Cast, as_person: LogIn) -> None:
    milda, order = as_person("milda"), documents(app, cast)["V-1"]
    answer = milda.post(f"/documents/{order.id}/edit", data=NEW | {"kind": "other"})
    assert (answer.status_code, "lieka įsakymas" in answer.text) == (422, True)
    answer = milda.post(f"/documents/{order.id}/remove", data={"sure": "yes"})
    assert (answer.status_code, "todėl jis lieka" in answer.text) == (422, True)
    assert "Pašalinti" not in milda.get(f"/documents/{order.id}").text


def test_a_document_entered_by_mistake_is_removed_by_two_taps(app: Flask, cast: Cast, as_person: LogIn) -> None:
    milda = as_person("milda")
    page = milda.post("/documents/new", data=NEW).location
    assert milda.post(f"{page}/remove").status_code == 422
    assert milda.post(f"{page}/remove", data={"sure": "yes"}).status_code == 303
    assert "V-117" not in documents(app, cast)


# --- what it orders -------------------------------------------------------------------------------------------------


def test_everything_that_refers_to_a_document_stands_on_its_page() -> None:
    said = {(column.class_.__tablename__, column.key) for kind in KINDS_OF_ROWS for column in kind.refers}
    assert said == set(referring())


def test_an_order_shows_whom_it_assigns_and_what_it_closes(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    order = documents(app, cast)["V-1"]
    with (
        app.app_context(),
        acting_for(cast.saulute),
        write_transaction(lock=GroupDay(cast.boruziukai, DAY)),
    ):
        made = children.add_child("Naujas", "Vaikas", date(2022, 3, 1))
        children.enrol(made.id, cast.boruziukai, date(2026, 12, 1)).order_id = order.id
        closed = Closure(first=date(2026, 12, 24), last=date(2026, 12, 31), reason="Atostogos", order_id=order.id)
        db.session.add(closed)
    page = re.sub(r"<[^>]+>|\s+", " ", as_person("milda").get(f"/documents/{order.id}").text)
    for line in (
        r"Rasa Petraitienė +Boružiukai, nuo 2026-09-01",
        r"Tomas Gudaitis +Drugeliai, nuo 2026-09-01",
        r"Naujas Vaikas +Boružiukai, nuo 2026-12-01",
        r"Visa įstaiga +2026-12-24 – 2026-12-31, Atostogos",
    ):
        assert re.search(line, page), line


def test_another_kindergartens_document_is_none(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.ezerelis):
        (foreign,) = db.session.scalars(select(Document.id))
    milda = as_person("milda")
    for path in ("", "/edit", "/file"):
        assert milda.get(f"/documents/{foreign}{path}").status_code == 404
    assert milda.post(f"/documents/{foreign}/edit", data=NEW).status_code == 404


def test_an_educator_reads_no_documents(as_person: LogIn) -> None:
    assert as_person("rasa").get("/documents/").status_code == 403


# --- finding --------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    """Forty orders of two years, and a contract."""
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for number in range(1, 41):
            made = institutions.order(f"A-{number}", date(2024 + number % 2, 3, number % 28 + 1), "")
            made.title = f"Dėl maitinimo organizavimo {number}"
        db.session.add(
            Document(
                kind=DocumentKind.OTHER,
                number="S-1",
                day=date(2025, 1, 2),
                title="Sutartis dėl duomenų teikimo",
                entered_at=made.entered_at,
                entered_by="",
            )
        )


@pytest.mark.usefixtures("shelf")
def test_the_latest_stand_first_and_the_rest_on_further_pages(as_person: LogIn) -> None:
    milda = as_person("milda")
    milda.get("/documents/")
    with count_queries(at_most=4):
        page = milda.get("/documents/").text
    assert len(numbers_on(page)) == 30
    assert set(numbers_on(page)[:2]) == {"V-1", "V-5"}
    assert len(numbers_on(milda.get("/documents/?page=2").text)) == 13
    assert numbers_on(milda.get("/documents/?page=3").text) == []


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"q": "sutartis"}, 1),
        ({"q": "DUOMENU teikimo"}, 1),
        ({"q": "a-4"}, 2),
        ({"q": "nieko"}, 0),
        ({"show": "others"}, 1),
        ({"show": "orders", "year": "2025"}, 20),
        ({"year": "2024"}, 20),
        ({"show": "unfinished", "year": "2026"}, 2),
        ({"year": "x", "show": "x", "q": "a-40"}, 1),
    ],
    ids=[
        "word",
        "words without signs",
        "number",
        "nothing",
        "others",
        "orders of a year",
        "year",
        "unfinished",
        "junk",
    ],
)
def test_documents_are_found(as_person: LogIn, asked: dict[str, str], count: int) -> None:
    assert len(numbers_on(as_person("milda").get("/documents/", query_string=asked).text)) == count


def test_an_empty_shelf_says_what_will_stand_there(app: Flask, cast: Cast, as_person: LogIn) -> None:
    assert "Nieko nerasta" not in as_person("milda").get("/documents/").text
    page = as_person("milda").get("/documents/?q=nieko").text
    assert "Tokio dokumento nėra" in page
