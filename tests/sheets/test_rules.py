"""The month sheet counted: tables a social pedagogue could read, and properties that hold of any month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ediary.absences.rules import Reason, ReasonKind, Rule
from ediary.core.dates import Month
from ediary.core.proof import short_hash
from ediary.sheets import rules
from ediary.sheets.rules import Day, Mark, Place, Sheet, State, make_sheet

NOVEMBER = Month(2026, 11)
LATER = date(2026, 12, 15)


def reason(number: int, letter: str, kind: ReasonKind) -> Reason:
    return Reason(number, letter, letter.upper(), kind, True, False, Rule(), date(2026, 9, 1), None)


ILL, HOLIDAY, UNEXCUSED = (
    reason(1, "l", ReasonKind.ILLNESS),
    reason(2, "t", ReasonKind.JUSTIFIED),
    reason(3, "n", ReasonKind.UNJUSTIFIED),
)
REASONS = (ILL, HOLIDAY, UNEXCUSED)
SIGNS = {"+": Mark(True), "?": Mark(False), "l": Mark(False, 1), "t": Mark(False, 2), "n": Mark(False, 3)}


def week(written: str, *, closed: str = "", spans: list[tuple[int, int | None]] | None = None) -> Sheet:
    """A sheet of November's first days: `+l?` etc. for each day, `.` unmarked; `closed` marks closed days with x."""
    days = [
        Day(date(2026, 11, number), "" if closed[number - 1 : number] == "x" else None)
        for number in range(1, len(written) + 1)
    ]
    found = [(date(2026, 11, a), date(2026, 11, b) if b else None) for a, b in spans or [(1, None)]]
    marks = {(7, day.day): SIGNS[sign] for day, sign in zip(days, written, strict=True) if sign != "."}
    return make_sheet(days, [Place(7, "Ūla Ąžuolaitė", tuple(found))], marks, REASONS, {7: 3}, LATER)


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("+++++", {"attended": 5, "absent": 0, "unmarked": 0}),
        ("+l+l+", {"attended": 3, "absent": 2, "illness": 2}),
        ("lltn?", {"attended": 0, "absent": 5, "illness": 2, "justified": 1, "unjustified": 1, "unknown": 1}),
        (".....", {"attended": 0, "absent": 0, "unmarked": 5}),
        ("+.?.n", {"attended": 1, "absent": 2, "unknown": 1, "unjustified": 1, "unmarked": 2}),
    ],
)
def test_a_row_counts_what_is_written_in_it(written: str, counted: dict[str, int]) -> None:
    totals = week(written).rows[0].totals._asdict()
    assert {name: totals[name] for name in counted} == counted


def test_a_closed_day_counts_for_nothing_even_if_a_mark_was_made_on_it() -> None:
    sheet = week("+l+", closed=".x.")
    assert [cell.state for cell in sheet.rows[0].cells] == [State.PRESENT, State.CLOSED, State.PRESENT]
    assert sheet.rows[0].totals.absent == 0
    assert sheet.present == (1, None, 1)
    assert sheet.working_days == 2


def test_days_outside_the_place_are_not_the_groups_days() -> None:
    sheet = week("+++++", spans=[(2, 3), (5, None)])
    assert [cell.state for cell in sheet.rows[0].cells] == [
        State.AWAY,
        State.PRESENT,
        State.PRESENT,
        State.AWAY,
        State.PRESENT,
    ]
    assert sheet.rows[0].totals.enrolled == 3


def test_a_day_to_come_is_not_missing_yet() -> None:
    day = Day(date(2026, 11, 24))
    sheet = make_sheet([day], [Place(1, "A", ((date(2026, 9, 1), None),))], {}, REASONS, {}, date(2026, 11, 23))
    assert sheet.rows[0].cells[0].state is State.COMING
    assert sheet.rows[0].totals.unmarked == 0
    assert sheet.present == (None,)


def test_a_mark_with_a_reason_nobody_told_of_is_a_fault_not_a_guess() -> None:
    days = [Day(date(2026, 11, 3))]
    marks = {(1, date(2026, 11, 3)): Mark(False, 99)}
    with pytest.raises(KeyError):
        make_sheet(days, [Place(1, "A", ((date(2026, 9, 1), None),))], marks, REASONS, {}, LATER)


# --- properties ----------------------------------------------------------------------------------------------------

marks = st.one_of(st.none(), st.sampled_from(list(SIGNS.values())))


@st.composite
def months(draw: st.DrawFn) -> Sheet:
    days = [Day(day, draw(st.sampled_from([None, None, "", "Kalėdos"]))) for day in NOVEMBER.days()]
    places, written = [], {}
    for child in range(draw(st.integers(0, 6))):
        first = draw(st.integers(1, 30))
        last = draw(st.one_of(st.none(), st.integers(first, 30)))
        span = (date(2026, 11, first), date(2026, 11, last) if last else None)
        places.append(Place(child, f"Vaikas {child}", (span,)))
        for day in days:
            mark = draw(marks)
            if mark is not None:
                written[(child, day.day)] = mark
    today = date(2026, 11, 1) + timedelta(days=draw(st.integers(0, 40)))
    meals = {place.child_id: draw(st.integers(0, 21)) for place in places}
    return make_sheet(days, places, written, REASONS, meals, today)


@settings(max_examples=80)
@given(months())
def test_rows_and_columns_add_up_to_the_same(sheet: Sheet) -> None:
    total = sheet.totals
    assert total.attended == sum(row.totals.attended for row in sheet.rows)
    shown = sum(cell.state is State.PRESENT for row in sheet.rows for cell in row.cells)
    assert total.attended == shown
    assert sum(count or 0 for count in sheet.present) <= shown
    for column, day in enumerate(sheet.days):
        if sheet.present[column] is not None:
            assert day.closed is None
            assert sheet.present[column] == sum(row.cells[column].state is State.PRESENT for row in sheet.rows)


@settings(max_examples=80)
@given(months())
def test_every_working_day_of_a_place_is_counted_once(sheet: Sheet) -> None:
    for row in sheet.rows:
        totals = row.totals
        enrolled = sum(cell.state not in (State.CLOSED, State.AWAY) for cell in row.cells)
        assert totals.attended + totals.absent + totals.unmarked + totals.coming == enrolled == totals.enrolled
        assert totals.illness + totals.justified + totals.unjustified + totals.unknown == totals.absent
        assert totals.enrolled <= sheet.working_days


# --- meals ---------------------------------------------------------------------------------------------------------

BREAKFAST, LUNCH = 1, 2
THIRD = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("before", "changes", "counted"),
    [
        ({}, [], 5),
        ({BREAKFAST: 1, LUNCH: 1}, [(LUNCH, -1)], 5),  # breakfast still stands
        ({BREAKFAST: 1, LUNCH: 1}, [(BREAKFAST, -1), (LUNCH, -1)], 4),
        ({}, [(LUNCH, +1)], 6),
        ({LUNCH: 1}, [(LUNCH, -1), (LUNCH, +1)], 5),  # away, and back again
        ({}, [(LUNCH, +1), (LUNCH, -1)], 5),
        ({LUNCH: 1}, [(BREAKFAST, +1)], 5),
    ],
)
def test_a_meal_day_is_a_day_with_a_portion_left(
    before: dict[int, int], changes: list[tuple[int, int]], counted: int
) -> None:
    lines = [(7, THIRD, meal, delta) for meal, delta in changes]
    assert rules.meal_days({7: 5}, {(7, THIRD): before}, lines) == {7: counted}


def test_a_child_with_corrections_only_has_meal_days_too() -> None:
    assert rules.meal_days({}, {}, [(7, THIRD, LUNCH, +1)]) == {7: 1}


# --- words and proofs ----------------------------------------------------------------------------------------------


def test_the_fingerprint_changes_with_any_letter_and_with_the_title() -> None:
    first = rules.fingerprint(["Saulutė"], week("+l+"))
    assert first == rules.fingerprint(["Saulutė"], week("+l+"))
    assert first != rules.fingerprint(["Saulutė"], week("+n+"))
    assert first != rules.fingerprint(["Ežerėlis"], week("+l+"))
    assert first != rules.fingerprint(["Saulutė"], replace(week("+l+"), present=(1, 1, 1)))
    assert short_hash(first) == f"{first[:4]} {first[4:8]} {first[8:12]}"


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Boružiukai", "boruziukai"), ("Ąčęėįšųūž", "aceeisuuz"), ("VIJURKAI (ALERG.)", "vijurkai-alerg"), ("→", "x")],
)
def test_a_name_in_a_file_name_is_plain(name: str, slug: str) -> None:
    assert rules.slug(name) == slug
