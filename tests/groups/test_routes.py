"""The groups' pages: the year's list, a group, who works in it, visits and merges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.attendance.models import ChildDay, Submission
from ediary.children import actions as children
from ediary.children.models import Visit
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.session import acting_for
from ediary.groups import actions as groups
from ediary.groups.models import GroupMerge, GroupStaff
from ediary.groups.rules import AgeBand, Duty
from ediary.kitchen import board as kitchen_board
from ediary.sheets import queries as sheets
from ediary.workdays.models import Closure
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, count_queries

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
ORDER = {"order_number": "V-70", "order_day": "2026-11-20"}
TOMORROW = DAY + timedelta(days=1)
GROUP: dict[str, Any] = {
    "name": "Kiškučiai",
    "age_band": "nursery",
    "programme": "preschool",
    "minutes_a_day": "10:30",
    "language": "lt",
    "room": "12",
    "kitchen": "",
    "places": "15",
}


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


# --- the list and the page ------------------------------------------------------------------------------------------


def test_the_list_shows_each_group_with_its_children_and_educators(cast: Cast, as_person: LogIn) -> None:
    page = text(as_person("aldona").get("/groups/"))
    for said in ("Boružiukai", "Drugeliai", "Rasa Petraitienė", "Tomas Gudaitis", "10:30"):
        assert said in page
    assert "Žuvytės" not in page
    assert "<b>20</b>" in page


def test_an_educator_sees_the_own_group_only_and_edits_nothing(cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    page = text(rasa.get("/groups/"))
    assert "Boružiukai" in page
    assert "Drugeliai" not in page
    own = text(rasa.get(f"/groups/{cast.boruziukai}"))
    assert "Adomas Žukauskas" in own
    assert "/edit" not in own
    assert rasa.get(f"/groups/{cast.drugeliai}").status_code == 404
    assert rasa.get(f"/groups/{cast.boruziukai}/edit").status_code == 403


def test_who_sees_no_children_sees_how_many_they_are(cast: Cast, as_person: LogIn) -> None:
    page = text(as_person("vilma").get(f"/groups/{cast.boruziukai}"))
    assert "Adomas" not in page
    assert "<b>20</b>" in page


def test_a_year_without_groups_says_what_to_do(cast: Cast, as_person: LogIn) -> None:
    answer = as_person("aldona").get("/groups/?year=2031")
    assert answer.status_code == 200
    assert "/groups/new?year=2031" in text(answer)
    assert as_person("aldona").get("/groups/?year=-5").status_code == 200


def test_the_pages_cost_the_same_however_many_groups_and_children(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    jonas.get("/groups/")
    with count_queries(at_most=9) as before:
        jonas.get("/groups/")
    with count_queries(at_most=9) as page_before:
        jonas.get(f"/groups/{cast.boruziukai}")
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for number in range(6):
            made = groups.add_group(2026, f"Grupė {number}", AgeBand.KINDERGARTEN).id
            groups.assign(made, cast.users["rasa"], FIRST, make.order("V-1", FIRST))
            make.child(made, "Vaikas", str(number), TOMORROW, [])
            make.child(cast.boruziukai, "Vaikas", str(number), TOMORROW, [])
    with count_queries() as after:
        jonas.get("/groups/")
    with count_queries() as page_after:
        jonas.get(f"/groups/{cast.boruziukai}")
    assert len(before) == len(after)
    assert len(page_before) == len(page_after)


# --- making, editing, removing --------------------------------------------------------------------------------------


def test_a_group_is_made_edited_and_removed(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    made = aldona.post("/groups/new?year=2027", data=GROUP)
    assert made.status_code == 303
    assert "Kiškučiai" in text(aldona.get(made.location))
    saved = aldona.post(
        f"{made.location}/edit", data=GROUP | {"name": "Kiškiai", "age_band": "kindergarten", "places": ""}
    )
    assert saved.status_code == 303
    page = text(aldona.get(made.location))
    assert "Kiškiai" in page
    assert "nuo 3 m." in page
    removed = aldona.post(f"{made.location}/remove")
    assert (removed.status_code, removed.location) == (303, "/groups/?year=2027")
    assert aldona.get(made.location).status_code == 404


def test_names_are_unique_in_a_year_however_they_are_written(cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    answer = aldona.post("/groups/new", data=GROUP | {"name": " boružiukai "})
    assert answer.status_code == 422
    assert "boružiukai" in text(answer)
    assert aldona.post("/groups/new?year=2027", data=GROUP | {"name": "Boružiukai"}).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 61}, {"age_band": ""}, {"minutes_a_day": "10:75"}, {"minutes_a_day": "0:30"},
     {"places": "0"}, {"places": "daug"}, {"language": "tlh"}],
    ids=["no-name", "long-name", "no-age", "no-hours", "too-short", "no-places", "no-number", "language"],
)  # fmt: skip
def test_what_makes_no_sense_is_said_at_its_field(cast: Cast, as_person: LogIn, wrong: dict[str, str]) -> None:
    answer = as_person("aldona").post("/groups/new", data=GROUP | wrong)
    assert answer.status_code == 422
    assert "field-error" in text(answer)


def test_a_group_the_kitchen_has_cooked_for_keeps_its_age_and_stays(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    tap = {"wanted": "absent", "seen": "unmarked"}
    child = cast.children["Boružiukai"][0]
    as_person("rasa").post(f"/attendance/{DAY}/{cast.boruziukai}/children/{child}", data=tap)
    jonas = as_person("jonas")
    answer = jonas.post(f"/groups/{cast.boruziukai}/edit", data=GROUP | {"name": "Boružiukai"})
    assert answer.status_code == 422
    assert jonas.post(f"/groups/{cast.boruziukai}/remove").status_code == 422
    assert jonas.get(f"/groups/{cast.boruziukai}").status_code == 200


def test_a_group_with_children_to_come_is_not_removed(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        made = groups.add_group(2026, "Kiškučiai", AgeBand.KINDERGARTEN).id
        make.child(made, "Nauja", "Mergaitė", TOMORROW, [])
    assert as_person("jonas").post(f"/groups/{made}/remove").status_code == 422


# --- who works in it ------------------------------------------------------------------------------------------------


def assigned(app: Flask, cast: Cast, group_id: int) -> list[tuple[int, Duty, date, date | None, int | None]]:
    with app.app_context(), acting_for(cast.saulute):
        rows = db.session.scalars(select(GroupStaff).where(GroupStaff.group_id == group_id).order_by(GroupStaff.id))
        return [(row.user_id, row.duty, row.valid_from, row.valid_to, row.minutes_a_day) for row in rows]


def work(**changed: str) -> dict[str, str]:
    return {"first": TOMORROW.isoformat(), "last": "2027-08-31", "minutes_a_day": "7:12", **ORDER, **changed}


def test_somebody_is_assigned_corrected_and_taken_back(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona, url = as_person("aldona"), f"/groups/{cast.drugeliai}/staff"
    assert "Rasa Petraitienė" in text(aldona.get(f"{url}/new"))
    rasa = f"{cast.users['rasa']}:educator"
    assert aldona.post(f"{url}/new", data=work(who=rasa)).status_code == 303
    assert assigned(app, cast, cast.drugeliai)[-1] == (
        cast.users["rasa"], Duty.EDUCATOR, TOMORROW, date(2027, 8, 31), 432,
    )  # fmt: skip
    assert aldona.post(f"{url}/new", data=work(who=rasa)).status_code == 422, "twice"
    with app.app_context(), acting_for(cast.saulute):
        staff_id = db.session.scalars(select(GroupStaff.id).where(GroupStaff.valid_from == TOMORROW)).one()
    later = (TOMORROW + timedelta(days=3)).isoformat()
    assert aldona.post(f"{url}/{staff_id}", data=work(first=later, last=later)).status_code == 303
    assert assigned(app, cast, cast.drugeliai)[-1][2:4] == (date.fromisoformat(later),) * 2
    assert aldona.post(f"{url}/{staff_id}", data={"do": "withdraw"}).status_code == 303
    assert len(assigned(app, cast, cast.drugeliai)) == 1
    assert aldona.get(f"{url}/{staff_id}").status_code == 404


def test_what_has_begun_keeps_its_first_day_and_ends_yesterday_at_the_earliest(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    aldona = as_person("aldona")
    with app.app_context(), acting_for(cast.saulute):
        staff_id = db.session.scalars(select(GroupStaff.id).where(GroupStaff.user_id == cast.users["tomas"])).one()
    url = f"/groups/{cast.drugeliai}/staff/{staff_id}"
    assert aldona.get(url).status_code == 200
    yesterday = (DAY - timedelta(days=1)).isoformat()
    before = (DAY - timedelta(days=2)).isoformat()
    assert aldona.post(url, data=work(first="2026-09-02")).status_code == 422
    assert aldona.post(url, data=work(first="2026-09-01", last=before)).status_code == 422
    assert aldona.post(url, data={"do": "withdraw"}).status_code == 422
    assert as_person("tomas").get(f"/groups/{cast.drugeliai}").status_code == 200
    assert aldona.post(url, data=work(first="2026-09-01", last=yesterday)).status_code == 303
    assert as_person("tomas").get(f"/groups/{cast.drugeliai}").status_code == 404
    assert aldona.post(url, data=work(first="2026-09-01")).status_code == 422, "it is over"


@pytest.mark.parametrize(
    "wrong",
    [{"who": ""}, {"who": "7"}, {"who": "999999:educator"}, {"order_number": ""}, {"last": "2026-11-01"},
     {"last": "2027-09-01"}, {"minutes_a_day": "13:00"}],
    ids=["nobody", "no-duty", "not-offered", "no-order", "backwards", "next-year", "too-long"],
)  # fmt: skip
def test_an_assignment_that_makes_no_sense_is_refused(
    app: Flask, cast: Cast, as_person: LogIn, wrong: dict[str, str]
) -> None:
    data = work(who=f"{cast.users['rasa']}:educator") | wrong
    assert as_person("aldona").post(f"/groups/{cast.drugeliai}/staff/new", data=data).status_code == 422
    assert len(assigned(app, cast, cast.drugeliai)) == 1


def test_nobody_of_the_other_kindergarten_is_offered(cast: Cast, as_person: LogIn) -> None:
    assert "Vandenytė" not in text(as_person("aldona").get(f"/groups/{cast.drugeliai}/staff/new"))


# --- visits and merges ----------------------------------------------------------------------------------------------


def span(first: date, last: date, **more: Any) -> dict[str, Any]:
    return {"first": first.isoformat(), "last": last.isoformat(), **more}


def visits_of(app: Flask, cast: Cast) -> list[int]:
    with app.app_context(), acting_for(cast.saulute):
        return list(db.session.scalars(select(Visit.id)))


def test_children_are_sent_as_guests_shown_and_brought_back(app: Flask, cast: Cast, as_person: LogIn) -> None:
    ruta, url = as_person("ruta"), f"/groups/{cast.boruziukai}"
    first, second = cast.children["Boružiukai"][:2]
    data = span(DAY, TOMORROW, children=[first, second], into_id=cast.drugeliai)
    assert ruta.post(f"{url}/visits/new", data=data).status_code == 303
    own, host = text(ruta.get(url)), text(ruta.get(f"/groups/{cast.drugeliai}"))
    assert "Adomas Žukauskas" in host
    assert own.count("Adomas Žukauskas") == 2, "among those away, and among the guests"
    assert "Svečias" in host
    (visit_id, _other) = visits_of(app, cast)
    assert ruta.get(f"{url}/visits/{visit_id}").status_code == 200
    ended = ruta.post(f"/groups/{cast.drugeliai}/visits/{visit_id}", data={"do": "end", "last": ""})
    assert ended.status_code == 303
    assert len(visits_of(app, cast)) == 1
    assert ruta.post(f"{url}/visits/{visit_id}", data={"do": "end"}).status_code == 404


def test_only_children_of_the_group_are_sent_and_not_after_the_lock(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    ruta, url = as_person("ruta"), f"/groups/{cast.boruziukai}/visits/new"
    mine, theirs = cast.children["Boružiukai"][0], cast.children["Drugeliai"][0]
    assert ruta.post(url, data=span(DAY, DAY, children=[theirs], into_id=cast.drugeliai)).status_code == 422
    assert ruta.post(url, data=span(DAY, DAY, children=[mine], into_id=cast.zuvytes)).status_code in (404, 422)
    assert ruta.post(url, data=span(DAY, DAY, children=[], into_id=cast.drugeliai)).status_code == 422
    at(9, 30)
    answer = ruta.post(url, data=span(DAY, DAY, children=[mine], into_id=cast.drugeliai))
    assert answer.status_code == 422
    assert "Virtuvė" in text(answer)
    assert visits_of(app, cast) == []


def test_todays_marks_follow_and_a_submitted_group_is_told(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    rasa, tomas, ruta = as_person("rasa"), as_person("tomas"), as_person("ruta")
    marked, unmarked = cast.children["Boružiukai"][:2]
    tap = {"wanted": "absent", "seen": "unmarked"}
    rasa.post(f"/attendance/{DAY}/{cast.boruziukai}/children/{marked}", data=tap, headers=HTMX)
    tomas.post(f"/attendance/{DAY}/{cast.drugeliai}/rest", data={"child": cast.children["Drugeliai"]}, headers=HTMX)
    assert tomas.post(f"/attendance/{DAY}/{cast.drugeliai}/submit", headers=HTMX).status_code == 200
    visit = span(DAY, DAY, children=[marked], into_id=cast.drugeliai)
    assert ruta.post(f"/groups/{cast.boruziukai}/visits/new", data=visit).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        mark = db.session.scalars(select(ChildDay).where(ChildDay.child_id == marked)).one()
        assert (mark.group_id, mark.presence.value) == (cast.drugeliai, "absent")
        assert db.session.scalars(select(Submission)).one().group_id == cast.drugeliai
    visit = span(DAY, DAY, children=[unmarked], into_id=cast.drugeliai)
    assert ruta.post(f"/groups/{cast.boruziukai}/visits/new", data=visit).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(Submission)).all() == []
    page = text(tomas.get(f"/attendance/{DAY}/{cast.drugeliai}"))
    assert page.count("Svečias") == 2


def test_a_group_is_merged_and_its_day_says_where_its_children_are(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    ruta, url = as_person("ruta"), f"/groups/{cast.boruziukai}"
    until = DAY + timedelta(days=4)
    data = span(DAY, until, into_id=cast.drugeliai, reason="Mažai vaikų", **ORDER)
    assert ruta.post(f"{url}/merges/new", data=data).status_code == 303
    rasa = as_person("rasa")
    empty = text(rasa.get(f"/attendance/{DAY}/{cast.boruziukai}"))
    assert "Drugeliai" in empty
    assert until.isoformat() in empty
    both = text(rasa.get(f"/attendance/{DAY}/{cast.drugeliai}"))
    assert both.count('class="kid ') == 26
    assert both.count("Svečias, grupė „Boružiukai“") == 20
    for group_id in (cast.boruziukai, cast.drugeliai):
        assert "Mažai vaikų" in text(ruta.get(f"/groups/{group_id}"))
    with app.app_context(), acting_for(cast.saulute):
        merge_id = db.session.scalars(select(GroupMerge.id)).one()
    assert ruta.get(f"{url}/merges/{merge_id}").status_code == 200
    assert ruta.post(f"{url}/merges/{merge_id}", data={"do": "save", "last": TOMORROW.isoformat()}).status_code == 303
    at(day=TOMORROW)
    assert as_person("rasa").get(f"/attendance/{TOMORROW}/{cast.drugeliai}").status_code == 200
    assert "/groups/" in as_person("ruta").post(f"{url}/merges/{merge_id}", data={"do": "end"}).location
    assert as_person("rasa").get(f"/attendance/{TOMORROW}/{cast.drugeliai}").status_code == 404
    assert 'class="kid ' in text(as_person("rasa").get(f"/attendance/{TOMORROW}/{cast.boruziukai}"))


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"last": "2026-11-01"}, {"into_id": ""}, {"order_day": ""}],
    ids=["why", "days", "into", "order"],
)
def test_a_merge_that_makes_no_sense_is_refused(cast: Cast, as_person: LogIn, wrong: dict[str, str]) -> None:
    data = span(DAY, TOMORROW, into_id=cast.drugeliai, reason="Vasara", **ORDER) | wrong
    assert as_person("ruta").post(f"/groups/{cast.boruziukai}/merges/new", data=data).status_code == 422


def test_who_may_move_children_may_not_merge_groups_of_others(cast: Cast, as_person: LogIn) -> None:
    for login in ("rasa", "lina", "milda", "greta", "ieva"):
        person = as_person(login)
        for path in ("visits/new", "merges/new"):
            assert person.post(f"/groups/{cast.boruziukai}/{path}").status_code == 403, f"{login} {path}"


# --- what the kitchen and the sheets make of it ----------------------------------------------------------------------


def test_a_guest_eats_as_at_home_among_those_of_the_group_it_is_in(app: Flask, cast: Cast, at: At) -> None:
    small = cast.children["Drugeliai"][0]
    with app.app_context(), acting_for(cast.saulute):
        before = kitchen_board.board(TOMORROW)
        with write_transaction():
            children.visit([small], cast.boruziukai, TOMORROW, TOMORROW)
        after = kitchen_board.board(TOMORROW)
    tiles = {tile.name: tile.count.enrolled for tile in after.tiles}
    assert tiles == {"Boružiukai": 21, "Drugeliai": 5}
    assert [row.cells for row in before.tables.dishes] == [row.cells for row in after.tables.dishes], "by age"
    bands = {plate.child_id: {dish.age_band for dish in plate.dishes} for plate in after.plates}
    assert bands[small] == {AgeBand.NURSERY}


def test_a_guest_of_a_closed_group_still_eats_as_at_home(app: Flask, cast: Cast, at: At) -> None:
    small = cast.children["Drugeliai"][0]
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            children.visit([small], cast.boruziukai, TOMORROW, TOMORROW)
            db.session.add(Closure(first=TOMORROW, last=TOMORROW, reason="Dezinfekcija", group_id=cast.drugeliai))
        after = kitchen_board.board(TOMORROW)
    (plate,) = [plate for plate in after.plates if plate.child_id == small]
    assert {dish.age_band for dish in plate.dishes} == {AgeBand.NURSERY}
    assert plate.group_id == cast.boruziukai


def test_both_month_sheets_count_the_days_the_child_was_there(app: Flask, cast: Cast, at: At) -> None:
    child = cast.children["Boružiukai"][0]
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            children.visit([child], cast.drugeliai, TOMORROW, TOMORROW + timedelta(days=1))
        own, host = sheets.sheets(Month(2026, 11), [cast.boruziukai, cast.drugeliai])
    (at_home,) = [row for row in own.sheet.rows if row.child_id == child]
    (away,) = [row for row in host.sheet.rows if row.child_id == child]
    assert away.totals.enrolled == 2
    assert at_home.totals.enrolled + away.totals.enrolled == own.sheet.working_days
    for pair in zip(at_home.cells, away.cells, strict=True):
        states = {cell.state.value for cell in pair}
        assert states == {"closed"} or (len(states) == 2 and "away" in states)
