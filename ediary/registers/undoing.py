"""Taking back a list that was applied: exactly what it made and changed, while nothing depends on it (A4).

What depends on a made row is found by the tables themselves: whatever refers to it and was not made by the same list,
in areas below and above this one. A later change of one of its rows is found in the history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import inspect, select

from ediary.attendance.actions import follow
from ediary.children import places
from ediary.children.models import Enrolment
from ediary.children.timeline import Own
from ediary.core.audit import AuditEntry
from ediary.core.db import Base, db
from ediary.core.errors import BadInput
from ediary.core.locks import GroupDay, held
from ediary.core.members import member_of
from ediary.core.points import DayPoint, MonthPoint
from ediary.core.settled import one_at_a_time
from ediary.groups.models import Group
from ediary.registers.ledger import ORDER, model_of, places_before, set_back
from ediary.registers.models import Import
from ediary.registers.words import dependents

Facts = dict[str, Any]
PLACES, GROUPS = Enrolment.__tablename__, Group.__tablename__
#: lock points hold nothing by themselves: a made group's are removed with it, unless somebody has locked one
POINTS: tuple[type[Any], ...] = (DayPoint, MonthPoint)


def points(made: Import, facts: Facts, today: date) -> list[GroupDay]:
    """The groups whose today taking back touches."""
    if not _has_places(facts) or made.starts_on > today:
        return []
    years = (made.school_year, made.school_year - 1)
    return [
        GroupDay(one, today) for one in sorted(db.session.scalars(select(Group.id).where(Group.school_year.in_(years))))
    ]


def take_back(made: Import, facts: Facts) -> None:
    """Everything as it was before. Raises BadInput that names what depends on it, or what was changed since."""
    one_at_a_time()
    before = places_before(facts)
    if _has_places(facts) and made.starts_on < held().today:
        raise BadInput(
            _(
                "The children have had their places since %(day)s, and the kitchen has cooked for them. "
                "What was, stays: change what is wrong on the children's cards.",
                day=made.starts_on.isoformat(),
            )
        )
    _refuse_dependents(facts, before)
    _refuse_changed(made.applied_at, facts, before)
    for table, row_id, values, _after in facts["changed"]:
        set_back(_row(table, row_id), values)
    db.session.flush()
    _remove(facts["made"], [table for table in reversed(ORDER) if table != GROUPS])
    if before:  # after their cards: of who leaves again none is written; before the groups they are in
        _put_back(made.starts_on, before)
    _remove(facts["made"], [GROUPS])


def _has_places(facts: Facts) -> bool:
    return bool(facts["places"] or facts["made"].get(PLACES))


# --- may it be ------------------------------------------------------------------------------------------------------


def _refuse_dependents(facts: Facts, before: Collection[int]) -> None:
    found = sorted({table for table, _ids in _referring(facts["made"], before)})
    if found:
        raise BadInput(
            _(
                "This list can no longer be taken back. On what it made depend: %(what)s. Nothing was changed.",
                what=dependents(found),
            )
        )


def _referring(made: dict[str, list[int]], placed: Collection[int]) -> Iterator[tuple[str, set[int]]]:
    """(table, ids) of rows that refer to made ones and were not made with them."""
    for mapper in Base.registry.mappers:
        model: Any = mapper.class_
        table = model.__tablename__
        for attr in mapper.column_attrs:
            for key in attr.columns[0].foreign_keys:
                ids = made.get(key.column.table.name)
                if ids:
                    rows = _rows_of(model, getattr(model, attr.key), ids, placed) - set(made.get(table, ()))
                    if rows:
                        yield table, rows


def _rows_of(model: Any, column: Any, ids: list[int], placed: Collection[int]) -> set[int]:
    statement = select(model.id).where(member_of(column, "ids"))
    if model in POINTS:
        statement = statement.where(model.locked_at.is_not(None))  # a month that was submitted has its steps
    if model is Enrolment:
        rows = db.session.execute(select(model.id, model.child_id).where(member_of(column, "ids")), {"ids": ids})
        return {row.id for row in rows if row.child_id not in placed}
    return set(db.session.scalars(statement, {"ids": ids}))


def _refuse_changed(since: datetime | None, facts: Facts, before: Collection[int]) -> None:
    """Has anybody changed one of these rows, or moved one of these children, after the list was applied?"""
    touched: dict[str, list[int]] = {table: list(ids) for table, ids in facts["made"].items()}
    for table, row_id, _before, _after in facts["changed"]:
        touched.setdefault(table, []).append(row_id)
    later = [
        table
        for table, ids in touched.items()
        if _has_entry(since, AuditEntry.table_name == table, member_of(AuditEntry.row_id, "ids"), ids)
    ]
    if before and _has_entry(
        since, AuditEntry.table_name == PLACES, member_of(AuditEntry.child_id, "ids"), list(before)
    ):
        later.append(PLACES)
    if later:
        raise BadInput(
            _(
                "This list can no longer be taken back. Changed since: %(what)s. Nothing was changed now.",
                what=dependents(sorted(set(later))),
            )
        )


def _has_entry(since: datetime | None, of_table: Any, of_rows: Any, ids: list[int]) -> bool:
    chosen = select(AuditEntry.id).where(
        of_table, of_rows, AuditEntry.at > since, AuditEntry.action.in_(("create", "change", "remove"))
    )
    return db.session.scalars(chosen.limit(1), {"ids": ids}).first() is not None


# --- back -----------------------------------------------------------------------------------------------------------


def _put_back(since: date, before: dict[int, list[Own]]) -> None:
    groups = {own.group_id for owns in before.values() for own in owns}
    places.rearrange(list(before), since, groups, lambda child_id, _owns: before[child_id])
    if since <= held().today:
        follow(before)


def _row(table: str, row_id: int) -> Any:
    model = model_of(table)
    found = db.session.scalars(select(model).where(model.id == row_id)).one_or_none()
    if found is None:
        raise BadInput(
            _(
                "This list can no longer be taken back. Changed since: %(what)s. Nothing was changed now.",
                what=dependents([table]),
            )
        )
    return found


def _remove(made: dict[str, list[int]], tables: Sequence[str]) -> None:
    """Made rows of these tables, in their order. Each leaves its old values in the history."""
    for point in POINTS if GROUPS in made and GROUPS in tables else ():
        _delete(point, point.group_id, made[GROUPS])
    for table in tables:
        if table in made:
            model = model_of(table)
            _delete(model, inspect(model).columns["id"], made[table])


def _delete(model: type[Any], column: Any, ids: list[int]) -> None:
    for row in db.session.scalars(select(model).where(member_of(column, "ids")), {"ids": ids}):
        db.session.delete(row)
    db.session.flush()
