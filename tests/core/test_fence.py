"""The fence: what it lets through, stamps, refuses and remembers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column

from ediary.accounts.models import User
from ediary.attendance.models import ChildDay, Presence, Submission
from ediary.children import actions as children
from ediary.children.models import Child, Enrolment
from ediary.core.audit import DIGESTED, AuditEntry, digest_of
from ediary.core.batch import write_batch
from ediary.core.db import db
from ediary.core.errors import FenceBreach, Locked, NotFound
from ediary.core.locks import GroupDay, held, write_transaction
from ediary.core.models import OfPerson
from ediary.core.permissions import Role
from ediary.core.scope import Scope
from ediary.core.secrets import unseal
from ediary.core.session import acting_for, set_scope
from ediary.groups.models import Group
from ediary.health.models import MustNotEat
from ediary.institutions import actions as institutions
from ediary.meals.models import ChildDiet, MealOrder
from tests.cast import Cast
from tests.conftest import DAY, MORNING


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


def test_every_shape_of_a_read_is_narrowed(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    other = aliased(Child)
    shapes = [
        select(func.count(Child.id)),
        select(func.count()).select_from(Child),
        select(func.count(other.id)),
        select(func.count(Child.id)).join(Enrolment, Enrolment.child_id == Child.id),
        select(func.count(Child.id)).where(Child.id.in_(select(other.id))),
        select(func.count()).select_from(select(Child.id).subquery()),
    ]
    with app.app_context():
        set_scope(educator(cast, cast.boruziukai))
        assert [db.session.scalar(shape) for shape in shapes] == [20] * len(shapes)
        assert db.session.query(Child).count() == 20
        for foreign in (cast.children["Drugeliai"][0], cast.children["Žuvytės"][0]):
            assert db.session.get(Child, foreign) is None


def test_what_is_of_a_group_is_seen_by_its_educators(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            facts = {"submitted_at": held().now, "submitted_by": "Rasa"}
            db.session.add(Submission(group_id=cast.boruziukai, day=DAY, **facts))
    for group_ids, seen in (((cast.boruziukai,), 1), ((cast.drugeliai,), 0), ((), 0)):
        with app.app_context():
            set_scope(educator(cast, *group_ids))
            assert len(db.session.scalars(select(Submission)).all()) == seen


def test_an_educator_reads_the_history_of_own_children_and_groups_a_guardian_none(
    app: Flask, cast: Cast, at: Callable[..., None]
) -> None:
    entries = select(AuditEntry.child_id, AuditEntry.group_id)
    with app.app_context(), acting_for(cast.saulute):
        whole = len(db.session.execute(entries).all())
    with app.app_context():
        set_scope(educator(cast, cast.boruziukai))
        mine = db.session.execute(entries).all()
        assert 20 < len(mine) < whole
        children = set(cast.children["Boružiukai"])
        assert all(child in children or group == cast.boruziukai for child, group in mine)
    with app.app_context():
        set_scope(Scope(cast.saulute, None, None, child_ids=(cast.children["Boružiukai"][8],)))
        assert db.session.execute(entries).all() == []


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


class Elsewhere(DeclarativeBase):
    """Tables of a test, none of the program's."""


class Note(OfPerson, Elsewhere):
    """A specialist's own, until the first diary is here."""

    __tablename__ = "test_note"
    id: Mapped[int] = mapped_column(primary_key=True)


def test_a_specialists_own_is_seen_by_its_owner_and_by_who_is_no_single_person(app: Flask, cast: Cast) -> None:
    rasa, tomas = cast.users["rasa"], cast.users["tomas"]
    with app.app_context():
        with write_transaction():
            connection = db.session.connection()
            connection.execute(text("CREATE TABLE test_note (id INTEGER, institution_id INTEGER, person_id INTEGER)"))
            for row in ((1, cast.saulute, rasa), (2, cast.saulute, tomas), (3, cast.ezerelis, rasa)):
                connection.execute(
                    text("INSERT INTO test_note VALUES (:a, :b, :c)"), dict(zip("abc", row, strict=True))
                )
    for person, seen in ((rasa, {1}), (tomas, {2}), (None, {1, 2})):
        with app.app_context():
            set_scope(Scope(cast.saulute, person, None, person_id=person))
            assert set(db.session.scalars(select(Note.id))) == seen
            assert {note.id for note in db.session.scalars(select(Note))} == seen


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


def test_nobody_writes_into_a_group_they_do_not_have(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context():
        set_scope(educator(cast, cast.boruziukai))
        with pytest.raises(NotFound), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            db.session.add(mark(cast, cast.children["Drugeliai"][0], group_id=cast.drugeliai))


@pytest.mark.parametrize("field", ["child_id", "group_id", "day"])
def test_a_mark_does_not_move(app: Flask, cast: Cast, at: Callable[..., None], field: str) -> None:
    there = {"child_id": cast.children["Boružiukai"][1], "group_id": cast.drugeliai, "day": DAY - timedelta(days=1)}
    points = [GroupDay(cast.boruziukai, DAY), GroupDay(cast.drugeliai, DAY)]
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction(lock=points):
            db.session.add(mark(cast, cast.children["Boružiukai"][0]))
        with pytest.raises(FenceBreach), write_transaction(lock=points):
            setattr(db.session.scalars(select(ChildDay)).one(), field, there[field])


@pytest.mark.parametrize(
    "statement",
    [
        insert(Child).values(first_name="x"),
        update(Child).values(first_name="x"),
        delete(Child),
        update(User).values(login="x"),
    ],
)
def test_bulk_statements_are_refused(app: Flask, cast: Cast, statement: object) -> None:
    with app.app_context(), acting_for(cast.saulute), pytest.raises(FenceBreach):
        db.session.execute(statement)


def test_bulk_methods_are_refused(app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute):
        doors: list[Callable[[], object]] = [
            lambda: db.session.bulk_save_objects([]),
            lambda: db.session.bulk_insert_mappings(Child, []),
            lambda: db.session.bulk_update_mappings(Child, []),
            lambda: db.session.query(Child).update({"first_name": "x"}),
            lambda: db.session.query(Child).delete(),
        ]
        for door in doors:
            with pytest.raises(FenceBreach):
                door()


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
        with pytest.raises(Locked), write_transaction(lock=point):
            db.session.delete(db.session.scalars(select(ChildDay).where(ChildDay.child_id == absent)).one())


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
        with write_transaction(lock=point, reason="why not"):
            row = db.session.scalars(select(ChildDay)).one()
            row.presence = Presence.ABSENT
        with write_transaction(lock=point):
            db.session.delete(db.session.scalars(select(ChildDay)).one())
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.table_name == "attendance_child_day").order_by(AuditEntry.id)
        ).all()
    assert [entry.action for entry in entries] == ["create", "change", "remove"]
    assert '"presence":[null,"present"]' in entries[0].changes
    assert '"presence":["present","absent"]' in entries[1].changes
    assert '"presence":["absent",null]' in entries[2].changes
    assert [entry.reason for entry in entries] == [None, "why not", None]
    for entry in entries:
        facts = {name: getattr(entry, name) for name in DIGESTED}
        assert (entry.at, entry.digest) == (MORNING, digest_of(facts, entry.salt))
    assert (entries[1].child_id, entries[1].day, entries[1].user_id) == (child, DAY, cast.users["rasa"])


def test_the_history_says_in_which_role_and_on_what(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    rasa = cast.users["rasa"]
    with app.app_context():
        set_scope(Scope(cast.saulute, rasa, Role.EDUCATOR, group_ids=(cast.boruziukai,), device="tablet"))
        with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            db.session.add(mark(cast, cast.children["Boružiukai"][0]))
    with app.app_context(), acting_for(cast.saulute):
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.user_id, last.role, last.device, last.group_id) == (rasa, "educator", "tablet", cast.boruziukai)


def test_of_a_password_the_history_says_only_that_it_changed(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            db.session.get_one(User, cast.users["rasa"]).password_hash = "another"
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.table_name, last.changes) == ("accounts_user", '{"password_hash":["changed"]}')


def test_an_error_of_the_database_tells_the_log_no_values(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    taken = {"login": "rasa", "first_name": "Slapta", "last_name": "Slaptienė", "password_hash": "hash"}
    with app.app_context(), acting_for(cast.saulute):
        with pytest.raises(IntegrityError) as refused, write_transaction():
            db.session.add(User(**taken))
    assert "Slapta" not in str(refused.value)


def test_whatever_has_a_history_has_a_place_for_it(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), pytest.raises(FenceBreach), write_transaction():
        db.session.add(User(login="x", first_name="A", last_name="B", password_hash="x"))
    with app.app_context():
        with write_transaction():
            made = institutions.create("Varpelis", "1").id
        with acting_for(made):
            entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.table_name, entry.action, entry.institution_id) == ("institutions_institution", "create", made)


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
        assert re.fullmatch(r'{"rows":20,"sha256":"[0-9a-f]{64}"}', entry.changes)
        assert {row.institution_id for row in db.session.scalars(select(ChildDay))} == {cast.saulute}
        at(9, 1)
        with pytest.raises(Locked), write_transaction(lock=point):
            write_batch([mark(cast, child) for child in cast.children["Boružiukai"]])


@pytest.mark.parametrize("foreign", [{"institution_id": 10**6}, {"day": DAY + timedelta(days=1)}])
def test_a_batch_passes_neither_the_fence_nor_the_locks(
    app: Flask, cast: Cast, at: Callable[..., None], foreign: dict[str, object]
) -> None:
    own, other = cast.children["Boružiukai"][:2]
    with app.app_context(), acting_for(cast.saulute):
        with pytest.raises(FenceBreach), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
            write_batch([mark(cast, own), mark(cast, other, **foreign)])
        assert db.session.scalars(select(ChildDay)).all() == []


def test_a_sensitive_value_is_sealed_in_the_history(app: Flask, cast: Cast) -> None:
    with app.app_context(), acting_for(cast.saulute):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "health_must_not_eat")).one()
        before, after = json.loads(entry.changes)["text"]
        assert (before, unseal(after)) == (None, db.session.scalars(select(MustNotEat.text)).one())
    assert entry.is_sensitive
    assert "riešutų" not in entry.changes
