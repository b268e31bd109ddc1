"""Reasons of absence as dated settings, and absences told beforehand (C3). Pure.

What a reason says from a day to a day is one row; what it says from another day on is another, which follows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from ediary.core.dates import ONE_DAY, covers, overlaps

#: a change of the reasons is planned at most so far ahead
FARTHEST = timedelta(days=2 * 366)
#: letters a mark may be made of: a cell of the sheet has room for two
MOST_LETTERS = 2


class ReasonKind(StrEnum):
    """What the month sheet counts an absence as."""

    ILLNESS = "illness"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@dataclass(frozen=True)
class Terms:
    """What a reason says: its letter on the sheet, its name, what it counts as and does to the fee."""

    letter: str
    name: str
    kind: ReasonKind
    waives_food: bool
    waives_education: bool
    needs_paper: bool


@dataclass(frozen=True)
class Reason:
    """A reason as pages and sheets use it: what it says from a day to a day (None = on and on)."""

    id: int
    letter: str
    name: str
    kind: ReasonKind
    waives_food: bool
    waives_education: bool
    needs_paper: bool
    valid_from: date
    valid_to: date | None
    #: the row whose place it took
    follows_id: int | None = None

    @property
    def excuses(self) -> bool:
        return self.kind != ReasonKind.UNJUSTIFIED

    @property
    def terms(self) -> Terms:
        return Terms(self.letter, self.name, self.kind, self.waives_food, self.waives_education, self.needs_paper)


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


# --- the delivered set -------------------------------------------------------------------------------------


#: No national list of letters exists (domain 1.2): these are the reasons municipalities' orders name (domain
#: 1.4), in the order of how often they are needed. A quarantine frees from both parts of the fee, the other
#: justified reasons from food only. A new institution begins with them, and changes each from a day on.
DELIVERED_REASONS: tuple[Terms, ...] = (
    Terms("l", "Liga", ReasonKind.ILLNESS, waives_food=True, waives_education=False, needs_paper=True),
    Terms("t", "Tėvų atostogos", ReasonKind.JUSTIFIED, waives_food=True, waives_education=False, needs_paper=True),
    Terms(
        "d",
        "Papildoma poilsio diena (DK 138 str.)",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    Terms(
        "g",
        "Kintantis darbo grafikas, nuotolinis darbas",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    Terms(
        "p",
        "Kita pateisinama priežastis",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    Terms("n", "Nepateisinta", ReasonKind.UNJUSTIFIED, waives_food=False, waives_education=False, needs_paper=False),
    Terms("m", "Mokinių atostogos", ReasonKind.JUSTIFIED, waives_food=True, waives_education=False, needs_paper=False),
    Terms("v", "Vasara", ReasonKind.JUSTIFIED, waives_food=True, waives_education=False, needs_paper=True),
    Terms(
        "s",
        "Sanatorija, reabilitacija",
        ReasonKind.ILLNESS,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    Terms(
        "š",
        "Šaltis (−20 °C ir žemesnė)",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=False,
    ),
    Terms(
        "k",
        "Karantinas, ekstremali padėtis",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=True,
        needs_paper=False,
    ),
)
