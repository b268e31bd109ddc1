"""What applying a list makes and changes, noted so that one click takes it back.

A changed row is noted with what it said before and after; a made row with its id. Kept sealed: it holds names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Date, Enum, inspect

from ediary.children.timeline import Own
from ediary.core.audit import plain
from ediary.core.batch import write_batch
from ediary.core.db import Base

#: rows of these tables a list makes, in the order in which they are made; they are removed the other way round
ORDER = (
    "groups_group",
    "accounts_user",
    "accounts_membership",
    "staff_employee",
    "children_child",
    "children_particulars",
    "children_guardian",
    "children_personal_code",
    "children_enrolment",
    "meals_order",
)


@dataclass
class Ledger:
    """Filled while a list is applied."""

    made: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    #: (table, id, before, after), values as JSON holds them
    changed: list[tuple[str, int, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    places: dict[int, list[list[Any]]] = field(default_factory=dict)

    def write(self, rows: Sequence[Base]) -> list[int]:
        """Many new rows of one table; their ids, in their order."""
        ids = write_batch(rows)
        if rows:
            self.made[rows[0].__tablename__].extend(ids)
        return ids

    def made_of(self, table: str, ids: Iterable[int]) -> None:
        """Rows that another area's action wrote."""
        self.made[table].extend(ids)

    def note(self, row: Any) -> int:
        """One new row, made by another area's action."""
        row_id: int = row.id
        self.made[row.__tablename__].append(row_id)
        return row_id

    def change(self, row: Any, **values: Any) -> None:
        """Set these values of a row through the unit of work, so that the history has the old ones."""
        before = {name: plain(getattr(row, name)) for name, value in values.items() if getattr(row, name) != value}
        for name in before:
            setattr(row, name, values[name])
        if before:
            after = {name: plain(values[name]) for name in before}
            self.changed.append((row.__tablename__, row.id, before, after))

    def place(self, child_id: int, owns: Sequence[Own]) -> None:
        """The own places a child had before."""
        self.places[child_id] = [
            [own.group_id, own.first.isoformat(), own.last.isoformat() if own.last else None, own.order_id]
            for own in owns
        ]

    def facts(self) -> dict[str, Any]:
        return {
            "made": {name: self.made[name] for name in ORDER if name in self.made},
            "changed": self.changed,
            "places": {str(child_id): owns for child_id, owns in self.places.items()},
        }


def places_before(facts: dict[str, Any]) -> dict[int, list[Own]]:
    """child -> the own places it had before the list was applied."""
    return {
        int(child_id): [
            Own(group_id, date.fromisoformat(first), date.fromisoformat(last) if last else None, order_id)
            for group_id, first, last, order_id in owns
        ]
        for child_id, owns in facts["places"].items()
    }


def model_of(table: str) -> type[Any]:
    """The model whose rows these are."""
    return next(one.class_ for one in Base.registry.mappers if one.class_.__tablename__ == table)


def set_back(row: Any, before: dict[str, Any]) -> None:
    """Give a row the values it had; JSON's text becomes days and codes again."""
    columns = inspect(type(row)).columns
    for name, value in before.items():
        kind = columns[name].type
        if value is not None and isinstance(kind, Date):
            value = date.fromisoformat(value)
        elif value is not None and isinstance(kind, Enum) and kind.enum_class is not None:
            value = kind.enum_class(value)
        setattr(row, name, value)
