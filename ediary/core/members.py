"""`column is one of these ids`, with the ids as one value: however many they are, the statement stays the same.

An expanded IN list costs SQLAlchemy a name for each id at each run; the fence names up to 60 ids in five places of one
statement (measured: half of a tap).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class member_of(FunctionElement[bool]):
    """`member_of(column, bindparam(name))`; the value is what `packed` makes."""

    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLite would get `… = 1`, and with it no index."""
        return self


@compiles(member_of, "sqlite")
def _sqlite(element: member_of, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - both are compiled SQL


@compiles(member_of, "postgresql")
def _postgresql(element: member_of, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY (CAST({ids} AS INTEGER[]))"


def packed(ids: Iterable[int], dialect: str) -> str:
    """The ids as the one value this database takes."""
    inside = ",".join(map(str, ids))
    return f"[{inside}]" if dialect == "sqlite" else f"{{{inside}}}"
