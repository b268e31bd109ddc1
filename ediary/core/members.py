"""`column is one of these ids`, with the ids as one named value: however many they are, the statement stays the same.

An expanded IN list costs SQLAlchemy a name for each id at each run; the fence names up to 60 ids in five places of one
statement (measured: half of a tap).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class _Ids(TypeDecorator[Collection[int]]):
    """Many ids as the one value this database takes."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> str:
        inside = ",".join(map(str, value or ()))
        return f"[{inside}]" if dialect.name == "sqlite" else f"{{{inside}}}"


class _MemberOf(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLite would get `… = 1`, and with it no index."""
        return self


def member_of(column: Any, name: str) -> ColumnElement[bool]:
    """Is the column one of the ids given under this name when the statement runs?"""
    return _MemberOf(column, bindparam(name, type_=_Ids()))


@compiles(_MemberOf, "sqlite")
def _sqlite(element: _MemberOf, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - both are compiled SQL


@compiles(_MemberOf, "postgresql")
def _postgresql(element: _MemberOf, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY (CAST({ids} AS INTEGER[]))"
