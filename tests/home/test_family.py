"""A guardian's home: their own children, what is recorded, and of others no more than a parent knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ediary.children.models import Collector, Guardian
from ediary.children.rules import Relation
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.session import acting_for
from tests.cast import FIRST, Cast
from tests.conftest import DAY, count_queries

LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def family(app: Flask, cast: Cast, at: Callable[..., None]) -> int:
    """Adomas has a father who may not collect him, and a grandmother who may."""
    child_id = cast.children["Boružiukai"][0]
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        db.session.add_all(
            [
                Guardian(
                    child_id=child_id, relation=Relation.FATHER, first_name="Petras", last_name="Žukauskas",
                    phone="+370 600 00007", email="petras@pastas.example", address="Slapta g. 1", may_collect=False,
                    valid_from=FIRST,
                ),
                Collector(
                    child_id=child_id, first_name="Stasė", last_name="Senoji", relation="močiutė",
                    phone="+37061112345", valid_from=FIRST,
                ),
                Collector(
                    child_id=child_id, first_name="Buvęs", last_name="Kaimynas", relation="kaimynas", phone="",
                    valid_from=FIRST, valid_to=FIRST,
                ),
            ]
        )  # fmt: skip
    return child_id


def test_a_mother_finds_her_child_its_group_and_who_works_there_today(family: int, as_person: LogIn) -> None:
    page = as_person("greta").get("/home/children").text
    for said in ("Adomas Žukauskas", "Boružiukai", "Rasa Petraitienė", "Stasė Senoji", "močiutė", "dar neatsakyta"):
        assert said in page
    assert page.index("Stasė Senoji") < page.index("Tėvai, kurie pasiimti negali") < page.index("Petras Žukauskas")


def test_of_other_people_only_the_end_of_the_telephone_is_shown(family: int, as_person: LogIn) -> None:
    page = as_person("greta").get("/home/children").text
    assert "baigiasi 007" in page
    assert "baigiasi 345" in page
    for others in ("00007", "petras@pastas", "Slapta", "12345", "Buvęs"):
        assert others not in page


def test_nothing_of_other_children_is_on_the_page(family: int, as_person: LogIn) -> None:
    page = as_person("greta").get("/home/children").text
    for others in ("Austėja", "Kazlauskaitė", "Drugeliai"):
        assert others not in page


def test_a_child_of_another_kindergarten_is_under_the_other_role(app: Flask, cast: Cast, as_person: LogIn) -> None:
    from ediary.accounts import actions as accounts
    from ediary.children import actions as children
    from ediary.core.permissions import Role

    with app.app_context(), acting_for(cast.ezerelis), write_transaction():
        accounts.add_membership(cast.users["greta"], cast.ezerelis, Role.GUARDIAN, FIRST)
        children.add_guardian(
            cast.children["Žuvytės"][0], Relation.MOTHER, "Greta", "Žukauskienė", FIRST, user_id=cast.users["greta"]
        )
    client = as_person("greta")
    page = client.get("/home/children").text
    assert "Marius" not in page
    assert "Ežerėlis" in page  # the switch
    seat = page.partition('name="membership_id" value="')[2].partition('"')[0]
    client.post("/accounts/switch", data={"membership_id": seat})
    page = client.get("/home/children").text
    assert "Marius Upelis" in page
    assert "Adomas" not in page


def test_who_is_no_longer_a_guardian_finds_nobody(app: Flask, cast: Cast, as_person: LogIn) -> None:
    from sqlalchemy import select

    with app.app_context(), acting_for(cast.saulute), write_transaction():
        row = db.session.scalars(select(Guardian).where(Guardian.user_id == cast.users["greta"])).one()
        row.valid_to = FIRST
    page = as_person("greta").get("/home/children").text
    assert "Šioje įstaigoje jūsų vaikų nėra" in page
    assert "Adomas" not in page


def test_only_guardians_have_this_page(as_person: LogIn) -> None:
    assert as_person("rasa").get("/home/children").status_code == 403


def test_the_page_takes_as_many_statements_for_one_child_as_for_three(app: Flask, cast: Cast, as_person: LogIn) -> None:
    from ediary.children import actions as children

    client = as_person("greta")
    client.get("/home/children")
    with count_queries() as one:
        client.get("/home/children")
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for child_id in cast.children["Boružiukai"][1:3]:
            children.add_guardian(child_id, Relation.MOTHER, "Greta", "Žukauskienė", FIRST, user_id=cast.users["greta"])
    with count_queries() as three:
        page = client.get("/home/children").text
    assert page.count("<article") == 3
    assert len(one) == len(three) <= 12
    assert DAY.isoformat()
