"""A few days of November written in Boružiukai and Drugeliai."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.attendance.models import ChildDay, Presence
from ediary.core import clock
from ediary.core.batch import write_batch
from ediary.core.dates import Month, at_local
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.session import acting_for
from ediary.kitchen import actions as kitchen
from ediary.sheets import queries
from ediary.sheets.rules import State
from tests.cast import Cast
from tests.conftest import DAY, dispose, without_database

TUESDAY = date(2026, 11, 3)


@contextmanager
def inside(app: Flask, institution_id: int) -> Iterator[None]:
    """In a kindergarten, as the program itself."""
    with app.app_context(), acting_for(institution_id):
        yield


def write_day(app: Flask, cast: Cast, group: str, day: date, signs: str) -> None:
    """One sign a child of the group: `+` came, `?` absent, a letter absent with that reason, `.` nothing."""
    moment = at_local(day, time(8))
    group_id = cast.groups[group]
    institution_id = cast.ezerelis if group == "Žuvytės" else cast.saulute
    with clock.frozen(moment), inside(app, institution_id), write_transaction(lock=GroupDay(group_id, day)):
        write_batch(
            [
                ChildDay(
                    child_id=child_id,
                    group_id=group_id,
                    day=day,
                    presence=Presence.PRESENT if sign == "+" else Presence.ABSENT,
                    reason_id=cast.reasons.get(sign),
                    changed_at=moment,
                )
                for child_id, sign in zip(cast.children[group], signs, strict=False)
                if sign != "."
            ]
        )


@pytest.fixture(scope="session")
def november(application: Flask, cast_database: tuple[Path, Cast]) -> Path:
    """A database in which the kitchen has kept every day until the 22nd, and the first week has marks: the second
    child was away on three days, nobody knows why; the third was ill on Tuesday.
    """
    path, cast = cast_database
    made = without_database(application)
    shutil.copy(path, made)
    for number, signs in ((3, "+?l+"), (4, "+?++"), (5, "+?+n"), (6, "++++")):
        write_day(application, cast, "Boružiukai", date(2026, 11, number), signs)
    write_day(application, cast, "Drugeliai", TUESDAY, "++l+++")
    with clock.frozen(at_local(DAY, time(2))), inside(application, cast.saulute):
        kitchen.ensure_snapshots(Month.of(DAY).first, DAY)
    dispose(application)
    return made.rename(made.with_name("november.sqlite3"))


@pytest.fixture
def beginning(november: Path) -> Path:
    """Tests of the sheet begin with it."""
    return november


def finish(app: Flask, cast: Cast, group: str = "Boružiukai") -> None:
    """Whatever is not marked on November's working days: came. The caller's clock stands at its end."""
    with inside(app, cast.saulute):
        [found] = queries.sheets(Month.of(DAY), [cast.groups[group]])
    for at, day in enumerate(found.sheet.days):
        empty = {row.child_id for row in found.sheet.rows if row.cells[at].state is State.UNMARKED}
        if empty:
            signs = "".join("+" if child_id in empty else "." for child_id in cast.children[group])
            write_day(app, cast, group, day.day, signs)


def reasons_of(app: Flask, cast: Cast, group: str = "Boružiukai") -> dict[tuple[int, int], int | None]:
    """(child's number in the group, day of the month) -> reason of each absence."""
    with inside(app, cast.saulute):
        rows = db.session.scalars(
            select(ChildDay).where(ChildDay.group_id == cast.groups[group], ChildDay.presence == Presence.ABSENT)
        )
        return {(cast.children[group].index(row.child_id), row.day.day): row.reason_id for row in rows}
