"""Short ways to slips and to who holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ediary.accounts import actions, credentials
from ediary.accounts.models import User
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from tests.cast import FIRST, Cast
from tests.conftest import csrf_of

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]

GOOD = "trys raudoni batai lietuje"
BY = "administratorė Aldona Kairienė"


@contextmanager
def writing(app: Flask, institution_id: int) -> Iterator[None]:
    """As the institution's administrator would, past the pages."""
    with app.app_context(), acting_for(institution_id), write_transaction():
        yield


def newcomer(app: Flask, institution_id: int, role: Role = Role.EDUCATOR, email: str = "") -> tuple[int, str]:
    """Somebody who has never come in, and the code of their slip."""
    with writing(app, institution_id):
        user = credentials.make_login("Vaida", "Naujokienė", email)
        actions.add_membership(user.id, institution_id, role, FIRST)
        return user.id, credentials.issue_slip(user.id, BY)


def slip_for(app: Flask, cast: Cast, login: str, **options: bool) -> str:
    """A slip that replaces the credentials of one of Saulutė's people."""
    with writing(app, cast.saulute):
        return credentials.issue_slip(cast.users[login], BY, **options)


def user(app: Flask, user_id: int) -> User:
    with app.app_context():
        found = db.session.get(User, user_id)
        assert found is not None
        return found


def send(client: FlaskClient, path: str, **data: object) -> tuple[int, str]:
    """Status and, of a redirect, where to; else the body."""
    answer = client.post(path, data={**data, "csrf_token": csrf_of(client, path)})
    return answer.status_code, answer.location or answer.get_data(as_text=True)


def log_in(client: FlaskClient, login: str, password: str) -> int:
    return send(client, "/accounts/login", login=login, password=password)[0]


def type_code(client: FlaskClient, code: str) -> tuple[int, str]:
    return send(client, "/accounts/first", code=code)


def choose(client: FlaskClient, password: str = GOOD, again: str | None = None) -> tuple[int, str]:
    return send(client, "/accounts/first/password", password=password, again=password if again is None else again)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser nobody has logged in with."""
    return app.test_client()
