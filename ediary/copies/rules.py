"""How many rows of days are said on paper: month by month, alike rows together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ediary.core.dates import Month


@dataclass(frozen=True)
class MonthLine:
    """Days of a month that say the same."""

    month: Month
    alike: tuple[Any, ...]
    days: tuple[int, ...]
    count: int


def by_month(rows: Iterable[tuple[date, tuple[Any, ...]]]) -> list[MonthLine]:
    """(day, what it says) -> a line for each month and what is said in it, the most frequent first."""
    found: dict[Month, dict[tuple[Any, ...], list[int]]] = {}
    for day, alike in rows:
        found.setdefault(Month.of(day), {}).setdefault(alike, []).append(day.day)
    return [
        MonthLine(month, alike, tuple(sorted(days)), len(days))
        for month in sorted(found)
        for alike, days in sorted(found[month].items(), key=lambda one: (-len(one[1]), one[1]))
    ]


def runs(days: Sequence[int]) -> str:
    """„2–6, 9, 11–12“: days in a row are said by the first and the last."""
    parts: list[list[int]] = []
    for day in days:
        if parts and day == parts[-1][-1] + 1:
            parts[-1].append(day)
        else:
            parts.append([day])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in parts)


def widths(natural: Sequence[float], room: float, least: float) -> list[float]:
    """Columns for a table of this room: narrow ones as wide as they like, the wide ones share what is left."""
    if sum(natural) <= room:
        return [width + (room - sum(natural)) / len(natural) for width in natural]
    given = [max(least, min(width, room / len(natural))) for width in natural]
    wanting = [at for at, width in enumerate(natural) if width > given[at]]
    spare = room - sum(given)
    want = sum(natural[at] - given[at] for at in wanting)
    if spare > 0 and want > 0:
        for at in wanting:
            given[at] += spare * (natural[at] - given[at]) / want
    scale = room / sum(given)
    return [width * min(1.0, scale) for width in given]
