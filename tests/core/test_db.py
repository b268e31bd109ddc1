"""PostgreSQL's connections: read without transactions, written in one, replaced when they died."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text

from ediary.core import db as kernel
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.institutions.models import Institution
from tests.conftest import build_app, fresh_database

pytestmark = pytest.mark.postgres

_INSTITUTIONS = select(func.count()).select_from(Institution.__table__)
_NEW = Institution.__table__.insert().values(name="Žuvėdra", code="190000001")


def in_transaction() -> bool:
    """Does the session's connection open a transaction for what it is asked?"""
    driver: Any = db.session.connection().connection.driver_connection
    return not driver.autocommit


@pytest.fixture
def app(postgres_url: str, tmp_path: Path) -> Any:
    app = build_app(postgres_url, tmp_path)
    with fresh_database(app):
        yield app


def test_only_who_writes_is_in_a_transaction_and_a_broken_one_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        assert not in_transaction()
        with write_transaction():
            assert in_transaction()
            db.session.connection().execute(_NEW)
        assert not in_transaction()
        with pytest.raises(ValueError, match="fault"), write_transaction():
            db.session.connection().execute(_NEW.values(code="190000002"))
            raise ValueError("fault")
        assert not in_transaction()
        assert db.session.connection().scalar(_INSTITUTIONS) == 1


def test_a_connection_that_died_while_idle_is_replaced(
    app: Flask, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "IDLE_SECONDS", 0)
    with app.app_context():
        assert db.session.connection().scalar(_INSTITUTIONS) == 0
        db.session.remove()
        others = text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                      "AND datname = current_database()")  # fmt: skip
        engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        with engine.connect() as connection:
            assert connection.scalar(others) == 1
        engine.dispose()
        assert db.session.connection().scalar(_INSTITUTIONS) == 0
