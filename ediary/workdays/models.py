"""The institution's stored calendar (A1). What is stored stays: an upgrade of the proposal changes no day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned


class DayKind(StrEnum):
    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class CalendarDay(Owned, Base):
    """One stored day of the year; a holiday has its name."""

    __tablename__ = "workdays_day"
    __table_args__ = (UniqueConstraint("institution_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    kind: Mapped[DayKind] = mapped_column()
    name: Mapped[str | None] = mapped_column()


class Closure(Owned, Audited, Base):
    """The whole kindergarten, or one group, is closed for a reason, first to last day."""

    __tablename__ = "workdays_closure"
    __table_args__ = (CheckConstraint("last >= first", name="span"), Index(None, "institution_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups_group.id"))
    first: Mapped[date] = mapped_column()
    last: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column()


class ExtraDay(Owned, Audited, Base):
    """A weekend day or holiday on which the kindergarten works."""

    __tablename__ = "workdays_extra_day"
    __table_args__ = (UniqueConstraint("institution_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column()
