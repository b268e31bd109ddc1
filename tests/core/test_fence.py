"""The fence: what it lets through, stamps, refuses and remembers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from ediary.attendance.models import ChildDay, Presence
from ediary.children import actions as children
from ediary.children.models import Child, Enrolment
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.errors import FenceBreach, Locked, NotFound
from ediary.core.locks import GroupDay, held, write_transaction
from ediary.core.permissions import Role
from ediary.core.scope import Scope
from ediary.core.session import acting_for, set_scope, write_batch
from ediary.groups.models import Group
from ediary.meals.models import ChildDiet, MealOrder
from tests.cast import Cast
from tests.conftest import DAY


def mark(cast: Cast, child_id: int, **values: object) -> ChildDay:
    return ChildDay(
        **{
            "child_id": child_id,
            "group_id": cast.boruziukai,
            "day": DAY,
            "presence": Presence.PRESENT,
            "changed_at": held().now,
        }
        | values
    )


def educator(cast: Cast, *group_ids: int) -> Scope:
    rasa = cast.users["rasa"]
    return Scope(cast.saulute, rasa, Role.EDUCATOR, group_ids=group_ids, person_id=rasa)


def test_no_scope_means_no_rows(app: Flask, cast: Cast) -> None:
    with app.app_context():
        assert db.session.scalars(select(Child)).all() == []
        assert db.session.execute(select(Child.last_name)).all() == []


def test_an_institution_sees_its_own_rows_only(app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.ezerelis):
        assert {child.last_name for child in db.session.scalars(select(Child))} == {"Upelis", "Marių"}
        assert db.session.get(Child, cast.children["Boružiukai"][0]) is None
        assert [name for (name,) in db.session.execute(select(Group.name))] == ["Žuvytės"]


def test_an_educator_sees_own_group_and_its_children(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context():
        set_scope(educator(cast, cast.boruziukai))
        assert {group.name for group in db.session.scalars(select(Group))} == {"Boružiukai"}
        assert {child.id for child in db.session.scalars(select(Child))} == set(cast.children["Boružiukai"])
        assert {diet.child_id for diet in db.session.scalars(select(ChildDiet))} == {cast.children["Boružiukai"][8]}


def test_an_educator_without_groups_sees_no_child(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context():
        set_scope(educator(cast))
        assert not db.session.scalars(select(Child)).all()
        assert not db.session.scalars(select(MealOrder)).all()


def test_a_child_who_changed_group_takes_the_past_along_and_leaves_a_name(
    app: Flask, cast: Cast, at: Callable[..., None]
) -> None:
    child, point = cast.children["Boružiukai"][8], GroupDay(cast.boruziukai, DAY)
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction(lock=point):
            db.session.add(mark(cast, child))
        with write_transaction(lock=[point, GroupDay(cast.drugeliai, DAY)]):
            db.session.scalars(select(Enrolment).where(Enrolment.child_id == child)).one().valid_to = DAY
            db.session.flush()
            children.enrol(child, cast.drugeliai, DAY + timedelta(days=1))
    at(8, 10, day=DAY + timedelta(days=1))
    for group_id, has_diet in ((cast.boruziukai, False), (cast.drugeliai, True)):
        with app.app_context():
            set_scope(educator(cast, group_id))
            assert [row.child_id for row in db.session.scalars(select(ChildDay))] == [child], "the mark, to both"
            assert db.session.get(Child, child) is not None, "the name, to both"
            diets = [diet.child_id for diet in db.session.scalars(select(ChildDiet))]
            assert (child in diets) == has_diet, "what holds now, only to who has the child now"


def test_a_guardian_sees_their_own_children_whatever_the_group(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    own = (cast.children["Boružiukai"][8], cast.children["Drugeliai"][0])
    with app.app_context():
        set_scope(Scope(cast.saulute, None, None, group_ids=(), child_ids=own))
        assert {child.id for child in db.session.scalars(select(Child))} == set(own)
        assert {order.child_id for order in db.session.scalars(select(MealOrder))} == set(own)


def test_the_scope_never_changes_inside_a_session(app: Flask, cast: Cast) -> None:
    with app.app_context():
        set_scope(Scope(cast.saulute, None, None))
        with pytest.raises(FenceBreach):
            set_scope(Scope(cast.ezerelis, None, None))


def test_nothing_is_written_outside_a_write_transaction(app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute):
        db.session.add(Child(first_name="A", last_name="B", birth_date=DAY))
        with pytest.raises(FenceBreach):
            db.session.flush()


def test_a_new_row_gets_the_institution_of_the_scope(app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            child = Child(first_name="A", last_name="B", birth_date=DAY)
            db.session.add(child)
        assert child.institution_id == cast.saulute


def test_a_row_of_another_institution_is_refused(app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute), pytest.raises(FenceBreach), write_transaction():
        db.session.add(Child(first_name="A", last_name="B", birth_date=DAY, institution_id=cast.ezerelis))


@pytest.mark.parametrize("statement", [insert(Child).values(first_name="x"), update(Child).values(first_name="x")])
def test_bulk_statements_are_refused(app: Flask, cast: Cast, statement: object) -> None:
    with app.app_context(), acting_for(cast.saulute), pytest.raises(FenceBreach):
        db.session.execute(statement)


def test_bulk_methods_are_refused(app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute), pytest.raises(FenceBreach):
        db.session.bulk_save_objects([])


def test_a_mark_without_its_lock_point_is_a_bug(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute), pytest.raises(FenceBreach), write_transaction():
        db.session.add(mark(cast, cast.children["Boružiukai"][0]))


def test_locked_day_refuses_presence_but_takes_a_reason(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    absent, other = cast.children["Boružiukai"][:2]
    point = GroupDay(cast.boruziukai, DAY)
    at(8, 10)
    with app.app_context(), acting_for(cast.saulute), write_transaction(lock=point):
        db.session.add(mark(cast, absent, presence=Presence.ABSENT))
    at(9, 0)
    with app.app_context(), acting_for(cast.saulute):
        with pytest.raises(Locked), write_transaction(lock=point):
            db.session.add(mark(cast, other))
        with write_transaction(lock=point):
            row = db.session.scalars(select(ChildDay).where(ChildDay.child_id == absent)).one()
            row.reason_id = cast.reasons["l"]
        with pytest.raises(Locked), write_transaction(lock=point):
            row = db.session.scalars(select(ChildDay).where(ChildDay.child_id == absent)).one()
            row.presence, row.reason_id = Presence.PRESENT, None


def test_locked_month_refuses_everything(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    point = GroupDay(cast.boruziukai, date(2026, 10, 5))
    at(8, 10, day=date(2026, 10, 5))
    with app.app_context(), acting_for(cast.saulute), write_transaction(lock=point):
        db.session.add(mark(cast, cast.children["Boružiukai"][0], day=point.day, presence=Presence.ABSENT))
    at(23, 59, day=date(2026, 11, 9))
    with app.app_context(), acting_for(cast.saulute), write_transaction(lock=point):
        db.session.scalars(select(ChildDay)).one().reason_id = cast.reasons["l"]
    at(0, 0, day=date(2026, 11, 10))
    with app.app_context(), acting_for(cast.saulute), pytest.raises(Locked), write_transaction(lock=point):
        db.session.scalars(select(ChildDay)).one().reason_id = cast.reasons["t"]


def test_a_lock_point_of_another_kindergarten_does_not_exist(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute), pytest.raises(NotFound):
        with write_transaction(lock=GroupDay(cast.zuvytes, DAY)):
            pass


def test_every_change_leaves_its_old_value(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    child = cast.children["Boružiukai"][0]
    point = GroupDay(cast.boruziukai, DAY)
    with app.app_context(), acting_for(cast.saulute, cast.users["rasa"]):
        with write_transaction(lock=point):
            db.session.add(mark(cast, child))
        with write_transaction(lock=point):
            row = db.session.scalars(select(ChildDay)).one()
            row.presence = Presence.ABSENT
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.table_name == "attendance_child_day").order_by(AuditEntry.id)
        ).all()
    assert [entry.action for entry in entries] == ["create", "change"]
    assert '"presence":["present","absent"]' in entries[1].changes
    assert (entries[1].child_id, entries[1].day, entries[1].user_id) == (child, DAY, cast.users["rasa"])


def test_a_refused_write_leaves_neither_row_nor_history(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with pytest.raises(ZeroDivisionError), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            db.session.add(mark(cast, cast.children["Boružiukai"][0]))
            db.session.flush()
            raise ZeroDivisionError
        assert db.session.scalars(select(ChildDay)).all() == []
        assert not db.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "attendance_child_day")).all()


def test_a_batch_asks_locks_and_writes_history_once(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    point = GroupDay(cast.boruziukai, DAY)
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction(lock=point):
            write_batch([mark(cast, child) for child in cast.children["Boružiukai"]])
        assert len(db.session.scalars(select(ChildDay)).all()) == 20
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "batch", AuditEntry.day == DAY)).one()
        assert '"rows":20' in entry.changes
        at(9, 1)
        with pytest.raises(Locked), write_transaction(lock=point):
            write_batch([mark(cast, child) for child in cast.children["Boružiukai"]])


def test_a_sensitive_value_is_sealed_in_the_history(app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "health_must_not_eat")).one()
    assert entry.is_sensitive
    assert "riešutų" not in entry.changes
