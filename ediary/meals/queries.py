"""Reads of meal kinds, orders and diets, set-wise: one statement each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from ediary.core.db import db
from ediary.core.spans import valid_on
from ediary.meals.models import ChildDiet, Diet, MealKind, MealOrder


@dataclass(frozen=True)
class Kind:
    """A meal the institution serves."""

    id: int
    name: str


def kinds(day: date) -> list[Kind]:
    """The meals served on this day, in the order of the day."""
    chosen = select(MealKind.id, MealKind.name).where(valid_on(MealKind, day)).order_by(MealKind.position, MealKind.id)
    return [Kind(row.id, row.name) for row in db.session.execute(chosen)]


def diet_names() -> dict[int, str]:
    """Every diet there ever was, by name."""
    return {row.id: row.name for row in db.session.execute(select(Diet.id, Diet.name).order_by(Diet.name))}


def orders(child_ids: Iterable[int] | None, day: date) -> dict[int, frozenset[int]]:
    """child -> the kinds of meals they eat on this day. None asks for every child.

    Who orders nothing is not in it.
    """
    chosen = select(MealOrder.child_id, MealOrder.meal_kind_id).where(valid_on(MealOrder, day))
    found: dict[int, set[int]] = {}
    for row in db.session.execute(_of(chosen, MealOrder, child_ids)):
        found.setdefault(row.child_id, set()).add(row.meal_kind_id)
    return {child_id: frozenset(meals) for child_id, meals in found.items()}


def diet_ids(child_ids: Iterable[int] | None, day: date) -> dict[int, int]:
    """child -> diet on this day; who eats at the common table is not in it. None asks for every child."""
    chosen = select(ChildDiet.child_id, ChildDiet.diet_id).where(valid_on(ChildDiet, day))
    return {row.child_id: row.diet_id for row in db.session.execute(_of(chosen, ChildDiet, child_ids))}


def diets(child_ids: Iterable[int] | None, day: date) -> dict[int, str]:
    """child -> name of their diet on this day; who eats at the common table is not in it."""
    chosen = (
        select(ChildDiet.child_id, Diet.name).join(Diet, Diet.id == ChildDiet.diet_id).where(valid_on(ChildDiet, day))
    )
    return {row.child_id: row.name for row in db.session.execute(_of(chosen, ChildDiet, child_ids))}


def _of(statement: Any, model: type[MealOrder] | type[ChildDiet], child_ids: Iterable[int] | None) -> Any:
    if child_ids is None:
        return statement
    ids = child_ids if isinstance(child_ids, Collection) else list(child_ids)
    return statement.where(model.child_id.in_(ids))
