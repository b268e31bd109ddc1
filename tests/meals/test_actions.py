"""Orders and diets from-to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from ediary.core.dates import ONE_DAY
from ediary.core.errors import Locked, NotFound
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.session import acting_for
from ediary.meals import actions, queries
from tests.cast import Cast
from tests.conftest import DAY, count_queries


@pytest.fixture
def saulute(app: Flask, cast: Cast, at: Callable[..., None]) -> Iterator[None]:
    with app.app_context(), acting_for(cast.saulute):
        yield


def test_new_orders_close_the_old_from_their_day_on(saulute: None, cast: Cast) -> None:
    child, lunch = cast.children["Boružiukai"][0], cast.meals["Pietūs"]
    with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        actions.order_meals(child, [lunch], DAY)
    assert queries.orders([child], DAY) == {child: {lunch}}
    assert queries.orders([child], DAY - ONE_DAY) == {child: set(cast.meals.values())}


def test_the_same_orders_again_change_nothing(saulute: None, cast: Cast) -> None:
    child = cast.children["Boružiukai"][0]
    with write_transaction(lock=GroupDay(cast.boruziukai, DAY)), count_queries() as seen:
        actions.order_meals(child, cast.meals.values(), DAY)
    assert not [statement for statement in seen if statement.startswith(("INSERT INTO meals", "UPDATE meals"))]


def test_an_order_changed_before_it_began_never_was(saulute: None, cast: Cast) -> None:
    child, lunch = cast.children["Boružiukai"][0], cast.meals["Pietūs"]
    with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        actions.order_meals(child, [], DAY + ONE_DAY)
        actions.order_meals(child, [lunch], DAY + ONE_DAY)
        actions.set_diet(child, cast.diets["Be pieno"], DAY + ONE_DAY)
        actions.set_diet(child, None, DAY + ONE_DAY)
    assert queries.orders([child], DAY + ONE_DAY) == {child: {lunch}}
    assert queries.diets([child], DAY + ONE_DAY) == {}


def test_a_diet_ends_when_another_begins(saulute: None, cast: Cast) -> None:
    herkus = cast.children["Boružiukai"][8]
    with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        actions.set_diet(herkus, cast.diets["Be glitimo"], DAY)
    assert queries.diets([herkus], DAY - ONE_DAY) == {herkus: "Be pieno"}
    assert queries.diets([herkus], DAY) == {herkus: "Be glitimo"}
    assert queries.diet_ids(None, DAY) == {herkus: cast.diets["Be glitimo"]}


def test_a_locked_day_refuses_and_tomorrow_takes(saulute: None, cast: Cast, at: Callable[..., None]) -> None:
    at(9, 0)
    child, point = cast.children["Boružiukai"][0], GroupDay(cast.boruziukai, DAY)
    with pytest.raises(Locked), write_transaction(lock=point):
        actions.set_diet(child, cast.diets["Be pieno"], DAY)
    with write_transaction(lock=point):
        actions.set_diet(child, cast.diets["Be pieno"], DAY + ONE_DAY)
    assert queries.diets([child], DAY) == {}


@pytest.mark.parametrize("wrong", [[9999], [1, 9999]])
def test_meals_and_diets_of_nobody_do_not_exist(saulute: None, cast: Cast, wrong: list[int]) -> None:
    child = cast.children["Boružiukai"][0]
    with pytest.raises(NotFound), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        actions.order_meals(child, wrong, DAY)
    with pytest.raises(NotFound), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        actions.set_diet(child, 9999, DAY)


def test_meals_stand_in_the_order_of_the_day(saulute: None, cast: Cast) -> None:
    assert [kind.name for kind in queries.kinds(DAY)] == ["Pusryčiai", "Pietūs", "Vakarienė"]
    assert sorted(queries.diet_names().values()) == ["Be glitimo", "Be pieno"]
