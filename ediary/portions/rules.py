"""What a child's portions are, and what to correct when the day turned out otherwise (C2, D3). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ediary.groups.rules import AgeBand

#: from this birthday on a child eats as in the kindergarten, not as in the nursery
KINDERGARTEN_FROM_YEARS = 3


@dataclass(frozen=True)
class Dish:
    """One portion as the cook understands it."""

    meal_kind_id: int
    age_band: AgeBand
    diet_id: int | None


@dataclass(frozen=True)
class Change:
    """A correction's content: the child's portions are added (+1), taken away (-1), or stood already (0)."""

    delta: int
    dishes: frozenset[Dish] = frozenset()


def eats(present: bool | None, announced: bool) -> bool:
    """Is a portion cooked? A mark decides; an unmarked child eats unless their absence was announced.

    present: True came, False absent, None unmarked.
    """
    if present is None:
        return not announced
    return present


def third_birthday(birth_date: date) -> date:
    """A child of 29 February has it on 1 March of a common year."""
    year = birth_date.year + KINDERGARTEN_FROM_YEARS
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def age_band(group_band: AgeBand, birth_date: date, day: date, *, by_birthday: bool) -> AgeBand:
    """For whom the kitchen cooks: as the group, or - a setting - nursery until the third birthday."""
    if not by_birthday:
        return group_band
    return AgeBand.NURSERY if day < third_birthday(birth_date) else AgeBand.KINDERGARTEN


def dishes(meal_kind_ids: Iterable[int], band: AgeBand, diet_id: int | None) -> frozenset[Dish]:
    """A child's portions of a day, one a meal."""
    return frozenset(Dish(meal_kind_id, band, diet_id) for meal_kind_id in meal_kind_ids)


def standing(snapshot: Iterable[Dish], corrections: Iterable[tuple[Dish, int]]) -> frozenset[Dish]:
    """A child's portions as the kitchen knows them now: the snapshot with every correction since.

    corrections: (dish, +1 or -1).
    """
    counted = Counter(snapshot)
    for dish, delta in corrections:
        counted[dish] += delta
    return frozenset(dish for dish, count in counted.items() if count > 0)


def change(stands: frozenset[Dish], eats: bool, ordered: frozenset[Dish]) -> Change:
    """What a correction must say so that the kitchen's portions of one child become what they should be.

    ordered: what the child eats on that day if they eat.
    """
    if eats:
        return Change(+1, ordered) if ordered and not stands else Change(0)
    return Change(-1, stands) if stands else Change(0)


def say_change(lines: Iterable[tuple[str, str | None, int]]) -> str:
    """`+1 pietūs, +1 vakarienė (be pieno)` for lines of (meal, diet or None, delta).

    `±0` when the portions stood already.
    """
    said = [f"{_signed(delta)} {meal.lower()}" + (f" ({diet.lower()})" if diet else "") for meal, diet, delta in lines]
    return ", ".join(said) or "±0"


def _signed(delta: int) -> str:
    return f"+{delta}" if delta > 0 else f"−{-delta}"
