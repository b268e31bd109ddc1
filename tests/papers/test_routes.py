"""Papers for absences over HTTP: entered, missing and until when, struck out, and what the sheet then says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.absences.queries import all_reasons
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.locks import GroupMonth, write_transaction
from ediary.core.points import MonthPoint
from ediary.papers import queries
from ediary.papers.models import Paper, PaperDay
from ediary.papers.rules import Missing
from tests.cast import FIRST, Cast
from tests.conftest import DAY, count_queries, less_tokens
from tests.sheets.conftest import inside, november, write_day  # noqa: F401 - its days are the beginning here too

pytestmark = pytest.mark.usefixtures("at")

LogIn = Callable[[str], FlaskClient]
PDF = b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n"
#: the third of the Boružiukai was ill on Tuesday, 3 November
ILL = 2


@pytest.fixture
def beginning(november: Path) -> Path:  # noqa: F811
    return november


def body(answer: Any) -> str:
    text: str = answer.get_data(as_text=True)
    return text


def enter(client: FlaskClient, child_id: int, first: str = "2026-11-03", last: str = "", **more: Any) -> Any:
    data = {"kind": "note", "first": first, "last": last or first, "received_at": "2026-11-20T08:00", "number": ""}
    return client.post(f"/papers/children/{child_id}", data=data | more)


def papers(app: Flask, cast: Cast) -> list[Paper]:
    with inside(app, cast.saulute):
        return list(db.session.scalars(select(Paper).order_by(Paper.id)))


def child(cast: Cast, number: int = ILL) -> int:
    return cast.children["Boružiukai"][number]


def missing(app: Flask, cast: Cast, month: Month | None = None) -> list[Missing]:
    with inside(app, cast.saulute):
        return queries.missing([cast.boruziukai, cast.drugeliai], month or Month.of(DAY))


def row(client: FlaskClient, cast: Cast, number: int = ILL) -> str:
    """The child's row of November's sheet."""
    page = body(client.get(f"/sheets/2026-11/{cast.boruziukai}"))
    found = re.search(rf'<tr data-child="{child(cast, number)}">.*?</tr>', page, re.DOTALL)
    assert found
    return found[0]


# --- entering -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["rasa", "lina"])
def test_a_paper_is_entered_for_its_days(app: Flask, cast: Cast, as_person: LogIn, login: str) -> None:
    client = as_person(login)
    assert enter(client, child(cast), "2026-11-03", "2026-11-05", number="12").status_code == 303
    (paper,) = papers(app, cast)
    assert (paper.kind, paper.number, paper.first, paper.last) == ("note", "12", date(2026, 11, 3), date(2026, 11, 5))
    assert paper.group_id == cast.boruziukai
    page = body(client.get(f"/papers/children/{child(cast)}"))
    assert "Tėvų raštelis Nr. 12" in page
    assert "2026-11-03 – 2026-11-05" in page
    assert "Tik datos" in page


def test_its_file_is_given_out_once_that_is_on_record(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    assert enter(rasa, child(cast), file=(BytesIO(PDF), "raštelis.pdf")).status_code == 303
    (paper,) = papers(app, cast)
    answer = as_person("ruta").get(f"/papers/{paper.id}/file")
    assert answer.data == PDF
    assert "attachment" in answer.headers["Content-Disposition"]
    with inside(app, cast.saulute):
        opened = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "opened")).all()
        assert [(one.table_name, one.row_id, one.user_id) for one in opened] == [
            ("papers_paper", paper.id, cast.users["ruta"])
        ]


def test_a_paper_without_a_file_gives_none(app: Flask, cast: Cast, as_person: LogIn) -> None:
    enter(as_person("rasa"), child(cast))
    assert as_person("rasa").get(f"/papers/{papers(app, cast)[0].id}/file").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first": ""}, "Pasirinkite pirmą dieną"),
        ({"last": "2026-11-01"}, "ankstesnė už pirmąją"),
        ({"last": "2028-11-03"}, "daugiausia metus"),
        ({"received_at": ""}, "kada gauta"),
        ({"received_at": "2026-11-24T08:00"}, "vėliau nei dabar"),
        ({"issued_on": "2026-11-21"}, "anksčiau, nei išduotas"),
        ({"kind": "diagnosis"}, "Pasirinkite vieną iš siūlomų"),
        ({"first": "2026-08-03", "last": "2026-08-05"}, "nepriskirtas"),
        ({"file": (BytesIO(b"\xd0\xcf\x11\xe0"), "a.doc")}, "Niekas neįkelta"),
    ],
)
def test_what_cannot_be_so_is_said_and_what_was_typed_stays(
    app: Flask, cast: Cast, as_person: LogIn, fields: dict[str, Any], said: str
) -> None:
    answer = enter(as_person("rasa"), child(cast), **({"number": "A-77"} | fields))
    assert answer.status_code == 422
    assert said in body(answer)
    assert 'value="A-77"' in body(answer)
    assert papers(app, cast) == []


def test_the_same_paper_is_entered_once(app: Flask, cast: Cast, as_person: LogIn) -> None:
    enter(as_person("rasa"), child(cast))
    answer = enter(as_person("lina"), child(cast))
    assert answer.status_code == 422
    assert "jau įrašytas" in body(answer)
    assert len(papers(app, cast)) == 1


@pytest.mark.parametrize("login", ["jonas", "ruta"])
def test_heads_read_and_do_not_write(app: Flask, cast: Cast, as_person: LogIn, login: str) -> None:
    enter(as_person("rasa"), child(cast))
    client = as_person(login)
    page = body(client.get(f"/papers/children/{child(cast)}"))
    assert "Tėvų raštelis" in page
    assert "<textarea" not in page
    assert 'id="new"' not in page
    assert enter(client, child(cast)).status_code == 403
    assert client.post(f"/papers/{papers(app, cast)[0].id}/strike", data={"why": "x"}).status_code == 403


@pytest.mark.parametrize("login", ["ieva", "vilma", "dalia", "agne", "sigita", "milda", "aldona", "greta"])
def test_others_have_none_of_it(app: Flask, cast: Cast, as_person: LogIn, login: str) -> None:
    enter(as_person("rasa"), child(cast), file=(BytesIO(PDF), "a.pdf"))
    client = as_person(login)
    paths = ("/papers/2026-11", f"/papers/children/{child(cast)}", f"/papers/{papers(app, cast)[0].id}/file")
    assert {client.get(path).status_code for path in paths} == {403}


def test_another_groups_and_kindergartens_children_do_not_exist(app: Flask, cast: Cast, as_person: LogIn) -> None:
    enter(as_person("rasa"), child(cast), file=(BytesIO(PDF), "a.pdf"))
    paper = papers(app, cast)[0].id
    for login, child_id in (("tomas", child(cast, 10)), ("ona", child(cast, 10))):
        client = as_person(login)
        for one, other in ((child_id, 10**6),):
            answers = [client.get(f"/papers/children/{which}") for which in (one, other)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert less_tokens(body(answers[0])) == less_tokens(body(answers[1]))
        assert client.get(f"/papers/{paper}/file").status_code == 404
    assert enter(as_person("tomas"), child(cast, 10)).status_code == 404
    assert as_person("tomas").post(f"/papers/{paper}/strike", data={"why": "x"}).status_code == 404
    assert len(papers(app, cast)) == 1


# --- the month's lock -----------------------------------------------------------------------------------------------


def lock_month(app: Flask, cast: Cast, month: Month) -> None:
    with inside(app, cast.saulute), write_transaction(lock=GroupMonth(cast.boruziukai, month), exclusive=True):
        point = db.session.scalars(
            select(MonthPoint).where(MonthPoint.month == month, MonthPoint.group_id == cast.boruziukai)
        ).one()
        point.locked_at, point.locked_by = clock.now(), "direktorius Jonas Rimkus"
        db.session.flush()


def test_a_closed_month_takes_no_paper_and_lets_none_be_struck_out(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    enter(rasa, child(cast))
    lock_month(app, cast, Month.of(DAY))
    answer = enter(rasa, child(cast), "2026-11-04")
    assert answer.status_code == 409
    assert 'value="2026-11-04"' in body(answer)
    paper = papers(app, cast)[0]
    assert rasa.post(f"/papers/{paper.id}/strike", data={"why": "ne to vaiko"}).status_code == 409
    assert papers(app, cast)[0].struck_at is None
    assert len(papers(app, cast)) == 1


def test_a_paper_that_reaches_into_a_closed_month_is_refused_whole(app: Flask, cast: Cast, as_person: LogIn) -> None:
    answer = enter(as_person("rasa"), child(cast), "2026-10-30", "2026-11-05")
    assert answer.status_code == 409
    assert papers(app, cast) == []
    with inside(app, cast.saulute):
        assert db.session.scalars(select(PaperDay)).all() == []


# --- struck out -----------------------------------------------------------------------------------------------------


def test_a_wrong_paper_is_struck_out_with_a_word_why_and_stays(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    enter(rasa, child(cast))
    assert ">l<" in row(rasa, cast)
    paper = papers(app, cast)[0].id
    refused = rasa.post(f"/papers/{paper}/strike", data={"why": " "})
    assert refused.status_code == 422
    assert "kodėl išbraukiama" in body(refused)
    assert rasa.post(f"/papers/{paper}/strike", data={"why": "ne to vaiko"}).status_code == 303
    page = body(rasa.get(f"/papers/children/{child(cast)}"))
    assert "ne to vaiko" in page
    assert "paper-struck" in page
    assert ">l*<" in row(rasa, cast)
    assert rasa.post(f"/papers/{paper}/strike", data={"why": "dar kartą"}).status_code == 422
    with inside(app, cast.saulute):
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "papers_paper"))
        assert [entry.reason for entry in entries] == [None, "ne to vaiko"]


# --- what is missing, and what the sheet says -----------------------------------------------------------------------


def test_what_is_missing_has_its_term_and_is_late_after_it(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    """Delivered, a paper is due by the month's last day."""
    found = {(one.child_id, one.first, one.letter, one.due, one.is_late) for one in missing(app, cast)}
    tuesday, last = date(2026, 11, 3), date(2026, 11, 30)
    drugelis = cast.children["Drugeliai"][2]
    assert found == {(child(cast), tuesday, "l", last, False), (drugelis, tuesday, "l", last, False)}
    at(8, 0, day=date(2026, 12, 1))
    assert all(one.is_late for one in missing(app, cast))
    enter(as_person("rasa"), child(cast))
    assert [one.child_id for one in missing(app, cast)] == [drugelis]


def test_the_sheet_counts_as_judged_and_every_letter_says_why(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    lina = as_person("lina")
    assert "Dokumento laukiama iki 2026-11-30" in row(lina, cast)
    assert counted(lina, cast) == {"illness": 1, "unjustified": 0}
    at(8, 0, day=date(2026, 12, 1))
    lina = as_person("lina")
    assert ">(l)<" in row(lina, cast)
    assert "jo reikėjo iki 2026-11-30" in row(lina, cast)
    assert counted(lina, cast) == {"illness": 0, "unjustified": 1}
    enter(lina, child(cast), received_at="2026-11-20T08:00")
    assert "Pateisinta: dokumentas gautas" in row(lina, cast)
    assert counted(lina, cast) == {"illness": 1, "unjustified": 0}


def counted(client: FlaskClient, cast: Cast) -> dict[str, int]:
    totals = re.findall(r'<td class="total">(\d+)</td>', row(client, cast))
    return {"illness": int(totals[2]), "unjustified": int(totals[4])}


def test_a_paper_that_came_too_late_changes_nothing(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    at(8, 0, day=date(2026, 12, 1))
    lina = as_person("lina")
    enter(lina, child(cast), received_at="2026-12-01T07:30")
    assert "vėliau kaip 2026-11-30" in row(lina, cast)
    assert missing(app, cast)[0].child_id != child(cast)


def test_a_checked_month_says_the_same_when_terms_are_over(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    at(18, 0, day=date(2026, 11, 30))
    lock_month(app, cast, Month.of(DAY))
    before = row(as_person("lina"), cast)
    at(8, 0, day=date(2026, 12, 4))
    assert row(as_person("lina"), cast) == before
    assert ">l*<" in before


@pytest.mark.parametrize("login", ["rasa", "lina", "jonas"])
def test_the_page_of_what_is_missing_leads_to_entering_it(cast: Cast, as_person: LogIn, login: str) -> None:
    page = body(as_person(login).get("/papers/2026-11"))
    assert "Benas Stonkus" in page
    assert "iki 2026-11-30" in page
    assert ("Drugeliai" in page) is (login != "rasa")
    link = f"/papers/children/{child(cast)}?first=2026-11-03&amp;last=2026-11-03#new"
    assert (link in page) is (login != "jonas")


def test_the_form_begins_with_the_days_that_are_missing(cast: Cast, as_person: LogIn) -> None:
    page = body(as_person("rasa").get(f"/papers/children/{child(cast)}?first=2026-11-03&last=2026-11-05"))
    assert 'value="2026-11-03"' in page
    assert 'value="2026-11-05"' in page
    assert as_person("rasa").get(f"/papers/children/{child(cast)}?first=x&last=&kind=x").status_code == 200


def test_a_call_that_is_missing_is_entered_as_one(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    at(8, 0, day=date(2026, 11, 20))
    said = {"letter": "l", "name": "Liga", "kind": "illness", "first": f"{DAY}", "notice": "first_day"}
    path = f"/absences/reasons/{cast.reasons['l']}"
    assert as_person("aldona").post(path, data=said | {"notice_hour": "9:00"}).status_code == 303
    at(8, 30)
    with inside(app, cast.saulute):
        now = next(one.id for one in all_reasons().values() if one.follows_id == cast.reasons["l"])
    write_day(app, replace(cast, reasons=cast.reasons | {"l": now}), "Boružiukai", DAY, "l")
    rasa, link = as_person("rasa"), f"first={DAY}&amp;last={DAY}&amp;kind=notice#new"
    page = body(rasa.get("/papers/2026-11"))
    assert link in page
    assert "tėvai dar nepranešė" in page
    at(9, 1)
    rasa = as_person("rasa")
    assert "laiku nepranešta" in body(rasa.get("/papers/2026-11"))
    assert 'selected value="notice"' in body(rasa.get(f"/papers/children/{child(cast, 0)}?kind=notice"))
    day = f"{DAY}"
    enter(rasa, child(cast, 0), day, kind="notice", received_at=f"{day}T08:40")
    assert link not in body(rasa.get("/papers/2026-11"))
    assert ">l<" in row(rasa, cast, 0)


def test_the_educator_is_told_of_papers_until_the_nearest_term(cast: Cast, as_person: LogIn) -> None:
    for login in ("rasa", "lina"):
        told = body(as_person(login).get("/lines", headers={"HX-Request": "true"}))
        assert "laukia dokumento" in told
        assert "lapkričio 30 d." in told
    assert "laukia dokumento" not in body(as_person("tomas").get("/papers/2026-10"))


def test_the_pages_cost_the_same_for_one_absence_and_for_many(app: Flask, cast: Cast, as_person: LogIn) -> None:
    lina = as_person("lina")
    lina.get("/papers/2026-11")
    with count_queries(at_most=19) as few:
        lina.get("/papers/2026-11")
    for day in range(9, 14):
        write_day(app, cast, "Boružiukai", date(2026, 11, day), "lllllllll")
    with count_queries() as many:
        lina.get("/papers/2026-11")
    assert len(many) == len(few)


def test_a_childs_papers_cost_the_same_for_one_and_for_twelve(app: Flask, cast: Cast, as_person: LogIn) -> None:
    lina = as_person("lina")
    path = f"/papers/children/{child(cast)}"
    enter(lina, child(cast))
    lina.get(path)
    with count_queries(at_most=14) as few:
        lina.get(path)
    for number in range(12):
        enter(lina, child(cast), number=str(number))
    with count_queries() as many:
        lina.get(path)
    assert len(many) == len(few)


# --- in two groups --------------------------------------------------------------------------------------------------


def test_days_in_another_group_are_for_who_sees_both(app: Flask, cast: Cast, as_person: LogIn) -> None:
    from ediary.children.models import Enrolment

    with inside(app, cast.saulute), write_transaction():
        place = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child(cast))).one()
        assert place.valid_from == FIRST
    yesterday = DAY - timedelta(days=1)
    with app.app_context():  # as a move of last week left it
        db.session.connection().exec_driver_sql(
            f"UPDATE children_enrolment SET valid_to = '{yesterday}' WHERE child_id = {child(cast)}"
        )
        db.session.connection().exec_driver_sql(
            "INSERT INTO children_enrolment (institution_id, child_id, group_id, valid_from)"
            f" VALUES ({cast.saulute}, {child(cast)}, {cast.drugeliai}, '{DAY}')"
        )
        db.session.commit()
    refused = enter(as_person("tomas"), child(cast), "2026-11-19", "2026-11-24")
    assert refused.status_code == 422
    assert "2026-11-19 vaikas buvo kitoje grupėje" in body(refused)
    assert enter(as_person("lina"), child(cast), "2026-11-19", "2026-11-24").status_code == 303
    with inside(app, cast.saulute):
        groups = {one.day.day: one.group_id for one in db.session.scalars(select(PaperDay))}
    assert groups[22] == cast.boruziukai
    assert groups[23] == cast.drugeliai


def test_an_illness_over_a_move_is_one_run_in_both_groups(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    """Three days on end are asked for: two in the one group, one in the other."""
    at(8, 0, day=date(2026, 11, 18))
    said = {"letter": "l", "name": "Liga", "kind": "illness", "first": "2026-11-19", "least_days": "3"}
    assert as_person("aldona").post(f"/absences/reasons/{cast.reasons['l']}", data=said).status_code == 303
    with inside(app, cast.saulute):
        now = next(one.id for one in all_reasons().values() if one.follows_id == cast.reasons["l"])
    ill = replace(cast, reasons=cast.reasons | {"l": now})
    for number in (19, 20):
        write_day(app, ill, "Boružiukai", date(2026, 11, number), "..l")
    at(8, 10)
    with app.app_context():  # as a move of today left it
        move = f"VALUES ({cast.saulute}, {child(cast)}, {cast.drugeliai}, '{DAY}')"
        for sql in (
            f"UPDATE children_enrolment SET valid_to = '2026-11-22' WHERE child_id = {child(cast)}",
            f"INSERT INTO children_enrolment (institution_id, child_id, group_id, valid_from) {move}",
        ):
            db.session.connection().exec_driver_sql(sql)
        db.session.commit()
    assert row(as_person("lina"), cast).count(">l*<") == 3, "too short so far: it may still grow, and one of 3 November"
    moved = replace(ill, children=cast.children | {"Drugeliai": [child(cast)]})
    write_day(app, moved, "Drugeliai", DAY, "l")
    for login in ("rasa", "lina"):
        assert row(as_person(login), cast).count(">l<") == 2
    page = body(as_person("tomas").get(f"/sheets/2026-11/{cast.drugeliai}"))
    assert ">l<" in page[page.index(f'data-child="{child(cast)}"') :]
