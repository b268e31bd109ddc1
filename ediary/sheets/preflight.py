"""What a month's sheet still lacks, told before it is submitted and before it is printed (C4). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ediary.sheets.rules import Sheet, State


class Kind(StrEnum):
    #: today is still being marked: submitting the month would stop the taps the kitchen waits for
    OPEN_DAY = "open_day"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    PAPER = "paper"
    STRAY = "stray"


#: what must be mended first; the others are confirmed
HARD = frozenset({Kind.OPEN_DAY, Kind.EMPTY})


@dataclass(frozen=True)
class Paper:
    """What an absence still lacks to be justified: whose, of which days, for what, until when it is due."""

    child_id: int
    days: tuple[date, ...]
    reason: str
    #: None = without a term
    due: date | None
    is_late: bool
    #: a paper, else that the parents told in time
    is_paper: bool = True


@dataclass(frozen=True)
class Fault:
    """One line: what is missing, on which days, of which children (ids with their names)."""

    kind: Kind
    days: tuple[date, ...]
    children: tuple[tuple[int, str], ...] = ()
    #: of one child, all due at once
    papers: tuple[Paper, ...] = ()

    @property
    def is_hard(self) -> bool:
        return self.kind in HARD


def inspect(
    sheet: Sheet,
    *,
    strays: Mapping[tuple[int, str], Sequence[date]],
    papers: Iterable[Paper] = (),
    open_day: date | None = None,
) -> tuple[Fault, ...]:
    """Everything a group's sheet lacks: what must be mended first, day by day, then what is confirmed, child by child.

    `strays`: (child, name) -> days marked without a place in the group. `open_day`: today, while it is being marked.
    """
    found = [] if open_day is None else [Fault(Kind.OPEN_DAY, (open_day,))]
    for at, day in enumerate(sheet.days):
        empty = tuple(
            (row.child_id, row.name) for row in sheet.rows if row.cells[at].state in (State.UNMARKED, State.COMING)
        )
        if empty:
            found.append(Fault(Kind.EMPTY, (day.day,), empty))
    for row in sheet.rows:
        days = tuple(day.day for day, cell in zip(sheet.days, row.cells, strict=True) if cell.state is State.UNKNOWN)
        if days:
            found.append(Fault(Kind.UNKNOWN, days, ((row.child_id, row.name),)))
    lacking: dict[int, dict[tuple[date | None, bool, bool], list[Paper]]] = {}
    for paper in papers:
        of_child = lacking.setdefault(paper.child_id, {})
        of_child.setdefault((paper.due, paper.is_late, paper.is_paper), []).append(paper)
    for row in sheet.rows:
        for together in lacking.get(row.child_id, {}).values():
            days = tuple(day for paper in together for day in paper.days)
            found.append(Fault(Kind.PAPER, days, ((row.child_id, row.name),), tuple(together)))
    for child, of_stray in strays.items():
        found.append(Fault(Kind.STRAY, tuple(of_stray), (child,)))
    return tuple(found)


# --- what was seen and what is ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A cell that is not as it was seen: what stood in it and what stands. Empty = nothing; None = no such row."""

    name: str
    day: date | None
    before: str | None
    now: str | None


def seen(sheet: Sheet) -> str:
    """A sheet as its page sends it back: `child:letter,letter…;child:…`, so that a change meanwhile can be named."""
    return ";".join(
        f"{row.child_id}:" + ",".join(cell.sign if cell.is_told else "" for cell in row.cells) for row in sheet.rows
    )


def differences(sent: str, sheet: Sheet) -> list[Difference]:
    """What has changed since a page showed the sheet. What cannot be read counts as another sheet altogether."""
    before = {}
    for part in sent.split(";") if sent else ():
        child, colon, letters = part.partition(":")
        if not (colon and child.isascii() and child.isdigit()):
            return [Difference("", None, None, None)]
        before[int(child)] = letters.split(",")
    found = []
    for row in sheet.rows:
        old = before.pop(row.child_id, None)
        if old is None or len(old) != len(row.cells):
            found.append(Difference(row.name, None, None, ""))
            continue
        for day, was, cell in zip(sheet.days, old, row.cells, strict=True):
            now = cell.sign if cell.is_told else ""
            if was != now:
                found.append(Difference(row.name, day.day, was, now))
    found += [Difference("", None, "", None)] * len(before)
    return found
