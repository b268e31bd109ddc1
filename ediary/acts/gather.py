"""What changed while something stood open: read out of the history, said in words a person reads (C5; K 17.1)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from ediary.absences.queries import all_reasons
from ediary.absences.rules import Reason
from ediary.accounts.queries import names
from ediary.acts import rules
from ediary.acts.papers import papers
from ediary.acts.records import removed
from ediary.acts.rules import Entry, Mended, Values
from ediary.attendance.models import ChildDay, Presence
from ediary.children.models import Child
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.errors import FenceBreach
from ediary.core.i18n import name_key
from ediary.core.members import member_of
from ediary.periods.models import FillingIn, Unlock
from ediary.portions.models import Correction


@dataclass(frozen=True)
class Found:
    """One thing for the act, in words."""

    child_id: int | None
    day: date | None
    about: str
    what: str
    was: str
    now: str
    erred_id: int | None
    erred: str
    mended: str
    mended_at: datetime


def gathered(row: Unlock, closed_at: datetime) -> list[Found]:
    """What is different since it was opened, by name and day. At most ten statements; as the institution."""
    found = list(_removed(row, closed_at) if row.kind is FillingIn.DELETION else _marks(row, closed_at))
    found += _papers(row, closed_at)
    people = {user_id for one in found for user_id in (one.change.erred_id, one.change.mended_id)}
    known = names({user_id for user_id in people if user_id is not None})
    return sorted(
        (
            Found(
                one.child_id,
                one.day,
                one.about,
                one.what,
                one.was,
                one.now,
                one.change.erred_id,
                known.get(one.change.erred_id or 0, ""),
                known.get(one.change.mended_id or 0, ""),
                one.change.mended_at,
            )
            for one in found
        ),
        key=lambda one: (one.what, name_key(one.about), one.day or date.min),
    )


@dataclass(frozen=True)
class _Said:
    """A change with its words, before its people have names."""

    child_id: int | None
    day: date | None
    about: str
    what: str
    was: str
    now: str
    change: Mended


def _papers(row: Unlock, closed_at: datetime) -> Iterable[_Said]:
    if row.month is not None and row.group_id is not None:
        for one, now in papers(row.group_id, row.month, row.opened_at, closed_at):
            yield _Said(one.child_id, None, one.about, _("a paper"), one.was, now, one.change)


def _removed(row: Unlock, closed_at: datetime) -> Iterable[_Said]:
    for one in removed(row, closed_at):
        yield _Said(one.child_id, None, one.about, _("a record"), one.was, _("removed"), one.change)


# --- the history ------------------------------------------------------------------------------------------------

_ENTRY = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.user_id,
    AuditEntry.action,
    AuditEntry.table_name,
    AuditEntry.row_id,
    AuditEntry.group_id,
    AuditEntry.child_id,
    AuditEntry.day,
    AuditEntry.changes,
)
_TOUCHED = (
    select(AuditEntry.child_id, AuditEntry.day)
    .where(
        AuditEntry.at >= bindparam("opened"),
        AuditEntry.at <= bindparam("closed"),
        AuditEntry.table_name == bindparam("table"),
        AuditEntry.group_id == bindparam("group_id"),
        AuditEntry.day >= bindparam("first"),
        AuditEntry.day <= bindparam("last"),
        AuditEntry.child_id.is_not(None),
    )
    .distinct()
)
_OF_CHILDREN = (
    select(*_ENTRY)
    .where(
        member_of(AuditEntry.child_id, "ids"),
        AuditEntry.table_name == bindparam("table"),
        AuditEntry.day >= bindparam("first"),
        AuditEntry.day <= bindparam("last"),
    )
    .order_by(AuditEntry.id)
)


def _entries(statement: Any, **asked: Any) -> list[Entry]:
    found = []
    for row in db.session.execute(statement, asked):
        facts = row._asdict()
        facts["table"] = facts.pop("table_name")
        found.append(Entry(**{**facts, "changes": json.loads(facts["changes"])}))
    return found


# --- marks ------------------------------------------------------------------------------------------------------

_MARK = ChildDay.__tablename__
_FIELDS = ("presence", "reason_id")
_ROWS = select(ChildDay.child_id, ChildDay.day, ChildDay.presence, ChildDay.reason_id).where(
    member_of(ChildDay.child_id, "ids"), ChildDay.day >= bindparam("first"), ChildDay.day <= bindparam("last")
)


def _marks(row: Unlock, closed_at: datetime) -> Iterable[_Said]:
    """Presence and reasons. A day's unlock tells of presence alone: reasons stay open until the month is closed."""
    first, last = span_of(row)
    asked = {"opened": row.opened_at, "closed": closed_at, "table": _MARK, "group_id": row.group_id}
    rows: Any = db.session.execute(_TOUCHED, {**asked, "first": first, "last": last})
    touched = [(child_id, day) for child_id, day in rows]
    if not touched:
        return
    ids = sorted({child_id for child_id, _day in touched})
    days = [day for _child, day in touched]
    span = {"ids": ids, "first": min(days), "last": max(days)}
    history = defaultdict(list)
    for entry in _entries(_OF_CHILDREN, table=_MARK, **span):
        history[entry.child_id, entry.day].append(entry)
    stored = {
        (child_id, day): {"presence": presence.value, "reason_id": reason_id}
        for child_id, day, presence, reason_id in db.session.execute(_ROWS, span)
    }
    who, reasons = _children(ids), all_reasons()
    corrections = _corrections(row, closed_at)
    fields = ("presence",) if row.kind is FillingIn.DAY else _FIELDS
    for child_id, day in touched:
        change = rules.mended(stored.get((child_id, day)), history[child_id, day], row.opened_at, closed_at, fields)
        if change is not None:
            yield _Said(
                child_id,
                day,
                who[child_id],
                _("attendance"),
                mark_said(change.was, reasons),
                mark_said(change.now, reasons) + corrections.get((child_id, day), ""),
                change,
            )


def span_of(row: Unlock) -> tuple[date, date]:
    """First and last day of what was opened, for a day and a month."""
    if row.month is not None:
        return row.month.first, row.month.last
    if row.day is None:
        raise FenceBreach("the removing of records has no days")
    return row.day, row.day


def mark_said(values: Values | None, reasons: dict[int, Reason]) -> str:
    """„neatvyko, L (liga)“."""
    if values is None:
        return _("not marked")
    if values["presence"] == Presence.PRESENT.value:
        return _("came")
    reason = reasons.get(values.get("reason_id") or 0)
    if reason is None:
        return _("did not come, reason unknown")
    return _("did not come, %(letter)s (%(name)s)", letter=reason.letter, name=reason.name)


def _children(ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(
        select(Child.id, Child.first_name, Child.last_name).where(member_of(Child.id, "ids")), {"ids": ids}
    )
    return {row.id: f"{row.first_name} {row.last_name}" for row in rows}


def _corrections(row: Unlock, closed_at: datetime) -> dict[tuple[int, date], str]:
    """(child, day) -> the numbered corrections of portions that followed, in words."""
    found: dict[tuple[int, date], str] = defaultdict(str)
    made = select(Correction.child_id, Correction.day, Correction.number).where(
        Correction.group_id == row.group_id, Correction.made_at >= row.opened_at, Correction.made_at <= closed_at
    )
    for child_id, day, number in db.session.execute(made.order_by(Correction.id)):
        found[child_id, day] += "; " + _("portions: correction No. %(number)s", number=number)
    return found
