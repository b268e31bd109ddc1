"""Somebody who owns the database and takes off what guards the history: no triggers, no references."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from flask import Flask

from ediary.core.db import db

KEPT = ("core_audit_entry", "core_seal", "core_sealed", "core_paper")


class Raw:
    """A connection of its own, in plain SQL."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            url = db.engine.url
        self.on_sqlite = url.drivername.startswith("sqlite")
        self.connection: Any
        if self.on_sqlite:
            self.connection = sqlite3.connect(url.database or "", isolation_level=None)
        else:
            self.connection = psycopg.connect(
                host=url.host, port=url.port, user=url.username, password=url.password, dbname=url.database
            )
            self.connection.autocommit = True

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.connection.execute(sql).fetchall()]

    def one(self, sql: str) -> Any:
        return self.all(sql)[0][0]

    def do(self, *statements: str) -> None:
        for sql in statements:
            self.connection.execute(sql)

    def take_off_the_guards(self) -> None:
        if self.on_sqlite:
            names = self.all("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'core_%'")
            self.do(*(f"DROP TRIGGER {name}" for (name,) in names))
            return
        named = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        self.do(*(f"DROP TRIGGER {name} ON {table}" for name, table in self.all(named)))
        self.do("SET session_replication_role = replica")  # references are not asked


@contextmanager
def raw(app: Flask) -> Iterator[Raw]:
    made = Raw(app)
    try:
        yield made
    finally:
        made.connection.close()


@contextmanager
def unguarded(app: Flask) -> Iterator[Raw]:
    with raw(app) as made:
        made.take_off_the_guards()
        yield made
