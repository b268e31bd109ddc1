"""Records removed while that was open, in words (S II.4): whole documents, and a child's, withdrawn from the card."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, or_, select

from ediary.acts.rules import Mended
from ediary.children.models import Child, ChildFile, Enrolment
from ediary.core.audit import AuditEntry
from ediary.core.dates import VILNIUS
from ediary.core.db import db
from ediary.core.members import member_of
from ediary.institutions.models import Document
from ediary.periods.models import Unlock

_DOCUMENTS, _FILES = Document.__tablename__, ChildFile.__tablename__
_DURING: Any = (
    select(
        AuditEntry.at,
        AuditEntry.user_id,
        AuditEntry.action,
        AuditEntry.table_name,
        AuditEntry.row_id,
        AuditEntry.child_id,
        AuditEntry.changes,
    )
    .where(
        AuditEntry.at >= bindparam("opened"),
        AuditEntry.at <= bindparam("closed"),
        or_(
            (AuditEntry.table_name == _DOCUMENTS) & (AuditEntry.action == "remove"),
            (AuditEntry.table_name == _FILES) & (AuditEntry.action == "change"),
        ),
    )
    .order_by(AuditEntry.id)
)
_AUTHORS: Any = select(AuditEntry.row_id, AuditEntry.user_id).where(
    AuditEntry.table_name == bindparam("table"), AuditEntry.action == "create", member_of(AuditEntry.row_id, "ids")
)


@dataclass(frozen=True)
class Removed:
    """A record that is gone from sight: whose it was, what it said, who had entered it."""

    child_id: int | None
    about: str
    was: str
    change: Mended


def removed(row: Unlock, closed_at: datetime) -> Iterable[Removed]:
    """What was removed of the unlock's group, or of none, while it was open. Six statements at most."""
    entries = [
        (entry, json.loads(entry.changes))
        for entry in db.session.execute(_DURING, {"opened": row.opened_at, "closed": closed_at})
    ]
    documents = [(entry, said) for entry, said in entries if entry.table_name == _DOCUMENTS and row.group_id is None]
    files = [(entry, said) for entry, said in entries if entry.table_name == _FILES and said.get("withdrawn_at")]
    known = _files({entry.row_id for entry, _said in files}, row, closed_at)
    by = _authors(_DOCUMENTS, {entry.row_id for entry, _said in documents}) | _authors(_FILES, set(known))
    for entry, said in documents:
        was = {name: pair[0] for name, pair in said.items()}
        about = _("Document No. %(number)s, %(day)s", number=was["number"], day=was["day"])
        yield Removed(None, about, was["title"] or "–", _change(entry, by.get((_DOCUMENTS, entry.row_id))))
    for entry, _said in files:
        if entry.row_id in known:
            name, title = known[entry.row_id]
            yield Removed(entry.child_id, name, title, _change(entry, by.get((_FILES, entry.row_id))))


def _change(entry: Any, erred_id: int | None) -> Mended:
    return Mended(None, None, erred_id, entry.user_id, entry.at)


def _authors(table: str, ids: set[int]) -> dict[tuple[str, int], int | None]:
    if not ids:
        return {}
    return {(table, row_id): user_id for row_id, user_id in db.session.execute(_AUTHORS, {"table": table, "ids": ids})}


def _files(ids: set[int], row: Unlock, closed_at: datetime) -> dict[int, tuple[str, str]]:
    """Those of the children's documents whose child was of the unlock's group: the child's name, what they are."""
    if not ids:
        return {}
    day = closed_at.astimezone(VILNIUS).date()
    own = select(Enrolment.child_id).where(
        or_(Enrolment.home_id == row.group_id, (Enrolment.home_id.is_(None)) & (Enrolment.group_id == row.group_id)),
        Enrolment.valid_from <= day,
        or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= row.opened_at.astimezone(VILNIUS).date()),
    )
    nowhere = ~ChildFile.child_id.in_(select(Enrolment.child_id).where(Enrolment.valid_to.is_(None)))
    rows: Any = db.session.execute(
        select(ChildFile.id, Child.first_name, Child.last_name, ChildFile.title, ChildFile.day)
        .join(Child, Child.id == ChildFile.child_id)
        .where(member_of(ChildFile.id, "ids"), nowhere if row.group_id is None else ChildFile.child_id.in_(own)),
        {"ids": ids},
    )
    return {found: (f"{first} {last}", f"{title}, {of}") for found, first, last, title, of in rows}
