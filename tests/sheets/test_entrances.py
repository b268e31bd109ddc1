"""A submitted month is reached by no entrance: taps, reasons, announcements, moves, lists of children, the calendar.

The month was handed over while its last day was still open for the kitchen, so that nothing but the month refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from ediary.attendance import actions as attendance
from ediary.attendance.models import ChildDay, Presence
from ediary.attendance.rules import Mark
from ediary.children import actions as children
from ediary.children.models import Enrolment
from ediary.core import clock
from ediary.core.dates import Month, at_local
from ediary.core.db import db
from ediary.core.errors import Locked
from ediary.core.locks import GroupDay, GroupMonth, write_transaction
from ediary.core.points import DayPoint
from ediary.kitchen import actions as kitchen
from ediary.periods import actions as periods
from ediary.portions.models import Correction, CorrectionRequest
from ediary.sheets import actions, queries
from ediary.workdays import actions as workdays
from tests.cast import Cast
from tests.registers import files
from tests.registers.conftest import Sender
from tests.sheets.conftest import finish, inside
from tests.sheets.test_routes import AsPerson, body

pytestmark = pytest.mark.usefixtures("at")

LAST_DAY, NOVEMBER = date(2026, 11, 30), Month(2026, 11)


@pytest.fixture
def submitted(app: Flask, cast: Cast, at: Callable[..., None]) -> str:
    """Boružiukai's November is with the social pedagogue; gives what its sheet says."""
    at(8, 30, day=LAST_DAY)
    finish(app, cast)
    with inside(app, cast.saulute):
        with write_transaction(lock=GroupMonth(cast.boruziukai, NOVEMBER), exclusive=True):
            periods.submit(cast.boruziukai, NOVEMBER, "mokytoja Rasa")
        return says(cast)


def says(cast: Cast) -> str:
    return queries.sheets(NOVEMBER, [cast.boruziukai])[0].fingerprint


def today(cast: Cast) -> list[GroupDay]:
    return [GroupDay(cast.boruziukai, LAST_DAY), GroupDay(cast.drugeliai, LAST_DAY)]


def tap(cast: Cast, child: int) -> None:
    attendance.mark(cast.boruziukai, child, LAST_DAY, Mark.ABSENT, Mark.PRESENT, "")


def take_back(cast: Cast, child: int) -> None:
    attendance.undo_rest(cast.boruziukai, LAST_DAY, [child], "")


def ask(cast: Cast, child: int) -> None:
    attendance.ask_correction(cast.boruziukai, child, LAST_DAY, False, "", "mokytoja Rasa")


def announce(cast: Cast, child: int) -> None:
    attendance.announce(
        cast.boruziukai, child, LAST_DAY, LAST_DAY + timedelta(days=2),
        reason_id=cast.reasons["l"], caller="mama", called_at=clock.now(), by="mokytoja Rasa",
    )  # fmt: skip


def visit(cast: Cast, child: int) -> None:
    children.visit([child], cast.drugeliai, LAST_DAY, LAST_DAY)
    attendance.follow([child])


def move(cast: Cast, child: int) -> None:
    children.move([child], cast.drugeliai, LAST_DAY)
    attendance.follow([child])


def newcomer(cast: Cast, child: int) -> None:
    new = children.add_child("Naujas", "Vaikas", date(2022, 5, 5))
    children.enrol(new.id, cast.boruziukai, LAST_DAY)


@pytest.mark.parametrize("entrance", [tap, take_back, ask, announce, visit, move, newcomer])
def test_no_entrance_changes_a_submitted_month(
    app: Flask, cast: Cast, submitted: str, entrance: Callable[[Cast, int], Any]
) -> None:
    with inside(app, cast.saulute):
        with pytest.raises(Locked, match="Pateikta 2026-11-30 8:30"), write_transaction(lock=today(cast)):
            entrance(cast, cast.children["Boružiukai"][0])
        assert says(cast) == submitted


def test_a_day_the_director_had_opened_is_closed_by_the_month(
    app: Flask, cast: Cast, submitted: str, at: Callable[..., None]
) -> None:
    at(11, 0, day=LAST_DAY)
    with inside(app, cast.saulute):
        with write_transaction(lock=today(cast), exclusive=True) as held:
            point = db.session.scalars(select(DayPoint).where(DayPoint.group_id == cast.boruziukai)).all()[-1]
            point.locked_at, point.open_until = held.now, held.now + timedelta(hours=3)
        with pytest.raises(Locked, match="Pateikta"), write_transaction(lock=today(cast)):
            tap(cast, cast.children["Boružiukai"][0])
        assert says(cast) == submitted


@pytest.mark.parametrize("marked_meanwhile", [False, True])
def test_a_correction_asked_before_is_not_accepted_after(
    app: Flask, cast: Cast, at: Callable[..., None], marked_meanwhile: bool
) -> None:
    at(10, 0, day=LAST_DAY)
    finish(app, cast)
    child, point = cast.children["Boružiukai"][0], GroupDay(cast.boruziukai, LAST_DAY)
    with inside(app, cast.saulute):
        kitchen.ensure_snapshots(LAST_DAY, LAST_DAY)
        with write_transaction(lock=point):
            ask(cast, child)
        with write_transaction(lock=point, exclusive=True) as held:
            request = db.session.scalars(select(CorrectionRequest)).one()
            if marked_meanwhile:
                held.correct(cast.boruziukai, LAST_DAY, child)
                mark = select(ChildDay).where(ChildDay.child_id == child, ChildDay.day == LAST_DAY)
                db.session.scalars(mark).one().presence = Presence.ABSENT
        with write_transaction(lock=GroupMonth(cast.boruziukai, NOVEMBER), exclusive=True):
            periods.submit(cast.boruziukai, NOVEMBER, "mokytoja Rasa")
        before = says(cast)
        with pytest.raises(Locked, match="Pateikta"), write_transaction(lock=point, exclusive=True):
            kitchen.accept(request.id, LAST_DAY, "dietistė Ieva")
        assert says(cast) == before
        assert db.session.scalar(select(func.count(Correction.id))) == 0


def test_reasons_are_refused_on_the_sheet_and_on_the_day(app: Flask, cast: Cast, submitted: str) -> None:
    child, day = cast.children["Boružiukai"][1], date(2026, 11, 3)
    with inside(app, cast.saulute):
        with pytest.raises(Locked), write_transaction(lock=GroupMonth(cast.boruziukai, NOVEMBER)):
            actions.set_reasons(cast.boruziukai, NOVEMBER, [(child, day)], cast.reasons["l"])
        with pytest.raises(Locked), write_transaction(lock=GroupDay(cast.boruziukai, day)):
            attendance.give_reason(cast.boruziukai, child, day, cast.reasons["l"])
        assert says(cast) == submitted


def test_a_list_of_children_that_begins_today_is_refused(
    app: Flask, cast: Cast, submitted: str, as_person: AsPerson
) -> None:
    desk = Sender(as_person("aldona"))
    with inside(app, cast.saulute):
        before = db.session.scalar(select(func.count(Enrolment.id)))
    rows = files.child_table(files.children(3, groups=1))
    for row in rows[1:]:
        row[5] = "Boružiukai"
    desk.compare(files.as_csv(rows))
    answer = desk.apply(starts_on="2026-11-30")
    assert answer.status_code == 409
    assert "Pateikta 2026-11-30 8:30" in body(answer)
    with inside(app, cast.saulute):
        assert db.session.scalar(select(func.count(Enrolment.id))) == before
        assert says(cast) == submitted


def test_a_submitted_month_keeps_its_working_days(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    october, friday = Month(2026, 10), date(2026, 10, 30)
    with clock.frozen(at_local(friday, time(10))), inside(app, cast.saulute):
        with write_transaction(lock=GroupMonth(cast.boruziukai, october), exclusive=True):
            periods.submit(cast.boruziukai, october, "mokytoja Rasa")
        points = [GroupMonth(cast.boruziukai, october), GroupMonth(cast.drugeliai, october)]
        with pytest.raises(Locked, match="Pateikta"), write_transaction(lock=points, exclusive=True):
            workdays.work_extra(friday + timedelta(days=1), "Talka")
