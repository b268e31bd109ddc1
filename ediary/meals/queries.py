"""Reads of meal kinds, orders and diets, set-wise: one statement each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, bindparam, func, select

from ediary.core import clock
from ediary.core.db import db
from ediary.core.spans import valid_on
from ediary.meals.models import ChildDiet, Diet, DietName, KindName, MealKind, MealOrder


@dataclass(frozen=True)
class Kind:
    """A meal the institution serves."""

    id: int
    name: str


#: their names of a day: a row may be called otherwise from a day on
KIND_NAME = func.coalesce(KindName.name, MealKind.name)
DIET_NAME = func.coalesce(DietName.name, Diet.name)
_DAY = bindparam("day", type_=Date())
_KIND_NAMED = (KindName.kind_id == MealKind.id) & valid_on(KindName, _DAY)
_DIET_NAMED = (DietName.diet_id == Diet.id) & valid_on(DietName, _DAY)
_KINDS = select(MealKind.id, KIND_NAME.label("name")).outerjoin(KindName, _KIND_NAMED)
_SERVED = _KINDS.where(valid_on(MealKind, _DAY)).order_by(MealKind.position, MealKind.id)
_DIETS = select(Diet.id, DIET_NAME.label("name")).outerjoin(DietName, _DIET_NAMED).order_by(DIET_NAME)


def kinds(day: date) -> list[Kind]:
    """The meals served on this day, in the order of the day."""
    return [Kind(row.id, row.name) for row in db.session.execute(_SERVED, {"day": day})]


def kind_names(day: date) -> dict[int, str]:
    """Every meal there ever was, by its name of a day."""
    return {row.id: row.name for row in db.session.execute(_KINDS, {"day": day})}


def diet_names(day: date | None = None) -> dict[int, str]:
    """Every diet there ever was, in order of its name of a day; by default of today."""
    return {row.id: row.name for row in db.session.execute(_DIETS, {"day": day or clock.today()})}


def offered_diets(day: date) -> list[tuple[int, str]]:
    """The diets one may choose on a day."""
    chosen = _DIETS.where(valid_on(Diet, _DAY))
    return [(row.id, row.name) for row in db.session.execute(chosen, {"day": day})]


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
        select(ChildDiet.child_id, DIET_NAME.label("name"))
        .join(Diet, Diet.id == ChildDiet.diet_id)
        .outerjoin(DietName, _DIET_NAMED)
        .where(valid_on(ChildDiet, _DAY))
    )
    return {row.child_id: row.name for row in db.session.execute(_of(chosen, ChildDiet, child_ids), {"day": day})}


def _of(statement: Any, model: type[MealOrder] | type[ChildDiet], child_ids: Iterable[int] | None) -> Any:
    if child_ids is None:
        return statement
    ids = child_ids if isinstance(child_ids, Collection) else list(child_ids)
    return statement.where(model.child_id.in_(ids))
