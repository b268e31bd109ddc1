"""The kindergarten, its dated settings, its director's orders and other documents."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, IsInstitution, Lasting, Owned, Settled


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
    address: Mapped[str] = mapped_column(server_default="", default="")
    phone: Mapped[str] = mapped_column(server_default="", default="")
    email: Mapped[str] = mapped_column(server_default="", default="")


class InstitutionSettings(Owned, Settled, Audited, Base):
    """Settings that differ between institutions and years."""

    __tablename__ = "institutions_settings"
    id: Mapped[int] = mapped_column(primary_key=True)
    age_band_by: Mapped[AgeBandBy] = mapped_column()


class SheetWording(Owned, Settled, Audited, Base):
    """What the head of the month sheet says, from a day on: who approved its form, by what order; its title.

    A month's sheet is worded as on the month's last day.
    """

    __tablename__ = "institutions_sheet_wording"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column()
    #: lines above the title, at the right, as on the institution's own form
    approval: Mapped[str] = mapped_column(Text)


class DocumentKind(StrEnum):
    ORDER = "order"
    OTHER = "other"


class Document(Owned, Lasting, Audited, Base):
    """A numbered document of the institution: a director's order, or another (A6). What it orders refers to it."""

    __tablename__ = "institutions_document"
    __table_args__ = (UniqueConstraint("institution_id", "kind", "number", "day"), Index(None, "institution_id", "day"))
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column()
    number: Mapped[str] = mapped_column()
    #: the day it was signed
    day: Mapped[date] = mapped_column()
    #: what it is about; empty until somebody who has it in hand writes it
    title: Mapped[str] = mapped_column()
    entered_by: Mapped[str] = mapped_column()
    #: its file, if there is one: sha256 in the store, the name it came with, its kind and size in bytes
    sha256: Mapped[str | None] = mapped_column()
    file_name: Mapped[str | None] = mapped_column()
    media_type: Mapped[str | None] = mapped_column()
    size: Mapped[int | None] = mapped_column()
