"""Settling what turned out otherwise, and asking for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.children.models import Enrolment
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.permissions import Role
from ediary.core.scope import Scope
from ediary.core.session import acting_for, set_scope
from ediary.kitchen import actions as kitchen
from ediary.portions import actions, queries
from tests.cast import Cast
from tests.conftest import DAY

ME = "mokytoja Rasa Petraitienė"


@pytest.fixture
def locked(app: Flask, cast: Cast, at: Callable[..., None]) -> Iterator[int]:
    """Saulutė after 9:00; gives the id of the locked day."""
    at(9, 5)
    with app.app_context(), acting_for(cast.saulute):
        kitchen.ensure_snapshot(DAY)
        day = queries.locked_day(DAY)
        assert day is not None
        yield day.id


def settle(cast: Cast, place: int, eats: bool, group: str = "Boružiukai", **how: bool) -> int | None:
    group_id, child_id = cast.groups[group], cast.children[group][place]
    with write_transaction(lock=GroupDay(group_id, DAY)):
        made = actions.settle(group_id, child_id, DAY, eats, ME, **how)
        return made.number if made else None


def test_corrections_are_numbered_through_the_day_and_lead_to_what_is(locked: int, cast: Cast) -> None:
    adomas = cast.children["Boružiukai"][0]
    whole = queries.standing(locked, adomas)
    assert len(whole) == 3
    assert [settle(cast, 0, False), settle(cast, 0, False)] == [1, None]
    assert queries.standing(locked, adomas) == frozenset()
    assert settle(cast, 0, False, "Drugeliai") == 2
    assert [settle(cast, 0, True), settle(cast, 0, True)] == [3, None]
    assert queries.standing(locked, adomas) == whole
    assert [(one.number, one.delta, len(one.lines)) for one in queries.corrections(locked)] == [
        (1, -1, 3),
        (2, -1, 3),
        (3, 1, 3),
    ]


def test_a_request_accepted_gets_a_number_even_when_the_portions_stood(locked: int, cast: Cast) -> None:
    assert settle(cast, 0, True, always=True, confirmed=True) == 1
    (only,) = queries.corrections(locked)
    assert (only.delta, only.lines, only.confirmed_by) == (0, (), ME)


def test_before_the_lock_there_is_nothing_to_settle(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        assert settle(cast, 0, False) is None


def test_an_educator_numbers_on_after_corrections_they_do_not_see(app: Flask, locked: int, cast: Cast) -> None:
    settle(cast, 0, False, "Drugeliai")
    with app.app_context():
        set_scope(educator(cast))
        assert queries.corrections(locked) == []
        assert settle(cast, 0, False) == 2


def test_portions_return_for_a_child_who_has_left_the_educators_group_since(
    app: Flask, locked: int, cast: Cast, at: Callable[..., None]
) -> None:
    """The orders are no longer the educator's to see; the correction is right all the same."""
    settle(cast, 0, False)
    with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        place = db.session.scalars(select(Enrolment).where(Enrolment.child_id == cast.children["Boružiukai"][0])).one()
        place.valid_to = DAY
    at(9, 30, day=DAY + timedelta(days=1))
    with app.app_context():
        set_scope(educator(cast))
        assert settle(cast, 0, True) == 2
    assert len(queries.standing(locked, cast.children["Boružiukai"][0])) == 3


def educator(cast: Cast) -> Scope:
    return Scope(
        cast.saulute,
        cast.users["rasa"],
        Role.EDUCATOR,
        group_ids=(cast.boruziukai,),
        person_id=cast.users["rasa"],
    )


def ask(cast: Cast, present: bool = True, note: str = "", child: int | None = None) -> int:
    child_id = cast.children["Boružiukai"][0] if child is None else child
    with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        return actions.ask(cast.boruziukai, child_id, DAY, present, note, ME).id


def test_asking_twice_is_one_request_with_the_newer_word(locked: int, cast: Cast) -> None:
    assert ask(cast, True, "Atvyko") == ask(cast, False, "Išvyko")
    waiting = queries.open_requests(DAY, [cast.boruziukai])
    (only,) = waiting.values()
    assert list(waiting) == [cast.children["Boružiukai"][0]]
    assert (only.present, only.note, only.asked_by) == (False, "Išvyko", ME)


def test_a_request_is_about_a_child_of_the_group_in_few_words(locked: int, cast: Cast) -> None:
    with pytest.raises(NotFound):
        ask(cast, child=cast.children["Drugeliai"][0])
    with pytest.raises(BadInput):
        ask(cast, note="ą" * 301)


def test_an_answered_request_waits_no_more(locked: int, cast: Cast) -> None:
    request_id = ask(cast)
    with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        actions.decide(request_id, DAY, False, "dietistė Ieva Norkienė")
    assert queries.open_requests(DAY, [cast.boruziukai]) == {}
    with pytest.raises(Stale), write_transaction():
        actions.decide(request_id, DAY, True, "dietistė Ieva Norkienė")
    with pytest.raises(NotFound), write_transaction():
        actions.decide(999, DAY, True, "dietistė Ieva Norkienė")


def test_confirming_twice_keeps_the_first(locked: int, cast: Cast) -> None:
    settle(cast, 0, False)
    (one,) = queries.corrections(locked)
    for who in ("dietistė Ieva Norkienė", "dietistė Kita"):
        with write_transaction():
            actions.confirm(one.id, DAY, who)
    (one,) = queries.corrections(locked)
    assert one.confirmed_by == "dietistė Ieva Norkienė"
