"""What a child's mark means, what a tap asks for, what submitting does (C1-C3). Pure.

A day's mark is stored or it is not: `Mark`. What a person sees is `RowState`: an unmarked child whose absence
was announced stands apart, because it becomes an absence by submitting and never by „Visi likę atvyko“.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ediary.absences.rules import Announced
from ediary.core.dates import covers


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


# --- the rows of a day -------------------------------------------------------------------------------------


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
