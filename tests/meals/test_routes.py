"""The settings of meals and diets over HTTP: what is served from when until when, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.meals import queries
from ediary.meals.models import Diet, KindName, MealKind
from tests.cast import Cast
from tests.conftest import DAY, HTMX, count_queries, less_tokens

AsPerson = Callable[[str], FlaskClient]
TOMORROW, FRIDAY = DAY + timedelta(days=1), DAY + timedelta(days=4)


def served(app: Flask, cast: Cast, day: object = DAY) -> list[str]:
    with app.app_context(), acting_for(cast.saulute):
        return [kind.name for kind in queries.kinds(day)]  # type: ignore[arg-type]


def offered(app: Flask, cast: Cast, day: object = DAY) -> list[str]:
    with app.app_context(), acting_for(cast.saulute):
        return [name for _id, name in queries.offered_diets(day)]  # type: ignore[arg-type]


def test_a_meal_is_added_at_the_end_of_the_day_and_nobody_eats_it_yet(
    app: Flask, cast: Cast, as_person: AsPerson
) -> None:
    client = as_person("aldona")
    answer = client.post("/meals/kinds/new", data={"name": "  Pavakariai ", "first": TOMORROW.isoformat()})
    assert (answer.status_code, answer.location) == (303, "/meals/kinds")
    assert served(app, cast) == ["Pusryčiai", "Pietūs", "Vakarienė"]
    assert served(app, cast, TOMORROW) == ["Pusryčiai", "Pietūs", "Vakarienė", "Pavakariai"]
    page = client.get("/meals/kinds").get_data(as_text=True)
    assert "Pavakariai" in page
    assert f"nuo {TOMORROW}" in page


def test_a_diet_is_added_and_a_second_one_alike_is_refused(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    client = as_person("jonas")
    sent = {"name": "Vegetariška", "first": DAY.isoformat()}
    assert client.post("/meals/diets/new", data=sent).status_code == 303
    again = client.post("/meals/diets/new", data={"name": "vegetariška", "first": FRIDAY.isoformat()})
    assert again.status_code == 422
    assert "jau yra" in again.get_data(as_text=True)
    assert offered(app, cast) == ["Be glitimo", "Be pieno", "Vegetariška"]


def test_a_meal_called_otherwise_keeps_its_children_and_yesterdays_name(
    app: Flask, cast: Cast, as_person: AsPerson
) -> None:
    client, lunch = as_person("aldona"), cast.meals["Pietūs"]
    answer = client.post(f"/meals/kinds/{lunch}", data={"name": "Šilti pietūs", "first": TOMORROW.isoformat()})
    assert answer.status_code == 303
    assert served(app, cast)[1] == "Pietūs"
    assert served(app, cast, TOMORROW)[1] == "Šilti pietūs"
    with app.app_context(), acting_for(cast.saulute):
        row = db.session.scalars(select(KindName)).one()
        assert (row.valid_from, row.set_by) == (TOMORROW, "administratorė Aldona Kairienė")
        assert lunch in queries.orders([cast.children["Boružiukai"][0]], FRIDAY)[cast.children["Boružiukai"][0]]
        assert db.session.scalar(select(AuditEntry.action).where(AuditEntry.table_name == "meals_kind_name"))


def test_a_planned_name_is_taken_back(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    client, lunch = as_person("aldona"), cast.meals["Pietūs"]
    client.post(f"/meals/kinds/{lunch}", data={"name": "Šilti pietūs", "first": TOMORROW.isoformat()})
    answer = client.post(f"/meals/kinds/{lunch}/withdraw", headers=HTMX)
    assert answer.status_code == 200
    assert served(app, cast, TOMORROW)[1] == "Pietūs"
    assert client.post(f"/meals/kinds/{lunch}/withdraw", headers=HTMX).status_code == 422


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "Šilti pietūs", "first": DAY.isoformat()}, "anksčiausiai nuo rytojaus"),
        ({"name": "Pusryčiai", "first": TOMORROW.isoformat()}, "jau yra"),
        ({"name": "Pietūs", "first": TOMORROW.isoformat()}, "Taip ir vadinasi"),
        ({"name": "", "first": TOMORROW.isoformat()}, "Parašykite"),
        ({"name": "a" * 61, "first": TOMORROW.isoformat()}, "per ilgas"),
        ({"name": "Šilti pietūs", "first": "rytoj"}, "dien"),
        ({"name": "Šilti pietūs", "first": "2026-08-01"}, "vėlesnę"),
    ],
    ids=["today", "another's name", "its own name", "none", "long", "no day", "before it was served"],
)
def test_a_name_that_makes_no_sense_is_refused_kindly(
    app: Flask, cast: Cast, as_person: AsPerson, sent: dict[str, str], said: str
) -> None:
    answer = as_person("aldona").post(f"/meals/kinds/{cast.meals['Pietūs']}", data=sent)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert served(app, cast, FRIDAY) == ["Pusryčiai", "Pietūs", "Vakarienė"]


def test_a_meal_ends_and_its_end_is_taken_back(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    client, supper = as_person("aldona"), cast.meals["Vakarienė"]
    assert client.post(f"/meals/kinds/{supper}/end", data={"last": DAY.isoformat()}).status_code == 303
    assert served(app, cast) == ["Pusryčiai", "Pietūs", "Vakarienė"]
    assert served(app, cast, TOMORROW) == ["Pusryčiai", "Pietūs"]
    assert client.post(f"/meals/kinds/{supper}/keep").status_code == 303
    assert served(app, cast, TOMORROW) == ["Pusryčiai", "Pietūs", "Vakarienė"]


def test_what_was_served_does_not_end_in_the_past(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    yesterday = (DAY - timedelta(days=1)).isoformat()
    answer = as_person("aldona").post(f"/meals/kinds/{cast.meals['Vakarienė']}/end", data={"last": yesterday})
    assert answer.status_code == 422
    assert served(app, cast) == ["Pusryčiai", "Pietūs", "Vakarienė"]


def test_what_has_ended_can_be_entered_anew_under_its_name(
    app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    as_person("aldona").post(f"/meals/diets/{cast.diets['Be pieno']}/end", data={"last": DAY.isoformat()})
    at(8, 10, day=FRIDAY)
    client = as_person("aldona")
    assert "1 nebetiekiama" in client.get("/meals/kinds").get_data(as_text=True)
    assert client.post(f"/meals/diets/{cast.diets['Be pieno']}/keep", headers=HTMX).status_code == 422
    sent = {"name": "Be pieno", "first": FRIDAY.isoformat()}
    assert client.post("/meals/diets/new", data=sent).status_code == 303
    assert offered(app, cast, FRIDAY) == ["Be glitimo", "Be pieno"]


def test_what_nobody_has_eaten_is_removed_and_what_is_eaten_is_not(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    client = as_person("aldona")
    client.post("/meals/kinds/new", data={"name": "Klaida", "first": TOMORROW.isoformat()})
    with app.app_context(), acting_for(cast.saulute):
        made = db.session.scalars(select(MealKind.id).where(MealKind.name == "Klaida")).one()
    assert client.post(f"/meals/kinds/{made}/remove").status_code == 303
    assert served(app, cast, FRIDAY) == ["Pusryčiai", "Pietūs", "Vakarienė"]
    assert client.post(f"/meals/kinds/{cast.meals['Pietūs']}/remove", headers=HTMX).status_code == 422
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalar(select(Diet.id).where(Diet.id == cast.diets["Be pieno"]))


def test_a_meal_moves_a_place_and_stops_at_the_ends(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    client, supper = as_person("aldona"), cast.meals["Vakarienė"]
    for _step in range(3):
        assert client.post(f"/meals/kinds/{supper}/move", data={"to": "up"}).status_code == 303
    assert served(app, cast) == ["Vakarienė", "Pusryčiai", "Pietūs"]
    client.post(f"/meals/kinds/{supper}/move", data={"to": "down"})
    assert served(app, cast) == ["Pusryčiai", "Vakarienė", "Pietūs"]
    assert client.post(f"/meals/kinds/{supper}/move", data={"to": "sideways"}, headers=HTMX).status_code == 422


def test_the_piece_is_what_the_page_shows(cast: Cast, as_person: AsPerson) -> None:
    client = as_person("aldona")
    page = client.get("/meals/kinds").get_data(as_text=True)
    piece = client.post(f"/meals/kinds/{cast.meals['Pietūs']}/keep", headers=HTMX).get_data(as_text=True)
    root = piece[piece.index('<div class="served"') : piece.rindex("</div>")]
    assert less_tokens(root.split("<div hx-swap-oob")[0].strip())[:400] in less_tokens(page)


def test_the_board_shows_the_name_of_its_day(cast: Cast, as_person: AsPerson) -> None:
    client = as_person("jonas")
    client.post(f"/meals/kinds/{cast.meals['Pietūs']}", data={"name": "Šilti pietūs", "first": TOMORROW.isoformat()})
    client.post(f"/meals/diets/{cast.diets['Be pieno']}", data={"name": "Be laktozės", "first": TOMORROW.isoformat()})
    client.get("/meals/kinds")  # says what was done
    today, tomorrow = (client.get(f"/kitchen/{day}").get_data(as_text=True) for day in (DAY, TOMORROW))
    assert "Šilti pietūs" not in today
    assert "Šilti pietūs" in tomorrow
    assert "be laktozės" not in today.lower()
    assert "be laktozės" in tomorrow.lower()


def test_an_educator_changes_no_meals_and_another_kindergarten_sees_none(cast: Cast, as_person: AsPerson) -> None:
    assert as_person("rasa").get("/meals/kinds").status_code == 403
    assert as_person("ona").get(f"/meals/kinds/{cast.meals['Pietūs']}").status_code == 404
    assert as_person("ona").post(f"/meals/diets/{cast.diets['Be pieno']}/end", data={"last": DAY}).status_code == 404


def test_the_page_takes_seven_statements_and_the_frames(as_person: AsPerson) -> None:
    client = as_person("aldona")
    client.get("/meals/kinds")
    with count_queries(at_most=10):
        client.get("/meals/kinds")
