"""Slips of paper: who prints for whom, what stands on them, what they open (A7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts import queries as logins
from ediary.accounts.models import LoginSession, Membership, SecondFactor, Slip, User
from ediary.children import actions as children
from ediary.children.models import Guardian
from ediary.children.rules import Relation
from ediary.core.db import db
from ediary.core.locks import held, write_transaction
from ediary.core.permissions import Role
from ediary.core.qr import qr_data_uri
from ediary.core.secrets import seal
from ediary.core.session import acting_for
from ediary.slips import paper, queries
from ediary.staff.models import Employee
from tests.cast import FIRST, Cast
from tests.conftest import DAY, csrf_of

LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def parents(app: Flask, cast: Cast) -> dict[str, int]:
    """Parents without a log-in: one of two children in two groups, one of a child of the Drugeliai, one far away."""
    found = {}
    rows = [
        ("here", "Boružiukai", 1, "Rūta", "Kazlauskienė", "ruta@pastas.lt", cast.saulute),
        ("there", "Drugeliai", 1, "Rūta", "Kazlauskienė", "ruta@pastas.lt", cast.saulute),
        ("other", "Drugeliai", 2, "Darius", "Stonkus", "", cast.saulute),
        ("foreign", "Žuvytės", 0, "Upė", "Upelienė", "", cast.ezerelis),
    ]
    for key, group, number, first, last, email, institution in rows:
        with app.app_context(), acting_for(institution), write_transaction():
            child = cast.children[group][number]
            row = children.add_guardian(child, Relation.MOTHER, first, last, FIRST, email=email)
            found[key] = row.id
    return found


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def codes(pdf: bytes) -> list[str]:
    return re.findall(r"[A-Z]{4}-[A-Z]{4}-[A-Z]{4}-[A-Z]{4}", text_of(pdf))


def guardian(app: Flask, institution: int, guardian_id: int) -> Guardian:
    with app.app_context(), acting_for(institution):
        return db.session.get_one(Guardian, guardian_id)


def test_an_educator_prints_for_the_families_of_the_own_group(
    app: Flask, cast: Cast, as_person: LogIn, parents: dict[str, int]
) -> None:
    rasa = as_person("rasa")
    page = rasa.get("/slips/").get_data(as_text=True)
    assert "Rūta Kazlauskienė" in page
    assert "Stonkus Benas" not in page
    assert "Darius Stonkus" not in page
    answer = rasa.post("/slips/", data={"guardian": parents["here"]})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = text_of(answer.data)
    [code] = codes(answer.data)
    for said in ("Rūta Kazlauskienė", "ruta@pastas.lt", "/accounts/first", (DAY + timedelta(days=14)).isoformat()):
        assert said in text
    with app.app_context(), acting_for(cast.saulute):
        slip = logins.slip_by_code(code)
        assert slip is not None
        assert slip.user_id == guardian(app, cast.saulute, parents["here"]).user_id
        seat = db.session.scalars(select(Membership).where(Membership.user_id == slip.user_id)).one()
        assert (seat.role, seat.institution_id, seat.valid_from) == (Role.GUARDIAN, cast.saulute, DAY)


@pytest.mark.parametrize("whose", ["other", "foreign"])
def test_an_educator_prints_for_nobody_else(
    app: Flask, cast: Cast, as_person: LogIn, parents: dict[str, int], whose: str
) -> None:
    rasa = as_person("rasa")
    answer = rasa.post("/slips/", data={"guardian": parents[whose]})
    nobody = rasa.post("/slips/", data={"guardian": 10**6})
    assert (answer.status_code, nobody.status_code) == (404, 404)
    with app.app_context():
        assert not db.session.scalars(select(Slip)).all()


def test_an_educator_prints_for_no_colleague(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.saulute):
        employee = db.session.scalars(select(Employee.id)).first()
    assert as_person("rasa").post("/slips/", data={"employee": employee or 1}).status_code == 404


def test_a_parent_of_two_gets_one_log_in_for_both(
    app: Flask, cast: Cast, as_person: LogIn, parents: dict[str, int]
) -> None:
    answer = as_person("aldona").post("/slips/", data={"guardian": [parents["here"], parents["there"]]})
    assert len(codes(answer.data)) == 1
    both = {guardian(app, cast.saulute, parents[key]).user_id for key in ("here", "there")}
    assert len(both) == 1
    assert None not in both


def test_a_tick_at_somebody_who_has_a_password_takes_no_way_in(
    app: Flask, cast: Cast, as_person: LogIn, parents: dict[str, int]
) -> None:
    with app.app_context(), acting_for(cast.saulute):
        greta = db.session.scalars(select(Guardian.id).where(Guardian.user_id == cast.users["greta"])).one()
    as_person("greta")
    aldona = as_person("aldona")
    refused = aldona.post("/slips/", data={"guardian": [greta, parents["other"]]})
    assert refused.status_code == 422
    assert "Greta Žukauskienė" in refused.get_data(as_text=True)
    with app.app_context():
        assert not db.session.scalars(select(Slip)).all()
        assert db.session.get_one(User, cast.users["greta"]).password_hash


def test_a_new_slip_for_a_lost_one_ends_password_and_sessions(app: Flask, cast: Cast, as_person: LogIn) -> None:
    greta = as_person("greta")
    assert greta.get("/roles").status_code == 200
    with app.app_context(), acting_for(cast.saulute):
        row = db.session.scalars(select(Guardian.id).where(Guardian.user_id == cast.users["greta"])).one()
    answer = as_person("rasa").post("/slips/", data={"guardian": row, "replace": "y"})
    assert len(codes(answer.data)) == 1
    assert greta.get("/roles").status_code == 303
    with app.app_context():
        assert db.session.get_one(User, cast.users["greta"]).password_hash == ""
        sessions = db.session.scalars(select(LoginSession).where(LoginSession.user_id == cast.users["greta"])).all()
        assert all(one.ended_at for one in sessions)


def test_whoever_waits_with_a_slip_is_told(app: Flask, cast: Cast, as_person: LogIn, parents: dict[str, int]) -> None:
    aldona = as_person("aldona")
    aldona.post("/slips/", data={"guardian": parents["other"]})
    assert (DAY + timedelta(days=14)).isoformat() in aldona.get("/slips/").get_data(as_text=True)


def test_nothing_chosen_prints_nothing(as_person: LogIn) -> None:
    assert as_person("aldona").post("/slips/").status_code == 422


def test_more_than_a_groups_families_are_printed_in_parts(
    as_person: LogIn, parents: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 1)
    answer = as_person("aldona").post("/slips/", data={"guardian": [parents["here"], parents["other"]]})
    assert answer.status_code == 422


def test_no_code_is_kept(app: Flask, cast: Cast, as_person: LogIn, parents: dict[str, int]) -> None:
    [code] = codes(as_person("aldona").post("/slips/", data={"guardian": parents["other"]}).data)
    with app.app_context():
        slip = db.session.scalars(select(Slip)).one()
    assert code not in slip.code_hash
    assert code.replace("-", "") not in slip.code_hash


def test_a_lost_telephone_is_mended_by_the_administrator_alone(app: Flask, cast: Cast, as_person: LogIn) -> None:
    greta = cast.users["greta"]
    with app.app_context(), acting_for(cast.saulute):
        row = db.session.scalars(select(Guardian.id).where(Guardian.user_id == greta)).one()
        with write_transaction():
            db.session.add(SecondFactor(user_id=greta, sealed=seal("JBSWY3DPEHPK3PXP"), confirmed_at=held().now))
    sent = {"guardian": row, "replace": "y", "lost_factor": "y"}
    assert as_person("rasa").post("/slips/", data=sent).status_code == 403
    with app.app_context():
        assert db.session.scalars(select(SecondFactor)).one()
    aldona = as_person("aldona")
    assert 'name="lost_factor"' in aldona.get("/slips/").get_data(as_text=True)
    assert aldona.post("/slips/", data=sent).status_code == 200
    with app.app_context():
        assert not db.session.scalars(select(SecondFactor)).all()
        assert db.session.scalars(select(Slip.is_for_lost_factor)).one()


def test_the_square_brings_the_code_behind_the_hash_that_no_log_sees(
    as_person: LogIn, parents: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def note(text: str) -> str:
        drawn.append(text)
        return qr_data_uri(text)

    monkeypatch.setattr(paper, "qr_data_uri", note)
    answer = as_person("aldona").post("/slips/", data={"guardian": [parents["here"], parents["other"]]})
    assert drawn == [f"http://localhost/accounts/first#{code}" for code in codes(answer.data)]


def test_a_parent_whose_password_another_kindergarten_replaced_is_shut_out_until_seen(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    """Ežerėlis made the log-in, and its slip was used: Saulutė's child does not open with it."""
    with app.app_context():
        greta = cast.users["greta"]
        with acting_for(cast.ezerelis), write_transaction():
            accounts.add_membership(greta, cast.ezerelis, Role.GUARDIAN, FIRST)
            db.session.get_one(User, greta).made_by_id = cast.ezerelis
            code = credentials.issue_slip(greta, "direktorė Ona Ežerskienė")
    mother = app.test_client()
    mother.post("/accounts/first", data={"code": code, "csrf_token": csrf_of(mother, "/accounts/first")})
    path, password = "/accounts/first/password", "trys raudoni batai lietuje"
    mother.post(path, data={"password": password, "again": password, "csrf_token": csrf_of(mother, path)})
    assert "Ežerėlis" in mother.get("/accounts/").get_data(as_text=True)
    assert "Kol kas uždaryta: Lopšelis-darželis „Saulutė“" in mother.get("/accounts/").get_data(as_text=True)
    with app.app_context():
        seat = db.session.scalars(select(Membership).filter_by(user_id=greta, institution_id=cast.saulute)).one().id
        with acting_for(cast.saulute):
            mine = db.session.scalars(select(Guardian.id).where(Guardian.user_id == greta)).one()
    csrf = csrf_of(mother, "/accounts/")
    assert mother.post("/accounts/switch", data={"membership_id": seat, "csrf_token": csrf}).status_code == 404

    tomas, rasa = as_person("tomas"), as_person("rasa")
    for client, status in ((tomas, 404), (rasa, 303)):
        answer = client.post("/slips/vouch", data={"guardian": mine, "csrf_token": csrf_of(client, "/slips/")})
        assert answer.status_code == status
    assert "uždaryta" not in rasa.get("/slips/").get_data(as_text=True)
    assert mother.post("/accounts/switch", data={"membership_id": seat, "csrf_token": csrf}).status_code == 303
    again = rasa.post("/slips/vouch", data={"guardian": mine, "csrf_token": csrf_of(rasa, "/slips/")})
    assert again.status_code == 422
