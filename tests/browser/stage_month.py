"""The same kindergarten on the first of December: one group's month is returned, one waits to be checked, one is
checked, the others are still being filled in. In a copy, so that the November morning stays as it is.

Run as a program it writes that (`end_month` runs it); its clock is moved by the environment.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import time
from pathlib import Path

from tests.browser.stage import FULL_OF_STATES, HALF_DONE, NOT_BEGUN
from tests.services.server import ROOT, Server

#: 10:00 in Vilnius
MONTH_OVER = "2026-12-01T08:00:00+00:00"
CHECKED = "Drugeliai"


def end_month(instance: Path, copy: Path) -> Path:
    """Copy a prepared instance (its server may be running) and end its month there; gives the copy. About 5 s."""
    shutil.copytree(instance, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sqlite3*", "*.log"))
    name = "ediary.sqlite3"
    with closing(sqlite3.connect(instance / name)) as old, closing(sqlite3.connect(copy / name)) as new:
        old.backup(new)
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.stage_month"],
        cwd=ROOT,
        env=Server(copy, environment={"EDIARY_CLOCK_START": MONTH_OVER}).full_environment(),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return copy


def write() -> None:
    """Every child of most groups came on the days that were still to come; some groups' months go their way."""
    from ediary import create_app
    from ediary.core.dates import Month
    from ediary.core.locks import GroupMonth, write_transaction
    from ediary.core.session import acting_for
    from ediary.periods import actions as periods
    from ediary.sheets import queries

    november, by = Month(2026, 11), "mokytoja Rasa Petraitienė"
    app = create_app()
    with app.app_context(), acting_for(1):
        for sheet in queries.sheets(november):
            if sheet.name != NOT_BEGUN:
                fill(sheet)
        for name in (FULL_OF_STATES, HALF_DONE, CHECKED):
            [group_id] = [sheet.group_id for sheet in queries.sheets(november) if sheet.name == name]
            with write_transaction(lock=GroupMonth(group_id, november), exclusive=True):
                periods.submit(group_id, november, by, "4 vaikų nežinoma priežastis")
            if name == HALF_DONE:
                continue
            with write_transaction(lock=GroupMonth(group_id, november), exclusive=True):
                if name == CHECKED:
                    periods.check(group_id, november, "socialinė pedagogė Lina Stankutė")
                else:
                    remark = "Nojaus 23 d. – mama skambino, kad serga. Pakeiskite raidę."
                    periods.return_(group_id, november, "socialinė pedagogė Lina Stankutė", remark)


def fill(sheet: object) -> None:
    """What is not marked: came, each day at eight."""
    from ediary.attendance.models import ChildDay, Presence
    from ediary.core import clock
    from ediary.core.batch import write_batch
    from ediary.core.dates import at_local
    from ediary.core.locks import GroupDay, write_transaction
    from ediary.sheets.queries import GroupSheet
    from ediary.sheets.rules import State

    assert isinstance(sheet, GroupSheet)
    for at, day in enumerate(sheet.sheet.days):
        ids = [row.child_id for row in sheet.sheet.rows if row.cells[at].state is State.UNMARKED]
        moment = at_local(day.day, time(8))
        facts = {"group_id": sheet.group_id, "day": day.day, "presence": Presence.PRESENT, "changed_at": moment}
        if ids:
            with clock.frozen(moment), write_transaction(lock=GroupDay(sheet.group_id, day.day)):
                write_batch([ChildDay(child_id=child_id, **facts) for child_id in ids])


if __name__ == "__main__":
    write()
