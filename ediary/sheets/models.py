"""Printed versions of month sheets: bytes are kept as files by their hash, the hash here (C6)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.dates import Month
from ediary.core.db import Base
from ediary.core.models import Audited, OfGroup
from ediary.core.types import MonthType, UTCDateTime


class PrintFormat(StrEnum):
    PDF = "pdf"
    XLSX = "xlsx"


class PrintedSheet(OfGroup, Audited, Base):
    """One print of a group's sheet, or of the whole kindergarten's (`group_id` None). v1 again gives v1.

    Of a group, so that an educator sees the prints of their own groups only, and none of the whole.
    """

    __tablename__ = "sheets_printed"
    __table_args__ = (UniqueConstraint("institution_id", "month", "covers", "format", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[Month] = mapped_column(MonthType)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups_group.id"))  # type: ignore[assignment]
    #: the group's id as text, or `all`: a NULL would let two prints share a number
    covers: Mapped[str] = mapped_column()
    format: Mapped[PrintFormat] = mapped_column()
    number: Mapped[int] = mapped_column()
    #: of the file's bytes: its name in the store
    sha256: Mapped[str] = mapped_column()
    #: of what the sheet says: its first digits stand in the paper's foot, so that a paper can be checked
    data_sha256: Mapped[str] = mapped_column()
    #: of its letters and totals as canonical JSON in the store, to compare a later sheet with; None = printed before
    #: any were kept
    said_sha256: Mapped[str | None] = mapped_column()
    size: Mapped[int] = mapped_column()
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    printed_by: Mapped[str] = mapped_column()
    #: was the month checked or locked when it was printed: before, a print is a draft
    final: Mapped[bool] = mapped_column()
