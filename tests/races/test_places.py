"""Children change groups while others tap, lock, enrol: whoever is first, marks, portions and places agree."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.attendance import actions as attendance
from ediary.attendance.models import ChildDay
from ediary.attendance.rules import Mark
from ediary.children import actions as children
from ediary.children.models import Enrolment
from ediary.core import clock
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.errors import DomainError
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.session import acting_for
from ediary.groups.models import GroupMerge
from ediary.kitchen import actions as kitchen
from ediary.portions.models import Portion
from tests.cast import FIRST, Cast, make_cast
from tests.conftest import DAY, MORNING

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]

TOMORROW = DAY + timedelta(days=1)
ROUNDS = 12


def meet(app: Flask, institution_id: int, *works: Callable[[], object], moment: datetime = MORNING) -> list[str]:
    """Each work in a thread of its own, all at once; gives what each was refused with, "" for what was done."""
    together = Barrier(len(works), timeout=30)

    def go(work: Callable[[], object]) -> str:
        with clock.frozen(moment), app.app_context(), acting_for(institution_id):
            together.wait()
            try:
                work()
            except DomainError as refusal:
                return f"{type(refusal).__name__}: {refusal.message}"
            return ""

    with ThreadPoolExecutor(len(works)) as people:
        return list(people.map(go, works))


@pytest.fixture
def house(database: tuple[Flask, str | None]) -> tuple[Flask, Cast]:
    """The Cast on SQLite and on PostgreSQL."""
    app = database[0]
    with clock.frozen(MORNING.replace(month=8, day=31)), app.app_context():
        return app, make_cast()


def points(cast: Cast) -> list[GroupDay]:
    return [GroupDay(cast.boruziukai, DAY), GroupDay(cast.drugeliai, DAY)]


def test_a_tap_and_a_visit_of_the_same_child_end_in_one_group(house: tuple[Flask, Cast]) -> None:
    app, cast = house

    def tap(child: int) -> None:
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            attendance.mark(cast.boruziukai, child, DAY, Mark.ABSENT, Mark.UNMARKED, "")

    def visit(child: int) -> None:
        with write_transaction(lock=points(cast)):
            children.visit([child], cast.drugeliai, DAY, DAY)
            attendance.follow([child])

    for child in cast.children["Boružiukai"][:ROUNDS]:
        tapped, visited = meet(app, cast.saulute, lambda c=child: tap(c), lambda c=child: visit(c))
        assert visited == ""
        with app.app_context(), acting_for(cast.saulute):
            marks = db.session.scalars(select(ChildDay).where(ChildDay.child_id == child)).all()
            rows = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child)).all()
            (here,) = [row.group_id for row in rows if covers(row.valid_from, row.valid_to, DAY)]
        assert here == cast.drugeliai
        assert [mark.group_id for mark in marks] == ([] if tapped else [here]), tapped


def test_a_newcomer_and_a_merge_of_the_group_miss_each_other_never(house: tuple[Flask, Cast]) -> None:
    app, cast = house
    for number in range(ROUNDS):
        first = DAY + timedelta(days=10 * number + 1)
        last = first + timedelta(days=4)

        def enrol(number: int = number) -> None:
            with write_transaction():
                child = children.add_child("Naujas", f"Vaikas{number:02d}", FIRST.replace(year=2022))
                children.enrol(child.id, cast.boruziukai, TOMORROW)

        def merge(first: object = first, last: object = last) -> None:
            with write_transaction():
                children.merge(cast.boruziukai, cast.drugeliai, first, last, "Vasara")  # type: ignore[arg-type]

        assert meet(app, cast.saulute, enrol, merge) == ["", ""]
    with app.app_context(), acting_for(cast.saulute):
        merges = db.session.scalars(select(GroupMerge)).all()
        rows = db.session.scalars(select(Enrolment).where(Enrolment.valid_from >= TOMORROW)).all()
        assert len(merges) == ROUNDS
        for merge_row in merges:
            here = {row.child_id: row.group_id for row in rows if covers(row.valid_from, row.valid_to, merge_row.first)}
            assert set(here.values()) == {cast.drugeliai}
            assert len(here) == len(cast.children["Boružiukai"]) + ROUNDS


def test_a_visit_and_the_kitchen_s_lock_agree_who_eats_where(house: tuple[Flask, Cast]) -> None:
    app, cast = house
    child = cast.children["Boružiukai"][0]

    def lock() -> None:
        with write_transaction(lock=points(cast), exclusive=True):
            kitchen.lock_day(DAY, "dietistė", "be grupių")

    def visit() -> None:
        with write_transaction(lock=points(cast)):
            children.visit([child], cast.drugeliai, DAY, DAY)
            attendance.follow([child])

    locked, visited = meet(app, cast.saulute, lock, visit)
    assert locked == ""
    with app.app_context(), acting_for(cast.saulute):
        cooked = set(db.session.scalars(select(Portion.group_id).where(Portion.child_id == child)))
    assert cooked == {cast.boruziukai if visited else cast.drugeliai}, visited
    assert visited == "" or visited.startswith("BadInput")
