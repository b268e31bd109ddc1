"""The tables of the locks: at which hour, at which deadline, and the point of each group's day and month.

How a lock is taken is said in `core/locks.py`; what it has closed, in `core/lockstate.py`.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.dates import Month
from ediary.core.db import Base
from ediary.core.lockstate import DEFAULT_LOCK_TIME, DayState, MonthClosed, day_state, month_state
from ediary.core.models import Audited, Owned, Settled
from ediary.core.types import MonthType, UTCDateTime


class LockRule(Owned, Settled, Audited, Base):
    """The hour at which the day closes for the kitchen, from a day on. A change never reopens the past (C2)."""

    __tablename__ = "core_lock_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    day_locks_at: Mapped[time] = mapped_column()


class MonthDeadline(Owned, Audited, Base):
    """When a month locks by itself; stored with the institution's calendar, which alone knows working days (C4)."""

    __tablename__ = "core_month_deadline"
    __table_args__ = (UniqueConstraint("institution_id", "month"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[Month] = mapped_column(MonthType)
    locks_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DayPoint(Owned, Audited, Base):
    """Lock point of a group's day."""

    __tablename__ = "core_day_point"
    __table_args__ = (UniqueConstraint("group_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups_group.id"))
    day: Mapped[date] = mapped_column()
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: role and name of who pressed the button, as shown to people
    locked_by: Mapped[str | None] = mapped_column()
    open_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MonthPoint(Owned, Audited, Base):
    """Lock point of a group's month, and how far the month has come: `periods` writes it, with a row of each step."""

    __tablename__ = "core_month_point"
    __table_args__ = (
        UniqueConstraint("group_id", "month"),
        CheckConstraint("checked_at IS NULL OR submitted_at IS NOT NULL", name="in_order"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by IS NULL)", name="submitter"),
        CheckConstraint("(checked_at IS NULL) = (checked_by IS NULL)", name="checker"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups_group.id"))
    month: Mapped[Month] = mapped_column(MonthType)
    #: role and name of who did it, as shown to people; so with the others
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_by: Mapped[str | None] = mapped_column()
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_by: Mapped[str | None] = mapped_column()
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locked_by: Mapped[str | None] = mapped_column()
    #: the director's unlock, whatever closed the month
    open_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


def day_facts(points: Any, rules: Any) -> tuple[Any, ...]:
    """The columns `state_of_day` reads; of the models or of their tables."""
    return (
        points.locked_at.label("day_locked_at"),
        points.locked_by.label("day_locked_by"),
        points.open_until,
        rules.day_locks_at,
    )


def month_facts(points: Any, deadlines: Any) -> tuple[Any, ...]:
    """The columns `state_of_month` reads; of the models or of their tables."""
    return (
        points.submitted_at.label("month_submitted_at"),
        points.submitted_by.label("month_submitted_by"),
        points.checked_at.label("month_checked_at"),
        points.checked_by.label("month_checked_by"),
        points.locked_at.label("month_locked_at"),
        points.locked_by.label("month_locked_by"),
        points.open_until.label("month_open_until"),
        deadlines.locks_at.label("month_locks_at"),
    )


def state_of_day(day: date, now: datetime, row: Any) -> DayState:
    """A group's day by a row of `day_facts`."""
    return day_state(
        day,
        now,
        lock_time=row.day_locks_at or DEFAULT_LOCK_TIME,
        locked_at=row.day_locked_at,
        locked_by=row.day_locked_by,
        open_until=row.open_until,
    )


def state_of_month(now: datetime, row: Any) -> MonthClosed | None:
    """What closed a group's month, by a row of `month_facts`."""
    return month_state(
        now,
        locks_at=row.month_locks_at,
        locked_at=row.month_locked_at,
        locked_by=row.month_locked_by,
        submitted_at=row.month_submitted_at,
        submitted_by=row.month_submitted_by,
        checked_at=row.month_checked_at,
        checked_by=row.month_checked_by,
        open_until=row.month_open_until,
    )
