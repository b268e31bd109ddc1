"""Many rows at once: the one door past the unit of work, with the same guard and history."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, insert, inspect

from ediary.core.audit import canonical, plain
from ediary.core.db import Base, db
from ediary.core.errors import FenceBreach
from ediary.core.history import entry_of, write_entries
from ediary.core.locks import held
from ediary.core.models import Audited, Cooked, Cover, Dated, OfStay
from ediary.core.session import filled_fields, guard_owner, guard_span, guard_stay


def write_batch(rows: Sequence[Base]) -> list[int]:
    """The one door for many rows of one table: imports and loads. Returns their ids, in their order.

    Stamps the institution, asks each row's lock once per (group, day), and writes the history once for the batch,
    with a digest over all its rows in their order. The rows themselves are not kept in the session.
    """
    if not rows:
        return []
    session = db.session()
    holding = held()
    cls = type(rows[0])
    if any(type(row) is not cls for row in rows):
        raise FenceBreach("a batch holds rows of one table")
    asked: set[tuple[int, date, frozenset[Cover]]] = set()
    for row in rows:
        guard_owner(session, row)
        if isinstance(row, Dated):
            asked.add((row.group_id, row.day, frozenset(row.locked_by[name] for name in filled_fields(row))))  # type: ignore[attr-defined]
        elif isinstance(row, Cooked):
            guard_span(holding, row, before=None, after=(row.valid_from, row.valid_to))
    for group_id, day, touched in asked:
        holding.require(group_id, day, set(touched))
    if issubclass(cls, OfStay):
        guard_stay(session, {row.child_id for row in rows})  # type: ignore[attr-defined]
    mapper = inspect(cls)
    columns = [attr for attr in mapper.column_attrs if not attr.columns[0].primary_key]
    values = [{attr.columns[0].name: _value(row, attr) for attr in columns} for row in rows]
    table = cast(Table, cls.__table__)
    written = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    ids = list(session.connection().execute(written, values).scalars())
    if issubclass(cls, Audited):
        digest = hashlib.sha256()
        for value in values:
            digest.update(canonical({name: plain(item) for name, item in value.items()}).encode())
        first = rows[0]
        entry = entry_of(session, "batch", first, {}, {})
        entry |= {"child_id": None, "changes": canonical({"rows": len(rows), "sha256": digest.hexdigest()})}
        groups, days = (
            {getattr(row, "group_id", None) for row in rows},
            {getattr(row, "day", None) for row in rows},
        )
        entry |= {
            "group_id": groups.pop() if len(groups) == 1 else None,
            "day": days.pop() if len(days) == 1 else None,
        }
        write_entries(session, [entry])
    return ids


def _value(row: Any, attr: Any) -> Any:
    value = getattr(row, attr.key)
    column = attr.columns[0]
    if value is None and column.default is not None and column.default.is_scalar:
        return column.default.arg
    return value
