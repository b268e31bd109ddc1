"""From which day on a month may be locked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from ediary.core.dates import Month
from ediary.periods.rules import closable_from


@pytest.mark.parametrize(
    ("month", "working", "first"),
    [
        (Month(2026, 11), [date(2026, 11, 27), date(2026, 11, 30)], date(2026, 11, 30)),
        (Month(2026, 5), [date(2026, 5, 28), date(2026, 5, 29)], date(2026, 5, 29)),  # the month ends on a Sunday
        (Month(2026, 8), [], date(2026, 8, 31)),  # closed all August
    ],
)
def test_a_month_is_closable_from_its_last_working_day(month: Month, working: list[date], first: date) -> None:
    assert closable_from(month, working) == first
