"""The steps of a month (C4): submitted, returned, checked, locked. The caller holds the groups' month points alone.

Each step writes the lock point and a row of its own, so that the whole course can be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import BadInput, FenceBreach, Stale
from ediary.core.i18n import day_short, month_long
from ediary.core.locks import held
from ediary.core.lockstate import MonthClosed, Stage, month_refusal
from ediary.core.points import MonthPoint
from ediary.core.seals import seal
from ediary.periods import queries
from ediary.periods.models import MonthStep, Step


def submit(group_id: int, month: Month, by: str, remark: str = "") -> None:
    """The educators hand the month over: from now on a change needs the director's leave (S II.7).

    `remark`: what they know to be missing. Raises BadInput before the month's last working day or while the director
    has opened it, Locked when it is closed already.
    """
    _refuse_early(month)
    point = _point(group_id, month)
    closed = held().month(group_id, month)
    if closed is not None:
        raise month_refusal(month, closed)
    _refuse_opened([point])
    point.submitted_at, point.submitted_by = held().now, by
    _written(point, Step.SUBMIT, by, remark)


def return_(group_id: int, month: Month, by: str, remark: str) -> None:
    """The social pedagogue gives a submitted month back, saying what to mend. Raises BadInput without a remark, Stale
    when it is not waiting to be checked."""
    point = _waiting(group_id, month)
    if not remark.strip():
        raise BadInput(_("Say what is to be mended: the group's educators read it on their sheet."))
    point.submitted_at = point.submitted_by = None
    _written(point, Step.RETURN, by, remark.strip())


def check(group_id: int, month: Month, by: str) -> None:
    """The social pedagogue finds a submitted month in order (S II.11). Raises Stale when it is not waiting for it."""
    point = _waiting(group_id, month)
    point.checked_at, point.checked_by = held().now, by
    _written(point, Step.CHECK, by)


def lock_month(group_ids: Iterable[int], month: Month, locked_by: str) -> int:
    """Lock these groups' month by hand; returns how many were not locked until now.

    Raises BadInput before the month's last working day, Locked when all of them are locked already.
    """
    _refuse_early(month)
    states = {group_id: held().month(group_id, month) for group_id in sorted(set(group_ids))}
    wanted = [group_id for group_id, closed in states.items() if closed is None or closed.stage is not Stage.LOCKED]
    if not wanted:
        raise next(month_refusal(month, closed) for closed in states.values() if closed is not None)
    points = [_point(group_id, month) for group_id in wanted]
    _refuse_opened(points)
    for point in points:
        point.locked_at, point.locked_by = held().now, locked_by
        _written(point, Step.LOCK, locked_by)
    seal()
    return len(points)


def open_month(group_id: int, month: Month, until: datetime, by: str, reason: str) -> None:
    """The director opens a closed month until a moment, whatever closed it (S III.3). BadInput when it is open."""
    point = _point(group_id, month)
    if held().month(group_id, month) is None:
        raise BadInput(
            _("%(month)s is not closed for this group: it can be changed as it is.", month=month_long(month))
        )
    point.open_until = until
    _written(point, Step.UNLOCK, by, reason)


def close_month(group_id: int, month: Month, by: str, remark: str = "") -> None:
    """What the director opened closes again, and stands as it stood before: submitted, checked or locked."""
    point = _point(group_id, month)
    point.open_until = None
    _written(point, Step.CLOSE, by, remark)


def _refuse_opened(points: Iterable[MonthPoint]) -> None:
    if any(point.open_until is not None and held().now < point.open_until for point in points):
        raise BadInput(_("The director has opened this month for a correction. It closes again with that correction."))


def _refuse_early(month: Month) -> None:
    first = queries.closable_from(month)
    if held().today < first:
        raise BadInput(
            _("The month is still running: it can be closed from %(day)s on. Nothing was closed.", day=day_short(first))
        )


def _point(group_id: int, month: Month) -> MonthPoint:
    """The group's month point, held alone."""
    held().month(group_id, month)
    if not held().exclusive:
        raise FenceBreach("a month's step holds its point exclusively")
    return db.session.scalars(
        select(MonthPoint).where(MonthPoint.group_id == group_id, MonthPoint.month == month)
    ).one()


def _waiting(group_id: int, month: Month) -> MonthPoint:
    """The point of a month that waits to be checked."""
    closed = held().month(group_id, month)
    if closed is None or closed.stage is not Stage.SUBMITTED:
        raise Stale(_not_waiting(month, closed))
    return _point(group_id, month)


def _not_waiting(month: Month, closed: MonthClosed | None) -> str:
    if closed is None:
        return _(
            "%(month)s: the group's educators are filling the sheet in, it has not been submitted or has been returned"
            " meanwhile. Nothing was changed.",
            month=month_long(month),
        )
    return str(month_refusal(month, closed).message)


def _written(point: MonthPoint, step: Step, by: str, remark: str = "") -> None:
    db.session.add(
        MonthStep(group_id=point.group_id, month=point.month, step=step, at=held().now, by=by, remark=remark)
    )
    db.session.flush()
