"""The employees' pages: they work, they validate, the roles are given and ended, wrong role, other kindergarten."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.accounts.models import Membership
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.groups.models import GroupStaff
from ediary.notices.models import Notice
from ediary.staff import actions as staff
from ediary.staff import queries
from ediary.staff.models import Employee
from ediary.staff.rules import Person
from tests.cast import Cast
from tests.conftest import DAY, count_queries

LogIn = Callable[[str], FlaskClient]
NEW = {"first_name": "Živilė", "last_name": "Žemaitienė", "email": "zivile@darzelis.example", "first": DAY.isoformat()}


def employees(app: Flask, cast: Cast) -> dict[str, Employee]:
    """Saulutė's employees by first name."""
    with app.app_context(), acting_for(cast.saulute):
        return {one.first_name: one for one in db.session.scalars(select(Employee))}


def roles_of(app: Flask, cast: Cast, name: str) -> dict[Role, Membership]:
    with app.app_context(), acting_for(cast.saulute):
        return {one.role: one for one in queries.memberships(employees(app, cast)[name])}


@pytest.fixture
def page_of(app: Flask, cast: Cast) -> Callable[[str], str]:
    """The address of an employee's page, by first name."""
    return lambda name: f"/people/{employees(app, cast)[name].id}"


# --- the list -------------------------------------------------------------------------------------------------------


def names_on(page: str) -> list[str]:
    return re.findall(r'class="who"><b>([^<]+)</b>', page)


def test_the_list_is_in_the_order_of_last_names_with_todays_roles(as_person: LogIn) -> None:
    page = as_person("aldona").get("/people/").text
    assert names_on(page)[:3] == ["Rūta Balčytienė", "Dalia Gaidienė", "Agnė Garsienė"]
    assert len(names_on(page)) == 12
    assert '<span class="tag">dietistė</span>' in page


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("zirmunas", []),
        ("gudaitis", ["Tomas Gudaitis"]),
        ("NORKIENE", ["Ieva Norkienė"]),
        ("dietiste", ["Ieva Norkienė"]),
        ("ieva norkienė", ["Ieva Norkienė"]),
        ("vilma@", ["Vilma Jonaitienė"]),
        ("<script>", []),
    ],
    ids=["nobody", "last name", "no signs", "role", "both names", "address", "hostile"],
)
def test_people_are_found_by_words_with_or_without_signs(as_person: LogIn, q: str, found: list[str]) -> None:
    page = as_person("aldona").get("/people/", query_string={"q": q}).text
    assert names_on(page) == found
    assert "<script>" not in page.replace("<script defer", "")


def test_who_cannot_come_in_and_who_has_gone_are_shown_apart(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None]
) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        staff.add_employee(Person("Živilė", "Žemaitienė", "z@darzelis.example"), DAY)
        rasa = queries.employee_of(cast.users["rasa"])
        assert rasa is not None
        staff.end_employment(rasa.id, DAY - timedelta(days=1))
    aldona = as_person("aldona")
    assert names_on(aldona.get("/people/?show=not_in").text) == ["Živilė Žemaitienė"]
    assert names_on(aldona.get("/people/?show=gone").text) == ["Rasa Petraitienė"]
    assert "Rasa Petraitienė" not in names_on(aldona.get("/people/").text)
    assert len(names_on(aldona.get("/people/?show=all").text)) == 13
    assert aldona.get("/people/?show=nonsense&page=x").status_code == 200


@pytest.mark.parametrize("more", [0, 60])
def test_the_list_costs_the_same_for_many(
    app: Flask, cast: Cast, as_person: LogIn, at: Callable[..., None], more: int
) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for number in range(more):
            staff.add_employee(Person("Vardenė", f"Pavardenė{number}", f"v{number}@darzelis.example"), DAY)
    aldona = as_person("aldona")
    aldona.get("/people/")
    with count_queries(at_most=7):  # session, seats, employees, roles, slips, and the first steps
        page = aldona.get("/people/").text
    assert ("page=2" in page) is (more > 0)


# --- entering and changing ------------------------------------------------------------------------------------------


def test_a_name_and_an_address_are_enough(app: Flask, cast: Cast, as_person: LogIn) -> None:
    answer = as_person("aldona").post("/people/new", data=NEW | {"role": ""})
    made = employees(app, cast)["Živilė"]
    assert (answer.status_code, answer.location) == (303, f"/people/{made.id}")
    assert made.user_id is None


def test_with_a_first_role_the_log_in_is_there(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    answer = aldona.post("/people/new", data=NEW | {"role": "secretary"})
    page = aldona.get(answer.location).text
    assert "Raštvedė" in page
    assert "zivile@darzelis.example" in page
    assert "Reikia lapelio" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first_name": " "}, "Įrašykite vardą."),
        ({"email": ""}, "Įrašykite el. pašto adresą."),
        ({"email": "zivile"}, "Tai ne el. pašto adresas."),
        ({"email": "a b@c.d"}, "Tai ne el. pašto adresas."),
        ({"first": "vakar"}, "Pasirinkite"),
        ({"role": "king"}, "Pasirinkite"),
        ({"role": "guardian"}, "Pasirinkite"),
        ({"role": "deputy"}, "įsakymu"),
        ({"role": "deputy", "order_number": "V-31"}, "dieną"),
        ({"email": "rasa@darzelis.example"}, "Rasa Petraitienė"),
        ({"last_name": "x" * 81}, "Sutrumpinkite"),
    ],
    ids=lambda value: "" if isinstance(value, str) else "+".join(f"{k}={v[:12]}" for k, v in value.items()),
)
def test_what_makes_no_sense_is_said_and_nothing_is_entered(
    app: Flask, cast: Cast, as_person: LogIn, change: dict[str, str], said: str
) -> None:
    answer = as_person("aldona").post("/people/new", data=NEW | {"role": ""} | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Živilė" not in employees(app, cast)


def test_data_is_changed(app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str]) -> None:
    aldona, rasa = as_person("aldona"), page_of("Rasa")
    assert "Petraitienė" in aldona.get(f"{rasa}/edit").text
    changed = NEW | {"first_name": "Rasa", "last_name": "Naujienė", "email": "rasa@darzelis.example", "phone": "+370 6"}
    assert aldona.post(f"{rasa}/edit", data=changed | {"first": "2026-09-01"}).status_code == 303
    assert employees(app, cast)["Rasa"].last_name == "Naujienė"
    assert aldona.post(f"{rasa}/edit", data=changed | {"last_name": ""}).status_code == 422


def test_who_was_entered_by_mistake_is_removed_by_two_taps(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    page = aldona.post("/people/new", data=NEW | {"role": ""}).location
    assert aldona.post(f"{page}/remove").status_code == 422
    assert aldona.post(f"{page}/remove", data={"sure": "yes"}).status_code == 303
    assert "Živilė" not in employees(app, cast)


def test_who_has_a_log_in_is_not_removed(
    app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str]
) -> None:
    answer = as_person("aldona").post(f"{page_of('Rasa')}/remove", data={"sure": "yes"})
    assert answer.status_code == 422
    assert "Rasa" in employees(app, cast)


# --- one employee ---------------------------------------------------------------------------------------------------


def test_the_page_shows_roles_groups_with_their_orders_and_the_log_in(
    as_person: LogIn, page_of: Callable[[str], str]
) -> None:
    aldona = as_person("aldona")
    page = aldona.get(page_of("Rasa")).text
    assert "Mokytoja" in page
    assert "Boružiukai" in page
    assert "Įsakymas Nr. V-1, 2026-09-01" in page
    assert "Prisijungia" in page
    with count_queries(at_most=14):
        aldona.get(page_of("Rasa"))


def test_the_secretary_sees_but_changes_nothing(as_person: LogIn, page_of: Callable[[str], str]) -> None:
    milda = as_person("milda")
    page = milda.get(page_of("Rasa")).text
    assert "Suteikti vaidmenį" not in page
    assert "Baigti…" not in page
    assert milda.post(f"{page_of('Rasa')}/roles", data={"role": "educator"}).status_code == 403


def test_another_kindergartens_employee_is_nobody(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.ezerelis):
        (asta,) = (one.id for one in db.session.scalars(select(Employee)) if one.first_name == "Asta")
    aldona = as_person("aldona")
    assert aldona.get(f"/people/{asta}").status_code == 404
    assert aldona.post(f"/people/{asta}/end", data={"last_day": DAY}).status_code == 404


# --- roles ----------------------------------------------------------------------------------------------------------


def test_a_role_is_given_from_to(app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str]) -> None:
    data = {"role": "secretary", "first": "2026-12-01", "last": "2026-12-31"}
    aldona = as_person("aldona")
    assert aldona.post(f"{page_of('Rasa')}/roles", data=data).status_code == 303
    given = roles_of(app, cast, "Rasa")[Role.SECRETARY]
    assert (f"{given.valid_from}", f"{given.valid_to}") == ("2026-12-01", "2026-12-31")
    assert "dar prasidės" in aldona.get(page_of("Rasa")).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"first": "2026-12-01"}, "Pasirinkite vaidmenį."),
        ({"role": "secretary"}, "Pasirinkite dieną."),
        ({"role": "secretary", "first": "2026-12-01", "last": "2026-11-01"}, "ankstesnė"),
        ({"role": "secretary", "first": "2026-08-01"}, "čia dirba"),
        ({"role": "educator", "first": "2026-12-01"}, "jau turi"),
        ({"role": "director", "first": "2026-12-01"}, "įsakymu"),
    ],
    ids=["no role", "no day", "turned round", "before work", "twice", "no order"],
)
def test_a_role_that_makes_no_sense_is_refused(
    app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str], data: dict[str, str], said: str
) -> None:
    answer = as_person("aldona").post(f"{page_of('Rasa')}/roles", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert set(roles_of(app, cast, "Rasa")) == {Role.EDUCATOR}


def test_the_director_is_told_of_a_leading_role(
    app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str]
) -> None:
    data = {"role": "deputy", "first": DAY.isoformat(), "order_number": "V-31", "order_day": DAY.isoformat()}
    assert as_person("aldona").post(f"{page_of('Rasa')}/roles", data=data).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        (notice,) = db.session.scalars(select(Notice))
    assert notice.person_id == cast.users["jonas"]
    assert notice.text == (
        "Suteiktas vaidmuo (administratorė Aldona Kairienė): Rasa Petraitienė – direktoriaus pavaduotoja."
    )
    assert as_person("jonas").post(f"/notices/{notice.id}/open").location == page_of("Rasa")


def test_the_deputy_gives_no_leading_role(
    app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str]
) -> None:
    ruta = as_person("ruta")
    data = {"role": "administrator", "first": DAY.isoformat(), "order_number": "V-31", "order_day": DAY.isoformat()}
    assert ruta.post(f"{page_of('Rasa')}/roles", data=data).status_code == 422  # is not offered
    admin = roles_of(app, cast, "Aldona")[Role.ADMINISTRATOR].id
    assert ruta.post(f"{page_of('Aldona')}/roles/{admin}/end", data={"last_day": DAY}).status_code == 403
    assert ruta.post(f"{page_of('Rasa')}/roles", data={"role": "secretary", "first": DAY}).status_code == 303


def test_a_role_ends_and_with_it_the_access(
    app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str], at: Callable[..., None]
) -> None:
    rasa, aldona = as_person("rasa"), as_person("aldona")
    assert rasa.get("/").status_code == 302
    role = roles_of(app, cast, "Rasa")[Role.EDUCATOR].id
    yesterday = DAY - timedelta(days=1)
    assert aldona.post(f"{page_of('Rasa')}/roles/{role}/end", data={"last_day": yesterday}).status_code == 303
    assert rasa.get("/").status_code == 303
    assert "/accounts/login" in rasa.get("/").location


def test_the_last_administrator_does_not_end_the_own_role(
    app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str]
) -> None:
    role = roles_of(app, cast, "Aldona")[Role.ADMINISTRATOR].id
    answer = as_person("aldona").post(f"{page_of('Aldona')}/roles/{role}/end", data={"last_day": DAY})
    assert answer.status_code == 422
    assert "neliktų administratoriaus" in answer.text
    assert roles_of(app, cast, "Aldona")[Role.ADMINISTRATOR].valid_to is None


def test_anothers_role_is_not_ended_through_this_page(
    app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str]
) -> None:
    role = roles_of(app, cast, "Tomas")[Role.EDUCATOR].id
    answer = as_person("aldona").post(f"{page_of('Rasa')}/roles/{role}/end", data={"last_day": DAY})
    assert answer.status_code == 404


# --- the end of work ------------------------------------------------------------------------------------------------


def test_the_last_day_is_written_down_and_taken_back(
    app: Flask, cast: Cast, as_person: LogIn, page_of: Callable[[str], str]
) -> None:
    aldona, rasa = as_person("aldona"), page_of("Rasa")
    assert aldona.post(f"{rasa}/end", data={"last_day": ""}).status_code == 422
    assert aldona.post(f"{rasa}/end", data={"last_day": "2026-08-01"}).status_code == 422
    assert aldona.post(f"{rasa}/end", data={"last_day": "2026-11-20"}).status_code == 303
    assert "Čia nebedirba" in aldona.get(rasa).text
    with app.app_context(), acting_for(cast.saulute):
        assert {
            one.valid_to for one in db.session.scalars(select(GroupStaff)) if one.user_id == cast.users["rasa"]
        } == {date(2026, 11, 20)}
    assert aldona.post(f"{rasa}/again", data={"first": ""}).status_code == 422
    assert aldona.post(f"{rasa}/again", data={"first": "2026-12-01"}).status_code == 303
    assert employees(app, cast)["Rasa"].valid_to is None


# --- the log-in -----------------------------------------------------------------------------------------------------


def test_a_slip_is_printed_from_the_page(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    page = aldona.post("/people/new", data=NEW | {"role": "secretary"}).location
    assert "Spausdinti lapelį" in aldona.get(page).text
    slip = aldona.post("/slips/", data={"employee": page.rpartition("/")[2]})
    assert (slip.status_code, slip.mimetype) == (200, "application/pdf")
    assert "Lapelis iki 2026-12-07" in aldona.get(page).text
    assert "Spausdinti" not in as_person("jonas").get(page).text  # the director prints none


def test_the_deputy_is_led_to_the_handover_of_records(as_person: LogIn, page_of: Callable[[str], str]) -> None:
    led = re.search(r'href="(/handovers/leavers/[^"]+)"', as_person("ruta").get(page_of("Rasa")).text)
    assert led is not None
    assert as_person("ruta").get(led[1]).status_code == 200
    assert "/handovers/leavers" not in as_person("aldona").get(page_of("Rasa")).text
