"""The course of a month: every step it took, none removed; what was closed and is opened for a term (C4, C5)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.dates import Month
from ediary.core.db import Base
from ediary.core.models import Audited, OfGroup
from ediary.core.types import MonthType, UTCDateTime

#: longest reason people may write
REASON_LENGTH = 300


class Step(StrEnum):
    """What somebody did to a group's month."""

    SUBMIT = "submit"
    RETURN = "return"
    CHECK = "check"
    LOCK = "lock"
    UNLOCK = "unlock"
    CLOSE = "close"


class MonthStep(OfGroup, Audited, Base):
    """One step of a group's month. Written with the lock point it changes, in one transaction; only ever added."""

    __tablename__ = "periods_month_step"
    __table_args__ = (
        Index(None, "group_id", "month"),
        CheckConstraint("step != 'return' OR remark != ''", name="remark"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[Month] = mapped_column(MonthType)
    step: Mapped[Step] = mapped_column()
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: role and name of who did it, as shown to people
    by: Mapped[str] = mapped_column()
    #: why it was returned or opened; what was known to be missing when it was submitted
    remark: Mapped[str] = mapped_column()


class FillingIn(StrEnum):
    """What is closed and can be opened (S II.4)."""

    #: the kitchen's lock of a day
    DAY = "day"
    #: a submitted or locked month
    MONTH = "month"
    #: removing records: closed by default
    DELETION = "deletion"


class Unlock(OfGroup, Audited, Base):
    """Something closed, opened for one group, with reason and term; the lock point carries `until`, this is the record.

    Closed by hand, or by the term: then `closed_at` is `until`, whoever noticed it. What changed meanwhile becomes an
    act of data change.
    """

    __tablename__ = "periods_unlock"
    __table_args__ = (
        Index(None, "group_id", "day"),
        Index(None, "institution_id", "closed_at"),
        CheckConstraint("(kind = 'day') = (day IS NOT NULL)", name="day"),
        CheckConstraint("(kind = 'month') = (month IS NOT NULL)", name="month"),
        CheckConstraint("kind = 'deletion' OR group_id IS NOT NULL", name="group"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[FillingIn] = mapped_column()
    #: None = what belongs to no group (deletion only)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups_group.id"))  # type: ignore[assignment]
    day: Mapped[date | None] = mapped_column()
    month: Mapped[Month | None] = mapped_column(MonthType)
    #: a day opened along with its month: closed with it, and in the month's act
    with_id: Mapped[int | None] = mapped_column(ForeignKey("periods_unlock.id"))
    reason: Mapped[str] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: role and name, as shown to people
    opened_by: Mapped[str] = mapped_column()
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: role and name; None although it is closed = the term ran out
    closed_by: Mapped[str | None] = mapped_column()
