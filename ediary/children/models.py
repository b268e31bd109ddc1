"""Children, their dated places in groups, and what their card holds (B1-B4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, column
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from ediary.children.rules import ConsentKind, DepartureReason, Relation, SpecialNeeds
from ediary.core.db import Base
from ediary.core.models import (
    AboutChild,
    Audited,
    Cooked,
    IsChild,
    Lasting,
    OfStay,
    Spanned,
    WrittenAboutChild,
    span_check,
)
from ediary.core.types import UTCDateTime


class Child(IsChild, Audited, Base):
    """A child of the institution."""

    __tablename__ = "children_child"
    __table_args__ = (Index(None, "institution_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column()
    last_name: Mapped[str] = mapped_column()
    birth_date: Mapped[date] = mapped_column()


class Enrolment(WrittenAboutChild, Cooked, Audited, Base):
    """A child's place in a group from-to (B2). At most one on any day; `children.places` sees to it.

    `group_id` is where the child is; a guest's own group, and the order that gave the place in it, stand beside it.
    """

    __tablename__ = "children_enrolment"
    __table_args__ = (span_check(), Index(None, "group_id"), Index(None, "child_id"), Index(None, "home_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_document.id"))
    #: the own group of a child who is in this one for a time only: a visit, a merged group; None = it is the own
    home_id: Mapped[int | None] = mapped_column(ForeignKey("groups_group.id"))
    home_order_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_document.id"))

    @hybrid_property
    def is_guest(self) -> bool:
        return self.home_id is not None

    @is_guest.inplace.expression
    @classmethod
    def _is_guest(cls) -> ColumnElement[bool]:
        return cls.home_id.is_not(None)


class Visit(WrittenAboutChild, Audited, Base):
    """A child is a guest in another group from first to last. Its places follow from it: `children.places`."""

    __tablename__ = "children_visit"
    __table_args__ = (CheckConstraint("last >= first", name="span"), Index(None, "child_id"), Index(None, "group_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[date] = mapped_column()
    last: Mapped[date] = mapped_column()
    order_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_document.id"))


class Departure(AboutChild, Audited, Base):
    """A child leaves by order (B2); `day` is the last one. The report is a kept file."""

    __tablename__ = "children_departure"
    __table_args__ = (UniqueConstraint("child_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    reason: Mapped[DepartureReason] = mapped_column()
    #: to where, or what else must be said
    note: Mapped[str] = mapped_column()
    order_id: Mapped[int] = mapped_column(ForeignKey("institutions_document.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = mapped_column()
    report_sha256: Mapped[str | None] = mapped_column()


class Particulars(OfStay, Audited, Base):
    """What the card says of the child itself; one row a child (B1)."""

    __tablename__ = "children_particulars"
    __table_args__ = (UniqueConstraint("child_id"),)
    sensitive: ClassVar[frozenset[str]] = frozenset({"special_needs", "needs_note"})
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column()
    #: spoken at home, as the family says it
    languages: Mapped[str] = mapped_column()
    special_needs: Mapped[SpecialNeeds] = mapped_column()
    needs_note: Mapped[str] = mapped_column()
    #: who lives with the child, brothers and sisters, what educators should know
    family_note: Mapped[str] = mapped_column()


class Guardian(OfStay, Spanned, Audited, Base):
    """A parent or guardian of a child, from-to. Siblings' rows are joined by the log-in."""

    goes_on: ClassVar[frozenset[str]] = frozenset({"user_id"})
    __tablename__ = "children_guardian"
    __table_args__ = (span_check(), Index(None, "child_id"), Index(None, "user_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    relation: Mapped[Relation] = mapped_column()
    first_name: Mapped[str] = mapped_column()
    last_name: Mapped[str] = mapped_column()
    phone: Mapped[str] = mapped_column()
    email: Mapped[str] = mapped_column()
    #: where it is not the child's
    address: Mapped[str] = mapped_column()
    may_collect: Mapped[bool] = mapped_column()
    user_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))


class Collector(OfStay, Spanned, Audited, Base):
    """Another person who may bring and collect the child, from-to, as the parents wrote."""

    __tablename__ = "children_collector"
    __table_args__ = (span_check(), Index(None, "child_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column()
    last_name: Mapped[str] = mapped_column()
    #: grandmother, neighbour
    relation: Mapped[str] = mapped_column()
    phone: Mapped[str] = mapped_column()


class Consent(OfStay, Spanned, Audited, Base):
    """What the parents agreed to or refused, who said so and when; it holds from-to (B1, B4)."""

    __tablename__ = "children_consent"
    __table_args__ = (span_check(), Index(None, "child_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ConsentKind] = mapped_column()
    is_given: Mapped[bool] = mapped_column()
    said_by: Mapped[str] = mapped_column()
    said_on: Mapped[date] = mapped_column()


_OPEN = column("valid_to").is_(None)


class PayerCode(AboutChild, Spanned, Audited, Base):
    """The child's code in accounting (paslaugų gavėjo kodas), from-to (B3).

    Of those without an end a child has one, and no two children the same.
    """

    __tablename__ = "children_payer_code"
    __table_args__ = (
        span_check(),
        Index(None, "child_id"),
        Index("uq_children_payer_code_of_child", "child_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "uq_children_payer_code_in_house",
            "institution_id",
            "code",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column()


class PersonalCode(AboutChild, Audited, Base):
    """A personal code, sealed with a named key; found through its blind index, never shown unlogged.

    No two children of the house have the same; a parent's stands once at each of their children.
    """

    __tablename__ = "children_personal_code"
    __table_args__ = (
        UniqueConstraint("child_id", "of"),
        UniqueConstraint("institution_id", "lookup", "of"),
    )
    secret: ClassVar[frozenset[str]] = frozenset({"sealed", "lookup"})
    id: Mapped[int] = mapped_column(primary_key=True)
    #: whose: `child`, or `guardian:7`, a row of the child's own guardians
    of: Mapped[str] = mapped_column()
    sealed: Mapped[str] = mapped_column()
    lookup: Mapped[str] = mapped_column()


class ChildFile(OfStay, Lasting, Audited, Base):
    """A document of the child's, kept as a file."""

    withdrawn_by: ClassVar[str | None] = "withdrawn_at"

    __tablename__ = "children_file"
    __table_args__ = (Index(None, "child_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column()
    day: Mapped[date] = mapped_column()
    sha256: Mapped[str] = mapped_column()
    file_name: Mapped[str] = mapped_column()
    media_type: Mapped[str] = mapped_column()
    size: Mapped[int] = mapped_column()
    entered_by: Mapped[str] = mapped_column()
    #: no longer shown on the card; the file stays
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
