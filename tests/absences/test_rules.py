"""What announcing an absence and the delivered reasons mean: tables."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from ediary.absences import rules
from ediary.absences.rules import Announced, ReasonKind

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
