"""How many of the staff eat."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned

#: longest reason people may write
REASON_LENGTH = 300


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
