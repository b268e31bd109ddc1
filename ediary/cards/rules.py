"""A child's card: its parts, and what a child eats from when until when. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ediary.core.dates import ONE_DAY, covers


class Section(StrEnum):
    """The parts of a card, in the order of the page; each is drawn and kept by itself."""

    GUARDIANS = "guardians"
    COLLECTORS = "collectors"
    PARTICULARS = "particulars"
    CONSENTS = "consents"
    MEALS = "meals"
    NEEDS = "needs"
    FILES = "files"
    PLACES = "places"
    PAYER = "payer"
    CODES = "codes"


@dataclass(frozen=True)
class Ordered:
    """A meal, or a diet, of a child from-to."""

    id: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Fare:
    """What a child eats from first to last (None = until further word): kinds of meals, the diet if any."""

    first: date
    last: date | None
    kinds: frozenset[int]
    diet: int | None

    def on(self, day: date) -> bool:
        return covers(self.first, self.last, day)


def fares(orders: Collection[Ordered], diets: Collection[Ordered]) -> list[Fare]:
    """Meals and diets as stretches that follow one another; stretches without meals and diet are left out."""
    spans = [*orders, *diets]
    starts = sorted(
        {span.valid_from for span in spans} | {span.valid_to + ONE_DAY for span in spans if span.valid_to is not None}
    )
    found: list[Fare] = []
    for place, first in enumerate(starts):
        last = starts[place + 1] - ONE_DAY if place + 1 < len(starts) else None
        kinds = frozenset(_on(orders, first))
        diet = max(_on(diets, first), default=None)
        if not kinds and diet is None:
            continue
        before = found[-1] if found else None
        if before and (before.kinds, before.diet) == (kinds, diet) and before.last == first - ONE_DAY:
            found[-1] = Fare(before.first, last, kinds, diet)
            continue
        found.append(Fare(first, last, kinds, diet))
    return found


def _on(spans: Iterable[Ordered], day: date) -> list[int]:
    return [span.id for span in spans if covers(span.valid_from, span.valid_to, day)]
