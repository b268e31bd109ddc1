"""What a row refers to, in words: a group, a reason, an order, a person by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Table, inspect, select

from ediary.core.db import Base, db
from ediary.core.members import member_of
from ediary.core.people import role_name

#: table -> the columns read, and how they are said
_SAID: dict[str, tuple[tuple[str, ...], Callable[..., str]]] = {
    "groups_group": (("name", "school_year"), lambda name, year: f"{name} ({year}–{year + 1})"),
    "attendance_reason": (("letter", "name"), lambda letter, name: f"{letter} – {name}"),
    "meals_kind": (("name",), str),
    "meals_diet": (("name",), str),
    "institutions_document": (
        ("number", "day"),
        lambda number, day: _("No. %(number)s, %(day)s", number=number, day=day.isoformat()),
    ),
    "children_child": (("first_name", "last_name"), lambda first, last: f"{first} {last}"),
    "portions_correction": (
        ("number", "day"),
        lambda number, day: _("No. %(number)s, %(day)s", number=number, day=day.isoformat()),
    ),
    "acts_act": (("year", "number"), lambda year, number: f"{year}-{number}"),
    "accounts_membership": (("role",), lambda role: role_name(role, "")),
    "accounts_pledge_text": (("valid_from",), str),
    "tablets_tablet": (("name",), str),
    "accounts_user": (("first_name", "last_name"), lambda first, last: f"{first} {last}"),
    "staff_employee": (("first_name", "last_name"), lambda first, last: f"{first} {last}"),
}
KNOWN = frozenset(_SAID)


def target_of(model: Any, key: str) -> str | None:
    """The table a column refers to."""
    keys = inspect(model).columns[key].foreign_keys
    return next((one.column.table.name for one in keys), None)


class Labels:
    """The names of all that some rows refer to. One statement for each table."""

    def __init__(self, wanted: Iterable[tuple[str, Any]]) -> None:
        ids: dict[str, set[int]] = defaultdict(set)
        for table, value in wanted:
            if value is not None:
                ids[table].add(value)
        models: dict[str, Any] = {}
        for mapper in Base.registry.mappers:
            if isinstance(mapper.local_table, Table):
                models[mapper.local_table.name] = mapper.class_
        self._names: dict[str, dict[int, str]] = {}
        for table, found in sorted(ids.items()):
            columns, say = _SAID[table]
            model = models[table]
            chosen = select(model.id, *(getattr(model, column) for column in columns))
            rows = db.session.execute(chosen.where(member_of(model.id, "ids")), {"ids": found})
            self._names[table] = {row[0]: say(*row[1:]) for row in rows}

    def of(self, table: str, value: int | None) -> str | None:
        """None for nothing, a dash for what cannot be read here."""
        return None if value is None else self._names.get(table, {}).get(value, "–")

    def named(self, model: Any, keys: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows, ids of other rows replaced by their names."""
        targets = [target_of(model, key) for key in keys]
        if not any(targets):
            return list(rows)
        return [
            tuple(self.of(target, value) if target else value for target, value in zip(targets, row, strict=True))
            for row in rows
        ]
