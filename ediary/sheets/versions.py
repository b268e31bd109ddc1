"""The kept prints of a month (C6), read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.proof import short_hash
from ediary.groups import queries as groups
from ediary.sheets import rules
from ediary.sheets.models import PrintedSheet, PrintFormat


@dataclass(frozen=True)
class Printed:
    """A kept print."""

    id: int
    group_id: int | None
    format: str
    number: int
    sha256: str
    data_sha256: str
    size: int
    printed_at: datetime
    printed_by: str
    final: bool

    @property
    def check(self) -> str:
        """What the paper's foot says, to be compared."""
        return short_hash(self.data_sha256)


def printed(month: Month) -> list[Printed]:
    """The month's kept prints that one may see, newest first."""
    rows = db.session.scalars(select(PrintedSheet).where(PrintedSheet.month == month).order_by(PrintedSheet.id.desc()))
    return [
        Printed(
            row.id,
            row.group_id,
            row.format.value,
            row.number,
            row.sha256,
            row.data_sha256,
            row.size,
            row.printed_at,
            row.printed_by,
            row.final,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Download:
    """A kept file and the name it gets."""

    sha256: str
    format: PrintFormat
    file_name: str


def download(printed_id: int) -> Download:
    """One kept print; NotFound when there is none, or none one may see."""
    row = db.session.scalars(select(PrintedSheet).where(PrintedSheet.id == printed_id)).one_or_none()
    if row is None:
        raise NotFound
    name = _("whole-kindergarten") if row.group_id is None else groups.group(row.group_id).name
    return Download(row.sha256, row.format, f"tabelis-{row.month}-{rules.slug(name)}-v{row.number}.{row.format.value}")


def last_number(month: Month, covers: str, form: str) -> int:
    """The number of the last print of this sheet in this format; 0 before the first."""
    last = db.session.scalar(
        select(func.max(PrintedSheet.number)).where(
            PrintedSheet.month == month, PrintedSheet.covers == covers, PrintedSheet.format == form
        )
    )
    return last or 0
