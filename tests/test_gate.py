"""The gate: who is behind a request, which rows exist for them, what entering still asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary import gate
from ediary.accounts import actions as accounts
from ediary.accounts.models import EntryRule, LoginSession, Membership, PledgeText
from ediary.accounts.tokens import hash_token
from ediary.children import actions as children
from ediary.children.models import Child, Enrolment
from ediary.children.rules import Relation
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.scope import Scope
from ediary.core.session import acting_for, set_scope
from ediary.groups import actions as groups
from ediary.groups.models import Group
from ediary.groups.rules import Duty
from ediary.tablets.models import Tablet, TabletGroup
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]


def seen_by(app: Flask, cast: Cast, login: str, tablet_id: int | None = None) -> gate.CurrentUser:
    """The person behind a new session."""
    with app.app_context():
        with write_transaction():
            token = accounts.open_session(cast.users[login], "tablet")
            row = db.session.scalars(select(LoginSession).where(LoginSession.token_hash == hash_token(token))).one()
            row.tablet_id = tablet_id
        found = gate.load_user(token)
    assert found is not None
    return found


def test_a_guardian_sees_the_own_child_and_its_group(app: Flask, cast: Cast, at: At) -> None:
    greta = seen_by(app, cast, "greta")
    assert greta.child_ids == (cast.children["Boružiukai"][0],)
    assert greta.group_ids == (cast.boruziukai,)
    with app.app_context():
        set_scope(gate.scope_of(greta), greta.child_ids)
        assert list(db.session.scalars(select(Child.id))) == [cast.children["Boružiukai"][0]]
        assert list(db.session.scalars(select(Enrolment.child_id))) == [cast.children["Boružiukai"][0]]
        assert list(db.session.scalars(select(Group.id))) == [cast.boruziukai]


def test_a_guardian_whose_right_has_ended_sees_no_child(app: Flask, cast: Cast, at: At) -> None:
    first = cast.children["Drugeliai"][0]
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        guardian = children.add_guardian(
            first, Relation.OTHER, "Greta", "Žukauskienė", FIRST, user_id=cast.users["greta"]
        )
        guardian.valid_to = DAY - timedelta(days=1)
    assert first not in (seen_by(app, cast, "greta").child_ids or ())


def test_a_specialist_sees_the_groups_they_come_to_and_an_educator_does_not_as_one(
    app: Flask, cast: Cast, at: At
) -> None:
    assert seen_by(app, cast, "dalia").group_ids == (cast.boruziukai,)
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        order = make.order("V-9", FIRST)
        groups.assign(cast.drugeliai, cast.users["rasa"], FIRST, order, duty=Duty.SPECIALIST)
    assert seen_by(app, cast, "rasa").group_ids == (cast.boruziukai,)


def test_a_child_who_comes_tomorrow_is_known_today_and_one_who_left_is_not(app: Flask, cast: Cast, at: At) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        coming = children.add_child("Nauja", "Mergaitė", date(2022, 1, 1))
        children.enrol(coming.id, cast.boruziukai, DAY + timedelta(days=1))
        coming_id = coming.id
    assert coming_id in (seen_by(app, cast, "rasa").child_ids or ())
    at(day=DAY + timedelta(days=40))
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        place = db.session.scalars(select(Enrolment).where(Enrolment.child_id == coming_id)).one()
        place.valid_to = DAY + timedelta(days=41)
    at(day=DAY + timedelta(days=42))
    assert coming_id not in (seen_by(app, cast, "rasa").child_ids or ())


def test_on_a_shared_tablet_only_its_group_exists_and_only_the_day(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        groups.assign(cast.drugeliai, cast.users["rasa"], FIRST, make.order("V-9", FIRST))
        tablet = Tablet(institution_id=cast.saulute, name="Boružiukų", made_at=clock.now(), made_by="")
        db.session.add(tablet)
        db.session.flush()
        db.session.add(TabletGroup(tablet_id=tablet.id, group_id=cast.boruziukai))
        tablet_id = tablet.id
    rasa = seen_by(app, cast, "rasa", tablet_id)
    assert rasa.group_ids == (cast.boruziukai,)
    assert set(rasa.child_ids or ()) == set(cast.children["Boružiukai"])
    client = as_person("rasa")
    with app.app_context(), write_transaction():
        for row in db.session.scalars(select(LoginSession)):
            row.tablet_id = tablet_id
    assert client.get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 200
    assert client.get(f"/attendance/{DAY}/{cast.drugeliai}").status_code == 404
    assert client.get("/sheets/2026-11").status_code == 403


def test_nothing_is_written_about_a_child_one_does_not_have(app: Flask, cast: Cast, at: At) -> None:
    with app.app_context():
        set_scope(Scope(cast.saulute, cast.users["rasa"], Role.EDUCATOR, group_ids=(cast.boruziukai,)))
        with pytest.raises(NotFound), write_transaction():
            children.add_guardian(cast.children["Drugeliai"][0], Relation.MOTHER, "Ne", "Mano", FIRST)


def test_whoever_enters_a_child_writes_its_card_at_once(app: Flask, cast: Cast, at: At) -> None:
    with app.app_context():
        set_scope(Scope(cast.saulute, cast.users["rasa"], Role.EDUCATOR, group_ids=(cast.boruziukai,)))
        with write_transaction():
            child = children.add_child("Nauja", "Mergaitė", date(2022, 1, 1))
            children.enrol(child.id, cast.boruziukai, DAY + timedelta(days=1))
            assert children.add_guardian(child.id, Relation.FATHER, "Jos", "Tėtis", DAY).id


def pledge(cast: Cast, valid_from: date) -> None:
    with acting_for(cast.saulute), write_transaction():
        db.session.add(PledgeText(text="Saugosiu paslaptį.", valid_from=valid_from))


def test_whoever_has_not_accepted_the_pledge_is_sent_to_it_from_everywhere(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    with app.app_context():
        pledge(cast, FIRST)
    rasa = as_person("rasa")
    answer = rasa.get(f"/attendance/{DAY}/{cast.boruziukai}")
    assert (answer.status_code, answer.location) == (303, "/accounts/pledge")
    tap = rasa.post(f"/attendance/{DAY}/{cast.boruziukai}/submit", headers=HTMX)
    assert (tap.status_code, tap.headers["HX-Redirect"]) == (401, "/accounts/pledge")
    assert as_person("greta").get("/").status_code != 401  # a guardian reads only of the own child


def test_a_pledge_that_begins_tomorrow_is_asked_for_tomorrow(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    with app.app_context():
        pledge(cast, DAY + timedelta(days=1))
    rasa = as_person("rasa")
    assert rasa.get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 200
    at(7, 0, day=DAY + timedelta(days=1))
    rasa = as_person("rasa")
    assert rasa.get("/").location == "/accounts/pledge"


def rule(cast: Cast, role: Role, *, needs_second_factor: bool = False, idle_minutes: int = 600) -> None:
    with acting_for(cast.saulute), write_transaction():
        db.session.add(
            EntryRule(role=role, needs_second_factor=needs_second_factor, idle_minutes=idle_minutes, valid_from=FIRST)
        )


def test_a_role_that_needs_a_second_factor_does_not_enter_without(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    with app.app_context():
        rule(cast, Role.DIRECTOR, needs_second_factor=True)
    assert as_person("jonas").get("/sheets/2026-11").location == "/accounts/second-factor"
    assert as_person("rasa").get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 200


def test_an_idle_session_ends_when_its_role_says(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    with app.app_context():
        rule(cast, Role.ACCOUNTANT, idle_minutes=15)
    vilma, rasa = as_person("vilma"), as_person("rasa")
    page = f"/attendance/{DAY}/{cast.boruziukai}"
    assert (vilma.get("/sheets/2026-11").status_code, rasa.get(page).status_code) == (200, 200)
    at(8, 30)
    assert vilma.get("/sheets/2026-11").status_code == 303
    assert rasa.get(page).status_code == 200


def test_another_role_is_asked_for_what_it_needs(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    with app.app_context():
        rule(cast, Role.DIRECTOR, needs_second_factor=True)
        with acting_for(cast.saulute), write_transaction():
            seat = accounts.add_membership(cast.users["rasa"], cast.saulute, Role.DIRECTOR, FIRST).id
    rasa = as_person("rasa")
    assert rasa.get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 200
    rasa.post("/accounts/switch", data={"membership_id": seat})
    assert rasa.get("/sheets/2026-11").location == "/accounts/second-factor"


def test_access_ends_at_midnight_with_the_term(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    """A page opened at 23:59 and tapped at 00:01 (A3)."""
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        groups.assign(
            cast.drugeliai, cast.users["rasa"], FIRST, make.order("V-9", FIRST), DAY, substitutes_id=cast.users["tomas"]
        )
    at(23, 59)
    rasa = as_person("rasa")
    page = f"/attendance/{DAY}/{cast.drugeliai}"
    assert rasa.get(page).status_code == 200
    at(0, 1, day=DAY + timedelta(days=1))
    child = cast.children["Drugeliai"][0]
    tap = rasa.post(f"{page}/children/{child}", data={"wanted": "absent", "seen": "unmarked"}, headers=HTMX)
    assert tap.status_code == 404


def test_a_role_ends_with_its_last_day(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        seat = db.session.scalars(select(Membership).where(Membership.user_id == cast.users["vilma"])).one()
        seat.valid_to = DAY
    vilma = as_person("vilma")
    assert vilma.get("/sheets/2026-11").status_code == 200
    at(0, 1, day=DAY + timedelta(days=1))
    assert vilma.get("/sheets/2026-11").status_code == 303
