"""The kindergarten and its dated settings."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, IsInstitution, Owned, Spanned, span_check


class AgeBandBy(StrEnum):
    """How a child's age band for the kitchen is told."""

    GROUP = "group"
    BIRTHDAY = "birthday"


class Institution(IsInstitution, Audited, Base):
    """A kindergarten (įstaiga)."""

    __tablename__ = "institutions_institution"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    #: code in the register of legal persons
    code: Mapped[str] = mapped_column(unique=True)


class InstitutionSettings(Owned, Spanned, Audited, Base):
    """Settings that differ between institutions and years."""

    __tablename__ = "institutions_settings"
    __table_args__ = (span_check(), Index(None, "institution_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    age_band_by: Mapped[AgeBandBy] = mapped_column()
