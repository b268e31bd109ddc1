"""Why a child is away for a time. Pure."""

from __future__ import annotations

from enum import StrEnum


class LeaveKind(StrEnum):
    """Temporary leave by order (B2; K 22.6)."""

    HOSPITAL = "hospital"
    SANATORIUM = "sanatorium"
    OTHER = "other"
