"""Random and hostile values at every form field and every part of an address: no fault, and no silent change.

Areas, pages, forms and fields are found by walking the program (tests/fuzz.py), so what is added is asked too.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from ediary.core.db import db
from ediary.core.permissions import ROLE_PERMISSIONS, Role
from tests.cast import Cast
from tests.conftest import DAY, dispose, steady, without_database
from tests.furnish import KINDS, House, Place
from tests.fuzz import ROUNDS, SEED, Drawn, Heard, Sent, Watch, addresses, ask, bent, drawn_on, hearing, hostile
from tests.test_access import PERSON

pytestmark = pytest.mark.walk

ROOT = Path(__file__).resolve().parent.parent
AREAS = sorted(path.parent.name for path in ROOT.glob("ediary/*/routes.py"))

#: more faults of one address than this say nothing new
ENOUGH = 3


@dataclass
class Siege:
    """One area under fire: the program on a database that every address finds as it was."""

    app: Flask
    cast: Cast
    area: str
    as_person: Callable[[str], FlaskClient]
    kept: Path
    found: list[str] = field(default_factory=list)
    sent: int = 0

    def __post_init__(self) -> None:
        self.random = Random(f"{SEED} {self.area}")
        with self.app.app_context():
            self.database = Path(db.engine.url.database or "")
            house = House(self.cast)
            self.urls = [(rule, self._address(rule, house)) for rule in self._rules()]
        self.clients = {role: self._as(role) for role in Role}
        self.nobody = self._as(None)
        dispose(self.app)
        shutil.copy(self.database, self.kept)
        self.watch = Watch(self.database)

    def _rules(self) -> list[Rule]:
        return [rule for rule in self.app.url_map.iter_rules() if rule.endpoint.partition(".")[0] == self.area]

    def _address(self, rule: Rule, house: House) -> str:
        def part(found: re.Match[str]) -> str:
            name = found[2]
            if name in KINDS:
                return str(house.row(KINDS[name], Place.OWN))
            if found[1] and found[1].startswith("any("):
                return found[1][4:].split(",")[0].strip(" )'\"")
            known = {"day": DAY.isoformat(), "month": "2026-11", "year": "2026"}
            return known.get(name, "1" if found[1] == "int" else "pdf")

        return re.sub(r"<(?:([^>]+?):)?([^>:]+)>", part, rule.rule)

    def _as(self, role: Role | None) -> FlaskClient:
        return steady(self.as_person(PERSON[role]) if role else self.app.test_client())

    def restore(self) -> None:
        """As it was: a log-out, an ended role or a locked day troubles no other address."""
        self.watch.close()
        dispose(self.app)
        shutil.copy(self.kept, without_database(self.app))
        self.watch = Watch(self.database)

    def roles(self, rule: Rule) -> list[Role | None]:
        view: Any = self.app.view_functions[rule.endpoint]
        if getattr(view, "is_public", False):
            return [None]
        return [role for role in Role if view.required_permission in ROLE_PERMISSIONS[role]]

    def client(self, role: Role | None) -> FlaskClient:
        return self.clients[role] if role else self.nobody

    def ask(self, role: Role | None, sent: Sent) -> Any:
        self.sent += 1
        answer, wrong = ask(self.client(role), sent, self.watch)
        self.found += [f"{role or 'nobody'} {sent}: {one}" for one in wrong]
        return answer

    # --- the parts of it ---

    def pages(self) -> dict[str, list[tuple[Role | None, Drawn]]]:
        """Every page as every role that may see it; the forms drawn there, by endpoint."""
        forms: dict[str, list[tuple[Role | None, Drawn]]] = {}
        for rule, url in self.urls:
            if "GET" not in (rule.methods or ()):
                continue
            for role in self.roles(rule):
                answer = self.ask(role, Sent("GET", url))
                if answer is not None and answer.mimetype == "application/pdf":
                    break  # a paper is the same for all, and takes long to draw
                if answer is not None and answer.mimetype == "text/html" and answer.status_code == 200:
                    for form in drawn_on(answer.get_data(as_text=True), url, addresses(self.app)):
                        known = forms.setdefault(form.endpoint, [])
                        if all(form.names != other.names for _, other in known):
                            known.append((role, form))
        return forms

    def bend(self) -> None:
        """Every part of every address, and what is asked for after the question mark."""
        for rule, url in self.urls:
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            roles = self.roles(rule)
            for bad in bent(self.random, rule, url):
                self.ask(self.random.choice(roles), Sent(method, bad))
            if method == "GET":
                Heard.names.clear()
                self.ask(roles[0], Sent("GET", url))
                names = sorted(Heard.names - {"csrf_token"})
                for sent in hostile(self.random, Drawn("", url, tuple(names), ())):
                    if sent.raw is None and not sent.files and sent.pairs:
                        asked = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sent.pairs)
                        self.ask(self.random.choice(roles), Sent("GET", f"{url}?{asked[:6_000]}"))

    def post(self, forms: dict[str, list[tuple[Role | None, Drawn]]]) -> None:
        """Every address that writes, each on the database as it was."""
        for rule, url in self.urls:
            if "POST" not in (rule.methods or ()):
                continue
            roles = self.roles(rule)
            self.restore()
            Heard.names.clear()
            self.ask(roles[0], Sent("POST", url))
            asked_for = sorted(Heard.names - {"csrf_token"})
            drawn = forms.get(rule.endpoint, [])[:2] or [(None, Drawn(rule.endpoint, url, (), ()))]
            for role, form in drawn:
                names = tuple(dict.fromkeys((*form.names, *asked_for)))[:40]
                whole = Drawn(form.endpoint, form.url, names, form.base, form.files)
                begun = len(self.found)
                for sent in hostile(self.random, whole):
                    by = role if role in roles else self.random.choice(roles)
                    answer = self.ask(by, sent)
                    if answer is not None and answer.status_code == 303:
                        self.ask(by, Sent("GET", answer.headers["Location"]))
                    if len(self.found) > begun + ENOUGH:
                        break


def _quoted(value: str) -> str:
    return quote(value, safe="")


@pytest.fixture
def besieged(
    app: Flask, cast: Cast, as_person: Callable[[str], FlaskClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Siege]]:
    monkeypatch.setattr(app, "request_class", hearing(app.request_class))
    made: list[Siege] = []

    def begin(area: str) -> Siege:
        made.append(Siege(app, cast, area, as_person, tmp_path / "as-it-was.sqlite3"))
        return made[-1]

    yield begin
    for siege in made:
        siege.watch.close()


@pytest.mark.parametrize("area", AREAS)
def test_hostile_values_break_nothing_and_change_nothing_in_silence(
    besieged: Callable[[str], Siege], area: str
) -> None:
    siege = besieged(area)
    for _ in range(ROUNDS):
        forms = siege.pages()
        siege.bend()
        siege.post(forms)
    told = "\n".join(dict.fromkeys(siege.found))
    assert not siege.found, f"FUZZ_SEED={SEED}, {siege.sent} requests, {len(siege.found)} faults:\n{told[:6_000]}"


# --- the harness itself ---------------------------------------------------------------------------------------------


def test_fields_of_drawn_forms_are_found(besieged: Callable[[str], Siege]) -> None:
    forms = besieged("attendance").pages()
    assert {name for _, form in forms["attendance.announce"] for name in form.names} >= {"child_id", "first", "last"}
    assert {name for _, form in forms["attendance.mark"] for name in form.names} >= {"wanted", "seen"}


def test_a_silent_change_is_noticed(besieged: Callable[[str], Siege]) -> None:
    siege = besieged("home")
    with siege.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE children_child SET first_name = 'Kitas' WHERE id = 1"))
    assert siege.watch.silent() == ["no history of: children_child 1: first_name changed"]
    assert siege.watch.silent() == []
    with siege.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM children_guardian"))
    assert siege.watch.silent() == ["no history of: children_guardian 1 removed"]
