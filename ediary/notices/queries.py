"""One's own notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, select

from ediary.core.db import db
from ediary.core.paging import Paged, offset, page_of
from ediary.core.session import scope
from ediary.notices.models import Notice

PAGE_SIZE = 30


@dataclass(frozen=True)
class Told:
    """A notice as its list prints it."""

    id: int
    at: datetime
    text: str
    is_new: bool


@dataclass(frozen=True)
class NoticesPage:
    """What one has been told, the unread first."""

    told: Paged[Told]

    @property
    def unread(self) -> list[Told]:
        return [one for one in self.told.rows if one.is_new]

    @property
    def earlier(self) -> list[Told]:
        return [one for one in self.told.rows if not one.is_new]

    @property
    def newest_id(self) -> int:
        return max((one.id for one in self.told.rows), default=0)


_MINE = (
    select(Notice.id, Notice.at, Notice.text, Notice.read_at)
    .where(Notice.person_id == bindparam("user_id"))
    .order_by(case((Notice.read_at.is_(None), 0), else_=1), Notice.at.desc(), Notice.id.desc())
)


def notices_page(number: int) -> NoticesPage:
    """A page of one's own notices. One statement."""
    rows = db.session.execute(
        _MINE.limit(PAGE_SIZE + 1).offset(offset(number, PAGE_SIZE)), {"user_id": scope().user_id}
    )
    told = [Told(row.id, row.at, row.text, row.read_at is None) for row in rows]
    return NoticesPage(page_of(told, number, PAGE_SIZE))
