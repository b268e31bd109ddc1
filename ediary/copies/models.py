"""Copies of a person's whole data, made at their request: who asked for whose, when, on what ground (H5)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned
from ediary.core.types import UTCDateTime


class Format(StrEnum):
    """A paper to read, or everything as files with the paper among them."""

    PDF = "pdf"
    ZIP = "zip"


class Copy(Owned, Audited, Base):
    """A copy that was made. Its bytes are not kept: the hash tells it from another.

    Written before anything is read for it; `sha256` and `size` (bytes) follow when it is made.
    """

    __tablename__ = "copies_copy"
    __table_args__ = (
        CheckConstraint("coalesce(child_id, employee_id, guardian_id, user_id) IS NOT NULL", name="of_somebody"),
        CheckConstraint("child_id IS NULL OR coalesce(employee_id, guardian_id, user_id) IS NULL", name="child"),
        CheckConstraint("employee_id IS NULL OR coalesce(guardian_id, user_id) IS NULL", name="employee"),
        CheckConstraint("guardian_id IS NULL OR user_id IS NULL", name="guardian"),
        Index(None, "institution_id", "made_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    #: whose data it is: exactly one of these
    child_id: Mapped[int | None] = mapped_column(ForeignKey("children_child.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("staff_employee.id"))
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("children_guardian.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))
    #: the person's name as it then was
    name: Mapped[str] = mapped_column()
    format: Mapped[Format] = mapped_column()
    asked_by: Mapped[str] = mapped_column()
    #: the request's number and day, or what else it is made on
    ground: Mapped[str] = mapped_column()
    with_codes: Mapped[bool] = mapped_column()
    with_health: Mapped[bool] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column()
    sha256: Mapped[str | None] = mapped_column()
    size: Mapped[int | None] = mapped_column()
