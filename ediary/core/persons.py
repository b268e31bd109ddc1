"""Everything that names one person names another: for somebody who turns out to have a log-in already.

The areas that keep people's rows (who works in a group, whose parent somebody is) lie above the accounts, and more
come: so the columns are found by what they refer to, not named. Each change goes through the fence and is in the
history.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, inspect, select

from ediary.core.audit import AuditEntry
from ediary.core.db import Base, db
from ediary.core.errors import BadInput
from ediary.core.locks import held
from ediary.core.models import Owned

PEOPLE = "accounts_user"


def naming_people() -> list[tuple[type[Any], str]]:
    """(model, attribute) of every column of an institution's rows that refers to a person; the history stays."""
    return [
        (mapper.class_, attr.key)
        for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__)
        for attr in mapper.column_attrs
        if issubclass(mapper.class_, Owned)
        and mapper.class_ is not AuditEntry
        and any(key.column.table.name == PEOPLE for key in attr.columns[0].foreign_keys)
    ]


def hand_over(from_id: int, to_id: int) -> None:
    """In this institution, all that names the one names the other. A statement for each column, and the writes.

    Where there can be only one row of the other's and there is one (in the list of employees), the first one's row
    stays and names nobody; raises BadInput where it must name somebody.
    """
    held()
    for model, name in naming_people():
        for row in db.session.scalars(select(model).where(getattr(model, name) == from_id)):
            if not _has_its_own(model, name, row, to_id):
                setattr(row, name, to_id)
            elif inspect(model).columns[name].nullable:
                setattr(row, name, None)
            else:
                raise BadInput(
                    _("You are in this kindergarten's lists already. Ask its administrator to join the two entries.")
                )
    db.session.flush()


def _has_its_own(model: type[Any], name: str, row: Any, to_id: int) -> bool:
    """Would the row be a second one of what there can be one of?"""
    for constraint in inspect(model).local_table.constraints:
        columns = [column.name for column in getattr(constraint, "columns", ())]
        if isinstance(constraint, UniqueConstraint) and name in columns:
            same = {one: getattr(row, one) for one in columns if one != name}
            if db.session.scalar(select(model.id).filter_by(**same, **{name: to_id})) is not None:
                return True
    return False
