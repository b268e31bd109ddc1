"""What a child eats from when until when, in tables."""

from __future__ import annotations

from datetime import date

import pytest

from ediary.cards.rules import Fare, Ordered, fares


def span(id: int, first: str, last: str | None = None) -> Ordered:
    return Ordered(id, date.fromisoformat(first), date.fromisoformat(last) if last else None)


def fare(first: str, last: str | None, kinds: set[int], diet: int | None = None) -> Fare:
    return Fare(date.fromisoformat(first), date.fromisoformat(last) if last else None, frozenset(kinds), diet)


SEPTEMBER = "2026-09-01"


@pytest.mark.parametrize(
    ("orders", "diets", "found"),
    [
        ([], [], []),
        ([span(1, SEPTEMBER), span(2, SEPTEMBER)], [], [fare(SEPTEMBER, None, {1, 2})]),
        (
            [span(1, SEPTEMBER), span(2, SEPTEMBER, "2026-10-31")],
            [],
            [fare(SEPTEMBER, "2026-10-31", {1, 2}), fare("2026-11-01", None, {1})],
        ),
        (
            [span(1, SEPTEMBER)],
            [span(7, "2026-10-01", "2026-10-31")],
            [
                fare(SEPTEMBER, "2026-09-30", {1}),
                fare("2026-10-01", "2026-10-31", {1}, 7),
                fare("2026-11-01", None, {1}),
            ],
        ),
        # what is ended and ordered again without a day between is one stretch
        ([span(1, SEPTEMBER, "2026-09-30"), span(1, "2026-10-01")], [], [fare(SEPTEMBER, None, {1})]),
        # days without meals are no stretch
        (
            [span(1, SEPTEMBER, "2026-09-10"), span(1, "2026-10-01")],
            [],
            [fare(SEPTEMBER, "2026-09-10", {1}), fare("2026-10-01", None, {1})],
        ),
    ],
    ids=["nothing", "together", "one-ends", "a-diet-for-a-time", "again", "a-gap"],
)
def test_meals_and_diets_are_stretches_that_follow_one_another(
    orders: list[Ordered], diets: list[Ordered], found: list[Fare]
) -> None:
    assert fares(orders, diets) == found
