"""Hours of an assignment, day by day; what a leaver still has to write. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ediary.core.dates import covers


@dataclass(frozen=True)
class Worked:
    """What a day really took, typed by hand."""

    minutes: int
    note: str = ""


@dataclass(frozen=True)
class DayHours:
    """A day of an assignment: what was planned, and what it took where that is otherwise."""

    day: date
    planned: int
    worked: Worked | None = None

    @property
    def minutes(self) -> int:
        return self.planned if self.worked is None else self.worked.minutes


def month_hours(
    working: Iterable[date], first: date, last: date | None, planned: int | None, worked: Mapping[date, Worked]
) -> list[DayHours]:
    """The working days of a month on which the assignment holds, and any other day that was typed in (A3)."""
    days = {day for day in working if covers(first, last, day)} | set(worked)
    due = {day for day in working if covers(first, last, day)}
    return [DayHours(day, (planned or 0) if day in due else 0, worked.get(day)) for day in sorted(days)]


@dataclass(frozen=True)
class Sums:
    """Minutes of many days: planned, typed in instead on some, and what counts in the end."""

    days: int
    planned: int
    minutes: int
    corrected: int

    @property
    def difference(self) -> int:
        return self.minutes - self.planned


def sums(days: Iterable[DayHours]) -> Sums:
    listed = list(days)
    return Sums(
        days=sum(day.minutes > 0 for day in listed),
        planned=sum(day.planned for day in listed),
        minutes=sum(day.minutes for day in listed),
        corrected=sum(day.worked is not None for day in listed),
    )


def difference_said(minutes: int) -> str:
    """+1:30, −0:45, 0:00."""
    sign = "+" if minutes > 0 else "−" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"


# --- a leaver -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """A day of a group in a month still open on which something is left to write."""

    group: str
    day: date
    unmarked: int
    unknown: int
    submitted: bool


def months_between(first: date, last: date) -> list[tuple[int, int]]:
    """(year, month) of every month that first..last touches."""
    found = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append((year, month))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found
