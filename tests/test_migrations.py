"""A migration keeps what it finds: each is run over a database that people have written in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from ediary.core.db import db, write_options
from tests.conftest import build_app, dispose

FIRST_TABLES, PEOPLE_AND_PLACES = "20261122_1700", "20261122_2300"

WRITTEN = """
INSERT INTO institutions_institution (id, name, code) VALUES (1, 'Saulutė', '190000001'), (2, 'Ežerėlis', '190000002');
INSERT INTO accounts_user (id, login, first_name, last_name, password_hash)
    VALUES (1, 'rasa', 'Rasa', 'P', 'x'), (2, 'asta', 'Asta', 'V', 'x');
INSERT INTO accounts_membership (id, user_id, institution_id, role, valid_from)
    VALUES (1, 1, 1, 'educator', '2026-09-01'), (2, 2, 2, 'educator', '2026-09-01');
INSERT INTO accounts_session (id, token_hash, user_id, membership_id, device, created_at, seen_at)
    VALUES (1, 'a', 1, 1, 'tablet', '2026-11-20 06:00:00', '2026-11-20 06:00:00');
INSERT INTO groups_group (id, institution_id, school_year, name, age_band)
    VALUES (1, 1, 2026, 'Boružiukai', 'kindergarten'), (2, 1, 2026, 'Drugeliai', 'nursery'),
           (3, 2, 2026, 'Žuvytės', 'nursery');
INSERT INTO groups_staff (id, institution_id, group_id, user_id, order_number, valid_from, valid_to)
    VALUES (1, 1, 1, 1, 'V-1', '2026-09-01', NULL), (2, 1, 2, 1, 'V-1', '2026-10-01', '2026-10-31'),
           (3, 2, 3, 2, 'V-1', '2026-09-02', NULL);
INSERT INTO children_child (id, institution_id, first_name, last_name, birth_date)
    VALUES (1, 1, 'Adomas', 'Ž', '2022-03-14');
INSERT INTO children_enrolment (id, institution_id, child_id, group_id, valid_from)
    VALUES (1, 1, 1, 1, '2026-09-01');
"""


@pytest.fixture
def sqlite_app(tmp_path: Path) -> Iterator[Flask]:
    app = build_app(f"sqlite:///{tmp_path / 'm.sqlite3'}", tmp_path)
    yield app
    dispose(app)


@pytest.fixture
def postgres_app(tmp_path: Path, postgres_url: str) -> Iterator[Flask]:
    app = build_app(postgres_url, tmp_path)
    yield app
    dispose(app)


def rows(sql: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def people_and_places_both_ways(app: Flask) -> None:
    with app.app_context():
        upgrade(revision=FIRST_TABLES)
        with db.engine.connect().execution_options(**write_options(db.engine.dialect.name)) as connection:
            for statement in WRITTEN.split(";")[:-1]:
                connection.execute(text(statement))
            connection.commit()
        upgrade(revision=PEOPLE_AND_PLACES)
        assert rows(
            "SELECT s.id, d.institution_id, d.kind, d.number, CAST(d.day AS VARCHAR) FROM groups_staff s"
            " JOIN institutions_document d ON d.id = s.order_id ORDER BY s.id"
        ) == [
            (1, 1, "order", "V-1", "2026-09-01"),
            (2, 1, "order", "V-1", "2026-09-01"),
            (3, 2, "order", "V-1", "2026-09-02"),
        ]
        assert rows("SELECT count(*) FROM institutions_document") == [(2,)]
        assert rows("SELECT programme, minutes_a_day, language FROM groups_group WHERE id = 1") == [
            ("preschool", 630, "lt")
        ]
        assert rows("SELECT count(*) FROM children_enrolment WHERE home_id IS NOT NULL") == [(0,)]
        assert rows("SELECT duty FROM groups_staff WHERE id = 2") == [("educator",)]
        assert rows("SELECT token_hash, membership_id FROM accounts_session") == [("a", 1)]
        downgrade(revision=FIRST_TABLES)
        assert rows("SELECT id, order_number FROM groups_staff ORDER BY id") == [(1, "V-1"), (2, "V-1"), (3, "V-1")]
        assert rows("SELECT role FROM accounts_membership ORDER BY id") == [("educator",), ("educator",)]
        upgrade()


def test_orders_and_people_come_through_on_sqlite(sqlite_app: Flask) -> None:
    people_and_places_both_ways(sqlite_app)


@pytest.mark.postgres
def test_orders_and_people_come_through_on_postgresql(postgres_app: Flask) -> None:
    people_and_places_both_ways(postgres_app)
