"""Absences of some months, child by child, month by month, group by group: out of the month sheets themselves, so that
every number is the sheet's own (C7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ediary.analysis import rules
from ediary.analysis.rules import Days, Limits, Run, Segment, Signs
from ediary.attendance.models import ChildDay, Presence
from ediary.children.models import Enrolment
from ediary.core import clock
from ediary.core.dates import Month, school_year_of
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.spans import valid_on
from ediary.groups import queries as groups
from ediary.institutions.models import Institution
from ediary.institutions.queries import current
from ediary.sheets.queries import GroupSheet, sheets
from ediary.sheets.rules import Row, State

#: whoever has not come for so long is found by other pages
LOOKED_BACK = timedelta(days=120)


@dataclass(frozen=True)
class Asked:
    """What is asked for: first and last month, one group or all (None), from when on a child stands out."""

    first: Month
    last: Month
    group_id: int | None = None
    limits: Limits = field(default_factory=Limits)
    #: all children, not only those who stand out
    everybody: bool = False

    @property
    def plain(self) -> dict[str, Any]:
        """As a kept paper remembers it."""
        return {
            "first": str(self.first),
            "last": str(self.last),
            "group": self.group_id,
            "limits": [self.limits.long_days, self.limits.often_percent, self.limits.unjustified_days],
            "everybody": self.everybody,
        }

    @classmethod
    def again(cls, plain: Mapping[str, Any]) -> Asked:
        """What `plain` gave."""
        first, last = Month.parse(plain["first"]), Month.parse(plain["last"])
        return cls(first, last, plain["group"], Limits(*plain["limits"]), plain["everybody"])

    @property
    def months(self) -> list[Month]:
        found, month = [], self.first
        while month <= self.last:
            found.append(month)
            month = month.next
        return found


@dataclass(frozen=True)
class ChildLine:
    """A child's days of the period."""

    child_id: int
    name: str
    group: str
    days: Days
    #: the longest run that touches the period, counted with the days before it
    longest: Run | None
    signs: Signs


@dataclass(frozen=True)
class Bar:
    """A month or a group of the chart."""

    said: str
    days: Days
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class AnalysisPage:
    """The period, analysed."""

    asked: Asked
    today: date
    institution: Institution
    group_names: tuple[tuple[int, str], ...]
    months: tuple[tuple[Month, Bar], ...]
    groups: tuple[Bar, ...]
    total: Days
    #: those who stand out, or all; the most signs first
    children: tuple[ChildLine, ...]
    #: how many stand out for being long, often, without a justification
    counted: tuple[int, int, int]
    #: the percent a whole bar stands for
    largest: int

    @property
    def group_name(self) -> str:
        return next((name for group_id, name in self.group_names if group_id == self.asked.group_id), "")


@dataclass
class _Child:
    name: str
    groups: dict[str, None] = field(default_factory=dict)
    days: list[Days] = field(default_factory=list)
    marks: list[tuple[date, bool]] = field(default_factory=list)


def analysis(asked: Asked) -> AnalysisPage:
    """The month sheets of the period and of the month before it: so many times their statements, and four more,
    however many children. Raises NotFound for a group that is not there."""
    wanted = None if asked.group_id is None else groups.group(asked.group_id)
    children: dict[int, _Child] = {}
    by_month: dict[Month, list[Days]] = {month: [] for month in asked.months}
    by_group: dict[str, list[Days]] = defaultdict(list)
    for month in [asked.first.previous, *asked.months]:
        if wanted is not None and wanted.school_year != school_year_of(month.first):
            continue
        for sheet in sheets(month, None if wanted is None else [wanted.id]):
            _take(children, sheet, counts=month in by_month)
            if month in by_month:
                by_month[month].append(_days(sheet.sheet.totals))
                by_group[sheet.name].append(_days(sheet.sheet.totals))
    lines = [_line(child_id, child, asked) for child_id, child in children.items() if child.days]
    months = {month: rules.add(days) for month, days in by_month.items()}
    of_group = {name: rules.add(by_group[name]) for name in sorted(by_group, key=name_key)}
    largest = max([days.percent for days in (*months.values(), *of_group.values())], default=0)
    standing_out = [line for line in lines if line.signs.count]
    return AnalysisPage(
        asked=asked,
        today=clock.today(),
        institution=current(),
        group_names=tuple((group.id, group.name) for group in groups.groups_on(min(asked.last.last, clock.today()))),
        months=tuple((month, _bar(str(month), days, largest)) for month, days in months.items()),
        groups=tuple(_bar(name, days, largest) for name, days in of_group.items()),
        total=rules.add(months.values()),
        children=tuple(sorted(lines if asked.everybody else standing_out, key=_order)),
        counted=(
            sum(line.signs.is_long for line in lines),
            sum(line.signs.is_often for line in lines),
            sum(line.signs.is_unjustified for line in lines),
        ),
        largest=largest,
    )


def _days(counted: object) -> Days:
    """Of a sheet's totals."""
    return Days(*(getattr(counted, name) for name in Days._fields))


def _take(children: dict[int, _Child], sheet: GroupSheet, *, counts: bool) -> None:
    """A group's month; one that does not count only tells which runs began before the period."""
    for row in sheet.sheet.rows:
        child = children.setdefault(row.child_id, _Child(row.name))
        child.marks += _marks(row, sheet)
        if counts:
            child.groups[sheet.name] = None
            child.days.append(_days(row.totals))


def _marks(row: Row, sheet: GroupSheet) -> Iterable[tuple[date, bool]]:
    for day, cell in zip(sheet.sheet.days, row.cells, strict=True):
        if cell.is_absence or cell.state is State.PRESENT:
            yield day.day, cell.state is State.PRESENT


def _line(child_id: int, child: _Child, asked: Asked) -> ChildLine:
    touching = [run for run in rules.runs(child.marks) if run.last >= asked.first.first]
    longest = max(touching, key=lambda run: run.days, default=None)
    days = rules.add(child.days)
    return ChildLine(
        child_id,
        child.name,
        ", ".join(child.groups),
        days,
        longest,
        rules.signs(days, longest.days if longest else 0, asked.limits),
    )


def _order(line: ChildLine) -> tuple[object, ...]:
    return (-line.signs.count, -line.days.missed, name_key(line.name), line.child_id)


def _bar(said: str, days: Days, largest: int) -> Bar:
    return Bar(said, days, tuple(rules.segments(days, largest)))


# --- today ----------------------------------------------------------------------------------------------------------

_CAME = aliased(ChildDay)


def missing_long(limit: int) -> int:
    """How many children who have a place today have missed more marked days running than this. One statement."""
    today = clock.today()
    since = today - LOOKED_BACK
    came = (
        select(func.max(_CAME.day))
        .where(_CAME.child_id == Enrolment.child_id, _CAME.presence == Presence.PRESENT, _CAME.day > since)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    running = (
        select(Enrolment.child_id)
        .join(ChildDay, ChildDay.child_id == Enrolment.child_id)
        .where(
            valid_on(Enrolment, today),
            ChildDay.day > func.coalesce(came, since),
            ChildDay.day > since,
            ChildDay.presence == Presence.ABSENT,
        )
        .group_by(Enrolment.child_id)
        .having(func.count(ChildDay.id) > limit)
    )
    return db.session.scalar(select(func.count()).select_from(running.subquery())) or 0
