"""Two take the child that stands on the shared list at the same moment: one of them has it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from ediary.children.models import Child
from ediary.children.rules import DepartureReason
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import DomainError, NotFound, Stale
from ediary.core.locks import write_transaction
from ediary.core.orders import Order
from ediary.core.session import acting_for
from ediary.transfers import actions, queries
from tests.cast import Cast, make_cast
from tests.conftest import MORNING

pytestmark = pytest.mark.race

LAST, FIRST = date(2026, 11, 27), date(2026, 11, 30)


@pytest.fixture
def cast(database: tuple[Flask, str | None]) -> Cast:
    with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), database[0].app_context():
        return make_cast()


def test_an_offered_child_taken_twice_at_once_is_taken_once(database: tuple[Flask, str | None], cast: Cast) -> None:
    app, _ = database
    child_id, both = cast.children["Boružiukai"][0], Barrier(2, timeout=30)
    order = Order("V-77", date(2026, 11, 20), "")
    with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute), write_transaction():
        code = actions.offer(actions.depart(child_id, LAST, next(iter(DepartureReason)), "", order).id)
    with clock.frozen(MORNING), app.app_context(), acting_for(cast.ezerelis):
        offer_id = queries.shared_list()[0].id

    def take(number: int) -> DomainError | None:
        with clock.frozen(MORNING), app.app_context(), acting_for(cast.ezerelis):
            both.wait()
            try:
                with write_transaction():
                    actions.take(offer_id, code, cast.zuvytes, FIRST, "", order)
            except DomainError as refusal:
                return refusal
        return None

    with ThreadPoolExecutor(2) as people:
        said = list(people.map(take, range(2)))
    assert [one for one in said if one is None] == [None]
    assert next(type(one) for one in said if one is not None) in (Stale, NotFound)
    with app.app_context(), acting_for(cast.ezerelis):
        assert db.session.scalar(select(func.count(Child.id)).where(Child.last_name == "Žukauskas")) == 1
