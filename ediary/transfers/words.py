"""Reasons and kinds as people say them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ediary.children.rules import DepartureReason
from ediary.transfers.rules import LeaveKind

REASONS: dict[DepartureReason, Any] = {
    DepartureReason.OTHER_INSTITUTION: _l("to another kindergarten"),
    DepartureReason.SCHOOL: _l("to school"),
    DepartureReason.MOVED_AWAY: _l("the family moves away"),
    DepartureReason.PARENTS_WISH: _l("at the parents' wish"),
    DepartureReason.OTHER: _l("for another reason"),
}
KINDS: dict[LeaveKind, Any] = {
    LeaveKind.HOSPITAL: _l("hospital"),
    LeaveKind.SANATORIUM: _l("sanatorium"),
    LeaveKind.OTHER: _l("another cause"),
}
