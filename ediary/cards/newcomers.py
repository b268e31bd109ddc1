"""The page on which a child is entered, and who is known by the same name already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from ediary.children.models import Child
from ediary.children.rules import fold
from ediary.core import clock
from ediary.core.dates import ONE_DAY, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.session import acting_for, scope
from ediary.groups.models import Group
from ediary.meals.queries import Kind, kinds, offered_diets
from ediary.workdays.queries import calendar

#: where the next working day is looked for
AHEAD = timedelta(days=21)


@dataclass(frozen=True)
class EntryPage:
    """What there is to choose from."""

    today: date
    #: the next working day: the first the kitchen has not begun
    first_day: date
    groups: list[tuple[int, str]]
    kinds: list[Kind]
    diets: list[tuple[int, str]]


def entry_page() -> EntryPage:
    """The groups one may enter children into, of this school year and the next. Four statements."""
    today = clock.today()
    first_day = next_working_day(today)
    return EntryPage(today, first_day, groups_to_enter(today), kinds(first_day), offered_diets(today))


def next_working_day(today: date) -> date:
    """The first working day after today; tomorrow where the stored calendar has ended. One statement."""
    tomorrow = today + ONE_DAY
    return next(iter(calendar(tomorrow, today + AHEAD).working_days(tomorrow, today + AHEAD)), tomorrow)


def groups_to_enter(today: date) -> list[tuple[int, str]]:
    """This year's by name; next year's after them, with the year."""
    year = school_year_of(today)
    rows = db.session.execute(
        select(Group.id, Group.name, Group.school_year).where(Group.school_year.in_([year, year + 1]))
    ).all()
    rows = sorted(rows, key=lambda row: (row.school_year, name_key(row.name)))
    return [
        (row.id, row.name if row.school_year == year else f"{row.name} ({school_year_span(row.school_year)[0]} →)")
        for row in rows
    ]


@dataclass(frozen=True)
class Double:
    """A child of the house by the same name and birth date."""

    child_id: int
    name: str


def doubles(first_name: str, last_name: str, born: date) -> list[Double]:
    """In the whole house, also where one sees only own groups: a child is entered once. One statement."""
    with acting_for(scope().institution_id):
        rows = db.session.execute(
            select(Child.id, Child.first_name, Child.last_name).where(Child.birth_date == born)
        ).all()
    sought = (fold(first_name), fold(last_name))
    return [
        Double(row.id, f"{row.first_name} {row.last_name}")
        for row in rows
        if (fold(row.first_name), fold(row.last_name)) == sought
    ]


def seen(found: Sequence[Double]) -> str:
    """Which doubles were shown, so that it is these that are said to be others."""
    return ".".join(str(one.child_id) for one in found)


def opens_cards() -> bool:
    """Does one see the cards of the whole house?"""
    return scope().group_ids is None
