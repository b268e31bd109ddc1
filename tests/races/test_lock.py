"""Eight writers tap while the dietitian locks: separate processes against the real server, 200 times.

The invariant (architecture 7): every tap answered 2xx before the lock is in the snapshot, no tap answered 409 is in
the marks, the snapshot with its corrections is what a recount from the marks gives. No 500, no deadlock.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from ediary.attendance.models import ChildDay
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.portions import queries as portions
from tests.conftest import DAY
from tests.kitchen.conftest import cooked, recount
from tests.races.client import Tablet
from tests.races.kindergartens import PASSWORD, Small, make_people, make_small
from tests.services.server import server

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

ROUNDS, WRITERS = 200, 8
#: rounds in which nobody came too early or too late do not count; so many more may be played
SPARE = 40
#: taps after the first refusal: none may slip through behind the lock
AFTER = 2

PROCESSES = multiprocessing.get_context("fork")


@dataclass
class Answers:
    """What one writer was answered in one round."""

    accepted: int = 0
    refused: int = 0
    late: int = 0
    strange: list[int] = field(default_factory=list)
    state: str = "unmarked"


def writer(port: int, place: int, orders: Connection, go: Event, tapped: Event) -> None:
    """Taps one child to and fro until it is refused, round after round."""
    tablet = Tablet(port, "mokytoja", PASSWORD)
    orders.send("ready")
    while (small := orders.recv()) is not None:
        tablet.switch(small.educator_seat)
        orders.send("ready")
        go.wait()
        answers, left = Answers(), AFTER + 1
        while left:
            wanted = "absent" if answers.state == "present" else "present"
            status = tablet.tap(DAY, small.group_id, small.children[place], wanted, answers.state)
            if status == 200:
                answers.accepted += 1
                answers.late += answers.refused > 0
                answers.state = wanted
                tapped.set()
            elif status == 409:
                answers.refused += 1
                left -= 1
            else:
                answers.strange.append(status)
                left -= 1
        orders.send(answers)


def dietitian(port: int, orders: Connection, go: Event, tapped: Event) -> None:
    """Presses the button soon after the first tap was answered."""
    tablet, chance = Tablet(port, "dietiste", PASSWORD), random.Random(900)
    orders.send("ready")
    while (small := orders.recv()) is not None:
        tablet.switch(small.dietitian_seat)
        orders.send("ready")
        go.wait()
        tapped.wait(30)
        time.sleep(chance.uniform(0, 0.03))
        orders.send(tablet.lock(DAY))


def test_no_tap_is_lost_and_none_slips_past_the_lock(database: tuple[Flask, str | None], tmp_path: Path) -> None:
    app, url = database
    with app.app_context(), clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        people = make_people()
        rounds = [make_small(number, people, WRITERS) for number in range(ROUNDS + SPARE)]
    start = {"EDIARY_CLOCK_START": "2026-11-23T06:05:00+00:00"}
    counted, locks = 0, []
    with server(tmp_path, url, environment=start) as running, Crowd(running.port) as crowd:
        for small in rounds:
            status, answers = crowd.play(small)
            locks.append(status)
            check(app, small, answers)
            counted += any(one.accepted for one in answers) and any(one.refused for one in answers)
            if counted == ROUNDS:
                break
        said = running.log.read_text()
    assert set(locks) == {303}
    assert counted == ROUNDS, f"only {counted} rounds had a tap accepted and one refused"
    assert "Traceback" not in said, said[-4000:]


class Crowd:
    """The writers and the dietitian, each a process with its own connection."""

    def __init__(self, port: int) -> None:
        self.go, self.tapped = PROCESSES.Event(), PROCESSES.Event()
        self.wires: list[Connection] = []
        self.people: list[Any] = []
        for place in range(WRITERS + 1):
            ours, theirs = PROCESSES.Pipe()
            arguments = (port, theirs, self.go, self.tapped)
            if place < WRITERS:
                person = PROCESSES.Process(target=writer, args=(port, place, *arguments[1:]), daemon=True)
            else:
                person = PROCESSES.Process(target=dietitian, args=arguments, daemon=True)
            person.start()
            theirs.close()
            self.people.append(person)
            self.wires.append(ours)
            # one after another: many log-ins at once from one address look like guessing
            assert ours.poll(60)
            assert ours.recv() == "ready"

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_: object) -> None:
        for wire, person in zip(self.wires, self.people, strict=True):
            if person.is_alive():
                wire.send(None)
            person.join(10)
            wire.close()
            person.close()

    def hear(self) -> list[Any]:
        """One word from everybody; a process that died raises EOFError."""
        heard = []
        for wire in self.wires:
            assert wire.poll(60), "somebody is stuck"
            heard.append(wire.recv())
        return heard

    def play(self, small: Small) -> tuple[int, list[Answers]]:
        """One round: the button's answer and each writer's."""
        self.go.clear()
        self.tapped.clear()
        for wire in self.wires:
            wire.send(small)
        self.hear()
        self.go.set()
        *answers, status = self.hear()
        return status, answers


def check(app: Flask, small: Small, answers: list[Answers]) -> None:
    """The invariant, read from the database."""
    assert [one.strange for one in answers] == [[]] * WRITERS
    assert [one.late for one in answers] == [0] * WRITERS, "a tap was accepted after one was refused"
    with app.app_context(), acting_for(small.institution_id):
        rows = db.session.execute(select(ChildDay.child_id, ChildDay.presence))
        marks = {row.child_id: row.presence for row in rows}
        promised = {child: one.state for child, one in zip(small.children, answers, strict=True)}
        assert {child: mark.value for child, mark in marks.items()} == {
            child: state for child, state in promised.items() if state != "unmarked"
        }
        locked = portions.locked_day(DAY)
        assert locked is not None
        eating = {child for child, _, _ in portions.snapshot(locked.id)}
        assert eating == {child for child, state in promised.items() if state != "absent"}
        assert cooked(DAY) == recount(DAY)
        written = select(func.count(AuditEntry.id)).where(AuditEntry.table_name == "attendance_child_day")
        assert db.session.scalar(written) == sum(one.accepted for one in answers)
