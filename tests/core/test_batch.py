"""Many rows at once, on SQLite and on PostgreSQL: as few statements for many as for few, and every id is its row's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ediary.attendance.models import ChildDay, Presence
from ediary.children.models import Child, Guardian, Particulars
from ediary.children.rules import Relation, SpecialNeeds
from ediary.core import clock
from ediary.core.batch import write_batch
from ediary.core.db import db
from ediary.core.locks import GroupDay, held, write_transaction
from ediary.core.session import acting_for
from tests.cast import Cast, make_cast
from tests.conftest import DAY, build_app, count_queries, fresh_database

BORN = date(2022, 3, 1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path, at: Callable[..., None]) -> Iterator[tuple[Flask, Cast]]:
    """The application over this database, and the Cast in it."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app"), request.getfixturevalue("cast")
        return
    app = build_app(request.getfixturevalue("postgres_url"), tmp_path)
    with fresh_database(app):
        with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
            cast = make_cast()
        yield app, cast


def kids(count: int) -> list[Child]:
    return [
        Child(first_name=f"Ąžuolas {n}", last_name='Ž"\\{}, NULL', birth_date=BORN + timedelta(days=n))
        for n in range(count)
    ]


def test_every_id_is_its_rows_own(house: tuple[Flask, Cast]) -> None:
    app, cast = house
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            ids = write_batch(kids(1500))
        rows = {row.id: row for row in db.session.scalars(select(Child).where(Child.birth_date >= BORN))}
        assert [(rows[one].first_name, rows[one].birth_date) for one in ids] == [
            (f"Ąžuolas {n}", BORN + timedelta(days=n)) for n in range(1500)
        ]
        assert {(rows[one].last_name, rows[one].institution_id) for one in ids} == {('Ž"\\{}, NULL', cast.saulute)}


def test_after_a_batch_rows_are_added_as_before(house: tuple[Flask, Cast]) -> None:
    app, cast = house
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        first = write_batch(kids(3))
        one = kids(1)[0]
        db.session.add(one)
        db.session.flush()
        assert {one.id, *first} & set(write_batch(kids(3))) == set()


def test_every_kind_of_value_comes_back_as_it_went_in(house: tuple[Flask, Cast]) -> None:
    """Codes, days, moments, yes and no, and nothing."""
    app, cast = house
    group, (one, two) = cast.boruziukai, cast.children["Boružiukai"][:2]
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction(lock=GroupDay(group, DAY)):
            now = held().now
            write_batch(
                [
                    ChildDay(group_id=group, child_id=one, day=DAY, presence=Presence.PRESENT, changed_at=now),
                    ChildDay(group_id=group, child_id=two, day=DAY, presence=Presence.ABSENT, changed_at=now),
                ]
            )
            known = {"first_name": "Ona", "last_name": "Rudytė", "phone": "", "email": "", "address": ""}
            ends = DAY + timedelta(days=9)
            parents = write_batch(
                [
                    Guardian(child_id=one, relation=Relation.MOTHER, valid_from=DAY, may_collect=True, **known),
                    Guardian(
                        child_id=one,
                        relation=Relation.OTHER,
                        valid_from=DAY,
                        valid_to=ends,
                        may_collect=False,
                        user_id=cast.users["greta"],
                        **known,
                    ),
                ]
            )
        marks = db.session.scalars(select(ChildDay).order_by(ChildDay.id)).all()
        assert [(row.child_id, row.day, row.presence, row.changed_at, row.reason_id) for row in marks] == [
            (one, DAY, Presence.PRESENT, now, None),
            (two, DAY, Presence.ABSENT, now, None),
        ]
        found = [db.session.get_one(Guardian, parent) for parent in parents]
        assert [(row.relation, row.valid_to, row.may_collect, row.user_id) for row in found] == [
            (Relation.MOTHER, None, True, None),
            (Relation.OTHER, ends, False, cast.users["greta"]),
        ]


def test_many_rows_cost_as_many_statements_as_few(house: tuple[Flask, Cast]) -> None:
    app, cast = house
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        with count_queries() as few:
            write_batch(kids(2))
        with count_queries(at_most=3) as many:
            write_batch(kids(1200))
        assert list(many) == list(few)


def test_what_the_database_refuses_leaves_nothing(house: tuple[Flask, Cast]) -> None:
    app, cast = house
    child = cast.children["Boružiukai"][0]
    card = {"address": "", "languages": "", "special_needs": SpecialNeeds.NONE, "needs_note": "", "family_note": ""}
    with app.app_context(), acting_for(cast.saulute):
        with pytest.raises(IntegrityError), write_transaction():
            write_batch(kids(5))
            write_batch([Particulars(child_id=child, **card), Particulars(child_id=child, **card)])
        assert db.session.scalars(select(Child).where(Child.last_name == 'Ž"\\{}, NULL')).all() == []
