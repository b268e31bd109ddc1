"""A child's day: presence, and a reason if absent. Two facts under two locks (C1-C3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.attendance.rules import ReasonKind
from ediary.core.db import Base
from ediary.core.models import (
    AboutChild,
    Audited,
    Cooked,
    Cover,
    Dated,
    OfGroup,
    Owned,
    Spanned,
    WrittenAboutChild,
    span_check,
)
from ediary.core.types import UTCDateTime


class Presence(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"


class AbsenceReason(Owned, Spanned, Audited, Base):
    """A reason of the institution, with its own letter and its own effect on each part of the fee (C3)."""

    __tablename__ = "attendance_reason"
    __table_args__ = (span_check(), Index(None, "institution_id", "letter"))
    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column()
    name: Mapped[str] = mapped_column()
    kind: Mapped[ReasonKind] = mapped_column()
    waives_food: Mapped[bool] = mapped_column()
    waives_education: Mapped[bool] = mapped_column()
    needs_paper: Mapped[bool] = mapped_column()
    position: Mapped[int] = mapped_column()


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


class Announcement(AboutChild, Cooked, Audited, Base):
    """An absence told beforehand: who called, when, for which days, why. Becomes a mark by a tap or by submitting."""

    settles: ClassVar[bool] = True
    __tablename__ = "attendance_announcement"
    __table_args__ = (span_check(), Index(None, "child_id", "valid_from"))
    id: Mapped[int] = mapped_column(primary_key=True)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_reason.id"))
    caller: Mapped[str] = mapped_column()
    called_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Submission(OfGroup, Dated, Audited, Base):
    """The group's own „Pateikti“: its marks are complete and the kitchen may count on them."""

    __tablename__ = "attendance_submission"
    __table_args__ = (UniqueConstraint("group_id", "day"),)
    locked_by: ClassVar[dict[str, Cover]] = {"submitted_at": Cover.DAY}
    id: Mapped[int] = mapped_column(primary_key=True)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_by: Mapped[str] = mapped_column()
