"""Which tables name a child, or a person: found by walking the models along their foreign keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Table

from ediary.copies.columns import About
from ediary.copies.left_out import LEFT_OUT, MENTIONS
from ediary.core.db import Base

#: whom a row may be about
ROOTS: dict[About, tuple[str, ...]] = {
    About.CHILD: ("children_child",),
    About.PERSON: ("accounts_user", "staff_employee", "children_guardian"),
}


@dataclass(frozen=True)
class Reached:
    """A table with the columns by which it is reached, each with the table it points into."""

    model: Any
    table: str
    links: tuple[tuple[str, str], ...]


@cache
def reached(about: About) -> tuple[Reached, ...]:
    """Every table about a child or a person, what a row refers to before the row.

    A row that names the child directly is found by that alone; one that names none (a correction's line) by the rows
    it belongs to.
    """
    roots = ROOTS[about]
    models = {cast(Table, mapper.local_table).name: mapper.class_ for mapper in Base.registry.mappers}
    found: dict[str, Reached] = {}
    for table in Base.metadata.sorted_tables:
        links = tuple(
            (column.name, key.column.table.name)
            for column in table.columns
            for key in column.foreign_keys
            if f"{table.name}.{column.name}" not in MENTIONS
            and (key.column.table.name in found or key.column.table.name in roots)
        )
        direct = tuple(link for link in links if link[1] in roots)
        if about is About.CHILD and direct:
            links = direct
        if (links or table.name in roots) and table.name not in LEFT_OUT:
            found[table.name] = Reached(models[table.name], table.name, links)
    return tuple(found.values())
