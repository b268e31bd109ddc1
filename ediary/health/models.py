"""What must be known about a child's health. At first one plain line."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import AboutChild, Audited, Spanned, span_check


class MustNotEat(AboutChild, Spanned, Audited, Base):
    """„Must not eat“: one plain line at the child's face and on the kitchen's sheet."""

    __tablename__ = "health_must_not_eat"
    __table_args__ = (span_check(), Index(None, "child_id"))
    sensitive: ClassVar[frozenset[str]] = frozenset({"text"})
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column()
