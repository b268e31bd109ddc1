"""Runs the migrations on the application's engine, in batch mode so that SQLite can alter tables."""

from __future__ import annotations

from typing import Any

from alembic import context

from ediary.core.db import db, write_options
from ediary.core.types import MonthType, UTCDateTime


def render(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """A migration never imports the program: its own column types are written as what they store."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, MonthType):
        return "sa.String(7)"
    return False


def run() -> None:
    with db.engine.connect().execution_options(**write_options(db.engine.dialect.name)) as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:  # a table that others refer to can be rebuilt only so; checked again below
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=True,
            render_item=render,
        )
        with context.begin_transaction():
            context.run_migrations()
            if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("a migration would leave rows that refer to nothing; the database stays as it was")
        if on_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
