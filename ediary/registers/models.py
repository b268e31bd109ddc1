"""Lists that came in, their rows while they are looked at, and what taking them back needs (A4)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned
from ediary.core.types import UTCDateTime
from ediary.registers.reading import Encoding, Separator
from ediary.registers.rules import Kind


class State(StrEnum):
    """How far a list has come. It goes no other way than down, but from checked back to its columns."""

    UPLOADED = "uploaded"  # its columns are looked at
    MAPPED = "mapped"  # its rows are read, by and by
    CHECKED = "checked"  # compared with the diary
    APPLIED = "applied"
    UNDONE = "undone"
    ABANDONED = "abandoned"


class Import(Owned, Audited, Base):
    """A file of one of the lists, compared with the diary; perhaps applied, perhaps taken back."""

    __tablename__ = "registers_import"
    __table_args__ = (Index(None, "institution_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column()
    #: the year in which the school year of the list begins
    school_year: Mapped[int] = mapped_column()
    #: from which day what is new or moved holds
    starts_on: Mapped[date] = mapped_column()
    file_name: Mapped[str] = mapped_column()
    #: of the file as it was sent
    sha256: Mapped[str] = mapped_column()
    #: chosen by the person in place of what was found
    encoding: Mapped[Encoding | None] = mapped_column()
    separator: Mapped[Separator | None] = mapped_column()
    sheet: Mapped[str | None] = mapped_column()
    head_row: Mapped[int | None] = mapped_column()
    #: how many rows the list has
    rows: Mapped[int] = mapped_column()
    #: which column is what, how names and days are written, what becomes of new groups and of doubtful rows: JSON
    #: (`answers.py`); it names rows by number, nobody by name
    answers: Mapped[str] = mapped_column(Text)
    state: Mapped[State] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column()
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    applied_by: Mapped[str | None] = mapped_column()
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[str | None] = mapped_column()
    #: what the last comparison counted; None = not compared yet
    rows_new: Mapped[int | None] = mapped_column()
    rows_changed: Mapped[int | None] = mapped_column()
    rows_same: Mapped[int | None] = mapped_column()
    rows_doubtful: Mapped[int | None] = mapped_column()
    rows_faulty: Mapped[int | None] = mapped_column()
    rows_left_out: Mapped[int | None] = mapped_column()
    missing: Mapped[int | None] = mapped_column()

    @property
    def left(self) -> int:
        """Differences that the last comparison found and nobody has written since."""
        found = (self.missing, self.rows_left_out, self.rows_doubtful, self.rows_faulty)
        written = () if self.state is State.APPLIED else (self.rows_new, self.rows_changed)
        return sum(count or 0 for count in (*found, *written))


class KeptFile(Owned, Base):
    """The newest file of each list, sealed: compared again any day until it equals the diary, then removed.

    It holds personal codes, so it lies in no store and no export; a newer file takes its place.
    """

    __tablename__ = "registers_file"
    __table_args__ = (UniqueConstraint("institution_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column()
    sha256: Mapped[str] = mapped_column()
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sealed: Mapped[str] = mapped_column(Text)


class StagedPart(Owned, Base):
    """Some hundred rows of a list, read, while it is looked at; gone when the list is applied or left."""

    __tablename__ = "registers_part"
    __table_args__ = (UniqueConstraint("import_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("registers_import.id"))
    #: the first part is 0
    number: Mapped[int] = mapped_column()
    #: how many rows of the list are read when this one is
    rows_read: Mapped[int] = mapped_column()
    #: of the rows: numbers, values, faults, blind indexes of personal codes: JSON, sealed
    sealed: Mapped[str] = mapped_column(Text)


class Undo(Owned, Base):
    """What an applied list made and changed, so that one click takes it back."""

    __tablename__ = "registers_undo"
    __table_args__ = (UniqueConstraint("import_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("registers_import.id"))
    #: ids of made rows by table, and of changed rows what they said before and after: JSON, sealed
    sealed: Mapped[str] = mapped_column(Text)
