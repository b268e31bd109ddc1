"""When a group's day counts as handed in late, and what is counted of many days. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from ediary.core.dates import at_local


class Filled(StrEnum):
    """How a group's working day was handed in."""

    ON_TIME = "on_time"
    LATE = "late"
    #: late because the diary could not be used: the cause is on record
    EXPLAINED = "explained"
    #: the hour has passed, and it is not handed in
    MISSING = "missing"
    #: the hour has not come yet
    COMING = "coming"


def filled(day: date, due: time, submitted_at: datetime | None, now: datetime, *, has_cause: bool = False) -> Filled:
    """On time until the minute of the hour set is over: handed in at 8:30:59 is at 8:30 (S II.7: by 8:30)."""
    hour = at_local(day, due)
    if submitted_at is not None:
        if submitted_at.replace(second=0, microsecond=0) <= hour:
            return Filled.ON_TIME
        return Filled.EXPLAINED if has_cause else Filled.LATE
    return Filled.MISSING if now.replace(second=0, microsecond=0) > hour else Filled.COMING


@dataclass(frozen=True)
class Tally:
    """Days of a group counted by how they were handed in; those still to come are in none."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    explained: int = 0

    @property
    def days(self) -> int:
        """All that had to be handed in by now."""
        return self.on_time + self.late + self.missing + self.explained

    @property
    def percent_late(self) -> int:
        """Of the days that had to be handed in by now, rounded; 0 when there were none."""
        return (200 * self.late + self.days) // (2 * self.days) if self.days else 0


def tally(days: Iterable[Filled]) -> Tally:
    """Count them."""
    counted = Counter(days)
    return Tally(counted[Filled.ON_TIME], counted[Filled.LATE], counted[Filled.MISSING], counted[Filled.EXPLAINED])
