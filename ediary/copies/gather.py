"""Everything the diary holds about a child or a person, read table by table as `contents` says.

Read inside `acting_for` of the institution: what a person is given does not depend on who asks for it. Who may ask
is settled before. One statement a table, one for each kind of thing rows refer to, two or three of history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import String, cast, false, inspect, or_, select
from sqlalchemy.sql import ColumnElement

from ediary.children.models import PersonalCode
from ediary.children.rules import OF_CHILD, of_guardian
from ediary.copies import history
from ediary.copies.columns import About, Sheet
from ediary.copies.contents import ALL_LINKS, FILES, SHEETS
from ediary.copies.history import Deed, Done
from ediary.copies.labels import Labels, target_of
from ediary.copies.reach import ROOTS, Reached, reached
from ediary.copies.subjects import Subject
from ediary.core.db import db
from ediary.core.models import Owned
from ediary.core.secrets import unseal
from ediary.core.session import scope

#: columns that say only when: a table left with no others is left out
_SPAN = frozenset({"valid_from", "valid_to"})


@dataclass(frozen=True)
class Filled:
    """A table of the copy: its rows with what they refer to in words, the rest as it is kept."""

    table: str
    sheet: Sheet
    keys: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    @property
    def title(self) -> str:
        return str(self.sheet.title)

    @property
    def heads(self) -> list[str]:
        return [str(self.sheet.columns[key]) for key in self.keys]

    @property
    def to_read(self) -> list[tuple[Any, ...]]:
        """The rows, codes that are plain text replaced by what they say."""
        if not self.sheet.codes:
            return self.rows
        codes = [self.sheet.codes.get(key, {}) for key in self.keys]
        return [
            tuple(str(words[value]) if value in words else value for words, value in zip(codes, row, strict=True))
            for row in self.rows
        ]


@dataclass(frozen=True)
class Kept:
    """A file of the person's."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Gathered:
    """What a copy holds."""

    subject: Subject
    with_codes: bool
    with_health: bool
    tables: list[Filled]
    #: what became of the person's rows
    deeds: list[Deed]
    #: what the person did in the diary, counted
    done: list[Done]
    files: list[Kept]


@dataclass
class _Rows:
    """What was read of a table: ids, shown columns, and for its files the hashes with names."""

    keys: tuple[str, ...]
    ids: list[int]
    values: list[tuple[Any, ...]]


def gather(subject: Subject, *, with_codes: bool, with_health: bool) -> Gathered:
    """Read everything. The caller has put it on record (H5), and sees to it that it may be read."""
    read: dict[str, _Rows] = {}
    models: dict[str, Any] = {}
    files: list[Kept] = []
    for one in reached(subject.about):
        models[one.table] = one.model
        if one.model is PersonalCode:
            continue
        condition = _condition(one, subject, {table: rows.ids for table, rows in read.items()})
        sheet = SHEETS[subject.about][one.table]
        hidden: frozenset[str] = frozenset() if with_health else getattr(one.model, "sensitive", frozenset())
        keys = tuple(key for key in sheet.columns if key not in hidden)
        read[one.table] = _read(one.model, keys, condition)
        if one.table in FILES and condition is not None:
            files += _files(one, condition)
    labels = Labels(
        (target, value)
        for table, rows in read.items()
        for at, key in enumerate(rows.keys)
        if (target := target_of(models[table], key))
        for value in (row[at] for row in rows.values)
    )
    tables = [
        Filled(table, sheet, rows.keys, labels.named(models[table], rows.keys, rows.values))
        for table, sheet in SHEETS[subject.about].items()
        if (rows := read.get(table)) and rows.values and set(rows.keys) - _SPAN
    ]
    if with_codes:
        tables += _codes(subject)
    return Gathered(
        subject=subject,
        with_codes=with_codes,
        with_health=with_health,
        tables=tables,
        deeds=history.deeds(subject, {table: rows.ids for table, rows in read.items()}, models, with_health),
        done=history.done_by(subject.user_id) if subject.user_id is not None else [],
        files=files,
    )


def _condition(one: Reached, subject: Subject, ids: dict[str, list[int]]) -> ColumnElement[bool] | None:
    """Which rows of a table are the subject's; None = there can be none."""
    if one.table in ROOTS[subject.about]:
        own = {
            "children_child": [subject.child_id],
            "accounts_user": [subject.user_id],
            "staff_employee": subject.employee_ids,
            "children_guardian": subject.guardian_ids,
        }[one.table]
        found = [value for value in own if value is not None]
        return one.model.id.in_(found) if found else None
    links = [getattr(one.model, column).in_(ids[table]) for column, table in one.links if ids.get(table)]
    if not links or (one.table in ALL_LINKS and len(links) < len(one.links)):
        return None
    condition = or_(*links)
    if one.table in ALL_LINKS:
        for link in links:
            condition = condition & link
    if not issubclass(one.model, Owned) and "institution_id" in inspect(one.model).columns:
        condition = condition & (one.model.institution_id == scope().institution_id)
    return condition


def _read(model: Any, keys: tuple[str, ...], condition: ColumnElement[bool] | None) -> _Rows:
    if condition is None:
        return _Rows(keys, [], [])
    chosen = select(model.id, *(getattr(model, key) for key in keys)).where(condition).order_by(*_order(model, keys))
    rows = [tuple(row) for row in db.session.execute(chosen)]
    return _Rows(keys, [row[0] for row in rows], [row[1:] for row in rows])


def _order(model: Any, keys: Sequence[str]) -> list[Any]:
    """By the day or the moment a row tells of, else as entered."""
    first = next((key for key in ("day", "valid_from", "first", "at", "created_at", "made_at") if key in keys), None)
    return [*([getattr(model, first)] if first else []), model.id]


def _files(one: Reached, condition: ColumnElement[bool]) -> list[Kept]:
    hashed, named = FILES[one.table]
    sha256 = getattr(one.model, hashed)
    name = getattr(one.model, named) if named else cast(one.model.id, String)
    rows = db.session.execute(select(name, sha256).where(condition, sha256.is_not(None)).order_by(one.model.id))
    return [Kept(str(row[0]) if named else _("leaving report %(id)s.pdf", id=row[0]), row[1]) for row in rows]


def codes_of(subject: Subject) -> ColumnElement[bool]:
    """Which personal codes are the subject's own."""
    if subject.about is About.CHILD:
        return (PersonalCode.child_id == subject.child_id) & (PersonalCode.of == OF_CHILD)
    named = [of_guardian(one) for one in subject.guardian_ids]
    return PersonalCode.of.in_(named) if named else false()


def _codes(subject: Subject) -> list[Filled]:
    """Opened: their showing is on record already. The same code at several children stands once."""
    sealed = db.session.scalars(select(PersonalCode.sealed).where(codes_of(subject)).order_by(PersonalCode.id))
    rows = list(dict.fromkeys((unseal(one),) for one in sealed))
    table = PersonalCode.__tablename__
    return [Filled(table, SHEETS[subject.about][table], ("sealed",), rows)] if rows else []
