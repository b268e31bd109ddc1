"""What marks, taps and submitting mean: tables."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ediary.absences.rules import Announced
from ediary.attendance import rules
from ediary.attendance.models import Presence
from ediary.attendance.rules import DayFault, Mark, RowState, Verdict

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
UNMARKED, PRESENT, ABSENT = Mark.UNMARKED, Mark.PRESENT, Mark.ABSENT


def told(
    child_id: int,
    first: date,
    last: date | None,
    *,
    id: int = 1,
    reason_id: int | None = 7,
    hour: int = 8,
) -> Announced:
    return Announced(id, child_id, reason_id, first, last, "mama", datetime(2026, 11, 22, hour, tzinfo=UTC))


@pytest.mark.parametrize(
    ("mark", "announced", "state"),
    [
        (UNMARKED, False, RowState.UNMARKED),
        (UNMARKED, True, RowState.ANNOUNCED),
        (PRESENT, False, RowState.PRESENT),
        (PRESENT, True, RowState.PRESENT),
        (ABSENT, False, RowState.ABSENT),
        (ABSENT, True, RowState.ABSENT),
    ],
)
def test_a_stored_mark_beats_an_announcement(mark: Mark, announced: bool, state: RowState) -> None:
    assert rules.row_state(mark, announced=announced) is state


@pytest.mark.parametrize(
    ("state", "on_the_name", "on_the_ring"),
    [
        (RowState.UNMARKED, ABSENT, PRESENT),
        (RowState.ANNOUNCED, ABSENT, PRESENT),
        (RowState.PRESENT, ABSENT, UNMARKED),
        (RowState.ABSENT, UNMARKED, PRESENT),
    ],
)
def test_every_state_has_its_two_taps_and_a_way_back(state: RowState, on_the_name: Mark, on_the_ring: Mark) -> None:
    assert (rules.name_tap(state), rules.check_tap(state)) == (on_the_name, on_the_ring)


@pytest.mark.parametrize("current", list(Mark))
@pytest.mark.parametrize("wanted", list(Mark))
@pytest.mark.parametrize("seen", list(Mark))
def test_a_tap_is_written_only_from_the_state_it_saw(current: Mark, wanted: Mark, seen: Mark) -> None:
    verdict = rules.verdict(current, wanted=wanted, seen=seen)
    if current is wanted:
        assert verdict is Verdict.SAME
    else:
        assert verdict is (Verdict.WRITE if current is seen else Verdict.STALE)


def test_counters_count_announced_children_apart_from_those_left() -> None:
    states = {RowState.UNMARKED: 14, RowState.PRESENT: 2, RowState.ABSENT: 3, RowState.ANNOUNCED: 1}
    counted = rules.counters(states)
    assert (counted.left, counted.present, counted.absent, counted.announced) == (14, 2, 3, 1)
    assert counted.total == 20


@pytest.mark.parametrize(
    ("marks", "announced", "absent", "unmarked"),
    [
        ({}, {}, {}, []),
        ({1: PRESENT, 2: ABSENT}, {}, {}, []),
        ({1: PRESENT, 2: UNMARKED}, {}, {}, [2]),
        ({1: PRESENT, 2: UNMARKED}, {2: told(2, MONDAY, MONDAY)}, {2: 7}, []),
        ({1: UNMARKED, 2: UNMARKED}, {2: told(2, MONDAY, MONDAY, reason_id=None)}, {2: None}, [1]),
        ({1: PRESENT, 2: ABSENT}, {1: told(1, MONDAY, None), 2: told(2, MONDAY, None)}, {}, []),
        ({3: UNMARKED, 1: UNMARKED, 2: UNMARKED}, {}, {}, [3, 1, 2]),
    ],
    ids=["nobody", "all marked", "one left", "announced", "announced, reason unknown", "came after all", "order"],
)
def test_submitting_makes_marks_of_announcements_and_names_who_is_unmarked(
    marks: dict[int, Mark], announced: dict[int, Announced], absent: dict[int, int | None], unmarked: list[int]
) -> None:
    plan = rules.plan_submit(marks, announced)
    assert (plan.absent, plan.unmarked) == (absent, unmarked)


SEPTEMBER = (date(2026, 9, 1), None)


@pytest.mark.parametrize(
    ("day", "closed", "enrolments", "fault"),
    [
        (TUESDAY, False, [SEPTEMBER], None),
        (MONDAY, False, [SEPTEMBER], None),
        (WEDNESDAY, False, [SEPTEMBER], DayFault.FUTURE),
        (TUESDAY, True, [SEPTEMBER], DayFault.CLOSED),
        (MONDAY, False, [(TUESDAY, None)], DayFault.BEFORE),
        (TUESDAY, False, [(date(2026, 9, 1), MONDAY)], DayFault.AFTER),
        (TUESDAY, False, [(date(2026, 9, 1), date(2026, 9, 30)), (TUESDAY, None)], None),
        (MONDAY, False, [(date(2026, 9, 1), date(2026, 9, 30)), (TUESDAY, None)], DayFault.AFTER),
    ],
    ids=["today", "past", "future", "closed", "before", "after", "came back", "between"],
)
def test_a_mark_needs_a_day_that_has_come_a_working_day_and_a_place(
    day: date, closed: bool, enrolments: list[rules.Span], fault: DayFault | None
) -> None:
    assert rules.day_fault(day, today=TUESDAY, is_closed=closed, enrolments=enrolments) is fault


def test_marks_are_spelled_as_they_are_stored() -> None:
    assert {mark.value for mark in Mark} - {"unmarked"} == {presence.value for presence in Presence}
