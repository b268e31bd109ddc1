"""Copies over HTTP: what stands in them, who may have them made, what of others never does."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.attendance import actions as attendance
from ediary.attendance.rules import Mark
from ediary.children import codes, files
from ediary.children.models import Guardian
from ediary.children.rules import Relation, of_guardian
from ediary.copies.models import Copy
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.session import acting_for
from ediary.core.uploads import Kind, Upload
from ediary.health import actions as health
from tests.cast import FIRST, Cast
from tests.conftest import DAY, count_queries

AsPerson = Callable[[str], FlaskClient]
REQUEST = {"asked_by": "Greta Žukauskienė, mama", "ground": "Prašymas Nr. 12", "format": "zip"}
CODE, FATHERS_CODE = "52203140012", "38001011235"


@pytest.fixture
def kid(app: Flask, cast: Cast, at: Callable[..., None]) -> int:
    """Adomas, with something of everything; his father's telephone and code are nobody else's."""
    child_id = cast.children["Boružiukai"][0]
    with app.app_context(), acting_for(cast.saulute, cast.users["aldona"]):
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            row = Guardian(
                child_id=child_id, relation=Relation.FATHER, first_name="Petras", last_name="Žukauskas",
                phone="+37060000007", email="petras@pastas.example", address="Slapta g. 1", may_collect=True,
                valid_from=FIRST,
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            codes.set_personal_code(child_id, "child", CODE)
            codes.set_personal_code(child_id, of_guardian(row.id), FATHERS_CODE)
            codes.set_payer_code(child_id, "PK-77", DAY)
            health.set_must_not_eat(child_id, "žemės riešutų", DAY)
            files.add_file(child_id, "Pažyma", DAY, Upload("pazyma.pdf", Kind.PDF, b"%PDF-1.4 x\n%%EOF\n"), "Aldona")
            attendance.mark(cast.boruziukai, child_id, DAY, Mark.ABSENT, Mark.UNMARKED, "Rasa")
            attendance.mark(cast.boruziukai, child_id, DAY, Mark.PRESENT, Mark.ABSENT, "Rasa")
    return child_id


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def in_json(content: bytes) -> dict[str, Any]:
    found = opened(content)
    told: dict[str, Any] = json.loads(found["duomenys.json"])
    return told


def paper_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


# --- what stands in it ----------------------------------------------------------------------------------------------


def test_the_directors_copy_holds_the_childs_whole_data_and_its_documents(kid: int, as_person: AsPerson) -> None:
    sent = {**REQUEST, "with_codes": "y", "with_health": "y"}
    answer = as_person("jonas").post(f"/copies/children/{kid}", data=sent)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    found = opened(answer.data)
    assert {"kopija.pdf", "duomenys.json", "failai/pazyma.pdf"} <= set(found)
    tables = in_json(answer.data)
    assert tables["table children_child"][0]["first_name"] == "Adomas"
    assert tables["table children_payer_code"][0]["code"] == "PK77"
    assert tables["table children_personal_code"] == [{"sealed": CODE}]
    assert tables["table health_must_not_eat"][0]["text"] == "žemės riešutų"
    assert tables["table attendance_child_day"][0]["presence"] == "present"
    assert {row["meal_kind_id"] for row in tables["table meals_order"]} == {"Pusryčiai", "Pietūs", "Vakarienė"}


def test_every_table_is_a_spreadsheet_too_and_the_paper_can_be_read(kid: int, as_person: AsPerson) -> None:
    answer = as_person("jonas").post(f"/copies/children/{kid}", data=REQUEST)
    found = opened(answer.data)
    attendance_table = next(content for name, content in found.items() if name.endswith("lankymas.csv"))
    text = attendance_table.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Diena;Grupė;Atvyko")
    assert f"{DAY};Boružiukai (2026–2027);atvyko" in text
    paper = paper_of(found["kopija.pdf"])
    for said in ("Adomas Žukauskas", "Prašymas Nr. 12", "direktorius Jonas Rimkus", "Lankymas", "2026-11"):
        assert said in paper


def test_what_was_before_a_change_and_who_changed_it_is_told(kid: int, as_person: AsPerson) -> None:
    told = in_json(as_person("jonas").post(f"/copies/children/{kid}", data=REQUEST).data)
    changes = [one for one in told["history"] if one["action"] == "change" and one["table"] == "Lankymas"]
    assert changes[0]["changes"] == "Atvyko: buvo neatvyko, tapo atvyko"
    assert changes[0]["who"] == "Aldona Kairienė"


def test_of_others_there_are_only_role_and_name(kid: int, as_person: AsPerson) -> None:
    sent = {**REQUEST, "with_codes": "y", "with_health": "y"}
    answer = as_person("jonas").post(f"/copies/children/{kid}", data=sent)
    everything = "".join(content.decode("utf-8", "replace") for content in opened(answer.data).values())
    everything += paper_of(opened(answer.data)["kopija.pdf"])
    assert "Petras" in everything
    for others in ("+37060000007", "petras@pastas.example", "Slapta g. 1", FATHERS_CODE, "Kazlauskaitė"):
        assert others not in everything


def test_the_fathers_own_copy_holds_what_the_childs_does_not(
    app: Flask, cast: Cast, kid: int, as_person: AsPerson
) -> None:
    with app.app_context(), acting_for(cast.saulute):
        father = db.session.scalars(select(Guardian.id).where(Guardian.first_name == "Petras")).one()
    told = in_json(as_person("jonas").post(f"/copies/guardians/{father}", data={**REQUEST, "with_codes": "y"}).data)
    assert told["table children_guardian"][0]["phone"] == "+37060000007"
    assert told["table children_guardian"][0]["child_id"] == "Adomas Žukauskas"
    assert told["table children_personal_code"] == [{"sealed": FATHERS_CODE}]
    assert "table attendance_child_day" not in told


def test_codes_and_health_are_left_out_unless_asked_for(kid: int, as_person: AsPerson) -> None:
    answer = as_person("jonas").post(f"/copies/children/{kid}", data=REQUEST)
    everything = "".join(content.decode("utf-8", "replace") for content in opened(answer.data).values())
    everything += paper_of(opened(answer.data)["kopija.pdf"])
    for kept in (CODE, "žemės riešutų"):
        assert kept not in everything


def test_the_administrator_gives_codes_but_no_health(kid: int, as_person: AsPerson) -> None:
    client = as_person("aldona")
    assert "Sveikatos" in client.get(f"/copies/children/{kid}").get_data(as_text=True)
    sent = {**REQUEST, "with_codes": "y", "with_health": "y"}
    told = in_json(client.post(f"/copies/children/{kid}", data=sent).data)
    assert told["table children_personal_code"]
    assert told["with_health"] is False
    assert "table health_must_not_eat" not in told


def test_an_employees_copy_tells_of_work_roles_and_comings_in(
    app: Flask, cast: Cast, kid: int, as_person: AsPerson
) -> None:
    from ediary.staff.models import Employee

    as_person("rasa").get("/")
    with app.app_context(), acting_for(cast.saulute):
        rasa = db.session.scalars(select(Employee.id).where(Employee.user_id == cast.users["rasa"])).one()
    answer = as_person("jonas").post(f"/copies/employees/{rasa}", data=REQUEST)
    told = in_json(answer.data)
    assert told["table staff_employee"][0]["email"] == "rasa@darzelis.example"
    assert told["table groups_staff"][0]["group_id"] == "Boružiukai (2026–2027)"
    assert told["table accounts_membership"][0]["role"] == "educator"
    assert len(told["table accounts_session"]) == 1
    assert "password" not in json.dumps(told)
    assert "Adomas" not in json.dumps(told, ensure_ascii=False)


# --- on record ------------------------------------------------------------------------------------------------------


def test_a_copy_stands_on_record_with_who_asked_and_on_what_ground(
    app: Flask, cast: Cast, kid: int, as_person: AsPerson
) -> None:
    client = as_person("jonas")
    content = client.post(f"/copies/children/{kid}", data={**REQUEST, "with_codes": "y"}).data
    with app.app_context(), acting_for(cast.saulute):
        row = db.session.scalars(select(Copy)).one()
        assert (row.name, row.asked_by, row.ground) == ("Adomas Žukauskas", REQUEST["asked_by"], REQUEST["ground"])
        assert (row.size, row.made_by) == (len(content), "direktorius Jonas Rimkus")
        actions = db.session.execute(
            select(AuditEntry.table_name, AuditEntry.action).where(AuditEntry.user_id == cast.users["jonas"])
        )
        told = {tuple(one) for one in actions}
    assert {("copies_copy", "create"), ("children_personal_code", "shown"), ("children_file", "opened")} <= told
    page = client.get("/copies/").get_data(as_text=True)
    assert "Prašymas Nr. 12" in page


def test_no_record_no_data(
    app: Flask, cast: Cast, kid: int, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("ediary.copies.actions.record", refuse)
    client = as_person("jonas")
    with pytest.raises(RuntimeError):
        client.post(f"/copies/children/{kid}", data={**REQUEST, "with_codes": "y"})
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(Copy)).all() == []


@pytest.mark.parametrize("missing", ["asked_by", "ground", "format"])
def test_a_copy_asks_who_and_why(kid: int, as_person: AsPerson, missing: str) -> None:
    sent = {**REQUEST, missing: " " if missing != "format" else "exe"}
    answer = as_person("jonas").post(f"/copies/children/{kid}", data=sent)
    assert answer.status_code == 422
    assert "text/html" in answer.headers["Content-Type"]


def test_a_damaged_document_is_named_and_stops_nothing(app: Flask, kid: int, as_person: AsPerson) -> None:
    for path in app.config["FILES_DIR"].rglob("*"):
        if path.is_file():
            path.write_bytes(b"gone")
    found = opened(as_person("jonas").post(f"/copies/children/{kid}", data=REQUEST).data)
    assert "failai/pazyma.pdf.txt" in found
    assert "duomenys.json" in found


# --- one's own ------------------------------------------------------------------------------------------------------


def test_a_guardian_takes_the_own_childs_copy_the_same_as_the_directors(kid: int, as_person: AsPerson) -> None:
    own = in_json(
        as_person("greta").post(f"/copies/own/children/{kid}", data={"format": "zip", "with_health": "y"}).data
    )
    heads = in_json(as_person("jonas").post(f"/copies/children/{kid}", data={**REQUEST, "with_health": "y"}).data)
    ours = {"made_by", "made_at", "asked_by", "ground", "history", "table copies_copy"}
    assert {key: value for key, value in own.items() if key not in ours} == {
        key: value for key, value in heads.items() if key not in ours
    }
    assert own["asked_by"] == "Greta Žukauskienė"


def test_anothers_child_is_nobodys(cast: Cast, kid: int, as_person: AsPerson) -> None:
    other = cast.children["Boružiukai"][1]
    client = as_person("greta")
    assert client.get(f"/copies/own/children/{other}").status_code == 404
    assert client.post(f"/copies/own/children/{other}", data={"format": "zip"}).status_code == 404
    assert client.get(f"/copies/children/{kid}").status_code == 403


def test_another_close_person_asks_the_director(app: Flask, cast: Cast, kid: int, as_person: AsPerson) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        row = db.session.scalars(select(Guardian).where(Guardian.user_id == cast.users["greta"])).one()
        row.relation = Relation.OTHER
    answer = as_person("greta").post(f"/copies/own/children/{kid}", data={"format": "zip"})
    assert answer.status_code == 403
    assert "direktor" in answer.get_data(as_text=True)


@pytest.mark.parametrize("login", ["rasa", "ieva", "greta", "jonas"])
def test_everybody_takes_their_own_data(as_person: AsPerson, login: str) -> None:
    client = as_person(login)
    assert client.get("/copies/own").status_code == 200
    answer = client.post("/copies/own", data={"format": "pdf"})
    assert answer.mimetype == "application/pdf"
    if login == "rasa":
        assert "Planšetė" in paper_of(answer.data)  # and not the code by which a session names it
    assert login in paper_of(answer.data).lower()


def test_what_the_house_made_is_seen_by_whose_data_it_is(kid: int, as_person: AsPerson) -> None:
    as_person("jonas").post(f"/copies/children/{kid}", data=REQUEST)
    assert "Prašymas Nr. 12" in as_person("greta").get(f"/copies/own/children/{kid}").get_data(as_text=True)


# --- who may --------------------------------------------------------------------------------------------------------


def test_only_director_and_administrator_make_copies_and_only_of_their_house(
    cast: Cast, kid: int, as_person: AsPerson
) -> None:
    for login in ("ruta", "rasa", "milda", "lina"):
        assert as_person(login).get(f"/copies/children/{kid}").status_code == 403
    assert as_person("ona").get(f"/copies/children/{kid}").status_code == 404
    assert "Žukauskas" not in as_person("ona").get("/copies/?q=Adomas").get_data(as_text=True)


def test_the_person_is_found_by_a_part_of_the_name(cast: Cast, kid: int, as_person: AsPerson) -> None:
    page = as_person("jonas").get("/copies/?q=zuk ado").get_data(as_text=True)
    assert f"/copies/children/{kid}" in page
    assert "Tokio vardo" in as_person("jonas").get("/copies/?q=zzz").get_data(as_text=True)


def test_a_copy_takes_as_many_statements_however_much_there_is(
    app: Flask, cast: Cast, kid: int, as_person: AsPerson
) -> None:
    client = as_person("jonas")
    sent = {**REQUEST, "with_codes": "y", "with_health": "y"}
    with count_queries(at_most=80):
        client.post(f"/copies/children/{kid}", data=sent)
