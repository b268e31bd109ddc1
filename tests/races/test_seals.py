"""Eight writers tap while the history is sealed, again and again, by two sealers at once: separate processes.

No tap fails, nothing is lost, each entry is sealed once, and the chain is whole.
"""

from __future__ import annotations

import multiprocessing
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.seals import Seal, Sealed, seal
from ediary.core.session import acting_for
from ediary.core.verify import Walked, walk
from tests.conftest import DAY, build_app
from tests.races.client import Tablet
from tests.races.kindergartens import PASSWORD, Small, make_people, make_small
from tests.services.server import server

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

WRITERS, TAPS, SEALERS = 8, 60, 2
PROCESSES = multiprocessing.get_context("fork")
START = "2026-11-23T05:05:00+00:00"


def writer(port: int, place: int, small: Small, answers: Connection, go: Event) -> None:
    """Taps one child to and fro; says how often it was answered otherwise than 200."""
    tablet = Tablet(port, "mokytoja", PASSWORD)
    tablet.switch(small.educator_seat)
    answers.send("ready")
    go.wait()
    state, strange = "unmarked", []
    for _ in range(TAPS):
        wanted = "absent" if state == "present" else "present"
        status = tablet.tap(DAY, small.group_id, small.children[place], wanted, state)
        if status != 200:
            strange.append(status)
        state = wanted
    answers.send(strange)


def sealer(url: str, folder: Path, institution_id: int, answers: Connection, go: Event, done: Event) -> None:
    """Seals as long as the writers write; says how many seals it saw made and what went wrong."""
    app = build_app(url, folder)
    answers.send("ready")
    go.wait()
    numbers, wrong = set(), []
    with clock.frozen(datetime.fromisoformat(START)):
        while not done.is_set():
            try:
                with app.app_context(), acting_for(institution_id), write_transaction():
                    mark = seal()
            except Exception as error:
                wrong.append(repr(error))
            else:
                numbers.add(mark.number if mark else 0)
            time.sleep(0.005)
    answers.send((len(numbers), wrong))


def test_sealing_while_eight_writers_tap_loses_nothing(database: tuple[Flask, str | None], tmp_path: Path) -> None:
    app, url = database
    with app.app_context(), clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        small = make_small(1, make_people(), WRITERS)
    where = url or f"sqlite:///{tmp_path}/ediary.sqlite3"
    go, done = PROCESSES.Event(), PROCESSES.Event()
    with app.app_context():
        db.engine.dispose()
    with server(tmp_path, url, environment={"EDIARY_CLOCK_START": START}) as running:
        wires, people = [], []
        for place in range(WRITERS + SEALERS):
            ours, theirs = PROCESSES.Pipe()
            if place < WRITERS:
                person = PROCESSES.Process(target=writer, args=(running.port, place, small, theirs, go), daemon=True)
            else:
                arguments = (where, tmp_path, small.institution_id, theirs, go, done)
                person = PROCESSES.Process(target=sealer, args=arguments, daemon=True)
            person.start()
            wires.append(ours)
            people.append(person)
            assert ours.poll(60)
            assert ours.recv() == "ready"
        go.set()
        strange = [hear(wire) for wire in wires[:WRITERS]]
        done.set()
        sealed = [hear(wire) for wire in wires[WRITERS:]]
        for person in people:
            person.join(10)
        said = running.log.read_text()
    assert strange == [[]] * WRITERS, "a tap failed"
    assert [wrong for _, wrong in sealed] == [[]] * SEALERS
    assert all(numbers > 5 for numbers, _ in sealed), "nothing was raced"
    assert "Traceback" not in said, said[-4000:]
    check(app, small)


def hear(wire: Connection) -> object:
    assert wire.poll(120), "somebody is stuck"
    return wire.recv()


def check(app: Flask, small: Small) -> None:
    """Every tap stands in the history once; what was sealed is whole; what was not is the tail."""
    with app.app_context(), acting_for(small.institution_id):
        taps = select(func.count(AuditEntry.id)).where(AuditEntry.table_name == "attendance_child_day")
        assert db.session.scalar(taps) == WRITERS * TAPS
        with write_transaction():
            seal()
        written = db.session.scalar(select(func.count(AuditEntry.id)))
        numbers = list(db.session.scalars(select(Seal.number).order_by(Seal.number)))
        assert numbers == list(range(1, len(numbers) + 1))
        assert db.session.scalar(select(func.count(Sealed.entry_id))) == written
        walked = Walked(small.institution_id)
        assert list(walk(walked, frozenset())) == []
        assert (walked.entries, walked.tail) == (written, 0)
