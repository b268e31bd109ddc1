"""Where a reason stands written. The tables of marks lie above this area: they are found by what refers to a reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select

from ediary.absences.models import AbsenceReason
from ediary.core.db import Base, db
from ediary.core.members import member_of
from ediary.core.models import Dated


@lru_cache(maxsize=1)
def _tables_of_days() -> list[tuple[Any, Any]]:
    """(model, its column that names a reason) of everything dated by the day that refers to reasons."""
    target = f"{AbsenceReason.__tablename__}.id"
    return [
        (mapper.class_, getattr(mapper.class_, attr.key))
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Dated)
        for attr in mapper.column_attrs
        if any(key.target_fullname == target for key in attr.columns[0].foreign_keys)
    ]


def last_marked(reason_id: int, first: date, group_ids: Collection[int]) -> date | None:
    """The last day from `first` on that names this row in these groups; None = none does.

    One statement for each table. Without the groups it would read every mark there is.
    """
    asked = {"reason_id": reason_id, "first": first, "ids": group_ids}
    found = [
        db.session.scalar(
            select(func.max(model.day)).where(
                member_of(model.group_id, "ids"), model.day >= bindparam("first"), column == bindparam("reason_id")
            ),
            asked,
        )
        for model, column in _tables_of_days()
    ]
    return max((day for day in found if day is not None), default=None)
