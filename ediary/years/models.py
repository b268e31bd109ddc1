"""The turn of the school year: which child went on into which of next year's groups."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import AboutChild, Audited
from ediary.core.types import UTCDateTime


class YearMove(AboutChild, Audited, Base):
    """A child's own place ends with a school year and goes on in a group of the next one, or nowhere: to school.

    Kept with the end the place had before, so that the move can be taken back exactly.
    """

    __tablename__ = "years_move"
    __table_args__ = (UniqueConstraint("child_id", "year"), Index(None, "institution_id", "year"))
    id: Mapped[int] = mapped_column(primary_key=True)
    #: the school year the child goes into, by the year in which it begins
    year: Mapped[int] = mapped_column()
    from_id: Mapped[int] = mapped_column(ForeignKey("groups_group.id"))
    #: None = the child leaves
    into_id: Mapped[int | None] = mapped_column(ForeignKey("groups_group.id"))
    #: the last day the place had before; None = none
    ended_on: Mapped[date | None] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column()
