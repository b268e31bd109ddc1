"""What the history says of a child's or a person's rows: who changed, opened or printed what, when (H4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Enum, String, cast, func, inspect, select

from ediary.accounts.models import User
from ediary.copies.columns import Sheet
from ediary.copies.contents import OF_OTHERS, SHEETS
from ediary.copies.labels import Labels, target_of
from ediary.copies.subjects import Subject
from ediary.copies.words import said
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.members import member_of
from ediary.core.models import Audited
from ediary.core.people import signature
from ediary.core.permissions import Role
from ediary.core.secrets import unseal
from ediary.core.types import UTCDateTime


@dataclass(frozen=True)
class Deed:
    """Something was done to a row: by whom (role and name), and of a change what was and what is."""

    at: datetime
    who: str
    action: str
    table: str
    day: date | None
    changes: str


@dataclass(frozen=True)
class Done:
    """What a person did in the diary, counted: in a month, of one kind, in one table."""

    month: str
    table: str
    action: str
    count: int


_ENTRY = (
    AuditEntry.at,
    AuditEntry.role,
    AuditEntry.action,
    AuditEntry.table_name,
    AuditEntry.day,
    AuditEntry.changes,
    User.first_name,
    User.last_name,
)
#: of these the old and the new value are told; what was entered stands in the tables
_TELLS = frozenset({"change", "remove"})


def deeds(subject: Subject, ids: dict[str, list[int]], models: dict[str, Any], with_health: bool) -> list[Deed]:
    """Entries about the child, or about the rows of the person; the oldest first."""
    rows = _about_child(subject.child_id) if subject.child_id is not None else _about_rows(ids, models)
    sheets = SHEETS[subject.about]
    found = [(row, _changed(row, sheets)) for row in rows]
    fields = {
        (table, key): _Field.of(models[table], key, sheets[table])
        for table, key in {(row.table_name, key) for row, changes in found for key in changes}
    }
    labels = Labels(
        (field.target, value)
        for row, changes in found
        for key, values in changes.items()
        if (field := fields[row.table_name, key]).target
        for value in values
    )
    titles = {table: str(sheet.title) for table, sheet in sheets.items()}
    return [
        Deed(
            at=row.at,
            who=_who(row),
            action=row.action,
            table=titles.get(row.table_name, row.table_name),
            day=row.day,
            changes="; ".join(
                fields[row.table_name, key].told(values, labels)
                for key, values in changes.items()
                if with_health or not fields[row.table_name, key].is_sensitive
            ),
        )
        for row, changes in found
    ]


@dataclass(frozen=True)
class _Field:
    """A column of a table, as the history's JSON is read back."""

    head: str
    target: str | None
    kind: Any
    is_sensitive: bool

    @classmethod
    def of(cls, model: Any, key: str, sheet: Sheet) -> _Field:
        sensitive: frozenset[str] = getattr(model, "sensitive", frozenset())
        kind = inspect(model).columns[key].type
        return cls(str(sheet.columns[key]), target_of(model, key), kind, key in sensitive)

    def told(self, values: list[Any], labels: Labels) -> str:
        """What was and what is."""
        old, new = (self._word(value, labels) for value in values)
        return _("%(field)s: was %(old)s, became %(new)s", field=self.head, old=old or "–", new=new or "–")

    def _word(self, value: Any, labels: Labels) -> str:
        if value is None:
            return ""
        if self.is_sensitive:
            value = unseal(value)
        if self.target:
            return labels.of(self.target, value) or ""
        if isinstance(self.kind, Enum) and self.kind.enum_class is not None:
            return said(self.kind.enum_class(value))
        if isinstance(self.kind, UTCDateTime):
            return said(datetime.fromisoformat(value))
        return said(value)


def _entries(condition: Any, **values: Any) -> list[Any]:
    chosen = select(*_ENTRY).outerjoin(User, User.id == AuditEntry.user_id).where(condition)
    return list(db.session.execute(chosen.order_by(AuditEntry.id), values))


def _about_child(child_id: int) -> list[Any]:
    return sorted(_entries(AuditEntry.child_id == child_id), key=lambda row: row.at)


def _about_rows(ids: dict[str, list[int]], models: dict[str, Any]) -> list[Any]:
    """A statement for each table with rows: the index of the history begins with the table."""
    rows: list[Any] = []
    for table, found in ids.items():
        if found and issubclass(models[table], Audited):
            rows += _entries((AuditEntry.table_name == table) & member_of(AuditEntry.row_id, "ids"), ids=found)
    return sorted(rows, key=lambda row: row.at)


def _who(row: Any) -> str:
    if row.first_name is None:
        return ""
    if row.role is None:
        return f"{row.first_name} {row.last_name}"
    return signature(Role(row.role), row.first_name, row.last_name)


def _changed(row: Any, sheets: dict[str, Sheet]) -> dict[str, list[Any]]:
    """The fields of a change that a copy shows, with what was and what is."""
    sheet = sheets.get(row.table_name)
    if row.action not in _TELLS or sheet is None or row.table_name in OF_OTHERS:
        return {}
    changes: dict[str, list[Any]] = json.loads(row.changes)
    return {key: values for key, values in changes.items() if key in sheet.columns and len(values) == 2}


def done_by(user_id: int) -> list[Done]:
    """What a person did, counted by month, table and kind; never what it said: that is of others. One statement."""
    month = func.substr(cast(AuditEntry.at, String), 1, 7)
    counted = (
        select(month, AuditEntry.table_name, AuditEntry.action, func.count())
        .where(AuditEntry.user_id == user_id)
        .group_by(month, AuditEntry.table_name, AuditEntry.action)
        .order_by(month, AuditEntry.table_name, AuditEntry.action)
    )
    titles = {table: str(sheet.title) for sheets in SHEETS.values() for table, sheet in sheets.items()}
    rows = db.session.execute(counted)
    return [Done(str(said), titles.get(table, table), action, count) for said, table, action, count in rows]
