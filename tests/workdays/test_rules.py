"""The working-day calendar as tables."""

from __future__ import annotations

from datetime import date, time, timedelta

import holidays
import pytest

from ediary.core.dates import Month, at_local
from ediary.workdays.rules import (
    Calendar,
    ClosureFact,
    Deadlines,
    DeadlineSpan,
    Effect,
    Look,
    Move,
    SettingRow,
    changed_days,
    counted_by,
    deadlines_of,
    look_of,
    month_locks_at,
    overlapping,
    proposed_days,
    stretches,
    weeks,
    working_day_after,
)

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


# --- deadlines ------------------------------------------------------------------------------------------------------

EARLY = Deadlines(mark_by=time(8, 45), sheet_due=2, month_locks=4)
SPANS = [
    DeadlineSpan(date(2026, 12, 5), date(2027, 1, 31), EARLY),
    DeadlineSpan(date(2027, 2, 1), None, Deadlines(month_locks=7)),
]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 12, 4), Deadlines()),
        (date(2026, 12, 5), EARLY),
        (date(2027, 1, 31), EARLY),
        (date(2027, 2, 1), Deadlines(month_locks=7)),
    ],
)
def test_what_is_set_holds_from_its_day_and_what_is_delivered_before(day: date, said: Deadlines) -> None:
    assert deadlines_of(SPANS, day) == said


def test_what_is_delivered_is_what_the_regulations_say() -> None:
    assert (Deadlines().mark_by, Deadlines().sheet_due, Deadlines().month_locks) == (time(8, 30), 3, 5)


@pytest.mark.parametrize(
    ("month", "locks"), [(Month(2026, 11), 5), (Month(2026, 12), 4), (Month(2027, 1), 7), (Month(2027, 2), 7)]
)
def test_a_month_is_counted_by_what_was_set_when_its_counting_began(month: Month, locks: int) -> None:
    assert counted_by(SPANS, month).month_locks == locks


@pytest.mark.parametrize(
    ("month", "number", "day"),
    [
        (Month(2026, 10), 3, date(2026, 11, 5)),
        (Month(2026, 11), 3, date(2026, 12, 3)),
        (Month(2026, 12), 3, date(2027, 1, 6)),
        (Month(2026, 10), 5, date(2026, 11, 9)),
        (Month(2027, 2), 1, None),
    ],
)
def test_working_days_are_counted_after_the_months_end(month: Month, number: int, day: date | None) -> None:
    assert working_day_after(month, number, stored().is_working, LAST) == day


def test_several_settings_have_one_history() -> None:
    hours = [
        SettingRow(date(2026, 9, 1), date(2026, 12, 31), (9,), None),
        SettingRow(date(2027, 1, 1), None, (10,), "Jonas"),
    ]
    others = [SettingRow(date(2026, 12, 1), None, (4,), "Ona"), SettingRow(date(2027, 1, 1), None, (3,), "Jonas")]
    others[0] = others[0]._replace(valid_to=date(2026, 12, 31))
    found = stretches((hours, others), ((8,), (5,)))
    assert [(one.valid_from, one.valid_to, one.values, one.set_by) for one in found] == [
        (date(2026, 9, 1), date(2026, 11, 30), ((9,), (5,)), ()),
        (date(2026, 12, 1), date(2026, 12, 31), ((9,), (4,)), ("Ona",)),
        (date(2027, 1, 1), None, ((10,), (3,)), ("Jonas",)),
    ]


def test_without_any_setting_there_is_no_history() -> None:
    assert stretches(([], []), ((9,), (5,))) == []


# --- what a change does ---------------------------------------------------------------------------------------------

WEEK = ClosureFact(date(2026, 11, 23), date(2026, 11, 29), "Remontas")
ONE_GROUP = ClosureFact(date(2026, 11, 23), date(2026, 11, 29), "Karantinas", group_id=1)


@pytest.mark.parametrize(
    ("closure", "groups", "closes"),
    [(WEEK, [None], 5), (ONE_GROUP, [1], 5), (ONE_GROUP, [None], 0), (ONE_GROUP, [2], 0), (WEEK, [1, 2], 5)],
)
def test_a_closure_takes_only_working_days(closure: ClosureFact, groups: list[int | None], closes: int) -> None:
    before = stored()
    after = before.with_closures(closure)
    assert len(changed_days(before, after, closure.first, closure.last, groups)[0]) == closes
    back = changed_days(after, after.with_closures(instead_of=[closure]), closure.first, closure.last, groups)
    assert back == ((), changed_days(before, after, closure.first, closure.last, groups)[0])


def test_an_extra_day_opens_one_day_and_closes_it_when_taken_back() -> None:
    before, day = stored(), date(2026, 11, 28)
    after = before.with_extra(day, "Perkelta")
    assert changed_days(before, after, day, day, [None]) == ((), (day,))
    assert changed_days(after, after.without_extra(day), day, day, [None]) == ((day,), ())


@pytest.mark.parametrize(
    ("wanted", "clashes"),
    [
        (ClosureFact(date(2026, 11, 29), date(2026, 12, 2), "x"), True),
        (ClosureFact(date(2026, 11, 30), date(2026, 12, 2), "x"), False),
        (ClosureFact(date(2026, 11, 20), date(2026, 11, 23), "x"), True),
        (ClosureFact(date(2026, 11, 24), date(2026, 11, 25), "x", group_id=1), False),
    ],
)
def test_the_same_house_is_closed_once_a_day(wanted: ClosureFact, clashes: bool) -> None:
    assert (overlapping([WEEK], wanted) is not None) is clashes
    assert overlapping([WEEK], wanted, besides=[WEEK]) is None


def test_the_same_effect_has_the_same_key_and_another_another() -> None:
    day, other = date(2026, 12, 1), date(2026, 12, 2)
    assert Effect((day,), ()).key == Effect((day,), ()).key
    keys = {
        Effect((day,), ()).key,
        Effect((), (day,)).key,
        Effect((other,), ()).key,
        Effect((day,), (), (Move(Month(2026, 11), day, other),)).key,
    }
    assert len(keys) == 4


# --- how a day looks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "group", "look", "why"),
    [
        (date(2026, 11, 20), None, Look.WORK, ""),
        (date(2026, 11, 21), None, Look.WEEKEND, ""),
        (date(2026, 11, 1), None, Look.HOLIDAY, "Visų Šventųjų diena"),
        (date(2026, 11, 24), None, Look.CLOSED, "Remontas"),
        (date(2026, 11, 29), None, Look.WEEKEND, ""),
        (date(2026, 11, 28), None, Look.CLOSED, "Remontas"),
        (date(2026, 12, 5), None, Look.EXTRA, "Perkelta"),
        (date(2026, 12, 1), None, Look.PARTLY, "Karantinas"),
        (date(2026, 12, 1), 1, Look.CLOSED, "Karantinas"),
        (date(2026, 12, 1), 2, Look.WORK, ""),
        (date(2030, 1, 1), None, Look.UNKNOWN, ""),
    ],
)
def test_a_day_looks_as_it_is_lived(day: date, group: int | None, look: Look, why: str) -> None:
    calendar = stored(
        closures=(WEEK, ClosureFact(date(2026, 12, 1), date(2026, 12, 2), "Karantinas", group_id=1)),
        extra={date(2026, 12, 5): "Perkelta", date(2026, 11, 28): "Perkelta"},
    )
    found = look_of(calendar, day, group, [1, 2])
    assert (found.look, found.why) == (look, why)


def test_a_group_one_may_not_see_marks_no_day() -> None:
    calendar = stored(closures=(ONE_GROUP,))
    assert look_of(calendar, ONE_GROUP.first, None, [2]).look is Look.WORK


def test_weeks_begin_on_monday_and_hold_every_day_once() -> None:
    found = weeks(Month(2026, 11))
    assert [len(week) for week in found] == [7] * 6
    assert found[0][:6] == [None] * 6
    assert found[0][6] == date(2026, 11, 1)
    assert [day for week in found for day in week if day] == Month(2026, 11).days()
