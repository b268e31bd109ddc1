"""Writing what a child eats and how.

The caller holds today's lock point of the child's group when today changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.meals.models import ChildDiet, Diet, MealKind, MealOrder


def add_kind(name: str, position: int, valid_from: date) -> MealKind:
    """A meal the institution serves from a day on; `position` is its place in the day."""
    kind = MealKind(name=name, position=position, valid_from=valid_from)
    db.session.add(kind)
    db.session.flush()
    return kind


def add_diet(name: str, valid_from: date) -> Diet:
    """A way of cooking apart from the common one, from a day on."""
    diet = Diet(name=name, valid_from=valid_from)
    db.session.add(diet)
    db.session.flush()
    return diet


def order_meals(child_id: int, meal_kind_ids: Iterable[int], valid_from: date) -> None:
    """From this day on the child eats exactly these meals: others end the day before, missing ones begin.

    Raises Locked or BadInput (the fence) when the day is no longer open for the kitchen.
    """
    wanted = set(meal_kind_ids)
    if set(db.session.scalars(select(MealKind.id).where(MealKind.id.in_(wanted)))) != wanted:
        raise NotFound
    for order in db.session.scalars(select(MealOrder).where(MealOrder.child_id == child_id)):
        if order.valid_to is not None and order.valid_to < valid_from:
            continue
        if order.meal_kind_id in wanted and order.valid_from <= valid_from and order.valid_to is None:
            wanted.discard(order.meal_kind_id)
        else:
            _end(order, valid_from)
    db.session.flush()
    for meal_kind_id in sorted(wanted):
        db.session.add(MealOrder(child_id=child_id, meal_kind_id=meal_kind_id, valid_from=valid_from))
    db.session.flush()


def set_diet(child_id: int, diet_id: int | None, valid_from: date) -> None:
    """From this day on the child eats by this diet; None = the common table.

    Raises Locked or BadInput (the fence) when the day is no longer open for the kitchen.
    """
    if diet_id is not None and db.session.scalar(select(Diet.id).where(Diet.id == diet_id)) is None:
        raise NotFound
    for diet in db.session.scalars(select(ChildDiet).where(ChildDiet.child_id == child_id)):
        if diet.valid_to is not None and diet.valid_to < valid_from:
            continue
        if diet.diet_id == diet_id and diet.valid_from <= valid_from and diet.valid_to is None:
            return
        _end(diet, valid_from)
    db.session.flush()
    if diet_id is not None:
        db.session.add(ChildDiet(child_id=child_id, diet_id=diet_id, valid_from=valid_from))
    db.session.flush()


def _end(span: MealOrder | ChildDiet, new_from: date) -> None:
    """Close the span the day before; one that has not begun yet never was and is removed."""
    if span.valid_from >= new_from:
        db.session.delete(span)
    else:
        span.valid_to = new_from - ONE_DAY
