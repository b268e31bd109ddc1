"""Dated settings: a change is entered with the day it begins on, and what was before that day stays as it was.

The rows of a `Settled` model are a chain; a change closes its last row the day before and adds the next one. What is
planned can be taken back until it begins. Here they are written, and nowhere else; `core.spans.valid_on` reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar, cast

from flask_babel import gettext as _
from sqlalchemy import Integer, bindparam, column, inspect, select, table

from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.locks import held
from ediary.core.models import Settled
from ediary.core.session import scope

Row = TypeVar("Row", bound=Settled)

#: what makes a row this setting at this time, and so is never carried over from the row before
_OWN = frozenset({"id", "institution_id", "valid_from", "valid_to", "set_by"})

_institutions = table("institutions_institution", column("id", Integer()))
_ALONE = (
    select(_institutions.c.id)
    .where(_institutions.c.id == bindparam("institution_id"))
    .with_for_update(key_share=True)  # what is written beside it only refers to the row, and does not wait
)


def one_at_a_time() -> None:
    """Wait for whoever else changes this institution's settings, to the end of this write. Taps do not wait.

    Called before anything is read that the change stands on: two people who enter the same thing at once are one
    after the other, and the second is told what the first did. One statement.
    """
    held()
    db.session.connection().execute(_ALONE, {"institution_id": scope().institution_id})


def why_not_from(first: date, today: date, starts: Sequence[date]) -> str | None:
    """Why a setting cannot change from `first` on, as a sentence; None when it can. Pure.

    `starts` are the days its rows begin on. A change begins tomorrow at the earliest, and after all that is planned.
    """
    if first <= today:
        return _("A change can begin tomorrow at the earliest: what holds today stays as it is.")
    planned = max(starts, default=None)
    if planned is not None and first <= planned:
        return _(
            "A change from %(day)s on is planned already. Take it back first, or let this one begin later.",
            day=planned.isoformat(),
        )
    return None


def chain(model: type[Row], **key: Any) -> list[Row]:
    """The rows of a setting, the first first; `key` says of what where the model has `settled_by`. One statement."""
    return list(db.session.scalars(select(model).filter_by(**key).order_by(model.valid_from)))


def replace_from(model: type[Row], first: date, set_by: str, **values: Any) -> Row | None:
    """From `first` on these values hold; those not named stay as they are set last. Two statements and the writes.

    Returns the new row, or None when nothing would change by it. Raises BadInput when it cannot begin on that day.
    """
    one_at_a_time()
    rows = chain(model, **{name: values[name] for name in model.settled_by})
    refusal = why_not_from(first, held().today, [row.valid_from for row in rows])
    if refusal:
        raise BadInput(refusal)
    last = rows[-1] if rows else None
    if last is not None and all(getattr(last, name) == value for name, value in values.items()):
        return None
    if last is not None:
        if last.valid_to is None or last.valid_to >= first:
            last.valid_to = first - ONE_DAY
        values = {name: getattr(last, name) for name in contents(model)} | values
    row = cast(Any, model)(valid_from=first, valid_to=None, set_by=set_by, **values)
    db.session.add(row)
    db.session.flush()
    return cast(Row, row)


def withdraw(row: Settled) -> None:
    """Take back a planned change: what was before it holds on until the next one. Raises BadInput once it has begun."""
    one_at_a_time()
    if row.valid_from <= held().today:
        raise BadInput(_("This change holds already. Enter a new one with the day it begins on."))
    rows = chain(type(row), **{name: getattr(row, name) for name in row.settled_by})
    before = [one for one in rows if one.valid_from < row.valid_from]
    if before and before[-1].valid_to == row.valid_from - ONE_DAY:
        before[-1].valid_to = row.valid_to
    db.session.delete(row)
    db.session.flush()


def contents(model: type[Settled]) -> list[str]:
    """The names of what a setting says, apart from when and by whom."""
    return [attr.key for attr in inspect(model).column_attrs if attr.key not in _OWN]
