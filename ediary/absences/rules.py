"""Reasons of absence as dated settings, and absences told beforehand (C3). Pure.

What a reason says from a day to a day is one row; what it says from another day on is another, which follows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from ediary.core.dates import ONE_DAY, covers, overlaps
from ediary.groups.rules import Programme

#: a change of the reasons is planned at most so far ahead
FARTHEST = timedelta(days=2 * 366)
#: letters a mark may be made of: a cell of the sheet has room for two
MOST_LETTERS = 2


class ReasonKind(StrEnum):
    """What the month sheet counts an absence as."""

    ILLNESS = "illness"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


class PaperBy(StrEnum):
    """Whose paper justifies an absence."""

    NONE = "none"
    #: a note or an application of the parents; any other paper does too
    PARENTS = "parents"
    #: of an employer, a health institution, another institution
    OFFICIAL = "official"

    @property
    def asked(self) -> bool:
        return self is not PaperBy.NONE


class PaperDue(StrEnum):
    """Until when the paper is in the kindergarten (domain 1.5)."""

    NEVER = "never"
    AFTER_RETURN = "after_return"
    AFTER_RECEIPT = "after_receipt"
    MONTH_END = "month_end"
    LAST_WORKING_DAY = "last_working_day"
    PENULTIMATE_WORKING_DAY = "penultimate_working_day"


class NoticeBy(StrEnum):
    """Until when the parents tell of the absence (domain 1.5)."""

    NONE = "none"
    #: an hour of the first day missed
    FIRST_DAY = "first_day"
    #: so many working days ahead
    AHEAD = "ahead"

    @property
    def asked(self) -> bool:
        return self is not NoticeBy.NONE


class Counted(StrEnum):
    """Which days of a run are counted."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True)
class Rule:
    """What must be so for an absence to count as its reason says (domain 1.4-1.6). As it stands, nothing must."""

    paper: PaperBy = PaperBy.NONE
    paper_due: PaperDue = PaperDue.NEVER
    #: working days after the return, or after the paper's own day
    paper_days: int | None = None
    #: of the last day; None = the whole day
    paper_hour: time | None = None
    notice: NoticeBy = NoticeBy.NONE
    notice_hour: time | None = None
    notice_days: int | None = None
    #: a shorter run does not count
    least_days: int | None = None
    least_in: Counted = Counted.WORKING
    #: so many first working days of a run are justified, but paid for
    first_days_paid: int | None = None
    #: "06-01": the season, both days included; None = the whole year
    season_first: str | None = None
    season_last: str | None = None
    #: only for children taught by this one
    programme: Programme | None = None


@dataclass(frozen=True)
class Terms:
    """What a reason says: its letter on the sheet, its name, what it counts as and does to the fee, and if what."""

    letter: str
    name: str
    kind: ReasonKind
    waives_food: bool
    waives_education: bool
    rule: Rule = Rule()

    @property
    def needs_paper(self) -> bool:
        return self.rule.paper.asked

    @property
    def columns(self) -> dict[str, Any]:
        """As the reason's row holds them."""
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "rule"}
        return own | {field.name: getattr(self.rule, field.name) for field in fields(Rule)}


@dataclass(frozen=True)
class Reason:
    """A reason as pages and sheets use it: what it says from a day to a day (None = on and on)."""

    id: int
    letter: str
    name: str
    kind: ReasonKind
    waives_food: bool
    waives_education: bool
    rule: Rule
    valid_from: date
    valid_to: date | None
    #: the row whose place it took
    follows_id: int | None = None

    @property
    def excuses(self) -> bool:
        return self.kind != ReasonKind.UNJUSTIFIED

    @property
    def terms(self) -> Terms:
        return Terms(self.letter, self.name, self.kind, self.waives_food, self.waives_education, self.rule)


# --- a reason through time ---------------------------------------------------------------------------------


def threads(reasons: Sequence[Reason]) -> list[tuple[Reason, ...]]:
    """Each reason's rows, the first first; the reasons in the order in which their last rows come."""
    known = {reason.id: reason for reason in reasons}
    followed = {reason.follows_id for reason in reasons}
    found = []
    for last in reasons:
        if last.id in followed:
            continue
        rows = [last]
        while (before := known.get(rows[-1].follows_id or 0)) is not None:
            rows.append(before)
        found.append(tuple(reversed(rows)))
    return found


def beginnings(reasons: Mapping[int, Reason]) -> dict[int, int]:
    """Each row -> the first row of the same reason: days of one reason are of one run, whatever it said on each."""
    return {row.id: rows[0].id for rows in threads(list(reasons.values())) for row in rows}


def version_on(reasons: Mapping[int, Reason], reason_id: int, day: date) -> Reason | None:
    """What a reason says on a day, whichever of its rows is named; None = it is not given on that day."""
    following = {reason.follows_id: reason for reason in reasons.values() if reason.follows_id is not None}
    found = reasons.get(reason_id)
    while found is not None and day < found.valid_from:
        found = reasons.get(found.follows_id or 0)
    while found is not None and found.valid_to is not None and found.valid_to < day:
        found = following.get(found.id)
    return found


class DayFault(StrEnum):
    """Why a reason cannot change, or end, from a day on."""

    PAST = "past"
    FAR = "far"
    OVER = "over"
    PLANNED = "planned"
    EMPTY = "empty"
    ENDS = "ends"
    USED = "used"


def day_fault(
    last: Reason | None, first: date, *, today: date, used: date | None = None, ends: bool = False
) -> DayFault | None:
    """May a reason say something else from `first` on (with `ends`: no longer be given)? None = it may.

    `last`: its last row, None = a new reason. `used`: the last day from `first` on that already names that row.
    So today can be changed only while nothing of today uses it, and yesterday never.
    """
    if last is not None and last.valid_to is not None and last.valid_to < today:
        return DayFault.OVER
    if first < today:
        return DayFault.PAST
    if first > today + FARTHEST:
        return DayFault.FAR
    if last is None:
        return None
    if first < last.valid_from:
        return DayFault.PLANNED
    if ends and first == last.valid_from:
        return DayFault.EMPTY
    if not ends and last.valid_to is not None and first > last.valid_to:
        return DayFault.ENDS
    return DayFault.USED if used is not None else None


def is_letter(letter: str) -> bool:
    """One or two letters; all other signs have meanings of their own on the sheet."""
    return letter.isalpha() and len(letter) <= MOST_LETTERS


def letter_taken(letter: str, first: date, last: date | None, others: Iterable[Reason]) -> Reason | None:
    """Which of these has the same letter on some day of first..last (None = on and on)? Large and small are one."""
    for other in others:
        if other.letter.casefold() == letter.casefold() and overlaps(
            other.valid_from, other.valid_to, first, last or date.max
        ):
            return other
    return None


def moved(ids: Sequence[int], one: int, *, up: bool) -> list[int]:
    """The same in order, one of them a place up or down; at the edge it stays."""
    found = list(ids)
    at = found.index(one)
    to = at - 1 if up else at + 1
    if 0 <= to < len(found):
        found[at], found[to] = found[to], found[at]
    return found


# --- announced absences ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Announced:
    """An absence told beforehand."""

    id: int
    child_id: int
    reason_id: int | None
    valid_from: date
    valid_to: date | None
    caller: str
    called_at: datetime


def announced_on(announcements: Iterable[Announced], day: date) -> dict[int, Announced]:
    """Per child the announcement that holds on this day; of several the one told last."""
    found: dict[int, Announced] = {}
    for announced in sorted(announcements, key=lambda one: (one.called_at, one.id)):
        if covers(announced.valid_from, announced.valid_to, day):
            found[announced.child_id] = announced
    return found


def as_on(told: Announced, reasons: Mapping[int, Reason], day: date) -> Announced:
    """An announcement with what its reason says on this day; with none when it is not given then.

    So a change of the reasons need not touch what is announced, and who ends an announcement ends one row.
    """
    version = version_on(reasons, told.reason_id or 0, day)
    return replace(told, reason_id=version.id if version else None)


def announcement_begins(first: date, *, today: date, today_is_locked: bool) -> date:
    """From the day's lock on the kitchen has cooked: an announcement for today begins tomorrow."""
    return first + ONE_DAY if first == today and today_is_locked else first


def says_already(told: Announced, first: date, last: date | None) -> bool:
    """Does an announcement cover all of first..last (None = open)? Telling it twice then adds nothing."""
    if told.valid_from > first:
        return False
    return told.valid_to is None or (last is not None and last <= told.valid_to)


def ends_before(valid_from: date, valid_to: date | None, back_on: date) -> date | None:
    """The last day of an announcement whose child is back on `back_on`; None = nothing of it is left."""
    last = back_on - ONE_DAY
    if last < valid_from:
        return None
    return last if valid_to is None else min(valid_to, last)
