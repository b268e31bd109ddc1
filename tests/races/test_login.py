"""Many come in at once: the count of tries is one row that several workers want to make."""

from __future__ import annotations

import http.client
import multiprocessing
import re
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts.models import LoginSession
from ediary.core import clock
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from tests.races.client import Tablet
from tests.races.kindergartens import PASSWORD, make_people, make_small
from tests.services.server import server

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]


def come_in(port: int) -> None:
    Tablet(port, "mokytoja", PASSWORD)


def test_first_log_ins_at_the_same_moment_all_succeed(database: tuple[Flask, str | None], tmp_path: Path) -> None:
    app, url = database
    with app.app_context(), clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        make_small(1, make_people(), 1)
    start = {"EDIARY_CLOCK_START": "2026-11-23T06:05:00+00:00"}
    with (
        server(tmp_path, url, environment=start) as running,
        multiprocessing.get_context("fork").Pool(4) as pool,
    ):
        for _ in range(5):
            pool.map(come_in, [running.port] * 4, chunksize=1)


def guess(port: int) -> int:
    """Status of a wrong guess from a browser without cookies."""
    return try_in(port, "ne tas")


def try_in(port: int, password: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/accounts/login")
    page = connection.getresponse()
    cookie = (page.headers["Set-Cookie"] or "").partition(";")[0]
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.read().decode())
    assert token
    form = urlencode({"login": "mokytoja", "password": password, "csrf_token": token[1]})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/accounts/login", form, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_many_guesses_at_once_on_several_workers_are_slowed_like_many_in_a_row(
    database: tuple[Flask, str | None], tmp_path: Path
) -> None:
    app, url = database
    with app.app_context(), clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        make_small(1, make_people(), 1)
    start = {"EDIARY_CLOCK_START": "2026-11-23T06:05:00+00:00"}
    with (
        server(tmp_path, url, workers=2, environment=start) as running,
        multiprocessing.get_context("fork").Pool(6) as pool,
    ):
        own = Tablet(running.port, "mokytoja", PASSWORD)
        tried = pool.map(guess, [running.port] * 30, chunksize=1)
        assert set(tried) == {422, 429}
        # 4 are free; while the 30 run some seconds pass, in which the first short waits run off
        assert tried.count(422) <= 8, tried
        assert try_in(running.port, PASSWORD) == 429, "a device that nobody knows"
        status, _ = own.send("GET", "/accounts/login")
        assert status == 200
        assert again(own) == 303, "the owner's own device"
        own.connection.close()


def again(own: Tablet) -> int:
    """Log in once more on a device that has been logged in on."""
    own.cookies = {name: value for name, value in own.cookies.items() if "device" in name}
    own.token = ""
    _, page = own.send("GET", "/accounts/login")
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert token
    data = {"login": "mokytoja", "password": PASSWORD, "csrf_token": token[1]}
    return own.send("POST", "/accounts/login", data)[0]


def use_slip(job: tuple[int, str]) -> bool:
    """A whole first entry; was one in at its end?"""
    port, code = job
    browser = Tablet.nobody(port)
    secret = dict.fromkeys(("password", "again"), "trys raudoni batai lietuje")
    for path, data in (("/accounts/first", {"code": code}), ("/accounts/first/password", secret)):
        _, page = browser.send("GET", path)
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        if token is None:
            return False  # somebody else has used it: back to the code
        browser.send("POST", path, {**data, "csrf_token": token[1]})
    return browser.send("GET", "/roles")[0] == 200


def test_a_slip_used_by_several_at_once_opens_once(database: tuple[Flask, str | None], tmp_path: Path) -> None:
    app, url = database
    with app.app_context(), clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        small = make_small(1, make_people(), 1)
    with app.app_context(), clock.frozen(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        with acting_for(small.institution_id), write_transaction():
            user_id = credentials.make_login("Nauja", "Naujokė").id
            accounts.add_membership(user_id, small.institution_id, Role.EDUCATOR, date(2026, 9, 1))
            code = credentials.issue_slip(user_id, "")
    start = {"EDIARY_CLOCK_START": "2026-11-23T06:05:00+00:00", "INDEX_KEY": app.config["INDEX_KEY"]}
    with (
        server(tmp_path, url, workers=2, environment=start) as running,
        multiprocessing.get_context("fork").Pool(4) as pool,
    ):
        assert pool.map(use_slip, [(running.port, code)] * 8, chunksize=1).count(True) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(LoginSession.id)).filter_by(user_id=user_id)) == 1
