"""A card in one person's hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.session import acting_for
from tests.cast import Cast
from tests.conftest import HTMX

LogIn = Callable[[str], FlaskClient]
Inside = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def kid(cast: Cast) -> int:
    """The first of the Boružiukai, Greta's."""
    return cast.children["Boružiukai"][0]


@pytest.fixture
def inside(app: Flask, cast: Cast) -> Inside:
    """In Saulutė, as the program itself: `with inside(): …`."""

    @contextmanager
    def enter() -> Iterator[None]:
        with app.app_context(), acting_for(cast.saulute):
            yield

    return enter


class Card:
    """A child's card as one person sees and changes it."""

    def __init__(self, client: FlaskClient, child_id: int) -> None:
        self.client, self.child_id = client, child_id

    def get(self, path: str = "", htmx: bool = False) -> Any:
        return self.client.get(f"/cards/{self.child_id}{path}", headers=HTMX if htmx else {})

    def post(self, path: str, htmx: bool = True, **data: Any) -> Any:
        return self.client.post(f"/cards/{self.child_id}{path}", data=data, headers=HTMX if htmx else {})

    def body(self, path: str = "", htmx: bool = False) -> str:
        answer = self.get(path, htmx)
        assert answer.status_code == 200
        return str(answer.get_data(as_text=True))


@pytest.fixture
def card(as_person: LogIn, kid: int) -> Callable[..., Card]:
    """`card("rasa")`: the first child's; `card("rasa", other)`."""
    return lambda login, child_id=None: Card(as_person(login), child_id or kid)


def entries(child_id: int, action: str, table: str) -> list[AuditEntry]:
    """Of the history: the oldest first. Run inside."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.child_id == child_id, AuditEntry.action == action, AuditEntry.table_name == table)
            .order_by(AuditEntry.id)
        )
    )
