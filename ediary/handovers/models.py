"""A group passes from hand to hand: a substitute's hours, a leaver's checked records."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, OfGroup, Owned
from ediary.core.types import UTCDateTime

#: of the word left on the card, of a remark on a corrected day, of the remarks on a leaver's records
NOTE_LENGTH, DAY_NOTE_LENGTH, REMARKS_LENGTH = 1000, 120, 3000


class WorkedDay(Owned, Audited, Base):
    """What a day of an assignment really took, where it differs from what was planned; typed by hand (A3)."""

    __tablename__ = "handovers_worked_day"
    __table_args__ = (
        UniqueConstraint("staff_id", "day"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("groups_staff.id"))
    day: Mapped[date] = mapped_column()
    minutes: Mapped[int] = mapped_column()
    note: Mapped[str] = mapped_column()


class CardNote(OfGroup, Audited, Base):
    """What whoever takes over a group on a day should know: one text a group and day, on the handover card."""

    __tablename__ = "handovers_card_note"
    __table_args__ = (UniqueConstraint("group_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by: Mapped[str] = mapped_column()


class LeaverCheck(Owned, Audited, Base):
    """The deputy has checked a leaver's records and handed them to a successor (A9; S II.5, K 18)."""

    __tablename__ = "handovers_leaver_check"
    __table_args__ = (Index(None, "employee_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("staff_employee.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_document.id"))
    last_day: Mapped[date] = mapped_column()
    remarks: Mapped[str] = mapped_column(Text)
    #: what the leaver kept and what was still missing, as the deputy saw it then (canonical JSON): the act prints it
    found: Mapped[str] = mapped_column(Text)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_by: Mapped[str | None] = mapped_column()
