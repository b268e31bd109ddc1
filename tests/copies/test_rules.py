"""How many days are said on paper."""

from __future__ import annotations

from datetime import date

import pytest

from ediary.copies.rules import MonthLine, by_month, runs, widths
from ediary.core.dates import Month


@pytest.mark.parametrize(
    ("days", "said"),
    [([], ""), ([3], "3"), ([2, 3, 4], "2–4"), ([2, 3, 5, 9, 10], "2–3, 5, 9–10")],
    ids=["none", "one", "in a row", "with gaps"],
)
def test_days_in_a_row_are_said_by_their_ends(days: list[int], said: str) -> None:
    assert runs(days) == said


def test_days_that_say_the_same_stand_in_one_line_of_their_month() -> None:
    rows = [
        (date(2026, 11, 3), ("came",)),
        (date(2026, 11, 2), ("came",)),
        (date(2026, 11, 4), ("absent",)),
        (date(2026, 10, 30), ("absent",)),
    ]
    assert by_month(rows) == [
        MonthLine(Month(2026, 10), ("absent",), (30,), 1),
        MonthLine(Month(2026, 11), ("came",), (2, 3), 2),
        MonthLine(Month(2026, 11), ("absent",), (4,), 1),
    ]


@pytest.mark.parametrize(
    ("natural", "room"),
    [([50.0, 60.0], 400.0), ([50.0, 900.0], 400.0), ([900.0, 900.0, 900.0], 400.0), ([10.0] * 20, 100.0)],
    ids=["roomy", "one is wide", "all are wide", "many"],
)
def test_a_table_is_as_wide_as_its_room(natural: list[float], room: float) -> None:
    given = widths(natural, room, least=4.0)
    assert sum(given) <= room + 0.01
    assert len(given) == len(natural)
    assert min(given) > 0
