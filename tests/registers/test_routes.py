"""The lists' pages: a file sent, its columns, the differences, written, taken back, compared again."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from ediary.accounts.models import Membership, User
from ediary.children import places
from ediary.children.models import Child, Departure, Enrolment, Guardian, Particulars, PersonalCode
from ediary.children.rules import DepartureReason
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.groups.models import Group
from ediary.institutions import actions as institutions
from ediary.meals.models import MealOrder
from ediary.registers.models import Import, KeptFile, StagedPart, State, Undo
from ediary.staff.models import Employee
from tests.cast import Cast
from tests.conftest import DAY, HTMX, MORNING, count_queries
from tests.registers import files
from tests.registers.conftest import Ask, Sender

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]

HEADS = ["Vardas", "Pavardė", "Gimimo data", "Grupė"]


def listed(*rows: list[Any], heads: list[str] = HEADS) -> bytes:
    return files.as_csv([heads, *rows])


ONA = ["Ona", "Onaitė", "2021-03-05", "Boružiukai"]
ULA = ["Ula", "Ulaitė", "2022-04-06", "Drugeliai"]


def everything(app: Flask, cast: Cast) -> dict[str, list[Any]]:
    """All rows of what lists write, as they stand; ids too."""
    with app.app_context(), acting_for(cast.saulute):
        return {
            model.__name__: [
                tuple(getattr(row, attr.key) for attr in model.__mapper__.column_attrs)
                for row in db.session.scalars(select(model).order_by(model.id))
            ]
            for model in (
                Child,
                Enrolment,
                Guardian,
                Particulars,
                PersonalCode,
                MealOrder,
                Group,
                Employee,
                User,
                Membership,
            )
        }


# --- sending --------------------------------------------------------------------------------------------------------


def test_the_beginning_names_three_lists_and_offers_templates(aldona: Sender) -> None:
    page = aldona.client.get("/registers/").get_data(as_text=True)
    for kind in ("children", "employees", "groups"):
        assert f"/registers/lists/{kind}/new" in page
        assert f"/registers/lists/{kind}/template.xlsx" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Failas tuščias"),
        (b"<html><table><tr><td>Vardas</td></tr></table></html>", "interneto puslapis"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "senojo tipo knyga"),
        (b"%PDF-1.7", "Tai PDF"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(aldona: Sender, content: bytes, said: str) -> None:
    answer = aldona.send(content, name="vaikai.xls")
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (422, True)


def test_a_form_without_a_file_is_refused(aldona: Sender) -> None:
    answer = aldona.client.post("/registers/lists/children/new", data={"school_year": "2026"})
    assert (answer.status_code, "Pasirinkite failą" in answer.get_data(as_text=True)) == (422, True)


def test_a_list_that_does_not_exist_is_nothing(aldona: Sender) -> None:
    assert aldona.client.get("/registers/lists/parents/new").status_code == 404


def test_the_file_and_its_rows_are_kept_sealed(aldona: Sender, ask: Ask) -> None:
    one = files.children(3)
    aldona.compare(files.as_csv(files.child_table(one)))
    kept = "".join([*ask.scalars(select(KeptFile.sealed)), *ask.scalars(select(StagedPart.sealed))])
    made = ask.scalars(select(Import)).one()
    for secret in (one[0].code, one[0].last_name, one[0].mother[3]):
        assert secret not in kept
        assert secret not in made.answers


# --- columns --------------------------------------------------------------------------------------------------------


def test_columns_are_recognised_and_may_be_corrected(aldona: Sender) -> None:
    aldona.send(files.as_csv([["Kas", "Pavardė", "Diena"], ["Ona", "Onaitė", "2021-03-05"]]))
    answer = aldona.settle()
    assert answer.status_code == 422
    assert "Nėra stulpelio: Vardas, Gimimo data" in answer.get_data(as_text=True)
    assert aldona.settle(column_0="first_name", column_2="birth_date").status_code == 303
    aldona.read()
    assert aldona.counts()["new"] == 1


def test_a_day_that_may_be_two_days_is_asked_about_and_then_read_so(aldona: Sender, ask: Ask) -> None:
    aldona.send(listed(["Ona", "Onaitė", "05/03/2021", "Boružiukai"]))
    page = aldona.columns()
    assert "2021 m. kovo 5 d., penktadienis" in page
    assert "2021 m. gegužės 3 d., pirmadienis" in page
    assert aldona.settle().status_code == 422
    assert aldona.settle(days_2="month_first").status_code == 303
    aldona.read()
    assert "2021-05-03" in aldona.page()


def test_the_order_of_names_is_asked_where_the_heading_does_not_say_it(aldona: Sender) -> None:
    aldona.send(files.as_csv([["Mokinys", "Gimimo data"], ["Li Wang", "2021-03-05"]]))
    assert aldona.settle().status_code == 422
    assert aldona.settle(names_0="last_first").status_code == 303
    aldona.read()
    assert "Wang Li" in aldona.page()


def test_two_columns_that_say_the_same_are_named(aldona: Sender) -> None:
    aldona.send(listed(ONA))
    answer = aldona.settle(column_1="first_name")
    assert (answer.status_code, "Du stulpeliai nurodyti kaip: Vardas" in answer.get_data(as_text=True)) == (422, True)


def test_the_file_can_be_read_in_another_way(aldona: Sender) -> None:
    aldona.send("Vardas|x;Pavardė;Gimimo data\nOna;Onaitė;2021-03-05\n".encode())
    answer = aldona.client.post(f"{aldona.base}/read", data={"separator": "|", "head_row": "0"})
    assert answer.status_code == 303
    assert "brūkšnys" in aldona.columns()
    refused = aldona.client.post(f"{aldona.base}/read", data={"encoding": "utf-16"})
    assert refused.status_code in (303, 422)


def test_a_file_with_the_same_headings_is_read_as_the_one_before(aldona: Sender) -> None:
    content = files.as_csv([["Kas", "Pavardė", "Kada"], ["Ona", "Onaitė", "05/03/2021"]])
    aldona.compare(content, column_0="first_name", column_2="birth_date", days_2="day_first")
    aldona.send(content)
    page = aldona.columns()
    assert re.search(r'name="column-0".*?value="first_name" selected', page, re.DOTALL)
    assert 'value="day_first" checked' in page


def test_a_list_of_another_kind_is_told(aldona: Sender) -> None:
    aldona.send(files.as_csv(files.employee_table(files.employees(3))))
    assert "Pagal antraštes tai kitas sąrašas: Darbuotojai" in aldona.columns()


# --- reading and comparing ------------------------------------------------------------------------------------------


def test_rows_are_read_in_parts_and_the_progress_is_shown(aldona: Sender) -> None:
    aldona.send(files.as_csv(files.child_table(files.children(900))))
    aldona.settle()
    assert 'value="0"' in aldona.page()
    answer = aldona.client.post(f"{aldona.base}/work", headers=HTMX)
    assert "400 / 900" in answer.get_data(as_text=True)
    assert aldona.read() == 3


def test_reading_goes_on_without_scripts_too(aldona: Sender) -> None:
    aldona.send(listed(ONA))
    aldona.settle()
    for _part in range(2):
        answer = aldona.client.post(f"{aldona.base}/work")
        assert (answer.status_code, answer.location) == (303, aldona.base)
    assert aldona.counts()["new"] == 1


def test_every_fault_stands_at_its_row_and_column(aldona: Sender) -> None:
    page = aldona.compare(listed(["On4", "", "2021-13-05", "Boružiukai"], ONA))
    assert 'id="row-2"' in page
    for place in ("A, „Vardas“: On4", "B, „Pavardė“", "C, „Gimimo data“: 2021-13-05"):
        assert place in page.replace("&#34;", '"')
    assert aldona.counts() | {"faulty": 1, "new": 1, "changed": 0, "same": 0} == aldona.counts()


def test_a_personal_code_is_never_shown(aldona: Sender) -> None:
    rows = files.children(2)
    heads = ["Vardas, pavardė", "Gimimo data", "Asmens kodas"]
    table = [[f"{row.first_name} {row.last_name}", row.born, row.code] for row in rows]
    table[1][2] = "52103050019"
    aldona.compare(files.as_csv([heads, *table]))
    for show in ("faulty", "new"):
        assert not re.search(r"(?<!\d)[56]\d{10}(?!\d)", aldona.page(show))


def test_a_doubtful_row_is_decided_by_a_person(aldona: Sender, cast: Cast) -> None:
    aldona.compare(listed(["Austeja", "Kazlauskaite", "2022-03-14", "Boružiukai"]))
    page = aldona.page()
    assert "Vardas ir pavardė skiriasi tik raidėmis" in page
    known = re.search(r'name="same_as" value="(\d+)"', page)
    assert known
    assert aldona.decide(2, same_as=known[1]).status_code == 303
    assert "Austėja → Austeja" in aldona.page("changed")
    aldona.decide(2, decision="another")
    assert aldona.counts()["new"] == 1
    aldona.decide(2, decision="left_out")
    assert aldona.counts()["left_out"] == 1
    aldona.decide(2)
    assert aldona.counts()["doubtful"] == 1


def test_nothing_is_written_while_a_row_waits(aldona: Sender, app: Flask, cast: Cast) -> None:
    before = everything(app, cast)
    aldona.compare(listed(["On4", "Onaitė", "2021-03-05", "Boružiukai"], ULA))
    assert 'id="apply"' not in aldona.page()
    assert aldona.apply().status_code in (409, 422)
    assert everything(app, cast) == before


def test_rows_with_faults_may_be_left_out_at_once(aldona: Sender) -> None:
    aldona.compare(listed(["On4", "Onaitė", "2021-03-05", "Boružiukai"], ULA))
    assert aldona.client.post(f"{aldona.base}/leave-out").status_code == 303
    assert (aldona.counts()["left_out"], 'id="apply"' in aldona.page()) == (1, True)


def test_who_is_missing_is_listed_with_a_way_to_the_card(aldona: Sender, cast: Cast) -> None:
    aldona.compare(listed(ONA))
    page = aldona.page("missing")
    assert "Adomas Žukauskas" in page
    assert f"/cards/{cast.children['Boružiukai'][0]}" in page


# --- writing --------------------------------------------------------------------------------------------------------


def test_children_come_with_guardians_codes_places_and_meals(aldona: Sender, ask: Ask, cast: Cast) -> None:
    row = replace(files.children(1)[0], group="Ežiukai")
    aldona.compare(files.as_csv(files.child_table([row])))
    aldona.groups("nursery")
    answer = aldona.apply(meals=[str(cast.meals["Pietūs"])])
    assert answer.status_code == 303, answer.get_data(as_text=True)
    child = ask.scalars(select(Child).order_by(Child.id.desc())).first()
    assert child is not None
    assert (child.first_name, child.last_name, child.birth_date) == (row.first_name, row.last_name, row.born)
    group = ask.scalars(select(Group).where(Group.name == row.group)).one()
    assert (group.age_band.value, group.school_year) == ("nursery", 2026)
    place = ask.scalars(select(Enrolment).where(Enrolment.child_id == child.id)).one()
    assert (place.group_id, place.valid_from, place.valid_to) == (group.id, date(2026, 11, 24), None)
    code = ask.scalars(select(PersonalCode).where(PersonalCode.child_id == child.id)).one()
    assert (ask.unsealed(code.sealed), code.lookup) == (row.code, ask.index(row.code))
    mother = ask.scalars(select(Guardian).where(Guardian.child_id == child.id).order_by(Guardian.id)).first()
    assert mother is not None
    assert (mother.first_name, mother.relation.value) == (row.mother[0], "mother")
    order = ask.scalars(select(MealOrder).where(MealOrder.child_id == child.id)).one()
    assert (order.meal_kind_id, order.valid_from) == (cast.meals["Pietūs"], date(2026, 11, 24))
    assert ask.scalars(select(Particulars).where(Particulars.child_id == child.id)).one().address == row.address


def test_the_same_file_is_equal_afterwards_and_stays_so_until_somebody_changes_something(
    aldona: Sender, cast: Cast, ask: Ask
) -> None:
    content = listed(ONA, ULA)
    aldona.compare(content)
    aldona.apply()
    again = aldona.client.post(f"{aldona.base}/again")
    aldona.base = again.location
    aldona.read()
    counts = aldona.counts()
    assert (counts["new"], counts["changed"], counts["same"]) == (0, 0, 2)


def test_staged_rows_are_gone_once_the_list_is_written_or_left(aldona: Sender, ask: Ask) -> None:
    aldona.compare(listed(ONA))
    assert ask.count(StagedPart) == 1
    aldona.apply()
    assert ask.count(StagedPart) == 0
    aldona.compare(listed(ULA))
    aldona.client.post(f"{aldona.base}/abandon")
    assert (ask.count(StagedPart), ask.count(KeptFile)) == (0, 0)
    assert [one.state for one in ask.scalars(select(Import).order_by(Import.id))] == [
        State.APPLIED,
        State.ABANDONED,
    ]


def test_what_changes_stands_in_the_history_with_old_and_new(aldona: Sender, cast: Cast, ask: Ask) -> None:
    child_id = cast.children["Boružiukai"][0]
    aldona.compare(listed(["Adomas", "Žukauskas", "2022-03-15", "Boružiukai"]))
    aldona.decide(2, same_as=str(child_id))
    assert aldona.apply().status_code == 303
    entry = ask.scalars(
        select(AuditEntry).where(
            AuditEntry.table_name == "children_child", AuditEntry.row_id == child_id, AuditEntry.action == "change"
        )
    ).one()
    assert json.loads(entry.changes) == {"birth_date": ["2022-03-14", "2022-03-15"]}
    assert entry.reason == "sarasas.csv"


def test_a_child_of_another_group_moves_from_the_chosen_day_on(aldona: Sender, cast: Cast, ask: Ask) -> None:
    child_id = cast.children["Boružiukai"][0]
    aldona.compare(listed(["Adomas", "Žukauskas", "2022-03-14", "Drugeliai"]))
    assert "Boružiukai → Drugeliai" in aldona.page()
    assert aldona.apply("2026-12-01").status_code == 303
    rows = ask.scalars(select(Enrolment).where(Enrolment.child_id == child_id).order_by(Enrolment.valid_from))
    assert [(row.group_id, row.valid_from, row.valid_to) for row in rows] == [
        (cast.boruziukai, date(2026, 9, 1), date(2026, 11, 30)),
        (cast.drugeliai, date(2026, 12, 1), None),
    ]


def test_blank_cells_change_nothing(aldona: Sender, cast: Cast) -> None:
    aldona.compare(listed(["Adomas", "Žukauskas", "2022-03-14", ""]))
    assert aldona.counts()["same"] == 1


def test_what_was_seen_is_what_is_written(aldona: Sender, app: Flask, cast: Cast) -> None:
    aldona.compare(listed(ONA))
    seen = re.search(r'name="seen" value="([^"]+)"', aldona.page())
    assert seen
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        db.session.add(Child(first_name="Ona", last_name="Onaitė", birth_date=date(2021, 3, 5)))
    answer = aldona.client.post(f"{aldona.base}/apply", data={"seen": seen[1], "starts_on": "2026-11-24"})
    assert (answer.status_code, "peržiūrėkite skirtumus iš naujo" in answer.get_data(as_text=True)) == (409, True)


def test_places_begin_today_at_the_earliest(aldona: Sender) -> None:
    aldona.compare(listed(ONA))
    answer = aldona.apply("2026-09-01")
    assert (answer.status_code, "prasideda anksčiausiai šiandien" in answer.get_data(as_text=True)) == (422, True)


def test_places_may_begin_today_until_the_kitchen_has_locked_the_day(
    aldona: Sender, at: At, app: Flask, cast: Cast
) -> None:
    aldona.compare(listed(ONA, ["Nauja", "Naujokaitė", "2023-05-05", "Naujokai"]))
    aldona.groups()
    before = everything(app, cast)
    at(9, 1)
    answer = aldona.apply(DAY.isoformat())
    assert answer.status_code in (409, 422), answer.get_data(as_text=True)
    assert everything(app, cast) == before
    at(8, 50)
    assert aldona.apply(DAY.isoformat()).status_code == 303


def test_all_or_nothing(aldona: Sender, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault at the very end leaves nothing of the beginning."""
    before = everything(app, cast)
    aldona.compare(listed(ONA, ULA))

    def fail(*args: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("ediary.registers.applying_children._order_meals", fail)
    with pytest.raises(RuntimeError):
        aldona.apply()
    assert everything(app, cast) == before


def test_employees_need_a_name_and_an_email_and_get_the_role_of_their_position(aldona: Sender, ask: Ask) -> None:
    heads = ["Vardas, pavardė", "El. paštas", "Pareigos"]
    content = files.as_csv([heads, ["Ona Onienė", "ona@example.lt", "Mokytoja"], ["Ula Ulienė", "ULA@example.lt", ""]])
    aldona.compare(content, "employees")
    page = aldona.page()
    assert re.search(r'name="role-0".*?value="educator" selected', page, re.DOTALL)
    assert aldona.apply("2026-11-24", **{"role-0": "educator"}).status_code == 303
    ona, ula = ask.scalars(select(Employee).where(Employee.email.like("%@example.lt")).order_by(Employee.id))
    assert (ona.position, ula.email, ula.user_id) == ("Mokytoja", "ula@example.lt", None)
    role = ask.scalars(select(Membership).where(Membership.user_id == ona.user_id)).one()
    assert (role.role, role.valid_from) == (Role.EDUCATOR, date(2026, 11, 24))


def test_no_list_gives_a_role_that_needs_an_order(aldona: Sender, ask: Ask) -> None:
    content = files.as_csv(
        [["Vardas, pavardė", "El. paštas", "Pareigos"], ["Ona Onienė", "ona@example.lt", "Direktorė"]]
    )
    aldona.compare(content, "employees")
    assert 'value="director"' not in aldona.page()
    assert aldona.apply("2026-11-24", **{"role-0": "administrator"}).status_code == 422
    assert ask.count(Employee) == ask.scalar(select(func.count()).where(Employee.email != "ona@example.lt"))


def test_groups_come_with_all_that_is_said_of_them(aldona: Sender, ask: Ask) -> None:
    aldona.compare(files.as_csv(files.group_table(["Ežiukai", "Boružiukai"])), "groups")
    assert aldona.counts() | {"changed": 1, "new": 1, "missing": 1} == aldona.counts()
    assert aldona.apply().status_code == 303
    group = ask.scalars(select(Group).where(Group.name == "Ežiukai")).one()
    assert (group.programme.value, group.minutes_a_day, group.language, group.places) == ("preprimary", 630, "lt", 20)


# --- taking back ----------------------------------------------------------------------------------------------------


def test_taking_back_leaves_everything_as_it_was(aldona: Sender, app: Flask, cast: Cast, at: At) -> None:
    before = everything(app, cast)
    table = files.child_table(files.children(12, groups=3, seed=7))
    heads = [str(head) for head in table[0]]
    adomas = ["", "Žukauskas Adomas", "2022-03-14", "", "", "Drugeliai", "Nauja g. 1", "Rasa Žukauskienė", "861234567"]
    moved = dict(zip(heads, adomas, strict=False))
    table.append([moved.get(head, "") for head in heads])
    aldona.compare(files.as_csv(table))
    aldona.groups()
    assert aldona.counts() | {"new": 12, "changed": 1} == aldona.counts(), aldona.counts()
    assert aldona.apply(meals=[str(cast.meals["Pietūs"])]).status_code == 303
    assert everything(app, cast) != before
    at(8, 30)
    answer = aldona.undo()
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert everything(app, cast) == before


def test_employees_with_roles_are_taken_back_whole(aldona: Sender, app: Flask, cast: Cast, at: At) -> None:
    before = everything(app, cast)
    aldona.compare(files.as_csv(files.employee_table(files.employees(6))), "employees")
    assert aldona.apply("2026-11-24", **{"role-0": "educator", "role-1": "educator"}).status_code == 303
    assert len(everything(app, cast)["Membership"]) > len(before["Membership"])
    at(8, 30)
    assert aldona.undo().status_code == 303
    assert everything(app, cast) == before


def test_what_depends_on_a_list_is_named(aldona: Sender, app: Flask, cast: Cast, at: At) -> None:
    aldona.compare(listed(ONA))
    aldona.apply()
    with app.app_context(), acting_for(cast.saulute):
        child = db.session.scalars(select(Child.id).where(Child.last_name == "Onaitė")).one()
    before = everything(app, cast)
    at(8, 30)
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        db.session.add(Guardian(
            child_id=child, relation="mother", first_name="Rasa", last_name="Onienė", phone="", email="", address="",
            may_collect=True, valid_from=DAY,
        ))  # fmt: skip
    answer = aldona.undo()
    said = answer.get_data(as_text=True)
    assert (answer.status_code, "priklauso: tėvai ir globėjai" in said) == (422, True)
    assert everything(app, cast)["Child"] == before["Child"]


def test_a_later_change_is_named(aldona: Sender, app: Flask, cast: Cast, at: At) -> None:
    aldona.compare(listed(ONA))
    aldona.apply()
    at(8, 30)
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        db.session.scalars(select(Child).where(Child.last_name == "Onaitė")).one().first_name = "Onutė"
    answer = aldona.undo()
    assert (answer.status_code, "Po to jau pakeista" in answer.get_data(as_text=True)) == (422, True)


def test_places_that_have_begun_are_not_taken_back(aldona: Sender, at: At, as_person: LogIn) -> None:
    aldona.compare(listed(ONA))
    aldona.apply()
    at(8, 10, day=date(2026, 11, 25))
    aldona.client = as_person("aldona")
    answer = aldona.undo()
    assert (answer.status_code, "virtuvė jiems jau gamino" in answer.get_data(as_text=True)) == (422, True)


def test_a_list_is_taken_back_once(aldona: Sender, at: At) -> None:
    aldona.compare(listed(ONA))
    aldona.apply()
    at(8, 30)
    assert [aldona.undo().status_code for _time in range(2)] == [303, 409]


# --- who and what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["rasa", "lina", "vilma", "ieva", "greta", "milda"])
def test_other_roles_see_nothing_of_the_lists(as_person: LogIn, login: str) -> None:
    assert as_person(login).get("/registers/").status_code == 403


def test_the_director_reads_the_comparison_and_changes_nothing(aldona: Sender, as_person: LogIn) -> None:
    aldona.compare(listed(ONA))
    jonas = as_person("jonas")
    page = jonas.get(aldona.base).get_data(as_text=True)
    assert "Ona Onaitė" in page
    assert "<form" not in page.partition('<div class="content">')[2].partition('<div class="foot">')[0]
    assert jonas.post(f"{aldona.base}/apply").status_code == 403


def test_another_kindergartens_list_does_not_exist(aldona: Sender, app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.ezerelis), write_transaction():
        foreign = Import(
            kind="groups", school_year=2026, starts_on=DAY, file_name="x.csv", sha256="0" * 64, rows=0, answers="",
            state=State.CHECKED, made_at=clock.now(), made_by="direktorė Ona",
        )  # fmt: skip
        db.session.add(foreign)
        db.session.flush()
        number = foreign.id
    there, nowhere = (aldona.client.get(f"/registers/{one}") for one in (number, 10**6))
    assert there.status_code == nowhere.status_code == 404


def test_the_comparison_is_a_paper_and_the_print_is_on_record(aldona: Sender, ask: Ask) -> None:
    from pypdf import PdfReader

    aldona.compare(listed(ONA, ["On4", "Klaidaitė", "2021-03-05", "Boružiukai"]))
    answer = aldona.client.get(f"{aldona.base}/report.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    for said in (
        "Sutikrinimas su registru",
        "Ona Onaitė",
        "Klaidaitė",
        "Adomas Žukauskas",
        "Yra dienyne, nėra registre",
    ):
        assert said in text
    assert ask.scalar(
        select(func.count()).where(AuditEntry.table_name == "registers_import", AuditEntry.action == "print")
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["children", "employees", "groups"])
def test_what_the_diary_exports_is_equal_when_it_comes_in_again(aldona: Sender, kind: str, form: str) -> None:
    content = aldona.client.get(f"/registers/lists/{kind}/export.{form}").data
    aldona.compare(content, kind, f"x.{form}")
    assert {show: number for show, number in aldona.counts().items() if number} == {"same": aldona.counts()["same"]}


def test_an_export_is_on_record_and_holds_no_personal_code(aldona: Sender, ask: Ask) -> None:
    row = files.children(1)[0]
    aldona.compare(files.as_csv(files.child_table([row])))
    aldona.groups()
    aldona.apply()
    rows = list(
        csv.reader(
            io.StringIO(aldona.client.get("/registers/lists/children/export.csv").data.decode("utf-8-sig")),
            delimiter=";",
        )
    )
    assert row.last_name in {one[1] for one in rows}
    assert row.code not in str(rows)
    entry = ask.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert "children" in entry.changes


def test_pages_cost_the_same_for_few_and_for_many_rows(aldona: Sender) -> None:
    asked = []
    for number in (3, 120):
        aldona.compare(files.as_csv(files.child_table(files.children(number))))
        with count_queries() as seen:
            aldona.page("new")
        asked.append(len(seen))
        with count_queries(at_most=8):
            aldona.client.get("/registers/")
    assert asked[0] == asked[1]
    assert asked[1] <= 14


def test_the_old_file_goes_when_a_new_one_comes_and_by_a_button(aldona: Sender, ask: Ask) -> None:
    aldona.compare(listed(ONA))
    aldona.compare(listed(ULA))
    assert ask.count(KeptFile) == 1
    aldona.client.post("/registers/lists/children/forget")
    assert ask.count(KeptFile) == 0
    again = aldona.client.post(f"{aldona.base}/again")
    assert again.status_code in (409, 422)


def test_undo_facts_are_sealed(aldona: Sender, ask: Ask) -> None:
    aldona.compare(listed(["Adomas", "Žukauskas", "2022-03-14", "Drugeliai"], ONA))
    aldona.apply()
    kept = ask.scalars(select(Undo.sealed)).one()
    assert "Onaitė" not in kept


def test_files_nobody_needs_are_removed_at_night(aldona: Sender, app: Flask, ask: Ask, at: At) -> None:
    aldona.compare(listed(ONA))
    at(2, 0, day=date(2027, 3, 1))
    said = app.test_cli_runner().invoke(args=["lists", "tidy"]).output
    assert said == ""
    at(2, 0, day=date(2027, 3, 25))
    said = app.test_cli_runner().invoke(args=["lists", "tidy"]).output
    assert re.search(r"institution \d+: 2", said)
    assert (ask.count(KeptFile), ask.count(StagedPart)) == (0, 0)


def test_a_place_begins_in_the_lists_school_year(aldona: Sender) -> None:
    aldona.compare(listed(ONA))
    answer = aldona.apply("2027-09-01")
    assert (answer.status_code, "Mokslo metai baigiasi 2027-08-31" in answer.get_data(as_text=True)) == (422, True)


def test_a_long_report_names_everybody(aldona: Sender) -> None:
    from pypdf import PdfReader

    rows = files.children(160, seed=9)
    aldona.compare(files.as_csv(files.child_table(rows)))
    pages = PdfReader(io.BytesIO(aldona.client.get(f"{aldona.base}/report.pdf").data)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert all(row.last_name.split("-")[0] in text for row in rows)


def test_two_pages_reading_one_list_read_each_part_once(aldona: Sender, ask: Ask, as_person: LogIn) -> None:
    aldona.send(files.as_csv(files.child_table(files.children(900))))
    aldona.settle()
    other = as_person("aldona")
    for client in (aldona.client, other, aldona.client, other, other, aldona.client):
        client.post(f"{aldona.base}/work", headers=HTMX)
    assert ask.scalars(select(StagedPart.rows_read).order_by(StagedPart.number)) == [400, 800, 900]


def test_a_row_that_no_file_has_is_nothing(aldona: Sender) -> None:
    aldona.compare(listed(ONA))
    assert aldona.decide(10**9, decision="another").status_code == 404
    assert aldona.decide(2, same_as="-1").status_code == 422
    assert aldona.decide(2, decision="same_one").status_code == 422


def gone(app: Flask, cast: Cast, child_id: int) -> None:
    """The child's last day was the 20th."""
    with app.app_context(), acting_for(cast.saulute), clock.frozen(MORNING - timedelta(days=3)), write_transaction():
        order = institutions.order("V-77", date(2026, 11, 20), "direktorius Jonas").id
        places.leave([child_id], date(2026, 11, 20))
        db.session.add(
            Departure(
                child_id=child_id,
                day=date(2026, 11, 20),
                reason=DepartureReason.OTHER,
                note="",
                order_id=order,
                entered_at=clock.now(),
                entered_by="x",
            )
        )


def test_a_child_who_left_comes_back_by_a_list_with_a_group_only(
    aldona: Sender, app: Flask, cast: Cast, ask: Ask, at: At
) -> None:
    child_id = cast.children["Boružiukai"][0]
    gone(app, cast, child_id)
    before = everything(app, cast)
    heads = [*HEADS, "Adresas", "Mamos vardas, pavardė"]
    adomas = ["Adomas", "Žukauskas", "2022-03-14", "", "Nauja g. 1", "Rasa Žukauskienė"]
    aldona.compare(listed(adomas, heads=heads))
    assert "Šis vaikas išvykęs" in aldona.page("faulty")
    adomas[3] = "Naujokai"
    aldona.compare(listed(adomas, heads=heads))
    aldona.groups()
    assert aldona.apply("2026-12-01").status_code == 303
    last = ask.scalars(select(Enrolment).where(Enrolment.child_id == child_id).order_by(Enrolment.valid_from.desc()))
    assert last.first().valid_from == date(2026, 12, 1)
    at(8, 30)
    answer = aldona.undo()
    assert answer.status_code == 303, re.findall("notice-bad.*?</p>", answer.get_data(as_text=True))
    assert everything(app, cast) == before


#: what a form field may be sent by who wishes harm, or by a broken page
STRANGE = (
    "", " ", "-1", "0", "2", "9" * 30, "1e9", "NaN", "null", "2026-13-45", "0001-01-01", "9999-12-31", "2026-11-24",
    "same_one",
    "left_out", "first_name", "name", "day_first", "kindergarten", "none", "educator", "director", "utf-8",
    "utf-7", "|", "\t",
    "<script>alert(1)</script>", "'; DROP TABLE children_child; --", "=1+1", "ąčę\u202e", "x" * 5000, "🙂",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_sent_to_an_open_list_nothing_breaks(aldona: Sender, seed: int) -> None:
    random = Random(seed)
    content = listed(["Ona", "Onaitė", "05/03/2021", "Nauja"], ["Austeja", "Kazlauskaite", "14/03/2022", "Kita"])
    aldona.compare(content, days_2="day_first")
    fields = {
        "columns": [f"column-{n}" for n in range(4)] + ["days-2", "names-0", "column-99"],
        "read": ["encoding", "separator", "sheet", "head_row"],
        "rows/2": ["decision", "same_as"],
        "rows/3": ["decision", "same_as"],
        "groups": ["group-0", "group-1", "group-7"],
        "apply": ["seen", "starts_on", "meals", "role-0"],
        "work": ["x"],
        "leave-out": ["x"],
        "again": ["x"],
        "apart": ["known_id", "all", "back"],
    }
    for _time in range(30):
        step = random.choice(list(fields))
        data = {name: random.choice(STRANGE) for name in fields[step] if random.random() < 0.8}
        answer = aldona.client.post(f"{aldona.base}/{step}", data=data)
        assert answer.status_code in (200, 303, 404, 409, 422), f"{step} {data}: {answer.status_code}"
        for path in ("", "/columns", "?show=new&page=9", "?show=nonsense"):
            assert aldona.client.get(f"{aldona.base}{path}").status_code in (200, 303, 422), (
                f"{path} after {step} {data}"
            )


def test_whom_a_register_need_not_have_is_said_once_and_for_later_files_too(aldona: Sender, cast: Cast) -> None:
    content = listed(ONA, ULA)
    aldona.compare(content)
    aldona.apply()
    aldona.base = aldona.client.post(f"{aldona.base}/again").location
    aldona.read()
    missing = aldona.counts()["missing"]
    one = str(cast.children["Boružiukai"][0])
    aldona.client.post(f"{aldona.base}/apart", data={"known_id": one})
    assert aldona.counts() | {"missing": missing - 1, "apart": 1} == aldona.counts()
    aldona.client.post(f"{aldona.base}/apart", data={"known_id": one, "back": "1"})
    assert aldona.counts()["missing"] == missing
    aldona.client.post(f"{aldona.base}/apart", data={"all": "1"})
    assert "Sąrašas sutampa su dienynu" in aldona.page()
    aldona.compare(content)
    assert "Sąrašas sutampa su dienynu" in aldona.page()
    assert "is-equal" in aldona.client.get("/registers/").get_data(as_text=True)
    aldona.client.post(f"{aldona.base}/apart", data={"known_id": one, "back": "1"})
    assert "is-equal" not in aldona.client.get("/registers/").get_data(as_text=True)
    assert aldona.client.post(f"{aldona.base}/apart", data={"known_id": "x"}).status_code == 422
