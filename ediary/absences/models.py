"""Why a child is absent: the institution's reasons, and absences told beforehand (C3)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.absences.rules import ReasonKind
from ediary.core.db import Base
from ediary.core.models import AboutChild, Audited, Cooked, Owned, Spanned, span_check
from ediary.core.types import UTCDateTime


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


class Announcement(AboutChild, Cooked, Audited, Base):
    """An absence told beforehand: who called, when, for which days, why. Becomes a mark by a tap or by submitting."""

    settles: ClassVar[bool] = True
    __tablename__ = "attendance_announcement"
    __table_args__ = (span_check(), Index(None, "child_id", "valid_from"))
    id: Mapped[int] = mapped_column(primary_key=True)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_reason.id"))
    caller: Mapped[str] = mapped_column()
    called_at: Mapped[datetime] = mapped_column(UTCDateTime)
