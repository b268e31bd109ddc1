"""What the program tells a person by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import OfPerson
from ediary.core.types import UTCDateTime


class Notice(OfPerson, Base):
    """A sentence to one person, with the page it is about. Kept when read."""

    __tablename__ = "notices_notice"
    __table_args__ = (Index(None, "person_id", "read_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    text: Mapped[str] = mapped_column()
    #: a path of ours
    url: Mapped[str] = mapped_column()
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
