"""Runs, shares, who stands out, and bars that add up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ediary.analysis.rules import BAR, Days, Limits, Run, add, runs, segments, signs

FIRST = date(2026, 11, 2)


def marks(text: str) -> list[tuple[date, bool]]:
    """A day a letter: + came, - missed, space = no mark."""
    days = ((FIRST + timedelta(days=number), sign) for number, sign in enumerate(text))
    return [(day, sign == "+") for day, sign in days if sign != " "]


@pytest.mark.parametrize(
    ("text", "lengths", "is_open"),
    [
        ("", [], False),
        ("+++", [], False),
        ("-", [1], True),
        ("+--+---", [2, 3], True),
        ("---+", [3], False),
        ("-- --+-", [4, 1], True),  # a day without a mark neither counts nor ends a run
    ],
)
def test_runs_are_what_was_missed_one_after_another(text: str, lengths: list[int], is_open: bool) -> None:
    found = runs(marks(text))
    assert [run.days for run in found] == lengths
    assert bool(found and found[-1].is_open) is is_open


def test_a_run_knows_its_first_and_last_day() -> None:
    assert runs(marks("+-- -+")) == [Run(date(2026, 11, 3), date(2026, 11, 6), 3, is_open=False)]


@given(st.text(alphabet="+- ", max_size=80))
def test_every_missed_day_is_in_one_run_and_only_the_last_run_is_open(text: str) -> None:
    found = runs(marks(text))
    assert sum(run.days for run in found) == text.count("-")
    assert all(not run.is_open for run in found[:-1])
    assert [run.first for run in found] == sorted(run.first for run in found)


@pytest.mark.parametrize(
    ("days", "longest", "limits", "said"),
    [
        (Days(20), 0, Limits(), (False, False, False)),
        (Days(10, illness=10), 10, Limits(), (False, True, False)),  # ten is not more than ten
        (Days(10, illness=11), 11, Limits(), (True, True, False)),
        (Days(15, unjustified=3), 1, Limits(), (False, False, True)),
        (Days(14, justified=6), 2, Limits(), (False, True, False)),  # 30 % of 20
        (Days(15, justified=6), 2, Limits(), (False, False, False)),  # 28.6 %
        (Days(0, illness=4), 4, Limits(), (False, False, False)),  # of four days a share says nothing
        (Days(15, unjustified=2), 1, Limits(), (False, False, False)),
        (Days(15, illness=3, unjustified=2), 4, Limits(3, 20, 3), (True, True, False)),
        (Days(), 0, Limits(), (False, False, False)),
    ],
)
def test_who_stands_out(days: Days, longest: int, limits: Limits, said: tuple[bool, bool, bool]) -> None:
    found = signs(days, longest, limits)
    assert (found.is_long, found.is_often, found.is_unjustified) == said
    assert found.count == sum(said)


@pytest.mark.parametrize(("days", "percent"), [(Days(), 0), (Days(2, 1), 33), (Days(1, 1, 1), 67), (Days(7, 1), 13)])
def test_the_share_is_rounded(days: Days, percent: int) -> None:
    assert days.percent == percent


def test_days_are_added_kind_by_kind() -> None:
    assert add([Days(1, 2, 3, 4, 5), Days(1, 0, 0, 0, 1)]) == Days(2, 2, 3, 4, 6)
    assert add([]) == Days()


@given(st.lists(st.integers(0, 500), min_size=5, max_size=5), st.integers(1, 100))
def test_the_parts_of_a_bar_follow_one_another_and_never_leave_it(counts: list[int], largest: int) -> None:
    days = Days(*counts)
    parts = segments(days, max(largest, days.percent, 1))
    assert [part.kind for part in parts] == [
        kind for kind in ("illness", "justified", "unjustified", "unknown") if getattr(days, kind)
    ]
    end = 0
    for part in parts:
        assert part.x == end
        end = part.x + part.width
    assert end <= BAR + BAR // 100
