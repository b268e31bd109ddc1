"""A child's day: presence, and a reason if absent. Two facts under two locks (C1-C3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Cover, Dated, OfGroup, WrittenAboutChild
from ediary.core.types import UTCDateTime


class Presence(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"


class ChildDay(WrittenAboutChild, Dated, Audited, Base):
    """A child's mark of one day. No row = unmarked. Absent with no reason = reason unknown."""

    __tablename__ = "attendance_child_day"
    __table_args__ = (
        UniqueConstraint("child_id", "day"),
        Index(None, "group_id", "day"),
        CheckConstraint("reason_id IS NULL OR presence = 'absent'", name="reason_of_absence"),
    )
    locked_by: ClassVar[dict[str, Cover]] = {"presence": Cover.DAY, "reason_id": Cover.MONTH}
    id: Mapped[int] = mapped_column(primary_key=True)
    presence: Mapped[Presence] = mapped_column()
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_reason.id"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Submission(OfGroup, Dated, Audited, Base):
    """The group's own „Pateikti“: its marks are complete and the kitchen may count on them."""

    __tablename__ = "attendance_submission"
    __table_args__ = (UniqueConstraint("group_id", "day"),)
    locked_by: ClassVar[dict[str, Cover]] = {"submitted_at": Cover.DAY}
    id: Mapped[int] = mapped_column(primary_key=True)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_by: Mapped[str] = mapped_column()


#: longest cause
CAUSE_LENGTH = 200


class Outage(OfGroup, Dated, Audited, Base):
    """A group's day was written on paper while the diary could not be used, and why: once per group and day (K 11).

    What is entered later carries the cause as its reason in the history.
    """

    __tablename__ = "attendance_outage"
    __table_args__ = (UniqueConstraint("group_id", "day"), Index(None, "institution_id", "entered_at"))
    locked_by: ClassVar[dict[str, Cover]] = {"cause": Cover.MONTH, "entered_at": Cover.MONTH}
    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column()
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[str] = mapped_column()
    #: the paper's marks are in the diary; None = not yet
    entered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    entered_by: Mapped[str | None] = mapped_column()
