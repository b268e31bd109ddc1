"""A tablet that lies in a group: paired once, shows its group's day only, a short number says who acts (A7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts.models import LoginSession, User
from ediary.accounts.passwords import hash_password
from ediary.accounts.pins import set_pin
from ediary.attendance.models import ChildDay
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.groups import actions as groups
from ediary.tablets.models import Tablet
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, csrf_of

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
PIN = "7391"


@pytest.fixture
def pins(app: Flask, cast: Cast) -> None:
    """Rasa and Tomas have numbers; Tomas also stands in among the Boružiukai."""
    with app.app_context(), acting_for(cast.saulute):
        for login in ("rasa", "tomas"):
            hashed = hash_password(PIN if login == "rasa" else "8264")
            with write_transaction():
                set_pin(cast.users[login], hashed)
        with write_transaction():
            groups.assign(cast.boruziukai, cast.users["tomas"], FIRST, make.order("V-9", FIRST))


@pytest.fixture
def aldona(as_person: LogIn) -> FlaskClient:
    return as_person("aldona")


def code_for(aldona: FlaskClient, *group_ids: int) -> str:
    answer = aldona.post("/tablets/", data={"name": "Boružiukų planšetė", "groups": list(group_ids)})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = re.search(r"[A-Z]{4}(?:-[A-Z]{4}){3}", answer.get_data(as_text=True))
    assert found is not None
    return found[0]


def send(device: FlaskClient, path: str, **data: str) -> tuple[int, str]:
    """A form sent from the tablet; the answer's status and where it leads or what it says."""
    answer = device.post(path, data={**data, "csrf_token": csrf_of(device, path)})
    return answer.status_code, answer.location or answer.get_data(as_text=True)


@pytest.fixture
def tablet(app: Flask, cast: Cast, aldona: FlaskClient, pins: None) -> FlaskClient:
    """A device paired with the Boružiukai."""
    device = app.test_client()
    assert send(device, "/tablets/pair", code=code_for(aldona, cast.boruziukai)) == (303, "/tablets/doors")
    return device


def test_a_paired_tablet_asks_who_is_there_and_shows_the_day_of_its_group(
    app: Flask, cast: Cast, tablet: FlaskClient
) -> None:
    page = tablet.get("/tablets/doors").get_data(as_text=True)
    assert "Boružiukai" in page
    assert "Rasa Petraitienė" in page
    assert "Žukauskas" not in page, "no child before somebody acts"
    day = f"/attendance/{DAY}/{cast.boruziukai}"
    assert send(tablet, f"/tablets/doors/{cast.users['rasa']}", pin=PIN) == (303, day)
    assert tablet.get(day).status_code == 200
    for other in (f"/attendance/{DAY}/{cast.drugeliai}", f"/attendance/{DAY}/{cast.zuvytes}"):
        assert tablet.get(other).status_code == 404
    assert tablet.get(f"/sheets/2026-11/{cast.boruziukai}").status_code == 403


def test_a_tablets_day_leads_nowhere_it_may_not_go_and_takes_reasons(cast: Cast, tablet: FlaskClient) -> None:
    child, day = cast.children["Boružiukai"][0], f"/attendance/{DAY}/{cast.boruziukai}"
    send(tablet, f"/tablets/doors/{cast.users['rasa']}", pin=PIN)
    page = tablet.get(day).get_data(as_text=True)
    links = {link for link in re.findall(r'href="(/[^"#]*)"', page) if not link.startswith("/static/")}
    assert {link: tablet.get(link, follow_redirects=True).status_code for link in links} == dict.fromkeys(links, 200)
    send(tablet, f"{day}/children/{child}", wanted="absent", seen="unmarked")
    assert send(tablet, f"{day}/children/{child}/reason", reason_id=str(cast.reasons["l"]))[0] == 303


def test_what_is_tapped_is_written_as_who_acts(app: Flask, cast: Cast, tablet: FlaskClient) -> None:
    child, day = cast.children["Boružiukai"][0], f"/attendance/{DAY}/{cast.boruziukai}"
    for login, pin, mark in (("rasa", PIN, "absent"), ("tomas", "8264", "present")):
        assert send(tablet, f"/tablets/doors/{cast.users[login]}", pin=pin)[0] == 303
        seen = "unmarked" if login == "rasa" else "absent"
        form = {"wanted": mark, "seen": seen, "csrf_token": csrf_of(tablet, day)}
        assert tablet.post(f"{day}/children/{child}", data=form, headers=HTMX).status_code == 200
    with app.app_context(), acting_for(cast.saulute):
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.table_name == ChildDay.__tablename__).order_by(AuditEntry.id)
        ).all()
        assert [(one.user_id, one.device) for one in entries] == [
            (cast.users["rasa"], "tablet"),
            (cast.users["tomas"], "tablet"),
        ]


def test_one_acts_at_a_time(app: Flask, cast: Cast, tablet: FlaskClient) -> None:
    send(tablet, f"/tablets/doors/{cast.users['rasa']}", pin=PIN)
    send(tablet, f"/tablets/doors/{cast.users['tomas']}", pin="8264")
    with app.app_context():
        live = db.session.scalars(
            select(LoginSession.user_id).where(LoginSession.tablet_id.is_not(None), LoginSession.ended_at.is_(None))
        ).all()
    assert live == [cast.users["tomas"]]


def test_after_quiet_minutes_who_acts_is_asked_again(cast: Cast, tablet: FlaskClient, at: At) -> None:
    send(tablet, f"/tablets/doors/{cast.users['rasa']}", pin=PIN)
    day = f"/attendance/{DAY}/{cast.boruziukai}"
    assert tablet.get(day).status_code == 200
    at(8, 30)
    answer = tablet.get(day)
    assert (answer.status_code, answer.location) == (303, "/tablets/doors")


@pytest.mark.parametrize("pin", ["0000", "", "73910"], ids=["wrong", "none", "longer"])
def test_without_the_number_nobody_acts(cast: Cast, tablet: FlaskClient, pin: str) -> None:
    assert send(tablet, f"/tablets/doors/{cast.users['rasa']}", pin=pin)[0] == 422
    assert tablet.get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 303


def test_guessing_a_number_is_slowed_on_this_tablet_alone(
    app: Flask, cast: Cast, aldona: FlaskClient, tablet: FlaskClient
) -> None:
    door = f"/tablets/doors/{cast.users['rasa']}"
    answers = [send(tablet, door, pin=f"{number:04}")[0] for number in range(1000, 1010)]
    assert 429 in answers
    assert send(tablet, door, pin=PIN)[0] == 429
    other = app.test_client()
    send(other, "/tablets/pair", code=code_for(aldona, cast.boruziukai))
    assert send(other, door, pin=PIN)[0] == 303


def test_whoever_does_not_work_in_its_groups_has_no_door(cast: Cast, tablet: FlaskClient) -> None:
    for login in ("jonas", "asta", "dalia"):
        assert tablet.get(f"/tablets/doors/{cast.users[login]}").status_code == 404
    assert tablet.get("/tablets/doors/999999").status_code == 404


def test_a_device_that_is_not_paired_sees_no_names(app: Flask, cast: Cast) -> None:
    stranger = app.test_client()
    assert stranger.get("/tablets/doors").location == "/accounts/login"
    assert stranger.get(f"/tablets/doors/{cast.users['rasa']}").status_code == 404


def test_a_code_pairs_once_and_for_half_an_hour(app: Flask, cast: Cast, aldona: FlaskClient, at: At) -> None:
    code = code_for(aldona, cast.boruziukai)
    assert send(app.test_client(), "/tablets/pair", code=code.lower())[0] == 303
    assert send(app.test_client(), "/tablets/pair", code=code)[0] == 422
    late = code_for(aldona, cast.boruziukai)
    at(8, 45)
    assert send(app.test_client(), "/tablets/pair", code=late)[0] == 422


def test_a_tablet_that_is_ended_shows_nothing_more(
    app: Flask, cast: Cast, aldona: FlaskClient, tablet: FlaskClient
) -> None:
    send(tablet, f"/tablets/doors/{cast.users['rasa']}", pin=PIN)
    with app.app_context():
        tablet_id = db.session.scalars(select(Tablet.id)).one()
    assert aldona.post(f"/tablets/{tablet_id}/end").status_code == 303
    assert tablet.get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 303
    assert tablet.get("/tablets/doors").location == "/accounts/login"


def test_an_administrator_pairs_no_tablet_with_another_houses_group(cast: Cast, aldona: FlaskClient) -> None:
    assert aldona.post("/tablets/", data={"name": "X", "groups": [cast.zuvytes]}).status_code == 404
    assert aldona.post("/tablets/", data={"name": "X"}).status_code == 422


def test_the_term_ends_at_the_tablet_too(app: Flask, cast: Cast, tablet: FlaskClient, at: At) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for row in db.session.scalars(select(groups.GroupStaff).where(groups.GroupStaff.group_id == cast.boruziukai)):
            if row.user_id == cast.users["tomas"]:
                row.valid_to = DAY
    at(7, 0, day=DAY + timedelta(days=1))
    assert tablet.get(f"/tablets/doors/{cast.users['tomas']}").status_code == 404


def test_a_pin_is_kept_as_a_hash(app: Flask, cast: Cast, pins: None) -> None:
    with app.app_context():
        kept = db.session.get_one(User, cast.users["rasa"]).pin_hash
    assert kept is not None
    assert PIN not in kept


def test_whoever_is_done_leaves_the_tablet_to_the_next(cast: Cast, tablet: FlaskClient) -> None:
    send(tablet, f"/tablets/doors/{cast.users['rasa']}", pin=PIN)
    page = tablet.get(f"/attendance/{DAY}/{cast.boruziukai}").get_data(as_text=True)
    assert "/tablets/leave" in page
    assert "/accounts/logout" not in page
    assert "/notices/" not in page, "nobody reads another's notices here"
    assert send(tablet, "/tablets/leave") == (303, "/tablets/doors")
    assert tablet.get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 303


def test_a_short_number_opens_no_other_role_and_no_other_kindergarten(
    app: Flask, cast: Cast, tablet: FlaskClient
) -> None:
    with app.app_context(), write_transaction():
        here = accounts.add_membership(cast.users["rasa"], cast.saulute, Role.DEPUTY, FIRST).id
        there = accounts.add_membership(cast.users["rasa"], cast.ezerelis, Role.EDUCATOR, FIRST).id
    send(tablet, f"/tablets/doors/{cast.users['rasa']}", pin=PIN)
    for other in (here, there):
        assert send(tablet, "/accounts/switch", membership_id=str(other))[0] == 404
    page = tablet.get(f"/attendance/{DAY}/{cast.boruziukai}").get_data(as_text=True)
    assert "/accounts/switch" not in page
    assert "Ežerėlis" not in page
    assert tablet.get(f"/attendance/{DAY}/{cast.drugeliai}").status_code == 404


def test_a_role_that_sees_the_house_sees_nothing_on_a_tablet(app: Flask, cast: Cast, tablet: FlaskClient) -> None:
    with app.app_context(), write_transaction():
        seat = accounts.add_membership(cast.users["rasa"], cast.saulute, Role.DEPUTY, FIRST).id
    send(tablet, f"/tablets/doors/{cast.users['rasa']}", pin=PIN)
    with app.app_context(), write_transaction():
        for session in db.session.scalars(select(LoginSession).where(LoginSession.tablet_id.is_not(None))):
            session.membership_id = seat
    assert tablet.get(f"/attendance/{DAY}/{cast.drugeliai}").status_code == 404
