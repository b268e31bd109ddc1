"""The demonstration kindergarten on one November morning, with rows and groups in every state, and its server.

Monday 2026-11-23, 8:36 in Vilnius, the lock at 9:00. Run as a program it writes the data (its clock is moved by
the environment, read when the program starts); `stage()` runs it and serves what it wrote.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.services.server import ROOT, Server, server

MONDAY = date(2026, 11, 23)
MORNING = "2026-11-23T06:36:00+00:00"
LOCKED = "2026-11-23T07:20:00+00:00"
#: the group of 20 that has a child in every state, one that is not begun, one half done
FULL_OF_STATES, NOT_BEGUN, HALF_DONE = "Boružiukai", "Pelėdžiukai", "Bitutės"


@dataclass(frozen=True)
class Stage:
    """A server to look at."""

    url: str
    passwords: dict[str, str]
    groups: dict[str, int]
    database: Path
    #: a paired tablet's token, a slip's code, the id of a child's arrival
    more: dict[str, Any]

    @property
    def group(self) -> int:
        """The group with a child in every state."""
        return self.groups[FULL_OF_STATES]

    def log_in(self, page: Page, login: str) -> None:
        """Come in as one of the demonstration's people."""
        page.goto(f"{self.url}/accounts/login")
        page.fill("#login", login)
        page.fill("#password", self.passwords[login])
        page.click("form.card button")
        page.wait_for_url(lambda url: "/accounts/login" not in url)

    def show(self, page: Page, path: str) -> None:
        """Open a page; `load` comes when styles and scripts are there."""
        page.evaluate("location.origin === 'null' || sessionStorage.clear()")  # taps of the page before
        page.goto(f"{self.url}{path}")


def prepare(instance: Path) -> dict[str, Any]:
    """Make the database; what `Stage` needs to know of it. About 5 s."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.stage"],
        cwd=ROOT,
        env=Server(instance, environment={"EDIARY_CLOCK_START": MORNING}).full_environment(),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    known: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return known


@contextmanager
def stage(instance: Path, known: dict[str, Any], start: str = MORNING) -> Iterator[Stage]:
    """The server over prepared data, its clock beginning at `start`."""
    with server(instance, workers=1, environment={"EDIARY_CLOCK_START": start}) as running:
        yield Stage(running.url, known["passwords"], known["groups"], instance / "ediary.sqlite3", known)


# --- the program that writes the data -----------------------------------------------------------------------------


def write() -> dict[str, Any]:
    """Demonstration data, the lock at 9:00, and today as it stands at 8:36."""
    from flask_migrate import upgrade

    from ediary import create_app, demo
    from ediary.accounts.queries import user_by_login
    from ediary.core import clock
    from ediary.core.db import db
    from ediary.core.session import acting_for
    from ediary.groups.queries import groups_on
    from tests.browser import stage_people

    app = create_app()
    with app.app_context():
        upgrade()
        text = demo.load(app.config["INSTANCE_DIR"], db.engine.url)
    with app.app_context(), acting_for(1):
        groups = {group.name: group.id for group in groups_on(clock.today())}
        lock_at(time(9))
        begin_today(groups)
        director, educator = (user_by_login(login).id for login in ("jonas", "rasa"))  # type: ignore[union-attr]
    with app.app_context():
        mend_friday(groups[FULL_OF_STATES], director, educator)
        more = stage_people.write()
    pairs = (line.split() for line in text.splitlines() if line.startswith("  "))
    passwords = {login: password for login, password, *_ in pairs} | {stage_people.NEWCOMER: stage_people.PASSWORD}
    return {"passwords": passwords, "groups": groups, **more}


def lock_at(hour: time) -> None:
    """The demonstration locks late in the evening; these pictures show a real morning."""
    from sqlalchemy import select

    from ediary.core.db import db
    from ediary.core.locks import write_transaction
    from ediary.core.points import LockRule

    with write_transaction():
        for rule in db.session.scalars(select(LockRule)):
            rule.day_locks_at = hour


def begin_today(groups: dict[str, int]) -> None:
    """Most groups have handed in their day."""
    from ediary.attendance import actions
    from ediary.children.queries import enrolled
    from ediary.core.locks import GroupDay, write_transaction

    for place, (name, group_id) in enumerate(groups.items()):
        if name == NOT_BEGUN:
            continue
        with write_transaction(lock=GroupDay(group_id, MONDAY), exclusive=True):
            ids = [child.child_id for child in enrolled([group_id], MONDAY, MONDAY)]
            if name == FULL_OF_STATES:
                every_state(group_id, ids)
                continue
            absent(group_id, ids[2 : 4 + place % 3])
            shown = ids[:-4] if name == HALF_DONE else ids
            actions.mark_rest(group_id, MONDAY, shown, "")
            if name != HALF_DONE:
                actions.submit(group_id, MONDAY, "mokytoja Rasa Petraitienė")


def absent(group_id: int, ids: list[int]) -> None:
    """Tapped as absent, reason not known."""
    from ediary.attendance import actions
    from ediary.attendance.rules import Mark

    for child_id in ids:
        actions.mark(group_id, child_id, MONDAY, Mark.ABSENT, Mark.UNMARKED, "")


def mend_friday(group_id: int, director: int, educator: int) -> None:
    """Friday was opened, two marks were mended, it is closed again: an act. The removing of records is open."""
    from sqlalchemy import select

    from ediary.acts import actions as acts
    from ediary.attendance import actions
    from ediary.attendance.models import ChildDay
    from ediary.attendance.rules import Mark
    from ediary.core.db import db
    from ediary.core.locks import GroupDay, write_transaction
    from ediary.core.session import acting_for
    from ediary.kitchen import actions as kitchen

    friday, by = MONDAY - timedelta(days=3), "direktorius Jonas Rimkus"
    point = GroupDay(group_id, friday)
    with acting_for(1, director):
        kitchen.ensure_snapshot(friday)
        with write_transaction(lock=point, exclusive=True):
            unlock = kitchen.unlock([group_id], friday, "Du vaikai pažymėti vienas vietoj kito", 60, by)[0].id
    with acting_for(1, educator), write_transaction(lock=point):
        marks = select(ChildDay).where(ChildDay.group_id == group_id, ChildDay.day == friday).order_by(ChildDay.id)
        stored = [(mark.child_id, Mark(mark.presence.value)) for mark in db.session.scalars(marks)]
        for wanted, seen in ((Mark.ABSENT, Mark.PRESENT), (Mark.PRESENT, Mark.ABSENT)):
            child_id = next(child_id for child_id, mark in stored if mark is seen)
            actions.mark(group_id, child_id, friday, wanted, seen, "mokytoja Rasa Petraitienė")
    with acting_for(1, director):
        with write_transaction(lock=point, exclusive=True):
            acts.close(unlock, by)
        with write_transaction():
            acts.open_removing([None], "Įsakymas įrašytas du kartus", 1, by)


def every_state(group_id: int, ids: list[int]) -> None:
    """Unmarked, came, absent (not known, excused, not excused), announced; what to watch at the table."""
    from ediary.absences.queries import reasons
    from ediary.attendance import actions
    from ediary.core.locks import held
    from ediary.health.actions import set_must_not_eat

    letters = {reason.letter: reason.id for reason in reasons(MONDAY)}
    called: dict[str, Any] = {
        "reason_id": letters["l"],
        "caller": "mama",
        "called_at": held().now,
        "by": "mokytoja Rasa Petraitienė",
    }
    actions.announce(group_id, ids[3], MONDAY, MONDAY + timedelta(days=2), **called)
    actions.announce(group_id, ids[12], MONDAY, None, **(called | {"reason_id": None}))
    absent(group_id, [ids[1], ids[6], ids[10], ids[16]])
    actions.give_reason(group_id, ids[6], MONDAY, letters["n"])
    actions.give_reason(group_id, ids[10], MONDAY, letters["l"])
    set_must_not_eat(ids[8], "riešutų", MONDAY + timedelta(days=1))
    actions.mark_rest(group_id, MONDAY, [*ids[4:6], ids[8], ids[13]], "")


if __name__ == "__main__":
    assert datetime.fromisoformat(os.environ["EDIARY_CLOCK_START"])
    print(json.dumps(write()))
