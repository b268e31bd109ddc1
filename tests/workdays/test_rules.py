"""The working-day calendar as tables."""

from __future__ import annotations

from datetime import date, time, timedelta

import holidays
import pytest

from ediary.core.dates import Month, at_local
from ediary.workdays.rules import Calendar, ClosureFact, month_locks_at, proposed_days

FIRST, LAST = date(2024, 12, 1), date(2027, 2, 28)


def stored(**more: object) -> Calendar:
    names = holidays.country_holidays("LT", years=range(2024, 2028), language="lt")
    return Calendar(dict(proposed_days(FIRST, LAST, names)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("month", "working"), [(1, 22), (2, 20), (3, 20), (4, 21), (5, 21), (6, 20)])
def test_working_days_of_2025_are_the_published_ones(month: int, working: int) -> None:
    whole = Month(2025, month)
    assert len(stored().working_days(whole.first, whole.last)) == working


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 23), None),
        (date(2026, 11, 22), ""),
        (date(2026, 11, 2), "Mirusiųjų atminimo (Vėlinių) diena"),
        (date(2026, 12, 24), "Šv. Kūčios"),
        (date(2026, 6, 24), "Joninės, Rasos"),
    ],
)
def test_a_free_day_says_why(day: date, why: str | None) -> None:
    said = stored().why_closed(day)
    assert (said is None) == (why is None)
    assert (said == "") == (why == "")


@pytest.mark.parametrize(
    ("day", "group", "works"),
    [
        (date(2026, 11, 23), 1, False),
        (date(2026, 11, 23), 2, True),
        (date(2026, 11, 24), 2, False),
        (date(2026, 11, 28), 1, True),
        (date(2030, 1, 2), 1, False),
    ],
)
def test_closures_beat_extra_days_and_extra_days_beat_weekends(day: date, group: int, works: bool) -> None:
    calendar = stored(
        closures=(
            ClosureFact(date(2026, 11, 23), date(2026, 11, 23), "Dezinfekcija", group_id=1),
            ClosureFact(date(2026, 11, 24), date(2026, 11, 24), "Avarija"),
        ),
        extra={date(2026, 11, 28): "Darbo šeštadienis", date(2026, 11, 24): "x"},
    )
    assert calendar.is_working(day, group) is works


@pytest.mark.parametrize(
    ("month", "closed", "locks"),
    [
        (Month(2026, 10), [], date(2026, 11, 10)),
        (Month(2026, 11), [], date(2026, 12, 8)),
        (Month(2025, 12), [], date(2026, 1, 9)),
        (Month(2026, 10), [date(2026, 11, 4)], date(2026, 11, 11)),
    ],
)
def test_a_month_locks_when_its_fifth_working_day_after_has_ended(
    month: Month, closed: list[date], locks: date
) -> None:
    calendar = stored(closures=tuple(ClosureFact(day, day, "x") for day in closed))
    assert month_locks_at(month, calendar.is_working, LAST) == at_local(locks, time(0))


def test_no_deadline_while_the_calendar_is_not_known_far_enough() -> None:
    assert month_locks_at(Month(2027, 2), stored().is_working, LAST) is None
    assert month_locks_at(Month(2027, 1), stored().is_working, LAST) is not None


def test_every_day_of_a_stretch_is_stored() -> None:
    calendar = stored()
    assert all(calendar.stored(FIRST + timedelta(days=n)) for n in range((LAST - FIRST).days + 1))
