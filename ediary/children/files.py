"""Documents of a child, kept as files; withdrawn from the card, never removed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from ediary.children.models import ChildFile
from ediary.children.rules import tidy
from ediary.core import store
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.history import record
from ediary.core.locks import held
from ediary.core.uploads import Upload


def add_file(child_id: int, title: str, day: date, upload: Upload, by: str) -> ChildFile:
    """Keep a document of the child's; `by`: role and name of who entered it."""
    row = ChildFile(
        child_id=child_id,
        title=tidy(title),
        day=day,
        sha256=store.keep(upload.content),
        file_name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        entered_at=held().now,
        entered_by=by,
        withdrawn_at=None,
    )
    db.session.add(row)
    db.session.flush()
    return row


def child_file(child_id: int, file_id: int) -> ChildFile:
    """Raises NotFound, also for one that is withdrawn."""
    found = db.session.scalars(
        select(ChildFile).where(
            ChildFile.id == file_id, ChildFile.child_id == child_id, ChildFile.withdrawn_at.is_(None)
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def withdraw_file(child_id: int, file_id: int) -> None:
    child_file(child_id, file_id).withdrawn_at = held().now
    db.session.flush()


def note_reading(child_id: int, file_id: int) -> ChildFile:
    """Put it on record that a document is given out: it may hold what is nobody else's to know."""
    row = child_file(child_id, file_id)
    record("opened", row)
    return row
