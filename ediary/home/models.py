"""What a new institution's administrator has looked at and found good as delivered (the first steps)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned
from ediary.core.types import UTCDateTime


class Delivered(StrEnum):
    """Settings that come with the program and are good for many: looking at them is the step."""

    DEADLINES = "deadlines"
    REASONS = "reasons"
    PLEDGE = "pledge"


class LookedAt(Owned, Audited, Base):
    """Somebody has looked at a setting and left it as it was delivered."""

    __tablename__ = "home_looked_at"
    __table_args__ = (UniqueConstraint("institution_id", "what"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[Delivered] = mapped_column()
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column()
