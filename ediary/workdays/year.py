"""The page of a school year: its months, its exceptions, how far the calendar reaches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import get_day_names
from sqlalchemy import Date, Select, bindparam, select

from ediary.core import clock
from ediary.core.dates import ONE_DAY, Month, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import LOCALE, name_key
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.groups.models import Group
from ediary.groups.queries import groups_on
from ediary.institutions.models import Document
from ediary.workdays import effects, queries, rules
from ediary.workdays.models import Closure, ExtraDay
from ediary.workdays.rules import Calendar, DayLook, Look

MONTHS_OF_A_YEAR = 12
#: Monday first: pr, an, tr…
WEEKDAYS = [get_day_names("short", locale=LOCALE)[number] for number in range(7)]


@dataclass(frozen=True)
class MonthView:
    """A month as it is drawn; its cells are None where another month's day would stand."""

    month: Month
    weeks: list[list[DayLook | None]]
    working_days: int

    @property
    def named(self) -> list[DayLook]:
        """The days of the month that have a name of their own: holidays."""
        return [cell for week in self.weeks for cell in week if cell is not None and cell.look is Look.HOLIDAY]


@dataclass(frozen=True)
class ClosureView:
    """Closures entered together: the same days and reason, for the whole house or for some groups."""

    id: int
    first: date
    last: date
    reason: str
    #: names of the groups; none = the whole house
    groups: tuple[str, ...]
    order: str | None
    #: how many working days of the year it takes
    working_days: int
    has_begun: bool
    is_over: bool


@dataclass(frozen=True)
class ExtraView:
    """An extra working day."""

    id: int
    day: date
    reason: str
    order: str | None
    has_come: bool


@dataclass(frozen=True)
class YearPage:
    """What the page of a school year prints."""

    year: int
    today: date
    months: list[MonthView]
    closures: list[ClosureView]
    extras: list[ExtraView]
    #: the groups one may look through, and the one through which one looks (None = the whole house)
    groups: list[Group]
    group_id: int | None
    stored_until: date | None
    #: the school year to store next, when it is time for it
    extends_to: int | None
    has_before: bool
    has_after: bool
    can_edit: bool

    @property
    def weekdays(self) -> list[str]:
        return WEEKDAYS

    @property
    def working_days(self) -> int:
        return sum(month.working_days for month in self.months)

    @property
    def looks(self) -> set[Look]:
        """What is to be seen this year, for the legend."""
        return {cell.look for month in self.months for week in month.weeks for cell in week if cell is not None}

    @property
    def ahead(self) -> list[ClosureView]:
        return [one for one in self.closures if not one.is_over]

    @property
    def over(self) -> list[ClosureView]:
        return [one for one in self.closures if one.is_over]

    @property
    def is_stored(self) -> bool:
        return self.looks != {Look.UNKNOWN}


def year_page(year: int | None, group_id: int | None) -> YearPage:
    """The calendar of a school year (None: of this one). Five statements. Raises NotFound for years out of reach."""
    today = clock.today()
    this_year = school_year_of(today)
    year = this_year if year is None else year
    known_from, known_to = queries.stored()
    extends_to = next_to_store(known_to, this_year)
    reach = [this_year, *(school_year_of(day) for day in (known_from, known_to) if day)]
    if extends_to is not None:
        reach.append(extends_to)
    if not min(reach) <= year <= max(reach):
        raise NotFound
    first, last = school_year_span(year)
    days = queries.calendar(first, last)
    groups = groups_on(first)
    names = {group.id: group.name for group in groups}
    if group_id is not None and group_id not in names:
        raise NotFound
    return YearPage(
        year=year,
        today=today,
        months=_months(days, Month.of(first), group_id, names),
        closures=_closures(days, (first, last), group_id, names, today),
        extras=_extras((first, last), today),
        groups=groups,
        group_id=group_id,
        stored_until=known_to,
        extends_to=extends_to,
        has_before=year > min(reach),
        has_after=year < max(reach),
        can_edit=scope().may(Permission.SETTINGS_WRITE),
    )


def next_to_store(known_to: date | None, this_year: int) -> int | None:
    """The school year after the stored ones, until the next one from now is stored whole."""
    if known_to is None:
        return this_year
    if known_to >= school_year_span(this_year + 1)[1]:
        return None
    return school_year_of(known_to + ONE_DAY)


def _months(days: Calendar, month: Month, group_id: int | None, names: Collection[int]) -> list[MonthView]:
    found = []
    for _number in range(MONTHS_OF_A_YEAR):
        weeks = [
            [None if day is None else rules.look_of(days, day, group_id, names) for day in week]
            for week in rules.weeks(month)
        ]
        found.append(MonthView(month, weeks, len(days.working_days(month.first, month.last, group_id))))
        month = month.next
    return found


# --- exceptions -----------------------------------------------------------------------------------------------------

_FIRST, _LAST = bindparam("first_day", type_=Date()), bindparam("last_day", type_=Date())


def _with_order(model: Any) -> Select[Any]:
    return select(model, Document.number, Document.day).outerjoin(Document, Document.id == model.order_id)


_CLOSURES = (
    _with_order(Closure).where(Closure.first <= _LAST, Closure.last >= _FIRST).order_by(Closure.first, Closure.id)
)
_EXTRAS = _with_order(ExtraDay).where(ExtraDay.day >= _FIRST, ExtraDay.day <= _LAST).order_by(ExtraDay.day)


def _order(number: str | None, day: date | None) -> str | None:
    """Nr. V-12, 2026-11-20."""
    return None if number is None or day is None else f"{number}, {day.isoformat()}"


def _closures(
    days: Calendar, span: tuple[date, date], group_id: int | None, names: dict[int, str], today: date
) -> list[ClosureView]:
    """The closures of the year, of groups one may see; those entered together as one. One statement."""
    entries: dict[tuple[date, date, str, bool], list[tuple[Closure, str | None]]] = {}
    rows = db.session.execute(_CLOSURES, {"first_day": span[0], "last_day": span[1]})
    for one, number, signed in rows:
        if one.group_id is not None and (one.group_id not in names or group_id not in (None, one.group_id)):
            continue
        key = (one.first, one.last, one.reason, one.group_id is None)
        entries.setdefault(key, []).append((one, _order(number, signed)))
    found = []
    for rows_of_one in entries.values():
        one, order = rows_of_one[0]
        facts = [effects.fact_of(other) for other, _order_of in rows_of_one]
        first, last = max(one.first, span[0]), min(one.last, span[1])
        less = days.with_closures(instead_of=facts)
        closes, _opens = rules.changed_days(less, days, first, last, [fact.group_id for fact in facts])
        groups = sorted((names[fact.group_id] for fact in facts if fact.group_id is not None), key=name_key)
        found.append(
            ClosureView(
                id=one.id,
                first=one.first,
                last=one.last,
                reason=one.reason,
                groups=tuple(groups),
                order=order,
                working_days=len(closes),
                has_begun=one.first <= today,
                is_over=one.last < today,
            )
        )
    return found


def _extras(span: tuple[date, date], today: date) -> list[ExtraView]:
    rows = db.session.execute(_EXTRAS, {"first_day": span[0], "last_day": span[1]})
    return [
        ExtraView(one.id, one.day, one.reason, _order(number, signed), one.day <= today) for one, number, signed in rows
    ]
