"""Guessing is slowed without letting a stranger keep the owner out; wrong names and wrong passwords are alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from ediary.accounts import actions, devices, passwords
from ediary.accounts.attempts import Counter, slowed
from ediary.accounts.models import LoginAttempt
from ediary.core.db import db
from ediary.core.errors import TooManyTries
from tests.accounts.conftest import At, log_in, newcomer, slip_for, user, writing
from tests.cast import Cast
from tests.conftest import DAY

STRANGER, HOME = "203.0.113.9", "198.51.100.7"


def at_address(app: Flask, address: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def logged_out(client: FlaskClient) -> FlaskClient:
    """The same browser without a session: only what says whose device it is stays."""
    client.delete_cookie("ediary")
    return client


def hammer(app: Flask, address: str, login: str, times: int) -> list[int]:
    """Wrong guesses at a log-in, each from a browser without cookies."""
    return [log_in(at_address(app, address), login, "ne tas") for _ in range(times)]


def test_a_strangers_guesses_never_delay_the_owners_own_device(app: Flask, cast: Cast, at: At) -> None:
    own = at_address(app, HOME)
    assert log_in(own, "rasa", cast.password) == 303
    for number in range(30):
        hammer(app, f"203.0.113.{number}", "rasa", 6)
    assert log_in(at_address(app, HOME), "rasa", cast.password) == 429, "a device that nobody knows waits"
    assert log_in(logged_out(own), "rasa", cast.password) == 303


def test_nor_on_the_same_address(app: Flask, cast: Cast, at: At) -> None:
    own = at_address(app, HOME)
    assert log_in(own, "rasa", cast.password) == 303
    hammer(app, HOME, "rasa", 10)
    for number in range(40):
        hammer(app, HOME, f"somebody-{number}", 1)
    assert log_in(logged_out(own), "rasa", cast.password) == 303


def test_the_owner_of_a_new_device_is_not_delayed_by_a_few_guesses_elsewhere(app: Flask, cast: Cast, at: At) -> None:
    assert hammer(app, STRANGER, "rasa", 12) == [422] * 5 + [429] * 7
    assert log_in(at_address(app, HOME), "rasa", cast.password) == 303


def test_guesses_from_many_addresses_are_slowed_together(app: Flask, cast: Cast, at: At) -> None:
    tried = [hammer(app, f"203.0.113.{number}", "rasa", 1)[0] for number in range(25)]
    assert tried == [422] * 21 + [429] * 4


def test_guessing_on_the_owners_own_device_is_slowed_too(app: Flask, cast: Cast, at: At) -> None:
    own = at_address(app, HOME)
    log_in(own, "rasa", cast.password)
    assert [log_in(logged_out(own), "rasa", "ne tas") for _ in range(6)] == [422] * 5 + [429]
    assert log_in(own, "rasa", cast.password) == 429
    at(8, 11)
    assert log_in(own, "rasa", cast.password) == 303


def test_ones_device_helps_to_guess_nobody_else(app: Flask, cast: Cast, at: At) -> None:
    own = at_address(app, HOME)
    log_in(own, "rasa", cast.password)
    assert [log_in(logged_out(own), "tomas", "ne tas") for _ in range(6)] == [422] * 5 + [429]


def test_a_waiting_address_makes_no_log_in_wait_longer(app: Flask, cast: Cast, at: At) -> None:
    for number in range(31):
        hammer(app, STRANGER, f"somebody-{number}", 1)
    assert set(hammer(app, STRANGER, "rasa", 40)) == {429}
    assert log_in(at_address(app, HOME), "rasa", cast.password) == 303


def test_a_computer_shared_by_several_knows_each(app: Flask, cast: Cast, at: At) -> None:
    shared = at_address(app, HOME)
    for login in ("rasa", "tomas", "rasa"):
        assert log_in(logged_out(shared), login, cast.password) == 303
    for login in ("rasa", "tomas"):
        hammer(app, HOME, login, 8)
        assert log_in(logged_out(shared), login, cast.password) == 303


# --- the cookie -----------------------------------------------------------------------------------------------------


def test_a_devices_cookie_cannot_be_forged_and_grows_old(app: Flask, cast: Cast, at: At) -> None:
    with app.app_context():
        device = devices.new().knowing(cast.users["rasa"])
        value = devices.signed(device)
        assert devices.read(value) == device
        for other in (None, "", "x", value[:-2] + "xx", value.replace(".", "", 1)):
            assert devices.read(other).user_ids == ()
        app.config["SECRET_KEY"], key = b"another key for tests, 32 bytes long", app.config["SECRET_KEY"]
        assert devices.read(value).user_ids == ()
        app.config["SECRET_KEY"] = key


def test_it_remembers_the_last_twenty() -> None:
    device = devices.Device("d")
    for user_id in [*range(30), 15]:
        device = device.knowing(user_id)
    assert (len(device.user_ids), device.user_ids[-1], device.knows(15), device.knows(9)) == (20, 15, True, False)


def test_it_is_out_of_reach_of_scripts_and_other_sites(app: Flask, cast: Cast, at: At) -> None:
    client = app.test_client()
    log_in(client, "rasa", cast.password)
    cookie = client.get_cookie(devices.NAME)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")


# --- no difference --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["rasa", "nobody", "vaida.naujokiene"], ids=["wrong", "no such", "no password yet"])
def test_a_wrong_name_and_a_wrong_password_go_the_same_way(
    app: Flask, cast: Cast, at: At, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    newcomer(app, cast.saulute)
    verified: list[str] = []
    hasher = passwords._made(True)

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            verified.append(password_hash)
            return hasher.verify(password_hash, password)

        def hash(self, password: str) -> str:
            return hasher.hash(password)

    monkeypatch.setattr(passwords, "_hasher", Counting)
    client = app.test_client()
    assert log_in(client, login, "ne tas") == 422
    assert len(verified) == 1, "one hash is worked out, whoever is named"
    assert verified[0].split("$")[3] == hasher.hash("x").split("$")[3], "with the same parameters"
    with app.app_context():
        assert db.session.scalar(select(func.count(LoginAttempt.id))) == 3


def test_what_was_typed_as_a_name_is_not_kept(app: Flask, cast: Cast, at: At) -> None:
    log_in(app.test_client(), "mano slaptas slaptazodis", "x")
    with app.app_context():
        assert all(len(row.key) == 64 for row in db.session.scalars(select(LoginAttempt)))


def test_rows_that_no_longer_count_are_swept_away(app: Flask, cast: Cast, at: At) -> None:
    for number in range(25):
        hammer(app, STRANGER, f"name-{number}", 1)
    at(8, 11, day=DAY + timedelta(days=2))
    for _ in range(3):
        assert log_in(app.test_client(), "rasa", cast.password) == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(LoginAttempt.id))) == 3


def test_a_password_replaced_between_the_look_and_the_session_opens_nothing(app: Flask, cast: Cast, at: At) -> None:
    proven = user(app, cast.users["rasa"]).password_hash
    slip_for(app, cast, "rasa")
    with pytest.raises(actions.BadInput), writing(app, cast.saulute):
        actions.open_session(cast.users["rasa"], "tablet", proven)


def test_a_wait_is_said_in_seconds_and_minutes(app: Flask, at: At) -> None:
    counter = Counter("test", 1)
    with app.app_context():
        said = []
        for minute in range(12):
            at(8 + minute, 0)
            while True:
                try:
                    slowed([counter], lambda: None)
                except TooManyTries as refusal:
                    said.append(str(refusal.message))
                    break
    assert "po 2 sekundžių" in said[0]
    assert "po 15 minučių" in said[-1]
