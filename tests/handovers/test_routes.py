"""Substitutes, the handover card, hours, a leaver's hand-over."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts.models import Membership
from ediary.attendance.models import ChildDay
from ediary.children import actions as children
from ediary.children.models import Child, Collector, Consent
from ediary.children.rules import ConsentKind, Relation
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.points import LockRule
from ediary.core.session import acting_for
from ediary.groups.models import GroupStaff
from ediary.handovers.models import LeaverCheck, WorkedDay
from ediary.staff.actions import Person, add_employee
from ediary.staff.models import Employee
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, count_queries

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
ORDER = {"order_number": "V-80", "order_day": "2026-11-20"}
TOMORROW = DAY + timedelta(days=1)


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def words(answer: Any) -> str:
    """What a PDF says."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.get_data())).pages)


def post_of(app: Flask, cast: Cast, login: str) -> int:
    with app.app_context(), acting_for(cast.saulute):
        chosen = select(GroupStaff.id).where(
            GroupStaff.user_id == cast.users[login], GroupStaff.substitutes_id.is_(None)
        )
        return int(db.session.scalars(chosen).one())


def data(app: Flask, cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "post": post_of(app, cast, "rasa"),
        "who": cast.users["tomas"],
        "first": DAY.isoformat(),
        "last": DAY.isoformat(),
        "minutes_a_day": "7:12",
        **ORDER,
        **changed,
    }


def substitution(app: Flask, cast: Cast) -> int:
    with app.app_context(), acting_for(cast.saulute):
        return int(db.session.scalars(select(GroupStaff.id).where(GroupStaff.substitutes_id.is_not(None))).one())


# --- substitutes ----------------------------------------------------------------------------------------------------


def test_a_substitute_is_named_and_has_the_group_at_once(app: Flask, cast: Cast, as_person: LogIn) -> None:
    ruta, tomas = as_person("ruta"), as_person("tomas")
    assert tomas.get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 404
    assert ruta.get("/handovers/new").status_code == 200
    assert ruta.post("/handovers/new", data=data(app, cast)).status_code == 303
    page = text(ruta.get("/handovers/"))
    for said in ("Tomas Gudaitis", "Rasa Petraitienė", "Boružiukai", "7:12", "V-80"):
        assert said in page
    assert as_person("tomas").get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 200
    assert "Tomas Gudaitis" in text(ruta.get(f"/groups/{cast.boruziukai}"))
    assert "Pavaduojate: Rasa Petraitienė" in text(as_person("tomas").get("/notices/"))


def test_at_midnight_the_substitute_s_tap_is_refused_kindly_and_what_was_written_stays_theirs(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    assert as_person("ruta").post("/handovers/new", data=data(app, cast)).status_code == 303
    at(23, 50)
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        db.session.scalars(select(LockRule)).one().day_locks_at = time(23, 59, 59)
    tomas = as_person("tomas")
    child, other = cast.children["Boružiukai"][:2]
    page = tomas.get(f"/attendance/{DAY}/{cast.boruziukai}")
    assert page.status_code == 200
    tap = {"wanted": "absent", "seen": "unmarked"}
    url = f"/attendance/{DAY}/{cast.boruziukai}/children"
    assert tomas.post(f"{url}/{child}", data=tap, headers=HTMX).status_code == 200
    at(0, 1, day=TOMORROW)
    refused = tomas.post(f"{url}/{other}", data=tap, headers=HTMX)
    assert refused.status_code == 404
    assert "baigėsi 2026-11-23" in text(refused)
    assert "baigėsi 2026-11-23" in text(tomas.get(f"/attendance/{DAY}/{cast.boruziukai}"))
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(ChildDay.child_id)).all() == [child]
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "attendance_child_day")).one()
        assert (entry.user_id, entry.role) == (cast.users["tomas"], "educator")


def test_after_a_week_the_group_is_simply_none_of_theirs(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    as_person("ruta").post("/handovers/new", data=data(app, cast))
    at(day=DAY + timedelta(days=9))
    tomas = as_person("tomas")
    there, nowhere = (tomas.get(f"/attendance/{DAY}/{one}") for one in (cast.boruziukai, 10**6))
    assert there.status_code == nowhere.status_code == 404
    assert "baigėsi" not in text(there)


def test_a_coming_substitution_is_changed_and_taken_back(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    coming = data(app, cast, first=TOMORROW.isoformat(), last=TOMORROW.isoformat())
    assert aldona.post("/handovers/new", data=coming).status_code == 303
    url = f"/handovers/{substitution(app, cast)}"
    assert aldona.get(url).status_code == 200
    later = (TOMORROW + timedelta(days=2)).isoformat()
    assert aldona.post(url, data=coming | {"last": later}).status_code == 303
    assert later in text(aldona.get("/handovers/"))
    assert aldona.post(url, data={"do": "withdraw"}).status_code == 303
    assert aldona.get(url).status_code == 404


def test_a_running_one_ends_earlier_but_not_before_yesterday(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    last = (DAY + timedelta(days=4)).isoformat()
    as_person("ruta").post("/handovers/new", data=data(app, cast, last=last))
    url = f"/handovers/{substitution(app, cast)}"
    at(day=TOMORROW + timedelta(days=1))
    ruta = as_person("ruta")
    assert ruta.post(url, data={"do": "withdraw"}).status_code == 422
    assert ruta.post(url, data=data(app, cast, last=DAY.isoformat())).status_code == 422
    assert ruta.post(url, data=data(app, cast, last=TOMORROW.isoformat())).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [{"post": ""}, {"who": ""}, {"post": "999999"}, {"who": "vilma"}, {"who": "dalia"}, {"who": "rasa"},
     {"order_number": ""}, {"last": "2026-11-01"}, {"last": "2027-10-01"}, {"minutes_a_day": "abc"}],
    ids=["no-post", "nobody", "no-such", "role", "other-duty", "oneself", "no-order", "backwards", "too-long", "hours"],
)  # fmt: skip
def test_a_substitution_that_makes_no_sense_is_refused(
    app: Flask, cast: Cast, as_person: LogIn, wrong: dict[str, str]
) -> None:
    wrong = {key: cast.users.get(value, value) for key, value in wrong.items()}  # type: ignore[misc]
    assert as_person("ruta").post("/handovers/new", data=data(app, cast, **wrong)).status_code == 422


@pytest.mark.parametrize("login", ["rasa", "lina", "vilma", "ieva", "milda", "greta", "dalia"])
def test_only_heads_and_the_administrator_name_substitutes(cast: Cast, as_person: LogIn, login: str) -> None:
    person = as_person(login)
    for path in ("", "new", "hours/2026-11", "leavers"):
        assert person.get(f"/handovers/{path}").status_code == 403


def test_own_work_is_no_substitution(app: Flask, cast: Cast, as_person: LogIn) -> None:
    assert as_person("ruta").get(f"/handovers/{post_of(app, cast, 'rasa')}").status_code == 404


# --- the card -------------------------------------------------------------------------------------------------------


def furnish(app: Flask, cast: Cast) -> None:
    """Who collects the first child, what parents agreed to, whose birthday it is."""
    first, second = cast.children["Boružiukai"][:2]
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        children.add_guardian(first, Relation.FATHER, "Petras", "Žukauskas", FIRST, phone="+370 600 11111")
        children.add_guardian(first, Relation.OTHER, "Ne", "Imantis", FIRST, may_collect=False)
        db.session.add(
            Collector(
                child_id=first, first_name="Ona", last_name="Močiutė", relation="močiutė", phone="+370 611 22222",
                valid_from=FIRST, valid_to=None,
            )
        )  # fmt: skip
        for kind in (ConsentKind.PHOTO, ConsentKind.BIRTHDAY):
            db.session.add(
                Consent(child_id=second, kind=kind, is_given=True, said_by="mama", said_on=FIRST, valid_from=FIRST)
            )
        db.session.get_one(Child, second).birth_date = date(2022, DAY.month, DAY.day)


def test_the_card_says_all_that_whoever_takes_over_must_know(app: Flask, cast: Cast, as_person: LogIn) -> None:
    furnish(app, cast)
    rasa = as_person("rasa")
    rasa.post(
        f"/attendance/{DAY}/{cast.boruziukai}/children/{cast.children['Boružiukai'][4]}",
        data={"wanted": "absent", "seen": "unmarked"},
    )
    page = text(rasa.get(f"/handovers/{DAY}/{cast.boruziukai}/card"))
    for said in ("Petras Žukauskas", "+370 600 11111", "Ona Močiutė", "riešutų", "Be pieno", "gimtadienis", "Eglė"):
        assert said in page, said
    assert page.count("nefotografuoti") == 19
    assert "Ne Imantis" in page
    assert as_person("tomas").get(f"/handovers/{DAY}/{cast.boruziukai}/card").status_code == 404
    assert as_person("dalia").get(f"/handovers/{DAY}/{cast.boruziukai}/card").status_code == 403


def test_the_card_is_of_today_and_soon(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa, url = as_person("rasa"), f"/{cast.boruziukai}/card"
    assert rasa.get(f"/handovers/{DAY - timedelta(days=1)}{url}").status_code == 404
    assert rasa.get(f"/handovers/{TOMORROW}{url}").status_code == 200
    assert rasa.get(f"/handovers/{DAY + timedelta(days=30)}{url}").status_code == 404


def test_a_note_is_left_changed_and_taken_off(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa, url = as_person("rasa"), f"/handovers/{DAY}/{cast.boruziukai}/card"
    assert rasa.post(url, data={"text": "10 val. ateina dailininkas."}).status_code == 303
    page = text(as_person("ruta").get(url))
    assert "ateina dailininkas" in page
    assert "mokytoja Rasa Petraitienė" in page
    assert rasa.post(url, data={"text": "x" * 1001}).status_code == 422
    assert rasa.post(url, data={"text": ""}).status_code == 303
    assert "dailininkas" not in text(rasa.get(url))
    assert as_person("tomas").post(url, data={"text": "Ne mano"}).status_code == 404


def test_the_card_is_one_page_however_many_may_collect_and_its_print_is_on_record(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    furnish(app, cast)
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for number in range(8):
            make.child(cast.boruziukai, "Vardenis", f"Pavardenis-Ilgapavardis{number}", TOMORROW, [])
        for child in cast.children["Boružiukai"]:
            for number in range(3):
                children.add_guardian(
                    child, Relation.OTHER, "Konstantinas", f"Ilgapavardenis{number}", FIRST, phone="+370 612 34567"
                )
    answer = as_person("rasa").get(f"/handovers/{TOMORROW}/{cast.boruziukai}/card.pdf")
    assert answer.status_code == 200
    assert len(PdfReader(io.BytesIO(answer.get_data())).pages) == 1
    said = words(answer)
    for word in ("Boružiukai", "Žukauskas", "riešutų", "612"):
        assert word in said, word
    with app.app_context(), acting_for(cast.saulute):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "print")).one()
        assert entry.user_id == cast.users["rasa"]
        assert "handover_card" in entry.changes


def test_the_card_costs_as_much_however_many_children(app: Flask, cast: Cast, as_person: LogIn) -> None:
    ruta = as_person("ruta")
    urls = [f"/handovers/{DAY}/{group}/card" for group in (cast.boruziukai, cast.drugeliai)]
    ruta.get(urls[0])
    counted = []
    for url in urls:
        with count_queries(at_most=16) as seen:
            ruta.get(url)
        counted.append(len(seen))
    assert counted[0] == counted[1]


# --- hours ----------------------------------------------------------------------------------------------------------


def november(app: Flask, cast: Cast, as_person: LogIn) -> int:
    """Tomas stands in for Rasa this week."""
    last = (DAY + timedelta(days=4)).isoformat()
    assert as_person("ruta").post("/handovers/new", data=data(app, cast, last=last)).status_code == 303
    return substitution(app, cast)


def test_hours_are_planned_corrected_and_summed(app: Flask, cast: Cast, as_person: LogIn) -> None:
    staff_id, ruta = november(app, cast, as_person), as_person("ruta")
    page = text(ruta.get("/handovers/hours/2026-11"))
    assert "36:00" in page, "five days of 7:12"
    assert "Rasa Petraitienė" in page
    url = f"/handovers/hours/2026-11/{staff_id}"
    assert "7:12" in text(ruta.get(url))
    fields = {f"hours-{DAY}": "4:00", f"note-{DAY}": "išėjo anksčiau"}
    assert ruta.post(url, data=fields).status_code == 303
    page = text(ruta.get("/handovers/hours/2026-11"))
    assert "32:48" in page
    with app.app_context(), acting_for(cast.saulute):
        row = db.session.scalars(select(WorkedDay)).one()
        assert (row.day, row.minutes, row.note) == (DAY, 240, "išėjo anksčiau")
    assert ruta.post(url, data={f"hours-{DAY}": "7:12"}).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(WorkedDay)).all() == []


@pytest.mark.parametrize("wrong", ["8", "pusė", "25:00", "-1:00", "7:72"])
def test_hours_that_make_no_sense_are_refused_with_their_day(
    app: Flask, cast: Cast, as_person: LogIn, wrong: str
) -> None:
    staff_id = november(app, cast, as_person)
    answer = as_person("ruta").post(f"/handovers/hours/2026-11/{staff_id}", data={f"hours-{DAY}": wrong})
    if wrong == "8":
        assert answer.status_code == 303, "eight hours"
        return
    assert answer.status_code == 422
    assert DAY.isoformat() in text(answer)
    assert wrong in text(answer), "what was typed is still there"


def test_all_assignments_are_shown_by_a_switch(app: Flask, cast: Cast, as_person: LogIn) -> None:
    ruta = as_person("ruta")
    assert "Dalia Gaidienė" not in text(ruta.get("/handovers/hours/2026-11"))
    assert "Dalia Gaidienė" in text(ruta.get("/handovers/hours/2026-11?all=1"))
    assert ruta.get("/handovers/hours/2026-11/999999").status_code == 404


def test_hours_are_printed_and_given_as_a_workbook(app: Flask, cast: Cast, as_person: LogIn) -> None:
    november(app, cast, as_person)
    ruta = as_person("ruta")
    said = words(ruta.get("/handovers/hours/2026-11/hours.pdf"))
    assert "36:00" in said
    assert "Tomas Gudaitis" in said
    answer = ruta.get("/handovers/hours/2026-11/hours.xlsx?all=1")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data()), read_only=True).active
    assert sheet is not None
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "Tomas Gudaitis" and row[3]]
    assert rows[0][7:10] == (36, 36, 0)


def test_the_hours_page_costs_as_much_however_many_work(app: Flask, cast: Cast, as_person: LogIn) -> None:
    ruta = as_person("ruta")
    ruta.get("/handovers/hours/2026-11?all=1")
    with count_queries(at_most=10) as before:
        ruta.get("/handovers/hours/2026-11?all=1")
    november(app, cast, as_person)
    with count_queries() as after:
        ruta.get("/handovers/hours/2026-11?all=1")
    assert len(before) == len(after)


# --- a leaver -------------------------------------------------------------------------------------------------------


@pytest.fixture
def rasas(app: Flask, cast: Cast, at: At) -> int:
    """Rasa as an employee."""
    with app.app_context(), acting_for(cast.saulute):
        return int(db.session.scalars(select(Employee.id).where(Employee.user_id == cast.users["rasa"])).one())


def marked(app: Flask, cast: Cast, as_person: LogIn) -> None:
    """Rasa has marked some of her children today, a reason of one unknown."""
    rasa, url = as_person("rasa"), f"/attendance/{DAY}/{cast.boruziukai}"
    rasa.post(f"{url}/children/{cast.children['Boružiukai'][0]}", data={"wanted": "absent", "seen": "unmarked"})
    rasa.post(f"{url}/rest", data={"child": cast.children["Boružiukai"][1:5]})


def test_the_page_shows_what_the_leaver_kept_and_what_is_missing(
    app: Flask, cast: Cast, as_person: LogIn, rasas: int
) -> None:
    marked(app, cast, as_person)
    ruta = as_person("ruta")
    assert "Rasa Petraitienė" in text(ruta.get("/handovers/leavers"))
    to = ruta.post("/handovers/leavers", data={"employee_id": rasas, "last_day": DAY.isoformat()})
    assert to.location == f"/handovers/leavers/{rasas}/{DAY}"
    page = text(ruta.get(to.location))
    assert "Boružiukai" in page
    assert "15 vaikų nepažymėta" in page
    assert "1 priežastis nežinoma" in page
    assert "nepateikta" in page
    assert "Lankomumo žymos" in page
    assert ruta.post("/handovers/leavers", data={"employee_id": 999999, "last_day": "2026-11-23"}).status_code == 422


def test_what_is_missing_is_handed_over_only_confirmed_and_with_remarks(
    app: Flask, cast: Cast, as_person: LogIn, rasas: int
) -> None:
    marked(app, cast, as_person)
    ruta, url = as_person("ruta"), f"/handovers/leavers/{rasas}/{DAY}"
    assert ruta.post(url, data={"remarks": "Gerai"}).status_code == 422, "not ticked as checked"
    assert ruta.post(url, data={"checked": "y", "remarks": "Gerai"}).status_code == 422
    assert ruta.post(url, data={"checked": "y", "despite": "y"}).status_code == 422
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(LeaverCheck)).all() == []


def test_a_leaver_s_groups_go_to_the_successor_and_their_own_access_ends(
    app: Flask, cast: Cast, as_person: LogIn, rasas: int, at: At
) -> None:
    marked(app, cast, as_person)
    ruta, url = as_person("ruta"), f"/handovers/leavers/{rasas}/{DAY}"
    said = {"checked": "y", "despite": "y", "remarks": "Spalis peržiūrėtas.", "successor_id": cast.users["tomas"]}
    assert ruta.post(url, data=said).status_code == 422, "the successor gets groups by an order"
    answer = ruta.post(url, data=said | ORDER)
    assert answer.status_code == 303
    page = text(ruta.get(answer.location))
    assert "Tomas Gudaitis" in page
    act = words(ruta.get(f"{answer.location}/act.pdf"))
    for word in ("Rasa Petraitienė", "Tomas Gudaitis", "Rūta Balčytienė", "Spalis peržiūrėtas", "Boružiukai", "V-80"):
        assert word in act, word
    assert as_person("rasa").get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 200
    assert as_person("tomas").get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 404
    at(day=TOMORROW)
    assert as_person("tomas").get(f"/attendance/{TOMORROW}/{cast.boruziukai}").status_code == 200
    with app.app_context(), acting_for(cast.saulute):
        seats = db.session.scalars(select(Membership).where(Membership.user_id == cast.users["rasa"])).all()
        assert [seat.valid_to for seat in seats] == [DAY]
        assert db.session.scalars(
            select(GroupStaff.valid_to).where(GroupStaff.user_id == cast.users["rasa"])
        ).all() == [DAY]
        printed = db.session.scalars(select(AuditEntry.table_name).where(AuditEntry.action == "print")).all()
        assert printed == ["handovers_leaver_check"]
    assert "Rasa Petraitienė" in text(as_person("ruta").get("/handovers/leavers"))


def test_the_successor_holds_the_role_the_groups_need(app: Flask, cast: Cast, as_person: LogIn, rasas: int) -> None:
    said = {"checked": "y", "despite": "y", "remarks": "Gerai", "successor_id": cast.users["dalia"], **ORDER}
    assert as_person("ruta").post(f"/handovers/leavers/{rasas}/{DAY}", data=said).status_code == 422


def test_a_leaver_without_a_log_in_is_checked_too(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        employee = add_employee(Person("Virėja", "Virėnė", "vireja@saulute.lt"), FIRST).id
    answer = as_person("jonas").post(f"/handovers/leavers/{employee}/{DAY}", data={"checked": "y"})
    assert answer.status_code == 303


def test_another_kindergarten_s_employee_is_none(app: Flask, cast: Cast, as_person: LogIn, rasas: int) -> None:
    assert as_person("ona").get(f"/handovers/leavers/{rasas}/{DAY}").status_code == 404
    with app.app_context():
        with acting_for(cast.ezerelis), write_transaction():
            accounts.add_membership(cast.users["ona"], cast.ezerelis, Role.DEPUTY, FIRST)
    assert as_person("aldona").get(f"/handovers/leavers/{rasas}/{DAY}").status_code == 403
