"""Employees, with or without a log-in."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned, Spanned, span_check


class Employee(Owned, Spanned, Audited, Base):
    """Who works here, from-to. A name and an e-mail address are enough (A10); the log-in comes with the first role."""

    __tablename__ = "staff_employee"
    __table_args__ = (
        span_check(),
        UniqueConstraint("institution_id", "email"),
        UniqueConstraint("institution_id", "user_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column()
    last_name: Mapped[str] = mapped_column()
    #: in lower case
    email: Mapped[str] = mapped_column()
    phone: Mapped[str] = mapped_column()
    #: what the contract of work calls them
    position: Mapped[str] = mapped_column()
    user_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))
