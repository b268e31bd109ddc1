"""Tablets shared by a group: paired once, known by a token of their own."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned
from ediary.core.types import UTCDateTime


class Tablet(Audited, Base):
    """A paired tablet. Read before a scope exists: its cookie holds a random token, this row only the hash."""

    __tablename__ = "tablets_tablet"
    __table_args__ = (Index(None, "institution_id"),)
    secret: ClassVar[frozenset[str]] = frozenset({"token_hash", "code_hash"})
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions_institution.id"))
    name: Mapped[str] = mapped_column()
    #: of the short-lived code typed on the tablet to pair it; None once paired
    code_hash: Mapped[str | None] = mapped_column(unique=True)
    code_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column()
    paired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TabletGroup(Owned, Audited, Base):
    """A group whose day the tablet shows."""

    __tablename__ = "tablets_group"
    __table_args__ = (UniqueConstraint("tablet_id", "group_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablets_tablet.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups_group.id"))
