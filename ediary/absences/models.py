"""Why a child is absent: the institution's reasons, and absences told beforehand (C3)."""

from __future__ import annotations

from datetime import datetime, time
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.absences.rules import Counted, NoticeBy, PaperBy, PaperDue, ReasonKind
from ediary.core.db import Base
from ediary.core.models import AboutChild, Audited, Cooked, Owned, Spanned, span_check
from ediary.core.types import UTCDateTime
from ediary.groups.rules import Programme


class AbsenceReason(Owned, Spanned, Audited, Base):
    """A reason of the institution, with its own letter and its own effect on each part of the fee (C3).

    A row is what the reason says from a day to a day. What it says from another day on is another row, which names
    the one it follows: marks keep the row of their own day, so a setting changed today never changes yesterday.
    """

    __tablename__ = "attendance_reason"
    __table_args__ = (
        span_check(),
        UniqueConstraint("institution_id", "letter", "valid_from"),
        UniqueConstraint("follows_id"),
        CheckConstraint("(season_first IS NULL) = (season_last IS NULL)", name="season"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column()
    name: Mapped[str] = mapped_column()
    kind: Mapped[ReasonKind] = mapped_column()
    waives_food: Mapped[bool] = mapped_column()
    waives_education: Mapped[bool] = mapped_column()
    # if what: see `rules.Rule`
    paper: Mapped[PaperBy] = mapped_column()
    paper_due: Mapped[PaperDue] = mapped_column()
    paper_days: Mapped[int | None] = mapped_column()
    paper_hour: Mapped[time | None] = mapped_column()
    notice: Mapped[NoticeBy] = mapped_column()
    notice_hour: Mapped[time | None] = mapped_column()
    notice_days: Mapped[int | None] = mapped_column()
    least_days: Mapped[int | None] = mapped_column()
    least_in: Mapped[Counted] = mapped_column()
    first_days_paid: Mapped[int | None] = mapped_column()
    season_first: Mapped[str | None] = mapped_column()
    season_last: Mapped[str | None] = mapped_column()
    programme: Mapped[Programme | None] = mapped_column()
    #: where it stands among the others on a page; says nothing, so it is not dated
    position: Mapped[int] = mapped_column()
    #: the row it follows without a gap; a row is followed by one at most
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_reason.id"))
    #: role and name of who entered it; None = delivered with the program
    set_by: Mapped[str | None] = mapped_column()


class Announcement(AboutChild, Cooked, Audited, Base):
    """An absence told beforehand: who called, when, for which days, why. Becomes a mark by a tap or by submitting."""

    settles: ClassVar[bool] = True
    __tablename__ = "attendance_announcement"
    __table_args__ = (span_check(), Index(None, "child_id", "valid_from"))
    id: Mapped[int] = mapped_column(primary_key=True)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_reason.id"))
    caller: Mapped[str] = mapped_column()
    called_at: Mapped[datetime] = mapped_column(UTCDateTime)
