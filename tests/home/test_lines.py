"""What each role is told of its day: only its own, only what needs it, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.children import family
from ediary.children.models import Child, Enrolment
from ediary.children.rules import ConsentKind
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.session import acting_for
from ediary.groups import actions as groups
from ediary.groups.models import GroupStaff
from ediary.transfers.models import TransferOffer
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, count_queries

LogIn = Callable[[str], FlaskClient]


def lines(client: FlaskClient) -> str:
    return client.get("/lines", headers=HTMX).text


def test_an_educator_is_told_of_birthdays_the_parents_agreed_to(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for child_id, day in zip(cast.children["Boružiukai"][:2], (25, 26), strict=True):
            row = db.session.get_one(Child, child_id)
            row.birth_date = row.birth_date.replace(month=11, day=day)
        first = cast.children["Boružiukai"][0]
        family.answer_consent(first, ConsentKind.BIRTHDAY, is_given=True, said_by="mama", said_on=DAY, valid_from=DAY)
    told = lines(as_person("rasa"))
    assert "Gimtadieniai: Adomas Žukauskas (trečiadienis, lapkričio 25 d.)" in told
    assert "Austėja" not in told
    assert "Gimtadieniai" not in lines(as_person("tomas"))


def test_who_comes_this_week_is_told_to_those_who_will_have_the_child(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        make.child(cast.boruziukai, "Naujas", "Naujokas", DAY + timedelta(days=1), [])
    assert "Ateina: Naujas Naujokas (rytoj)" in lines(as_person("rasa"))
    assert "Naujokas" not in lines(as_person("tomas"))


def test_the_deputy_is_told_who_stands_in_and_until_when(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        row = groups.assign(cast.boruziukai, cast.users["tomas"], DAY + timedelta(days=1), make.order("V-7", DAY))
        row.substitutes_id = cast.users["rasa"]
    told = lines(as_person("ruta"))
    assert "Tomas Gudaitis pavaduoja nuo: rytoj (Boružiukai)" in told
    assert "line-soon" in told


def test_a_group_without_an_educator_stands_first(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for row in db.session.scalars(select(GroupStaff).where(GroupStaff.group_id == cast.drugeliai)):
            row.valid_to = DAY - timedelta(days=1)
        db.session.add(Child(first_name="Be", last_name="Vietos", birth_date=FIRST))
    told = lines(as_person("jonas"))
    assert told.index("Šiandien niekas nedirba grupėje Drugeliai") < told.index("neturi vietos grupėje")
    assert "line-now" in told


def test_children_on_the_shared_list_are_told_to_those_who_may_take_them(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    with app.app_context(), acting_for(cast.ezerelis), write_transaction() as held:
        db.session.add(
            TransferOffer(
                institution_id=cast.ezerelis,
                first_name="Marius",
                last_name="Upelis",
                birth_year=2022,
                from_name="Ežerėlis",
                code_hash="x",
                made_at=held.now,
            )
        )
    assert "Bendrame sąraše laukia 1 vaikas" in lines(as_person("milda"))
    assert "Bendrame sąraše" not in lines(as_person("ona"))
    assert "Bendrame sąraše" not in lines(as_person("rasa"))


def test_the_accountant_is_told_of_newcomers_without_a_code_as_late_after_15_september(
    as_person: LogIn, at: Callable[..., None]
) -> None:
    assert "26 vaikai neturi mokėtojo kodo" in lines(as_person("vilma"))
    assert "line-now" in lines(as_person("vilma"))
    at(8, 10, day=FIRST)
    told = lines(as_person("vilma"))
    assert "reikia iki rugsėjo 15 d." in told
    assert "line-now" not in told


def test_the_health_specialist_is_reminded_until_15_october(as_person: LogIn, at: Callable[..., None]) -> None:
    assert "sveikatos duomenys" not in lines(as_person("sigita"))
    at(8, 10, day=FIRST)
    assert "Vaikų sveikatos duomenys atnaujinami iki spalio 15 d." in lines(as_person("sigita"))


def test_orders_known_by_their_number_wait_for_the_secretary(as_person: LogIn) -> None:
    assert "įsakymai žinomi tik pagal numerį" in lines(as_person("milda"))


def test_who_has_nothing_waiting_is_told_so(as_person: LogIn) -> None:
    assert "Šiandien niekas jūsų nelaukia" in as_person("sigita").get("/").text
    assert 'id="lines" hidden' in lines(as_person("ieva"))


def test_a_specialist_finds_the_own_groups(cast: Cast, as_person: LogIn) -> None:
    page = as_person("dalia").get("/").text
    assert f'href="/groups/{cast.boruziukai}"' in page
    assert "Drugeliai" not in page


@pytest.mark.parametrize(
    "login",
    ["rasa", "dalia", "agne", "lina", "sigita", "ieva", "vilma", "milda", "jonas", "ruta", "aldona", "greta"],
)
def test_all_lines_of_a_role_take_few_statements(as_person: LogIn, login: str) -> None:
    client = as_person(login)
    client.get("/lines", headers=HTMX)
    with count_queries(at_most=10):
        assert client.get("/lines", headers=HTMX).status_code == 200


def test_every_place_named_opens(as_person: LogIn) -> None:
    import re

    for login in ("rasa", "ieva", "lina", "vilma", "milda", "jonas", "ruta", "aldona", "dalia", "sigita", "greta"):
        client = as_person(login)
        page = client.get("/places").text.partition('<div class="rooms">')[2].partition("</main>")[0]
        doors = re.findall(r'class="line" href="([^"]+)"', page)
        assert len(doors) > 3, login
        for door in doors:
            assert client.get(door, follow_redirects=True).status_code == 200, f"{login} {door}"


def test_enrolments_are_of_this_house(app: Flask, cast: Cast, as_person: LogIn) -> None:
    """Ežerėlis's head hears nothing of Saulutė's children."""
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        db.session.add(Child(first_name="Be", last_name="Vietos", birth_date=FIRST))
        assert db.session.scalar(select(Enrolment.id))
    assert "neturi vietos" not in lines(as_person("ona"))
