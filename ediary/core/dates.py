"""Days, months and school years as plain values. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VILNIUS = ZoneInfo("Europe/Vilnius")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, written `2026-11`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """`2026-11` -> Month; ValueError for anything else."""
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
            raise ValueError(f"not a month: {text}")
        year, number = int(text[:4]), int(text[5:])
        if year < 1:
            raise ValueError(f"not a month: {text}")
        return cls(year, number)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.next.first - ONE_DAY

    @property
    def next(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> Month:
        return Month.of(self.first - ONE_DAY)

    def days(self) -> list[date]:
        return list(days_between(self.first, self.last))


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included."""
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


def school_year_of(day: date) -> int:
    """The year in which the school year of this day began: 2026-08-31 -> 2025, 2026-09-01 -> 2026 (A1)."""
    return day.year if day.month >= 9 else day.year - 1


def school_year_span(year: int) -> tuple[date, date]:
    """First and last day of the school year begun in `year`."""
    return date(year, 9, 1), date(year + 1, 8, 31)


def at_local(day: date, hour: time) -> datetime:
    """The UTC moment at which a Vilnius wall clock shows `hour` on `day`."""
    return datetime.combine(day, hour, VILNIUS).astimezone(UTC)


def covers(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Does a validity (inclusive; None = open) cover this day?"""
    return valid_from <= day and (valid_to is None or day <= valid_to)


def overlaps(valid_from: date, valid_to: date | None, first: date, last: date) -> bool:
    """Does a validity (inclusive; None = open) touch first..last?"""
    return valid_from <= last and (valid_to is None or valid_to >= first)
