"""The acts' pages: what is open, the acts of a year, one act."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Date, bindparam, func, select

from ediary.accounts.models import Membership, User
from ediary.accounts.queries import names
from ediary.acts.models import Act, ActChange, ActPaper
from ediary.core import clock
from ediary.core.audit import canonical
from ediary.core.dates import Month, school_year_of
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.lockstate import MonthClosed
from ediary.core.permissions import Permission, permissions_of
from ediary.core.points import MonthDeadline, MonthPoint, month_facts, state_of_month
from ediary.core.proof import short_hash
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group
from ediary.periods import opened
from ediary.periods.models import FillingIn
from ediary.periods.opened import Opened
from ediary.workdays import queries as workdays

# --- who may write ----------------------------------------------------------------------------------------------

_HOLDERS = (
    select(User.id, User.first_name, User.last_name, Membership.role)
    .join(Membership, Membership.user_id == User.id)
    .where(
        Membership.institution_id == bindparam("institution_id"),
        valid_on(Membership, bindparam("day", type_=Date())),
    )
)


def may_write(day: date) -> dict[int, str]:
    """Those who work here on a day in a role that writes acts, by name. One statement."""
    rows = db.session.execute(_HOLDERS, {"institution_id": scope().institution_id, "day": day})
    found = {
        row.id: f"{row.first_name} {row.last_name}" for row in rows if Permission.ACT_WRITE in permissions_of(row.role)
    }
    return dict(sorted(found.items(), key=lambda one: name_key(one[1])))


# --- lists ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """An act as lists print it."""

    id: int
    number: str
    what: str
    made_at: datetime
    changes: int
    registry_number: str | None
    is_written: bool
    group_id: int | None


@dataclass(frozen=True)
class ActsPage:
    """What is open now, and the acts of a year."""

    now: datetime
    year: int
    years: Sequence[int]
    running: list[Opened]
    acts: list[Listed]
    can_open: bool
    month: Month


_LISTED: Any = (
    select(
        Act.id,
        Act.year,
        Act.number,
        Act.found,
        Act.made_at,
        Act.registry_number,
        Act.written_at,
        Act.group_id,
        func.count(ActChange.id).label("changes"),
    )
    .join(ActChange, ActChange.act_id == Act.id)
    .group_by(Act.id)
    .order_by(Act.year.desc(), Act.number.desc())
)
_OF_YEAR = _LISTED.where(Act.year == bindparam("year"))
_OF_MONTH = _LISTED.where(Act.month == bindparam("month"))


def _listed(rows: Any) -> list[Listed]:
    return [
        Listed(
            id=row.id,
            number=f"{row.year}-{row.number}",
            what=str(json.loads(row.found).get("what", "")),
            made_at=row.made_at,
            changes=row.changes,
            registry_number=row.registry_number,
            is_written=row.written_at is not None,
            group_id=row.group_id,
        )
        for row in rows
    ]


def acts_page(year: int | None) -> ActsPage:
    """Four statements, five while a month is open."""
    today = clock.today()
    first = db.session.scalar(select(func.min(Act.year)))
    chosen = year or today.year
    return ActsPage(
        now=clock.now(),
        year=chosen,
        years=range(today.year, min(first or today.year, chosen) - 1, -1),
        running=opened.running(),
        acts=_listed(db.session.execute(_OF_YEAR, {"year": chosen})),
        can_open=scope().may(Permission.UNLOCK),
        month=Month.of(today),
    )


@dataclass(frozen=True)
class Beside:
    """What stands beside a month's sheet: what is open of it now, and the acts kept with it."""

    running: list[Opened]
    acts: list[Listed]
    can_open: bool


def beside(month: Month, group_id: int | None) -> Beside:
    """Beside a group's sheet, or beside all one may see. Two statements, three while a month is open."""

    def is_of(of_group: int | None) -> bool:
        return group_id is None or of_group == group_id

    running = [one for one in opened.running() if month in (one.month, Month.of(one.day) if one.day else None)]
    return Beside(
        running=[one for one in running if is_of(one.group_id)],
        acts=[one for one in _listed(db.session.execute(_OF_MONTH, {"month": month})) if is_of(one.group_id)],
        can_open=scope().may(Permission.UNLOCK),
    )


# --- opening ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Openable:
    """A group as the forms that open something offer it."""

    id: int
    name: str
    #: what closed its month; None = it is not closed
    closed: MonthClosed | None


@dataclass(frozen=True)
class OpenPage:
    """What may be opened: a month (with its days that are over), or the removing of records (`month` None)."""

    month: Month | None
    groups: list[Openable]
    days: list[date]
    running: list[Opened]


_STATES = (
    select(Group.id, Group.name, *month_facts(MonthPoint, MonthDeadline))
    .select_from(Group)
    .outerjoin(MonthDeadline, MonthDeadline.month == bindparam("month"))
    .outerjoin(MonthPoint, (MonthPoint.group_id == Group.id) & (MonthPoint.month == bindparam("month")))
    .where(Group.school_year == bindparam("school_year"))
)


def open_page(month: Month | None) -> OpenPage:
    """Four statements at most."""
    now, today = clock.now(), clock.today()
    of = month or Month.of(today)
    rows = db.session.execute(_STATES, {"month": of, "school_year": school_year_of(of.first)})
    groups = [Openable(row.id, row.name, state_of_month(now, row)) for row in rows]
    working = workdays.calendar(of.first, of.last).working_days(of.first, min(of.last, today)) if month else []
    return OpenPage(
        month=month,
        groups=sorted(groups, key=lambda one: name_key(one.name)),
        days=list(working),
        running=[one for one in opened.running() if (one.month == month if month else one.kind is FillingIn.DELETION)],
    )


# --- one act ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A line of an act."""

    about: str
    what: str
    day: date | None
    was: str
    now: str
    erred: str
    mended: str
    mended_at: datetime


@dataclass(frozen=True)
class ActPage:
    """An act as its page and its paper say it."""

    id: int
    number: str
    group_id: int | None
    month: Month | None
    made_at: datetime
    said: dict[str, Any]
    changes: tuple[Change, ...]
    writer: str | None
    appointed_by: str | None
    explanation: str
    written_at: datetime | None
    written_by: str | None
    registry_number: str | None
    registered_on: date | None
    registered_by: str | None
    document_id: int | None
    papers: tuple[ActPaper, ...]
    can_write: bool
    can_appoint: bool
    can_register: bool
    can_read_documents: bool
    can_read_sheets: bool
    #: whom the deputy may appoint
    people: dict[int, str]

    @property
    def opened_at(self) -> datetime:
        return datetime.fromisoformat(self.said["opened_at"])

    @property
    def erred(self) -> list[str]:
        """Who erred, each once."""
        return list(dict.fromkeys(one.erred for one in self.changes if one.erred))

    @property
    def mended(self) -> list[str]:
        """Who mended it, each once."""
        return list(dict.fromkeys(one.mended for one in self.changes if one.mended))

    @cached_property
    def data_sha256(self) -> str:
        """sha256 of what the act says."""
        content = [
            self.number,
            self.said,
            [
                list(map(str, (one.about, one.what, one.day, one.was, one.now, one.erred, one.mended, one.mended_at)))
                for one in self.changes
            ],
            [self.explanation, self.written_by, self.written_at.isoformat() if self.written_at else None],
            [self.registry_number, self.registered_on.isoformat() if self.registered_on else None],
        ]
        return hashlib.sha256(canonical(content).encode()).hexdigest()

    @property
    def check(self) -> str:
        """What the paper's foot says, to be compared."""
        return short_hash(self.data_sha256)


def act(act_id: int) -> Act:
    """The act. Raises NotFound."""
    found = db.session.scalars(select(Act).where(Act.id == act_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


_CHANGES = (
    select(
        ActChange.about,
        ActChange.what,
        ActChange.day,
        ActChange.was,
        ActChange.now,
        ActChange.erred,
        ActChange.mended,
        ActChange.mended_at,
    )
    .where(ActChange.act_id == bindparam("act_id"))
    .order_by(ActChange.position)
)
_PAPERS = select(ActPaper).where(ActPaper.act_id == bindparam("act_id")).order_by(ActPaper.number.desc())


def act_page(act_id: int) -> ActPage:
    """Four statements, one more for those who appoint. Raises NotFound."""
    found, may = act(act_id), scope().may
    open_to_write = found.registry_number is None
    can_appoint = may(Permission.UNLOCK) and open_to_write
    return ActPage(
        id=found.id,
        number=f"{found.year}-{found.number}",
        group_id=found.group_id,
        month=found.month,
        made_at=found.made_at,
        said=json.loads(found.found),
        changes=tuple(Change(*row) for row in db.session.execute(_CHANGES, {"act_id": act_id})),
        writer=names([found.writer_id]).get(found.writer_id) if found.writer_id is not None else None,
        appointed_by=found.appointed_by,
        explanation=found.explanation,
        written_at=found.written_at,
        written_by=found.written_by,
        registry_number=found.registry_number,
        registered_on=found.registered_on,
        registered_by=found.registered_by,
        document_id=found.document_id,
        papers=tuple(db.session.scalars(_PAPERS, {"act_id": act_id})),
        can_write=may(Permission.ACT_WRITE) and open_to_write and found.writer_id == scope().user_id,
        can_appoint=can_appoint,
        can_register=may(Permission.ACT_REGISTER) and found.written_at is not None,
        can_read_documents=may(Permission.DOCUMENT_READ),
        can_read_sheets=may(Permission.SHEET_READ),
        people=may_write(clock.today()) if can_appoint else {},
    )


def last_paper(act_id: int) -> ActPaper | None:
    """The paper made last, if any. One statement."""
    return db.session.scalars(_PAPERS.limit(1), {"act_id": act_id}).first()
