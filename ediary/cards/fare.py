"""The section of a card about meals: what the child eats from when until when, and from when it may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from ediary.cards import rules
from ediary.cards.rules import Ordered
from ediary.children.queries import place_on
from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.locks import GroupDay
from ediary.groups.queries import group_on
from ediary.meals import queries as meals
from ediary.meals.models import ChildDiet, MealKind, MealOrder
from ediary.meals.queries import Kind


@dataclass(frozen=True)
class Served:
    """What a child eats from first to last, in words."""

    first: date
    last: date | None
    meals: list[str]
    diet: str | None
    kind_ids: frozenset[int]
    diet_id: int | None


@dataclass(frozen=True)
class Meals:
    """What the child eats today, will eat and has eaten; what there is to choose from."""

    now: Served | None
    later: list[Served]
    before: list[Served]
    #: the first day a change may begin on
    earliest: date
    #: until when today may still change; None when it may not
    closes_at: datetime | None
    kinds: list[Kind]
    diets: list[tuple[int, str]]

    @property
    def chosen(self) -> dict[str, Any]:
        """What a change begins with: what holds now, or is the first to hold."""
        known = self.now or (self.later[0] if self.later else None)
        day = max(self.earliest, known.first) if known and not self.now else self.earliest
        return {
            "kinds": sorted(known.kind_ids) if known else [kind.id for kind in self.kinds],
            "diet_id": known.diet_id if known else None,
            "day": day,
        }


def meals_of(child_id: int, today: date) -> Meals:
    """At most eight statements."""
    kinds, diet_names = meals.kind_names(today), meals.diet_names(today)
    orders = [
        (Ordered(row.meal_kind_id, row.valid_from, row.valid_to), row)
        for row in db.session.execute(
            select(MealOrder.meal_kind_id, MealOrder.valid_from, MealOrder.valid_to, MealKind.position)
            .join(MealKind, MealKind.id == MealOrder.meal_kind_id)
            .where(MealOrder.child_id == child_id)
        )
    ]
    diets = [
        Ordered(row.diet_id, row.valid_from, row.valid_to)
        for row in db.session.execute(
            select(ChildDiet.diet_id, ChildDiet.valid_from, ChildDiet.valid_to).where(ChildDiet.child_id == child_id)
        )
    ]
    named = {one.id: (row.position, kinds[one.id]) for one, row in orders}
    served = [
        Served(
            fare.first,
            fare.last,
            [name for _position, name in sorted(named[one] for one in fare.kinds)],
            None if fare.diet is None else diet_names[fare.diet],
            fare.kinds,
            fare.diet,
        )
        for fare in rules.fares([one for one, _row in orders], diets)
    ]
    still_open = open_today(child_id, today)
    return Meals(
        now=next((one for one in served if one.first <= today and (one.last is None or one.last >= today)), None),
        later=[one for one in served if one.first > today],
        before=[one for one in served if one.last is not None and one.last < today][::-1],
        earliest=today if still_open else today + ONE_DAY,
        closes_at=still_open[1] if still_open else None,
        kinds=meals.kinds(today),
        diets=meals.offered_diets(today),
    )


def open_today(child_id: int, today: date) -> tuple[int, datetime] | None:
    """The group whose kitchen's day a change of today touches, and until when it is open; two statements.

    None when today cannot change from here: it is locked, the child has no place today, or is in a group that is not
    one's own.
    """
    place = place_on(child_id, today)
    if place is None:
        return None
    try:
        state = group_on(place.group_id, today).day
    except NotFound:
        return None
    return (place.group_id, state.closes_at) if state.closed is None and not state.reopened else None


def today_point(still_open: tuple[int, datetime] | None, first: date, today: date) -> list[GroupDay]:
    """What a change of meals from a day on holds: today's point, if it may begin today."""
    return [GroupDay(still_open[0], today)] if still_open and first <= today else []
