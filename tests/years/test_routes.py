"""From one school year into the next: groups, children, who works in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from time import process_time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary import gate
from ediary.accounts import actions as accounts
from ediary.attendance.models import ChildDay, Presence
from ediary.children import actions as children
from ediary.children.models import DepartureReason, Enrolment
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.orders import Order
from ediary.core.session import acting_for, set_scope
from ediary.groups import actions as groups
from ediary.groups.models import Group, GroupStaff
from ediary.groups.rules import AgeBand
from ediary.transfers import actions as transfers
from ediary.years.models import YearMove
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import count_queries

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
AUGUST, SEPTEMBER = date(2027, 8, 31), date(2027, 9, 1)
ORDER = {"order_number": "V-200", "order_day": "2027-08-20"}


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.fixture
def august(at: At) -> None:
    """The twentieth of August 2027, ten in the morning."""
    at(10, day=date(2027, 8, 20))


def ticked(cast: Cast, **changed: str) -> dict[str, str]:
    """Both groups are made as they are called."""
    said = {}
    for name in ("Boružiukai", "Drugeliai"):
        group_id = cast.groups[name]
        said |= {f"keep-{group_id}": "y", f"name-{group_id}": name, f"band-{group_id}": "kindergarten",
                 f"programme-{group_id}": "preschool"}  # fmt: skip
    return said | changed


def made(app: Flask, cast: Cast) -> dict[str, int]:
    """The groups of 2027 by name."""
    with app.app_context(), acting_for(cast.saulute):
        rows = db.session.execute(select(Group.name, Group.id).where(Group.school_year == 2027))
        return {row.name: row.id for row in rows}


def make_both(app: Flask, cast: Cast, aldona: FlaskClient) -> dict[str, int]:
    assert aldona.post("/years/2027/groups", data=ticked(cast)).status_code == 303
    return made(app, cast)


def all_into(cast: Cast, new: dict[str, int], **children_said: Any) -> dict[str, Any]:
    return {f"all-{cast.groups[name]}": new[name] for name in ("Boružiukai", "Drugeliai")} | children_said


def places(app: Flask, cast: Cast, child_id: int) -> list[tuple[int, date, date | None]]:
    with app.app_context(), acting_for(cast.saulute):
        rows = db.session.scalars(
            select(Enrolment).where(Enrolment.child_id == child_id).order_by(Enrolment.valid_from)
        )
        return [(row.group_id, row.valid_from, row.valid_to) for row in rows]


# --- groups ---------------------------------------------------------------------------------------------------------


def test_next_year_s_groups_are_proposed_and_made(app: Flask, cast: Cast, as_person: LogIn, august: None) -> None:
    aldona = as_person("aldona")
    assert aldona.get("/years/").location == "/years/2027"
    page = text(aldona.get("/years/2027"))
    assert "Boružiukai" in page
    assert 'value="kindergarten" selected' in page, "children of five"
    changed = {f"name-{cast.drugeliai}": "Kiškučiai", f"programme-{cast.boruziukai}": "preprimary"}
    assert aldona.post("/years/2027/groups", data=ticked(cast, **changed)).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        rows = db.session.scalars(select(Group).where(Group.school_year == 2027).order_by(Group.name)).all()
        assert [(row.name, row.age_band.value, row.programme.value, row.minutes_a_day) for row in rows] == [
            ("Boružiukai", "kindergarten", "preprimary", 630),
            ("Kiškučiai", "kindergarten", "preschool", 630),
        ]
    assert "Kiškučiai" in text(aldona.get("/years/2027"))
    assert "Kiškučiai" in text(aldona.get("/groups/?year=2027"))


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 61}, {"band": "adults"}, {"keep": ""}, {"name": "Drugeliai"}],
    ids=["no-name", "long", "no-age", "none-ticked", "twice"],
)  # fmt: skip
def test_groups_that_make_no_sense_are_not_made_not_one(
    app: Flask, cast: Cast, as_person: LogIn, august: None, wrong: dict[str, str]
) -> None:
    said = {f"{key}-{cast.boruziukai}": value for key, value in wrong.items()}
    if "keep" in wrong:
        said[f"keep-{cast.drugeliai}"] = ""
    assert as_person("aldona").post("/years/2027/groups", data=ticked(cast, **said)).status_code == 422
    assert made(app, cast) == {}


def test_only_the_running_and_the_next_year_are_turned(cast: Cast, as_person: LogIn, august: None) -> None:
    aldona = as_person("aldona")
    assert [aldona.get(f"/years/{year}").status_code for year in (2025, 2026, 2027, 2028)] == [404, 200, 200, 404]


# --- children -------------------------------------------------------------------------------------------------------


def test_children_go_on_with_their_group_or_each_its_own_way(
    app: Flask, cast: Cast, as_person: LogIn, august: None
) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    first, second, third, *rest = cast.children["Boružiukai"]
    said = {f"child-{first}": "leave", f"child-{second}": "skip", f"child-{third}": new["Drugeliai"]}
    assert aldona.post("/years/2027/children", data=all_into(cast, new, **said)).status_code == 303
    old = cast.boruziukai
    assert places(app, cast, first) == [(old, FIRST, AUGUST)]
    assert places(app, cast, second) == [(old, FIRST, None)]
    assert places(app, cast, third) == [(old, FIRST, AUGUST), (new["Drugeliai"], SEPTEMBER, None)]
    assert all(places(app, cast, one)[-1] == (new["Boružiukai"], SEPTEMBER, None) for one in rest)
    page = text(aldona.get("/years/2027"))
    assert "1 vaikas laukia" in page
    assert aldona.post("/years/2027/children", data=all_into(cast, new)).status_code == 303
    assert places(app, cast, second)[-1] == (new["Boružiukai"], SEPTEMBER, None)
    assert places(app, cast, third)[-1][0] == new["Drugeliai"], "who was decided stays"
    assert aldona.post("/years/2027/children", data=all_into(cast, new)).status_code == 422, "nothing is left"


def test_what_was_decided_is_changed_by_name(app: Flask, cast: Cast, as_person: LogIn, august: None) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    child, other = cast.children["Boružiukai"][:2]
    aldona.post("/years/2027/children", data=all_into(cast, new, **{f"child-{other}": "leave"}))
    said = {f"child-{child}": "leave", f"child-{other}": new["Drugeliai"]}
    assert aldona.post("/years/2027/children", data=said).status_code == 303
    assert places(app, cast, child) == [(cast.boruziukai, FIRST, AUGUST)]
    assert places(app, cast, other)[-1] == (new["Drugeliai"], SEPTEMBER, None)
    with app.app_context(), acting_for(cast.saulute):
        assert len(db.session.scalars(select(YearMove).where(YearMove.child_id == child)).all()) == 1


@pytest.mark.parametrize("goal", ["7 or 8", "-1", "999999", "old"])
def test_a_goal_that_is_no_group_of_the_year_moves_nobody(
    app: Flask, cast: Cast, as_person: LogIn, august: None, goal: str
) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    said = {f"child-{cast.children['Drugeliai'][0]}": cast.boruziukai if goal == "old" else goal}
    assert aldona.post("/years/2027/children", data=all_into(cast, new, **said)).status_code == 422
    assert places(app, cast, cast.children["Boružiukai"][0]) == [(cast.boruziukai, FIRST, None)], "all or nothing"


def test_the_moves_are_taken_back_exactly_but_for_what_was_decided_since(
    app: Flask, cast: Cast, as_person: LogIn, august: None
) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    moved_by_hand, leaver, departed, *rest = cast.children["Boružiukai"]
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        children.leave([rest[0]], date(2027, 12, 31))
    before = {child: places(app, cast, child) for child in cast.children["Boružiukai"]}
    aldona.post("/years/2027/children", data=all_into(cast, new, **{f"child-{leaver}": "leave"}))
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        children.move([moved_by_hand], new["Drugeliai"], SEPTEMBER)
        transfers.depart(departed, AUGUST, DepartureReason.MOVED_AWAY, "", Order("V-210", date(2027, 8, 20), ""))
    answer = aldona.post("/years/2027/undo", follow_redirects=True)
    assert "Adomas Žukauskas" in text(answer)
    for child in (leaver, *rest):
        assert places(app, cast, child) == before[child]
    assert places(app, cast, moved_by_hand)[-1][0] == new["Drugeliai"]
    assert places(app, cast, departed) == [(cast.boruziukai, FIRST, AUGUST)]
    with app.app_context(), acting_for(cast.saulute):
        assert set(db.session.scalars(select(YearMove.child_id))) == {moved_by_hand, departed}


def test_once_the_year_has_begun_nothing_is_taken_back(
    app: Flask, cast: Cast, as_person: LogIn, august: None, at: At
) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    aldona.post("/years/2027/children", data=all_into(cast, new))
    at(8, day=SEPTEMBER)
    assert as_person("aldona").post("/years/2027/undo").status_code == 422


def test_a_late_turn_begins_today_and_not_after_the_lock(
    app: Flask, cast: Cast, as_person: LogIn, august: None, at: At
) -> None:
    new = make_both(app, cast, as_person("aldona"))
    late = date(2027, 9, 6)
    at(9, 30, day=late)
    aldona = as_person("aldona")
    assert "2027-09-06" in text(aldona.get("/years/2027"))
    assert aldona.post("/years/2027/children", data=all_into(cast, new)).status_code == 422
    at(8, day=late)
    assert as_person("aldona").post("/years/2027/children", data=all_into(cast, new)).status_code == 303
    child = cast.children["Boružiukai"][0]
    assert places(app, cast, child) == [(cast.boruziukai, FIRST, date(2027, 9, 5)), (new["Boružiukai"], late, None)]
    page = text(as_person("aldona").get("/years/2027"))
    assert "Visi vaikai paskirstyti" in page


def test_a_child_who_leaves_by_order_is_decided(app: Flask, cast: Cast, as_person: LogIn, august: None) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    child = cast.children["Boružiukai"][0]
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        transfers.depart(child, AUGUST, DepartureReason.SCHOOL, "", Order("V-210", date(2027, 8, 20), ""))
    aldona.post("/years/2027/children", data=all_into(cast, new))
    assert places(app, cast, child) == [(cast.boruziukai, FIRST, AUGUST)]


def test_a_leaver_s_order_is_entered_after_the_turn(app: Flask, cast: Cast, as_person: LogIn, august: None) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    child = cast.children["Boružiukai"][0]
    aldona.post("/years/2027/children", data=all_into(cast, new, **{f"child-{child}": "leave"}))
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        assert transfers.depart(child, AUGUST, DepartureReason.SCHOOL, "", Order("V-210", date(2027, 8, 20), "")).id


def test_a_guest_of_august_comes_home_to_the_new_group(app: Flask, cast: Cast, as_person: LogIn, august: None) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    child = cast.children["Boružiukai"][0]
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        children.merge(cast.boruziukai, cast.drugeliai, date(2027, 8, 23), AUGUST, "Vasara")
    aldona.post("/years/2027/children", data=all_into(cast, new))
    assert [group for group, _first, _last in places(app, cast, child)] == [
        cast.boruziukai, cast.drugeliai, new["Boružiukai"],
    ]  # fmt: skip


# --- who works in them ----------------------------------------------------------------------------------------------


def test_staff_go_on_only_by_a_new_order(app: Flask, cast: Cast, as_person: LogIn, august: None) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    page = text(aldona.get("/years/2027"))
    key = f"{new['Boružiukai']}:{cast.users['rasa']}:educator"
    assert key in page
    assert aldona.post("/years/2027/staff", data={"post": key}).status_code == 422
    assert aldona.post("/years/2027/staff", data=ORDER).status_code == 422
    assert aldona.post("/years/2027/staff", data={"post": "1:1:educator", **ORDER}).status_code == 422
    assert aldona.post("/years/2027/staff", data={"post": key, **ORDER}).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        row = db.session.scalars(select(GroupStaff).where(GroupStaff.group_id == new["Boružiukai"])).one()
        assert (row.user_id, row.valid_from, row.valid_to) == (cast.users["rasa"], SEPTEMBER, date(2028, 8, 31))
    assert aldona.post("/years/2027/staff", data={"post": key, **ORDER}).status_code == 422, "once"


def test_staff_follow_most_of_their_children(app: Flask, cast: Cast, as_person: LogIn, august: None) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    crossed = {f"all-{cast.boruziukai}": new["Drugeliai"], f"all-{cast.drugeliai}": new["Boružiukai"]}
    aldona.post("/years/2027/children", data=crossed)
    assert f"{new['Drugeliai']}:{cast.users['rasa']}:educator" in text(aldona.get("/years/2027"))


@pytest.mark.parametrize("login", ["rasa", "lina", "vilma", "ieva", "milda", "greta", "dalia"])
def test_only_heads_and_the_administrator_turn_the_year(cast: Cast, as_person: LogIn, august: None, login: str) -> None:
    person = as_person(login)
    assert person.get("/years/2027").status_code == 403
    for part in ("groups", "children", "undo", "staff"):
        assert person.post(f"/years/2027/{part}").status_code == 403


# --- everything written stays reachable -----------------------------------------------------------------------------


def test_last_year_stays_reachable_and_marks_go_with_the_child(
    app: Flask, cast: Cast, as_person: LogIn, august: None, at: At
) -> None:
    aldona = as_person("aldona")
    new = make_both(app, cast, aldona)
    child = cast.children["Boružiukai"][0]
    marked = date(2027, 5, 4)
    at(8, day=marked)
    with app.app_context(), acting_for(cast.saulute), write_transaction(lock=GroupDay(cast.boruziukai, marked)) as held:
        db.session.add(
            ChildDay(
                group_id=cast.boruziukai, child_id=child, day=marked, presence=Presence.PRESENT, changed_at=held.now
            )
        )
    at(10, day=date(2027, 8, 20))
    aldona = as_person("aldona")
    aldona.post("/years/2027/children", data={f"all-{cast.boruziukai}": new["Drugeliai"]})
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        order = make.order("V-200", date(2027, 8, 20))
        groups.assign(new["Drugeliai"], cast.users["tomas"], SEPTEMBER, order, date(2028, 8, 31))
        for row in db.session.scalars(select(GroupStaff).where(GroupStaff.group_id.in_([1, 2]))):
            row.valid_to = AUGUST
    at(8, day=SEPTEMBER)
    jonas = as_person("jonas")
    old = text(jonas.get("/groups/?year=2026"))
    assert f"/groups/{cast.boruziukai}" in old
    assert "Adomas Žukauskas" in text(jonas.get(f"/groups/{cast.boruziukai}"))
    assert jonas.get(f"/sheets/2027-05/{cast.boruziukai}").status_code == 200
    for login, sees in (("tomas", True), ("rasa", False)):
        with app.app_context():
            with write_transaction():
                token = accounts.open_session(cast.users[login], "tablet")
            user = gate.load_user(token)
        assert user is not None
        with app.app_context():
            set_scope(gate.scope_of(user), user.child_ids)
            found = db.session.scalars(select(ChildDay.day).where(ChildDay.child_id == child)).all()
        assert found == ([marked] if sees else []), login


# --- many -----------------------------------------------------------------------------------------------------------


def test_three_hundred_children_move_in_two_seconds_by_as_many_reads_as_three(
    app: Flask, cast: Cast, as_person: LogIn, august: None
) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for number in range(12):
            group = groups.add_group(2026, f"Grupė {number}", AgeBand.KINDERGARTEN).id
            for place in range(25):
                child = children.add_child(f"Vardas{place:02d}", f"Pavardė{number:02d}", date(2022, 3, 1)).id
                children.enrol(child, group, date(2027, 8, 23))
    aldona = as_person("aldona")
    with app.app_context(), acting_for(cast.saulute):
        old = {row.id: row.name for row in db.session.execute(select(Group.id, Group.name))}
    said = {}
    for group_id, name in old.items():
        said |= {f"keep-{group_id}": "y", f"name-{group_id}": name, f"band-{group_id}": "kindergarten",
                 f"programme-{group_id}": "preschool"}  # fmt: skip
    assert aldona.post("/years/2027/groups", data=said).status_code == 303
    new = made(app, cast)
    with count_queries(at_most=14):
        assert aldona.get("/years/2027").status_code == 200
    began = process_time()
    with count_queries() as seen:
        answer = aldona.post("/years/2027/children", data={f"all-{one}": new[name] for one, name in old.items()})
    assert answer.status_code == 303
    assert process_time() - began < 2
    assert len([one for one in seen if one.startswith("SELECT")]) <= 30
    with app.app_context(), acting_for(cast.saulute):
        rows = db.session.scalars(select(Enrolment).where(Enrolment.valid_from == SEPTEMBER)).all()
        assert len(rows) == 326


def test_another_kindergarten_s_children_stay_where_they_are(
    app: Flask, cast: Cast, as_person: LogIn, august: None
) -> None:
    new = make_both(app, cast, as_person("aldona"))
    as_person("aldona").post("/years/2027/children", data=all_into(cast, new))
    with app.app_context(), acting_for(cast.ezerelis):
        assert set(db.session.scalars(select(Enrolment.valid_to))) == {None}
    assert as_person("ona").post("/years/2027/children", data=all_into(cast, new)).status_code == 422
