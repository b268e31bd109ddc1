"""The working-day calendar and the deadlines counted by it, pure (A1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from ediary.core.dates import ONE_DAY, Month, at_local, days_between

#: the month's sheet goes to the social pedagogue by this working day of the next month (S II.7, II.11)
SHEET_DUE = 3
#: the month's sheet closes when this many working days after its end have ended (S III.2)
WORKING_DAYS_TO_LOCK = 5
#: no institution may let a month stay open longer
LATEST_WORKING_DAY = 15


@dataclass(frozen=True)
class ClosureFact:
    """Closed from first to last; for one group, or (None) for all."""

    first: date
    last: date
    reason: str
    group_id: int | None = None


class Closing(NamedTuple):
    """Days on which the whole house, or these groups, are to be closed."""

    first: date
    last: date
    reason: str
    #: None = the whole house
    group_ids: tuple[int, ...] | None = None

    @property
    def facts(self) -> tuple[ClosureFact, ...]:
        return tuple(ClosureFact(self.first, self.last, self.reason, one) for one in self.group_ids or (None,))


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

    def with_closures(self, *closures: ClosureFact, instead_of: Collection[ClosureFact] = ()) -> Calendar:
        """The calendar with these closures, and without those they stand for."""
        return replace(self, closures=(*(one for one in self.closures if one not in instead_of), *closures))

    def with_extra(self, day: date, reason: str) -> Calendar:
        return replace(self, extra={**self.extra, day: reason})

    def without_extra(self, day: date) -> Calendar:
        return replace(self, extra={other: reason for other, reason in self.extra.items() if other != day})


# --- deadlines ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deadlines:
    """Until when what is done, as set for one day; as delivered, what S II.7, II.11 and III.2 say."""

    #: the educators mark until this hour
    mark_by: time = time(8, 30)
    #: working days of the next month: the sheet is handed in by this one, and locks when that one has ended
    sheet_due: int = SHEET_DUE
    month_locks: int = WORKING_DAYS_TO_LOCK


class Hours(NamedTuple):
    """Everything that is set about deadlines: the same, and the hour at which the day locks for the kitchen."""

    day_locks_at: time
    mark_by: time
    sheet_due: int
    month_locks: int


@dataclass(frozen=True)
class DeadlineSpan:
    """These hold from a day on (inclusive; None = open)."""

    valid_from: date
    valid_to: date | None
    said: Deadlines


def deadlines_of(spans: Iterable[DeadlineSpan], day: date) -> Deadlines:
    """What is set for a day; before the first setting, what is delivered."""
    found = (one.said for one in spans if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to))
    return next(found, Deadlines())


def counted_by(spans: Iterable[DeadlineSpan], month: Month) -> Deadlines:
    """What a month's sheet is counted by: as set on the day the counting begins, the first of the next month.

    So a change entered while a month is being counted moves the next one's deadlines, never this one's.
    """
    return deadlines_of(spans, month.next.first)


def working_day_after(month: Month, number: int, is_working: Callable[[date], bool], last_known: date) -> date | None:
    """The month's end and then so many working days: October 2026, 3 -> 2026-11-05.

    None while the calendar is not known far enough.
    """
    day, left = month.last, number
    while left:
        day += ONE_DAY
        if day > last_known:
            return None
        left -= is_working(day)
    return day


#: enough days after a month to hold the working days its deadline is counted by, closures of weeks included
HORIZON = timedelta(days=92)


@dataclass(frozen=True)
class MonthDates:
    """A month's working days, and its sheet's dates: finished on the last of them (S II.7), handed to the social
    pedagogue so many working days later. None while the calendar is not known so far."""

    working: tuple[date, ...]
    finished: date | None
    due: date | None


def month_dates(month: Month, spans: Iterable[DeadlineSpan], calendar: Calendar) -> MonthDates:
    """By what is set and by a calendar that reaches beyond the month."""
    working = tuple(calendar.working_days(month.first, month.last))
    number, last_known = counted_by(spans, month).sheet_due, max(calendar.days, default=month.first)
    due = working_day_after(month, number, calendar.is_working, last_known)
    return MonthDates(working, working[-1] if working else None, due)


def month_locks_at(
    month: Month, is_working: Callable[[date], bool], last_known: date, number: int = WORKING_DAYS_TO_LOCK
) -> datetime | None:
    """When the month's sheet locks by itself: midnight after the 5th working day after its end.

    October 2026 -> 2026-11-10 00:00 in Vilnius. None while the calendar is not known far enough.
    """
    day = working_day_after(month, number, is_working, last_known)
    return None if day is None else at_local(day + ONE_DAY, time(0))


class SettingRow(NamedTuple):
    """One setting as its table has it: from, to (None = open), its values, who set it (None = delivered)."""

    valid_from: date
    valid_to: date | None
    values: tuple[object, ...]
    set_by: str | None


@dataclass(frozen=True)
class Stretch:
    """From-to (None = open) during which all settings of a page stayed the same; `values` has one for each of them."""

    valid_from: date
    valid_to: date | None
    values: tuple[tuple[object, ...], ...]
    set_by: tuple[str, ...]


def stretches(settings: Sequence[Sequence[SettingRow]], delivered: Sequence[tuple[object, ...]]) -> list[Stretch]:
    """The history of several settings as one: a stretch begins wherever one of them begins. The first first.

    Where a setting says nothing, what is delivered holds.
    """
    starts = sorted({one.valid_from for rows in settings for one in rows})
    found = []
    for place, first in enumerate(starts, start=1):
        last = starts[place] - ONE_DAY if place < len(starts) else None
        holding = [
            next(
                (one for one in rows if one.valid_from <= first and (one.valid_to is None or first <= one.valid_to)),
                None,
            )
            for rows in settings
        ]
        by = dict.fromkeys(one.set_by for one in holding if one and one.valid_from == first and one.set_by)
        values = tuple(one.values if one else default for one, default in zip(holding, delivered, strict=True))
        found.append(Stretch(first, last, values, tuple(by)))
    return found


# --- what a change would do -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """A month's sheet would lock by itself at the end of another day."""

    month: Month
    last_before: date
    last_after: date


@dataclass(frozen=True)
class Effect:
    """What a change of the calendar does: days that become free, days that become working, deadlines that move."""

    closes: tuple[date, ...]
    opens: tuple[date, ...]
    moves: tuple[Move, ...] = ()

    @property
    def months(self) -> list[Month]:
        """The months in which a day changes."""
        return sorted({Month.of(day) for day in (*self.closes, *self.opens)})

    @property
    def key(self) -> str:
        """The same for the same effect: who confirms has seen just this one."""
        said = ("-".join(map(str, self.closes)), "-".join(map(str, self.opens)), *(map(str, self.moves)))
        return sha256("/".join(said).encode()).hexdigest()[:16]


def changed_days(
    before: Calendar, after: Calendar, first: date, last: date, group_ids: Collection[int | None]
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Days that become free, and that become working, for at least one of these (None = the whole house)."""
    closes, opens = [], []
    for day in days_between(first, last):
        was = [before.is_working(day, group_id) for group_id in group_ids]
        becomes = [after.is_working(day, group_id) for group_id in group_ids]
        if any(old and not new for old, new in zip(was, becomes, strict=True)):
            closes.append(day)
        elif any(new and not old for old, new in zip(was, becomes, strict=True)):
            opens.append(day)
    return tuple(closes), tuple(opens)


def overlapping(
    closures: Iterable[ClosureFact], wanted: ClosureFact, besides: Collection[ClosureFact] = ()
) -> ClosureFact | None:
    """A closure of the same house or group that holds already on some of these days.

    The whole house may close over a group that is closed, and a group stay closed longer than the house.
    """
    for one in closures:
        same = one.group_id == wanted.group_id and one not in besides
        if same and one.first <= wanted.last and one.last >= wanted.first:
            return one
    return None


# --- the year as it is drawn ----------------------------------------------------------------------------------------


class Look(StrEnum):
    """What a day is, for the eye."""

    WORK = "work"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    PARTLY = "partly"
    EXTRA = "extra"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class DayLook:
    """A day of the calendar page, and why it is what it is."""

    day: date
    look: Look
    why: str = ""


def look_of(calendar: Calendar, day: date, group_id: int | None, seen: Collection[int]) -> DayLook:
    """A day as a group lives it, or (None) the whole house, where `seen` groups may be closed by themselves.

    A closure is drawn on the days it makes free: weekends and holidays inside it stay what they are.
    """
    if not calendar.stored(day):
        return DayLook(day, Look.UNKNOWN)
    free, extra = calendar.days[day], calendar.extra.get(day)
    if free is not None and extra is None:
        return DayLook(day, Look.HOLIDAY if free else Look.WEEKEND, free)
    closure = calendar.closure(day, group_id)
    if closure:
        return DayLook(day, Look.CLOSED, closure.reason)
    if extra is not None:
        return DayLook(day, Look.EXTRA, extra)
    partly = [calendar.closure(day, seen_id) for seen_id in seen] if group_id is None else []
    reasons = dict.fromkeys(one.reason for one in partly if one)
    return DayLook(day, Look.PARTLY, "; ".join(reasons)) if reasons else DayLook(day, Look.WORK)


def weeks(month: Month) -> list[list[date | None]]:
    """The month's days in rows from Monday to Sunday, None where another month's day would stand."""
    cells: list[date | None] = [None] * month.first.weekday()
    cells += month.days()
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def proposed_days(first: date, last: date, holidays: Mapping[date, str]) -> Iterable[tuple[date, str | None]]:
    """Each day with why it is free (None = a weekday, "" = weekend)."""
    for day in days_between(first, last):
        if day in holidays:
            yield day, holidays[day]
        else:
            yield day, "" if day.weekday() >= 5 else None
