"""How each group's days were handed in, and how often late, by month of a school year (G1). Set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ediary.attendance.models import Submission
from ediary.attendance.outages import of_days
from ediary.children.queries import Enrolled, enrolled
from ediary.core import clock
from ediary.core.dates import Month, school_year_span
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.groups.models import Group
from ediary.groups.queries import groups_on
from ediary.supervision import rules
from ediary.supervision.rules import Filled, Tally
from ediary.workdays import queries as workdays
from ediary.workdays.rules import deadlines_of

#: the school years one can look at
YEARS = range(2000, 2200)


def days_filled(group_ids: Collection[int], first: date, last: date) -> dict[int, dict[date, Filled]]:
    """group -> its working days with children, first..last, each with how it was handed in. Five statements."""
    now, until = clock.now(), min(last, clock.today())
    if until < first:
        return {}
    calendar = workdays.calendar(first, until)
    spans = workdays.deadline_spans()
    submitted = {
        (row.group_id, row.day): row.submitted_at
        for row in db.session.execute(
            select(Submission.group_id, Submission.day, Submission.submitted_at).where(
                Submission.group_id.in_(group_ids), Submission.day >= first, Submission.day <= until
            )
        )
    }
    on_paper = {(one.group_id, one.day) for one in of_days(group_ids, first, until)}
    places: dict[int, list[Enrolled]] = defaultdict(list)
    for place in enrolled(group_ids, first, until):
        places[place.group_id].append(place)
    return {
        group_id: {
            day: rules.filled(
                day,
                deadlines_of(spans, day).mark_by,
                submitted.get((group_id, day)),
                now,
                has_cause=(group_id, day) in on_paper,
            )
            for day in calendar.working_days(first, until, group_id)
            if any(place.on(day) for place in places[group_id])
        }
        for group_id in group_ids
    }


@dataclass(frozen=True)
class LateGroup:
    """A group's school year, month by month."""

    group_id: int
    name: str
    months: tuple[Tally, ...]
    total: Tally


@dataclass(frozen=True)
class LatePage:
    """How often each group was late, by month of a school year."""

    year: int
    today: date
    months: tuple[Month, ...]
    groups: tuple[LateGroup, ...]

    @property
    def has_next(self) -> bool:
        return school_year_span(self.year + 1)[0] <= self.today


def late_page(year: int) -> LatePage:
    """A school year; its months up to today's. Six statements. Raises NotFound."""
    if year not in YEARS:
        raise NotFound
    first, last = school_year_span(year)
    today = clock.today()
    months, month = [], Month.of(first)
    while month.first <= min(last, today):
        months.append(month)
        month = month.next
    groups: list[Group] = groups_on(first)
    filled = days_filled([group.id for group in groups], first, last)
    return LatePage(
        year, today, tuple(months), tuple(_late(group, filled.get(group.id, {}), months) for group in groups)
    )


def _late(group: Group, filled: dict[date, Filled], months: Iterable[Month]) -> LateGroup:
    by_month: dict[Month, list[Filled]] = defaultdict(list)
    for day, how in filled.items():
        by_month[Month.of(day)].append(how)
    return LateGroup(
        group.id, group.name, tuple(rules.tally(by_month[month]) for month in months), rules.tally(filled.values())
    )
