"""What people do on the day page. Each flushes; the route commits."""

from __future__ import annotations

from datetime import date

from ediary.attendance.models import AbsenceReason
from ediary.attendance.rules import DELIVERED_REASONS
from ediary.core.db import db


def deliver_reasons(valid_from: date) -> None:
    """Give a new institution the delivered set of absence reasons, to be changed to its own (C3)."""
    for position, reason in enumerate(DELIVERED_REASONS, start=1):
        db.session.add(
            AbsenceReason(
                letter=reason.letter,
                name=reason.name,
                kind=reason.kind.value,
                waives_food=reason.waives_food,
                waives_education=reason.waives_education,
                needs_paper=reason.needs_paper,
                position=position,
                valid_from=valid_from,
                valid_to=None,
            )
        )
    db.session.flush()
