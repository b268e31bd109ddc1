"""The working-day calendar, pure (A1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from ediary.core.dates import ONE_DAY, Month, at_local, days_between

#: the month's sheet closes when this many working days after its end have ended (S III.2)
WORKING_DAYS_TO_LOCK = 5


@dataclass(frozen=True)
class ClosureFact:
    """Closed from first to last; for one group, or (None) for all."""

    first: date
    last: date
    reason: str
    group_id: int | None = None


@dataclass(frozen=True)
class Calendar:
    """A stretch of the institution's stored calendar.

    `days` holds every stored day: None for a weekday, else why it is free (weekend has an empty name, a holiday its
    name). Extra days beat weekends and holidays; closures beat everything.
    """

    days: Mapping[date, str | None]
    closures: tuple[ClosureFact, ...] = ()
    extra: Mapping[date, str] = field(default_factory=dict)

    def stored(self, day: date) -> bool:
        """Is this day in the stored calendar at all?"""
        return day in self.days

    def closure(self, day: date, group_id: int | None = None) -> ClosureFact | None:
        for closure in self.closures:
            if closure.first <= day <= closure.last and closure.group_id in (None, group_id):
                return closure
        return None

    def is_working(self, day: date, group_id: int | None = None) -> bool:
        """Does the kindergarten (or this group of it) work on this day? A day not stored is no working day."""
        if day not in self.days or self.closure(day, group_id):
            return False
        return day in self.extra or self.days[day] is None

    def why_closed(self, day: date, group_id: int | None = None) -> str | None:
        """The reason, holiday's name, or "" for a plain weekend; None on a working day."""
        closure = self.closure(day, group_id)
        if closure:
            return closure.reason
        if day in self.extra:
            return None
        return self.days.get(day, "")

    def working_days(self, first: date, last: date, group_id: int | None = None) -> list[date]:
        return [day for day in days_between(first, last) if self.is_working(day, group_id)]


def month_locks_at(month: Month, is_working: Callable[[date], bool], last_known: date) -> datetime | None:
    """When the month's sheet locks by itself: midnight after the 5th working day after its end.

    October 2026 -> 2026-11-10 00:00 in Vilnius. None while the calendar is not known far enough.
    """
    day, left = month.last, WORKING_DAYS_TO_LOCK
    while left:
        day += ONE_DAY
        if day > last_known:
            return None
        left -= is_working(day)
    return at_local(day + ONE_DAY, time(0))


def proposed_days(first: date, last: date, holidays: Mapping[date, str]) -> Iterable[tuple[date, str | None]]:
    """Each day with why it is free (None = a weekday, "" = weekend)."""
    for day in days_between(first, last):
        if day in holidays:
            yield day, holidays[day]
        else:
            yield day, "" if day.weekday() >= 5 else None
