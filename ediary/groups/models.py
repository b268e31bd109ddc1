"""Groups of a school year and who works in them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, IsGroup, Owned, Spanned, span_check
from ediary.groups.rules import AgeBand


class Group(IsGroup, Audited, Base):
    """A group (grupė) of one school year: next year's is another row (A2)."""

    __tablename__ = "groups_group"
    __table_args__ = (UniqueConstraint("institution_id", "school_year", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    #: the year in which the school year begins
    school_year: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column()
    age_band: Mapped[AgeBand] = mapped_column()


class GroupStaff(Owned, Spanned, Audited, Base):
    """Who works in a group, from-to, by the director's order (A2). Access begins and ends with it."""

    __tablename__ = "groups_staff"
    __table_args__ = (span_check(), Index(None, "user_id"), Index(None, "group_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups_group.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    order_number: Mapped[str] = mapped_column()
