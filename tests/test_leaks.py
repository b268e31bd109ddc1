"""What leaves the house: nobody's names on others' pages, no markup of what was typed, no formula, the headers.

Rows are written past the program, so that every text of every table holds what is looked for.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Enum, String, Table, Text, select, update
from werkzeug.test import TestResponse

from ediary.accounts import credentials, factors
from ediary.accounts.models import SecondFactor
from ediary.children import codes
from ediary.children.rules import DepartureReason
from ediary.core.db import Base, db
from ediary.core.locks import write_transaction
from ediary.core.orders import Order
from ediary.core.permissions import ROLE_PERMISSIONS, Role
from ediary.core.secrets import unseal
from ediary.core.session import acting_for
from ediary.tablets import actions as tablets
from ediary.transfers import actions as transfers
from tests.cast import Cast
from tests.conftest import DAY
from tests.furnish import House, Place
from tests.test_access import PERSON, address
from tests.test_attacks import reachable

pytestmark = pytest.mark.walk

LogIn = Callable[[str], FlaskClient]

MARKUP = "\"'><img src=x onerror=fuzz7()>"
FORMULA = '=HYPERLINK("http://evil.example")'
#: texts that no person types: keys, hashes, sealed values, what the program says of itself
NOT_TYPED = (
    "hash", "sha256", "sealed", "lookup", "salt", "digest", "token", "code", "key", "package", "login", "table_name",
    "action", "device", "changes", "url", "link", "media_type", "language", "kind", "answers", "columns", "payload",
    "found", "relation", "letter", "index", "number", "path", "state", "facts",
)  # fmt: skip
#: the history is the program's, and of staged lists the cells are sealed
NOT_THEIRS = ("core_", "registers_")


def typed(table: Table) -> list[str]:
    """Columns that hold what people type."""
    return [
        column.name
        for column in table.c
        if isinstance(column.type, String | Text)
        and not isinstance(column.type, Enum)
        and not any(part in column.name for part in NOT_TYPED)
        and not column.unique
    ]


def write_everywhere(value: str, *, institution: int | None = None) -> int:
    """Put the value, made different by its row, into all that people type; how many columns that were."""
    written = 0
    with write_transaction():
        connection = db.session.connection()
        for table in Base.metadata.sorted_tables:
            columns = typed(table)
            if table.name.startswith(NOT_THEIRS) or not columns or "id" not in table.c:
                continue
            if institution is not None and "institution_id" not in table.c:
                continue
            for name in columns:
                new = value + table.c.id.cast(String) if name != "file_name" else value + "1"
                statement = update(table).values({name: new})
                if institution is not None:
                    statement = statement.where(table.c.institution_id == institution)
                with suppress(Exception), connection.begin_nested():
                    connection.execute(statement)
                    written += 1
    return written


def pages(
    app: Flask, as_person: LogIn, role: Role, house: House, asked_for: str = ""
) -> Iterator[tuple[str, TestResponse]]:
    """Every page this role opens, of its own things; `asked_for` stands behind the question mark."""
    client = as_person(PERSON[role])
    with app.app_context():
        asked = [
            (rule, address(rule, house, Place.OWN))
            for method, rule in reachable(app)
            if method == "GET" and app.view_functions[rule.endpoint].required_permission in ROLE_PERMISSIONS[role]  # type: ignore[union-attr]
        ]
    for rule, url in asked:
        yield rule.endpoint, client.get(url, query_string=asked_for)


def furnished(cast: Cast) -> House:
    """A row of every table in each place, but of those whose sealed values no key would open."""
    house, made = House(cast), 0
    for table in Base.metadata.sorted_tables:
        for place in (Place.OWN, Place.FOREIGN):
            if not table.name.startswith(("accounts_second_factor", *NOT_THEIRS)):
                with suppress(Exception):
                    house.row(table.name, place)
                    made += 1
    assert made > 80
    return house


@pytest.mark.parametrize("role", Role)
def test_what_people_type_is_never_markup(app: Flask, cast: Cast, as_person: LogIn, role: Role) -> None:
    with app.app_context():
        house = furnished(cast)
        assert write_everywhere(MARKUP) > 40
    seen = 0
    for endpoint, answer in pages(app, as_person, role, house):
        assert answer.status_code < 500, endpoint
        body = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        assert "<img src=x" not in body, f"{role} {endpoint}"
        seen += "&lt;img src=x" in body
    assert seen > 2, "nothing typed was on any page"


#: the shared list shows a name, the birth year and from where
OFFERED = {"transfers.offers", "transfers.take"}


@pytest.mark.parametrize("role", Role)
def test_no_page_shows_a_text_of_another_kindergarten(
    app: Flask, cast: Cast, as_person: LogIn, undrawn: None, role: Role
) -> None:
    with app.app_context():
        house = furnished(cast)
        written = write_everywhere("SVETIMAS", institution=cast.ezerelis)
        _mark_people(cast)
    assert written > 40
    group, child = cast.zuvytes, cast.children["Žuvytės"][0]
    asked_for = f"group={group}&group_id={group}&child={child}&undo={child}&rows={child}:x&show=all&all=1&q=SVET"
    both = [*pages(app, as_person, role, house), *pages(app, as_person, role, house, asked_for)]
    for endpoint, answer in both:
        if endpoint not in OFFERED and answer.mimetype.startswith("text/"):
            text = answer.get_data(as_text=True)
            at = text.find("SVETIMAS")  # what was sought is said again, and is shorter
            assert at < 0, f"{role} {endpoint}: {text[max(at - 100, 0) : at + 100]}"


def _mark_people(cast: Cast) -> None:
    """Those of Ežerėlis, whose rows belong to no institution by themselves; and the house itself."""
    users, houses = Base.metadata.tables["accounts_user"], Base.metadata.tables["institutions_institution"]
    with write_transaction():
        for login in ("ona", "asta", "nida"):
            db.session.connection().execute(
                update(users).where(users.c.id == cast.users[login]).values(first_name="SVETIMAS", last_name="SVETIMAS")
            )
        db.session.connection().execute(update(houses).where(houses.c.id == cast.ezerelis).values(name="SVETIMAS"))


@pytest.mark.parametrize("role", Role)
def test_no_spreadsheet_that_leaves_works_anything_out(
    app: Flask, cast: Cast, as_person: LogIn, undrawn: None, role: Role
) -> None:
    with app.app_context():
        house = furnished(cast)
        write_everywhere(FORMULA)
    for endpoint, answer in pages(app, as_person, role, house):
        if answer.mimetype == "text/csv":
            rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";")
            for cell in (cell for row in rows for cell in row):
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or _is_number(cell), f"{endpoint}: {cell}"
        if answer.mimetype.endswith("spreadsheetml.sheet"):
            with zipfile.ZipFile(io.BytesIO(answer.get_data())) as workbook:
                for name in workbook.namelist():
                    text = workbook.read(name).decode("utf-8", "replace")
                    assert "<f>=HYP" not in text, f"{endpoint} {name}"
                    assert "<f>HYP" not in text, f"{endpoint} {name}"
                    assert "evil.example" not in text or "relationships" not in name, f"{endpoint} {name}"


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "").lstrip("+-").isdigit()


# --- headers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EDUCATOR, Role.GUARDIAN])
def test_every_answer_carries_the_headers_of_safety(
    app: Flask, cast: Cast, as_person: LogIn, undrawn: None, role: Role
) -> None:
    with app.app_context():
        house = furnished(cast)
    for endpoint, answer in pages(app, as_person, role, house):
        headers = answer.headers
        policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")}
        assert policy["default-src"] in (["'self'"], ["'none'"]), endpoint
        assert policy.get("script-src", ["'self'"]) == ["'self'"], endpoint
        assert "unsafe" not in headers["Content-Security-Policy"], endpoint
        assert headers["X-Content-Type-Options"] == "nosniff", endpoint
        assert headers["Cache-Control"].startswith(("no-store", "private, no-store")), f"{endpoint} may be kept"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", endpoint
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", endpoint
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), endpoint
        assert "Access-Control-Allow-Origin" not in headers, endpoint
        assert headers["Content-Type"].startswith(("application/", "image/")) or "charset=utf-8" in str(
            headers["Content-Type"]
        ), endpoint


def test_no_page_is_framed_and_no_form_leads_away(app: Flask, cast: Cast) -> None:
    policy = app.test_client().get("/accounts/login").headers["Content-Security-Policy"]
    for part in ("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'", "object-src 'none'"):
        assert part in policy


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT"])
def test_methods_that_are_not_in_use_are_refused(app: Flask, cast: Cast, method: str) -> None:
    assert app.test_client().open("/accounts/login", method=method).status_code == 405


def test_an_error_tells_strangers_nothing_of_the_program(app: Flask, cast: Cast) -> None:
    for url in ("/nowhere", "/accounts/login/x", "/static/nowhere.js"):
        answer = app.test_client().get(url)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 404
        assert not any(word in text for word in ("Traceback", "werkzeug", "Flask", "sqlalchemy", "/work/")), url
        assert "granian" not in answer.headers.get("Server", "").lower()


# --- what lies in the database --------------------------------------------------------------------------------------


def test_no_code_and_no_secret_lies_in_the_database_or_its_history(
    app: Flask, cast: Cast, at: Callable[..., None]
) -> None:
    """Not as it was typed, not without its dashes: a stolen file opens nothing and names nobody by a code."""
    child, personal = cast.children["Boružiukai"][0], "52203140012"
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        codes.set_personal_code(child, "child", personal)
        slip = credentials.issue_slip(cast.users["tomas"], "")
        pairing = tablets.new_code(tablets.add("Planšetė", [cast.boruziukai], "").id)
        order = Order("V-77", DAY, "")
        leaving = transfers.depart(child, DAY, next(iter(DepartureReason)), "", order)
        letter = transfers.offer(leaving.id)
        factors.begin(cast.users["rasa"])
        secret = unseal(db.session.scalars(select(SecondFactor.sealed)).one())
    with app.app_context():
        path = Path(db.engine.url.database or "")
    whole = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert "Žukauskas".encode() in whole, "the database is not read"
    for code in (personal, slip, pairing, letter, secret, cast.password):
        for spelling in (code, code.replace("-", ""), code.lower()):
            assert spelling.encode() not in whole
