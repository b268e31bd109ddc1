"""Unlocks and acts on PostgreSQL: the way of one, and a tap and the closing in the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.acts import actions as acts
from ediary.acts.models import Act, ActChange
from ediary.attendance import actions as attendance
from ediary.attendance.rules import Mark
from ediary.core import clock
from ediary.core.dates import Month, at_local
from ediary.core.db import db
from ediary.core.locks import GroupDay, GroupMonth, write_transaction
from ediary.core.session import acting_for
from ediary.institutions.models import Document
from ediary.periods import actions as periods
from tests.cast import Cast, make_cast
from tests.conftest import DAY, build_app, come_in, fresh_database

pytestmark = pytest.mark.postgres

At = Callable[..., None]
REASON = "Vaikas atvyko, o pažymėtas neatvykęs"
BY = "direktorius Jonas Rimkus"


@pytest.fixture
def house(tmp_path: Path, postgres_url: str) -> Iterator[tuple[Flask, Cast]]:
    app = build_app(postgres_url, tmp_path)
    with fresh_database(app):
        with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
            cast = make_cast()
        yield app, cast


def rows(app: Flask, cast: Cast, model: Any) -> list[Any]:
    with app.app_context(), acting_for(cast.saulute):
        return list(db.session.scalars(select(model).order_by(model.id)))


def mark(cast: Cast, at: int, wanted: Mark, seen: Mark) -> None:
    attendance.mark(cast.boruziukai, cast.children["Boružiukai"][at], DAY, wanted, seen, "mokytoja Rasa Petraitienė")


def test_a_month_a_document_and_a_term_on_postgresql(house: tuple[Flask, Cast], at: At) -> None:
    app, cast = house
    at(8, 10)
    with app.app_context(), acting_for(cast.saulute, cast.users["rasa"]):
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            mark(cast, 0, Mark.ABSENT, Mark.UNMARKED)
    data = {"kind": "other", "number": "R-1", "day": str(DAY), "title": "Raštas"}
    assert come_in(app, cast, "milda").post("/documents/new", data=data).status_code == 303
    month = Month.of(DAY)
    at(16, 0, day=date(2026, 11, 30))
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction(lock=GroupMonth(cast.boruziukai, month), exclusive=True):
            periods.lock_month([cast.boruziukai], month, BY)
    at(10, 0, day=date(2026, 12, 9))
    jonas, rasa, milda = (come_in(app, cast, login) for login in ("jonas", "rasa", "milda"))
    asked = {"groups": [cast.boruziukai], "reason": REASON, "days_on": "0", "days": [str(DAY)]}
    assert jonas.post("/acts/open/2026-11", data=asked).status_code == 303
    assert jonas.post("/acts/open/2026-11", data=asked).status_code == 422
    tap = f"/attendance/{DAY}/{cast.boruziukai}/children/{cast.children['Boružiukai'][0]}"
    assert rasa.post(tap, data={"wanted": "present", "seen": "absent"}).status_code == 303
    at(0, 0, day=date(2026, 12, 10))  # the term ends
    jonas, rasa, milda = (come_in(app, cast, login) for login in ("jonas", "rasa", "milda"))
    assert rasa.get(f"/sheets/2026-11/{cast.boruziukai}").status_code == 200
    assert [(act.number, act.writer_id) for act in rows(app, cast, Act)] == [(1, cast.users["rasa"])]
    assert rasa.post("/acts/1/write", data={"explanation": "Ne tas vaikas."}).status_code == 303
    at(9, 0, day=date(2026, 12, 10))
    assert milda.post("/acts/1/register", data={"number": "A-1", "day": "2026-12-10"}).status_code == 303
    document = next(one.id for one in rows(app, cast, Document) if one.number == "R-1")
    assert milda.post(f"/documents/{document}/remove", data={"sure": "yes"}).status_code == 409
    asked = {"groups": ["0", str(cast.drugeliai)], "reason": REASON, "days_on": "0"}
    assert jonas.post("/acts/open/removing", data=asked).status_code == 303
    assert milda.post(f"/documents/{document}/remove", data={"sure": "yes"}).status_code == 303
    running = next(one for one in (2, 3, 4) if f"/acts/unlocks/{one}/close" in jonas.get("/acts/").text)
    assert jonas.post(f"/acts/unlocks/{running}/close").status_code == 303
    for path in ("/acts/", "/acts/1", "/acts/1/act.pdf", "/sheets/2026-11", "/acts/open/2026-11", "/acts/open/removing",
                 f"/sheets/2026-11/{cast.boruziukai}/differences"):  # fmt: skip
        assert jonas.get(path).status_code == 200, path


def test_a_tap_that_came_before_the_closing_stands_in_the_act_and_one_after_it_is_refused(
    house: tuple[Flask, Cast], at: At
) -> None:
    app, cast = house
    at(9, 5)
    point = GroupDay(cast.boruziukai, DAY)
    jonas = come_in(app, cast, "jonas")
    asked = {"groups": [cast.boruziukai], "reason": REASON, "minutes": "30"}
    assert jonas.post(f"/kitchen/{DAY}/unlock", data=asked).status_code == 303
    inside, go_on, closed = Event(), Event(), Event()

    def now() -> AbstractContextManager[None]:
        """A thread has a clock of its own."""
        return clock.frozen(at_local(DAY, time(9, 10)))

    def tap() -> None:
        with now(), app.test_request_context(), acting_for(cast.saulute, cast.users["rasa"]):
            with write_transaction(lock=point):
                mark(cast, 0, Mark.PRESENT, Mark.UNMARKED)
                inside.set()
                assert go_on.wait(10)

    def close() -> None:
        with now(), app.test_request_context(), acting_for(cast.saulute, cast.users["jonas"]):
            with write_transaction(lock=point, exclusive=True):
                acts.close(1, BY)
        closed.set()

    first, second = Thread(target=tap), Thread(target=close)
    first.start()
    assert inside.wait(10)
    second.start()
    assert not closed.wait(0.3), "the closing waits for the tap"
    go_on.set()
    first.join(10)
    second.join(10)
    assert [(one.was, one.now.split(";")[0]) for one in rows(app, cast, ActChange)] == [("nepažymėta", "atvyko")]
    at(9, 20)
    path = f"/attendance/{DAY}/{cast.boruziukai}/children/{cast.children['Boružiukai'][1]}"
    refused = come_in(app, cast, "rasa").post(path, data={"wanted": "present", "seen": "unmarked"})
    assert refused.status_code == 409
