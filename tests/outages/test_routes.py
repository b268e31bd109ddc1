"""Days on paper: sheets to print, the cause said once, the day opened, the marks entered, the history says why."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.attendance.models import ChildDay, Outage, Presence, Submission
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.notices.models import Notice
from ediary.portions.models import Correction, Portion
from tests.cast import Cast
from tests.conftest import DAY, HTMX, count_queries

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
CAUSE = {"cause": "power"}
SAID = "nebuvo elektros"


def text_of(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def paper(cast: Cast, group: str = "Drugeliai", *, absent: int = 1, **more: str) -> dict[str, str]:
    """What is sent of a paper on which the first child is absent and the others came."""
    sent: dict[str, str] = {}
    for place, child in enumerate(cast.children[group]):
        sent[f"mark-{child}"] = "absent" if place < absent else "present"
        sent[f"seen-{child}"] = "unmarked"
    return sent | more


def url(cast: Cast, day: date = DAY, way: str = "") -> str:
    return f"/outages/{day}/{cast.drugeliai}{way}"


@pytest.fixture
def opened(cast: Cast, as_person: LogIn, at: At) -> None:
    """The day after: Tomas has said why, Jonas has opened the day for two hours at 10:00."""
    at(9, 40, day=date(2026, 11, 24))
    assert as_person("tomas").post(url(cast, way="/ask"), data=CAUSE).status_code == 303
    at(10, 0, day=date(2026, 11, 24))
    assert as_person("jonas").post(url(cast, way="/open"), data={"minutes": "120"}).status_code == 303


# --- papers -----------------------------------------------------------------------------------------------------------


def test_a_half_filled_sheet_has_names_diets_and_what_must_not_be_eaten(cast: Cast, as_person: LogIn) -> None:
    answer = as_person("rasa").get(f"/outages/{DAY}/{cast.boruziukai}/sheet.pdf")
    assert answer.mimetype == "application/pdf"
    pages = text_of(answer.data)
    assert len(pages) == 1
    for said in ("Dienos lapas: Boružiukai", "Herkus Ąžuolas", "Be pieno", "Nevalgo: riešutų", "Liga", "20"):
        assert said in pages[0]


def test_all_groups_print_a_page_each(cast: Cast, as_person: LogIn) -> None:
    pages = text_of(as_person("jonas").get(f"/outages/{DAY}/sheets.pdf").data)
    assert [("Boružiukai" in page, "Drugeliai" in page) for page in pages] == [(True, False), (False, True)]


def test_an_educator_prints_the_own_group_only(cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    assert len(text_of(rasa.get(f"/outages/{DAY}/sheets.pdf").data)) == 1
    assert rasa.get(f"/outages/{DAY}/{cast.drugeliai}/sheet.pdf").status_code == 404
    assert rasa.get(f"/outages/{cast.zuvytes}/blank.pdf").status_code == 404


def test_a_blank_sheet_names_nobody_and_no_day(cast: Cast, as_person: LogIn) -> None:
    pages = text_of(as_person("rasa").get(f"/outages/{cast.boruziukai}/blank.pdf").data)
    assert len(pages) == 1
    assert "Herkus" not in pages[0]
    assert "2026 m. lapkričio" not in pages[0]
    assert "20____ m." in pages[0]


def test_a_full_group_still_stands_on_one_page(app: Flask, cast: Cast, as_person: LogIn) -> None:
    from ediary.core.locks import write_transaction
    from tests import make

    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for number in range(10):
            make.child(cast.boruziukai, f"Vardas{number}", "Ilgapavardaitė-Ilgapavardienė", date(2026, 11, 24), [])
    assert len(text_of(as_person("rasa").get(f"/outages/2026-11-24/{cast.boruziukai}/sheet.pdf").data)) == 1


def test_that_names_left_the_diary_is_on_record(app: Flask, cast: Cast, as_person: LogIn) -> None:
    as_person("rasa").get(f"/outages/{DAY}/{cast.boruziukai}/sheet.pdf")
    with app.app_context(), acting_for(cast.saulute):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "print")).one()
        assert "day_sheet" in entry.changes


@pytest.mark.parametrize("day", ["2026-11-22", "2027-09-01", "2020-01-06"])
def test_there_is_no_sheet_for_a_day_without_work_or_far_away(as_person: LogIn, day: str) -> None:
    assert as_person("jonas").get(f"/outages/{day}/sheets.pdf").status_code == 422


@pytest.mark.parametrize("login", ["ieva", "vilma", "aldona", "greta", "dalia"])
def test_others_print_none(cast: Cast, as_person: LogIn, login: str) -> None:
    client = as_person(login)
    for path in ("/outages/", "/outages/blank.pdf", f"/outages/{DAY}/sheets.pdf"):
        assert client.get(path).status_code == 403


def test_sheets_take_as_many_statements_for_twenty_children_as_for_six(cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    jonas.get(f"/outages/{DAY}/{cast.drugeliai}/sheet.pdf")
    with count_queries(at_most=12) as few:
        jonas.get(f"/outages/{DAY}/{cast.drugeliai}/sheet.pdf")
    with count_queries(at_most=len(few)):
        jonas.get(f"/outages/{DAY}/{cast.boruziukai}/sheet.pdf")
    with count_queries(at_most=len(few)):
        jonas.get(f"/outages/{DAY}/sheets.pdf")


# --- the day stays locked until a head opens it -----------------------------------------------------------------------


def test_a_locked_day_takes_no_paper_until_a_head_has_opened_it(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    at(9, 40, day=date(2026, 11, 24))
    tomas = as_person("tomas")
    answer = tomas.post(url(cast, way="/enter"), data=paper(cast, **CAUSE))
    assert answer.status_code == 409
    assert tomas.post(url(cast, way="/open"), data={"minutes": "120"}).status_code == 403
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(ChildDay)).all() == []
        assert db.session.scalars(select(Outage)).all() == []


def test_the_heads_are_asked_and_see_it_on_their_day(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    at(9, 40, day=date(2026, 11, 24))
    assert as_person("tomas").post(url(cast, way="/ask"), data=CAUSE).status_code == 303
    for login in ("jonas", "ruta"):
        assert "Surašyta popieriuje" in as_person(login).get("/lines").text
        assert f'action="{url(cast, way="/open")}"' in as_person(login).get(url(cast)).text
    with app.app_context(), acting_for(cast.saulute):
        told = db.session.scalars(select(Notice).where(Notice.url == url(cast))).all()
        assert {one.person_id for one in told} == {cast.users["jonas"], cast.users["ruta"]}
        assert all(SAID in one.text for one in told)


def test_the_cause_is_said_once(cast: Cast, as_person: LogIn, at: At) -> None:
    at(9, 40, day=date(2026, 11, 24))
    tomas = as_person("tomas")
    tomas.post(url(cast, way="/ask"), data=CAUSE)
    assert tomas.post(url(cast, way="/ask"), data={"cause": "network"}).status_code == 409
    assert "nebuvo elektros" in tomas.get(url(cast)).text


def test_a_head_opens_only_what_somebody_has_asked_for(cast: Cast, as_person: LogIn, at: At) -> None:
    at(9, 40, day=date(2026, 11, 24))
    assert as_person("jonas").post(url(cast, way="/open"), data={"minutes": "120"}).status_code == 422


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"cause": "other"},
        {"cause": "other", "words": "gedimas"},
        {"cause": "x"},
        {"cause": "other", "words": "a " * 150},
    ],
)
def test_a_cause_that_says_nothing_is_refused(
    app: Flask, cast: Cast, as_person: LogIn, at: At, data: dict[str, str]
) -> None:
    at(9, 40, day=date(2026, 11, 24))
    assert as_person("tomas").post(url(cast, way="/ask"), data=data).status_code == 422
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(Outage)).all() == []


@pytest.mark.parametrize(("day", "status"), [(date(2026, 11, 22), 422), (date(2026, 12, 1), 422)])
def test_a_day_without_work_or_to_come_has_no_paper(cast: Cast, as_person: LogIn, day: date, status: int) -> None:
    assert as_person("tomas").post(url(cast, day, "/ask"), data=CAUSE).status_code == status


def test_another_group_and_another_kindergarten_are_not_there(cast: Cast, as_person: LogIn, at: At) -> None:
    at(9, 40, day=date(2026, 11, 24))
    rasa = as_person("rasa")
    for group in (cast.drugeliai, cast.zuvytes, 999999):
        assert rasa.get(f"/outages/{DAY}/{group}").status_code == 404
        assert rasa.post(f"/outages/{DAY}/{group}/ask", data=CAUSE).status_code == 404
        assert rasa.post(f"/outages/{DAY}/{group}/enter", data=CAUSE).status_code == 404


# --- entered ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
def test_the_paper_is_entered_handed_in_and_every_entry_of_the_history_says_why(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    tomas = as_person("tomas")
    first = cast.children["Drugeliai"][0]
    sent = paper(cast, **{f"reason-{first}": str(cast.reasons["l"])})
    assert tomas.post(url(cast, way="/enter"), data=sent).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        marks = {row.child_id: row for row in db.session.scalars(select(ChildDay))}
        assert len(marks) == 6
        assert (marks[first].presence, marks[first].reason_id) == (Presence.ABSENT, cast.reasons["l"])
        assert db.session.scalars(select(Submission)).one().day == DAY
        outage = db.session.scalars(select(Outage)).one()
        assert (outage.cause, outage.day) == (SAID, DAY)
        assert outage.entered_by
        written = db.session.scalars(
            select(AuditEntry).where(
                AuditEntry.table_name.in_(["attendance_child_day", "attendance_submission", "portions_correction"])
            )
        ).all()
        assert len(written) >= 8
        assert {entry.reason for entry in written} == {SAID}


@pytest.mark.usefixtures("opened")
def test_the_kitchens_snapshot_stays_and_what_differs_is_a_numbered_correction(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    with app.app_context(), acting_for(cast.saulute):
        before = {(row.child_id, row.meal_kind_id) for row in db.session.scalars(select(Portion))}
    as_person("tomas").post(url(cast, way="/enter"), data=paper(cast, absent=2))
    with app.app_context(), acting_for(cast.saulute):
        assert {(row.child_id, row.meal_kind_id) for row in db.session.scalars(select(Portion))} == before
        made = db.session.scalars(select(Correction).order_by(Correction.number)).all()
        assert [(one.number, one.delta, one.confirmed_at) for one in made] == [(1, -1, None), (2, -1, None)]
        assert {one.child_id for one in made} == set(cast.children["Drugeliai"][:2])


@pytest.mark.usefixtures("opened")
def test_the_day_and_the_sheet_say_that_it_was_entered_later_and_why(cast: Cast, as_person: LogIn) -> None:
    tomas = as_person("tomas")
    tomas.post(url(cast, way="/enter"), data=paper(cast))
    for path in (f"/attendance/{DAY}/{cast.drugeliai}", f"/sheets/2026-11/{cast.drugeliai}", url(cast)):
        page = tomas.get(path).text
        assert SAID in page, path
        assert "2026-11-24 10:00" in page, path
    made = tomas.post(f"/sheets/2026-11/{cast.drugeliai}/print", data={"format": "pdf"})
    if made.status_code == 303:
        assert any(SAID in page for page in text_of(tomas.get(made.location).data))


@pytest.mark.usefixtures("opened")
def test_a_paper_that_leaves_a_child_out_is_refused_whole_and_keeps_what_was_typed(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    sent = paper(cast)
    left_out = cast.children["Drugeliai"][3]
    del sent[f"mark-{left_out}"]
    answer = as_person("tomas").post(url(cast, way="/enter"), data=sent)
    assert answer.status_code == 422
    assert "Dar nepažymėti" in answer.text or "nepažym" in answer.text
    first = cast.children["Drugeliai"][0]
    assert re.search(rf'name="mark-{first}" value="absent" checked', answer.text)
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(ChildDay)).all() == []
        assert db.session.scalars(select(Outage)).one().entered_at is None


@pytest.mark.usefixtures("opened")
def test_a_child_marked_meanwhile_otherwise_stops_the_whole_paper(app: Flask, cast: Cast, as_person: LogIn) -> None:
    tomas = as_person("tomas")
    first = cast.children["Drugeliai"][0]
    tap = {"wanted": "present", "seen": "unmarked"}
    assert tomas.post(f"/attendance/{DAY}/{cast.drugeliai}/children/{first}", data=tap, headers=HTMX).status_code == 200
    answer = tomas.post(url(cast, way="/enter"), data=paper(cast))
    assert answer.status_code == 409
    assert "Nieko iš popieriaus neįrašyta" in answer.text
    with app.app_context(), acting_for(cast.saulute):
        assert [row.child_id for row in db.session.scalars(select(ChildDay))] == [first]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("value", ["here", "1; DROP", ""])
def test_nonsense_is_refused(cast: Cast, as_person: LogIn, value: str) -> None:
    sent = paper(cast)
    sent[f"mark-{cast.children['Drugeliai'][0]}"] = value
    assert as_person("tomas").post(url(cast, way="/enter"), data=sent).status_code == 422


@pytest.mark.usefixtures("opened")
def test_when_the_term_is_over_the_day_is_locked_again(cast: Cast, as_person: LogIn, at: At) -> None:
    at(12, 1, day=date(2026, 11, 24))
    assert as_person("tomas").post(url(cast, way="/enter"), data=paper(cast)).status_code == 409


def test_while_the_day_is_open_the_paper_is_entered_at_once(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    at(8, 50)
    tomas = as_person("tomas")
    assert tomas.post(url(cast, way="/ask"), data=CAUSE).status_code == 409
    assert tomas.post(url(cast, way="/enter"), data=paper(cast)).status_code == 422  # without a cause
    sent = paper(cast, cause="other", words="neveikė planšetė")
    assert tomas.post(url(cast, way="/enter"), data=sent).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(Outage)).one().cause == "neveikė planšetė"
        assert db.session.scalars(select(Correction)).all() == []


def test_a_closed_month_takes_no_paper(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    at(12, 0, day=date(2026, 12, 9))
    tomas = as_person("tomas")
    assert tomas.post(url(cast, way="/ask"), data=CAUSE).status_code == 409
    assert "/ask" not in tomas.get(url(cast)).text


@pytest.mark.usefixtures("opened")
def test_a_day_with_a_cause_is_not_counted_as_late(cast: Cast, as_person: LogIn) -> None:
    as_person("tomas").post(url(cast, way="/enter"), data=paper(cast))
    page = as_person("jonas").get("/supervision/late/2026").text
    row = re.search(r"<tr><th scope=\"row\">Drugeliai.*?</tr>", page, re.S)
    assert row
    assert 'class="late"' not in row[0]
