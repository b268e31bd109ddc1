"""Cookies are as secure as the request: over HTTPS Secure and `__Host-`, without it the plain ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.conftest import send
from tests.cast import Cast
from tests.conftest import build_app

SECURE = "https://localhost"


def cookies_of(client: FlaskClient, base_url: str, password: str) -> dict[str, str]:
    """Name -> attributes of the cookies a log-in sets."""
    page = client.get("/accounts/login", base_url=base_url)
    token = page.get_data(as_text=True).split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = client.post(
        "/accounts/login",
        base_url=base_url,
        headers={"Referer": f"{base_url}/accounts/login"},
        data={"login": "rasa", "password": password, "csrf_token": token},
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return {one.partition("=")[0]: one.partition(";")[2] for one in answer.headers.getlist("Set-Cookie")}


def test_over_https_cookies_are_secure_and_bound_to_the_host(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    cookies = cookies_of(app.test_client(), SECURE, cast.password)
    assert set(cookies) == {"__Host-ediary", "__Host-ediary-device"}
    for attributes in cookies.values():
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {one.strip() for one in attributes.split(";")}
        assert "Domain" not in attributes


def test_without_https_they_are_plain_and_still_out_of_reach_of_scripts(
    app: Flask, cast: Cast, at: Callable[..., None]
) -> None:
    cookies = cookies_of(app.test_client(), "http://localhost", cast.password)
    assert set(cookies) == {"ediary", "ediary-device"}
    for attributes in cookies.values():
        assert {"HttpOnly", "SameSite=Lax"} <= {one.strip() for one in attributes.split(";")}
        assert "Secure" not in attributes


def test_a_plain_cookie_opens_nothing_over_https(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    client = app.test_client()
    assert send(client, "/accounts/login", login="rasa", password=cast.password)[0] == 303
    assert client.get("/roles").status_code == 200
    assert "login" in client.get("/roles", base_url=SECURE).location


def test_only_https_tells_the_browser_to_stay_with_it(app: Flask, at: Callable[..., None]) -> None:
    client = app.test_client()
    assert "Strict-Transport-Security" not in client.get("/accounts/login").headers
    told = client.get("/accounts/login", base_url=SECURE).headers["Strict-Transport-Security"]
    assert told == "max-age=31536000"


@pytest.fixture
def behind_proxy(tmp_path: Path) -> Flask:
    return build_app(f"sqlite:///{tmp_path}/x.sqlite3", tmp_path, TRUSTED_PROXIES=1)


def test_the_proxy_says_whether_there_is_https_and_nobody_else(app: Flask, behind_proxy: Flask) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    for program, cookie in ((behind_proxy, "__Host-ediary="), (app, "ediary=")):
        answer = program.test_client().get("/accounts/login", headers=said)
        assert answer.headers["Set-Cookie"].startswith(cookie)
