"""Logging in, slowed guessing, ended sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.accounts.models import LoginSession
from ediary.accounts.routes import safe_next
from ediary.core.db import db
from ediary.core.locks import write_transaction
from tests.cast import Cast
from tests.conftest import DAY, HTMX, csrf_of

LogIn = Callable[[str], FlaskClient]


def guess(client: FlaskClient, login: str, password: str) -> int:
    data = {"login": login, "password": password, "csrf_token": csrf_of(client, "/")}
    return client.post("/accounts/login", data=data).status_code


def test_the_right_password_opens_a_session(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    assert guess(app.test_client(), "Rasa", cast.password) == 303


@pytest.mark.parametrize("login", ["rasa", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(
    app: Flask, cast: Cast, at: Callable[..., None], login: str
) -> None:
    client = app.test_client()
    answer = client.post("/accounts/login", data={"login": login, "password": "x", "csrf_token": csrf_of(client, "/")})
    assert answer.status_code == 422
    assert "neteisingas" in answer.get_data(as_text=True)


def test_a_form_without_its_token_is_refused(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    assert app.test_client().post("/accounts/login", data={"login": "rasa"}).status_code == 400


def test_guessing_is_slowed_and_forgiven(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    client = app.test_client()
    assert [guess(client, "rasa", "x") for _ in range(5)] == [422] * 5
    assert guess(client, "rasa", cast.password) == 429
    assert guess(app.test_client(), "rasa", cast.password) == 429, "another device waits too"
    at(8, 11)
    assert guess(client, "rasa", cast.password) == 303
    assert guess(client, "rasa", "x") == 422


def test_knowing_one_password_does_not_help_to_guess_others(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    client = app.test_client()
    for number in range(1, 32):
        assert guess(client, f"somebody-{number}", "x") == 422
        assert number % 5 or guess(app.test_client(), "tomas", cast.password) == 303
    assert guess(client, "somebody-else", "x") == 429


def test_a_whole_kindergarten_may_log_in_from_one_address(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    assert [guess(app.test_client(), login, cast.password) for login in ("rasa", "ieva", "lina") * 15] == [303] * 45


def test_an_ended_session_goes_to_the_log_in_and_back(app: Flask, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    with app.app_context(), write_transaction():
        for row in db.session.scalars(select(LoginSession)):
            row.ended_at = row.created_at
    page = rasa.get(f"/attendance/{DAY}/1")
    assert page.status_code == 303
    assert page.location == f"/accounts/login?next=/attendance/{DAY}/1"
    tap = rasa.post(
        f"/attendance/{DAY}/1/children/1",
        headers=HTMX | {"HX-Current-URL": f"http://localhost/attendance/{DAY}/1"},
    )
    assert tap.status_code == 401
    assert tap.headers["HX-Redirect"] == f"/accounts/login?next=/attendance/{DAY}/1"


def test_a_form_sent_after_the_session_ended_goes_back_to_its_page(app: Flask) -> None:
    page = f"/attendance/{DAY}/1"
    answer = app.test_client().post(f"{page}/submit", headers={"Referer": f"http://localhost{page}"})
    assert answer.location == f"/accounts/login?next={page}"


def test_logging_out_ends_the_session_on_the_server(app: Flask, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    assert rasa.post("/accounts/logout").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(LoginSession)).one().ended_at is not None


def test_logging_in_again_ends_the_earlier_session_of_the_browser(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    assert guess(rasa, "tomas", cast.password) == 303
    with app.app_context():
        ended = [row.ended_at is not None for row in db.session.scalars(select(LoginSession).order_by(LoginSession.id))]
    assert ended == [True, False]


def test_a_session_ends_by_itself_when_nobody_uses_it(app: Flask, as_person: LogIn, at: Callable[..., None]) -> None:
    rasa = as_person("vilma")
    at(18, 9)
    assert rasa.get("/", headers={"X-Poll": "1"}).status_code != 303
    at(18, 20)
    assert "login" in rasa.get("/").location


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/sheets/2026-11", "/sheets/2026-11"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\n/evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_after_the_log_in_only_our_own_pages_follow(app: Flask, target: str | None, goes: str) -> None:
    with app.test_request_context():
        assert safe_next(target) == goes
