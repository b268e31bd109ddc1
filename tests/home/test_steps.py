"""The first steps: each is done when the diary says so, and gone when all are (issue 3, 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts.models import Membership, Slip
from ediary.children.models import Guardian
from ediary.children.rules import Relation
from ediary.core import clock
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.home.models import Delivered, LookedAt
from ediary.home.steps import ENDPOINTS, Step, counted_on, steps
from ediary.institutions.models import Institution
from ediary.registers.models import Import, State
from ediary.registers.rules import Kind
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import DAY, count_queries, less_tokens

LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def saulute(app: Flask, cast: Cast, at: Callable[..., None]) -> Iterator[None]:
    with app.test_request_context(), acting_for(cast.saulute, cast.users["aldona"]):
        yield


def done() -> set[Step]:
    return {one.step for one in steps().states if one.is_done}


def test_of_a_living_kindergarten_what_is_there_is_done(saulute: None) -> None:
    assert done() == {
        Step.CALENDAR, Step.MEALS, Step.GROUPS, Step.EMPLOYEES, Step.EDUCATORS, Step.CHILDREN, Step.STAFF_SLIPS,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("today", "counted"),
    [
        (date(2026, 7, 31), date(2026, 7, 31)),
        (date(2026, 8, 1), date(2026, 9, 1)),
        (date(2026, 8, 31), date(2026, 9, 1)),
        (date(2026, 9, 1), date(2026, 9, 1)),
    ],
)
def test_in_august_the_steps_are_about_the_year_to_come(today: date, counted: date) -> None:
    assert counted_on(today) == counted


def test_a_new_kindergarten_has_its_calendar_and_begins_with_its_address(
    app: Flask, cast: Cast, at: Callable[..., None]
) -> None:
    with app.test_request_context():
        new = make.institution("Lopšelis-darželis „Naujas“", "190000009", DAY)
        with acting_for(new):
            found = steps()
    assert {one.step for one in found.states if one.is_done} == {Step.CALENDAR}
    assert found.next is not None
    assert found.next.step is Step.INSTITUTION


def _fill_in(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def test_each_step_becomes_done_by_its_own_deed(cast: Cast, saulute: None) -> None:
    with write_transaction():
        house = db.session.scalars(select(Institution)).one()
        _fill_in(house, address="Saulės g. 1", phone="+37060000001", email="saulute@darzelis.example")
    assert Step.INSTITUTION in done()

    with write_transaction():
        for what in Delivered:
            db.session.add(LookedAt(what=what, at=clock.now(), by="Aldona"))
    assert {Step.DEADLINES, Step.REASONS} <= done()

    with write_transaction():
        order = make.order("V-9", FIRST)
        for seat in db.session.scalars(select(Membership).where(Membership.role == Role.ADMINISTRATOR)):
            seat.order_id = order
    assert Step.ADMINISTRATORS in done()

    kids = [child for group in ("Boružiukai", "Drugeliai") for child in cast.children[group]]
    with write_transaction():
        for child in kids[1:]:
            db.session.add(
                Guardian(
                    child_id=child,
                    relation=Relation.MOTHER,
                    first_name="Ona",
                    last_name="Onaitė",
                    phone="",
                    email="",
                    address="",
                    may_collect=True,
                    valid_from=FIRST,
                )
            )
    assert Step.PARENTS in done()
    assert Step.PARENT_SLIPS not in done()

    with write_transaction():
        mother = credentials.add_user("ona.onaite", "Ona", "Onaitė", "")
        accounts.add_membership(mother.id, cast.saulute, Role.GUARDIAN, FIRST)
        for row in db.session.scalars(select(Guardian).where(Guardian.user_id.is_(None))):
            row.user_id = mother.id
    assert Step.PARENT_SLIPS not in done()
    with write_transaction():
        credentials.issue_slip(mother.id, "Aldona")
    assert Step.PARENT_SLIPS in done()


@pytest.mark.parametrize(
    ("ended", "is_done"),
    [({}, True), ({"ended_at": DAY}, False), ({"used_at": DAY}, False)],
    ids=["waits", "ended", "used"],
)
def test_a_slip_counts_while_it_opens(cast: Cast, saulute: None, ended: dict[str, Any], is_done: bool) -> None:
    with write_transaction():
        newcomer = credentials.add_user("nauja", "Nauja", "Naujokė", "")
        accounts.add_membership(newcomer.id, cast.saulute, Role.EDUCATOR, FIRST)
        from ediary.staff import actions as staff
        from ediary.staff.actions import Person

        staff.add_employee(Person("Nauja", "Naujokė", "nauja@darzelis.example"), FIRST, newcomer.id)
        credentials.issue_slip(newcomer.id, "Aldona")
        slip = db.session.scalars(select(Slip).where(Slip.user_id == newcomer.id)).one()
        _fill_in(slip, **dict.fromkeys(ended, clock.now()))
    assert (Step.STAFF_SLIPS in done()) is is_done


def _compared(kind: Kind, **counts: int) -> Import:
    row = Import(
        kind=kind, school_year=2026, starts_on=DAY, file_name="a.csv", sha256="0" * 64, rows=3, answers="",
        state=State.CHECKED, made_at=clock.now(), made_by="Aldona", checked_at=clock.now(),
    )  # fmt: skip
    _fill_in(row, rows_new=0, rows_changed=0, rows_same=3, rows_doubtful=0, rows_faulty=0, rows_left_out=0, missing=0)
    _fill_in(row, **counts)
    return row


def test_the_registers_are_equal_when_the_last_comparison_of_both_found_nothing(saulute: None) -> None:
    with write_transaction():
        db.session.add_all([_compared(Kind.CHILDREN), _compared(Kind.EMPLOYEES, missing=1)])
    assert Step.REGISTERS not in done()
    with write_transaction():
        db.session.add(_compared(Kind.EMPLOYEES))
    assert Step.REGISTERS in done()
    with write_transaction():
        db.session.add(_compared(Kind.CHILDREN, rows_new=2))
    assert Step.REGISTERS not in done()


def test_another_kindergartens_rows_do_not_count(app: Flask, cast: Cast, saulute: None) -> None:
    with app.test_request_context(), acting_for(cast.ezerelis):
        said = {one.step: one.said for one in steps().states}
    assert said[Step.CHILDREN].startswith("2 ")
    assert said[Step.GROUPS].startswith("1 ")


def test_all_steps_take_two_statements(saulute: None) -> None:
    with count_queries(at_most=2):
        steps()


# --- on pages -------------------------------------------------------------------------------------------------------


def test_an_administrator_begins_with_the_steps_and_what_comes_next(as_person: LogIn) -> None:
    page = as_person("aldona").get("/").text
    assert "Pirmieji žingsniai" in page
    assert "Toliau: Įstaigos adresas, telefonas ir el. paštas" in page
    assert page.count('<li class="step') == len(Step)


def test_what_is_delivered_is_good_once_somebody_has_looked(app: Flask, cast: Cast, as_person: LogIn) -> None:
    client = as_person("aldona")
    for _twice in range(2):
        assert client.post("/home/looked/deadlines").status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        row = db.session.scalars(select(LookedAt)).one()
    assert (row.what, row.by) == (Delivered.DEADLINES, "administratorė Aldona Kairienė")
    assert client.post("/home/looked/nonsense").status_code == 404
    assert as_person("rasa").post("/home/looked/deadlines").status_code == 403


@pytest.mark.parametrize("step", Step)
def test_every_step_leads_to_a_page_with_the_bar(as_person: LogIn, app: Flask, step: Step) -> None:
    with app.test_request_context():
        from flask import url_for

        path = url_for(ENDPOINTS[step])
    client = as_person("aldona")
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    assert step is Step.CALENDAR or 'class="steps-bar"' in answer.text


def test_nobody_else_sees_the_bar_and_no_other_page_has_it(as_person: LogIn) -> None:
    assert 'class="steps-bar"' not in as_person("jonas").get("/groups/").text
    assert 'class="steps-bar"' not in as_person("aldona").get("/notices/").text


def test_the_bar_is_gone_when_all_is_green(as_person: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from ediary.home import steps as module

    def all_done() -> Any:
        found = steps()
        return module.Steps(
            found.school_year, [module.State(one.step, one.title, one.said, True) for one in found.states]
        )

    monkeypatch.setattr(module, "steps", all_done)
    monkeypatch.setattr("ediary.home.queries.steps", all_done)
    client = as_person("aldona")
    assert 'class="steps-bar"' not in client.get("/groups/").text
    assert "Pirmieji žingsniai" not in client.get("/").text
    assert less_tokens(client.get("/").text)
