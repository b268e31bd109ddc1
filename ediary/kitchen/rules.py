"""The board's arithmetic: who eats, what a group's tile says, what stands in the table's three columns. Pure.

The kitchen learns who eats and of what, never why another child is absent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ediary.groups.rules import AgeBand
from ediary.portions import rules as portions
from ediary.portions.rules import Dish


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
    """One line of the cook's table: its figures, meal by meal."""

    age_band: str
    diet_id: int | None
    cells: tuple[Figures, ...]


@dataclass(frozen=True)
class GroupRow:
    """One line of the trolley's table: a group's figures, meal by meal."""

    group_id: int
    cells: tuple[Figures, ...]


@dataclass(frozen=True)
class Tables:
    """The same portions twice, for the cook and for the trolley, and their sum, meal by meal."""

    dishes: tuple[DishRow, ...]
    groups: tuple[GroupRow, ...]
    total: tuple[Figures, ...]


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


def tables(
    plates: Sequence[Plate],
    submitted: Collection[int],
    cooked: Cooked | None,
    *,
    meal_order: Sequence[int],
    diet_order: Sequence[int],
    group_order: Sequence[int],
) -> Tables:
    """Portions by meal x age x diet and by meal x group.

    A line of the cook's table is there when somebody enrolled, expected or cooked for eats so.
    """
    figures = _figures(plates, submitted, cooked)
    by_line: dict[tuple[str, int | None, int], list[Figures]] = {}
    by_group: dict[tuple[int, int], list[Figures]] = {}
    for (group_id, dish), one in figures.items():
        by_line.setdefault((dish.age_band, dish.diet_id, dish.meal_kind_id), []).append(one)
        by_group.setdefault((group_id, dish.meal_kind_id), []).append(one)
    lines = sorted({key[:2] for key in by_line}, key=lambda line: _line_key(line, diet_order))
    groups = tuple(
        GroupRow(group_id, tuple(_sum(by_group.get((group_id, meal), ()), cooked) for meal in meal_order))
        for group_id in group_order
    )
    return Tables(
        dishes=tuple(
            DishRow(band, diet_id, tuple(_sum(by_line.get((band, diet_id, meal), ()), cooked) for meal in meal_order))
            for band, diet_id in lines
        ),
        groups=groups,
        total=tuple(_sum((row.cells[place] for row in groups), cooked) for place in range(len(meal_order))),
    )


def _line_key(line: tuple[str, int | None], diet_order: Sequence[int]) -> tuple[bool, int]:
    """Nursery first; within it the common table, then the diets by name."""
    band, diet_id = line
    return band != AgeBand.NURSERY, -1 if diet_id is None else diet_order.index(diet_id)
