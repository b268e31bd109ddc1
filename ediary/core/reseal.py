"""Which values each data key still seals; sealing them anew with the current one (docs/run.md, keys).

A column named `sealed` holds sealed text, a column `lookup` beside it the blind index of that text: tables that come
later are found by that. The history is left as it is, under the keys of its time. Read across institutions, as only
commands of the server do: what is read is never shown.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, column, func, select, table, update

from ediary.core.audit import AuditEntry
from ediary.core.db import Base, db
from ediary.core.history import entry_of, write_entries
from ediary.core.locks import end_reading, write_transaction
from ediary.core.models import Audited, Owned
from ediary.core.secrets import UNNAMED, KeyMissing, blind_index, data_keys, seal, sealed_with, unseal
from ediary.core.session import acting_for

#: rows a transaction: about 0.1 s, in which a tap waits
CHUNK = 500
#: and bytes: lists that came in are sealed too, and are large
CHUNK_BYTES = 4_000_000

HISTORY = "history"

_institutions = table("institutions_institution", column("id"))
_entries = cast(Table, AuditEntry.__table__).c
#: a sealed value inside an entry's JSON
_IN_ENTRY = re.compile(r'"(?:([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):)?gAAAA[A-Za-z0-9_-]+=*"')


def sealed_tables() -> list[type]:
    """Models with a column of sealed text, in the order of their names."""
    found = [mapper.class_ for mapper in Base.registry.mappers if "sealed" in mapper.column_attrs]
    return sorted(found, key=lambda model: str(_table(model).name))


def _table(model: type) -> Table:
    return cast(Table, cast(Any, model).__table__)


# --- what is there --------------------------------------------------------------------------------------------------


@dataclass
class Use:
    """What one key seals: how many values where, and since when."""

    first: datetime | None = None
    places: dict[str, int] = field(default_factory=dict)

    def add(self, place: str, at: datetime | None, count: int = 1) -> None:
        self.places[place] = self.places.get(place, 0) + count
        if at is not None and (self.first is None or at < self.first):
            self.first = at


def usage() -> dict[str, Use]:
    """Each key's use, by its name: keys that are here, and keys that only values name. Reads all sealed values."""
    uses = {name: Use() for name in data_keys().ring().keys}
    connection = db.session.connection()
    for model in sealed_tables():
        sealed = _table(model).c.sealed
        for value in connection.execute(select(sealed).where(sealed.is_not(None))).scalars():
            uses.setdefault(sealed_with(value), Use()).add(str(_table(model).name), _sealed_at(value))
    entries = select(_entries.at, _entries.changes).where(_entries.is_sensitive).order_by(_entries.id)
    for at, changes in connection.execute(entries):
        for found in _IN_ENTRY.finditer(changes):
            uses.setdefault(found[1] or UNNAMED, Use()).add(HISTORY, at)
    return uses


def _sealed_at(value: str) -> datetime | None:
    """A token says in clear when it was made."""
    with suppress(ValueError):
        head = base64.urlsafe_b64decode(value.rpartition(":")[2][:12])
        return datetime.fromtimestamp(int.from_bytes(head[1:9]), UTC)
    return None


def faults() -> list[str]:
    """What is wrong with the keys, as sentences: a value from each place that does not open, an index that differs.

    A few values are tried, so it costs the same after ten years. A key given up as lost is no fault.
    """
    said = []
    for place, value, lookup in _samples():
        name = sealed_with(value)
        try:
            text = unseal(value)
        except KeyMissing:
            if name not in data_keys().ring().lost:
                said.append(
                    f"What is sealed in {place} needs the data key {name}, which is not here or is another one of that "
                    f"name. Put data.key (or DATA_KEY) back from the backup of the keys. Only if the key is lost for "
                    f"good: `flask --app app keys lost {name}`."
                )
            continue
        if lookup is not None and lookup != blind_index(text):
            said.append(
                f"The index key is not the one {place} was indexed with. Put index.key (or INDEX_KEY) back from the "
                f"backup of the keys, or, if it is lost, index anew: `flask --app app keys reseal`."
            )
    return list(dict.fromkeys(said))


def _samples() -> Iterator[tuple[str, str, str | None]]:
    """The first and last sealed value of each place: (place, value, its index)."""
    connection = db.session.connection()
    for model in sealed_tables():
        columns = _table(model).c
        for order in (columns.id, columns.id.desc()):
            statement = select(columns.sealed, *([columns.lookup] if "lookup" in columns else []))
            row = connection.execute(statement.where(columns.sealed.is_not(None)).order_by(order).limit(1)).first()
            if row is not None:
                yield str(_table(model).name), row[0], row[1] if len(row) > 1 else None
    entry = select(_entries.changes).where(_entries.is_sensitive).order_by(_entries.id.desc()).limit(1)
    for found in _IN_ENTRY.finditer(connection.execute(entry).scalar() or ""):
        yield "the history", found[0].strip('"'), None


# --- sealing anew ---------------------------------------------------------------------------------------------------


@dataclass
class Resealed:
    """What became of a table's values."""

    place: str
    changed: int = 0
    unchanged: int = 0
    #: no key opens them: left as they are
    unreadable: int = 0


def reseal() -> Iterator[Resealed]:
    """Seal every value with the current key and index it with the index key; a report for each table.

    In chunks of their own transactions, while people work: a value changed meanwhile is left to whoever changed it,
    and breaking off loses nothing. Each chunk leaves an entry in the history of its institution.
    """
    all_of_them = select(_institutions.c.id).order_by(_institutions.c.id)
    institutions = list(db.session.connection().execute(all_of_them).scalars())
    end_reading()
    for model in sealed_tables():
        report = Resealed(str(_table(model).name))
        if issubclass(model, Owned):
            for institution_id in institutions:
                with acting_for(institution_id):
                    _reseal(model, report, institution_id)
        else:
            _reseal(model, report, None)
            for institution_id in institutions if report.changed else ():
                with acting_for(institution_id), write_transaction():
                    _record(model, {})
        yield report


def _reseal(model: type, report: Resealed, institution_id: int | None) -> None:
    columns, last = _table(model).c, 0
    mine = [] if institution_id is None else [columns.institution_id == institution_id]
    sizes = select(columns.id, func.length(columns.sealed)).where(*mine).order_by(columns.id).limit(CHUNK)
    chosen = select(columns.id, columns.sealed, *([columns.lookup] if "lookup" in columns else [])).where(*mine)
    while True:
        with write_transaction():
            connection = db.session.connection()
            until = _one_chunk(connection.execute(sizes.where(columns.id > last)))
            if until is None:
                return
            rows = connection.execute(chosen.where(columns.id > last, columns.id <= until).order_by(columns.id))
            last = until
            _reseal_rows(model, rows.mappings().all(), report, logged=institution_id is not None)


def _one_chunk(sizes: Iterable[Any]) -> int | None:
    """The last id of as many rows as are not too much together; None when there are none."""
    last, total = None, 0
    for row_id, size in sizes:
        total += size or 0
        if last is not None and total > CHUNK_BYTES:
            break
        last = row_id
    return last


def _reseal_rows(model: type, rows: Any, report: Resealed, *, logged: bool) -> None:
    current, changed = data_keys().ring().current, []
    for row in rows:
        if row["sealed"] is None:
            continue
        try:
            text = unseal(row["sealed"])
        except KeyMissing:
            report.unreadable += 1
            continue
        values = {"to_sealed": row["sealed"] if sealed_with(row["sealed"]) == current else seal(text)}
        if "lookup" in row:
            values["to_lookup"] = blind_index(text)
        if list(values.values()) == list(row.values())[1:]:
            report.unchanged += 1
        else:
            changed.append(values | {"of_id": row["id"], "was": row["sealed"]})
    if not changed:
        return
    columns = _table(model).c
    to: dict[str, Any] = {name: bindparam(f"to_{name}") for name in ("sealed", "lookup") if name in columns}
    statement = update(_table(model)).where(columns.id == bindparam("of_id"), columns.sealed == bindparam("was"))
    for values in changed:
        done = db.session.connection().execute(statement.values(to), values)
        report.changed += done.rowcount
    if logged:
        _record(model, {"rows": len(changed)})


def _record(model: type, facts: dict[str, int]) -> None:
    """That values were sealed anew stands in the history, once for a chunk; what they say has not changed."""
    session, name = db.session(), str(_table(model).name)
    event = type(model.__name__, (Audited,), {"__tablename__": name})()  # of the table, not of one row
    entry = entry_of(session, "reseal", event, {}, {"sealed_with": data_keys().ring().current, **facts})
    write_entries(session, [entry])
