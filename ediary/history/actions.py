"""What reading the history writes: that somebody opened what it keeps closed, before it is shown."""

from __future__ import annotations

from sqlalchemy import select

from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.history import record_reading
from ediary.history import queries


def note_opening(entry_id: int) -> None:
    """Put the reading of an entry's closed values on record. Raises NotFound, also where the role may not read them."""
    entry = db.session.scalars(
        select(AuditEntry).where(
            AuditEntry.id == entry_id, (AuditEntry.table_name + "").in_(queries.readable()), AuditEntry.is_sensitive
        )
    ).one_or_none()
    if entry is None or not queries.may_open(entry.table_name):
        raise NotFound
    record_reading(entry)
