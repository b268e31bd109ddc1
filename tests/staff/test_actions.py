"""Employees and their roles, written through the actions: what is refused, what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts.models import LoginSession, Membership, User
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.locks import write_transaction
from ediary.core.orders import Order
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.institutions.models import Document
from ediary.staff import actions, queries
from ediary.staff.models import Employee
from ediary.staff.rules import Person, Term
from tests.cast import FIRST, Cast
from tests.conftest import DAY

Writing = Callable[[], AbstractContextManager[None]]
ORDER = Order("V-31", DAY, "direktorius Jonas Rimkus")
NEW = Person("Živilė", "Žemaitienė", "Zivile@Darzelis.example", position="raštvedė")
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def writing(app: Flask, cast: Cast, at: Callable[..., None]) -> Writing:
    """A write transaction in Saulutė."""

    @contextmanager
    def write() -> Iterator[None]:
        with app.app_context(), acting_for(cast.saulute), write_transaction():
            yield

    return write


def of(login: str, cast: Cast) -> Employee:
    found = queries.employee_of(cast.users[login])
    assert found is not None
    return found


def held_by(login: str, cast: Cast) -> list[Membership]:
    return queries.memberships(of(login, cast))


# --- employees ------------------------------------------------------------------------------------------------------


def test_a_name_and_an_address_are_enough_and_make_no_log_in(writing: Writing) -> None:
    with writing():
        made = actions.add_employee(NEW, DAY)
        assert (made.email, made.user_id, made.valid_to) == ("zivile@darzelis.example", None, None)


def test_two_employees_do_not_share_an_address(writing: Writing) -> None:
    with writing():
        actions.add_employee(NEW, DAY)
        with pytest.raises(BadInput, match="Živilė Žemaitienė"):
            actions.add_employee(Person("Kita", "Kitaitė", " ZIVILE@darzelis.example "), DAY)


def test_the_same_address_may_stand_in_another_kindergarten(app: Flask, cast: Cast, writing: Writing) -> None:
    with writing():
        actions.add_employee(NEW, DAY)
    with app.app_context(), acting_for(cast.ezerelis), write_transaction():
        actions.add_employee(NEW, DAY)


def test_a_new_name_stands_in_the_log_in_too(cast: Cast, writing: Writing) -> None:
    with writing():
        rasa = of("rasa", cast)
        actions.edit_employee(rasa.id, Person("Rasa", "Naujienė", rasa.email), FIRST)
        assert db.session.get_one(User, cast.users["rasa"]).last_name == "Naujienė"


def test_a_log_in_made_elsewhere_and_used_there_keeps_its_name(app: Flask, cast: Cast, writing: Writing) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        accounts.add_membership(cast.users["asta"], cast.saulute, Role.EDUCATOR, FIRST)
        asta = actions.add_employee(Person("Asta", "Vandenytė", "asta@darzelis.example"), FIRST, cast.users["asta"]).id
    with writing():
        actions.edit_employee(asta, Person("Asta", "Kitokia", "asta@darzelis.example"), FIRST)
        assert db.session.get_one(User, cast.users["asta"]).last_name == "Vandenytė"


def test_only_who_never_had_a_log_in_is_removed(cast: Cast, writing: Writing) -> None:
    with writing():
        actions.remove_employee(actions.add_employee(NEW, DAY).id)
        with pytest.raises(BadInput, match="turi prisijungimą"):
            actions.remove_employee(of("rasa", cast).id)


def test_the_end_of_work_ends_all_roles_and_takes_back_what_would_begin_later(cast: Cast, writing: Writing) -> None:
    with writing():
        rasa = of("rasa", cast)
        actions.give_role(rasa.id, Role.SECRETARY, Term(date(2027, 1, 1), None))
        actions.end_employment(rasa.id, DAY)
        assert rasa.valid_to == DAY
        assert [(one.role, one.valid_to) for one in held_by("rasa", cast)] == [(Role.EDUCATOR, DAY)]


def test_a_parent_who_stops_working_stays_a_parent(cast: Cast, writing: Writing) -> None:
    with writing():
        accounts.add_membership(cast.users["rasa"], cast.saulute, Role.GUARDIAN, FIRST)
        actions.end_employment(of("rasa", cast).id, DAY)
        own = db.session.scalars(select(Membership).where(Membership.user_id == cast.users["rasa"]))
        assert {one.role: one.valid_to for one in own} == {Role.EDUCATOR: DAY, Role.GUARDIAN: None}


def test_work_does_not_end_before_it_began(cast: Cast, writing: Writing) -> None:
    with writing():
        with pytest.raises(BadInput):
            actions.end_employment(of("rasa", cast).id, FIRST - timedelta(days=1))


@pytest.mark.parametrize("first", [DAY + timedelta(days=30), DAY], ids=["after a break", "the end is taken back"])
def test_who_comes_back_works_here_again(cast: Cast, writing: Writing, first: date) -> None:
    with writing():
        rasa = of("rasa", cast)
        actions.end_employment(rasa.id, DAY)
        actions.employ_again(rasa.id, first)
        assert rasa.valid_to is None
        assert rasa.valid_from == (first if first > DAY else FIRST)
        with pytest.raises(BadInput, match="jau dirba"):
            actions.employ_again(rasa.id, first)


# --- roles ----------------------------------------------------------------------------------------------------------


def test_with_the_first_role_comes_the_log_in(writing: Writing) -> None:
    with writing():
        made = actions.add_employee(NEW, DAY)
        membership = actions.give_role(made.id, Role.SECRETARY, Term(DAY, None))
        user = db.session.get_one(User, made.user_id)
        assert (user.login, user.password_hash) == ("zivile@darzelis.example", "")
        assert membership.user_id == user.id


def test_the_second_role_keeps_the_log_in(cast: Cast, writing: Writing) -> None:
    with writing():
        rasa = of("rasa", cast)
        actions.give_role(rasa.id, Role.SECRETARY, Term(DAY, None))
        assert rasa.user_id == cast.users["rasa"]
        assert [one.role for one in held_by("rasa", cast)] == [Role.EDUCATOR, Role.SECRETARY]


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.DEPUTY, Role.ADMINISTRATOR])
def test_a_leading_role_needs_the_directors_order(cast: Cast, writing: Writing, role: Role) -> None:
    with writing():
        rasa = of("rasa", cast)
        with pytest.raises(BadInput, match="įsakymu"):
            actions.give_role(rasa.id, role, Term(DAY, None))
        given = actions.give_role(rasa.id, role, Term(DAY, None), ORDER)
        assert db.session.get_one(Document, given.order_id).number == "V-31"


def test_a_role_is_not_given_twice_for_the_same_day(cast: Cast, writing: Writing) -> None:
    with writing():
        with pytest.raises(BadInput, match="jau turi nuo 2026-09-01"):
            actions.give_role(of("rasa", cast).id, Role.EDUCATOR, Term(DAY, None))


def test_a_role_does_not_last_longer_than_the_work(cast: Cast, writing: Writing) -> None:
    with writing():
        rasa = of("rasa", cast)
        actions.end_employment(rasa.id, DAY)
        with pytest.raises(BadInput, match="čia dirba"):
            actions.give_role(rasa.id, Role.SECRETARY, Term(DAY, None))
        actions.give_role(rasa.id, Role.SECRETARY, Term(DAY, DAY))


def test_a_role_ends_yesterday_at_the_earliest(cast: Cast, writing: Writing) -> None:
    with writing():
        rasa, (role,) = of("rasa", cast), held_by("rasa", cast)
        with pytest.raises(BadInput, match="vakar"):
            actions.end_role(rasa.id, role.id, YESTERDAY - timedelta(days=1))
        assert actions.end_role(rasa.id, role.id, YESTERDAY).valid_to == YESTERDAY


def test_what_has_ended_is_not_ended_again(cast: Cast, writing: Writing, at: Callable[..., None]) -> None:
    with writing():
        rasa, (role,) = of("rasa", cast), held_by("rasa", cast)
        actions.end_role(rasa.id, role.id, DAY)
    at(8, day=DAY + timedelta(days=1))
    with writing():
        with pytest.raises(BadInput, match="pasibaigęs"):
            actions.end_role(of("rasa", cast).id, role.id, DAY + timedelta(days=1))


def test_a_role_given_today_by_mistake_is_taken_back_with_its_sessions(cast: Cast, writing: Writing) -> None:
    with writing():
        rasa = of("rasa", cast)
        given = actions.give_role(rasa.id, Role.ADMINISTRATOR, Term(DAY, None), ORDER)
        accounts.open_session(cast.users["rasa"], "tablet")
        session = db.session.scalars(select(LoginSession)).one()
        session.membership_id = given.id
        db.session.flush()
        actions.end_role(rasa.id, given.id, YESTERDAY)
        assert [one.role for one in held_by("rasa", cast)] == [Role.EDUCATOR]
        assert db.session.scalars(select(LoginSession)).all() == []


def test_the_last_administrator_who_can_log_in_stays(cast: Cast, writing: Writing) -> None:
    with writing():
        aldona, (role,) = of("aldona", cast), held_by("aldona", cast)
        other = actions.add_employee(NEW, DAY)
        actions.give_role(other.id, Role.ADMINISTRATOR, Term(DAY, None), ORDER)
        with pytest.raises(BadInput, match="neliktų administratoriaus"):
            actions.end_role(aldona.id, role.id, DAY)  # the other one has no password yet
        with pytest.raises(BadInput, match="neliktų administratoriaus"):
            actions.end_employment(aldona.id, DAY)
        db.session.get_one(User, other.user_id).password_hash = "chosen"
        db.session.flush()
        actions.end_role(aldona.id, role.id, DAY)
        assert role.valid_to == DAY


def test_a_later_administrator_is_none_for_the_days_between(cast: Cast, writing: Writing) -> None:
    with writing():
        actions.give_role(of("rasa", cast).id, Role.ADMINISTRATOR, Term(DAY + timedelta(days=5), None), ORDER)
        aldona, (role,) = of("aldona", cast), held_by("aldona", cast)
        with pytest.raises(BadInput, match="2026-11-24"):
            actions.end_role(aldona.id, role.id, DAY)
        actions.end_role(aldona.id, role.id, DAY + timedelta(days=4))


def test_everybody_who_works_on_a_day_is_listed_by_last_name(app: Flask, cast: Cast, writing: Writing) -> None:
    with writing():
        actions.end_employment(of("rasa", cast).id, YESTERDAY)
    with app.app_context(), acting_for(cast.saulute):
        names = [one.name for one in queries.working(clock.today())]
    assert names[:3] == ["Rūta Balčytienė", "Dalia Gaidienė", "Agnė Garsienė"]
    assert "Rasa Petraitienė" not in names
    assert len(names) == 11
