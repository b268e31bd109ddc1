"""The history: each change of an audited row becomes an entry in the same transaction, with its old value.

The last of the fence's four parts (`core/session.py` has the others): nothing is written that leaves no trace.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, event, insert, inspect
from sqlalchemy.orm import Mapper, Session, UOWTransaction

from ediary.core import secrets
from ediary.core.audit import AuditEntry, canonical, diff, with_digest
from ediary.core.db import FencedSession, db
from ediary.core.errors import FenceBreach
from ediary.core.models import Audited, IsChild, IsGroup, IsInstitution
from ediary.core.scope import Scope


def _row(obj: Any) -> dict[str, Any]:
    mapper: Mapper[Any] = inspect(type(obj))
    return {attr.key: getattr(obj, attr.key) for attr in mapper.column_attrs}


def _before(obj: Any) -> dict[str, Any]:
    state = inspect(obj)
    before = {}
    for attr in state.mapper.column_attrs:
        history = state.attrs[attr.key].history
        before[attr.key] = history.deleted[0] if history.deleted else (history.unchanged or [None])[0]
    return before


def _institution_of(obj: Any, current: Scope | None) -> int:
    """In whose history a row's change stands: its own institution's; a person's in that of who made the change."""
    found: int | None = obj.id if isinstance(obj, IsInstitution) else getattr(obj, "institution_id", None)
    if found is None and current is not None:
        found = current.institution_id
    if found is None:
        raise FenceBreach(f"{type(obj).__name__} is written inside a scope: its history belongs somewhere")
    return found


def entry_of(session: Session, action: str, obj: Any, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    current: Scope | None = session.info.get("scope")
    cls = type(obj)
    changes = diff(before, after)
    for name in cls.secret & set(changes):
        changes[name] = ["changed"]
    touched_sensitive = cls.sensitive & set(changes)
    for name in touched_sensitive:
        changes[name] = [None if value is None else secrets.seal(str(value)) for value in changes[name]]
    key = after.get("id") or before.get("id")
    return {
        "institution_id": _institution_of(obj, current),
        "at": session.info["held"].now,
        "user_id": current.user_id if current else None,
        "role": current.role.value if current and current.role else None,
        "device": current.device if current else "program",
        "action": action,
        "table_name": cls.__tablename__,
        "row_id": key,
        "group_id": key if isinstance(obj, IsGroup) else getattr(obj, "group_id", None),
        "child_id": key if isinstance(obj, IsChild) else getattr(obj, "child_id", None),
        "day": getattr(obj, "day", None),
        "changes": canonical(changes),
        "reason": session.info.get("reason"),
        "is_sensitive": bool(touched_sensitive),
    }


@event.listens_for(FencedSession, "after_flush")
def write_history(session: Session, context: UOWTransaction) -> None:
    """Each change of an audited row becomes an entry in the same transaction."""
    entries = [entry_of(session, "create", obj, {}, _row(obj)) for obj in session.new if isinstance(obj, Audited)]
    entries += [
        entry_of(session, "change", obj, _before(obj), _row(obj))
        for obj in session.dirty
        if isinstance(obj, Audited) and session.is_modified(obj)
    ]
    entries += [
        entry_of(session, "remove", obj, _before(obj), {}) for obj in session.deleted if isinstance(obj, Audited)
    ]
    write_entries(session, entries)


_WRITE_ENTRY = insert(cast(Table, AuditEntry.__table__))


def write_entries(session: Session, entries: list[dict[str, Any]]) -> None:
    if entries:
        session.connection().execute(_WRITE_ENTRY, [with_digest(entry) for entry in entries])


def record(action: str, obj: Any, **facts: Any) -> None:
    """Write an event that changes no row (a print, a reading that must be logged) into the history."""
    session = db.session()
    write_entries(session, [entry_of(session, action, obj, {}, facts | {"id": obj.id})])


def record_reading(entry: AuditEntry) -> None:
    """That somebody opened what an entry of the history keeps closed, written before it is shown."""
    session = db.session()
    current: Scope = session.info["scope"]
    source = {name: getattr(entry, name) for name in ("table_name", "row_id", "group_id", "child_id", "day")}
    write_entries(
        session,
        [
            {
                **source,
                "institution_id": entry.institution_id,
                "at": session.info["held"].now,
                "user_id": current.user_id,
                "role": current.role.value if current.role else None,
                "device": current.device,
                "action": "opened",
                "changes": canonical({"entry": [None, entry.id]}),
                "reason": None,
                "is_sensitive": False,
            }
        ],
    )
