"""The lists of children over HTTP: who stands in which, who sees them, what is sought; birthdays; access."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.children import actions as children
from ediary.children.models import Child, Departure, Guardian
from ediary.children.rules import ConsentKind, DepartureReason
from ediary.core import clock
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, count_queries, less_tokens

LogIn = Callable[[str], FlaskClient]
TOMORROW = DAY + timedelta(days=1)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[None]:
    """In Saulutė, as the program itself."""
    with app.app_context(), acting_for(cast.saulute):
        yield


def names(body: str) -> list[str]:
    """The children of a list, as it prints them."""
    return re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)<', body)


def text(client: FlaskClient, url: str, htmx: bool = False) -> str:
    answer = client.get(url, headers=HTMX if htmx else {})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


# --- the list -------------------------------------------------------------------------------------------------------


def test_an_educator_lists_the_children_of_the_own_group(as_person: LogIn) -> None:
    found = names(text(as_person("rasa"), "/children/"))
    assert len(found) == 20
    assert found[:2] == ["Adomas Žukauskas", "Austėja Kazlauskaitė"]


def test_a_specialist_lists_those_of_the_groups_visited_and_a_head_the_whole_house(as_person: LogIn) -> None:
    assert len(names(text(as_person("dalia"), "/children/"))) == 20
    assert len(names(text(as_person("jonas"), "/children/"))) == 26


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("zuk", ["Adomas Žukauskas", "Žukauskas Adomas"]),
        ("ŽUK", ["Adomas Žukauskas", "Žukauskas Adomas"]),
        ("zuk ado", ["Adomas Žukauskas", "Žukauskas Adomas"]),
        ("saulė ūs", ["Saulė Ūsaitė"]),
        ("zzz", []),
    ],
)
def test_names_are_found_without_their_marks(as_person: LogIn, sought: str, found: list[str]) -> None:
    assert names(text(as_person("jonas"), f"/children/?q={sought}")) == found


def test_a_list_is_narrowed_to_a_group(cast: Cast, as_person: LogIn) -> None:
    body = text(as_person("jonas"), f"/children/?group={cast.drugeliai}")
    assert len(names(body)) == 6
    assert "6 vaikai iš 26" in body


def test_the_piece_drawn_while_one_types_is_the_one_of_the_page(as_person: LogIn) -> None:
    jonas = as_person("jonas")
    whole, piece = text(jonas, "/children/?q=zuk"), text(jonas, "/children/?q=zuk", htmx=True)
    assert piece.strip().startswith('<div class="stack" id="list">')
    assert less_tokens(piece).strip() in less_tokens(whole)


@pytest.mark.parametrize("nonsense", ["stay=x", "group=x", "group=99999999999999", "year=1", "q=%00", "q=" + "a" * 500])
def test_nonsense_in_the_address_is_left_out(as_person: LogIn, nonsense: str) -> None:
    assert as_person("jonas").get(f"/children/?{nonsense}").status_code == 200


def test_a_child_who_comes_later_stands_among_the_coming(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with inside(app, cast), write_transaction():
        make.child(cast.boruziukai, "Nauja", "Pradžiūtė", TOMORROW, list(cast.meals.values()))
    rasa = as_person("rasa")
    assert names(text(rasa, "/children/?stay=coming")) == ["Nauja Pradžiūtė"]
    assert "Nauja Pradžiūtė" not in names(text(rasa, "/children/"))
    assert names(text(as_person("tomas"), "/children/?stay=coming")) == []


def test_without_a_group_is_who_has_no_place_and_has_not_left(app: Flask, cast: Cast, as_person: LogIn) -> None:
    """Never placed, or the place ended; a departure ends it."""
    ended, left = cast.children["Boružiukai"][3:5]
    with inside(app, cast):
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            children.add_child("Be", "Grupės", date(2022, 1, 1))
            children.leave([ended, left], DAY)
            order = make.order("V-9", DAY)
            db.session.add(
                Departure(
                    child_id=left,
                    day=DAY,
                    reason=DepartureReason.SCHOOL,
                    note="",
                    order_id=order,
                    entered_at=clock.now(),
                    entered_by="",
                )
            )
    with clock.frozen(clock.now() + timedelta(days=1)):
        jonas = as_person("jonas")
        assert names(text(jonas, "/children/?stay=nowhere")) == ["Be Grupės", "Dominykas Šimkus"]
        assert names(text(jonas, "/children/?stay=gone")) == ["Eglė Petrauskaitė"]
        assert names(text(jonas, "/children/?stay=gone&year=2025")) == []


def test_an_educator_names_former_children_but_opens_no_card_of_theirs(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    gone = cast.children["Boružiukai"][3]
    with inside(app, cast), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        children.leave([gone], DAY)
    with clock.frozen(clock.now() + timedelta(days=1)):
        rasa = as_person("rasa")
        body = text(rasa, "/children/?stay=gone")
        assert names(body) == ["Dominykas Šimkus"]
        assert f"/cards/{gone}" not in body
        assert rasa.get(f"/cards/{gone}").status_code == 404
        assert as_person("jonas").get(f"/cards/{gone}").status_code == 200


def test_a_guest_is_marked_here_and_kept_at_home(app: Flask, cast: Cast, as_person: LogIn) -> None:
    guest = cast.children["Boružiukai"][0]
    points = [GroupDay(one, DAY) for one in (cast.boruziukai, cast.drugeliai)]
    with inside(app, cast), write_transaction(lock=points):
        children.visit([guest], cast.drugeliai, DAY, TOMORROW)
    at_home, there = text(as_person("rasa"), "/children/"), text(as_person("tomas"), "/children/")
    assert "Adomas Žukauskas" in names(at_home)
    assert "svečiuojasi kitoje grupėje" in at_home
    assert "Adomas Žukauskas" in names(there)
    assert "svečias" in there
    assert as_person("rasa").get(f"/cards/{guest}").status_code == 200
    assert as_person("tomas").get(f"/cards/{guest}").status_code == 200


@pytest.mark.parametrize("login", ["ieva", "vilma", "greta"])
def test_the_kitchen_the_accountant_and_parents_have_no_lists(as_person: LogIn, login: str) -> None:
    for path in ("/children/", "/children/birthdays", "/children/no-access"):
        assert as_person(login).get(path).status_code == 403


def test_four_hundred_children_take_no_more_statements_and_little_weight(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    jonas = as_person("jonas")
    text(jonas, "/children/")
    with count_queries() as few:
        text(jonas, "/children/")
    with inside(app, cast), write_transaction():
        for number in range(374):
            born = date(2021, 1, 1) + timedelta(days=number * 3)
            child = children.add_child(f"Vardas{number:03d}", f"Pavardenytė{number:03d}", born)
            children.enrol(child.id, cast.drugeliai, DAY + timedelta(days=1))
    with clock.frozen(clock.now() + timedelta(days=1)):
        jonas = as_person("jonas")
        jonas.get("/children/")
        with count_queries(at_most=len(few)):
            body = text(jonas, "/children/")
    assert len(names(body)) == 400
    assert len(gzip.compress(body.encode(), 5)) < 45 * 1024


# --- birthdays ------------------------------------------------------------------------------------------------------


def born(app: Flask, cast: Cast, child_id: int, day: date) -> None:
    with inside(app, cast), write_transaction():
        db.session.scalars(select(Child).where(Child.id == child_id)).one().birth_date = day


def test_birthdays_are_shown_by_consent_and_without_the_year(app: Flask, cast: Cast, as_person: LogIn) -> None:
    agreed, refused, not_asked = cast.children["Boružiukai"][:3]
    for child in (agreed, refused, not_asked):
        born(app, cast, child, date(2021, 11, 25))
    with inside(app, cast), write_transaction():
        make.consent(agreed, ConsentKind.BIRTHDAY, FIRST)
        make.consent(refused, ConsentKind.BIRTHDAY, FIRST, is_given=False)
    body = text(as_person("rasa"), f"/children/birthdays/{DAY}")
    assert "Adomas Žukauskas" in body
    assert "Austėja" not in body
    assert "Benas" not in body
    assert "2021" not in body
    assert "18 vaikų tėvai dar nepaklausti" in body


def test_a_consent_that_ended_before_the_birthday_shows_nothing(app: Flask, cast: Cast, as_person: LogIn) -> None:
    child = cast.children["Boružiukai"][0]
    born(app, cast, child, date(2021, 11, 25))
    with inside(app, cast), write_transaction():
        make.consent(child, ConsentKind.BIRTHDAY, FIRST, last=date(2026, 11, 24))
    assert "Adomas" not in text(as_person("rasa"), f"/children/birthdays/{DAY}")


def test_birthdays_of_other_groups_are_not_an_educators(app: Flask, cast: Cast, as_person: LogIn) -> None:
    child = cast.children["Boružiukai"][0]
    born(app, cast, child, date(2021, 11, 25))
    with inside(app, cast), write_transaction():
        make.consent(child, ConsentKind.BIRTHDAY, FIRST)
    assert "Adomas Žukauskas" not in text(as_person("tomas"), f"/children/birthdays/{DAY}")
    assert "Adomas Žukauskas" in text(as_person("jonas"), f"/children/birthdays/{DAY}")


def test_the_running_week_is_a_step_away_from_any_other(as_person: LogIn) -> None:
    rasa = as_person("rasa")
    assert rasa.get("/children/birthdays").location.endswith(f"/children/birthdays/{DAY}")
    body = text(rasa, f"/children/birthdays/{DAY}")
    assert "/children/birthdays/2026-11-16" in body
    assert "/children/birthdays/2026-11-30" in body


# --- access ---------------------------------------------------------------------------------------------------------


def parent(app: Flask, cast: Cast, child_id: int, login: str) -> int:
    """A father with a log-in in this house; gives the user."""
    with inside(app, cast), write_transaction():
        user = credentials.add_user(login, "Petras", "Tėvaitis", "")
        accounts.add_membership(user.id, cast.saulute, Role.GUARDIAN, FIRST)
        make.guardian(child_id, "Petras", "Tėvaitis", FIRST, user_id=user.id)
        return user.id


def test_a_child_is_outside_until_a_parent_has_come_in(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa, first = as_person("rasa"), cast.children["Boružiukai"][0]
    assert "20 iš 20" in text(rasa, "/children/no-access")
    as_person("greta")
    body = text(rasa, "/children/no-access")
    assert "19 iš 20" in body
    assert f'/cards/{first}"' not in body


def test_a_log_in_nobody_used_is_told_from_none(app: Flask, cast: Cast, as_person: LogIn) -> None:
    parent(app, cast, cast.children["Boružiukai"][1], "petras")
    body = text(as_person("rasa"), "/children/no-access")
    assert body.count("dar nenaudota") == 2  # Greta's and this one's
    assert body.count("tėvai neįrašyti") == 18


def test_a_parent_of_another_kindergarten_or_of_before_gives_no_access(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    as_person("greta")
    with inside(app, cast), write_transaction():
        row = db.session.scalars(select(Guardian).where(Guardian.user_id == cast.users["greta"])).one()
        row.valid_to = DAY - timedelta(days=1)
    assert "20 iš 20" in text(as_person("rasa"), "/children/no-access")
