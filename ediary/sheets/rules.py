"""The month sheet, counted (C4). Pure: places, marks and portions in; cells and totals out.

Every working day of a place is exactly one of: attended, absent, unmarked, still to come. An absence is
exactly one of: illness, otherwise justified, unjustified, reason unknown. So each row and column adds up.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from ediary.absences.excuses import Standing, Verdict
from ediary.absences.rules import Reason, ReasonKind
from ediary.core.dates import covers

#: what a cell shows when it shows no reason's letter
PRESENT_LETTER, UNKNOWN_LETTER = "·", "?"
#: on paper a mark must be seen to have been made
PRESENT_ON_PAPER = "+"
#: the totals a sheet prints at its right, in order: the first fields of `Totals`
PRINTED = ("attended", "absent", "illness", "justified", "unjustified", "unknown", "meal_days")


class State(StrEnum):
    """What a cell says of a child's day."""

    PRESENT = "present"
    ABSENT = "absent"  # with a reason
    UNKNOWN = "unknown"  # absent, reason unknown
    UNMARKED = "unmarked"  # a working day that has come, without a mark
    COMING = "coming"
    AWAY = "away"  # no place in this group on this day
    CLOSED = "closed"  # weekend, holiday, closure


@dataclass(frozen=True)
class Place:
    """A child's place in the group: one span, or more when the child left and came back."""

    child_id: int
    name: str
    spans: tuple[tuple[date, date | None], ...]


@dataclass(frozen=True)
class Day:
    """A day of the month; `closed` says why the group does not work ("" = a plain weekend), else None."""

    day: date
    closed: str | None = None


@dataclass(frozen=True)
class Mark:
    """What was written of a child's day."""

    present: bool
    reason_id: int | None = None


@dataclass(frozen=True)
class Cell:
    """What stands in a cell. Equal cells are one object: a sheet of 1,600 cells holds a dozen."""

    state: State
    letter: str = ""
    reason: Reason | None = None
    #: what the absence counts as, where its reason asks for something; None = as the reason says
    verdict: Verdict | None = None

    @property
    def kind(self) -> ReasonKind | None:
        """What an absence with a reason is counted as."""
        if self.reason is None or self.verdict is None or self.verdict.counts:
            return self.reason.kind if self.reason else None
        return ReasonKind.UNJUSTIFIED

    @property
    def sign(self) -> str:
        """What stands in the cell: a reason that does not hold in brackets, one that awaits something with a star."""
        if self.reason is None or self.verdict is None:
            return self.letter
        if self.kind is not self.reason.kind:
            return f"({self.letter})"
        return f"{self.letter}*" if self.verdict.standing is Standing.AWAITED else self.letter

    @property
    def is_absence(self) -> bool:
        return self.state is State.ABSENT or self.state is State.UNKNOWN

    @property
    def is_told(self) -> bool:
        """Was something written of the day?"""
        return self.is_absence or self.state is State.PRESENT


PRESENT = Cell(State.PRESENT, PRESENT_LETTER)
UNKNOWN = Cell(State.UNKNOWN, UNKNOWN_LETTER)
UNMARKED = Cell(State.UNMARKED)
COMING = Cell(State.COMING)
AWAY = Cell(State.AWAY)
CLOSED = Cell(State.CLOSED)


class Totals(NamedTuple):
    """Counted days of one child, or of all. `meal_days`: days on which at least one portion stands."""

    attended: int = 0
    absent: int = 0
    illness: int = 0
    justified: int = 0
    unjustified: int = 0
    unknown: int = 0
    meal_days: int = 0
    unmarked: int = 0
    coming: int = 0

    @property
    def printed(self) -> tuple[int, ...]:
        """The numbers a sheet prints at its right, in the order of `PRINTED`."""
        return self[: len(PRINTED)]

    @property
    def enrolled(self) -> int:
        """Working days on which the child has a place."""
        return self.attended + self.absent + self.unmarked + self.coming


@dataclass(frozen=True)
class Row:
    """A child's month."""

    number: int
    child_id: int
    name: str
    cells: tuple[Cell, ...]
    totals: Totals


@dataclass(frozen=True)
class Sheet:
    """A group's month. `present` counts who came on each day, None where nobody could."""

    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    present: tuple[int | None, ...]
    totals: Totals
    working_days: int


def make_sheet(
    days: Sequence[Day],
    places: Iterable[Place],
    marks: Mapping[tuple[int, date], Mark],
    reasons: Iterable[Reason],
    meal_days: Mapping[int, int],
    today: date,
    verdicts: Mapping[tuple[int, date], Verdict] | None = None,
) -> Sheet:
    """Count a group's month. `verdicts`: what the (child, day) missed with a reason count as.

    A mark outside the child's place or on a closed day counts for nothing: the place and the calendar decide.
    A mark with a reason that is not among `reasons` is a KeyError: give every reason the marks may name.
    """
    absences = _Absences({reason.id: reason for reason in reasons}, verdicts or {})
    blank = [CLOSED if day.closed is not None else COMING if day.day > today else UNMARKED for day in days]
    rows = []
    present = [0] * len(days)
    for number, place in enumerate(places, start=1):
        cells = _cells(days, blank, place, marks, absences)
        for at, cell in enumerate(cells):
            if cell is PRESENT:
                present[at] += 1
        totals = _count(cells, meal_days.get(place.child_id, 0))
        rows.append(Row(number, place.child_id, place.name, tuple(cells), totals))
    return Sheet(
        days=tuple(days),
        rows=tuple(rows),
        present=tuple(count if cell is UNMARKED else None for cell, count in zip(blank, present, strict=True)),
        totals=Totals(*(sum(column) for column in zip(*(row.totals for row in rows), strict=True))),
        working_days=sum(day.closed is None for day in days),
    )


def strays(days: Sequence[Day], places: Iterable[Place], marks: Iterable[tuple[int, date]]) -> dict[int, list[date]]:
    """child -> days with a mark but no place in the group: before it came, after it left. They count for nothing."""
    first, last = days[0].day, days[-1].day
    of_child = {place.child_id: place.spans for place in places}
    whole = {
        child_id
        for child_id, spans in of_child.items()
        if any(covers(*one, first) and covers(*one, last) for one in spans)
    }
    found: dict[int, list[date]] = {}
    for child_id, day in marks:
        if child_id not in whole and not any(covers(*span, day) for span in of_child.get(child_id, ())):
            found.setdefault(child_id, []).append(day)
    return {child_id: sorted(found[child_id]) for child_id in sorted(found)}


@dataclass
class _Absences:
    """The cells of absences with a reason, each made once."""

    reasons: Mapping[int, Reason]
    verdicts: Mapping[tuple[int, date], Verdict]

    def __post_init__(self) -> None:
        self._made: dict[tuple[int, Verdict | None], Cell] = {}

    def cell(self, child_id: int, day: date, reason_id: int) -> Cell:
        key = reason_id, self.verdicts.get((child_id, day))
        if key not in self._made:
            reason = self.reasons[reason_id]
            self._made[key] = Cell(State.ABSENT, reason.letter, reason, key[1])
        return self._made[key]


def _cells(
    days: Sequence[Day],
    blank: Sequence[Cell],
    place: Place,
    marks: Mapping[tuple[int, date], Mark],
    absences: _Absences,
) -> list[Cell]:
    """A child's cells. `blank`: what stands in each day's cell without a mark."""
    whole = any(covers(*span, days[0].day) and covers(*span, days[-1].day) for span in place.spans)
    cells = []
    for day, without in zip(days, blank, strict=True):
        if without is CLOSED:
            cells.append(CLOSED)
        elif not whole and not any(covers(*span, day.day) for span in place.spans):
            cells.append(AWAY)
        else:
            mark = marks.get((place.child_id, day.day))
            if mark is None:
                cells.append(without)
            elif mark.present:
                cells.append(PRESENT)
            else:
                unknown = mark.reason_id is None
                cells.append(UNKNOWN if unknown else absences.cell(place.child_id, day.day, mark.reason_id or 0))
    return cells


def _count(cells: Iterable[Cell], meal_days: int) -> Totals:
    attended = illness = justified = unjustified = unknown = unmarked = coming = 0
    for cell in cells:
        if cell is PRESENT:
            attended += 1
        elif cell is UNMARKED:
            unmarked += 1
        elif cell is COMING:
            coming += 1
        elif cell is UNKNOWN:
            unknown += 1
        elif cell.reason is not None:
            kind = cell.kind
            illness += kind is ReasonKind.ILLNESS
            justified += kind is ReasonKind.JUSTIFIED
            unjustified += kind is ReasonKind.UNJUSTIFIED
    absent = illness + justified + unjustified + unknown
    return Totals(attended, absent, illness, justified, unjustified, unknown, meal_days, unmarked, coming)


# --- meals --------------------------------------------------------------------------------------------------


def meal_days(
    portion_days: Mapping[int, int],
    portions: Mapping[tuple[int, date], Mapping[int, int]],
    changes: Iterable[tuple[int, date, int, int]],
) -> dict[int, int]:
    """child -> days on which at least one of the child's portions stands: locked portions ± corrections (D3).

    `portion_days` counts each child's days in the snapshots; `changes` are the corrections' lines (child,
    day, meal, ±); `portions` tells, for the corrected (child, day) only, the snapshot's portions by meal.
    """
    counted = dict(portion_days)
    left: dict[tuple[int, date], dict[int, int]] = {}
    for child_id, day, meal, delta in changes:
        of_day = left.setdefault((child_id, day), dict(portions.get((child_id, day), {})))
        of_day[meal] = of_day.get(meal, 0) + delta
    for (child_id, day), of_day in left.items():
        before = any(portions.get((child_id, day), {}).values())
        after = any(count > 0 for count in of_day.values())
        counted[child_id] = counted.get(child_id, 0) + after - before
    return counted


# --- words and proofs ---------------------------------------------------------------------------------------


def fingerprint(title: Iterable[str], sheet: Sheet) -> str:
    """sha256 (hex) over what a sheet says: its title, days, letters and totals."""
    content = {
        "title": list(title),
        "days": [[day.day.isoformat(), day.closed is None] for day in sheet.days],
        "rows": [
            [row.number, row.name, [[cell.state.value, cell.sign] for cell in row.cells], list(row.totals)]
            for row in sheet.rows
        ],
        "present": list(sheet.present),
        "totals": list(sheet.totals),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def slug(name: str) -> str:
    """A name as file names carry it: „Boružiukai“ -> boruziukai."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "x"
