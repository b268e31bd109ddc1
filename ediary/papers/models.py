"""Justifying documents of children's absences: dates only, never what a child was ill with (C3, S II.7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.absences.excuses import PaperKind
from ediary.core.db import Base
from ediary.core.models import Audited, Cover, Dated, WrittenAboutChild
from ediary.core.types import UTCDateTime


class Paper(WrittenAboutChild, Audited, Base):
    """A document that came in about days missed, first to last. A wrong one is struck out and stays.

    Of the group the child is in on its first day.
    """

    __tablename__ = "papers_paper"
    __table_args__ = (
        CheckConstraint("last >= first", name="span"),
        CheckConstraint("(struck_at IS NULL) = (struck_why IS NULL)", name="struck"),
        Index(None, "child_id", "first"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PaperKind] = mapped_column()
    #: "" = it bears none
    number: Mapped[str] = mapped_column()
    first: Mapped[date] = mapped_column()
    last: Mapped[date] = mapped_column()
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: the day it bears itself, if any
    issued_on: Mapped[date | None] = mapped_column()
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = mapped_column()
    #: its file, if there is one: sha256 in the store, the name it came with, its kind and size in bytes
    sha256: Mapped[str | None] = mapped_column()
    file_name: Mapped[str | None] = mapped_column()
    media_type: Mapped[str | None] = mapped_column()
    size: Mapped[int | None] = mapped_column()
    struck_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    struck_by: Mapped[str | None] = mapped_column()
    struck_why: Mapped[str | None] = mapped_column()


class PaperDay(WrittenAboutChild, Dated, Base):
    """A day a document is about, in the group of that day: so its month's lock covers it.

    It says all that the day is judged by, so that every group's sheet says the same whoever reads it. Its history is
    the document's.
    """

    __tablename__ = "papers_day"
    __table_args__ = (UniqueConstraint("paper_id", "day"), Index(None, "child_id", "day"))
    locked_by: ClassVar[dict[str, Cover]] = {"holds": Cover.MONTH}
    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers_paper.id"))
    kind: Mapped[PaperKind] = mapped_column()
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_on: Mapped[date | None] = mapped_column()
    #: False once the document is struck out
    holds: Mapped[bool] = mapped_column()
