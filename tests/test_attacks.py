"""Attacks on the whole program at once: forged forms, ids of others in fields, names of others on pages, markup.

The access table (test_access.py) asks about ids in addresses; here they stand in what is sent.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from wtforms.fields.core import UnboundField

from ediary.core.db import Base, db
from ediary.core.forms import Form
from ediary.core.permissions import ROLE_PERMISSIONS, SEES_OWN_GROUPS, Role
from tests.access import OF_NOBODY, guarded
from tests.cast import Cast
from tests.conftest import DAY, HTMX, Walker, csrf_of
from tests.furnish import KINDS, House, Place
from tests.fuzz import POINTS, Drawn, addresses, drawn_on
from tests.test_access import PERSON, address

LogIn = Callable[[str], FlaskClient]


def reachable(app: Flask) -> list[tuple[str, Rule]]:
    """All behind the log-in whose address can be built; test_access.py asks that every one can."""
    return [(method, rule) for method, rule in guarded(app) if set(rule.arguments) <= OF_NOBODY | set(KINDS)]


# --- forged forms ---------------------------------------------------------------------------------------------------


def without_token(client: FlaskClient) -> FlaskClient:
    client.environ_base.pop("HTTP_X_CSRFTOKEN")
    return client


@pytest.mark.parametrize("token", [None, "another's", "nonsense"])
def test_no_write_without_the_token_of_its_own_session(
    app: Flask, cast: Cast, as_person: LogIn, token: str | None
) -> None:
    clients = {role: without_token(as_person(PERSON[role])) for role in Role}
    sent = {None: {}, "another's": {"csrf_token": csrf_of(as_person("lina"), "/")}, "nonsense": {"csrf_token": "x.y.z"}}
    with app.app_context():
        house = House(cast)
        asked = [(rule, address(rule, house, Place.OWN)) for method, rule in reachable(app) if method == "POST"]
    for rule, url in asked:
        permission = app.view_functions[rule.endpoint].required_permission  # type: ignore[union-attr]
        role = next(role for role in Role if permission in ROLE_PERMISSIONS[role])
        for headers in ({}, HTMX):
            answer = clients[role].post(url, data=sent[token], headers=headers)
            assert answer.status_code == 400, f"{role} POST {url}: {answer.status_code}"


def test_public_forms_ask_for_a_token_too(app: Flask, cast: Cast) -> None:
    public = [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and hasattr(app.view_functions[rule.endpoint], "is_public")
    ]
    assert len(public) > 4
    for rule in public:
        url = re.sub(r"<[^>]+>", "1", rule.rule)
        assert app.test_client().post(url, data={"csrf_token": "x"}).status_code == 400, url


def test_nothing_of_before_the_log_in_goes_on(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    """A session somebody has put into another's browser is not the one that person logs in to."""
    client = app.test_client()
    planted = csrf_of(client, "/accounts/login")
    with client.session_transaction() as stored:
        stored["slip"], stored["wanted"] = [1, 10**12], "/accounts/password"
        before = dict(stored)
    form = {"login": "rasa", "password": cast.password, "csrf_token": planted}
    assert client.post("/accounts/login", data=form).location == "/"
    with client.session_transaction() as stored:
        assert not {name for name, value in before.items() if stored.get(name) == value}
    assert client.post("/accounts/logout", data={"csrf_token": planted}).status_code == 400


# --- ids of others in what is sent ----------------------------------------------------------------------------------

#: which table a field's value is an id of; `who` and its like name a person with a role behind a colon
FIELDS = {
    "group_id": "groups_group",
    "groups": "groups_group",
    "into_id": "groups_group",
    "child_id": "children_child",
    "children": "children_child",
    "child": "children_child",
    "same_as": "children_child",
    "known_id": "children_child",
    "reason_id": "attendance_reason",
    "kinds": "meals_kind",
    "meals": "meals_kind",
    "diet_id": "meals_diet",
    "employee": "staff_employee",
    "employee_id": "staff_employee",
    "successor_id": "accounts_user",
    "guardian": "children_guardian",
    "membership_id": "accounts_membership",
    "text_id": "accounts_pledge_text",
    "person_id": "accounts_user",
    "user_id": "accounts_user",
    "who": "accounts_user",
    "post": "groups_staff",
}
#: ids of nothing that belongs to anybody: the import's own rows, settings of one's own house by number
OF_NOTHING = {"school_year"}
#: what stands behind the id
TAILS = {"who": ("", ":educator", ":specialist")}
PLAUSIBLE = {"order_number": "V-77", "email": "kas@example.lt", "birth_date": "2022-03-04", "sure": "yes"}


def plausible(name: str, value: str) -> str:
    """What makes the rest of a form make sense, so that it is the id that is refused."""
    tomorrow = (DAY + timedelta(days=1)).isoformat()
    if name in PLAUSIBLE:
        return PLAUSIBLE[name]
    if name == "order_day":
        return DAY.isoformat()
    if name in ("first", "last", "valid_from", "last_day", "back_on") or name.endswith("_day"):
        return tomorrow
    return value


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the fields that the forms of a request have."""
    names: set[str] = set()
    wrap = Form.Meta.wrap_formdata

    def noting(meta: Any, form: Any, formdata: Any) -> Any:
        names.update(field.name for field in form)
        return wrap(meta, form, formdata)

    monkeypatch.setattr(Form.Meta, "wrap_formdata", noting)
    return names


def forms_of(app: Flask, walker: Walker, pages: list[str]) -> dict[str, Drawn]:
    """The forms on these pages, by where they go."""
    found: dict[str, Drawn] = {}
    for url in pages:
        answer = walker.ask("GET", url)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for form in drawn_on(answer.get_data(as_text=True), url, addresses(app)):
                found.setdefault(form.endpoint, form)
    return found


def crossings(database: Path) -> list[str]:
    """Rows that point over the fence: at a row of another institution, or at somebody who never had a role in its."""
    tables = Base.metadata.tables
    owned = {
        name for name, table in tables.items() if "institution_id" in table.c and not name.startswith("core_audit")
    }
    found = []
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for name in sorted(owned):
            for column, other in ((one, key.column.table.name) for one in tables[name].c for key in one.foreign_keys):
                query = f"SELECT a.rowid, b.rowid FROM {name} a JOIN {other} b ON b.rowid = a.{column.name} WHERE "
                if other in owned and column.name != "institution_id":
                    query += "a.institution_id <> b.institution_id"
                elif other == "accounts_user":
                    seats = "SELECT 1 FROM accounts_membership m WHERE m.user_id = b.rowid"
                    query += f"NOT EXISTS ({seats} AND m.institution_id = a.institution_id)"
                else:
                    continue
                rows = connection.execute(query).fetchall()
                found += [f"{name} {mine}.{column.name} -> {other} {their}" for mine, their in rows]
    return found


def database_of(app: Flask) -> Path:
    with app.app_context():
        return Path(db.engine.url.database or "")


def foreign_values(house: House, name: str, place: Place) -> list[str]:
    row = house.row(FIELDS[name], place)
    return [f"{row}{tail}" for tail in TAILS.get(name, ("",))]


@pytest.mark.walk
@pytest.mark.parametrize("role", Role)
def test_ids_of_others_in_what_is_sent_reach_nothing(
    app: Flask, cast: Cast, as_person: LogIn, heard: set[str], undrawn: None, role: Role
) -> None:
    """Every form this role may send, every field of it that holds an id: those of another kindergarten, and, where the
    role has groups of its own, of another group. What the ids belong to is afterwards as it was."""
    with app.app_context():
        house = House(cast)
        places = (Place.FOREIGN, Place.OTHER) if role in SEES_OWN_GROUPS else (Place.FOREIGN,)
        values = {name: [one for place in places for one in foreign_values(house, name, place)] for name in FIELDS}
        asked = [
            (method, rule, address(rule, house, Place.OWN))
            for method, rule in reachable(app)
            if app.view_functions[rule.endpoint].required_permission in ROLE_PERMISSIONS[role]  # type: ignore[union-attr]
        ]
    walker = Walker(as_person, PERSON[role])
    forms = forms_of(app, walker, [url for method, _, url in asked if method == "GET"])
    before, sent = theirs(app, cast, role), 0
    for _, rule, url in [one for one in asked if one[0] == "POST"]:
        heard.clear()
        walker.ask("POST", url, data={})
        form = forms.get(rule.endpoint)
        base = [(name, plausible(name, value)) for name, value in (form.base if form else ())]
        for name in sorted((heard | set(form.names if form else ())) & set(FIELDS)):
            for value in values[name]:
                others = [pair for pair in base if pair[0] != name]
                answer = walker.ask("POST", url, data=MultiDict([*others, (name, value)]))
                assert answer.status_code < 500, f"{role} POST {url} {name}={value} answered {answer.status_code}"
                sent += 1
    assert sent > 0, "no field was found"
    assert crossings(database_of(app)) == [], f"after {sent} forms"
    after = theirs(app, cast, role)
    assert {name for name in after if after[name] != before[name]} == set(), f"rows of others changed by {sent} forms"


def theirs(app: Flask, cast: Cast, role: Role) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by table that are none of this role's: the other kindergarten's; where it has groups, other groups' too."""
    of_others = f"institution_id = {cast.ezerelis}"
    children = ", ".join(map(str, cast.children["Drugeliai"]))
    found = {}
    with closing(sqlite3.connect(f"file:{database_of(app)}?mode=ro", uri=True)) as connection:
        for name, table in Base.metadata.tables.items():
            if "institution_id" not in table.c or name == "core_audit_entry" or name in POINTS:
                continue
            which = of_others
            if role in SEES_OWN_GROUPS:
                which += f" OR group_id = {cast.drugeliai}" if "group_id" in table.c else ""
                which += f" OR child_id IN ({children})" if "child_id" in table.c else ""
            found[name] = connection.execute(f"SELECT * FROM {name} WHERE {which} ORDER BY rowid").fetchall()
    return found


def test_a_row_that_points_over_the_fence_is_noticed(app: Flask, cast: Cast) -> None:
    with app.app_context(), db.engine.begin() as connection:
        places = Base.metadata.tables["children_enrolment"]
        connection.execute(places.update().where(places.c.id == 1).values(group_id=cast.zuvytes))
    assert crossings(database_of(app)) == [f"children_enrolment 1.group_id -> groups_group {cast.zuvytes}"]


def test_somebody_of_another_kindergarten_is_noticed(app: Flask, cast: Cast) -> None:
    with app.app_context(), db.engine.begin() as connection:
        staff = Base.metadata.tables["groups_staff"]
        connection.execute(staff.update().where(staff.c.id == 1).values(user_id=cast.users["asta"]))
    assert crossings(database_of(app)) == [f"groups_staff 1.user_id -> accounts_user {cast.users['asta']}"]


def forms_of_the_program(kind: type[Form] = Form) -> Iterator[type[Form]]:
    for one in kind.__subclasses__():
        yield one
        yield from forms_of_the_program(one)


def test_every_field_that_holds_an_id_is_tried(app: Flask) -> None:
    found = set()
    for form in forms_of_the_program():
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField):
                reads = getattr(field.kwargs.get("coerce"), "__name__", "")
                if (
                    reads in ("row_id", "id_or_none")
                    or name.endswith("_id")
                    or field.field_class.__name__ == "WholeNumbers"
                ):
                    found.add(name)
    assert len(found) > 10
    assert found - set(FIELDS) - OF_NOTHING == set(), "say in FIELDS what they are the ids of"
