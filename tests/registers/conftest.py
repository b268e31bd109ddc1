"""A person who sends a list, says its columns, and writes it: the steps of a page as one call each."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select
from werkzeug.test import TestResponse

from ediary.core.db import db
from ediary.core.secrets import blind_index, unseal
from ediary.core.session import acting_for
from tests.cast import Cast
from tests.conftest import HTMX


@dataclass
class Sender:
    """An administrator at the lists' pages."""

    client: FlaskClient
    base: str = ""
    seen: dict[str, str] = field(default_factory=dict)

    def send(self, content: bytes, kind: str = "children", name: str = "sarasas.csv") -> TestResponse:
        data = {"file": (io.BytesIO(content), name), "school_year": "2026"}
        answer = self.client.post(f"/registers/lists/{kind}/new", data=data, content_type="multipart/form-data")
        if answer.status_code == 303:
            self.base = answer.location.rpartition("/")[0]
        return answer

    def columns(self) -> str:
        return self.client.get(f"{self.base}/columns").get_data(as_text=True)

    def settle(self, **other: str) -> TestResponse:
        """The columns as the page proposes them, but for what is said otherwise."""
        page = self.columns()
        said = {}
        for menu in re.finditer(r'<select name="(column-\d+)".*?</select>', page, re.DOTALL):
            chosen = re.search(r'value="([^"]+)" selected', menu[0])
            said[menu[1]] = chosen[1] if chosen else ""
        said |= dict(re.findall(r'name="((?:names|days)-\d+)" value="([^"]+)" checked', page))
        return self.client.post(
            f"{self.base}/columns", data=said | {name.replace("_", "-"): v for name, v in other.items()}
        )

    def read(self) -> int:
        """All parts, as the page asks for them by itself; how many it asked."""
        for asked in range(1, 50):
            answer = self.client.post(f"{self.base}/work", headers=HTMX)
            assert answer.status_code == 200
            if "HX-Redirect" in answer.headers:
                return asked
        raise AssertionError("reading never ends")

    def compare(self, content: bytes, kind: str = "children", name: str = "sarasas.csv", **other: str) -> str:
        """Sent, its columns settled, read; the differences' page."""
        answer = self.send(content, kind, name)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        settled = self.settle(**other)
        assert settled.status_code == 303, settled.get_data(as_text=True)
        self.read()
        return self.page()

    def page(self, show: str = "") -> str:
        return self.client.get(self.base, query_string={"show": show} if show else {}).get_data(as_text=True)

    def counts(self) -> dict[str, int]:
        """What the differences' page counts."""
        found = re.findall(r'show=(\w+)"[^>]*><b>(\d+)</b>', self.page())
        return {show: int(count) for show, count in found}

    def groups(self, answer: str = "kindergarten") -> TestResponse:
        """The same answer for every new group."""
        places = re.findall(r'id="(group-\d+)"', self.page())
        return self.client.post(f"{self.base}/groups", data=dict.fromkeys(places, answer))

    def decide(self, number: int, **said: str) -> TestResponse:
        return self.client.post(f"{self.base}/rows/{number}", data=said)

    def apply(self, starts_on: str = "2026-11-24", **other: object) -> TestResponse:
        seen = re.search(r'name="seen" value="([^"]+)"', self.page())
        data = {"seen": seen[1] if seen else "x", "starts_on": starts_on, **other}
        return self.client.post(f"{self.base}/apply", data=data)

    def undo(self) -> TestResponse:
        return self.client.post(f"{self.base}/undo")


@pytest.fixture
def aldona(as_person: Callable[[str], FlaskClient]) -> Sender:
    """The administrator."""
    return Sender(as_person("aldona"))


class Rows(list[Any]):
    """What a statement found, to be looked at after its session is over."""

    def one(self) -> Any:
        assert len(self) == 1, self
        return self[0]

    def first(self) -> Any:
        return self[0] if self else None


@dataclass
class Ask:
    """The test's own reads, of Saulutė; each in a session of its own."""

    app: Flask
    institution_id: int

    def scalars(self, statement: Select[Any]) -> Rows:
        with self.app.app_context(), acting_for(self.institution_id):
            return Rows(db.session.scalars(statement))

    def scalar(self, statement: Select[Any]) -> Any:
        return self.scalars(statement).first()

    def count(self, model: type[Any]) -> int:
        return len(self.scalars(select(model.id)))

    def unsealed(self, text: str) -> str:
        with self.app.app_context():
            return unseal(text)

    def index(self, text: str) -> str:
        with self.app.app_context():
            return blind_index(text)


@pytest.fixture
def ask(app: Flask, cast: Cast) -> Ask:
    return Ask(app, cast.saulute)
