"""Days that were written on paper, and why: read by the day, the month sheet, and whoever watches over them (C8)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from ediary.attendance.models import Outage, Submission
from ediary.core.db import db
from ediary.core.i18n import stamp
from ediary.groups.models import Group


@dataclass(frozen=True)
class OutageFact:
    """Why a group's day was written on paper; entered_at None = it is not in the diary yet."""

    group_id: int
    day: date
    cause: str
    asked_at: datetime
    asked_by: str
    entered_at: datetime | None
    entered_by: str | None

    @property
    def entered(self) -> str:
        """When and by whom it was entered; "" while it is not."""
        return f"{stamp(self.entered_at)}, {self.entered_by}" if self.entered_at else ""


#: what `fact` reads
FACTS = (
    Outage.group_id,
    Outage.day,
    Outage.cause,
    Outage.asked_at,
    Outage.asked_by,
    Outage.entered_at,
    Outage.entered_by,
)


def fact(columns: Any) -> OutageFact | None:
    """Of the columns of `FACTS`; None where an outer join found no row."""
    return None if columns[0] is None else OutageFact(*columns)


#: A group's own „Pateikti“ of a day, and why it was on paper. Made once: building it costs more than running it.
_HANDED_IN = (
    select(Submission.submitted_at, Submission.submitted_by, *FACTS)
    .select_from(Group)
    .outerjoin(Submission, (Submission.group_id == Group.id) & (Submission.day == bindparam("day")))
    .outerjoin(Outage, (Outage.group_id == Group.id) & (Outage.day == bindparam("day")))
    .where(Group.id == bindparam("group_id"))
)


def handed_in(group_id: int, day: date) -> tuple[datetime | None, str | None, OutageFact | None]:
    """When and by whom a group's day was submitted, and why it was written on paper. One statement."""
    row = db.session.execute(_HANDED_IN, {"group_id": group_id, "day": day}).first()
    return (row[0], row[1], fact(row[2:])) if row else (None, None, None)


def of_days(group_ids: Collection[int], first: date, last: date) -> list[OutageFact]:
    """These groups' days that were written on paper, the first first. One statement."""
    rows = db.session.execute(
        select(*FACTS)
        .where(Outage.group_id.in_(group_ids), Outage.day >= first, Outage.day <= last)
        .order_by(Outage.day, Outage.group_id)
    )
    return [OutageFact(*row) for row in rows]


def of_day(group_id: int, day: date) -> OutageFact | None:
    """A group's day. One statement."""
    return next(iter(of_days([group_id], day, day)), None)
