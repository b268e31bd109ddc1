"""Hours of an assignment, and what stands under a leaver's name, as pure values."""

from __future__ import annotations

from datetime import date

import pytest

from ediary.handovers.leavers import kind_of
from ediary.handovers.rules import DayHours, Worked, difference_said, month_hours, months_between, sums

WEEK = [date(2026, 11, day) for day in (2, 3, 4, 5, 6)]


def test_hours_are_the_working_days_of_the_term_times_the_minutes() -> None:
    days = month_hours(WEEK, date(2026, 11, 3), date(2026, 11, 5), 432, {})
    assert [day.day.day for day in days] == [3, 4, 5]
    assert sums(days).planned == sums(days).minutes == 3 * 432


def test_what_was_typed_by_hand_counts_instead() -> None:
    typed = {date(2026, 11, 4): Worked(0, "sirgo"), date(2026, 11, 5): Worked(500)}
    days = month_hours(WEEK, date(2026, 11, 3), None, 432, typed)
    told = sums(days)
    assert (told.planned, told.minutes, told.days, told.corrected) == (4 * 432, 432 + 0 + 500 + 432, 3, 2)
    assert told.difference == 500 - 2 * 432


def test_a_day_typed_in_outside_the_plan_counts_too() -> None:
    (day,) = month_hours([], date(2026, 11, 3), None, 432, {date(2026, 11, 7): Worked(120)})
    assert day == DayHours(date(2026, 11, 7), 0, Worked(120))


def test_without_planned_minutes_only_what_was_typed_counts() -> None:
    days = month_hours(WEEK, date(2026, 11, 2), None, None, {WEEK[0]: Worked(60)})
    assert (sums(days).planned, sums(days).minutes) == (0, 60)


@pytest.mark.parametrize(("minutes", "said"), [(0, "0:00"), (90, "+1:30"), (-45, "−0:45"), (-600, "−10:00")])
def test_a_difference_is_said_with_its_sign(minutes: int, said: str) -> None:
    assert difference_said(minutes) == said


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 9, 5), date(2026, 9, 30), [(2026, 9)]),
        (date(2026, 11, 30), date(2027, 2, 1), [(2026, 11), (2026, 12), (2027, 1), (2027, 2)]),
        (date(2026, 11, 2), date(2026, 10, 30), []),
    ],
    ids=["one", "over-the-year", "none"],
)
def test_months_between_days(first: date, last: date, months: list[tuple[int, int]]) -> None:
    assert months_between(first, last) == months


@pytest.mark.parametrize(
    ("table", "kind"),
    [("attendance_child_day", "marks"), ("children_guardian", "cards"), ("groups_staff", "others")],
    ids=["marks", "cards", "others"],
)
def test_tables_have_a_word_for_people(table: str, kind: str) -> None:
    assert kind_of(table) == kind
