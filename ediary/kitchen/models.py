"""The director's unlocks of a day, and how many of the staff eat."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, OfGroup, Owned
from ediary.core.types import UTCDateTime

#: longest reason people may write
REASON_LENGTH = 300


class DayUnlock(OfGroup, Audited, Base):
    """A locked day opened for one group, with reason and term: the record; the lock point carries `until`."""

    __tablename__ = "kitchen_day_unlock"
    __table_args__ = (Index(None, "group_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by: Mapped[str] = mapped_column()
    until: Mapped[datetime] = mapped_column(UTCDateTime)


#: nobody has more staff at one table
MOST_STAFF = 500


class StaffCount(Owned, Audited, Base):
    """How many of the staff eat this meal on this day; set until the lock."""

    __tablename__ = "kitchen_staff_count"
    __table_args__ = (
        UniqueConstraint("institution_id", "day", "meal_kind_id"),
        CheckConstraint("count >= 0", name="count"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    meal_kind_id: Mapped[int] = mapped_column(ForeignKey("meals_kind.id"))
    count: Mapped[int] = mapped_column()
