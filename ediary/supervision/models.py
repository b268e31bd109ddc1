"""What is put on record when the filling-in is watched over: monthly checks, remarks and their answers (G1)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.dates import Month
from ediary.core.db import Base
from ediary.core.models import Audited, Owned
from ediary.core.permissions import Role
from ediary.core.types import MonthType, UTCDateTime

#: longest text of a check, a remark, an answer
TEXT_LENGTH = 2000


class Check(Owned, Audited, Base):
    """Somebody's filling-in of a month was checked: a group's, or a specialist's in a role (K 23.1).

    Rows are only added: whoever checks again writes another.
    """

    __tablename__ = "supervision_check"
    __table_args__ = (
        CheckConstraint("(group_id IS NULL) <> (person_id IS NULL)", name="subject"),
        Index(None, "institution_id", "month"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[Month] = mapped_column(MonthType)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups_group.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))
    #: of the person: in which they were checked
    role: Mapped[Role | None] = mapped_column()
    in_order: Mapped[bool] = mapped_column()
    found: Mapped[str] = mapped_column(Text)
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_by: Mapped[str] = mapped_column()


class Remark(Owned, Audited, Base):
    """A head's remark to one person about a record (K 23.2): seen by the two and the heads, closed by its author.

    The history keeps its text sealed: whoever reads the history of a day is not told what was remarked to whom.
    """

    __tablename__ = "supervision_remark"
    __table_args__ = (Index(None, "person_id", "closed_at"), Index(None, "institution_id", "closed_at"))
    sensitive: ClassVar[frozenset[str]] = frozenset({"text"})
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    #: the record, as said and as an address of ours; both empty = about none in particular
    about: Mapped[str] = mapped_column()
    url: Mapped[str] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by: Mapped[str] = mapped_column()
    #: the last answer, counted here so that lists need not read them
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: was it heeded? Said when it is closed
    is_heeded: Mapped[bool | None] = mapped_column()


class Answer(Owned, Audited, Base):
    """What the person a remark was written to answers."""

    __tablename__ = "supervision_answer"
    __table_args__ = (Index(None, "remark_id"),)
    sensitive: ClassVar[frozenset[str]] = frozenset({"text"})
    id: Mapped[int] = mapped_column(primary_key=True)
    remark_id: Mapped[int] = mapped_column(ForeignKey("supervision_remark.id"))
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column()
