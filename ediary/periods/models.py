"""The course of a month: every step it took, none removed (C4, C5)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.dates import Month
from ediary.core.db import Base
from ediary.core.models import Audited, OfGroup
from ediary.core.types import MonthType, UTCDateTime


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
