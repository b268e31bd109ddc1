"""Acts of data change: what was mended in something that had been closed, by whom, by whose leave, why (C5; K 17)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.dates import Month
from ediary.core.db import Base
from ediary.core.models import Audited, OfGroup, Owned, WrittenAboutChild
from ediary.core.types import MonthType, UTCDateTime

#: of what the writer of an act says, and of its number in the register
EXPLANATION_LENGTH, REGISTRY_LENGTH = 2000, 40


class Act(OfGroup, Audited, Base):
    """The act of one unlock, numbered in its institution and year; kept with the month's sheet.

    What it found stands in `found` and in its changes and is never changed; its writer adds an explanation, the
    secretary the number under which it is registered.
    """

    __tablename__ = "acts_act"
    __table_args__ = (
        UniqueConstraint("institution_id", "year", "number"),
        Index(None, "group_id", "month"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unlock_id: Mapped[int] = mapped_column(ForeignKey("periods_unlock.id"), unique=True)
    #: None = of what belongs to no group
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups_group.id"))  # type: ignore[assignment]
    year: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column()
    #: of the sheet with which it is kept; None = of removed records
    month: Mapped[Month | None] = mapped_column(MonthType)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: institution, what was opened, when, by whom, why: as they were called then (canonical JSON)
    found: Mapped[str] = mapped_column(Text)
    #: who writes it: who erred, or whoever is appointed instead (K 17.2); None = nobody is yet
    writer_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))
    #: role and name of who appointed another writer
    appointed_by: Mapped[str | None] = mapped_column()
    #: how the error came about, in the writer's words
    explanation: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    written_by: Mapped[str | None] = mapped_column()
    registry_number: Mapped[str | None] = mapped_column()
    registered_on: Mapped[date | None] = mapped_column()
    registered_by: Mapped[str | None] = mapped_column()
    #: the act among the institution's documents, once it is registered
    document_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_document.id"))


class ActChange(WrittenAboutChild, Audited, Base):
    """One thing an act tells: about whom and what, the wrong value and the right one, who erred, who mended it."""

    __tablename__ = "acts_change"
    __table_args__ = (UniqueConstraint("act_id", "position"), Index(None, "child_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("acts_act.id"))
    position: Mapped[int] = mapped_column()
    child_id: Mapped[int | None] = mapped_column(ForeignKey("children_child.id"))  # type: ignore[assignment]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups_group.id"))  # type: ignore[assignment]
    day: Mapped[date | None] = mapped_column()
    #: whose: the child's name, or what the record is called
    about: Mapped[str] = mapped_column()
    #: what: attendance, a paper …
    what: Mapped[str] = mapped_column()
    was: Mapped[str] = mapped_column(Text)
    now: Mapped[str] = mapped_column(Text)
    #: name of who wrote the wrong value; empty = the history does not say
    erred: Mapped[str] = mapped_column()
    mended: Mapped[str] = mapped_column()
    mended_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ActPaper(Owned, Audited, Base):
    """The act on paper, as it then was: the bytes lie in the store. Once registered it is printed anew."""

    __tablename__ = "acts_paper"
    __table_args__ = (UniqueConstraint("act_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("acts_act.id"))
    number: Mapped[int] = mapped_column()
    #: of the file's bytes: its name in the store
    sha256: Mapped[str] = mapped_column()
    #: of what it says
    data_sha256: Mapped[str] = mapped_column()
    size: Mapped[int] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
