"""`kill -9` of the whole process group amid writes, 50 times: every tap that was answered is there afterwards."""

from __future__ import annotations

import http.client
import multiprocessing
import random
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
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
from tests.conftest import DAY
from tests.races.client import Tablet
from tests.races.kindergartens import PASSWORD, Small, make_people, make_small
from tests.services.server import Server

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

WRITERS = 4
#: PostgreSQL itself is not killed, only what talks to it: the file is what is in danger
KILLS_SQLITE, KILLS_POSTGRES = 50, 50

PROCESSES = multiprocessing.get_context("fork")


def writer(port: int, small: Small, place: int, orders: Connection) -> None:
    """Taps one child to and fro until the server is gone; then tells what was answered and what was under way."""
    tablet = Tablet(port, "mokytoja", PASSWORD)
    orders.send("ready")
    while (seen := orders.recv()) is not None:
        answered, taps, under_way = seen, 0, seen
        tablet.connection.close()  # the server it led to is gone
        while True:
            under_way = "absent" if answered == "present" else "present"
            try:
                status = tablet.tap(DAY, small.group_id, small.children[place], under_way, answered)
            except (OSError, http.client.HTTPException):
                break
            if status != 200:
                under_way = f"answered {status}"
                break
            answered, taps = under_way, taps + 1
            if taps == 1:
                orders.send("tapping")
        orders.send((answered, taps, under_way))


def test_every_answered_tap_survives_kill_nine(database: tuple[Flask, str | None], tmp_path: Path) -> None:
    app, url = database
    kills = KILLS_POSTGRES if url else KILLS_SQLITE
    with app.app_context(), clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        small = make_small(1, make_people(), WRITERS)
    running = Server(tmp_path, url, environment={"EDIARY_CLOCK_START": "2026-11-23T06:05:00+00:00"})
    running.start()
    wires, chance = [], random.Random(9)
    for place in range(WRITERS):
        ours, theirs = PROCESSES.Pipe()
        PROCESSES.Process(target=writer, args=(running.port, small, place, theirs), daemon=True).start()
        theirs.close()
        wires.append(ours)
        assert hear(ours) == "ready"
    states, entries, answered = ["unmarked"] * WRITERS, 0, 0
    try:
        for number in range(kills):
            if number:
                running.start()
            for wire, state in zip(wires, states, strict=True):
                wire.send(state)
            assert [hear(wire) for wire in wires] == ["tapping"] * WRITERS
            time.sleep(chance.uniform(0, 0.2))
            running.kill()
            told = [hear(wire) for wire in wires]
            answered += sum(taps for _, taps, _ in told)
            states, entries = check(app, small, told, entries)
    finally:
        running.kill()
        for wire in wires:
            wire.send(None)
            wire.close()
    assert answered > kills * WRITERS, "too few taps to prove anything"


def hear(wire: Connection) -> Any:
    """The next word of a writer; a writer that died raises EOFError."""
    assert wire.poll(30), "a writer is stuck"
    return wire.recv()


def check(app: Flask, small: Small, told: list[tuple[str, int, str]], entries: int) -> tuple[list[str], int]:
    """What is stored is what was answered last, or what was under way; the history has every tap of it."""
    with app.app_context(), acting_for(small.institution_id):
        rows = db.session.execute(select(ChildDay.child_id, ChildDay.presence))
        marks = {row.child_id: row.presence for row in rows}
        states = [marks[child].value if child in marks else "unmarked" for child in small.children]
        for state, (answered, _, under_way) in zip(states, told, strict=True):
            assert state in (answered, under_way)
        unanswered = sum(state != answered for state, (answered, _, _) in zip(states, told, strict=True))
        written = select(func.count(AuditEntry.id)).where(AuditEntry.table_name == "attendance_child_day")
        now = db.session.scalar(written) or 0
        assert now == entries + sum(taps for _, taps, _ in told) + unanswered
    return states, now
