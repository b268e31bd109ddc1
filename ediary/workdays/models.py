"""The institution's stored calendar (A1), its exceptions, and until when what is done.

What is stored stays: an upgrade of the proposal changes no day.
"""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned, Settled, settled_args
from ediary.workdays.rules import LATEST_WORKING_DAY


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


_WHOLE_HOUSE = column("group_id").is_(None)


class Closure(Owned, Audited, Base):
    """The whole kindergarten, or one group, is closed for a reason, first to last day."""

    __tablename__ = "workdays_closure"
    __table_args__ = (
        CheckConstraint("last >= first", name="span"),
        Index(None, "institution_id"),
        UniqueConstraint("group_id", "first"),
        # of the whole house too only one begins on a day; for a UNIQUE constraint no NULL is like another
        Index(
            "uq_workdays_closure_house",
            "institution_id",
            "first",
            unique=True,
            sqlite_where=_WHOLE_HOUSE,
            postgresql_where=_WHOLE_HOUSE,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups_group.id"))
    first: Mapped[date] = mapped_column()
    last: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column()
    #: the director's order to close, if there is one
    order_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_document.id"))


class ExtraDay(Owned, Audited, Base):
    """A weekend day or holiday on which the kindergarten works."""

    __tablename__ = "workdays_extra_day"
    __table_args__ = (UniqueConstraint("institution_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column()
    #: the director's order to work, if there is one
    order_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_document.id"))


class DeadlineRule(Owned, Settled, Audited, Base):
    """Until when what is done, from a day on. The hour of the day's lock is `core.points.LockRule`.

    Working days are those of the month after; a month is counted by the row of that month's first day.
    """

    __tablename__ = "workdays_deadlines"
    __table_args__ = (
        *settled_args(),
        CheckConstraint(
            f"sheet_due >= 1 AND month_locks >= sheet_due AND month_locks <= {LATEST_WORKING_DAY}", name="in_order"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    #: the educators mark until this hour (S II.7)
    mark_by: Mapped[time] = mapped_column()
    #: the month's sheet goes to the social pedagogue by this working day (S II.7, II.11)
    sheet_due: Mapped[int] = mapped_column()
    #: the month locks by itself when this working day has ended (S III.2)
    month_locks: Mapped[int] = mapped_column()
