"""In which group a child is on which day, as pure values."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ediary.children.timeline import Merging, Own, Place, Visiting, left, moved, own_places, places, rewrite
from ediary.core.dates import covers

FIRST = date(2026, 9, 1)
A, B, C = 1, 2, 3


def day(number: int) -> date:
    """The day with this number, 1 = the first of September."""
    return FIRST + timedelta(days=number - 1)


def said(found: list[Place]) -> list[tuple[int, int, int | None, int | None]]:
    """(group, first, last, own group of a guest), days by their numbers."""

    def number(one: date | None) -> int | None:
        return None if one is None else (one - FIRST).days + 1

    return [(one.group_id, number(one.first) or 0, number(one.last), one.home_id) for one in found]


OWN = [Own(A, day(1), None)]


@pytest.mark.parametrize(
    ("visits", "merges", "expected"),
    [
        ([], [], [(A, 1, None, None)]),
        ([Visiting(B, day(5), day(9))], [], [(A, 1, 4, None), (B, 5, 9, A), (A, 10, None, None)]),
        ([], [Merging(A, B, day(5), day(9))], [(A, 1, 4, None), (B, 5, 9, A), (A, 10, None, None)]),
        # a guest elsewhere stays there while the own group is merged, and joins it after
        (
            [Visiting(C, day(5), day(6))],
            [Merging(A, B, day(5), day(9))],
            [(A, 1, 4, None), (C, 5, 6, A), (B, 7, 9, A), (A, 10, None, None)],
        ),
        # guests of a merged group go along with it
        (
            [Visiting(B, day(5), day(9))],
            [Merging(B, C, day(7), day(8))],
            [(A, 1, 4, None), (B, 5, 6, A), (C, 7, 8, A), (B, 9, 9, A), (A, 10, None, None)],
        ),
        # whoever is brought home by that is no guest
        (
            [Visiting(B, day(5), day(9))],
            [Merging(B, A, day(7), day(8))],
            [(A, 1, 4, None), (B, 5, 6, A), (A, 7, 8, None), (B, 9, 9, A), (A, 10, None, None)],
        ),
        # from the first day of the place on, so that nothing is left before
        ([Visiting(B, day(1), day(3))], [], [(B, 1, 3, A), (A, 4, None, None)]),
        # begun before the place
        ([], [Merging(A, B, day(-9), day(3))], [(B, 1, 3, A), (A, 4, None, None)]),
    ],
    ids=["nothing", "visit", "merge", "both", "guests-go-along", "brought-home", "first-day", "before"],
)
def test_a_child_is_where_visits_and_merges_take_it(
    visits: list[Visiting], merges: list[Merging], expected: list[tuple[Any, ...]]
) -> None:
    assert said(places(OWN, visits, merges)) == expected


def test_the_last_visit_ends_with_the_place() -> None:
    found = places([Own(A, day(1), day(6))], [Visiting(B, day(5), day(9))], [])
    assert said(found) == [(A, 1, 4, None), (B, 5, 6, A)]


def test_the_own_places_are_read_back_as_they_were_with_their_orders() -> None:
    owns = [Own(A, day(1), day(10), 7), Own(A, day(11), day(20), 8), Own(C, day(30), None, None)]
    found = places(owns, [Visiting(B, day(9), day(12), 1)], [Merging(C, A, day(28), day(40), 2)])
    assert own_places(found) == owns


def test_leaving_takes_later_places_along() -> None:
    owns = [Own(A, day(1), day(10)), Own(B, day(11), None)]
    assert left(owns, day(5)) == [Own(A, day(1), day(5))]
    assert left(owns, day(15)) == [Own(A, day(1), day(10)), Own(B, day(11), day(15))]


def test_moving_keeps_the_place_s_own_end() -> None:
    owns = [Own(A, day(1), day(10)), Own(B, day(11), None)]
    assert moved(owns, day(4), C, None) == [Own(A, day(1), day(3)), Own(C, day(4), day(10)), Own(B, day(11), None)]
    assert moved(owns, day(11), C, None) == [Own(A, day(1), day(10)), Own(C, day(11), None)]


# --- properties -----------------------------------------------------------------------------------------------------

GROUPS = st.sampled_from([A, B, C])
DAYS = st.integers(1, 30)
LAST = 34


@st.composite
def spans(draw: st.DrawFn, most: int = 3) -> list[tuple[date, date]]:
    """Spans that do not overlap."""
    marks = sorted(draw(st.sets(DAYS, min_size=0, max_size=most * 2)))
    return [(day(first), day(last)) for first, last in zip(marks[::2], marks[1::2], strict=False)]


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Own], list[Visiting], list[Merging]]:
    """Own places, visits, and merges of one group into another at a time."""
    owns = [Own(draw(GROUPS), first, last, draw(st.sampled_from([None, 7]))) for first, last in draw(spans())]
    if owns and draw(st.booleans()):
        owns[-1] = Own(owns[-1].group_id, owns[-1].first, None)
    visits = [Visiting(draw(GROUPS), first, last, 8) for first, last in draw(spans())]
    merges = []
    for first, last in draw(spans()):
        group_id = draw(GROUPS)
        merges.append(Merging(group_id, draw(GROUPS.filter(lambda one: one != group_id)), first, last, 9))  # noqa: B023
    return owns, visits, merges


def on(found: list[Place], number: int) -> list[Place]:
    return [one for one in found if covers(one.first, one.last, day(number))]


@given(lives())
def test_a_child_stands_once_on_every_day_of_its_own_places_and_on_no_other(
    life: tuple[list[Own], list[Visiting], list[Merging]],
) -> None:
    owns, visits, merges = life
    found = places(owns, visits, merges)
    for number in range(LAST):
        meant = any(covers(own.first, own.last, day(number)) for own in owns)
        assert len(on(found, number)) == int(meant), day(number)


@given(lives())
def test_a_guest_is_never_without_an_end_unless_the_own_place_has_one_before(
    life: tuple[list[Own], list[Visiting], list[Merging]],
) -> None:
    assert all(place.last is not None for place in places(*life) if place.home_id is not None)


@given(lives())
def test_without_visits_and_merges_everything_is_as_it_was(
    life: tuple[list[Own], list[Visiting], list[Merging]],
) -> None:
    owns = own_places(places(life[0], [], []))
    assert own_places(places(*life)) == owns
    assert places(own_places(places(*life)), [], []) == places(owns, [], [])


@given(lives(), lives(), DAYS)
def test_rows_are_rewritten_from_a_day_on_and_left_alone_before(
    before: tuple[list[Own], list[Visiting], list[Merging]],
    after: tuple[list[Own], list[Visiting], list[Merging]],
    number: int,
) -> None:
    rows = list(enumerate(places(*before)))
    plan = rewrite(rows, places(*after), day(number))
    known = dict(rows)
    for row_id, (first, last) in plan.kept.items():
        assert last is None or first <= last
        known[row_id] = Place(**{**vars(known[row_id]), "first": first, "last": last})
    standing = [row for row_id, row in known.items() if row_id not in plan.removed] + plan.added
    for one in range(LAST):
        source = places(*before) if one < number else places(*after)
        told = [Place(**{**vars(place), "first": FIRST, "last": None}) for place in on(standing, one)]
        assert told == [Place(**{**vars(place), "first": FIRST, "last": None}) for place in on(source, one)]
