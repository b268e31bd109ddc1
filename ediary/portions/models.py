"""What the kitchen was told to cook: the locked day, its portions as they were, and numbered corrections.

Below attendance in the house: a tap in a day the director opened again must write its correction itself.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned, WrittenAboutChild
from ediary.core.types import UTCDateTime
from ediary.groups.rules import AgeBand


class LockedDay(Owned, Audited, Base):
    """The day as the kitchen got it: made once, the same whoever comes first after the lock."""

    __tablename__ = "portions_locked_day"
    __table_args__ = (UniqueConstraint("institution_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    #: the moment of the lock, not of this row
    locked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: role and name; None = the clock
    locked_by: Mapped[str | None] = mapped_column()
    #: why it was locked without some group
    reason: Mapped[str | None] = mapped_column()
    #: number of the last correction; counted here because an educator does not see other groups' corrections
    corrections: Mapped[int] = mapped_column(default=0)


class LockedGroup(Owned, Base):
    """A group of a locked day: whether it had submitted, or its forecast stands in."""

    __tablename__ = "portions_locked_group"
    __table_args__ = (UniqueConstraint("locked_day_id", "group_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    locked_day_id: Mapped[int] = mapped_column(ForeignKey("portions_locked_day.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups_group.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    enrolled: Mapped[int] = mapped_column()
    expected: Mapped[int] = mapped_column()


class Portion(WrittenAboutChild, Base):
    """One portion of the snapshot: child × meal, with age band and diet as they were."""

    __tablename__ = "portions_portion"
    __table_args__ = (
        UniqueConstraint("locked_day_id", "child_id", "meal_kind_id"),
        Index(None, "group_id", "day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    locked_day_id: Mapped[int] = mapped_column(ForeignKey("portions_locked_day.id"))
    day: Mapped[date] = mapped_column()
    meal_kind_id: Mapped[int] = mapped_column(ForeignKey("meals_kind.id"))
    age_band: Mapped[AgeBand] = mapped_column()
    diet_id: Mapped[int | None] = mapped_column(ForeignKey("meals_diet.id"))


class Correction(WrittenAboutChild, Audited, Base):
    """A numbered change of a locked day: one child came after all, or did not. The kitchen confirms it."""

    __tablename__ = "portions_correction"
    __table_args__ = (
        UniqueConstraint("locked_day_id", "number"),
        Index(None, "group_id", "day"),
        CheckConstraint("delta IN (-1, 0, 1)", name="delta"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    locked_day_id: Mapped[int] = mapped_column(ForeignKey("portions_locked_day.id"))
    day: Mapped[date] = mapped_column()
    number: Mapped[int] = mapped_column()
    #: +1 the child's portions are added, -1 taken away, 0 they stood in already
    delta: Mapped[int] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column()
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[str | None] = mapped_column()


class CorrectionLine(Owned, Base):
    """One meal of a correction."""

    __tablename__ = "portions_correction_line"
    __table_args__ = (UniqueConstraint("correction_id", "meal_kind_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("portions_correction.id"))
    meal_kind_id: Mapped[int] = mapped_column(ForeignKey("meals_kind.id"))
    age_band: Mapped[AgeBand] = mapped_column()
    diet_id: Mapped[int | None] = mapped_column(ForeignKey("meals_diet.id"))
    delta: Mapped[int] = mapped_column()


class RequestState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class CorrectionRequest(WrittenAboutChild, Audited, Base):
    """„Prašyti pataisos“: an educator's request about a child of a locked day; the dietitian decides."""

    __tablename__ = "portions_correction_request"
    __table_args__ = (Index(None, "institution_id", "day"), Index(None, "group_id", "day"))
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    #: is the child there?
    present: Mapped[bool] = mapped_column()
    note: Mapped[str] = mapped_column()
    state: Mapped[RequestState] = mapped_column(default=RequestState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[str] = mapped_column()
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str | None] = mapped_column()
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("portions_correction.id"))
