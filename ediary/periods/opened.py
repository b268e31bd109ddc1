"""What is open by an unlock, and which terms have run out, read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.locks import GroupDay, GroupMonth, Point
from ediary.groups.models import Group
from ediary.periods.models import FillingIn, Unlock


@dataclass(frozen=True)
class Opened:
    """An unlock as pages say it. `days`: opened along with its month."""

    id: int
    kind: FillingIn
    group_id: int | None
    group: str | None
    day: date | None
    month: Month | None
    reason: str
    opened_at: datetime
    opened_by: str
    until: datetime
    closed_at: datetime | None
    closed_by: str | None
    days: tuple[date, ...] = ()

    @property
    def points(self) -> list[Point]:
        """The lock points to hold for closing it."""
        if self.group_id is None:
            return []
        days = [self.day] if self.day is not None else list(self.days)
        held: list[Point] = [GroupDay(self.group_id, day) for day in days]
        return [GroupMonth(self.group_id, self.month), *held] if self.month is not None else held


_OPENED = (
    select(
        Unlock.id,
        Unlock.kind,
        Unlock.group_id,
        Group.name.label("group"),
        Unlock.day,
        Unlock.month,
        Unlock.reason,
        Unlock.opened_at,
        Unlock.opened_by,
        Unlock.until,
        Unlock.closed_at,
        Unlock.closed_by,
    )
    .outerjoin(Group, Group.id == Unlock.group_id)
    .where(Unlock.with_id.is_(None))
)
_RUNNING = _OPENED.where(Unlock.closed_at.is_(None), Unlock.until > bindparam("now")).order_by(Unlock.until, Unlock.id)
_RUN_OUT = (
    select(Unlock.id)
    .where(Unlock.closed_at.is_(None), Unlock.with_id.is_(None), Unlock.until <= bindparam("now"))
    .order_by(Unlock.until, Unlock.id)
)
_ALONG = (
    select(Unlock.with_id, Unlock.day).where(Unlock.with_id.in_(bindparam("ids", expanding=True))).order_by(Unlock.day)
)


def running() -> list[Opened]:
    """All that one may see and that is open by an unlock now, what closes first first. Two statements at most."""
    return _with_days(db.session.execute(_RUNNING, {"now": clock.now()}).all())


def removing_is_open(group_id: int | None) -> bool:
    """May records of this group (None: of no group) be removed now? The fence asks again. One statement."""
    return any(one.kind is FillingIn.DELETION and one.group_id == group_id for one in running())


def run_out() -> list[int]:
    """The unlocks whose term is over and which nobody has concluded yet, the first over first. One statement."""
    return list(db.session.scalars(_RUN_OUT, {"now": clock.now()}))


def one(unlock_id: int) -> Opened:
    """One unlock. Raises NotFound, also for a day opened along with its month."""
    found = _with_days(db.session.execute(_OPENED.where(Unlock.id == unlock_id)).all())
    if not found:
        raise NotFound
    return found[0]


def _with_days(rows: Sequence[Any]) -> list[Opened]:
    days = _days([row.id for row in rows if row.kind is FillingIn.MONTH])
    return [Opened(**row._mapping, days=tuple(days.get(row.id, ()))) for row in rows]


def _days(ids: Collection[int]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = {}
    if ids:
        for with_id, day in db.session.execute(_ALONG, {"ids": list(ids)}):
            if with_id is not None and day is not None:
                found.setdefault(with_id, []).append(day)
    return found
