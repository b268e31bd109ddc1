"""A list as it will be written, with what takes long done before anybody waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from ediary.core.db import Base, db
from ediary.core.members import member_of
from ediary.core.permissions import Role
from ediary.core.secrets import blind_index, seal
from ediary.meals.models import MealKind
from ediary.registers.comparing import Compared
from ediary.registers.drafts import Draft, draft
from ediary.registers.models import Import
from ediary.registers.rules import Entry, Field, Kind, Outcome, Verdict

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Choices:
    """What the person chose for this applying."""

    starts_on: date
    meal_kind_ids: tuple[int, ...] = ()
    #: a position's key -> the role its people get
    roles: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True)
class Ready:
    """A list as it will be written, with what takes long done before anybody waits for it."""

    compared: Compared
    choices: Choices
    drafts: Sequence[Draft] = ()
    #: row of a changed child -> the new personal code, sealed, and its blind index
    codes: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def new(self) -> list[Entry]:
        return [self.entry(one) for one in self.compared.to_write if one.verdict is Verdict.NEW]

    @property
    def changed(self) -> list[tuple[Outcome, Entry]]:
        return [(one, self.entry(one)) for one in self.compared.to_write if one.verdict is Verdict.CHANGED]

    def entry(self, one: Outcome) -> Entry:
        return self.compared.entries[one.number]


def make_ready(made: Import, compared: Compared, choices: Choices) -> Ready:
    """Seal what is sealed, draft what is new: 0.6 s for 2,000 children, outside of any write."""
    if made.kind is not Kind.CHILDREN:
        return Ready(compared, choices)
    kinds = set(choices.meal_kind_ids) & set(db.session.scalars(select(MealKind.id)))
    choices = replace(choices, meal_kind_ids=tuple(sorted(kinds)))
    drafts, codes = [], {}
    for one in compared.to_write:
        entry = compared.entries[one.number]
        if one.verdict is Verdict.NEW:
            drafts.append(draft(entry, choices.starts_on, choices.meal_kind_ids))
        elif any(change.field is Field.PERSONAL_CODE for change in one.changes):
            code = entry.values[Field.PERSONAL_CODE]
            codes[one.number] = (seal(code), blind_index(code))
    return Ready(compared, choices, drafts, codes)


def by_id(model: type[Row], column: object, ids: Sequence[int], name: str = "id") -> dict[int, Row]:
    """Rows of a model by one of their columns: the ids given."""
    found = db.session.scalars(select(model).where(member_of(column, "ids")), {"ids": ids})
    return {getattr(row, name): row for row in found}
