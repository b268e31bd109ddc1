"""Many rows at once: the one door past the unit of work, with the same guard and history."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import ARRAY, Connection, Table, bindparam, func, insert, inspect, select

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
    Cost: at most two statements and the history's, however many rows they are.
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
    values = [_values(row) for row in rows]
    table = cast(Table, cls.__table__)
    ids = _write(session.connection(), table, values)
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


def _values(row: Base) -> dict[str, Any]:
    """A new row's values by column, but for its id; what was not set is the column's default, or nothing."""
    given = vars(row)
    return {
        name: default if (value := given.get(key)) is None else value for key, name, default in _columns_of(type(row))
    }


@cache
def _columns_of(cls: type[Base]) -> list[tuple[str, str, Any]]:
    """(attribute, column, default) of all columns of a model but its id."""
    columns = [(attr.key, attr.columns[0]) for attr in inspect(cls).column_attrs]
    return [
        (key, column.name, column.default.arg if column.default is not None and column.default.is_scalar else None)
        for key, column in columns
        if not column.primary_key
    ]


# --- the writing ----------------------------------------------------------------------------------------------------
# Asked for the ids of many rows, SQLAlchemy has SQLite write row by row, and PostgreSQL read a statement with a name
# for each value of each row: three times the work of the writing itself.


def _write(connection: Connection, table: Table, values: Sequence[dict[str, Any]]) -> list[int]:
    if connection.dialect.name != "sqlite":
        columns = {name: [value[name] for value in values] for name in values[0]}
        return sorted(connection.execute(_insert_columns(table), columns).scalars())
    last = connection.scalar(select(func.max(table.c.id))) or 0  # SQLite has one writer at a time: us
    ids = range(last + 1, last + 1 + len(values))
    connection.execute(insert(table), [{"id": row_id, **value} for row_id, value in zip(ids, values, strict=True)])
    return list(ids)


@cache
def _insert_columns(table: Table) -> Any:
    """PostgreSQL: one value for each of the table's columns, what the rows have in it. Ids rise in the rows' order."""
    columns = [column for column in table.c if not column.primary_key]
    arrays = [bindparam(column.name, type_=ARRAY(column.type)) for column in columns]
    rows = func.unnest(*arrays).table_valued(*(column.name for column in columns), with_ordinality="place")
    rows = rows.render_derived()
    in_order = select(*(rows.c[column.name] for column in columns)).order_by(rows.c.place)
    return insert(table).from_select([column.name for column in columns], in_order).returning(table.c.id)
