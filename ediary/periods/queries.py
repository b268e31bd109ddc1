"""What is known of a month before it is closed, and the course it took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.members import member_of
from ediary.periods import rules
from ediary.periods.models import MonthStep, Step
from ediary.workdays import queries as workdays


def closable_from(month: Month) -> date:
    """The first day on which the month may be submitted or locked by hand. One statement."""
    calendar = workdays.calendar(month.first, month.last)
    return rules.closable_from(month, calendar.working_days(month.first, month.last))


@dataclass(frozen=True)
class Taken:
    """A step that was taken."""

    step: Step
    at: datetime
    by: str
    remark: str


def steps(group_ids: Collection[int], month: Month) -> dict[int, tuple[Taken, ...]]:
    """group -> the steps of its month, the first first. One statement."""
    found: dict[int, list[Taken]] = defaultdict(list)
    rows = db.session.execute(
        select(MonthStep.group_id, MonthStep.step, MonthStep.at, MonthStep.by, MonthStep.remark)
        .where(member_of(MonthStep.group_id, "ids"), MonthStep.month == month)
        .order_by(MonthStep.id),
        {"ids": list(group_ids)},
    )
    for row in rows:
        found[row.group_id].append(Taken(row.step, row.at, row.by, row.remark))
    return {group_id: tuple(of_group) for group_id, of_group in found.items()}
