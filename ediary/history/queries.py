"""The history as people read it (H4): what was, what is, who, when, in which role, from which kind of device.

A page is found by an index whatever is asked for: a child, a person, a row, a group's days, or the days on which it was
written; without a child or a row these are a month at most, so that a page costs the same after ten years.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Date, Enum, Table, func, inspect, literal, select, tuple_

from ediary.accounts.models import User
from ediary.children.models import Child
from ediary.copies.labels import KNOWN, Labels, target_of
from ediary.copies.words import done, said
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.dates import ONE_DAY, Month, at_local
from ediary.core.db import Base, db
from ediary.core.errors import NotFound
from ediary.core.people import signature
from ediary.core.permissions import Permission, Role
from ediary.core.secrets import unseal
from ediary.core.session import scope
from ediary.core.types import MonthType, UTCDateTime
from ediary.history.fields import name_of, reader_of, title_of
from ediary.staff.models import Employee

#: entries on a page
PAGE = 50
#: days shown where nothing narrower is asked for
DAYS = 31


@dataclass(frozen=True)
class Asked:
    """What of the history is asked for; empty = the newest of all."""

    child_id: int | None = None
    user_id: int | None = None
    group_id: int | None = None
    #: days of the diary, with a group
    first: date | None = None
    last: date | None = None
    #: one row: table and id
    table: str = ""
    row_id: int | None = None
    #: days on which it was written
    since: date | None = None
    until: date | None = None
    #: older than this entry
    before: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Is it about something that has a history of its own?"""
        return self.child_id is not None or self.row_id is not None or (self.group_id is not None and bool(self.first))

    @property
    def arguments(self) -> dict[str, Any]:
        """As the address says it, but for the place in the list."""
        named = {
            "child": self.child_id,
            "person": self.user_id,
            "group": self.group_id,
            "first": self.first,
            "last": self.last,
            "table": self.table or None,
            "row": self.row_id,
            "since": self.since,
            "until": self.until,
        }
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class Line:
    """A field: what was and what is."""

    name: str
    old: str
    new: str
    is_change: bool


@dataclass(frozen=True)
class Deed:
    """An entry of the history as it is read."""

    id: int
    at: datetime
    who: str
    device: str
    action: str
    what: str
    about: str
    day: date | None
    lines: list[Line]
    reason: str | None
    #: holds values that are kept closed, and whether one may open them
    is_closed: bool
    can_open: bool
    child_id: int | None


@dataclass(frozen=True)
class HistoryPage:
    """A page of the history, and what can be asked for."""

    asked: Asked
    #: what the page is about, where it is about one thing
    subject: str
    deeds: list[Deed]
    #: the entry after which the next page begins, None on the last one
    before: int | None
    children: list[tuple[int, str]]
    people: list[tuple[int, str]]


# --- which entries ----------------------------------------------------------------------------------------------------

_COLUMNS = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.role,
    AuditEntry.device,
    AuditEntry.action,
    AuditEntry.table_name,
    AuditEntry.row_id,
    AuditEntry.group_id,
    AuditEntry.child_id,
    AuditEntry.day,
    AuditEntry.changes,
    AuditEntry.reason,
    AuditEntry.is_sensitive,
    User.first_name,
    User.last_name,
)


def readable() -> list[str]:
    """The tables whose history this person reads: those whose rows they may read."""
    may = scope().may
    return sorted(table for table in _audited() if (needs := reader_of(table)) is not None and may(needs))


def _audited() -> dict[str, Any]:
    return {
        mapper.local_table.name: mapper.class_
        for mapper in Base.registry.mappers
        if isinstance(mapper.local_table, Table)
    }


def _chosen(asked: Asked) -> Any:
    """The statement of a page: one index finds it, newest first.

    What is narrow is sorted after it was found: by `at` itself SQLite would walk the whole institution instead.
    """
    at: Any = func.coalesce(AuditEntry.at, AuditEntry.at) if asked.is_narrow else AuditEntry.at
    chosen = select(*_COLUMNS).outerjoin(User, User.id == AuditEntry.user_id)
    # the names of tables are asked as they come: off the index, which begins with them
    chosen = chosen.where((AuditEntry.table_name + "").in_(readable()))
    if asked.row_id is not None:
        chosen = chosen.where(AuditEntry.table_name == asked.table, AuditEntry.row_id == asked.row_id)
    if asked.child_id is not None:
        chosen = chosen.where(AuditEntry.child_id == asked.child_id)
    if asked.group_id is not None:
        chosen = chosen.where(AuditEntry.group_id == asked.group_id)
        if asked.first is not None:
            chosen = chosen.where(AuditEntry.day >= asked.first, AuditEntry.day <= (asked.last or asked.first))
    if asked.user_id is not None:
        chosen = chosen.where(AuditEntry.user_id == asked.user_id)
    if asked.since is not None:
        chosen = chosen.where(at >= _moment(asked.since))
    if asked.until is not None:
        chosen = chosen.where(at < _moment(asked.until + ONE_DAY))
    if asked.before is not None:
        reached = db.session.scalar(select(AuditEntry.at).where(AuditEntry.id == asked.before))
        if reached is None:
            raise NotFound
        chosen = chosen.where(tuple_(at, AuditEntry.id) < tuple_(_bound(reached), literal(asked.before)))
    return chosen.order_by(at.desc(), AuditEntry.id.desc()).limit(PAGE + 1)


def _moment(day: date) -> Any:
    """The day's beginning in Vilnius, bound as a moment is stored."""
    return _bound(at_local(day, time(0)))


def _bound(moment: datetime) -> Any:
    return literal(moment, UTCDateTime)


def history_page(asked: Asked) -> HistoryPage:
    """The newest entries of what is asked for, and what can be asked for. Raises NotFound for what is not theirs.

    Cost: six statements, and one for each kind of row the entries name (a group, a reason, a meal…).
    """
    if not asked.is_narrow and asked.since is None:
        until = asked.until or clock.today()
        asked = replace(asked, since=until - timedelta(days=DAYS - 1))
    children = _children()
    subject = _subject(asked, dict(children))
    rows = db.session.execute(_chosen(asked)).all()
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return HistoryPage(
        asked=asked,
        subject=subject,
        deeds=_told(rows),
        before=rows[-1].id if more else None,
        children=children,
        people=_people(),
    )


def _children() -> list[tuple[int, str]]:
    chosen = select(Child.id, Child.first_name, Child.last_name).order_by(Child.first_name, Child.last_name, Child.id)
    return [(row.id, f"{row.first_name} {row.last_name}") for row in db.session.execute(chosen)]


def _people() -> list[tuple[int, str]]:
    """Who works or worked here and can come in."""
    chosen = select(Employee.user_id, Employee.first_name, Employee.last_name).where(Employee.user_id.is_not(None))
    rows = db.session.execute(chosen.order_by(Employee.first_name, Employee.last_name, Employee.id))
    return [(row.user_id, f"{row.first_name} {row.last_name}") for row in rows]


def _subject(asked: Asked, children: Mapping[int, str]) -> str:
    """What the page is about, in words. Raises NotFound for a child or a group that is not theirs."""
    if asked.child_id is not None:
        if asked.child_id not in children:
            raise NotFound
        return children[asked.child_id]
    if asked.group_id is not None:
        name = Labels([("groups_group", asked.group_id)]).of("groups_group", asked.group_id)
        if name in (None, "–"):
            raise NotFound
        days = "" if asked.first is None else asked.first.isoformat()
        if asked.last is not None and asked.last != asked.first:
            days = f"{days} – {asked.last.isoformat()}"
        return f"{name}, {days}" if days else str(name)
    return title_of(asked.table) if asked.row_id is not None else ""


# --- what they say ----------------------------------------------------------------------------------------------------


def deed(entry_id: int, *, is_open: bool = False) -> Deed:
    """One entry. `is_open`: with what is kept closed, once the reading is on record. Raises NotFound."""
    chosen = select(*_COLUMNS).outerjoin(User, User.id == AuditEntry.user_id)
    row = db.session.execute(
        chosen.where(AuditEntry.id == entry_id, (AuditEntry.table_name + "").in_(readable()))
    ).first()
    if row is None:
        raise NotFound
    return _told([row], opened=frozenset({entry_id}) if is_open else frozenset())[0]


#: table -> by which permission what its entries keep closed is opened; health and special needs otherwise
_OPENED_BY = {
    "children_personal_code": Permission.PERSONAL_CODE_READ,
    "supervision_answer": Permission.SUPERVISE,
    "supervision_remark": Permission.SUPERVISE,
}


def may_open(table: str) -> bool:
    """May this person read what entries of the table keep closed?"""
    return scope().may(_OPENED_BY.get(table, Permission.HEALTH_READ))


def _told(rows: Collection[Any], opened: frozenset[int] = frozenset()) -> list[Deed]:
    models = _audited()
    changes = {row.id: _fields(row) for row in rows}
    wanted: list[tuple[str, Any]] = []
    for row in rows:
        wanted += [("groups_group", row.group_id), ("children_child", row.child_id)]
        for key, values in changes[row.id].items():
            target = _target(models, row.table_name, key)
            if target is not None:
                wanted += [(target, value) for value in values if isinstance(value, int)]
    labels = Labels(wanted)
    return [_deed(row, changes[row.id], models, labels, row.id in opened) for row in rows]


def _fields(row: Any) -> dict[str, list[Any]]:
    """The fields of an entry that people read."""
    found: dict[str, list[Any]] = json.loads(row.changes)
    if row.action == "batch":
        found = {"rows": [None, found.get("rows")]}
    return {
        key: values
        for key, values in found.items()
        if isinstance(values, list)
        and name_of(row.table_name, key) is not None
        and not (key in ("child_id", "group_id", "day") and getattr(row, key) is not None)
    }


def _column(models: dict[str, Any], table: str, key: str) -> Any:
    model = models.get(table)
    return None if model is None else inspect(model).columns.get(key)


def _target(models: dict[str, Any], table: str, key: str) -> str | None:
    if _column(models, table, key) is None:
        return None
    target = target_of(models[table], key)
    return target if target in KNOWN else None


def _deed(row: Any, changes: dict[str, list[Any]], models: dict[str, Any], labels: Labels, is_open: bool) -> Deed:
    sensitive: frozenset[str] = getattr(models.get(row.table_name), "sensitive", frozenset())
    lines = [
        _line(row.table_name, key, values, models, labels, is_closed=key in sensitive and not is_open, key_in=sensitive)
        for key, values in changes.items()
    ]
    group = labels.of("groups_group", row.group_id) if row.group_id is not None else None
    child = labels.of("children_child", row.child_id) if row.child_id is not None else None
    return Deed(
        id=row.id,
        at=row.at,
        who=_who(row),
        device=device(row.device),
        action=done(row.action),
        what=title_of(row.table_name),
        about=", ".join(one for one in (child, group) if one and one != "–"),
        day=row.day,
        lines=lines,
        reason=row.reason,
        is_closed=bool(row.is_sensitive) and not is_open,
        can_open=bool(row.is_sensitive) and not is_open and may_open(row.table_name),
        child_id=row.child_id,
    )


def _line(
    table: str,
    key: str,
    values: list[Any],
    models: dict[str, Any],
    labels: Labels,
    *,
    is_closed: bool,
    key_in: frozenset[str],
) -> Line:
    name = name_of(table, key) or key
    if len(values) != 2:  # a secret: that it changed is all it says
        return Line(name, "", _("altered"), is_change=False)
    old, new = (
        _word(table, key, value, models, labels, is_closed=is_closed, is_sealed=key in key_in) for value in values
    )
    return Line(name, old, new, is_change=values[0] is not None)


def _word(
    table: str, key: str, value: Any, models: dict[str, Any], labels: Labels, *, is_closed: bool, is_sealed: bool
) -> str:
    if value is None:
        return "–"
    if is_closed:
        return _("covered")
    if is_sealed:
        value = unseal(value)
    column, target = _column(models, table, key), _target(models, table, key)
    if target is not None:
        return labels.of(target, value) or "–"
    return _as_kind(value, None if column is None else column.type) or "–"


def _as_kind(value: Any, kind: Any) -> str:
    """A value out of the history's JSON, as its column would say it."""
    try:
        if isinstance(kind, Enum) and kind.enum_class is not None:
            return said(kind.enum_class(value))
        if isinstance(kind, UTCDateTime):
            return said(datetime.fromisoformat(value))
        if isinstance(kind, Date):
            return said(date.fromisoformat(value))
        if isinstance(kind, MonthType):
            return said(Month.parse(value))
    except (KeyError, ValueError, TypeError):  # a code of another time
        return str(value)
    return said(value)


def _who(row: Any) -> str:
    if row.first_name is None:
        return _("the program")
    if row.role is None:
        return f"{row.first_name} {row.last_name}"
    return signature(Role(row.role), row.first_name, row.last_name)


def device(kind: str) -> str:
    """From what it was done, in words; nothing where the program did it itself."""
    return {"tablet": _("tablet"), "phone": _("phone"), "desktop": _("computer")}.get(kind, "")
