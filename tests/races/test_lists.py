"""A list of 2,000 children is written while tablets tap: the taps wait, and none fails (issue 3, item 1)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from ediary.attendance.models import ChildDay, Presence
from ediary.children.models import Child, Enrolment
from ediary.core.db import db
from ediary.core.session import acting_for
from tests.cast import Cast
from tests.races.lists import DAY, ROWS, Taps, write_a_list

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]


def test_taps_wait_for_a_list_of_2000_children_and_none_fails(
    database: tuple[Flask, str | None], tmp_path: Path
) -> None:
    app, url = database
    written = write_a_list(app, url, tmp_path)
    print(written)
    assert written.status == 303, written.said
    assert set(written.taps.answers) == {200}, written.taps.answers
    assert "Traceback" not in written.log, written.log[-4000:]
    assert written.taps.longest <= written.seconds + 5, str(written)
    check(app, written.cast, written.child_id, written.taps)


def check(app: Flask, cast: Cast, child_id: int, taps: Taps) -> None:
    """All of the list is there, and the last answered tap too."""
    with app.app_context(), acting_for(cast.saulute):
        places = (
            select(func.count()).select_from(Enrolment).where(Enrolment.valid_from == datetime(2026, 11, 24).date())
        )
        assert db.session.scalar(places) == ROWS
        assert (db.session.scalar(select(func.count()).select_from(Child)) or 0) >= ROWS
        mark = db.session.scalars(
            select(ChildDay.presence).where(ChildDay.child_id == child_id, ChildDay.day == DAY)
        ).one()
        assert mark is Presence(taps.last)
