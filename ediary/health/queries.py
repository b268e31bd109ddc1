"""What stands at a child's face."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from ediary.core.db import db
from ediary.core.spans import valid_on
from ediary.health.models import MustNotEat


def must_not_eat(child_ids: Iterable[int], day: date) -> dict[int, str]:
    """The plain line of each child who has one on this day. One statement."""
    rows = db.session.execute(
        select(MustNotEat.child_id, MustNotEat.text).where(
            MustNotEat.child_id.in_(list(child_ids)), valid_on(MustNotEat, day)
        )
    )
    return {row.child_id: row.text for row in rows}
