"""The databases of the races: SQLite in a file, and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import build_app, fresh_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, str | None]]:
    """The application over a fresh database, and the DATABASE_URL for the server (None = its own SQLite)."""
    if request.param == "sqlite":
        app = build_app(f"sqlite:///{tmp_path}/ediary.sqlite3", tmp_path)
        with fresh_database(app):
            yield app, None
        return
    with request.getfixturevalue("postgres_server").database() as url:
        app = build_app(url, tmp_path)
        with fresh_database(app):
            yield app, url
