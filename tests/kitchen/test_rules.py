"""The board's arithmetic, as a dietitian reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import pytest

from ediary.kitchen import rules
from ediary.kitchen.rules import Figures, GroupCount, Plate, TileState
from ediary.portions.rules import Dish

BREAKFAST, LUNCH = 1, 2
LADYBIRDS, BUTTERFLIES = 10, 20
NO_MILK, NO_NUTS = 7, 8

KG_LUNCH = Dish(LUNCH, "kindergarten", None)
KG_LUNCH_NO_MILK = Dish(LUNCH, "kindergarten", NO_MILK)
NURSERY_LUNCH = Dish(LUNCH, "nursery", None)


def plate(
    child: int,
    group: int = LADYBIRDS,
    *,
    dish: Dish = KG_LUNCH,
    present: bool | None = None,
    announced: bool = False,
) -> Plate:
    return Plate(child, group, frozenset({dish}), present, announced)


def tables(plates: list[Plate], submitted: Collection[int] = (), cooked: rules.Cooked | None = None) -> rules.Tables:
    return rules.tables(
        plates,
        submitted,
        cooked,
        meal_order=[BREAKFAST, LUNCH],
        diet_order=[NO_MILK, NO_NUTS],
        group_order=[BUTTERFLIES, LADYBIRDS],
    )


@pytest.mark.parametrize(
    ("count", "facts", "state"),
    [
        (GroupCount(), {"works": False}, TileState.CLOSED),
        (GroupCount(), {}, TileState.EMPTY),
        (GroupCount(enrolled=20, left=19), {}, TileState.NOT_BEGUN),
        (GroupCount(enrolled=20, left=4, marked=15), {}, TileState.LEFT),
        (GroupCount(enrolled=20, left=0, marked=19), {}, TileState.READY),
        (GroupCount(enrolled=20, marked=20), {"submitted": True}, TileState.SUBMITTED),
        (GroupCount(enrolled=20, marked=20), {"locked": True, "submitted_at_lock": True}, TileState.LOCKED),
        (GroupCount(enrolled=20, left=4), {"locked": True}, TileState.FORECAST),
        (GroupCount(enrolled=20, left=4), {"reopened": True}, TileState.REOPENED),
        (GroupCount(), {"locked": True}, TileState.EMPTY),
    ],
)
def test_a_tile_says_how_far_the_group_is(count: GroupCount, facts: dict[str, bool], state: TileState) -> None:
    known = {
        "works": True,
        "submitted": False,
        "locked": False,
        "reopened": False,
        "submitted_at_lock": False,
    }
    assert rules.tile_state(count, **(known | facts)) is state


def test_a_group_is_counted_with_announced_children_apart() -> None:
    plates = [
        plate(1, present=True),
        plate(2, present=False),
        plate(3),
        plate(4, announced=True),
        plate(5, present=True, announced=True),
    ]
    assert rules.count_groups(plates) == {LADYBIRDS: GroupCount(enrolled=5, present=2, left=1, marked=3, expected=3)}


def test_the_lock_does_without_groups_that_have_children_and_have_not_submitted() -> None:
    counts = {1: GroupCount(enrolled=20), 2: GroupCount(enrolled=18), 3: GroupCount()}
    assert rules.not_submitted(counts, {1}) == [2]


@pytest.mark.parametrize(
    ("plates", "submitted", "expected"),
    [
        ([plate(1)], set(), Figures(1, 1, True, None)),
        ([plate(1, announced=True)], set(), Figures(0, 0, True, None)),
        ([plate(1, present=False)], set(), Figures(1, 0, True, None)),
        ([plate(1, present=False)], {LADYBIRDS}, Figures(1, 0, False, None)),
        ([plate(1, announced=True, present=True)], {LADYBIRDS}, Figures(0, 1, False, None)),
        ([plate(1, present=True), plate(2, BUTTERFLIES)], {LADYBIRDS}, Figures(2, 2, True, None)),
        (
            [plate(1, present=True), plate(2, BUTTERFLIES)],
            {LADYBIRDS, BUTTERFLIES},
            Figures(2, 2, False, None),
        ),
    ],
    ids=[
        "unmarked children are expected",
        "announced ones are not",
        "a mark counts before the group submits, in italics",
        "and plainly after",
        "a child who came although announced eats",
        "one group that has not submitted puts the line in italics",
        "all submitted",
    ],
)  # fmt: skip
def test_the_forecast_ignores_marks_and_submitted_follows_them(
    plates: list[Plate], submitted: set[int], expected: Figures
) -> None:
    assert tables(plates, submitted).total == (Figures(0, 0, False, None), expected)


def test_lines_stand_nursery_first_and_diets_by_name_after_the_common_table() -> None:
    plates = [
        plate(1, dish=Dish(LUNCH, "kindergarten", NO_NUTS)),
        plate(2, dish=KG_LUNCH_NO_MILK),
        plate(3),
        plate(4, dish=NURSERY_LUNCH),
        plate(5, dish=Dish(LUNCH, "nursery", NO_MILK)),
        plate(6, dish=Dish(BREAKFAST, "nursery", None)),
    ]
    made = tables(plates)
    assert [(row.age_band, row.diet_id) for row in made.dishes] == [
        ("nursery", None),
        ("nursery", NO_MILK),
        ("kindergarten", None),
        ("kindergarten", NO_MILK),
        ("kindergarten", NO_NUTS),
    ]
    assert [total.forecast for total in made.total] == [1, 5]


def test_the_locked_column_is_the_snapshot_with_its_corrections() -> None:
    cooked = rules.cooked_now(
        [(LADYBIRDS, KG_LUNCH), (LADYBIRDS, KG_LUNCH), (BUTTERFLIES, NURSERY_LUNCH)],
        [(LADYBIRDS, KG_LUNCH, -1), (LADYBIRDS, KG_LUNCH_NO_MILK, +1), (BUTTERFLIES, NURSERY_LUNCH, -1)],
    )
    assert cooked == Counter({(LADYBIRDS, KG_LUNCH): 1, (LADYBIRDS, KG_LUNCH_NO_MILK): 1})
    made = tables([plate(1)], set(), cooked)
    assert [(row.diet_id, row.cells[1].locked) for row in made.dishes] == [(None, 1), (NO_MILK, 1)]
    assert made.total[1].locked == 2


def test_the_trolley_has_a_line_a_group_and_both_tables_have_one_sum() -> None:
    plates = [plate(1), plate(2, present=False), plate(3, BUTTERFLIES, present=True)]
    made = tables(plates, {BUTTERFLIES})
    lunches = [(row.group_id, row.cells[1]) for row in made.groups]
    assert [(group, one.forecast, one.submitted, one.estimated) for group, one in lunches] == [
        (BUTTERFLIES, 1, 1, False),
        (LADYBIRDS, 2, 1, True),
    ]
    assert made.total == (Figures(0, 0, False, None), Figures(3, 2, True, None))
