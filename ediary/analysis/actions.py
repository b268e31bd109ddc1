"""Noting that an analysis left the diary."""

from __future__ import annotations

from ediary.analysis.queries import Asked
from ediary.core.history import record
from ediary.institutions import queries as institutions


def note_print(asked: Asked, check: str) -> None:
    """A paper with children's names was made: of which months, of which group, and what its foot says."""
    record(
        "print",
        institutions.current(),
        paper="absence_analysis",
        first=asked.first,
        last=asked.last,
        of_group=asked.group_id,
        check=check,
    )
