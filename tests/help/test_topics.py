"""Help beside every page: no page without a topic, no topic longer than a person reads (A10)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ediary.core.permissions import Role, permissions_of
from ediary.help.topics import _AREAS, _PAGES, TOPICS, topic_of
from tests.access import guarded
from tests.cast import Cast
from tests.conftest import HTMX, count_queries
from tests.furnish import House, Place
from tests.test_access import PERSON, address

LogIn = Callable[[str], FlaskClient]
MOST_WORDS = 120


def test_every_full_page_has_its_help(app: Flask, cast: Cast, as_person: LogIn) -> None:
    clients = {role: as_person(login) for role, login in PERSON.items()}
    with app.app_context():
        house = House(cast)
        asked = [(rule, address(rule, house, Place.OWN)) for method, rule in guarded(app) if method == "GET"]
    seen = 0
    for rule, url in asked:
        needed = app.view_functions[rule.endpoint].required_permission  # type: ignore[attr-defined]
        for role, client in clients.items():
            if needed not in permissions_of(role):
                continue
            answer = client.get(url)
            if answer.status_code == 200 and answer.mimetype == "text/html" and 'class="rail"' in answer.text:
                seen += 1
                if not rule.endpoint.startswith("help."):
                    assert topic_of(rule.endpoint) in TOPICS, f"say in help/topics.py what helps with {rule.endpoint}"
                    assert 'class="help-link"' in answer.text, rule.endpoint
            break
    assert seen > 40


def test_the_map_names_only_what_is_there(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(_PAGES) <= endpoints
    assert set(_AREAS) <= {endpoint.partition(".")[0] for endpoint in endpoints}
    assert set(_PAGES.values()) | set(_AREAS.values()) == set(TOPICS), "a topic that helps with no page"


@pytest.mark.parametrize("key", TOPICS)
def test_a_topic_is_short_and_says_how_to_do_three_things(app: Flask, key: str) -> None:
    topic = TOPICS[key]
    with app.test_request_context():
        said = [str(text) for text in topic.texts]
    assert len(topic.how) == 3
    assert all(said)
    assert len(re.findall(r"\w+", " ".join(said))) <= MOST_WORDS


def test_the_panel_is_what_the_page_shows(as_person: LogIn) -> None:
    client = as_person("rasa")
    piece = client.get("/help/attendance", headers=HTMX).text
    page = client.get("/help/attendance").text
    assert piece.strip() in page
    assert "<html" not in piece
    assert "Visi likę atvyko" in piece


def test_whom_to_ask_is_named(as_person: LogIn) -> None:
    assert "Aldona Kairienė" in as_person("rasa").get("/help/card").text
    assert "Grupės mokytojai" in as_person("greta").get("/help/family").text


def test_the_index_holds_what_helps_the_role_and_nothing_else(as_person: LogIn) -> None:
    educator, guardian = (as_person(login).get("/help/").text for login in ("rasa", "greta"))
    for key in ("attendance", "card", "sheet"):
        assert f'href="/help/{key}"' in educator
        assert f'href="/help/{key}"' not in guardian
    assert 'href="/help/family"' in guardian
    assert 'href="/help/family"' not in educator
    assert "Ko klausiama dažniausiai" in educator


def test_no_such_topic_is_no_page(as_person: LogIn) -> None:
    assert as_person("rasa").get("/help/nothing").status_code == 404


def test_help_takes_one_statement_more_than_the_frame(as_person: LogIn) -> None:
    client = as_person(PERSON[Role.EDUCATOR])
    client.get("/help/card")
    with count_queries(at_most=3):
        client.get("/help/card")
