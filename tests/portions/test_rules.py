"""Portions and their corrections, as a dietitian reads them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ediary.portions import rules
from ediary.portions.rules import Change, Dish

BREAKFAST, LUNCH, SUPPER = (
    Dish(1, "kindergarten", None),
    Dish(2, "kindergarten", None),
    Dish(3, "kindergarten", None),
)
ORDERED = frozenset({BREAKFAST, LUNCH})


@pytest.mark.parametrize(
    ("present", "announced", "eats"),
    [
        (True, False, True),
        (True, True, True),
        (None, False, True),
        (None, True, False),
        (False, False, False),
        (False, True, False),
    ],
)
def test_a_mark_decides_and_the_unmarked_eat_unless_announced(
    present: bool | None, announced: bool, eats: bool
) -> None:
    assert rules.eats(present, announced) is eats


@pytest.mark.parametrize(
    ("born", "day", "by_birthday", "band"),
    [
        (date(2023, 11, 24), date(2026, 11, 23), True, "nursery"),
        (date(2023, 11, 23), date(2026, 11, 23), True, "kindergarten"),
        (date(2024, 2, 29), date(2027, 2, 28), True, "nursery"),
        (date(2024, 2, 29), date(2027, 3, 1), True, "kindergarten"),
        (date(2020, 1, 1), date(2026, 11, 23), False, "nursery"),
    ],
)
def test_the_age_band_is_the_groups_or_by_the_third_birthday(
    born: date, day: date, by_birthday: bool, band: str
) -> None:
    assert rules.age_band("nursery", born, day, by_birthday=by_birthday) == band


@pytest.mark.parametrize(
    ("stands", "eats", "change"),
    [
        (frozenset(), True, Change(+1, ORDERED)),
        (ORDERED, True, Change(0)),
        (ORDERED, False, Change(-1, ORDERED)),
        (frozenset(), False, Change(0)),
    ],
    ids=["came after all", "stood already", "did not come", "never stood"],
)
def test_a_correction_says_what_the_kitchen_does_not_know_yet(
    stands: frozenset[Dish], eats: bool, change: Change
) -> None:
    assert rules.change(stands, eats, ORDERED) == change


def test_a_child_who_orders_nothing_needs_no_portions() -> None:
    assert rules.change(frozenset(), True, frozenset()) == Change(0)


@given(st.lists(st.booleans(), max_size=12), st.booleans())
def test_whatever_happens_the_corrections_lead_to_what_is(turns: list[bool], stood: bool) -> None:
    snapshot = ORDERED if stood else frozenset()
    lines: list[tuple[Dish, int]] = []
    for eats in turns:
        change = rules.change(rules.standing(snapshot, lines), eats, ORDERED)
        lines += [(dish, change.delta) for dish in change.dishes]
        assert rules.standing(snapshot, lines) == (ORDERED if eats else frozenset())


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([("Pietūs", None, 1)], "+1 pietūs"),
        ([("Pusryčiai", None, -1), ("Pietūs", None, -1)], "−1 pusryčiai, −1 pietūs"),
        ([("Pietūs", "Be pieno", 1)], "+1 pietūs (be pieno)"),
        ([], "±0"),
    ],
)
def test_a_correction_is_said_in_few_words(lines: list[tuple[str, str | None, int]], said: str) -> None:
    assert rules.say_change(lines) == said
