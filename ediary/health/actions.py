"""Writing what a child must not eat."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.health.models import MustNotEat


def set_must_not_eat(child_id: int, text: str, valid_from: date) -> MustNotEat:
    """One plain line, from a day on."""
    line = MustNotEat(child_id=child_id, text=text, valid_from=valid_from, valid_to=None)
    db.session.add(line)
    db.session.flush()
    return line


def change_must_not_eat(child_id: int, text: str, day: date) -> None:
    """From this day on this one line holds; empty = nothing must be kept from the child. What was before ends.

    A line that began on this day or would begin later is written over; the history keeps what it was.
    """
    text = " ".join(text.split())
    lines = list(db.session.scalars(select(MustNotEat).where(MustNotEat.child_id == child_id).order_by(MustNotEat.id)))
    same = next((one for one in lines if one.text == text and one.valid_from <= day and one.valid_to is None), None)
    for line in lines:
        if line is same or (line.valid_to is not None and line.valid_to < day):
            continue
        if line.valid_from < day:
            line.valid_to = day - ONE_DAY
        else:
            db.session.delete(line)
    db.session.flush()
    if text and same is None:
        set_must_not_eat(child_id, text, day)
