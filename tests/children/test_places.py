"""Visits, merged groups and own places as rows: written, refused, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, time, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ediary import gate
from ediary.accounts import actions as accounts
from ediary.children import actions as children
from ediary.children.models import Enrolment, Visit
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.dates import at_local, covers
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.session import acting_for, set_scope
from ediary.groups import actions as groups
from ediary.groups.models import GroupMerge, GroupStaff
from ediary.groups.rules import AgeBand
from tests import make
from tests.cast import FIRST, Cast
from tests.conftest import DAY

At = Callable[..., None]
LATER = DAY + timedelta(days=7)
END = LATER + timedelta(days=4)


@pytest.fixture
def inside(app: Flask, cast: Cast, at: At) -> Iterator[None]:
    """Acting for Saulutė at 8:10."""
    with app.app_context(), acting_for(cast.saulute):
        yield


@contextmanager
def holding(cast: Cast, *, but: int | None = None) -> Iterator[None]:
    """Today's points of both groups are held."""
    points = [GroupDay(one, clock.today()) for one in (cast.boruziukai, cast.drugeliai) if one != but]
    with write_transaction(lock=points):
        yield


def where(child_id: int, first: date = DAY, last: date = END + timedelta(days=1)) -> list[int]:
    """The child's group on each day; a day with no place or with two breaks the test."""
    rows = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child_id)).all()
    found = []
    day = first
    while day <= last:
        (group_id,) = [row.group_id for row in rows if covers(row.valid_from, row.valid_to, day)]
        found.append(group_id)
        day += timedelta(days=1)
    return found


def test_a_visit_splits_the_place_and_gives_it_back(inside: None, cast: Cast) -> None:
    child = cast.children["Boružiukai"][0]
    with write_transaction():
        children.visit([child], cast.drugeliai, LATER, END, make.order("V-50", DAY))
    own, guest = cast.boruziukai, cast.drugeliai
    assert where(child) == [own] * 7 + [guest] * 5 + [own]
    rows = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child).order_by(Enrolment.valid_from)).all()
    assert [(row.is_guest, row.home_id) for row in rows] == [(False, None), (True, own), (False, None)]
    assert rows[-1].valid_to is None
    assert db.session.scalars(select(Enrolment.child_id).where(Enrolment.is_guest)).all() == [child]


def test_a_visit_from_today_on_needs_both_groups_open_and_held(inside: None, cast: Cast, at: At) -> None:
    child = cast.children["Boružiukai"][0]
    with pytest.raises(Stale), holding(cast, but=cast.drugeliai):
        children.visit([child], cast.drugeliai, DAY, END)
    with holding(cast):
        children.visit([child], cast.drugeliai, DAY, END)
    assert where(child)[0] == cast.drugeliai
    at(9, 1)
    other = cast.children["Boružiukai"][1]
    with pytest.raises(BadInput, match=r"[Vv]irtuv|kitchen"), holding(cast):
        children.visit([other], cast.drugeliai, DAY, END)
    with holding(cast):
        children.visit([other], cast.drugeliai, DAY + timedelta(days=1), END)
    assert where(other)[:2] == [cast.boruziukai, cast.drugeliai]


def test_days_that_are_over_are_refused(inside: None, cast: Cast) -> None:
    with pytest.raises(BadInput), holding(cast):
        children.visit([cast.children["Boružiukai"][0]], cast.drugeliai, DAY - timedelta(days=1), END)
    with pytest.raises(BadInput), holding(cast):
        children.merge(cast.boruziukai, cast.drugeliai, DAY - timedelta(days=1), END, "Vasara")
    assert db.session.scalars(select(Visit)).all() == []


def test_a_visit_is_shortened_prolonged_and_taken_back(inside: None, cast: Cast, at: At) -> None:
    child, own, guest = cast.children["Boružiukai"][0], cast.boruziukai, cast.drugeliai
    with write_transaction():
        (visit_id,) = children.visit([child], guest, LATER, END)
    with write_transaction():
        children.end_visit(visit_id, LATER)
    assert where(child) == [own] * 7 + [guest] + [own] * 5
    with write_transaction():
        children.end_visit(visit_id, END)
    assert where(child) == [own] * 7 + [guest] * 5 + [own]
    at(day=LATER + timedelta(days=2))
    with holding(cast):
        children.end_visit(visit_id, None)
    assert where(child) == [own] * 7 + [guest] * 2 + [own] * 4
    at(day=LATER + timedelta(days=9))
    with pytest.raises(BadInput), holding(cast):
        children.end_visit(visit_id, None)


def test_a_visit_that_has_not_begun_leaves_the_place_as_it_was(inside: None, cast: Cast) -> None:
    child = cast.children["Boružiukai"][0]

    def rows() -> list[tuple[int, int, date, date | None]]:
        chosen = select(Enrolment.id, Enrolment.group_id, Enrolment.valid_from, Enrolment.valid_to)
        return [tuple(row) for row in db.session.execute(chosen.where(Enrolment.child_id == child))]  # type: ignore[misc]

    before = rows()
    with write_transaction():
        (visit_id,) = children.visit([child], cast.drugeliai, LATER, END)
    with write_transaction():
        children.end_visit(visit_id, None)
    assert rows() == before
    assert db.session.scalars(select(Visit)).all() == []


def test_a_guest_is_not_a_guest_twice_and_nobody_visits_the_own_group(inside: None, cast: Cast) -> None:
    child = cast.children["Boružiukai"][0]
    with write_transaction():
        children.visit([child], cast.drugeliai, LATER, END)
    with pytest.raises(BadInput, match="Adomas Žukauskas"), write_transaction():
        children.visit([child], cast.drugeliai, END, END + timedelta(days=3))
    with pytest.raises(BadInput, match="Žukauskas Adomas"), write_transaction():
        children.visit([cast.children["Drugeliai"][0]], cast.drugeliai, LATER, END)


def test_a_visit_stays_within_the_school_year_and_its_group(inside: None, cast: Cast) -> None:
    with write_transaction():
        next_year = groups.add_group(2027, "Kiškučiai", AgeBand.KINDERGARTEN).id
    child = cast.children["Boružiukai"][0]
    with pytest.raises(BadInput), write_transaction():
        children.visit([child], next_year, LATER, END)
    with pytest.raises(BadInput), write_transaction():
        children.visit([child], cast.drugeliai, date(2027, 8, 30), date(2027, 9, 2))
    with pytest.raises(NotFound), write_transaction():
        children.visit([child], cast.zuvytes, LATER, END)


def test_leaving_during_a_visit_ends_both(inside: None, cast: Cast) -> None:
    child = cast.children["Boružiukai"][0]
    with write_transaction():
        (visit_id,) = children.visit([child], cast.drugeliai, LATER, END)
    with write_transaction():
        children.leave([child], LATER + timedelta(days=1))
    last = db.session.scalars(select(Enrolment.valid_to).where(Enrolment.child_id == child)).all()
    assert None not in last
    assert max(day for day in last if day) == LATER + timedelta(days=1)
    assert db.session.get(Visit, visit_id).last == LATER + timedelta(days=1)  # type: ignore[union-attr]


def test_moving_during_a_visit_brings_the_child_back_to_the_new_group(inside: None, cast: Cast) -> None:
    child = cast.children["Boružiukai"][0]
    with write_transaction():
        third = groups.add_group(2026, "Kiškučiai", AgeBand.KINDERGARTEN).id
        children.visit([child], cast.drugeliai, LATER, END)
    with write_transaction():
        children.move([child], third, LATER + timedelta(days=2))
    assert where(child) == [cast.boruziukai] * 7 + [cast.drugeliai] * 5 + [third]


# --- merged groups ---------------------------------------------------------------------------------------------------


def staff_of(group_id: int, day: date) -> set[int]:
    rows = db.session.scalars(select(GroupStaff).where(GroupStaff.group_id == group_id))
    return {row.user_id for row in rows if covers(row.valid_from, row.valid_to, day)}


def test_a_merged_group_takes_its_children_and_its_educators_along(inside: None, cast: Cast) -> None:
    own, into = cast.boruziukai, cast.drugeliai
    with write_transaction():
        order = make.order("V-60", DAY)
        merge_id = children.merge(own, into, LATER, END, "Vasara", order).id
    for child in cast.children["Boružiukai"]:
        assert where(child) == [own] * 7 + [into] * 5 + [own]
    everybody = {cast.users[login] for login in ("rasa", "tomas", "dalia", "agne")}
    assert staff_of(into, LATER) == staff_of(into, END) == everybody
    assert staff_of(into, LATER - timedelta(days=1)) == staff_of(into, END + timedelta(days=1)) == {cast.users["tomas"]}
    rows = db.session.scalars(select(GroupStaff).where(GroupStaff.merge_id == merge_id)).all()
    assert {row.order_id for row in rows} == {order}
    with write_transaction():
        children.end_merge(merge_id, None)
    for child in cast.children["Boružiukai"]:
        assert where(child) == [own] * 13
    assert staff_of(into, LATER) == {cast.users["tomas"]}
    assert db.session.scalars(select(GroupMerge)).all() == []


def test_whoever_comes_to_a_merged_group_goes_along(inside: None, cast: Cast) -> None:
    with write_transaction():
        children.merge(cast.boruziukai, cast.drugeliai, LATER, END, "Vasara")
    with write_transaction():
        child = make.child(cast.boruziukai, "Nauja", "Mergaitė", LATER + timedelta(days=1), list(cast.meals.values()))
        groups.assign(cast.boruziukai, cast.users["ruta"], LATER + timedelta(days=2), make.order("V-61", DAY))
    assert where(child, LATER + timedelta(days=1)) == [cast.drugeliai] * 4 + [cast.boruziukai]
    assert cast.users["ruta"] in staff_of(cast.drugeliai, LATER + timedelta(days=2))
    assert cast.users["ruta"] not in staff_of(cast.drugeliai, LATER + timedelta(days=1))


def test_a_running_merge_is_ended_and_prolonged(inside: None, cast: Cast, at: At) -> None:
    child, own, into = cast.children["Boružiukai"][0], cast.boruziukai, cast.drugeliai
    with write_transaction():
        merge_id = children.merge(own, into, LATER, END, "Vasara").id
    at(day=LATER + timedelta(days=1))
    with holding(cast):
        children.end_merge(merge_id, None)
    assert where(child) == [own] * 7 + [into] + [own] * 5
    assert staff_of(into, LATER + timedelta(days=1)) == {cast.users["tomas"]}
    assert cast.users["rasa"] in staff_of(into, LATER)
    with holding(cast):
        children.end_merge(merge_id, END)
    assert where(child) == [own] * 7 + [into] * 5 + [own]


def test_merges_do_not_tangle(inside: None, cast: Cast) -> None:
    own, into = cast.boruziukai, cast.drugeliai
    with write_transaction():
        third = groups.add_group(2026, "Kiškučiai", AgeBand.KINDERGARTEN).id
        children.merge(own, into, LATER, END, "Vasara")
    for pair in ((own, third), (third, own), (into, third), (into, own), (own, own)):
        with pytest.raises(BadInput), write_transaction():
            children.merge(*pair, END, END + timedelta(days=1), "Vasara")
    with write_transaction():
        children.merge(third, into, LATER, END, "Vasara")
        children.merge(into, own, END + timedelta(days=1), END + timedelta(days=2), "Vasara")


def test_a_guest_elsewhere_stays_there_and_guests_go_along(inside: None, cast: Cast) -> None:
    own, into = cast.boruziukai, cast.drugeliai
    first, visitor = cast.children["Boružiukai"][0], cast.children["Drugeliai"][0]
    with write_transaction():
        third = groups.add_group(2026, "Kiškučiai", AgeBand.KINDERGARTEN).id
        children.visit([first], third, LATER, LATER + timedelta(days=1))
        children.visit([visitor], own, LATER, END)
    with write_transaction():
        merge_id = children.merge(own, third, LATER, END, "Vasara").id
        children.end_visit(db.session.scalars(select(Visit.id).where(Visit.child_id == first)).one(), LATER)
    assert where(first) == [own] * 7 + [third] * 5 + [own]
    assert where(visitor) == [into] * 7 + [third] * 5 + [into]
    with write_transaction():
        children.end_merge(merge_id, LATER + timedelta(days=1))
    assert where(first) == [own] * 7 + [third] * 2 + [own] * 4
    assert where(visitor) == [into] * 7 + [third] * 2 + [own] * 3 + [into]


def test_every_step_is_in_the_history(inside: None, cast: Cast) -> None:
    with write_transaction():
        (visit_id,) = children.visit([cast.children["Boružiukai"][0]], cast.drugeliai, LATER, END)
    with write_transaction():
        children.end_visit(visit_id, None)
    chosen = select(AuditEntry.table_name, AuditEntry.action).where(AuditEntry.at == clock.now())
    assert sorted((row.table_name, row.action) for row in db.session.execute(chosen)) == [
        ("children_enrolment", "change"),
        ("children_enrolment", "change"),
        ("children_enrolment", "create"),
        ("children_enrolment", "create"),
        ("children_enrolment", "remove"),
        ("children_enrolment", "remove"),
        ("children_visit", "create"),
        ("children_visit", "remove"),
    ]


# --- whatever happens -------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["enrol", "visit", "visit", "end_visit", "merge", "merge", "end_merge", "move", "leave", "wait"]
        ),
        st.integers(0, 5),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 12),
        st.integers(0, 9),
    ),
    max_size=12,
)
#: days looked at
SPAN = 60


class Small:
    """Three groups and whoever comes to them; what is promised is counted beside."""

    def __init__(self, number: int) -> None:
        with write_transaction():
            made = [groups.add_group(2026, f"{name}{number}", AgeBand.KINDERGARTEN) for name in "ABC"]
            self.groups = [one.id for one in made]
        #: child -> the numbers of the days on which it has a place
        self.promised: dict[int, set[int]] = {}
        self.kids: list[int] = []
        self.today = 0
        self.add(0, 0, 0, 0)
        self.add(1, 3, 0, 0)

    def day(self, number: int) -> date:
        return DAY + timedelta(days=number)

    def add(self, group: int, first: int, last: int, _more: int) -> None:
        end = first + last + 5 if last else None
        with self.writing():
            child = children.add_child("Vaikas", "Mažas", date(2022, 1, 1)).id
            children.enrol(child, self.groups[group], self.day(first), None if end is None else self.day(end))
        self.kids.append(child)
        self.promised[child] = set(range(first, SPAN if end is None else end + 1))

    @contextmanager
    def writing(self) -> Iterator[None]:
        with write_transaction(lock=[GroupDay(one, clock.today()) for one in self.groups]):
            yield

    def step(self, verb: str, which: int, one: int, other: int, first: int, length: int) -> None:
        begins, ends = self.day(self.today + first), self.day(self.today + first + length)
        child = self.kids[which % len(self.kids)]
        if verb == "wait":
            self.today += which
            return
        if verb == "enrol":
            self.add(one, self.today + first, length, 0)
            return
        with self.writing():
            if verb == "visit":
                children.visit([child], self.groups[one], begins, ends)
            elif verb == "merge":
                children.merge(self.groups[one], self.groups[other], begins, ends, "Vasara")
            elif verb == "move":
                children.move([child], self.groups[one], begins)
            elif verb == "leave":
                children.leave([child], begins)
            elif verb == "end_visit":
                visits = db.session.scalars(select(Visit.id).where(Visit.child_id.in_(self.kids))).all()
                children.end_visit(visits[which % len(visits)], ends if length else None) if visits else None
            else:
                merges = db.session.scalars(select(GroupMerge.id).where(GroupMerge.group_id.in_(self.groups))).all()
                children.end_merge(merges[which % len(merges)], ends if length else None) if merges else None
        if verb == "leave":
            self.promised[child] -= set(range(self.today + first + 1, SPAN))

    def places(self) -> dict[int, dict[int, list[tuple[int, int | None]]]]:
        """child -> day -> (group, own group of a guest)."""
        db.session.expunge_all()
        found: dict[int, dict[int, list[tuple[int, int | None]]]] = {child: {} for child in self.kids}
        for row in db.session.scalars(select(Enrolment).where(Enrolment.child_id.in_(self.kids))):
            for number in range(SPAN):
                if covers(row.valid_from, row.valid_to, self.day(number)):
                    found[row.child_id].setdefault(number, []).append((row.group_id, row.home_id))
        return found


def test_whatever_happens_a_child_stands_once_a_day_on_exactly_its_days(app: Flask, cast: Cast) -> None:
    """Enrolling, visiting, merging, moving, leaving in any order: what was stays, what comes is one place a day."""
    numbers = iter(range(10**6))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(STEPS)
    def live(steps: list[tuple[str, int, int, int, int, int]]) -> None:
        with app.app_context(), acting_for(cast.saulute), clock.frozen(at_local(DAY, time(7))):
            small = Small(next(numbers))
        for step in steps:
            moment = at_local(DAY + timedelta(days=small.today), time(7))
            with app.app_context(), acting_for(cast.saulute), clock.frozen(moment):
                before = small.places()
                with suppress(BadInput):
                    small.step(*step)
                after = small.places()
                for child in before:
                    for number in range(small.today if step[0] != "wait" else SPAN):
                        assert before[child].get(number) == after[child].get(number), "what was, changed"
                for child, promised in small.promised.items():
                    assert {number: len(places) for number, places in after[child].items()} == dict.fromkeys(
                        promised, 1
                    )
        moment = at_local(DAY + timedelta(days=small.today), time(7))
        with app.app_context(), acting_for(cast.saulute), clock.frozen(moment), small.writing():
            for visit in db.session.scalars(select(Visit.id).where(Visit.child_id.in_(small.kids))).all():
                with suppress(BadInput):
                    children.end_visit(visit, None)
            for merge in db.session.scalars(select(GroupMerge.id).where(GroupMerge.group_id.in_(small.groups))).all():
                with suppress(BadInput):
                    children.end_merge(merge, None)
        with app.app_context(), acting_for(cast.saulute):
            for of_child in small.places().values():
                homeless = [(number, one) for number, one in of_child.items() if number >= small.today and one[0][1]]
                assert homeless == [], "a guest although every visit and merge is ended"

    live()


def test_a_child_of_before_is_known_by_its_first_day(inside: None, cast: Cast) -> None:
    assert where(cast.children["Boružiukai"][0], FIRST, FIRST) == [cast.boruziukai]


# --- who sees whom ---------------------------------------------------------------------------------------------------


def seen_by(app: Flask, cast: Cast, login: str) -> gate.CurrentUser:
    with app.app_context():
        with write_transaction():
            token = accounts.open_session(cast.users[login], "tablet")
        found = gate.load_user(token)
    assert found is not None
    return found


def test_a_child_who_visits_to_its_very_end_is_still_its_own_educators_too(app: Flask, cast: Cast, at: At) -> None:
    child = cast.children["Boružiukai"][0]
    with app.app_context(), acting_for(cast.saulute), holding(cast):
        children.visit([child], cast.drugeliai, DAY, END)
        children.leave([child], END)
    for login in ("rasa", "tomas"):
        assert child in (seen_by(app, cast, login).child_ids or ()), login
    at(day=END + timedelta(days=1))
    for login in ("rasa", "tomas"):
        assert child not in (seen_by(app, cast, login).child_ids or ()), login


def test_an_educator_enters_a_child_into_a_group_that_will_be_merged_into_one_not_theirs(
    app: Flask, cast: Cast, at: At
) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        children.merge(cast.boruziukai, cast.drugeliai, LATER, END, "Vasara")
    rasa = seen_by(app, cast, "rasa")
    assert rasa.group_ids == (cast.boruziukai,)
    with app.app_context():
        set_scope(gate.scope_of(rasa), rasa.child_ids)
        with write_transaction():
            child = children.add_child("Nauja", "Mergaitė", date(2022, 1, 1)).id
            children.enrol(child, cast.boruziukai, DAY + timedelta(days=1))
        with pytest.raises(NotFound), write_transaction():
            children.enrol(children.add_child("Ne", "Mano", date(2022, 1, 1)).id, cast.drugeliai, LATER)
    with app.app_context(), acting_for(cast.saulute):
        assert where(child, LATER) == [cast.drugeliai] * 5 + [cast.boruziukai]
