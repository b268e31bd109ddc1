"""Justifying documents entered or struck out while a month was open, in words: they decide what its days count as."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, exists, select

from ediary.absences.words import KINDS_OF_PAPER
from ediary.acts.records import Removed
from ediary.acts.rules import Mended
from ediary.children.models import Child
from ediary.core.audit import AuditEntry
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.papers.models import Paper, PaperDay

#: what was done to the documents that are about days of the month in the group
_DURING: Any = (
    select(AuditEntry.at, AuditEntry.user_id, AuditEntry.action, Paper, Child.first_name, Child.last_name)
    .join(Paper, Paper.id == AuditEntry.row_id)
    .join(Child, Child.id == Paper.child_id)
    .where(
        AuditEntry.at >= bindparam("opened"),
        AuditEntry.at <= bindparam("closed"),
        AuditEntry.table_name == Paper.__tablename__,
        exists().where(
            PaperDay.paper_id == Paper.id,
            PaperDay.group_id == bindparam("group_id"),
            PaperDay.day >= bindparam("first"),
            PaperDay.day <= bindparam("last"),
        ),
    )
    .order_by(AuditEntry.id)
)
_AUTHOR: Any = select(AuditEntry.user_id).where(
    AuditEntry.table_name == Paper.__tablename__,
    AuditEntry.action == "create",
    AuditEntry.row_id == bindparam("paper_id"),
)


def papers(group_id: int, month: Month, opened: Any, closed: Any) -> Iterable[tuple[Removed, str]]:
    """Each document that is not what it was, with what it says now. One statement, and one for each struck out.

    Entered and struck out in the same unlock is nothing that was mended.
    """
    asked = {"opened": opened, "closed": closed, "group_id": group_id, "first": month.first, "last": month.last}
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(_DURING, asked):
        found.setdefault(row.Paper.id, []).append(row)
    for paper_id, rows in found.items():
        paper, last = rows[-1].Paper, rows[-1]
        is_new = any(row.action == "create" for row in rows)
        is_struck = paper.struck_at is not None and opened <= paper.struck_at <= closed
        if is_new == is_struck:
            continue
        erred = db.session.scalar(_AUTHOR, {"paper_id": paper_id}) if is_struck else None
        change = Mended(None, None, erred, last.user_id, last.at)
        name, said = f"{last.first_name} {last.last_name}", paper_said(paper)
        now = _("struck out: %(why)s", why=paper.struck_why) if is_struck else said
        yield Removed(paper.child_id, name, said if is_struck else _("there was none"), change), now


def paper_said(paper: Paper) -> str:
    """„Gydymo įstaigos dokumentas Nr. 5, 2026-11-02 – 2026-11-06“."""
    number = " " + _("No. %(number)s", number=paper.number) if paper.number else ""
    return f"{KINDS_OF_PAPER[paper.kind]}{number}, {paper.first.isoformat()} – {paper.last.isoformat()}"
