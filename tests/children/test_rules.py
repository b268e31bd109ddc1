"""What is said of a child, in tables: names sought, ages, birthdays, consents, siblings, personal codes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ediary.children import rules
from ediary.children.rules import Access, Age, Answer, CodeFault, ConsentKind


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("Adomas Žukauskas", True),
        ("zuk", True),
        ("ŽUK ado", True),
        ("žukau", True),
        ("kauskas", False),
        ("adomas zukauskiene", False),
        ("", True),
        ("  ado  ", True),
    ],
)
def test_a_child_is_found_by_parts_of_the_name_on_any_keyboard(sought: str, found: bool) -> None:
    assert rules.is_found(sought, "Adomas Žukauskas") is found


def test_parts_of_double_names_are_found_too() -> None:
    assert rules.is_found("jonai", "Ona-Marija Petraitytė-Jonaitienė")
    assert rules.is_found("ona-mar", "Ona-Marija Petraitytė")


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [("+370 600 00 123", "+37060000123"), ("8 (600) 00-123", "860000123"), ("", ""), ("namų 8 427 1", "84271")],
)
def test_a_number_is_dialled_by_its_digits(phone: str, dialled: str) -> None:
    assert rules.dialled(phone) == dialled


# --- ages and birthdays ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2022-03-14", "2026-11-23", (4, 8)),
        ("2022-03-14", "2026-03-13", (3, 11)),
        ("2022-03-14", "2026-03-14", (4, 0)),
        ("2026-10-31", "2026-11-30", (0, 1)),
        ("2026-10-31", "2026-11-29", (0, 0)),
        ("2024-02-29", "2025-02-28", (1, 0)),
        ("2024-02-29", "2025-02-27", (0, 11)),
        ("2026-11-23", "2026-11-23", (0, 0)),
        ("2027-01-01", "2026-11-23", (0, 0)),
    ],
)
def test_age_in_years_and_months(born: str, day: str, age: tuple[int, int]) -> None:
    assert rules.age_on(date.fromisoformat(born), date.fromisoformat(day)) == Age(*age)


@pytest.mark.parametrize(
    ("born", "first", "last", "birthday"),
    [
        ("2022-11-25", "2026-11-23", "2026-11-29", "2026-11-25"),
        ("2022-11-23", "2026-11-23", "2026-11-29", "2026-11-23"),
        ("2022-11-29", "2026-11-23", "2026-11-29", "2026-11-29"),
        ("2022-11-30", "2026-11-23", "2026-11-29", None),
        # over the year's end
        ("2022-01-02", "2026-12-28", "2027-01-03", "2027-01-02"),
        ("2022-12-31", "2026-12-28", "2027-01-03", "2026-12-31"),
        # born on 29 February: on the 28th in a common year, on the day itself in a leap one
        ("2024-02-29", "2027-02-22", "2027-02-28", "2027-02-28"),
        ("2024-02-29", "2027-03-01", "2027-03-07", None),
        ("2024-02-29", "2028-02-28", "2028-03-05", "2028-02-29"),
        # the day of birth itself is no birthday
        ("2026-11-25", "2026-11-23", "2026-11-29", None),
    ],
)
def test_birthdays_of_a_week(born: str, first: str, last: str, birthday: str | None) -> None:
    found = rules.birthday_between(date.fromisoformat(born), date.fromisoformat(first), date.fromisoformat(last))
    assert (found.isoformat() if found else None) == birthday


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-25", "2026-11-29"])
def test_a_week_is_monday_to_sunday(day: str) -> None:
    assert rules.week_of(date.fromisoformat(day)) == (date(2026, 11, 23), date(2026, 11, 29))


@given(born=st.dates(date(2018, 1, 1), date(2024, 12, 31)), year=st.integers(2025, 2060))
def test_everybody_has_one_birthday_in_a_year_of_weeks(born: date, year: int) -> None:
    monday = rules.week_of(date(year, 1, 1))[0]
    weeks = [monday + timedelta(days=7 * number) for number in range(54)]
    found = {rules.birthday_between(born, first, first + timedelta(days=6)) for first in weeks} - {None}
    assert len([day for day in found if day and day.year == year]) == 1


# --- consents -------------------------------------------------------------------------------------------------------


def answer(id: int, given: bool, first: str, last: str | None = None, kind: ConsentKind = ConsentKind.PHOTO) -> Answer:
    end = date.fromisoformat(last) if last else None
    return Answer(id, kind, given, "mama", date.fromisoformat(first), date.fromisoformat(first), end)


YES, NO = answer(1, True, "2026-09-01", "2026-10-31"), answer(2, False, "2026-11-01")


@pytest.mark.parametrize(
    ("day", "holding"),
    [("2026-08-31", None), ("2026-09-01", YES), ("2026-10-31", YES), ("2026-11-01", NO), ("2030-01-01", NO)],
)
def test_the_answer_of_a_day_is_the_one_that_holds_then(day: str, holding: Answer | None) -> None:
    assert rules.answer_on([YES, NO], ConsentKind.PHOTO, date.fromisoformat(day)) == holding


def test_of_two_answers_that_hold_the_later_counts() -> None:
    older, newer = answer(5, True, "2026-09-01"), answer(4, False, "2026-09-02")
    assert rules.answer_on([newer, older], ConsentKind.PHOTO, date(2026, 9, 3)) == newer


@pytest.mark.parametrize(("answers", "agreed"), [([], False), ([YES], True), ([NO], False)], ids=["none", "yes", "no"])
def test_not_asked_is_no_consent(answers: list[Answer], agreed: bool) -> None:
    day = answers[0].valid_from if answers else date(2026, 11, 23)
    assert rules.agreed(answers, ConsentKind.PHOTO, day) is agreed


def test_a_consent_to_one_thing_is_none_to_another() -> None:
    assert not rules.agreed([YES], ConsentKind.TRIPS, date(2026, 9, 1))


# --- family ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        ([(1, 10), (2, 10), (3, 11)], [2]),
        ([(1, 10), (1, 11), (2, 11), (3, 10), (3, 11)], [2, 3]),
        ([(1, None), (2, None)], []),  # no log-in joins nobody
        ([(2, 10)], []),
        ([(1, 10)], []),
    ],
)
def test_siblings_share_a_parents_log_in(parents: list[tuple[int, int | None]], found: list[int]) -> None:
    assert rules.siblings(parents, 1) == found


@pytest.mark.parametrize(
    ("parents", "best"),
    [
        ([], Access.NONE),
        ([Access.NONE, Access.NONE], Access.NONE),
        ([Access.NONE, Access.UNUSED], Access.UNUSED),
        ([Access.USED, Access.NONE], Access.USED),
    ],
)
def test_one_parent_with_access_is_enough(parents: list[Access], best: Access) -> None:
    assert rules.access_of(parents) is best


# --- personal codes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first_ten", "digit"),
    [
        ("3330924006", 4),  # the published example
        ("5220314001", 2),  # by the second row of weights: the first leaves 10
        ("5220314013", 0),  # both rows leave 10
        ("6210305123", 4),
        ("3000000000", 3),
        ("1000000000", 1),
    ],
)
def test_the_check_digit(first_ten: str, digit: int) -> None:
    assert rules.check_digit(first_ten) == digit


BORN = date(2022, 3, 14)


@pytest.mark.parametrize(
    ("code", "born", "foreign", "fault"),
    [
        ("33309240064", None, False, None),
        ("52203140012", BORN, False, None),
        ("52203140012", date(2022, 3, 15), False, CodeFault.BIRTH),
        ("52203140011", BORN, False, CodeFault.CHECK),
        ("52213140018", BORN, False, CodeFault.DAY),
        ("52202310010", BORN, False, CodeFault.DAY),
        ("5220314001", BORN, False, CodeFault.FOREIGN),  # ten digits
        ("92203140010", BORN, False, CodeFault.FOREIGN),
        ("92203140010", BORN, True, None),
        ("AB123456", None, True, None),
        ("AB123456", None, False, CodeFault.FOREIGN),
        ("AB12", None, True, CodeFault.SHAPE),
        ("", None, True, CodeFault.SHAPE),
        ("522031400Ą0", None, True, CodeFault.SHAPE),
        ("١٢٣٤٥٦٧٨٩٠١", None, True, CodeFault.SHAPE),  # digits of another script
        ("52203140011", BORN, True, CodeFault.CHECK),  # a tick makes no Lithuanian code foreign
    ],
)
def test_what_is_wrong_with_a_code(code: str, born: date | None, foreign: bool, fault: CodeFault | None) -> None:
    assert rules.code_fault(code, born, is_foreign=foreign) is fault


def test_zeros_stand_for_a_day_nobody_knows() -> None:
    code = "3330000006"
    code += str(rules.check_digit(code))
    assert rules.code_fault(code, None) is None
    assert rules.code_fault(code, date(1933, 9, 24)) is None
    assert rules.code_fault(code, date(1934, 9, 24)) is CodeFault.BIRTH


def test_a_code_has_one_spelling() -> None:
    assert rules.tidy_code(" 5220314-0012 ") == rules.tidy_code("522 0314 0012") == "52203140012"
    assert rules.tidy_code("ab 12 34") == "AB1234"


@given(st.integers(1, 6), st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_one_wrong_digit_is_noticed(sex: int, born: date, number: int) -> None:
    """Of the ten other last digits none passes."""
    first_ten = f"{sex}{born:%y%m%d}{number:03d}"
    right = rules.check_digit(first_ten)
    for last in range(10):
        fault = rules.code_fault(f"{first_ten}{last}", None)
        assert (fault is None) == (last == right) or fault is CodeFault.DAY


@pytest.mark.parametrize(
    ("last", "until"),
    [
        ("2026-11-27", "2026-12-31"),
        ("2026-12-31", "2027-01-31"),
        ("2027-01-01", "2027-02-28"),
        ("2028-01-31", "2028-02-29"),
    ],
)
def test_parents_come_in_to_the_end_of_the_month_after(last: str, until: str) -> None:
    assert rules.last_of_parents(date.fromisoformat(last)) == date.fromisoformat(until)
