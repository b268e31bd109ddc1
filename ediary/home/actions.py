"""What an administrator says of a delivered setting: looked at, good as it is."""

from __future__ import annotations

from sqlalchemy import select

from ediary.core.db import db
from ediary.core.locks import held
from ediary.core.settled import one_at_a_time
from ediary.home.models import Delivered, LookedAt


def look_at(what: Delivered, by: str) -> None:
    """Note who looked, and when; once is enough."""
    one_at_a_time()
    if db.session.scalar(select(LookedAt.id).where(LookedAt.what == what)) is None:
        db.session.add(LookedAt(what=what, at=held().now, by=by))
        db.session.flush()
