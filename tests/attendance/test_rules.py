"""What marks, taps, submitting and announcements mean: tables."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from ediary.attendance import rules
from ediary.attendance.models import Presence
from ediary.attendance.rules import Announced, DayFault, Mark, ReasonKind, RowState, Verdict

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


@pytest.mark.parametrize(
    ("first", "last", "day", "holds"),
    [
        (MONDAY, WEDNESDAY, MONDAY, True),
        (MONDAY, WEDNESDAY, WEDNESDAY, True),
        (TUESDAY, WEDNESDAY, MONDAY, False),
        (MONDAY, MONDAY, TUESDAY, False),
        (MONDAY, None, date(2027, 1, 4), True),
    ],
)
def test_an_announcement_holds_from_its_first_to_its_last_day(
    first: date, last: date | None, day: date, holds: bool
) -> None:
    assert (5 in rules.announced_on([told(5, first, last)], day)) is holds


def test_of_two_announcements_the_one_told_last_counts() -> None:
    early, late = told(5, MONDAY, None, id=2, reason_id=1), told(5, MONDAY, TUESDAY, id=1, reason_id=2, hour=15)
    assert rules.announced_on([late, early], MONDAY)[5] is late
    assert rules.announced_on([late, early], WEDNESDAY)[5] is early


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


@pytest.mark.parametrize(
    ("first", "locked", "begins"),
    [(MONDAY, False, MONDAY), (MONDAY, True, TUESDAY), (TUESDAY, True, TUESDAY), (TUESDAY, False, TUESDAY)],
)
def test_after_the_lock_an_announcement_for_today_begins_tomorrow(first: date, locked: bool, begins: date) -> None:
    assert rules.announcement_begins(first, today=MONDAY, today_is_locked=locked) == begins


@pytest.mark.parametrize(
    ("told_from", "told_to", "first", "last", "already"),
    [
        (MONDAY, WEDNESDAY, MONDAY, WEDNESDAY, True),
        (MONDAY, WEDNESDAY, TUESDAY, TUESDAY, True),
        (MONDAY, None, TUESDAY, None, True),
        (MONDAY, TUESDAY, MONDAY, WEDNESDAY, False),
        (MONDAY, TUESDAY, MONDAY, None, False),
        (TUESDAY, None, MONDAY, TUESDAY, False),
    ],
)
def test_an_announcement_told_twice_adds_nothing(
    told_from: date, told_to: date | None, first: date, last: date | None, already: bool
) -> None:
    assert rules.says_already(told(5, told_from, told_to), first, last) is already


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "back_on", "last"),
    [
        (MONDAY, None, WEDNESDAY, TUESDAY),
        (MONDAY, date(2026, 11, 27), TUESDAY, MONDAY),
        (MONDAY, MONDAY, WEDNESDAY, MONDAY),
        (MONDAY, WEDNESDAY, MONDAY, None),
        (WEDNESDAY, None, TUESDAY, None),
    ],
    ids=["open", "earlier", "was over", "today", "never began"],
)
def test_an_announcement_ends_the_day_before_the_child_is_back(
    valid_from: date, valid_to: date | None, back_on: date, last: date | None
) -> None:
    assert rules.ends_before(valid_from, valid_to, back_on) == last


def test_marks_are_spelled_as_they_are_stored() -> None:
    assert {mark.value for mark in Mark} - {"unmarked"} == {presence.value for presence in Presence}


def test_the_delivered_reasons_have_a_letter_each_and_say_what_they_waive() -> None:
    letters = Counter(reason.letter for reason in rules.DELIVERED_REASONS)
    assert set(letters) >= set("ltdgpnš") | {"k", "v", "s"}
    assert set(letters.values()) == {1}
    by_letter = {reason.letter: reason for reason in rules.DELIVERED_REASONS}
    assert by_letter["l"].kind is ReasonKind.ILLNESS
    assert by_letter["n"].kind is ReasonKind.UNJUSTIFIED
    assert not by_letter["n"].waives_food
    assert by_letter["k"].waives_food
    assert by_letter["k"].waives_education
    assert all(reason.waives_food for reason in rules.DELIVERED_REASONS if reason.kind is not ReasonKind.UNJUSTIFIED)
