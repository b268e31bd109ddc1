"""A line of a day's paper. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ediary.attendance.rules import Mark


@dataclass(frozen=True)
class Written:
    """A child's line of the paper: the mark on it, the mark seen on the page, a reason (None = not written)."""

    wanted: Mark
    seen: Mark
    reason_id: int | None
