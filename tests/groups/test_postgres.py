"""Groups, hand-overs and the turn of the year are read and written on PostgreSQL too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from ediary.children.models import Enrolment, Visit
from ediary.core import clock
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.groups.models import Group, GroupMerge, GroupStaff
from ediary.handovers.models import LeaverCheck
from ediary.staff.models import Employee
from tests.cast import make_cast
from tests.conftest import DAY, build_app, come_in, fresh_database

At = Callable[..., None]
ORDER = {"order_number": "V-90", "order_day": "2026-11-20"}


@pytest.mark.postgres
def test_groups_visits_merges_substitutes_leavers_and_the_year_on_postgresql(
    tmp_path: Path, postgres_url: str, at: At
) -> None:
    app = build_app(postgres_url, tmp_path)
    with fresh_database(app):
        with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
            cast = make_cast()

        log_in = partial(come_in, app, cast)

        def one(statement: object) -> int:
            with app.app_context(), acting_for(cast.saulute):
                return int(db.session.scalars(statement).one())  # type: ignore[call-overload]

        ruta, rasa = log_in("ruta"), log_in("rasa")
        own, other = cast.boruziukai, cast.drugeliai
        child, tomorrow = cast.children["Boružiukai"][0], (DAY + timedelta(days=1)).isoformat()
        today, last = DAY.isoformat(), (DAY + timedelta(days=4)).isoformat()
        posts = one(select(GroupStaff.id).where(GroupStaff.user_id == cast.users["rasa"]))
        for path, data in (
            (f"/groups/{own}/visits/new", {"children": [child], "into_id": other, "first": today, "last": today}),
            (f"/groups/{own}/merges/new",
             {"into_id": other, "first": tomorrow, "last": last, "reason": "Vasara", **ORDER}),
            ("/handovers/new",
             {"post": posts, "who": cast.users["tomas"], "first": today, "last": last, "minutes_a_day": "7:12",
              **ORDER}),
        ):  # fmt: skip
            assert ruta.post(path, data=data).status_code == 303, path
        visit, merge = one(select(Visit.id)), one(select(GroupMerge.id))
        staff = one(select(GroupStaff.id).where(GroupStaff.substitutes_id.is_not(None)))
        employee = one(select(Employee.id).where(Employee.user_id == cast.users["rasa"]))
        for path in (
            "/groups/", f"/groups/{own}", f"/groups/{other}", f"/groups/{own}/visits/{visit}", "/years/2027",
            f"/groups/{own}/merges/{merge}", "/handovers/", "/handovers/new", f"/handovers/{staff}",
            f"/handovers/{DAY}/{own}/card", f"/handovers/{DAY}/{own}/card.pdf", "/handovers/hours/2026-11?all=1",
            "/handovers/hours/2026-11/hours.pdf", "/handovers/hours/2026-11/hours.xlsx",
            f"/handovers/hours/2026-11/{staff}", "/handovers/leavers", f"/handovers/leavers/{employee}/{DAY}",
            f"/attendance/{DAY}/{own}", f"/attendance/{DAY}/{other}",
        ):  # fmt: skip
            assert ruta.get(path).status_code == 200, path
        for path in (f"/groups/{own}", f"/handovers/{DAY}/{own}/card", f"/attendance/{DAY}/{own}"):
            assert rasa.get(path).status_code == 200, path
        said = {"keep": "y", "name": "Kiškučiai", "band": "kindergarten", "programme": "preschool"}
        groups = {f"{what}-{own}": value for what, value in said.items()}
        assert ruta.post("/years/2027/groups", data=groups).status_code == 303
        new = one(select(Group.id).where(Group.school_year == 2027))
        assert ruta.post("/years/2027/children", data={f"all-{own}": new}).status_code == 303
        assert ruta.post("/years/2027/undo").status_code == 303
        for path, data in (
            (f"/groups/{own}/merges/{merge}", {"do": "end"}),
            (f"/groups/{own}/visits/{visit}", {"do": "end"}),
            (f"/handovers/hours/2026-11/{staff}", {f"hours-{DAY}": "5:00"}),
            (f"/handovers/leavers/{employee}/{DAY}",
             {"checked": "y", "despite": "y", "remarks": "Gerai", "successor_id": cast.users["tomas"], **ORDER}),
        ):  # fmt: skip
            assert ruta.post(path, data=data).status_code == 303, path
        check = one(select(LeaverCheck.id))
        assert ruta.get(f"/handovers/checks/{check}/act.pdf").status_code == 200
        with app.app_context(), acting_for(cast.saulute):
            rows = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child)).all()
            assert [(row.group_id, row.valid_to) for row in rows] == [(own, None)]
