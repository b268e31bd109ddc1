"""A card over HTTP: each section read and changed in place, by whom, and what the administrator hears."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.children import actions as children
from ediary.children.models import Child, Collector, Consent, Enrolment, Guardian, Particulars
from ediary.children.rules import ConsentKind
from ediary.core import clock
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.permissions import Role
from ediary.health.models import MustNotEat
from ediary.meals import queries as meals
from ediary.notices.models import Notice
from tests import make
from tests.cards.conftest import Card, Inside, LogIn, entries
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, less_tokens

CardOf = Callable[..., Card]
At = Callable[..., None]
TOMORROW = DAY + timedelta(days=1)

PARENT: dict[str, Any] = {
    "relation": "father",
    "first_name": "Petras",
    "last_name": "Žukauskas",
    "phone": "+370 600 00 111",
    "email": "Petras@Pastas.example",
    "may_collect": "y",
    "valid_from": DAY.isoformat(),
}
SOMEBODY: dict[str, Any] = {
    "relation": "močiutė",
    "first_name": "Ona",
    "last_name": "Žukauskienė",
    "phone": "8 600 00 222",
    "valid_from": DAY.isoformat(),
}
ABOUT: dict[str, Any] = {
    "first_name": "Adomas",
    "last_name": "Žukauskas",
    "birth_date": "2022-03-14",
    "address": "Beržų g. 1",
    "languages": "lietuvių",
    "family_note": "Turi šunį.",
}


def seen_in(body: str) -> str:
    """The print a form carries."""
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]+)"', body)
    assert found
    return found[1]


# --- the page -------------------------------------------------------------------------------------------------------

SECTIONS = ["guardians", "collectors", "particulars", "consents", "meals", "places"]


@pytest.mark.parametrize(
    ("login", "more"),
    [
        ("rasa", {"needs", "files"}),
        ("dalia", set()),
        ("agne", {"needs"}),
        ("sigita", {"needs", "payer"}),
        ("lina", {"needs", "files", "payer"}),
        ("milda", {"files", "payer"}),
        ("jonas", {"needs", "files", "payer", "codes"}),
        ("ruta", {"needs", "files", "payer"}),
        ("aldona", {"files", "payer", "codes"}),
    ],
)
def test_each_role_sees_the_sections_it_needs(card: CardOf, login: str, more: set[str]) -> None:
    found = set(re.findall(r'<section class="card part" id="(\w+)"', card(login).body()))
    assert found == {*SECTIONS, *more}


@pytest.mark.parametrize("login", ["ieva", "vilma", "greta"])
def test_the_kitchen_the_accountant_and_parents_open_no_card(card: CardOf, login: str) -> None:
    assert card(login).get().status_code == 403


def test_a_child_of_another_group_has_no_card(cast: Cast, card: CardOf) -> None:
    assert card("rasa", cast.children["Drugeliai"][0]).get().status_code == 404
    assert card("jonas", cast.children["Žuvytės"][0]).get().status_code == 404


@pytest.mark.parametrize("login", ["dalia", "agne", "sigita", "milda", "lina"])
def test_who_only_reads_finds_nothing_to_press(card: CardOf, login: str) -> None:
    body = card(login).body()
    assert not re.search(r'hx-get="/cards/\d+/(guardians|collectors|particulars|consents|meals|files)', body)


@pytest.mark.parametrize("section", [*SECTIONS, "needs", "files"])
def test_a_section_is_the_same_bytes_in_the_page_and_by_itself(card: CardOf, section: str) -> None:
    rasa = card("rasa")
    piece = less_tokens(rasa.body(f"/{section}/shown", htmx=True)).strip()
    assert piece.startswith(f'<section class="card part" id="{section}"')
    assert piece in less_tokens(rasa.body())


def test_a_section_one_may_not_see_is_not_there(card: CardOf) -> None:
    assert card("dalia").get("/needs/shown", htmx=True).status_code == 404
    assert card("rasa").get("/codes/shown", htmx=True).status_code == 404


def test_without_scripts_a_change_opens_the_whole_card(card: CardOf) -> None:
    body = card("rasa").body("/guardians/new")
    assert body.startswith("<!doctype html>")
    assert body.count('class="stack part-form"') == 1


def test_who_changed_a_section_last_is_said_to_the_whole_house_only(card: CardOf) -> None:
    assert card("rasa").post("/guardians/new", **PARENT).status_code == 200
    assert "Pakeista 2026-11-23 8:10, mokytoja Rasa Petraitienė" in card("jonas").body()
    assert "Pakeista" not in card("rasa").body()


# --- about the child ------------------------------------------------------------------------------------------------


def test_an_educator_keeps_the_particulars_true(card: CardOf, kid: int, inside: Inside) -> None:
    rasa = card("rasa")
    seen = seen_in(rasa.body("/particulars", htmx=True))
    answer = rasa.post("/particulars", **(ABOUT | {"last_name": " Žukas ", "seen": seen}))
    assert answer.status_code == 200
    assert "Beržų g. 1" in answer.text
    with inside():
        assert db.session.scalars(select(Child).where(Child.id == kid)).one().last_name == "Žukas"
        row = db.session.scalars(select(Particulars).where(Particulars.child_id == kid)).one()
        assert (row.address, row.languages, row.family_note) == ("Beržų g. 1", "lietuvių", "Turi šunį.")


@pytest.mark.parametrize("wrong", [{"first_name": ""}, {"birth_date": ""}, {"birth_date": "1850-01-01"}])
def test_what_makes_no_sense_is_said_at_its_field(card: CardOf, wrong: dict[str, str]) -> None:
    answer = card("rasa").post("/particulars", **(ABOUT | wrong))
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text
    assert "Beržų g. 1" in answer.text  # what was typed stays


def test_nobody_writes_over_what_another_has_just_changed(card: CardOf) -> None:
    rasa, jonas = card("rasa"), card("jonas")
    seen = seen_in(rasa.body("/particulars", htmx=True))
    assert jonas.post("/particulars", **(ABOUT | {"seen": seen})).status_code == 200
    refused = rasa.post("/particulars", **(ABOUT | {"address": "Kitur", "seen": seen}))
    assert refused.status_code == 409
    assert "Tuo metu tai pakeitė kitas žmogus" in refused.text
    assert "Beržų g. 1" in rasa.body()


def test_whom_one_knows_by_name_only_is_not_changed(app: Flask, cast: Cast, card: CardOf, inside: Inside) -> None:
    """A child that left the group is named in its lists; its card is no longer ours, and so is its name."""
    with inside(), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        children.leave([cast.children["Boružiukai"][0]], DAY)
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert card("rasa").post("/particulars", **ABOUT).status_code == 404


def test_brothers_and_sisters_are_joined_by_a_parents_log_in(
    cast: Cast, card: CardOf, inside: Inside, kid: int
) -> None:
    near, far = cast.children["Boružiukai"][5], cast.children["Drugeliai"][2]
    with inside(), write_transaction():
        for child in (near, far):
            make.guardian(child, "Greta", "Žukauskienė", FIRST, user_id=cast.users["greta"])
    seen = card("jonas").body("/particulars/shown", htmx=True)
    assert f"/cards/{near}" in seen
    assert f"/cards/{far}" in seen
    seen = card("rasa").body("/particulars/shown", htmx=True)
    assert f"/cards/{near}" in seen
    assert f"/cards/{far}" not in seen  # of another group


# --- parents --------------------------------------------------------------------------------------------------------


def test_a_parent_is_added_changed_and_ended(card: CardOf, kid: int, inside: Inside, at: At) -> None:
    rasa = card("rasa")
    answer = rasa.post("/guardians/new", **PARENT)
    assert answer.status_code == 200
    assert 'href="tel:+37060000111"' in answer.text
    with inside():
        row = db.session.scalars(select(Guardian).where(Guardian.first_name == "Petras")).one()
        assert row.email == "petras@pastas.example"
    seen = seen_in(rasa.body(f"/guardians/{row.id}", htmx=True))
    ended = PARENT | {"valid_to": DAY.isoformat(), "may_collect": "", "seen": seen}
    assert rasa.post(f"/guardians/{row.id}", **ended).status_code == 200
    assert "negali pasiimti" in rasa.body("/guardians/shown", htmx=True)
    at(day=TOMORROW)
    rasa = card("rasa")
    assert "somebody-over" in rasa.body("/guardians/shown", htmx=True)
    assert "Petras" not in rasa.body("/collectors/shown", htmx=True)


def test_a_stale_change_of_a_parent_is_refused(card: CardOf, inside: Inside) -> None:
    with inside():
        row = db.session.scalars(select(Guardian)).first()
    rasa = card("rasa")
    seen = seen_in(rasa.body(f"/guardians/{row.id}", htmx=True))
    assert rasa.post(f"/guardians/{row.id}", **(PARENT | {"seen": seen})).status_code == 200
    assert rasa.post(f"/guardians/{row.id}", **(PARENT | {"phone": "1", "seen": seen})).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": ""},
        {"email": "ne paštas"},
        {"phone": "skambinti po pietų"},
        {"valid_to": "2026-01-01"},
        {"relation": "uncle"},
        {"valid_from": "0001-01-01"},
    ],
)
def test_a_parent_who_makes_no_sense_is_refused(card: CardOf, wrong: dict[str, str]) -> None:
    assert card("rasa").post("/guardians/new", **(PARENT | wrong)).status_code == 422


def test_who_may_collect_is_told_and_who_may_not(card: CardOf, inside: Inside) -> None:
    rasa = card("rasa")
    rasa.post("/guardians/new", **(PARENT | {"may_collect": ""}))
    answer = rasa.post("/collectors/new", **SOMEBODY)
    assert answer.status_code == 200
    today, _, never = answer.text.partition("Negalima atiduoti:")
    assert "Greta Žukauskienė" in today
    assert "Ona Žukauskienė, močiutė" in today
    assert "Petras Žukauskas" in never
    assert "Petras" not in today


def test_a_collector_ends_with_the_last_day(card: CardOf, inside: Inside, at: At) -> None:
    rasa = card("rasa")
    rasa.post("/collectors/new", **SOMEBODY)
    with inside():
        row = db.session.scalars(select(Collector)).one()
    seen = seen_in(rasa.body(f"/collectors/{row.id}", htmx=True))
    changed = SOMEBODY | {"valid_to": DAY.isoformat(), "seen": seen}
    assert rasa.post(f"/collectors/{row.id}", **changed).status_code == 200
    at(day=TOMORROW)
    assert "Ona Žukauskienė, močiutė" not in card("rasa").body("/collectors/shown", htmx=True)


def test_a_parent_of_another_child_is_not_changed_through_this_one(cast: Cast, card: CardOf, inside: Inside) -> None:
    with inside(), write_transaction():
        other = make.guardian(cast.children["Boružiukai"][1], "Jonas", "Jonaitis", FIRST)
    assert card("rasa").get(f"/guardians/{other}", htmx=True).status_code == 404
    assert card("rasa").post(f"/guardians/{other}", **PARENT).status_code == 404


# --- consents -------------------------------------------------------------------------------------------------------


def answer(given: bool, first: date, **more: Any) -> dict[str, Any]:
    said = {"answer": "yes" if given else "no", "said_by": "Greta", "said_on": DAY.isoformat()}
    return said | {"valid_from": first.isoformat()} | more


def consents(kid: int) -> list[tuple[bool, date, date | None]]:
    rows = db.session.scalars(select(Consent).where(Consent.child_id == kid).order_by(Consent.valid_from))
    return [(row.is_given, row.valid_from, row.valid_to) for row in rows]


def test_a_new_answer_ends_the_one_before(card: CardOf, kid: int, inside: Inside) -> None:
    rasa = card("rasa")
    assert rasa.post("/consents/photo", **answer(True, FIRST)).status_code == 200
    refused = rasa.post("/consents/photo", **answer(False, DAY))
    assert "nesutinka" in refused.text
    with inside():
        assert consents(kid) == [(True, FIRST, DAY - timedelta(days=1)), (False, DAY, None)]


def test_an_earlier_answer_written_later_ends_before_the_next(card: CardOf, kid: int, inside: Inside) -> None:
    rasa = card("rasa")
    rasa.post("/consents/photo", **answer(False, DAY))
    rasa.post("/consents/photo", **answer(True, FIRST))
    with inside():
        assert consents(kid) == [(True, FIRST, DAY - timedelta(days=1)), (False, DAY, None)]


def test_an_answer_of_the_same_day_is_corrected_and_the_history_keeps_it(
    card: CardOf, kid: int, inside: Inside
) -> None:
    rasa = card("rasa")
    rasa.post("/consents/photo", **answer(True, DAY))
    rasa.post("/consents/photo", **answer(False, DAY, valid_to="2027-08-31"))
    with inside():
        assert consents(kid) == [(False, DAY, date(2027, 8, 31))]
        (change,) = entries(kid, "change", "children_consent")
        assert '"is_given":[true,false]' in change.changes


@pytest.mark.parametrize("wrong", [{"answer": "maybe"}, {"answer": ""}, {"said_by": " "}, {"valid_to": "2020-01-01"}])
def test_an_answer_that_says_nothing_is_refused(card: CardOf, wrong: dict[str, str]) -> None:
    assert card("rasa").post("/consents/photo", **(answer(True, DAY) | wrong)).status_code == 422


def test_parents_are_asked_about_three_things_only(card: CardOf) -> None:
    assert card("rasa").body("/consents/shown", htmx=True).count("neklausta") == len(ConsentKind)
    assert card("rasa").post("/consents/video", **answer(True, DAY)).status_code == 404


# --- meals ----------------------------------------------------------------------------------------------------------


def meal_change(cast: Cast, day: date, *names: str, diet: str = "") -> dict[str, Any]:
    return {"kinds": [cast.meals[name] for name in names], "diet_id": diet, "day": day.isoformat()}


def test_meals_change_today_while_the_kitchens_day_is_open(cast: Cast, card: CardOf, kid: int, inside: Inside) -> None:
    diet = str(cast.diets["Be pieno"])
    answer = card("rasa").post("/meals", **meal_change(cast, DAY, "Pietūs", diet=diet))
    assert answer.status_code == 200
    with inside():
        assert meals.orders([kid], DAY) == {kid: frozenset({cast.meals["Pietūs"]})}
        assert meals.diets([kid], DAY) == {kid: "Be pieno"}
        assert len(meals.orders([kid], DAY - timedelta(days=1))[kid]) == 3


def test_after_the_lock_meals_change_from_tomorrow_only(
    cast: Cast, card: CardOf, kid: int, inside: Inside, at: At
) -> None:
    at(9, 1)
    rasa = card("rasa")
    assert f'min="{TOMORROW}"' in rasa.body("/meals", htmx=True)
    refused = rasa.post("/meals", **meal_change(cast, DAY, "Pietūs"))
    assert refused.status_code == 422
    assert "uždaryta" in refused.text
    assert "checked" in refused.text  # what was chosen stays
    assert rasa.post("/meals", **meal_change(cast, TOMORROW, "Pietūs")).status_code == 200
    with inside():
        assert len(meals.orders([kid], DAY)[kid]) == 3
        assert meals.orders([kid], TOMORROW) == {kid: frozenset({cast.meals["Pietūs"]})}


def test_days_that_are_over_are_not_ordered_for(cast: Cast, card: CardOf) -> None:
    answer = card("rasa").post("/meals", **meal_change(cast, DAY - timedelta(days=3), "Pietūs"))
    assert answer.status_code == 422


def test_meals_of_another_kindergarten_are_not_found(cast: Cast, card: CardOf) -> None:
    foreign = {"kinds": [10**6], "diet_id": "", "day": TOMORROW.isoformat()}
    assert card("rasa").post("/meals", **foreign).status_code == 404


def test_a_guest_elsewhere_changes_meals_from_tomorrow(cast: Cast, card: CardOf, kid: int, inside: Inside) -> None:
    points = [GroupDay(one, DAY) for one in (cast.boruziukai, cast.drugeliai)]
    with inside(), write_transaction(lock=points):
        children.visit([kid], cast.drugeliai, DAY, TOMORROW)
    rasa = card("rasa")
    assert rasa.post("/meals", **meal_change(cast, DAY, "Pietūs")).status_code == 422
    assert rasa.post("/meals", **meal_change(cast, TOMORROW, "Pietūs")).status_code == 200


# --- needs and health -----------------------------------------------------------------------------------------------

NEEDS = {"special_needs": "large", "needs_note": "Reikia pagalbos.", "must_not_eat": "riešutų"}


def test_needs_are_closed_until_opened_and_the_opening_is_on_record(
    cast: Cast, card: CardOf, kid: int, inside: Inside
) -> None:
    rasa = card("rasa")
    assert rasa.post("/needs/save", **NEEDS).status_code == 200
    for body in (rasa.body(), rasa.body("/needs/shown", htmx=True)):
        assert "Reikia pagalbos" not in body
        assert "riešutų" not in body
    opened = card("agne").post("/needs")
    assert "Reikia pagalbos" in opened.text
    assert "riešutų" in opened.text
    with inside():
        (entry,) = entries(kid, "opened", "children_particulars")
        assert (entry.user_id, entry.role) == (cast.users["agne"], Role.SPEECH_THERAPIST)
        assert "Reikia" not in entry.changes


def test_without_scripts_the_opening_answers_with_the_card(card: CardOf) -> None:
    rasa = card("rasa")
    rasa.post("/needs/save", **NEEDS)
    answer = rasa.post("/needs", htmx=False)
    assert answer.status_code == 200
    assert "Reikia pagalbos" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_record_no_needs(card: CardOf, monkeypatch: pytest.MonkeyPatch) -> None:
    rasa = card("rasa")
    rasa.post("/needs/save", **NEEDS)
    monkeypatch.setattr("ediary.core.history.write_entries", _fails)
    with pytest.raises(RuntimeError, match="no history"):
        rasa.post("/needs")


def _fails(*_arguments: Any) -> None:
    raise RuntimeError("no history")


@pytest.mark.parametrize(("login", "status"), [("dalia", 403), ("milda", 403), ("aldona", 403), ("sigita", 200)])
def test_health_is_opened_by_those_who_need_it(card: CardOf, login: str, status: int) -> None:
    assert card(login).post("/needs").status_code == status


def test_who_only_reads_health_writes_none(card: CardOf) -> None:
    assert card("sigita").post("/needs/save", **NEEDS).status_code == 403
    assert "needs/save" not in card("sigita").post("/needs").text


def test_what_a_child_must_not_eat_is_one_line_from_today_on(card: CardOf, kid: int, inside: Inside, at: At) -> None:
    card("rasa").post("/needs/save", **NEEDS)
    at(day=TOMORROW)
    card("rasa").post("/needs/save", **(NEEDS | {"must_not_eat": "medaus"}))
    card("rasa").post("/needs/save", **(NEEDS | {"must_not_eat": "medaus"}))
    with inside():
        rows = db.session.scalars(select(MustNotEat).where(MustNotEat.child_id == kid).order_by(MustNotEat.id))
        assert [(row.text, row.valid_from, row.valid_to) for row in rows] == [
            ("riešutų", DAY, DAY),
            ("medaus", TOMORROW, None),
        ]
    card("rasa").post("/needs/save", **(NEEDS | {"must_not_eat": ""}))
    with inside():
        assert db.session.scalars(select(MustNotEat.text).where(MustNotEat.child_id == kid)).all() == ["riešutų"]


def test_health_is_sealed_in_the_history(card: CardOf, kid: int, inside: Inside) -> None:
    card("rasa").post("/needs/save", **NEEDS)
    with inside():
        for table in ("children_particulars", "health_must_not_eat"):
            for entry in entries(kid, "create", table):
                assert "riešut" not in entry.changes
                assert "pagalbos" not in entry.changes


# --- what the administrator hears -----------------------------------------------------------------------------------


def notices(cast: Cast) -> list[Notice]:
    chosen = select(Notice).where(Notice.person_id == cast.users["aldona"]).order_by(Notice.id)
    return list(db.session.scalars(chosen))


def test_the_administrator_hears_which_sections_changed_once_a_child_and_day(
    cast: Cast, card: CardOf, inside: Inside, at: At, kid: int
) -> None:
    rasa = card("rasa")
    rasa.post("/guardians/new", **PARENT)
    rasa.post("/guardians/new", **(PARENT | {"first_name": "Antanas"}))
    rasa.post("/needs/save", **NEEDS)
    with inside():
        (told,) = notices(cast)
        assert told.text.startswith("Adomas Žukauskas: pakeista kortelė – Tėvai")
        assert told.text.endswith("Specialieji poreikiai ir sveikata (mokytoja Rasa Petraitienė).")
        assert told.url.startswith(f"/cards/{kid}?")
        assert not any(word in told.text for word in ("Petras", "riešutų", "600"))
    at(day=TOMORROW)
    card("rasa").post("/guardians/new", **PARENT)
    with inside():
        assert len(notices(cast)) == 2


def test_a_notice_that_was_read_becomes_new_with_another_section(cast: Cast, card: CardOf, inside: Inside) -> None:
    rasa = card("rasa")
    rasa.post("/guardians/new", **PARENT)
    with inside(), write_transaction() as held:
        notices(cast)[0].read_at = held.now
    rasa.post("/guardians/new", **PARENT)
    with inside():
        assert notices(cast)[0].read_at is not None
    rasa.post("/collectors/new", **SOMEBODY)
    with inside():
        (told,) = notices(cast)
        assert told.read_at is None


def test_what_the_heads_change_is_no_news_to_the_administrator(cast: Cast, card: CardOf, inside: Inside) -> None:
    card("jonas").post("/guardians/new", **PARENT)
    card("aldona").post("/collectors/new", **SOMEBODY)
    with inside():
        assert notices(cast) == []


def test_the_notice_opens_the_card(cast: Cast, card: CardOf, as_person: LogIn, inside: Inside) -> None:
    card("rasa").post("/guardians/new", **PARENT)
    with inside():
        url = notices(cast)[0].url
    assert as_person("aldona").get(url).status_code == 200


# --- a child comes --------------------------------------------------------------------------------------------------


def newcomer(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "first_name": "Nauja",
        "last_name": "Pradžiūtė",
        "birth_date": "2022-05-05",
        "group_id": str(cast.boruziukai),
        "first_day": TOMORROW.isoformat(),
        "kinds": [str(one) for one in cast.meals.values()],
        "diet_id": "",
        "relation": "mother",
    } | more


def test_a_child_is_entered_with_place_meals_and_a_parent(cast: Cast, as_person: LogIn, inside: Inside) -> None:
    rasa = as_person("rasa")
    form = rasa.get("/cards/new").text
    assert f'value="{TOMORROW}"' in form  # the next working day
    assert form.count("checked") == 3
    parent = {"parent_first": "Rita", "parent_last": "Pradžienė", "phone": "8 600 00 333"}
    answer = rasa.post("/cards/new", data=newcomer(cast, **parent))
    assert answer.status_code == 303
    body = rasa.get(answer.location).text
    assert "Rita Pradžienė" in body
    assert "Pusryčiai, Pietūs, Vakarienė" in body
    child_id = int(answer.location.rsplit("/", 1)[1])
    with inside():
        assert len(meals.orders([child_id], TOMORROW)[child_id]) == 3
        assert not meals.orders([child_id], DAY)


def test_the_administrator_hears_of_a_child_an_educator_entered(cast: Cast, as_person: LogIn, inside: Inside) -> None:
    card = as_person("rasa").post("/cards/new", data=newcomer(cast)).location
    with inside():
        (told,) = notices(cast)
        assert (
            told.text
            == f"Nauja Pradžiūtė: įrašytas vaikas, grupė „Boružiukai“ nuo {TOMORROW} (mokytoja Rasa Petraitienė)."
        )
        assert told.url == card
    as_person("jonas").post("/cards/new", data=newcomer(cast, first_name="Kita"))
    with inside():
        assert len(notices(cast)) == 1


def test_the_first_day_offered_is_a_working_day(as_person: LogIn, at: At) -> None:
    at(day=date(2026, 11, 27))  # a Friday
    assert 'value="2026-11-30"' in as_person("rasa").get("/cards/new").text


def test_a_child_may_come_today_before_the_lock_and_not_after(cast: Cast, as_person: LogIn, at: At) -> None:
    rasa = as_person("rasa")
    today = newcomer(cast, first_day=DAY.isoformat())
    assert rasa.post("/cards/new", data=today).status_code == 303
    at(9, 1)
    refused = as_person("rasa").post("/cards/new", data=today | {"first_name": "Kita"})
    assert refused.status_code in (409, 422)
    assert "Kita" in refused.text


def test_a_group_that_had_handed_in_its_day_has_one_more_to_mark(cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    base = f"/attendance/{DAY}/{cast.boruziukai}"
    rasa.post(f"{base}/rest", data={"child": cast.children["Boružiukai"]}, headers=HTMX)
    assert rasa.post(f"{base}/submit", headers=HTMX).status_code == 200
    assert "Pateikta" in rasa.get(base).text
    assert rasa.post("/cards/new", data=newcomer(cast, first_day=DAY.isoformat())).status_code == 303
    assert "Nauja Pradžiūtė" in rasa.get(base).text
    assert "Pateikta" not in rasa.get(base).text


def test_the_same_name_and_birth_date_are_asked_about(cast: Cast, as_person: LogIn, inside: Inside) -> None:
    """Also when the other one is in a group the educator does not see; letters without their marks are the same."""
    with inside(), write_transaction():
        make.child(cast.drugeliai, "Nauja", "Pradziute", TOMORROW, [], born=date(2022, 5, 5))
    rasa = as_person("rasa")
    asked = rasa.post("/cards/new", data=newcomer(cast))
    assert asked.status_code == 422
    assert "darželyje jau yra" in asked.text
    assert "Nauja Pradziute" in asked.text
    confirmed = re.search(r'name="confirmed"[^>]*value="([\d.]+)"', asked.text)
    assert confirmed
    assert rasa.post("/cards/new", data=newcomer(cast, confirmed="1.2")).status_code == 422
    assert rasa.post("/cards/new", data=newcomer(cast, confirmed=confirmed[1])).status_code == 303


def test_a_child_of_another_kindergarten_is_no_double(cast: Cast, as_person: LogIn) -> None:
    twin = newcomer(cast, first_name="Marius", last_name="Upelis", birth_date="2022-03-14")
    assert as_person("rasa").post("/cards/new", data=twin).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_name": " "},
        {"birth_date": "2027-01-01"},
        {"group_id": ""},
        {"parent_first": "Rita"},
        {"phone": "8 600 00 333"},
        {"first_day": "2026-11-01"},
        {"first_day": "2027-09-01"},  # of the next school year
    ],
)
def test_a_newcomer_who_makes_no_sense_is_refused(cast: Cast, as_person: LogIn, wrong: dict[str, str]) -> None:
    answer = as_person("rasa").post("/cards/new", data=newcomer(cast, **wrong))
    assert answer.status_code == 422
    assert "Pradžiūtė" in answer.text


def test_an_educator_enters_into_the_own_group_only(cast: Cast, as_person: LogIn) -> None:
    for group in (cast.drugeliai, cast.zuvytes):
        assert as_person("rasa").post("/cards/new", data=newcomer(cast, group_id=group)).status_code == 404
    assert as_person("aldona").post("/cards/new", data=newcomer(cast, group_id=cast.drugeliai)).status_code == 303


# --- access of parents ----------------------------------------------------------------------------------------------


def test_the_card_says_how_far_a_parent_has_come(
    cast: Cast, card: CardOf, as_person: LogIn, inside: Inside, kid: int
) -> None:
    with inside(), write_transaction():
        user = credentials.add_user("petras", "Petras", "Tėvaitis", "")
        accounts.add_membership(user.id, cast.saulute, Role.GUARDIAN, FIRST)
        make.guardian(kid, "Petras", "Tėvaitis", FIRST, user_id=user.id)
        make.guardian(kid, "Be", "Prieigos", FIRST)
    as_person("greta")
    body = card("rasa").body("/guardians/shown", htmx=True)
    for said in ("naudojasi dienynu", "prieiga sukurta, dar nenaudota", "prieigos nėra"):
        assert body.count(said) == 1


def test_the_lock_hour_is_the_one_that_is_set(card: CardOf, cast: Cast, at: At) -> None:
    at(8, 59)
    assert "iki 9:00" in card("rasa").body("/meals", htmx=True)


# --- another group --------------------------------------------------------------------------------------------------


def place(group_id: int, day: date, **more: Any) -> dict[str, Any]:
    return {"group_id": str(group_id), "day": day.isoformat(), "order_number": "", "order_day": ""} | more


def groups_of(kid: int) -> list[tuple[int, date, date | None]]:
    rows = db.session.scalars(select(Enrolment).where(Enrolment.child_id == kid).order_by(Enrolment.valid_from))
    return [(row.group_id, row.valid_from, row.valid_to) for row in rows]


def test_a_child_moves_to_another_group_by_order(cast: Cast, card: CardOf, kid: int, inside: Inside) -> None:
    order = {"order_number": "V-77", "order_day": DAY.isoformat()}
    answer = card("aldona").post("/place", **place(cast.drugeliai, TOMORROW, **order))
    assert answer.status_code == 200
    assert "Drugeliai" in answer.text
    with inside():
        assert groups_of(kid) == [(cast.boruziukai, FIRST, DAY), (cast.drugeliai, TOMORROW, None)]
    assert card("tomas").get().status_code == 200  # who will have the child tomorrow


def test_a_child_who_moves_today_takes_todays_mark_along(cast: Cast, card: CardOf, kid: int, as_person: LogIn) -> None:
    mark = {"wanted": "present", "seen": "unmarked"}
    as_person("rasa").post(f"/attendance/{DAY}/{cast.boruziukai}/children/{kid}", data=mark, headers=HTMX)
    assert card("ruta").post("/place", **place(cast.drugeliai, DAY)).status_code == 200
    day = as_person("tomas").get(f"/attendance/{DAY}/{cast.drugeliai}").text
    assert f"/children/{kid}" in day
    assert day.count("kid kid-present") == 1


def test_after_the_lock_a_child_moves_from_tomorrow_only(
    cast: Cast, card: CardOf, kid: int, inside: Inside, at: At
) -> None:
    at(9, 1)
    refused = card("aldona").post("/place", **place(cast.drugeliai, DAY))
    assert refused.status_code in (409, 422)
    assert 'class="notice notice-bad"' in refused.text
    with inside():
        assert groups_of(kid) == [(cast.boruziukai, FIRST, None)]


def test_a_child_without_a_group_is_given_one(cast: Cast, card: CardOf, inside: Inside) -> None:
    with inside(), write_transaction():
        child = children.add_child("Be", "Grupės", date(2022, 1, 1)).id
    assert "Suteikti grupę" in card("aldona", child).body()
    assert card("aldona", child).post("/place", **place(cast.boruziukai, TOMORROW)).status_code == 200
    with inside():
        assert groups_of(child) == [(cast.boruziukai, TOMORROW, None)]


@pytest.mark.parametrize("wrong", [{"group_id": ""}, {"day": ""}, {"day": "2026-10-01"}, {"order_number": "V-1"}])
def test_a_place_that_makes_no_sense_is_refused(cast: Cast, card: CardOf, wrong: dict[str, str]) -> None:
    assert card("aldona").post("/place", **(place(cast.drugeliai, TOMORROW) | wrong)).status_code == 422


def test_groups_of_others_are_not_found_and_educators_move_nobody(cast: Cast, card: CardOf) -> None:
    assert card("aldona").post("/place", **place(cast.zuvytes, TOMORROW)).status_code == 404
    for login in ("rasa", "lina", "milda"):
        assert card(login).post("/place", **place(cast.drugeliai, TOMORROW)).status_code == 403


def test_the_card_reads_no_whole_table_and_no_whole_history(app: Flask, card: CardOf) -> None:
    """Without statistics SQLite takes an index of the institution for whatever is narrowed by it."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        asked.append((statement, parameters))

    jonas = card("jonas")
    event.listen(Engine, "before_cursor_execute", note)
    try:
        jonas.body()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with app.app_context():
        cursor = db.engine.raw_connection().cursor()
        for statement, parameters in [one for one in asked if one[0].startswith("SELECT")]:
            for *_ids, step in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
                read_whole = step.startswith("SCAN") and not re.match(r"SCAN (json_each|anon_\d+|CONSTANT)", step)
                assert not read_whole, f"{step}: {statement}"
                assert "core_audit_entry_institution_id_at" not in step, statement
