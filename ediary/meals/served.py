"""What an institution serves, as its settings: meals and diets are entered, called otherwise and ended from a day on.

Both are alike: a row with the days on which it is served, and a chain of names (`core.settled`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from ediary.core import clock, settled
from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.i18n import folded, name_key
from ediary.core.locks import held
from ediary.core.spans import valid_on
from ediary.meals.models import ChildDiet, Diet, DietName, KindName, MealKind, MealOrder


class What(StrEnum):
    """Which of the two."""

    KIND = "kind"
    DIET = "diet"


@dataclass(frozen=True)
class _Tables:
    row: Any
    name: Any
    #: of a name: whose it is
    of: str
    #: who eats it: the model, and its column
    eaten: Any
    by: Any


_TABLES = {
    What.KIND: _Tables(MealKind, KindName, "kind_id", MealOrder, MealOrder.meal_kind_id),
    What.DIET: _Tables(Diet, DietName, "diet_id", ChildDiet, ChildDiet.diet_id),
}


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Name:
    """What it is called from a day on; None = from the beginning."""

    name: str
    since: date | None
    set_by: str | None


@dataclass(frozen=True)
class Entry:
    """A meal or a diet with all its names, the first first."""

    what: What
    id: int
    valid_from: date
    valid_to: date | None
    names: tuple[Name, ...]
    #: how many children eat it today
    eaters: int
    today: date

    @property
    def shown(self) -> Name:
        """Its name of today."""
        return next(name for name in reversed(self.names) if name.since is None or name.since <= self.today)

    @property
    def planned(self) -> Name | None:
        """What it will be called."""
        last = self.names[-1]
        return last if last.since is not None and last.since > self.today else None

    @property
    def is_over(self) -> bool:
        return self.valid_to is not None and self.valid_to < self.today

    @property
    def is_coming(self) -> bool:
        return self.valid_from > self.today

    @property
    def can_go(self) -> bool:
        """It has not begun and nobody eats it: it can be removed as if it had never been."""
        return self.valid_from >= self.today and not self.eaters

    @property
    def first_change(self) -> date:
        """The earliest day a further name may begin on."""
        return max(self.today, self.valid_from, self.names[-1].since or self.valid_from) + ONE_DAY


@dataclass(frozen=True)
class Served:
    """The page: what is served or will be, and what no longer is."""

    today: date
    kinds: list[Entry]
    diets: list[Entry]
    over: list[Entry]


def page() -> Served:
    """Everything ever served. Six statements."""
    today = clock.today()
    kinds, diets = entries(What.KIND, today), entries(What.DIET, today)
    return Served(
        today,
        [one for one in kinds if not one.is_over],
        [one for one in diets if not one.is_over],
        [one for one in (*kinds, *diets) if one.is_over],
    )


def entries(what: What, today: date) -> list[Entry]:
    """Meals in the order of the day, diets by name. Three statements."""
    tables = _TABLES[what]
    names: dict[int, list[Name]] = {}
    for one in db.session.scalars(select(tables.name).order_by(tables.name.valid_from)):
        names.setdefault(getattr(one, tables.of), []).append(Name(one.name, one.valid_from, one.set_by))
    counted = select(tables.by, func.count()).where(valid_on(tables.eaten, today)).group_by(tables.by)
    eaters = Counter({row[0]: row[1] for row in db.session.execute(counted)})
    rows = list(db.session.scalars(select(tables.row).order_by(tables.row.id)))
    found = [
        Entry(
            what, row.id, row.valid_from, row.valid_to,
            (Name(row.name, None, None), *names.get(row.id, ())), eaters[row.id], today,
        )
        for row in rows
    ]  # fmt: skip
    if what is What.DIET:
        return sorted(found, key=lambda one: (name_key(one.shown.name), one.id))
    places = {row.id: row.position for row in rows}
    return sorted(found, key=lambda one: (places[one.id], one.id))


def entry(what: What, row_id: int) -> Entry:
    """One of them. Raises NotFound."""
    found = next((one for one in entries(what, clock.today()) if one.id == row_id), None)
    if found is None:
        raise NotFound
    return found


# --- writing --------------------------------------------------------------------------------------------------------


def enter(what: What, name: str, first: date) -> int:
    """One more from a day on, today at the earliest: nobody eats it until it is ordered. Raises BadInput."""
    settled.one_at_a_time()
    if first < held().today:
        raise BadInput(_("What is past stays as it was. Choose today or a later day."))
    others = entries(what, held().today)
    _refuse_alike(name, first, others)
    tables = _TABLES[what]
    row = tables.row(name=name, valid_from=first, valid_to=None)
    if what is What.KIND:
        row.position = (db.session.scalar(select(func.max(MealKind.position))) or 0) + 1
    db.session.add(row)
    db.session.flush()
    return int(row.id)


def rename(what: What, row_id: int, name: str, first: date, by: str) -> None:
    """From a day on it is called otherwise; who eats it goes on eating it. Raises NotFound, BadInput."""
    settled.one_at_a_time()
    row, others = _row(what, row_id), entries(what, held().today)
    if row.valid_to is not None and row.valid_to < first:
        raise BadInput(_("It is served only until %(day)s.", day=row.valid_to.isoformat()))
    if first <= row.valid_from:
        raise BadInput(_("It is served from %(day)s on. Choose a later day.", day=row.valid_from.isoformat()))
    _refuse_alike(name, first, [one for one in others if one.id != row_id])
    own = next(one for one in others if one.id == row_id)
    if own.names[-1].name == name:
        raise BadInput(_("It is called so already."))
    tables = _TABLES[what]
    settled.replace_from(tables.name, first, by, **{tables.of: row_id, "name": name})


def _refuse_alike(name: str, first: date, others: list[Entry]) -> None:
    """Two alike on one day nobody could tell apart."""
    for one in others:
        ends_before = one.valid_to is not None and one.valid_to < first
        if not ends_before and folded(name) in {folded(known.name) for known in one.names}:
            raise BadInput(_("“%(name)s” is there already.", name=name))
        if one.valid_from == first and one.names[0].name == name:
            raise BadInput(_("“%(name)s” is there already.", name=name))


def withdraw_name(what: What, row_id: int) -> None:
    """The planned name is taken back. Raises NotFound, and BadInput when none is planned or it holds already."""
    _row(what, row_id)
    tables = _TABLES[what]
    rows = settled.chain(tables.name, **{tables.of: row_id})
    if not rows:
        raise BadInput(_("No other name is planned."))
    settled.withdraw(rows[-1])


def end(what: What, row_id: int, last: date) -> None:
    """After this day it is no longer served: today at the earliest. Raises NotFound, BadInput."""
    settled.one_at_a_time()
    row = _row(what, row_id)
    if row.valid_to is not None and row.valid_to < held().today:
        raise BadInput(_("It is no longer served."))
    if last < held().today:
        raise BadInput(_("What is past stays as it was. Choose today or a later day."))
    if last < row.valid_from:
        raise BadInput(_("It begins only on %(day)s. Choose that day or a later one.", day=row.valid_from.isoformat()))
    row.valid_to = last
    db.session.flush()


def keep(what: What, row_id: int) -> None:
    """The planned end is taken back. Raises NotFound, and BadInput when it has ended."""
    settled.one_at_a_time()
    row = _row(what, row_id)
    if row.valid_to is not None and row.valid_to < held().today:
        raise BadInput(_("It is no longer served: enter it anew."))
    if row.valid_to is not None:
        found = entries(what, held().today)
        mine = next(one for one in found if one.id == row_id)
        for name in mine.names:
            _refuse_alike(name.name, row.valid_to + ONE_DAY, [one for one in found if one.id != row_id])
    row.valid_to = None
    db.session.flush()


def remove(what: What, row_id: int) -> None:
    """What has not begun and nobody eats was never there. Raises NotFound, BadInput."""
    settled.one_at_a_time()
    row, tables = _row(what, row_id), _TABLES[what]
    ordered = db.session.scalar(select(tables.eaten.id).where(tables.by == row_id).limit(1))
    if ordered is not None or row.valid_from < held().today:
        raise BadInput(_("It is in use already, so it cannot be removed. Say when it is served for the last time."))
    for name in settled.chain(tables.name, **{tables.of: row_id}):
        db.session.delete(name)
    db.session.flush()
    db.session.delete(row)
    db.session.flush()


def move(row_id: int, *, up: bool) -> None:
    """A meal a place earlier or later in the day. Raises NotFound."""
    settled.one_at_a_time()
    _row(What.KIND, row_id)
    rows = list(db.session.scalars(select(MealKind).order_by(MealKind.position, MealKind.id)))
    shown = [one for one in rows if one.valid_to is None or one.valid_to >= held().today]
    at = next((at for at, one in enumerate(shown) if one.id == row_id), None)
    other = None if at is None else at - 1 if up else at + 1
    if at is None or other is None or not 0 <= other < len(shown):
        return
    order = [one for one in rows if one is not shown[at]]
    order.insert(order.index(shown[other]) + (0 if up else 1), shown[at])
    for position, one in enumerate(order, start=1):
        if one.position != position:
            one.position = position
    db.session.flush()


def _row(what: What, row_id: int) -> Any:
    model = _TABLES[what].row
    found = db.session.scalars(select(model).where(model.id == row_id)).one_or_none()
    if found is None:
        raise NotFound
    return found
