"""Who misses long, often, without a justification: counted from the month sheets' cells (C7; K 26). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

#: more working days running than this: the child welfare commission may ask for an explanation (domain 1.4, Vilnius)
LONG_DAYS = 10
#: so large a share of the days counts as often, in percent
OFTEN_PERCENT = 30
#: so many unjustified days
UNJUSTIFIED_DAYS = 3
#: of fewer days a share says nothing
FEWEST_DAYS = 5
#: months one can look at together
MOST_MONTHS = 12
#: a whole bar, in units of its drawing
BAR = 1000


class Days(NamedTuple):
    """Children's days that have a mark: attended, and missed by what the absence counts as."""

    attended: int = 0
    illness: int = 0
    justified: int = 0
    unjustified: int = 0
    unknown: int = 0

    @property
    def missed(self) -> int:
        return self.illness + self.justified + self.unjustified + self.unknown

    @property
    def marked(self) -> int:
        return self.attended + self.missed

    @property
    def percent(self) -> int:
        """Missed of all that have a mark, rounded."""
        return (200 * self.missed + self.marked) // (2 * self.marked) if self.marked else 0


def add(days: Iterable[Days]) -> Days:
    """Their sum."""
    return Days(*(sum(one) for one in zip(Days(), *days, strict=True)))


@dataclass(frozen=True)
class Run:
    """Working days missed one after another; open = the child has not come since."""

    first: date
    last: date
    days: int
    is_open: bool


def runs(marks: Iterable[tuple[date, bool]]) -> list[Run]:
    """The runs of absence in one child's marks (day, did it come), the first first.

    Days without a mark, closed days and days without a place are not among the marks: they neither count nor end a run.
    """
    found: list[Run] = []
    running: list[date] = []
    for day, came in sorted(marks):
        if not came:
            running.append(day)
        elif running:
            found.append(Run(running[0], running[-1], len(running), is_open=False))
            running = []
    if running:
        found.append(Run(running[0], running[-1], len(running), is_open=True))
    return found


@dataclass(frozen=True)
class Limits:
    """From when on a child stands out; the page may say otherwise."""

    long_days: int = LONG_DAYS
    often_percent: int = OFTEN_PERCENT
    unjustified_days: int = UNJUSTIFIED_DAYS


@dataclass(frozen=True)
class Signs:
    """Why a child stands out."""

    is_long: bool
    is_often: bool
    is_unjustified: bool

    @property
    def count(self) -> int:
        return self.is_long + self.is_often + self.is_unjustified


def signs(days: Days, longest: int, limits: Limits) -> Signs:
    """Long: more working days running than the limit. Often and unjustified: the limit or more."""
    return Signs(
        is_long=longest > limits.long_days,
        is_often=days.marked >= FEWEST_DAYS and 100 * days.missed >= limits.often_percent * days.marked > 0,
        is_unjustified=days.unjustified >= limits.unjustified_days,
    )


@dataclass(frozen=True)
class Segment:
    """A part of a bar: what it counts, where it begins, how wide it is."""

    kind: str
    x: int
    width: int


def segments(days: Days, largest: int) -> list[Segment]:
    """A bar of the missed days, each kind a part; `largest`: the percent a whole bar stands for. Empty parts are left
    out; the parts' widths add up to the whole's share, so rounding opens no gaps."""
    if not (days.marked and largest):
        return []
    found, before = [], 0
    for kind in ("illness", "justified", "unjustified", "unknown"):
        count = getattr(days, kind)
        x, end = (BAR * 100 * part // (days.marked * largest) for part in (before, before + count))
        if count:
            found.append(Segment(kind, x, end - x))
        before += count
    return found
