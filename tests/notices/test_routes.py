"""What the program tells people: who is told, what the rail counts, how it is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ediary import gate
from ediary.accounts import actions as accounts
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.notices import actions
from ediary.notices.models import Notice
from tests.cast import FIRST, Cast
from tests.conftest import DAY, count_queries

LogIn = Callable[[str], FlaskClient]
TEXT = "Mokytoja Rasa Petraitienė pakeitė vaiko kortelę."
URL = f"/kitchen/{DAY}"


@pytest.fixture
def tell(app: Flask, cast: Cast, at: Callable[..., None]) -> Callable[..., None]:
    """Tell those who hold a role something, as Rasa does it."""

    def say(role: Role = Role.ADMINISTRATOR, text: str = TEXT, url: str = URL, by: str = "rasa") -> None:
        with app.app_context(), acting_for(cast.saulute, cast.users[by]), write_transaction():
            actions.tell_role(role, text, url)

    return say


def of(app: Flask, cast: Cast, login: str) -> list[Notice]:
    with app.app_context(), acting_for(cast.saulute):
        return list(db.session.query(Notice).filter_by(person_id=cast.users[login]).order_by(Notice.id))


def test_those_who_hold_the_role_today_are_told(app: Flask, cast: Cast, tell: Callable[..., None]) -> None:
    tell()
    assert [one.text for one in of(app, cast, "aldona")] == [TEXT]
    assert of(app, cast, "jonas") == []


def test_whoever_does_it_is_not_told(app: Flask, cast: Cast, tell: Callable[..., None]) -> None:
    tell(by="aldona")
    assert of(app, cast, "aldona") == []


def test_what_is_not_read_yet_is_not_told_twice(
    app: Flask, cast: Cast, tell: Callable[..., None], at: Callable[..., None]
) -> None:
    tell()
    at(9, 30)
    tell()
    (one,) = of(app, cast, "aldona")
    assert one.at.hour == 7  # 9:30 in Vilnius


def test_an_educator_too_does_not_tell_twice(app: Flask, cast: Cast, as_person: LogIn) -> None:
    """An educator's scope holds a person: what waits for others must be seen all the same."""
    for _time in range(2):
        with app.test_request_context():
            with write_transaction():
                token = accounts.open_session(cast.users["rasa"], "tablet")
            user = gate.load_user(token)
            assert user is not None
            gate.set_scope(gate.scope_of(user), user.child_ids)
            with write_transaction():
                actions.tell_role(Role.ADMINISTRATOR, TEXT, URL)
    assert len(of(app, cast, "aldona")) == 1


def test_the_page_shows_what_is_new_and_the_rail_counts_it(as_person: LogIn, tell: Callable[..., None]) -> None:
    tell()
    tell(text="Antra žinia.")
    page = as_person("aldona").get("/notices/").text
    assert "Dar neskaityta" in page
    assert TEXT in page
    assert '<b class="badge">2</b>' in page


def test_the_count_costs_no_statement(as_person: LogIn, tell: Callable[..., None]) -> None:
    tell()
    aldona = as_person("aldona")
    aldona.get("/")
    with count_queries(at_most=3):  # session, seats with their notices, the page's own
        aldona.get("/notices/")


def test_nothing_told_is_said_kindly(as_person: LogIn, at: Callable[..., None]) -> None:
    assert "Kol kas jokių žinių" in as_person("aldona").get("/notices/").text


def test_opening_marks_read_and_goes_to_the_page(
    app: Flask, cast: Cast, as_person: LogIn, tell: Callable[..., None]
) -> None:
    tell(role=Role.DIRECTOR)
    (notice,) = of(app, cast, "jonas")
    jonas = as_person("jonas")
    answer = jonas.post(f"/notices/{notice.id}/open")
    assert (answer.status_code, answer.location) == (303, URL)
    assert "Skaityta anksčiau" in jonas.get("/notices/").text


def test_what_was_told_to_another_of_ones_roles_is_opened_in_it(
    app: Flask, cast: Cast, as_person: LogIn, tell: Callable[..., None]
) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        accounts.add_membership(cast.users["tomas"], cast.saulute, Role.DIETITIAN, FIRST)
    tell(role=Role.DIETITIAN)
    (notice,) = of(app, cast, "tomas")
    tomas = as_person("tomas")
    assert tomas.get(URL).status_code == 403
    assert tomas.post(f"/notices/{notice.id}/open").location == URL
    assert tomas.get(URL).status_code == 200


def test_anothers_notice_is_no_notice(app: Flask, cast: Cast, as_person: LogIn, tell: Callable[..., None]) -> None:
    tell()
    (notice,) = of(app, cast, "aldona")
    assert as_person("jonas").post(f"/notices/{notice.id}/open").status_code == 404
    assert of(app, cast, "aldona")[0].read_at is None


def test_all_is_read_but_what_came_after_the_page(
    app: Flask, cast: Cast, as_person: LogIn, tell: Callable[..., None]
) -> None:
    tell()
    aldona = as_person("aldona")
    (first,) = of(app, cast, "aldona")
    tell(text="Vėlesnė žinia.")
    assert aldona.post("/notices/read", data={"up_to": first.id}).status_code == 303
    assert [one.read_at is None for one in of(app, cast, "aldona")] == [False, True]


def test_nonsense_is_refused(as_person: LogIn, at: Callable[..., None]) -> None:
    aldona = as_person("aldona")
    for value in ("", "-1", "x", "9" * 30):
        assert aldona.post("/notices/read", data={"up_to": value}).status_code == 422


def test_many_are_paged(as_person: LogIn, tell: Callable[..., None]) -> None:
    for number in range(35):
        tell(text=f"Žinia {number:02}.")
    aldona = as_person("aldona")
    first, second = aldona.get("/notices/").text, aldona.get("/notices/?page=2").text
    assert "Žinia 34." in first
    assert "Žinia 04." not in first
    assert "Žinia 04." in second
    assert "page=2" in first
    for nonsense in ("0", "-1", "x", "9999999", "٣"):
        assert aldona.get("/notices/", query_string={"page": nonsense}).status_code == 200
