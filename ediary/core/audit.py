"""The history: who changed what, from what to what, when, in which role. Written in the change's own transaction.

Each entry carries a salt and a digest over its content, so that it can later be sealed into a chain and a content be
erased by the retention rules while the chain still holds (H2, H4).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.dates import Month
from ediary.core.db import Base
from ediary.core.models import Owned
from ediary.core.types import UTCDateTime


class AuditEntry(Owned, Base):
    """One change of one row (or one batch). Never changed, never deleted."""

    __tablename__ = "core_audit_entry"
    __table_args__ = (
        Index(None, "institution_id", "at"),
        # of who or what, then of the institution: without statistics SQLite takes two equals over one
        Index(None, "child_id", "institution_id", "day"),
        Index(None, "table_name", "row_id"),
        Index(None, "user_id", "institution_id", "at"),
        Index(None, "group_id", "institution_id", "day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))
    role: Mapped[str | None] = mapped_column()
    device: Mapped[str] = mapped_column()
    action: Mapped[str] = mapped_column()
    table_name: Mapped[str] = mapped_column()
    row_id: Mapped[int | None] = mapped_column()
    group_id: Mapped[int | None] = mapped_column()
    child_id: Mapped[int | None] = mapped_column()
    day: Mapped[date | None] = mapped_column()
    #: canonical JSON {field: [old, new]}; a sensitive value is sealed text
    changes: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column()
    is_sensitive: Mapped[bool] = mapped_column()
    salt: Mapped[str] = mapped_column()
    digest: Mapped[str] = mapped_column()


def plain(value: Any) -> Any:
    """A value as canonical JSON can hold it."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"no canonical form for {type(value).__name__}")


def canonical(value: Any) -> str:
    """JSON with one spelling only: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Fields that differ, as {field: [old, new]}; a field missing on one side counts as None there."""
    changed = {}
    for name in sorted(set(before) | set(after)):
        old, new = plain(before.get(name)), plain(after.get(name))
        if old != new:
            changed[name] = [old, new]
    return changed


DIGESTED = (
    "institution_id", "at", "user_id", "role", "device", "action", "table_name", "row_id",
    "group_id", "child_id", "day", "changes", "reason", "is_sensitive",
)  # fmt: skip


def digest_of(entry: Mapping[str, Any], salt: str) -> str:
    """SHA-256 over the salt and the entry's content."""
    content = canonical({name: plain(entry.get(name)) for name in DIGESTED})
    return hashlib.sha256(f"{salt}\n{content}".encode()).hexdigest()


def with_digest(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with a fresh salt and its digest."""
    salt = secrets.token_hex(16)
    return {**entry, "salt": salt, "digest": digest_of(entry, salt)}
