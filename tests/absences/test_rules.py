"""What announcing an absence and the delivered reasons mean: tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ediary.absences import rules
from ediary.absences.delivered import DELIVERED_REASONS
from ediary.absences.rules import Announced, DayFault, PaperBy, Reason, ReasonKind, Rule

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


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


def test_the_delivered_reasons_have_a_letter_each_and_say_what_they_waive() -> None:
    letters = Counter(reason.letter for reason in DELIVERED_REASONS)
    assert set(letters) >= set("ltdgpnš") | {"k", "v", "s"}
    assert set(letters.values()) == {1}
    by_letter = {reason.letter: reason for reason in DELIVERED_REASONS}
    assert by_letter["l"].kind is ReasonKind.ILLNESS
    assert by_letter["n"].kind is ReasonKind.UNJUSTIFIED
    assert not by_letter["n"].waives_food
    assert by_letter["k"].waives_food
    assert by_letter["k"].waives_education
    assert all(reason.waives_food for reason in DELIVERED_REASONS if reason.kind is not ReasonKind.UNJUSTIFIED)


# --- a reason through time ----------------------------------------------------------------------------------

#: „l“ said one thing until Sunday, another on Monday alone, a third from Tuesday on; „t“ goes on; „v“ ended in August
SUNDAY = date(2026, 11, 22)
NOTE = Rule(PaperBy.PARENTS)
ROWS = {
    1: Reason(1, "l", "Liga", ReasonKind.ILLNESS, True, False, NOTE, date(2026, 9, 1), SUNDAY),
    2: Reason(2, "L", "Liga", ReasonKind.ILLNESS, True, False, Rule(), MONDAY, MONDAY, 1),
    3: Reason(3, "x", "Liga", ReasonKind.ILLNESS, True, True, Rule(), TUESDAY, None, 2),
    4: Reason(4, "t", "Atostogos", ReasonKind.JUSTIFIED, True, False, NOTE, date(2026, 9, 1), None),
    5: Reason(5, "v", "Vasara", ReasonKind.JUSTIFIED, True, False, NOTE, date(2026, 6, 1), date(2026, 8, 31)),
}


def test_a_reasons_rows_are_one_thread_in_order_of_time() -> None:
    assert [[row.id for row in rows] for rows in rules.threads(list(ROWS.values()))] == [[1, 2, 3], [4], [5]]


@pytest.mark.parametrize("named", [1, 2, 3])
@pytest.mark.parametrize(
    ("day", "row"),
    [(date(2026, 8, 31), None), (date(2026, 9, 1), 1), (SUNDAY, 1), (MONDAY, 2), (TUESDAY, 3), (date(2030, 1, 1), 3)],
)
def test_whichever_row_is_named_a_day_gets_its_own(named: int, day: date, row: int | None) -> None:
    found = rules.version_on(ROWS, named, day)
    assert (found.id if found else None) == row


@pytest.mark.parametrize(
    ("named", "day", "row"),
    [(5, date(2026, 8, 31), 5), (5, date(2026, 9, 1), None), (4, MONDAY, 4), (99, MONDAY, None)],
)
def test_a_reason_that_ended_or_never_was_is_not_given(named: int, day: date, row: int | None) -> None:
    found = rules.version_on(ROWS, named, day)
    assert (found.id if found else None) == row


def test_what_is_announced_says_on_each_day_what_its_reason_says_then() -> None:
    open_end = told(5, SUNDAY, None, reason_id=1)
    assert [rules.as_on(open_end, ROWS, day).reason_id for day in (SUNDAY, MONDAY, TUESDAY)] == [1, 2, 3]
    assert rules.as_on(told(5, SUNDAY, None, reason_id=5), ROWS, MONDAY).reason_id is None
    assert rules.as_on(told(5, SUNDAY, None, reason_id=None), ROWS, MONDAY).reason_id is None


FRIDAY = date(2026, 11, 27)
PLAIN, COMING, ENDING, OVER = (
    replace(ROWS[4], valid_from=first, valid_to=last)
    for first, last in (
        (date(2026, 9, 1), None),
        (FRIDAY, None),
        (date(2026, 9, 1), WEDNESDAY),
        (date(2026, 9, 1), SUNDAY),
    )
)
BEGUN = replace(PLAIN, valid_from=MONDAY)


@pytest.mark.parametrize(
    ("last", "first", "used", "ends", "fault"),
    [
        (PLAIN, TUESDAY, None, False, None),
        (PLAIN, MONDAY, None, False, None),
        (PLAIN, MONDAY, MONDAY, False, DayFault.USED),
        (PLAIN, TUESDAY, WEDNESDAY, False, DayFault.USED),
        (PLAIN, SUNDAY, None, False, DayFault.PAST),
        (PLAIN, date(2028, 11, 24), None, False, None),
        (PLAIN, date(2028, 11, 25), None, False, DayFault.FAR),
        (PLAIN, date.max, None, False, DayFault.FAR),
        (BEGUN, MONDAY, None, False, None),
        (BEGUN, MONDAY, MONDAY, False, DayFault.USED),
        (COMING, FRIDAY, None, False, None),
        (COMING, WEDNESDAY, None, False, DayFault.PLANNED),
        (ENDING, WEDNESDAY, None, False, None),
        (ENDING, date(2026, 11, 26), None, False, DayFault.ENDS),
        (OVER, TUESDAY, None, False, DayFault.OVER),
        (PLAIN, TUESDAY, None, True, None),
        (PLAIN, MONDAY, None, True, None),
        (PLAIN, MONDAY, MONDAY, True, DayFault.USED),
        (PLAIN, SUNDAY, None, True, DayFault.PAST),
        (BEGUN, MONDAY, None, True, DayFault.EMPTY),
        (COMING, FRIDAY, None, True, DayFault.EMPTY),
        (COMING, WEDNESDAY, None, True, DayFault.PLANNED),
        (ENDING, date(2027, 1, 1), None, True, None),
        (OVER, TUESDAY, None, True, DayFault.OVER),
        (None, MONDAY, None, False, None),
        (None, SUNDAY, None, False, DayFault.PAST),
    ],
)
def test_a_change_begins_when_nothing_uses_what_it_changes(
    last: Reason | None, first: date, used: date | None, ends: bool, fault: DayFault | None
) -> None:
    assert rules.day_fault(last, first, today=MONDAY, used=used, ends=ends) is fault


@pytest.mark.parametrize(
    ("letter", "first", "last", "taken_by"),
    [
        ("t", MONDAY, None, 4),
        ("T", MONDAY, MONDAY, 4),
        ("v", MONDAY, None, None),
        ("v", date(2026, 8, 31), date(2026, 9, 5), 5),
        ("l", MONDAY, MONDAY, 2),
        ("l", TUESDAY, None, None),
        ("x", MONDAY, MONDAY, None),
        ("x", MONDAY, None, 3),
        ("tt", MONDAY, None, None),
    ],
)
def test_a_letter_is_one_reasons_on_each_day(letter: str, first: date, last: date | None, taken_by: int | None) -> None:
    found = rules.letter_taken(letter, first, last, ROWS.values())
    assert (found.id if found else None) == taken_by


@pytest.mark.parametrize(
    ("letter", "fits"),
    [("l", True), ("š", True), ("NL", True), ("abc", False), ("", False), ("?", False), ("+", False), ("1", False)],
)
def test_a_mark_is_one_or_two_letters(letter: str, fits: bool) -> None:
    assert rules.is_letter(letter) is fits


@pytest.mark.parametrize(
    ("one", "up", "order"),
    [(2, True, [2, 1, 3]), (2, False, [1, 3, 2]), (1, True, [1, 2, 3]), (3, False, [1, 2, 3])],
)
def test_a_reason_moves_one_place_and_not_beyond_the_edge(one: int, up: bool, order: list[int]) -> None:
    assert rules.moved([1, 2, 3], one, up=up) == order
