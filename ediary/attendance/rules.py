"""What a child's mark means, what a tap asks for, what submitting does (C1-C3). Pure.

A day's mark is stored or it is not: `Mark`. What a person sees is `RowState`: an unmarked child whose absence
was announced stands apart, because it becomes an absence by submitting and never by „Visi likę atvyko“.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ediary.core.dates import ONE_DAY, covers


class Mark(StrEnum):
    """What is stored about a child's day; values of presence, and the absence of a row."""

    UNMARKED = "unmarked"
    PRESENT = "present"
    ABSENT = "absent"


class RowState(StrEnum):
    """What a row of the day page shows."""

    UNMARKED = "unmarked"
    ANNOUNCED = "announced"
    PRESENT = "present"
    ABSENT = "absent"


class ReasonKind(StrEnum):
    """What the month sheet counts an absence as."""

    ILLNESS = "illness"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@dataclass(frozen=True)
class Reason:
    """A reason as pages and sheets use it."""

    id: int
    letter: str
    name: str
    kind: ReasonKind
    waives_food: bool
    waives_education: bool
    needs_paper: bool
    valid_from: date
    valid_to: date | None

    @property
    def excuses(self) -> bool:
        return self.kind != ReasonKind.UNJUSTIFIED


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


# --- the rows of a day -------------------------------------------------------------------------------------


def announced_on(announcements: Iterable[Announced], day: date) -> dict[int, Announced]:
    """Per child the announcement that holds on this day; of several the one told last."""
    found: dict[int, Announced] = {}
    for announced in sorted(announcements, key=lambda one: (one.called_at, one.id)):
        if covers(announced.valid_from, announced.valid_to, day):
            found[announced.child_id] = announced
    return found


def row_state(mark: Mark, *, announced: bool) -> RowState:
    """A stored mark beats an announcement."""
    if mark is Mark.UNMARKED and announced:
        return RowState.ANNOUNCED
    return RowState(mark.value)


def name_tap(state: RowState) -> Mark:
    """What a tap on the name wants: absent, or back from it."""
    return Mark.UNMARKED if state is RowState.ABSENT else Mark.ABSENT


def check_tap(state: RowState) -> Mark:
    """What a tap on the ring at the right wants: present, or back from it."""
    return Mark.UNMARKED if state is RowState.PRESENT else Mark.PRESENT


class Verdict(StrEnum):
    """What to do with a tap."""

    WRITE = "write"
    SAME = "same"
    STALE = "stale"


def verdict(current: Mark, *, wanted: Mark, seen: Mark) -> Verdict:
    """A tap carries the state wanted and the state seen; to want what already is writes nothing, is no error."""
    if current is wanted:
        return Verdict.SAME
    if current is not seen:
        return Verdict.STALE
    return Verdict.WRITE


@dataclass(frozen=True)
class Counters:
    """How many children are where. `left` are those „Visi likę atvyko“ is about."""

    left: int = 0
    announced: int = 0
    present: int = 0
    absent: int = 0

    @property
    def total(self) -> int:
        return self.left + self.announced + self.present + self.absent


def counters(counted: Mapping[RowState, int]) -> Counters:
    """Of so many rows in each state."""
    return Counters(
        left=counted.get(RowState.UNMARKED, 0),
        announced=counted.get(RowState.ANNOUNCED, 0),
        present=counted.get(RowState.PRESENT, 0),
        absent=counted.get(RowState.ABSENT, 0),
    )


@dataclass(frozen=True)
class SubmitPlan:
    """What „Pateikti“ does: announced children become absent with their reason; other unmarked ones stop it."""

    absent: dict[int, int | None]
    unmarked: list[int]


def plan_submit(marks: Mapping[int, Mark], announced: Mapping[int, Announced]) -> SubmitPlan:
    """`marks`: child -> mark in the order of the page; the unmarked come out in the same order."""
    absent: dict[int, int | None] = {}
    unmarked: list[int] = []
    for child_id, mark in marks.items():
        if mark is not Mark.UNMARKED:
            continue
        if child_id in announced:
            absent[child_id] = announced[child_id].reason_id
        else:
            unmarked.append(child_id)
    return SubmitPlan(absent, unmarked)


# --- may this day be marked? -------------------------------------------------------------------------------


class DayFault(StrEnum):
    """Why a child's day cannot have a mark, whoever asks and whatever is locked."""

    FUTURE = "future"
    CLOSED = "closed"
    BEFORE = "before"
    AFTER = "after"


Span = tuple[date, date | None]


def day_fault(day: date, *, today: date, is_closed: bool, enrolments: Iterable[Span]) -> DayFault | None:
    """None = the day may have a mark. `enrolments`: the child's places in this group, at least one."""
    spans = list(enrolments)
    if not any(covers(first, last, day) for first, last in spans):
        return DayFault.BEFORE if day < min(first for first, _ in spans) else DayFault.AFTER
    if day > today:
        return DayFault.FUTURE
    return DayFault.CLOSED if is_closed else None


# --- announced absences ------------------------------------------------------------------------------------


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


@dataclass(frozen=True)
class DeliveredReason:
    """A reason a new institution begins with; it may change each of them, from a day on."""

    letter: str
    name: str
    kind: ReasonKind
    waives_food: bool
    waives_education: bool
    needs_paper: bool


#: No national list of letters exists (domain 1.2): these are the reasons municipalities' orders name (domain
#: 1.4), in the order of how often they are needed. A quarantine frees from both parts of the fee, the other
#: justified reasons from food only.
DELIVERED_REASONS: tuple[DeliveredReason, ...] = (
    DeliveredReason("l", "Liga", ReasonKind.ILLNESS, waives_food=True, waives_education=False, needs_paper=True),
    DeliveredReason(
        "t", "Tėvų atostogos", ReasonKind.JUSTIFIED, waives_food=True, waives_education=False, needs_paper=True
    ),
    DeliveredReason(
        "d",
        "Papildoma poilsio diena (DK 138 str.)",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    DeliveredReason(
        "g",
        "Kintantis darbo grafikas, nuotolinis darbas",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    DeliveredReason(
        "p",
        "Kita pateisinama priežastis",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    DeliveredReason(
        "n", "Nepateisinta", ReasonKind.UNJUSTIFIED, waives_food=False, waives_education=False, needs_paper=False
    ),
    DeliveredReason(
        "m", "Mokinių atostogos", ReasonKind.JUSTIFIED, waives_food=True, waives_education=False, needs_paper=False
    ),
    DeliveredReason("v", "Vasara", ReasonKind.JUSTIFIED, waives_food=True, waives_education=False, needs_paper=True),
    DeliveredReason(
        "s",
        "Sanatorija, reabilitacija",
        ReasonKind.ILLNESS,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    DeliveredReason(
        "š",
        "Šaltis (−20 °C ir žemesnė)",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=False,
    ),
    DeliveredReason(
        "k",
        "Karantinas, ekstremali padėtis",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=True,
        needs_paper=False,
    ),
)
