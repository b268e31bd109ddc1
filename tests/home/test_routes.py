"""Where each role's day begins, and what the frame shows around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ediary.accounts import actions as accounts
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.groups import actions as groups
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, count_queries, csrf_of

LogIn = Callable[[str], FlaskClient]


def test_an_educator_of_one_group_begins_with_its_day(as_person: LogIn, cast: Cast) -> None:
    answer = as_person("rasa").get("/")
    assert answer.status_code == 302
    assert answer.location == f"/attendance/{DAY}/{cast.boruziukai}"


def test_an_educator_of_two_groups_chooses(app: Flask, as_person: LogIn, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        groups.assign(cast.drugeliai, cast.users["rasa"], FIRST, make.order("V-2", FIRST))
    page = as_person("rasa").get("/").text
    for name in ("Boružiukai", "Drugeliai"):
        assert f'href="/attendance/{DAY}/{cast.groups[name]}"' in page


def test_an_educator_without_a_group_is_told_what_to_do(app: Flask, as_person: LogIn, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        accounts.add_membership(cast.users["vilma"], cast.saulute, Role.EDUCATOR, FIRST)
    client = as_person("vilma")
    seat = client.get("/roles").text.partition('name="membership_id" value="')[2].partition('"')[0]
    client.post("/accounts/switch", data={"membership_id": seat})
    assert "Šiandien neturite grupės" in client.get("/").text


@pytest.mark.parametrize(
    ("login", "address"),
    [
        ("ieva", f"/kitchen/{DAY}"),
        ("jonas", f"/kitchen/{DAY}"),
        ("ruta", f"/kitchen/{DAY}"),
        ("lina", f"/sheets/{DAY:%Y-%m}"),
        ("greta", "/home/children"),
    ],
)
def test_the_others_begin_with_their_own_work(as_person: LogIn, login: str, address: str) -> None:
    client = as_person(login)
    assert client.get("/").location == address
    assert client.get(address).status_code == 200


def test_an_administrator_of_another_kindergarten_counts_none_of_ours(as_person: LogIn, cast: Cast) -> None:
    assert "Saulutė" not in as_person("ona").get(f"/kitchen/{DAY}").text


def test_who_is_not_logged_in_comes_to_the_log_in(app: Flask) -> None:
    answer = app.test_client().get("/")
    assert answer.status_code == 303
    assert answer.location == "/accounts/login?next=/"


@pytest.mark.parametrize(
    ("login", "places"),
    [
        ("rasa", ["Šiandien", "Mėnuo", "Vaikai", "Grupės", "Daugiau"]),
        ("ieva", ["Šiandien", "Kalendorius", "Daugiau"]),
        ("lina", ["Mėnuo", "Analizė", "Vaikai", "Grupės", "Kalendorius", "Daugiau"]),
        ("vilma", ["Pradžia", "Mėnuo", "Kodai", "Grupės", "Daugiau"]),
        ("jonas", ["Šiandien", "Mėnuo", "Priežiūra", "Vaikai", "Grupės", "Nustatymai", "Daugiau"]),
        ("ruta", ["Šiandien", "Mėnuo", "Priežiūra", "Vaikai", "Grupės", "Nustatymai", "Daugiau"]),
        ("aldona", ["Pradžia", "Vaikai", "Grupės", "Darbuotojai", "Sąrašai", "Nustatymai", "Daugiau"]),
        ("milda", ["Pradžia", "Įsakymai", "Vaikai", "Darbuotojai", "Grupės", "Daugiau"]),
        ("dalia", ["Pradžia", "Vaikai", "Grupės", "Kalendorius", "Daugiau"]),
        ("greta", ["Vaikai", "Daugiau"]),
    ],
)
def test_the_rail_holds_the_places_of_the_role(as_person: LogIn, login: str, places: list[str]) -> None:
    rail = as_person(login).get("/roles").text.partition('<div class="places">')[2].partition("</div>")[0]
    assert [part.partition("<")[0] for part in rail.split("<span>")[1:]] == places


def test_the_frame_names_the_person_and_the_kindergarten(as_person: LogIn) -> None:
    page = as_person("ieva").get("/roles").text
    for words in ("Ieva Norkienė", "Dietistė", "Saulutė", "Atsijungti"):
        assert words in page


def test_another_role_of_mine_is_one_tap_away(app: Flask, as_person: LogIn, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.ezerelis), write_transaction():
        accounts.add_membership(cast.users["ieva"], cast.ezerelis, Role.DIETITIAN, FIRST)
    client = as_person("ieva")
    page = client.get("/roles").text
    menu = page.partition('class="me-card"')[2].partition("</details>")[0]
    assert "Dietistė, " in menu
    assert "Ežerėlis" in menu
    seat = page.partition('name="membership_id" value="')[2].partition('"')[0]
    assert client.post("/accounts/switch", data={"membership_id": seat}).status_code == 303
    assert "Ežerėlis" in client.get("/roles").text.partition('class="me-card"')[2].partition("</p></div>")[0]


def come_in(app: Flask, cast: Cast, login: str, next_page: str) -> tuple[FlaskClient, str]:
    """Log in on the way to a page; the client and where it is sent in the end."""
    client = app.test_client()
    data = {"login": login, "password": cast.password, "next": next_page, "csrf_token": csrf_of(client, "/")}
    sent = client.post("/accounts/login", data=data).location
    return client, client.get(sent).location if sent == "/go" else sent


@pytest.fixture
def many_roles(app: Flask, as_person: LogIn, cast: Cast) -> None:
    """Rūta, the deputy, also teaches Drugeliai and heads the other kindergarten."""
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        accounts.add_membership(cast.users["ruta"], cast.saulute, Role.EDUCATOR, FIRST)
        groups.assign(cast.drugeliai, cast.users["ruta"], FIRST, make.order("V-2", FIRST))
    with app.app_context(), acting_for(cast.ezerelis), write_transaction():
        accounts.add_membership(cast.users["ruta"], cast.ezerelis, Role.DIRECTOR, FIRST)


@pytest.mark.parametrize(("next_page", "comes_to"), [("", "/roles"), ("/sheets/2026-11", "/sheets/2026-11")])
@pytest.mark.usefixtures("many_roles")
def test_who_holds_several_roles_chooses_unless_on_the_way_back(
    app: Flask, cast: Cast, next_page: str, comes_to: str
) -> None:
    assert come_in(app, cast, "ruta", next_page)[1] == comes_to


@pytest.mark.parametrize(
    ("page", "role", "kindergarten"),
    [
        ("/attendance/{day}/{drugeliai}", "Direktoriaus pavaduotoja", "Saulutė"),  # the first role may as well
        ("/attendance/{day}/{zuvytes}?x=1", "Direktorė", "Ežerėlis"),
        ("/sheets/2026-11/{zuvytes}", "Direktorė", "Ežerėlis"),
        ("/nothing", "Direktoriaus pavaduotoja", "Saulutė"),  # none may: as one is
    ],
)
@pytest.mark.usefixtures("many_roles")
def test_after_the_log_in_the_page_asked_for_opens_in_the_first_role_that_may(
    app: Flask, cast: Cast, page: str, role: str, kindergarten: str
) -> None:
    path = page.format(day=DAY, drugeliai=cast.drugeliai, zuvytes=cast.zuvytes)
    client, sent = come_in(app, cast, "ruta", path)
    assert sent == path
    assert client.get(path).status_code == (404 if page == "/nothing" else 200)
    me = client.get("/roles").text.partition('class="me-card"')[2].partition("</p></div>")[0]
    assert role in me
    assert kindergarten in me


def test_a_teacher_who_is_also_dietitian_comes_back_to_each_page_in_its_role(
    app: Flask, as_person: LogIn, cast: Cast
) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        accounts.add_membership(cast.users["rasa"], cast.saulute, Role.DIETITIAN, FIRST)
        accounts.add_membership(cast.users["rasa"], cast.saulute, Role.DIRECTOR, FIRST)
    for page in (f"/attendance/{DAY}/{cast.boruziukai}", f"/attendance/{DAY}/{cast.drugeliai}", f"/kitchen/{DAY}"):
        client, sent = come_in(app, cast, "rasa", page)
        assert client.get(sent).status_code == 200, page


@pytest.mark.usefixtures("many_roles")
def test_no_address_changes_a_persons_role(app: Flask, cast: Cast) -> None:
    client, _ = come_in(app, cast, "ruta", f"/sheets/2026-11/{cast.zuvytes}")
    before = client.get("/roles").text.partition('class="me-card"')[2].partition("</p></div>")[0]
    assert client.get(f"/go?asked=/kitchen/{DAY}").location == "/"
    assert client.get("/roles").text.partition('class="me-card"')[2].partition("</p></div>")[0] == before


def test_the_frame_costs_one_statement(app: Flask, as_person: LogIn) -> None:
    client = as_person("aldona")
    with count_queries() as without:
        client.get("/nothing", headers=HTMX)
    with count_queries() as with_frame:
        client.get("/nothing")
    assert len(with_frame) - len(without) <= 1


@pytest.mark.parametrize("status", [403, 404])
def test_a_refusal_stands_in_the_same_frame(as_person: LogIn, cast: Cast, status: int) -> None:
    path = {403: f"/attendance/{DAY}/{cast.boruziukai}", 404: "/nothing"}[status]
    answer = as_person("aldona").get(path)
    assert answer.status_code == status
    assert 'class="rail"' in answer.text
    assert "Į šios dienos darbus" in answer.text


def test_a_refusal_before_the_log_in_shows_no_places(app: Flask) -> None:
    answer = app.test_client().get("/nothing")
    assert answer.status_code == 404
    assert 'class="rail"' not in answer.text


def test_a_refusal_for_htmx_is_a_sentence_among_the_toasts(as_person: LogIn) -> None:
    answer = as_person("aldona").get("/nothing", headers=HTMX)
    assert answer.headers["HX-Reswap"] == "none"
    assert answer.text.count('<p class="toast toast-bad">') == 1
    assert 'hx-swap-oob="beforeend:#toasts"' in answer.text


def test_pages_carry_no_inline_script_or_style(as_person: LogIn) -> None:
    page = as_person("aldona").get("/").text
    assert "style=" not in page
    assert "onclick" not in page
    assert page.count("<script") == page.count('<script defer src="/static/')
