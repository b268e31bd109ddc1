"""Locking a month by hand (S II.4). The caller holds the groups' month points exclusively."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.i18n import day_short
from ediary.core.locks import held
from ediary.core.lockstate import month_refusal
from ediary.core.points import MonthPoint
from ediary.periods import queries


def lock_month(group_ids: Iterable[int], month: Month, locked_by: str) -> int:
    """Lock these groups' month; returns how many were open until now.

    Raises BadInput before the month's last working day, Locked when all of them are locked already.
    """
    first = queries.lockable_from(month)
    if held().today < first:
        raise BadInput(
            _("The month is still running: it can be locked from %(day)s on. Nothing was locked.", day=day_short(first))
        )
    ids = sorted(set(group_ids))
    closed = {group_id: held().month(group_id, month) for group_id in ids}
    open_ids = [group_id for group_id in ids if closed[group_id] is None]
    if not open_ids:
        raise next(month_refusal(month, state) for state in closed.values() if state is not None)
    points = db.session.scalars(
        select(MonthPoint).where(MonthPoint.group_id.in_(open_ids), MonthPoint.month == month)
    ).all()
    for point in points:
        point.locked_at = held().now
        point.locked_by = locked_by
    db.session.flush()
    return len(points)
