"""What is known of a month's lock before it is locked."""

from __future__ import annotations

from datetime import date

from ediary.core.dates import Month
from ediary.periods import rules
from ediary.workdays import queries as workdays


def lockable_from(month: Month) -> date:
    """The first day on which the month may be locked by hand. One statement."""
    calendar = workdays.calendar(month.first, month.last)
    return rules.lockable_from(month, calendar.working_days(month.first, month.last))
