"""The accountant's list of children and their codes (B3; S II.12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from ediary.children.models import Child, Enrolment, PayerCode
from ediary.children.rules import is_found
from ediary.core import clock
from ediary.core.dates import school_year_of
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.session import here_or_coming
from ediary.groups.models import Group


@dataclass(frozen=True)
class Payer:
    """A child as the list has it."""

    child_id: int
    first_name: str
    last_name: str
    birth_date: date
    group_name: str
    #: the first day in the house
    since: date
    code: str | None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def begins(self, today: date) -> date:
        """From when a code written today holds: the first one from the child's first day."""
        return today if self.code else min(self.since, today)


@dataclass(frozen=True)
class Payers:
    """Those without a code, or all."""

    rows: list[Payer]
    missing: int
    everybody: bool
    sought: str
    #: by when newcomers of this school year have their code
    due: date
    is_late: bool


_SINCE = select(func.min(Enrolment.valid_from)).where(Enrolment.child_id == Child.id).correlate(Child).scalar_subquery()
_COLUMNS = (Child.id, Child.first_name, Child.last_name, Child.birth_date, Group.name, _SINCE, PayerCode.code)


def _payers(*narrower: Any) -> list[Payer]:
    """Every child here or coming, with the code if there is one. One statement."""
    statement: Any = (
        select(*_COLUMNS)
        .select_from(Child)
        .join(Enrolment, Enrolment.child_id == Child.id)
        .join(Group, Group.id == Enrolment.group_id)
        .outerjoin(PayerCode, (PayerCode.child_id == Child.id) & PayerCode.valid_to.is_(None))
        .where(here_or_coming(Enrolment, clock.today()), *narrower)
        .order_by(Enrolment.valid_from.desc())
    )
    found = {row[0]: Payer(*row) for row in db.session.execute(statement)}
    return sorted(found.values(), key=lambda one: (name_key(one.group_name), name_key(one.name), one.child_id))


def payer_row(child_id: int) -> Payer:
    """One child of the list. Raises NotFound."""
    found = _payers(Child.id == child_id)
    if not found:
        raise NotFound
    return found[0]


def payers_page(sought: str, *, everybody: bool) -> Payers:
    """By group and name. Newcomers get their code by 15 September. One statement."""
    today = clock.today()
    rows = _payers()
    due = date(school_year_of(today), 9, 15)
    missing = sum(row.code is None for row in rows)
    chosen = [row for row in rows if (everybody or row.code is None) and (not sought or is_found(sought, row.name))]
    return Payers(chosen, missing, everybody, sought, due, today > due)
