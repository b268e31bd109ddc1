"""A child is away for a time, or is taken over by another institution of this server (B2; V 9).

That it has left is said in `children.models.Departure`: every list of children asks it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import AboutChild, Audited, Spanned, span_check
from ediary.core.types import UTCDateTime
from ediary.transfers.rules import LeaveKind


class TemporaryLeave(AboutChild, Spanned, Audited, Base):
    """A child is away by order: hospital, sanatorium (B2)."""

    __tablename__ = "transfers_temporary_leave"
    __table_args__ = (span_check(), Index(None, "child_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LeaveKind] = mapped_column()
    note: Mapped[str] = mapped_column()
    order_id: Mapped[int] = mapped_column(ForeignKey("institutions_document.id"))
    #: what it told the kitchen and the educators; None where today's mark alone was explained
    announcement_id: Mapped[int | None] = mapped_column()


class Arrival(AboutChild, Audited, Base):
    """A child came from another institution of this server: from where, and what it brought in words."""

    __tablename__ = "transfers_arrival"
    __table_args__ = (UniqueConstraint("child_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    from_name: Mapped[str] = mapped_column()
    last_day: Mapped[date] = mapped_column()
    #: the groups it was in, a line each
    places: Mapped[str] = mapped_column(Text)
    #: what it ate by; "" = the common table
    diet: Mapped[str] = mapped_column()
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_by: Mapped[str] = mapped_column()


class TransferOffer(Audited, Base):
    """A child without an institution: all that other institutions may see, and the sealed package for the taker.

    Read across institutions, as the shared list of V 9: name, birth year, from where, and nothing more. The package
    opens with the code the family has.
    """

    __tablename__ = "transfers_offer"
    __table_args__ = (Index(None, "institution_id"),)
    secret: ClassVar[frozenset[str]] = frozenset({"code_hash", "package"})
    id: Mapped[int] = mapped_column(primary_key=True)
    #: the one the child leaves
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions_institution.id"))
    #: None once the child stays after all
    departure_id: Mapped[int | None] = mapped_column(ForeignKey("children_departure.id"))
    first_name: Mapped[str] = mapped_column()
    last_name: Mapped[str] = mapped_column()
    birth_year: Mapped[int] = mapped_column()
    from_name: Mapped[str] = mapped_column()
    code_hash: Mapped[str] = mapped_column(unique=True)
    #: emptied once it is taken or withdrawn
    package: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_institution.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
