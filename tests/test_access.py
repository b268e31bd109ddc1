"""Who may open what: the access table, asked of the running program cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from ediary.core.permissions import Role
from tests.access import FILE, OF_NOBODY, guarded, read
from tests.cast import Cast
from tests.conftest import DAY, Walker, less_tokens
from tests.furnish import KINDS, House, Place

LogIn = Callable[[str], FlaskClient]

PERSON = {
    Role.EDUCATOR: "rasa",
    Role.DIETITIAN: "ieva",
    Role.SOCIAL_PEDAGOGUE: "lina",
    Role.ACCOUNTANT: "vilma",
    Role.DIRECTOR: "jonas",
    Role.DEPUTY: "ruta",
    Role.ADMINISTRATOR: "aldona",
    Role.ARTS_TEACHER: "dalia",
    Role.SPEECH_THERAPIST: "agne",
    Role.HEALTH_SPECIALIST: "sigita",
    Role.SECRETARY: "milda",
    Role.GUARDIAN: "greta",
}
NO_SUCH_ID = 10**6
#: places whose rows do not exist for a sign
HIDDEN = {
    "F": {Place.OWN, Place.OTHER},
    "H": {Place.FOREIGN},
    "G": {Place.OTHER, Place.FOREIGN},
    "C": {Place.OTHER, Place.FOREIGN},
    "P": set(Place),
    "*": set(),
}


def address(rule: Rule, house: House, place: Place | None) -> str:
    """The rule's URL with ids of this place; None = ids that nobody has."""

    def part(found: re.Match[str]) -> str:
        name = found[1]
        if name in OF_NOBODY:
            of_nobody = {"day": DAY.isoformat(), "month": "2026-11", "year": "2026"}
            of_nobody |= {"section": "guardians", "consent": "photo", "what": "reasons", "topic": "attendance"}
            return (of_nobody | {"which": "children", "form": "csv", "number": "2"}).get(name, "pdf")
        assert name in KINDS, f"{rule.rule}: say in tests/furnish.py what {name} is the id of"
        return str(NO_SUCH_ID if place is None else house.row(KINDS[name], place))

    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", part, rule.rule)


def test_every_endpoint_stands_in_the_table_and_the_table_names_nothing_else(app: Flask) -> None:
    there = {(method, rule.endpoint) for method, rule in guarded(app)}
    assert there - set(read()) == set(), "`python -m tests.access` prints the missing lines"
    assert set(read()) - there == set(), f"{FILE.name} names what is no more"


def test_nobody_comes_in_without_a_log_in(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    client = app.test_client()
    with app.app_context():
        house = House(cast)
        for method, rule in guarded(app):
            url = address(rule, house, Place.OWN)
            answer = client.open(url, method=method)
            assert (answer.status_code, answer.location.split("?")[0]) == (303, "/accounts/login"), f"{method} {url}"


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_the_table_says_and_nothing_else(
    app: Flask, cast: Cast, as_person: LogIn, undrawn: None, role: Role
) -> None:
    with app.app_context():
        house = House(cast)
        asked = [
            (method, rule, place, address(rule, house, place), address(rule, house, None))
            for method, rule in sorted(guarded(app), key=lambda pair: pair[0])
            for place in (Place.FOREIGN, Place.OTHER, Place.OWN)
            if place is Place.OWN or set(rule.arguments) - OF_NOBODY
        ]
    table = read()
    walker, last, nothing = Walker(as_person, PERSON[role]), "", ""
    for method, rule, place, url, nowhere in asked:
        sign = table[method, rule.endpoint].signs[role]
        answer = walker.ask(method, url)
        what = f"{role} {method} {rule.endpoint} of {place}: {answer.status_code}"
        if sign == ".":
            assert answer.status_code == 403, what
        elif place in HIDDEN[sign]:
            assert answer.status_code in ((404,) if method == "GET" else (404, 422)), what
            if last != f"{method} {nowhere}":
                last, nothing = f"{method} {nowhere}", said(walker.ask(method, nowhere))
            assert said(answer) == nothing, f"{what} tells more than no such id"
        elif method == "GET":
            assert answer.status_code in (200, 302, 303), what
        else:
            assert answer.status_code < 500, what
            assert answer.status_code != 403, what
            assert sign == "*" or answer.status_code != 404, what


def said(answer: TestResponse) -> str:
    return less_tokens(answer.get_data(as_text=True))
