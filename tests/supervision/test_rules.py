"""Late or not, to the minute; what is counted of many days."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from ediary.core.dates import at_local
from ediary.supervision.rules import Filled, Tally, filled, tally

DAY = date(2026, 11, 23)


def moment(hour: int, minute: int, second: int = 0, day: date = DAY) -> datetime:
    return at_local(day, time(hour, minute, second))


@pytest.mark.parametrize(
    ("submitted", "now", "how"),
    [
        (moment(8, 12), moment(9, 0), Filled.ON_TIME),
        (moment(8, 30, 59), moment(9, 0), Filled.ON_TIME),
        (moment(8, 31), moment(9, 0), Filled.LATE),
        (moment(8, 0, day=date(2026, 11, 24)), moment(9, 0, day=date(2026, 11, 24)), Filled.LATE),
        (None, moment(8, 30, 59), Filled.COMING),
        (None, moment(8, 31), Filled.MISSING),
    ],
)
def test_a_day_is_late_when_the_minute_of_the_hour_is_over(
    submitted: datetime | None, now: datetime, how: Filled
) -> None:
    assert filled(DAY, time(8, 30), submitted, now) is how


def test_days_still_to_come_are_in_no_count() -> None:
    counted = tally([Filled.ON_TIME, Filled.LATE, Filled.LATE, Filled.MISSING, Filled.COMING])
    assert counted == Tally(on_time=1, late=2, missing=1)
    assert (counted.days, counted.percent_late) == (4, 50)


@pytest.mark.parametrize(("late", "on_time", "percent"), [(0, 0, 0), (1, 2, 33), (2, 1, 67), (1, 7, 13), (0, 9, 0)])
def test_the_share_is_rounded_and_nothing_due_is_nothing(late: int, on_time: int, percent: int) -> None:
    assert Tally(on_time=on_time, late=late).percent_late == percent
