"""Fixtures: the application on a fresh database with the Cast in it, log-ins for them, a standing clock.

Each test process builds one application and one Cast; each test gets a database file and a folder of its own.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_login import login_user
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf
from hypothesis import HealthCheck, settings
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from ediary import create_app, gate
from ediary.accounts import actions as accounts
from ediary.accounts.tokens import device_kind
from ediary.core import clock, pdf
from ediary.core.dates import at_local
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.secrets import Keys, fresh_key
from tests.cast import Cast, make_cast
from tests.services.postgres import PostgresServer

pytest_plugins = ["tests.services.fixtures"]

#: a Monday in November 2026, a working day; most tests stand at 8:10 of it
DAY = date(2026, 11, 23)
MORNING = at_local(DAY, time(8, 10))

DATA_KEYS = Keys(fresh_key())

#: a folder that lies in memory, on Linux
MEMORY = "/dev/shm"

# a busy machine is no fault of what is tested
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

TABLET = "Mozilla/5.0 (Linux; Android 14; Tablet) Test"


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end: the collector need not walk it again and again (a tenth of a run)."""
    gc.collect()
    gc.freeze()


def build_app(url: str, folder: Path, **settings: Any) -> Flask:
    """The application as the tests run it: cheap passwords, everything else as in production."""
    return create_app(
        {
            "TESTING": True,
            "SECRET_KEY": b"a key for tests only, 32 bytes long",
            "DATA_KEYS": DATA_KEYS,
            "INDEX_KEY": "an index key for tests only, 32 characters",
            "SQLALCHEMY_DATABASE_URI": url,
            "INSTANCE_DIR": folder,
            "FILES_DIR": folder / "printed",
            "CHEAP_PASSWORDS": True,
            **settings,
        }
    )


@contextmanager
def fresh_database(app: Flask) -> Iterator[None]:
    """Migrations applied; connections closed at the end."""
    with app.app_context():
        upgrade()
    try:
        yield
    finally:
        dispose(app)


def dispose(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def without_database(app: Flask) -> Path:
    """Remove its SQLite database; returns the path. Never written over: a leftover connection keeps the old file."""
    with app.app_context():
        path = Path(db.engine.url.database or "")
    for left in path.parent.glob(f"{path.name}*"):  # its log among them
        left.unlink()
    return path


@pytest.fixture(scope="session")
def application() -> Iterator[Flask]:
    """The application of this test process: its templates, routes and statements are compiled once, not per test.

    Its databases lie in memory where the system has a folder there, so that thousands of commits wait for no disk.
    """
    with TemporaryDirectory(prefix="ediary-tests-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        yield build_app(f"sqlite:///{folder}/test.sqlite3", Path(folder))


@pytest.fixture(scope="session")
def cast_database(application: Flask) -> tuple[Path, Cast]:
    """A SQLite file with the Cast in it, made once by the migrations; each test gets a copy."""
    made = without_database(application)
    with fresh_database(application), clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), application.app_context():
        cast = make_cast()
    return made.rename(made.with_name("cast.sqlite3")), cast


@pytest.fixture
def beginning(cast_database: tuple[Path, Cast]) -> Path:
    """The database a test gets a copy of; a folder of tests may begin further on."""
    return cast_database[0]


@pytest.fixture
def app(application: Flask, beginning: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of this test's own, with an empty folder for the files it keeps."""
    shutil.copy(beginning, without_database(application))
    application.config.update(INSTANCE_DIR=tmp_path, FILES_DIR=tmp_path / "printed")
    yield application
    dispose(application)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def cast(cast_database: tuple[Path, Cast]) -> Cast:
    """Ids and names of the Cast."""
    return cast_database[1]


@pytest.fixture
def at() -> Iterator[Callable[..., None]]:
    """Moves the standing clock: `at(8, 59)`, `at(9, 0, day=...)`, or `at(moment=...)` with an aware moment."""
    stack: list[Any] = []

    def move(hour: int = 8, minute: int = 10, *, day: date = DAY, moment: datetime | None = None) -> None:
        while stack:
            stack.pop().__exit__(None, None, None)
        frozen = clock.frozen(moment or at_local(day, time(hour, minute)))
        frozen.__enter__()
        stack.append(frozen)

    move()
    yield move
    while stack:
        stack.pop().__exit__(None, None, None)


Client = FlaskClient


def come_in(app: Flask, cast: Cast, login: str) -> FlaskClient:
    """A test client of this person, over whichever database the application has."""
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = TABLET
    with client.session_transaction() as stored, app.test_request_context():
        with write_transaction():
            token = accounts.open_session(cast.users[login], device_kind(TABLET))
        assert login_user(gate.load_user(token))
        client.environ_base["HTTP_X_CSRFTOKEN"] = generate_csrf()
        stored.update(session)
    return client


@pytest.fixture
def as_person(app: Flask, cast: Cast, at: Callable[..., None]) -> Callable[[str], FlaskClient]:
    """A test client logged in as one of the Cast: `as_person("rasa")`. Stands at 8:10 unless moved with `at`.

    Opens the session as the log-in page does once it believes the password; the page has tests of its own.
    """

    return partial(come_in, app, cast)


def steady(client: FlaskClient) -> FlaskClient:
    """The same person with a cookie that never changes, whatever the answers say: no words left for the next page."""
    name = client.application.config["SESSION_COOKIE_NAME"]
    token = client.environ_base.get("HTTP_X_CSRFTOKEN") or csrf_of(client, "/accounts/login")
    cookie = client.get_cookie(name)
    assert cookie is not None
    same = client.application.test_client(use_cookies=False)
    same.environ_base |= {
        "HTTP_COOKIE": f"{name}={cookie.value}",
        "HTTP_X_CSRFTOKEN": token,
        "HTTP_USER_AGENT": TABLET,
    }
    return same


class Walker:
    """One of the Cast who goes through the whole program with one log-in, and logs in anew only where it was ended."""

    def __init__(self, as_person: Callable[[str], FlaskClient], login: str) -> None:
        self._log_in = lambda: steady(as_person(login))
        self._client = self._log_in()

    def ask(self, method: str, url: str, **sent: Any) -> TestResponse:
        answer = self._client.open(url, method=method, **sent)
        if _leads_to_log_in(answer):
            self._client = self._log_in()
            answer = self._client.open(url, method=method, **sent)
            assert not _leads_to_log_in(answer), f"{method} {url} asks for a log-in"
        if method == "POST" and url.startswith(_OF_THE_SESSION) and answer.status_code < 400:
            self._client = self._log_in()
        return answer


#: what is done there ends the session, or goes on in another role
_OF_THE_SESSION = ("/accounts/", "/tablets/")


def _leads_to_log_in(answer: TestResponse) -> bool:
    return answer.headers.get("Location", answer.headers.get("HX-Redirect", "")).startswith("/accounts/login?")


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are made up to their text, and the page drawn is one and empty: drawing takes long, and others test it."""
    monkeypatch.setattr(pdf, "html_to_pdf", lambda html: _empty_paper())


@cache
def _empty_paper() -> bytes:
    return _html_to_pdf("<html><body><p>-</p></body></html>")


_html_to_pdf = pdf.html_to_pdf


def csrf_of(client: FlaskClient, path: str) -> str:
    """A CSRF token of this client's session, made as a page would make it."""
    with client.session_transaction() as stored, client.application.test_request_context(path):
        session.update(stored)
        token = generate_csrf()
        stored.update(session)
    return token


def less_tokens(body: str) -> str:
    """A page without what is new at every asking: a token carries the second it was made in."""
    return re.sub(r'X-CSRFToken": ?"[^"]*"|name="csrf_token"[^>]*value="[^"]*"|data-now="[^"]*"', "", body)


HTMX = {"HX-Request": "true"}


class Statements(list[str]):
    """SQL statements of a block, in order."""


@contextmanager
def count_queries(at_most: int | None = None) -> Iterator[Statements]:
    """Collects the SQL of a block; fails when there is more of it than allowed, naming each statement."""
    seen = Statements()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    if at_most is not None:
        assert len(seen) <= at_most, f"{len(seen)} statements:\n" + "\n".join(seen)
