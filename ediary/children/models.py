"""Children and their dated places in groups."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Cooked, IsChild, WrittenAboutChild, span_check


class Child(IsChild, Audited, Base):
    """A child of the institution (B1: the card grows with later issues)."""

    __tablename__ = "children_child"
    __table_args__ = (Index(None, "institution_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column()
    last_name: Mapped[str] = mapped_column()
    birth_date: Mapped[date] = mapped_column()


class Enrolment(WrittenAboutChild, Cooked, Audited, Base):
    """A child's place in a group from-to (B2). At most one on any day; `children.actions` sees to it."""

    __tablename__ = "children_enrolment"
    __table_args__ = (span_check(), Index(None, "group_id"), Index(None, "child_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
