"""The second step: set up, asked at entry, recovery codes, lost telephones, races with the same code."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.accounts import credentials, factors
from ediary.accounts.models import EntryRule, LoginSession, RecoveryCode, SecondFactor
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.secrets import unseal
from ediary.core.session import acting_for
from tests.accounts.conftest import BY, At, LogIn, choose, log_in, send, slip_for, type_code, writing
from tests.cast import FIRST, Cast
from tests.conftest import HTMX, MORNING

STEP = timedelta(seconds=30)


def secret_of(app: Flask, cast: Cast, login: str) -> str:
    with app.app_context():
        factor = db.session.scalars(select(SecondFactor).filter_by(user_id=cast.users[login])).one()
        return unseal(factor.sealed)


def code_at(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(moment)


def obliged(app: Flask, cast: Cast, role: Role) -> None:
    with writing(app, cast.saulute):
        db.session.add(EntryRule(role=role, needs_second_factor=True, idle_minutes=600, valid_from=FIRST))


def turned_on(app: Flask, cast: Cast, login: str, moment: datetime = MORNING) -> tuple[str, list[str]]:
    """The person's secret and recovery codes, once the first code has been shown a day ago."""
    user_id = cast.users[login]
    with app.app_context(), acting_for(cast.saulute, user_id), clock.frozen(moment - timedelta(days=1)):
        with write_transaction():
            factors.begin(user_id)
        secret = secret_of(app, cast, login)
        with write_transaction():
            codes = factors.confirm(user_id, code_at(secret, clock.now()), 0)
    assert codes
    return secret, codes


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li>([A-Z]{5}-[A-Z]{5})</li>", page)


def test_an_obliged_role_sets_it_up_before_anything_else(app: Flask, cast: Cast, as_person: LogIn) -> None:
    obliged(app, cast, Role.DIRECTOR)
    jonas = as_person("jonas")
    assert jonas.get("/sheets/2026-11").location == "/accounts/second-factor"
    page = jonas.get("/accounts/second-factor").get_data(as_text=True)
    assert "Jūsų pareigoms" in page
    assert 'class="rail"' not in page
    assert jonas.post("/accounts/second-factor/begin").location == "/accounts/second-factor"
    setup = jonas.get("/accounts/second-factor").get_data(as_text=True)
    secret = secret_of(app, cast, "jonas")
    assert " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) in setup
    assert "<svg" in setup
    done = jonas.post("/accounts/second-factor/confirm", data={"code": code_at(secret, MORNING)})
    assert len(set(codes_on(done.get_data(as_text=True)))) == 10
    assert jonas.get("/sheets/2026-11").status_code == 200


def test_it_is_asked_at_each_log_in_and_then_the_page_wanted_opens(app: Flask, cast: Cast, as_person: LogIn) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    jonas = as_person("jonas")
    assert jonas.get("/sheets/2026-11?x=1").location == "/accounts/second-factor"
    assert jonas.get("/sheets/2026-11", headers=HTMX).headers["HX-Redirect"] == "/accounts/second-factor"
    assert "Antrasis patvirtinimas" in jonas.get("/accounts/second-factor").get_data(as_text=True)
    answer = jonas.post("/accounts/second-factor", data={"code": code_at(secret, MORNING)})
    assert (answer.status_code, answer.location) == (303, "/sheets/2026-11?x=1")
    assert jonas.get("/sheets/2026-11").status_code == 200
    assert jonas.get("/accounts/second-factor").location == "/accounts/"


def test_an_address_too_long_for_a_cookie_is_not_kept(app: Flask, cast: Cast, as_person: LogIn) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    jonas = as_person("jonas")
    jonas.get("/sheets/2026-11?x=" + "y" * 3000)
    assert jonas.post("/accounts/second-factor", data={"code": code_at(secret, MORNING)}).location == "/"


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_taken_one_step_early_or_late(
    app: Flask, cast: Cast, as_person: LogIn, steps: int, opens: bool
) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    jonas = as_person("jonas")
    answer = jonas.post("/accounts/second-factor", data={"code": code_at(secret, MORNING + steps * STEP)})
    assert answer.status_code == (303 if opens else 422)


def test_no_step_is_taken_twice_nor_an_earlier_one_after_a_later(app: Flask, cast: Cast, as_person: LogIn) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    one, other = as_person("jonas"), as_person("jonas")
    now, before = code_at(secret, MORNING), code_at(secret, MORNING - STEP)
    assert one.post("/accounts/second-factor", data={"code": now}).status_code == 303
    assert other.post("/accounts/second-factor", data={"code": now}).status_code == 422
    assert other.post("/accounts/second-factor", data={"code": before}).status_code == 422
    late = code_at(secret, MORNING + STEP)
    assert other.post("/accounts/second-factor", data={"code": f" {late[:3]} {late[3:]} "}).status_code == 303


def test_a_recovery_code_opens_once(app: Flask, cast: Cast, as_person: LogIn) -> None:
    _, codes = turned_on(app, cast, "jonas")
    one, other = as_person("jonas"), as_person("jonas")
    assert one.post("/accounts/second-factor", data={"code": codes[3].lower()}).status_code == 303
    assert other.post("/accounts/second-factor", data={"code": codes[3]}).status_code == 422
    assert other.post("/accounts/second-factor", data={"code": codes[4]}).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        kept = list(db.session.scalars(select(RecoveryCode.code_hash)))
        assert len(kept) == 10
        assert all(len(one) == 64 for one in kept)
        assert (
            list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "recovery code")))
            == ["recovery code"] * 2
        )


def test_nobody_elses_recovery_code_opens(app: Flask, cast: Cast, as_person: LogIn) -> None:
    turned_on(app, cast, "jonas")
    _, codes = turned_on(app, cast, "ruta")
    assert as_person("jonas").post("/accounts/second-factor", data={"code": codes[0]}).status_code == 422


def test_guessing_codes_is_slowed(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    jonas = as_person("jonas")
    assert [jonas.post("/accounts/second-factor", data={"code": "000000"}).status_code for _ in range(6)] == [
        422
    ] * 5 + [429]
    assert (
        as_person("jonas").post("/accounts/second-factor", data={"code": code_at(secret, MORNING)}).status_code == 429
    )
    at(8, 30)
    later = code_at(secret, clock.now())
    assert jonas.post("/accounts/second-factor", data={"code": later}).status_code == 303


def test_the_secret_is_sealed_and_its_coming_and_going_is_in_the_history(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    with app.app_context(), acting_for(cast.saulute):
        factor = db.session.scalars(select(SecondFactor)).one()
        assert secret not in factor.sealed
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.row_id == cast.users["jonas"])).all()
        assert "second factor on" in {entry.action for entry in entries}
        assert not any(secret in entry.changes for entry in entries)


def test_turning_it_on_asks_the_persons_other_sessions_at_once(app: Flask, cast: Cast, as_person: LogIn) -> None:
    other, jonas = as_person("jonas"), as_person("jonas")
    assert other.get("/sheets/2026-11").status_code == jonas.get("/sheets/2026-11").status_code == 200
    jonas.post("/accounts/second-factor/begin")
    jonas.post("/accounts/second-factor/confirm", data={"code": code_at(secret_of(app, cast, "jonas"), MORNING)})
    assert jonas.get("/sheets/2026-11").status_code == 200
    assert other.get("/sheets/2026-11").location == "/accounts/second-factor"


def test_a_wrong_first_code_turns_nothing_on(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    jonas.post("/accounts/second-factor/begin")
    answer = jonas.post("/accounts/second-factor/confirm", data={"code": "123456"})
    assert answer.status_code == 422
    assert "<svg" in answer.get_data(as_text=True), "the page stays as it was"
    assert as_person("jonas").get("/sheets/2026-11").status_code == 200


def test_who_came_in_a_while_ago_shows_the_password_before_setting_it_up(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    jonas = as_person("jonas")
    at(8, 21)
    assert 'name="current"' in jonas.get("/accounts/second-factor").get_data(as_text=True)
    assert jonas.post("/accounts/second-factor/begin", data={"current": "not it"}).status_code == 422
    assert jonas.post("/accounts/second-factor/begin", data={"current": cast.password}).status_code == 303


def entered(client: FlaskClient, secret: str) -> FlaskClient:
    assert client.post("/accounts/second-factor", data={"code": code_at(secret, clock.now())}).status_code == 303
    return client


def test_it_is_turned_off_by_a_code_and_not_where_the_role_asks_for_it(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    jonas = entered(as_person("jonas"), secret)
    assert jonas.post("/accounts/second-factor/change", data={"code": "000000", "off": "1"}).status_code == 422
    obliged(app, cast, Role.DIRECTOR)
    at(8, 12)
    refused = jonas.post("/accounts/second-factor/change", data={"code": code_at(secret, clock.now()), "off": "1"})
    assert "privalomas" in refused.get_data(as_text=True)
    with writing(app, cast.saulute):
        db.session.delete(db.session.scalars(select(EntryRule)).one())
    at(8, 14)
    assert (
        jonas.post("/accounts/second-factor/change", data={"code": code_at(secret, clock.now()), "off": "1"}).location
        == "/accounts/"
    )
    with app.app_context():
        assert not db.session.scalars(select(SecondFactor)).all()
        assert not db.session.scalars(select(RecoveryCode)).all()


def test_new_recovery_codes_replace_the_old_ones(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    secret, codes = turned_on(app, cast, "jonas")
    jonas = entered(as_person("jonas"), secret)
    at(8, 12)
    page = jonas.post("/accounts/second-factor/change", data={"code": code_at(secret, clock.now())})
    fresh = codes_on(page.get_data(as_text=True))
    assert len(fresh) == 10
    assert as_person("jonas").post("/accounts/second-factor", data={"code": codes[0]}).status_code == 422
    assert as_person("jonas").post("/accounts/second-factor", data={"code": fresh[0]}).status_code == 303


def test_a_lost_telephone_is_mended_by_a_slip_that_says_so(
    app: Flask, cast: Cast, as_person: LogIn, browser: FlaskClient
) -> None:
    turned_on(app, cast, "jonas")
    jonas = as_person("jonas")
    code = slip_for(app, cast, "jonas", lost_factor=True)
    assert "/accounts/login" in jonas.get("/").location
    type_code(browser, code)
    assert BY in browser.get("/accounts/first/password").get_data(as_text=True)
    assert choose(browser)[0] == 303
    assert browser.get("/sheets/2026-11").status_code == 200
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "second factor off")).one()


def test_a_slip_for_a_lost_password_leaves_the_second_step_on(
    app: Flask, cast: Cast, at: At, browser: FlaskClient
) -> None:
    turned_on(app, cast, "jonas")
    type_code(browser, slip_for(app, cast, "jonas"))
    assert choose(browser)[0] == 303
    assert browser.get("/sheets/2026-11").location == "/accounts/second-factor"


def test_the_other_role_of_a_session_that_has_shown_it_does_not_ask_again(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    obliged(app, cast, Role.DIRECTOR)
    jonas = entered(as_person("jonas"), secret)
    with app.app_context():
        assert db.session.scalars(select(LoginSession.second_factor_at)).one() == MORNING
    assert jonas.get("/sheets/2026-11").status_code == 200


def test_the_password_comes_first(app: Flask, cast: Cast, at: At) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    client = app.test_client()
    assert "/accounts/login" in client.get("/accounts/second-factor").location
    assert "/accounts/login" in send(client, "/accounts/second-factor", code=code_at(secret, MORNING))[1]
    assert log_in(client, "jonas", cast.password) == 303
    assert client.get("/sheets/2026-11").location == "/accounts/second-factor"


def test_beginning_again_does_not_replace_one_that_is_on(app: Flask, cast: Cast, as_person: LogIn) -> None:
    secret, _ = turned_on(app, cast, "jonas")
    jonas = as_person("jonas")
    assert jonas.post("/accounts/second-factor/begin").status_code == 422
    assert secret_of(app, cast, "jonas") == secret
    with app.app_context(), pytest.raises(factors.BadInput), acting_for(cast.saulute), write_transaction():
        factors.confirm(cast.users["jonas"], "1", 0)
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        assert credentials.take_off_factor(credentials.take_user(cast.users["jonas"]))
        assert not credentials.take_off_factor(credentials.take_user(cast.users["jonas"]))
