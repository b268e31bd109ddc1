"""What the program tells a person by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Owned
from ediary.core.permissions import Role
from ediary.core.types import UTCDateTime


class Notice(Owned, Base):
    """A sentence to one person, with the page it is about. Kept when read.

    Not `OfPerson`: whoever tells must see that the same is still unread, and heads read no other person's either.
    """

    __tablename__ = "notices_notice"
    __table_args__ = (Index(None, "person_id", "read_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    text: Mapped[str] = mapped_column()
    #: a path of ours
    url: Mapped[str] = mapped_column()
    #: told to those who hold this role: it opens the page. None = told to the person
    role: Mapped[Role | None] = mapped_column()
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
