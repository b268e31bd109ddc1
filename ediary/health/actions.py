"""Writing what a child must not eat."""

from __future__ import annotations

from datetime import date

from ediary.core.db import db
from ediary.health.models import MustNotEat


def set_must_not_eat(child_id: int, text: str, valid_from: date) -> MustNotEat:
    """One plain line, from a day on."""
    line = MustNotEat(child_id=child_id, text=text, valid_from=valid_from, valid_to=None)
    db.session.add(line)
    db.session.flush()
    return line
