"""The board's arithmetic: who eats, what a group's tile says, what stands in the table's three columns. Pure.

The kitchen learns who eats and of what, never why another child is absent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ediary.portions import rules as portions
from ediary.portions.rules import Dish

#: for how long a director may open a locked day, in minutes
SHORTEST_TERM, LONGEST_TERM = 15, 480


@dataclass(frozen=True)
class Plate:
    """One child of the day: what they eat if they eat, the mark (None = unmarked), was absence announced."""

    child_id: int
    group_id: int
    dishes: frozenset[Dish]
    present: bool | None
    announced: bool

    @property
    def forecast(self) -> bool:
        """Expected before anybody looked: all but the announced."""
        return not self.announced

    @property
    def eats(self) -> bool:
        return portions.eats(self.present, self.announced)


# --- a group's tile -----------------------------------------------------------------------------------------


class TileState(StrEnum):
    CLOSED = "closed"
    EMPTY = "empty"
    NOT_BEGUN = "not_begun"
    LEFT = "left"
    READY = "ready"
    SUBMITTED = "submitted"
    LOCKED = "locked"
    FORECAST = "forecast"
    REOPENED = "reopened"


@dataclass(frozen=True)
class GroupCount:
    """A group's children: all, came, still unmarked (the announced apart), with any mark, expected to eat."""

    enrolled: int = 0
    present: int = 0
    left: int = 0
    marked: int = 0
    expected: int = 0


def count_groups(plates: Iterable[Plate]) -> dict[int, GroupCount]:
    """group -> its counts."""
    groups: dict[int, list[Plate]] = {}
    for plate in plates:
        groups.setdefault(plate.group_id, []).append(plate)
    return {
        group_id: GroupCount(
            enrolled=len(of_group),
            present=sum(plate.present is True for plate in of_group),
            left=sum(plate.present is None and not plate.announced for plate in of_group),
            marked=sum(plate.present is not None for plate in of_group),
            expected=sum(plate.eats for plate in of_group),
        )
        for group_id, of_group in groups.items()
    }


def tile_state(
    count: GroupCount,
    *,
    works: bool,
    submitted: bool,
    locked: bool,
    reopened: bool,
    submitted_at_lock: bool,
) -> TileState:
    """What the tile says. Locked without its own submitting, its forecast stands in, flagged."""
    if not works:
        return TileState.CLOSED
    if count.enrolled == 0:
        return TileState.EMPTY
    if reopened:
        return TileState.REOPENED
    if locked:
        return TileState.LOCKED if submitted_at_lock else TileState.FORECAST
    if submitted:
        return TileState.SUBMITTED
    if count.left == 0:
        return TileState.READY
    return TileState.LEFT if count.marked else TileState.NOT_BEGUN


def not_submitted(counts: Mapping[int, GroupCount], submitted: Collection[int]) -> list[int]:
    """The groups with children that the lock would have to do without."""
    return [group_id for group_id, count in counts.items() if count.enrolled and group_id not in submitted]


# --- the table ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """The three columns: forecast, submitted (`estimated`: some group has not submitted), locked or None."""

    forecast: int
    submitted: int
    estimated: bool
    locked: int | None

    def __add__(self, other: Figures) -> Figures:
        locked = None if self.locked is None or other.locked is None else self.locked + other.locked
        return Figures(
            self.forecast + other.forecast,
            self.submitted + other.submitted,
            self.estimated or other.estimated,
            locked,
        )


@dataclass(frozen=True)
class DishRow:
    """One line of the cook's table."""

    age_band: str
    diet_id: int | None
    figures: Figures


@dataclass(frozen=True)
class MealBlock:
    """A meal: its total and its lines, age band by age band, the common table before the diets."""

    meal_kind_id: int
    total: Figures
    rows: tuple[DishRow, ...]


@dataclass(frozen=True)
class GroupRow:
    """One line of the trolley's table: a group's figures, meal by meal. group_id None = the sum of all."""

    group_id: int | None
    cells: tuple[Figures, ...]


#: (group, dish) of every portion of the locked day as it is now, corrections included
Cooked = Counter[tuple[int, Dish]]


def cooked_now(snapshot: Iterable[tuple[int, Dish]], corrections: Iterable[tuple[int, Dish, int]]) -> Cooked:
    """The snapshot with every correction: what stands in the column „Užrakinta“."""
    counted: Cooked = Counter(snapshot)
    for group_id, dish, delta in corrections:
        counted[(group_id, dish)] += delta
    return Counter({key: count for key, count in counted.items() if count})


def expected(plates: Iterable[Plate]) -> Cooked:
    """(group, dish) of every portion by the marks, the forecast standing in for the unmarked."""
    return Counter((plate.group_id, dish) for plate in plates if plate.eats for dish in plate.dishes)


def _figures(
    plates: Sequence[Plate], submitted: Collection[int], cooked: Cooked | None
) -> dict[tuple[int, Dish], Figures]:
    """Everything the tables sum up, by (group, dish)."""
    forecast: Cooked = Counter((plate.group_id, dish) for plate in plates if plate.forecast for dish in plate.dishes)
    counted = expected(plates)
    keys = {(plate.group_id, dish) for plate in plates for dish in plate.dishes} | set(cooked or ())
    return {
        key: Figures(forecast[key], counted[key], key[0] not in submitted, None if cooked is None else cooked[key])
        for key in keys
    }


def _sum(figures: Iterable[Figures], cooked: Cooked | None) -> Figures:
    total = Figures(0, 0, False, None if cooked is None else 0)
    for one in figures:
        total += one
    return total


def dish_table(
    plates: Sequence[Plate],
    submitted: Collection[int],
    cooked: Cooked | None,
    *,
    meal_order: Sequence[int],
    diet_order: Sequence[int],
) -> list[MealBlock]:
    """Portions by meal x age x diet. Lines in which nobody is expected, cooked or enrolled are left out."""
    figures = _figures(plates, submitted, cooked)
    blocks = []
    for meal_kind_id in meal_order:
        by_line: dict[tuple[str, int | None], list[Figures]] = {}
        for (_, dish), one in figures.items():
            if dish.meal_kind_id == meal_kind_id:
                by_line.setdefault((dish.age_band, dish.diet_id), []).append(one)
        rows = tuple(
            DishRow(band, diet_id, _sum(by_line[(band, diet_id)], cooked))
            for band, diet_id in sorted(by_line, key=lambda line: _line_key(line, diet_order))
        )
        blocks.append(MealBlock(meal_kind_id, _sum((row.figures for row in rows), cooked), rows))
    return blocks


def _line_key(line: tuple[str, int | None], diet_order: Sequence[int]) -> tuple[bool, int]:
    """Nursery first; within it the common table, then the diets by name."""
    band, diet_id = line
    return band != portions.NURSERY, -1 if diet_id is None else diet_order.index(diet_id)


def trolley_table(
    plates: Sequence[Plate],
    submitted: Collection[int],
    cooked: Cooked | None,
    *,
    group_order: Sequence[int],
    meal_order: Sequence[int],
) -> list[GroupRow]:
    """Portions by meal x group, with the sum of all groups last."""
    figures = _figures(plates, submitted, cooked)
    by_cell: dict[tuple[int, int], list[Figures]] = {}
    for (group_id, dish), one in figures.items():
        by_cell.setdefault((group_id, dish.meal_kind_id), []).append(one)
    rows = [
        GroupRow(group_id, tuple(_sum(by_cell.get((group_id, meal), ()), cooked) for meal in meal_order))
        for group_id in group_order
    ]
    sums = tuple(_sum((row.cells[place] for row in rows), cooked) for place in range(len(meal_order)))
    return [*rows, GroupRow(None, sums)]


# --- opening a locked day -----------------------------------------------------------------------------------


def open_until(now: datetime, minutes: int, day_ends: datetime) -> datetime:
    """Until when an unlock holds: its term, at most to the end of the day on which it was given."""
    return min(now + timedelta(minutes=minutes), day_ends)
