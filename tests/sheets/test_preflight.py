"""What a sheet lacks, and what has changed since it was seen: tables."""

from __future__ import annotations

from datetime import date

import pytest

from ediary.absences.rules import Reason, ReasonKind, Rule
from ediary.sheets.preflight import Difference, Kind, Paper, differences, inspect, seen
from ediary.sheets.rules import Day, Mark, Place, Sheet, make_sheet, strays

MON, TUE, WED, SAT = (date(2026, 11, day) for day in (2, 3, 4, 7))
DAYS = [Day(MON), Day(TUE), Day(WED), Day(SAT, "")]
ILL = Reason(
    1, "l", "Liga", ReasonKind.ILLNESS, waives_food=True, waives_education=False, rule=Rule(),
    valid_from=date(2026, 9, 1), valid_to=None,
)  # fmt: skip
CAME, ABSENT, SICK = Mark(present=True), Mark(present=False), Mark(present=False, reason_id=1)
OPEN = ((date(2026, 9, 1), None),)


def sheet(
    marks: dict[tuple[int, date], Mark], places: list[Place] | None = None, today: date = date(2026, 11, 30)
) -> Sheet:
    places = places or [Place(1, "Adomas", OPEN), Place(2, "Ema", OPEN)]
    return make_sheet(DAYS, places, marks, [ILL], {}, today)


FULL = {(child, day): CAME for child in (1, 2) for day in (MON, TUE, WED)}


def said(found: Sheet, **more: object) -> list[tuple[Kind, tuple[date, ...], tuple[str, ...]]]:
    faults = inspect(found, **({"strays": {}} | more))  # type: ignore[arg-type]
    return [(fault.kind, fault.days, tuple(name for _id, name in fault.children)) for fault in faults]


def test_a_sheet_in_order_lacks_nothing() -> None:
    assert said(sheet(FULL)) == []


def test_empty_cells_are_told_by_the_day_and_unknown_reasons_by_the_child() -> None:
    marks = FULL | {(1, TUE): ABSENT, (1, WED): ABSENT, (2, WED): SICK}
    del marks[(2, MON)]
    assert said(sheet(marks)) == [
        (Kind.EMPTY, (MON,), ("Ema",)),
        (Kind.UNKNOWN, (TUE, WED), ("Adomas",)),
    ]


def test_a_working_day_still_to_come_is_empty_and_a_day_off_is_not() -> None:
    assert said(sheet({}, today=TUE))[-1] == (Kind.EMPTY, (WED,), ("Adomas", "Ema"))


def test_today_while_it_is_marked_stands_first() -> None:
    assert said(sheet(FULL), open_day=WED) == [(Kind.OPEN_DAY, (WED,), ())]


def test_papers_and_marks_without_a_place_are_told() -> None:
    paper = Paper(1, (MON, TUE), "Liga", date(2026, 11, 30), is_late=False)
    other = Paper(1, (WED,), "Kelionė", date(2026, 11, 30), is_late=False)
    late = Paper(1, (WED,), "Liga", date(2026, 11, 3), is_late=True)
    foreign = Paper(9, (MON, TUE), "Liga", date(2026, 11, 30), is_late=False)
    assert said(sheet(FULL), papers=[paper, late, other, foreign], strays={(7, "Jonas"): [WED]}) == [
        (Kind.PAPER, (MON, TUE, WED), ("Adomas",)),
        (Kind.PAPER, (WED,), ("Adomas",)),
        (Kind.STRAY, (WED,), ("Jonas",)),
    ]


@pytest.mark.parametrize(
    ("spans", "marked", "found"),
    [
        (OPEN, [MON, WED], {}),
        (((TUE, None),), [MON, TUE, WED], {1: [MON]}),
        (((date(2026, 9, 1), TUE),), [WED, TUE], {1: [WED]}),
        (((date(2026, 9, 1), MON), (WED, None)), [WED, TUE, MON], {1: [TUE]}),
        ((), [MON], {1: [MON]}),
    ],
)
def test_a_mark_before_the_child_came_or_after_it_left_is_a_stray(
    spans: tuple[tuple[date, date | None], ...], marked: list[date], found: dict[int, list[date]]
) -> None:
    places = [Place(1, "Adomas", spans)] if spans else []
    assert strays(DAYS, places, [(1, day) for day in marked]) == found


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        (FULL, []),
        (FULL | {(1, TUE): ABSENT}, [Difference("Adomas", TUE, "·", "?")]),
        (FULL | {(2, WED): SICK}, [Difference("Ema", WED, "·", "l")]),
        ({key: mark for key, mark in FULL.items() if key != (2, MON)}, [Difference("Ema", MON, "·", "")]),
    ],
)
def test_each_cell_that_changed_is_named_with_both_letters(
    marks: dict[tuple[int, date], Mark], found: list[Difference]
) -> None:
    assert differences(seen(sheet(FULL)), sheet(marks)) == found


def test_a_child_that_came_into_the_sheet_or_left_it_is_named() -> None:
    one = sheet(FULL, [Place(1, "Adomas", OPEN)])
    assert differences(seen(one), sheet(FULL)) == [Difference("Ema", None, None, "")]
    assert differences(seen(sheet(FULL)), one) == [Difference("", None, "", None)]


@pytest.mark.parametrize("nonsense", ["x", "1", "²:·", "a:b;1:·", "1:·;1"])
def test_what_cannot_be_read_is_another_sheet(nonsense: str) -> None:
    assert differences(nonsense, sheet(FULL)) != []
