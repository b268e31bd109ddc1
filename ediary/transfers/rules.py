"""Why a child leaves, and for how long. Pure."""

from __future__ import annotations

from enum import StrEnum


class DepartureReason(StrEnum):
    OTHER_INSTITUTION = "other_institution"
    SCHOOL = "school"
    MOVED_AWAY = "moved_away"
    PARENTS_WISH = "parents_wish"
    OTHER = "other"


class LeaveKind(StrEnum):
    """Temporary leave by order (B2; K 22.6)."""

    HOSPITAL = "hospital"
    SANATORIUM = "sanatorium"
    OTHER = "other"
