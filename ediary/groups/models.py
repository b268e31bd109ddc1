"""Groups of a school year, who works in them, and which of them are merged for a time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, IsGroup, Owned, Spanned, span_check
from ediary.groups.rules import AgeBand, Duty, Programme


class Group(IsGroup, Audited, Base):
    """A group (grupė) of one school year: next year's is another row (A2)."""

    __tablename__ = "groups_group"
    __table_args__ = (UniqueConstraint("institution_id", "school_year", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    #: the year in which the school year begins
    school_year: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column()
    age_band: Mapped[AgeBand] = mapped_column()
    programme: Mapped[Programme] = mapped_column(server_default="preschool", default=Programme.PRESCHOOL)
    #: how long it is open, in minutes a day: 630 = 10 h 30 min
    minutes_a_day: Mapped[int] = mapped_column(server_default="630", default=630)
    #: of teaching, as ISO 639-1
    language: Mapped[str] = mapped_column(server_default="lt", default="lt")
    room: Mapped[str] = mapped_column(server_default="", default="")
    #: which kitchen cooks for it, where there are several
    kitchen: Mapped[str] = mapped_column(server_default="", default="")
    #: how many children it may have; None = not said
    places: Mapped[int | None] = mapped_column()


class GroupStaff(Owned, Spanned, Audited, Base):
    """Who works in a group, from-to, by the director's order (A2). Access begins and ends with it."""

    __tablename__ = "groups_staff"
    __table_args__ = (span_check(), Index(None, "user_id"), Index(None, "group_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups_group.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    duty: Mapped[Duty] = mapped_column(server_default="educator", default=Duty.EDUCATOR)
    order_id: Mapped[int] = mapped_column(ForeignKey("institutions_document.id"))
    #: a substitute's: whom they stand in for (A3)
    substitutes_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))
    #: planned work in this group, in minutes a working day; None = not counted here
    minutes_a_day: Mapped[int | None] = mapped_column()
    #: follows from this merge of the person's own group into this one, and goes with it
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("groups_merge.id"))


class GroupMerge(Owned, Audited, Base):
    """A group's children are in another group from first to last: summer, or few children that day."""

    __tablename__ = "groups_merge"
    __table_args__ = (
        CheckConstraint("last >= first", name="span"),
        CheckConstraint("group_id <> into_id", name="another"),
        Index(None, "group_id"),
        Index(None, "into_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups_group.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("groups_group.id"))
    first: Mapped[date] = mapped_column()
    last: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column()
    order_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_document.id"))
