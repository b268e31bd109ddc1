"""The educator's day over HTTP: what a tap does, what it is refused, what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.attendance import queries
from ediary.children.actions import enrol
from ediary.children.models import Enrolment
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.batch import write_batch
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.locks import GroupDay, GroupMonth, write_transaction
from ediary.core.points import DayPoint, MonthPoint
from ediary.core.session import acting_for
from ediary.portions.models import Correction, LockedDay, Portion
from ediary.workdays.models import Closure
from tests.cast import Cast
from tests.conftest import DAY, HTMX, count_queries, less_tokens

TOMORROW = DAY + timedelta(days=1)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[None]:
    """In Saulutė, as the program itself."""
    with app.app_context(), acting_for(cast.saulute):
        yield


class Page:
    """The day page of Boružiukai in one person's hands."""

    def __init__(self, app: Flask, cast: Cast, client: FlaskClient, day: date = DAY) -> None:
        self.app, self.cast, self.client, self.day = app, cast, client, day
        self.group_id = cast.boruziukai
        self.kids = cast.children["Boružiukai"]

    @property
    def url(self) -> str:
        return f"/attendance/{self.day}/{self.group_id}"

    def get(self, path: str = "") -> Any:
        return self.client.get(self.url + path)

    def post(self, path: str, htmx: bool = True, **data: Any) -> Any:
        return self.client.post(self.url + path, data=data, headers=HTMX if htmx else {})

    def tap(self, number: int, wanted: str, seen: str = "unmarked", htmx: bool = True) -> Any:
        return self.post(f"/children/{self.kids[number]}", htmx, wanted=wanted, seen=seen)

    def marks(self) -> dict[int, tuple[str, int | None]]:
        """Child's number on the page -> stored presence and reason."""
        with inside(self.app, self.cast):
            facts = queries.marks([self.group_id], self.day, self.day)
        return {self.kids.index(fact.child_id): (fact.presence.value, fact.reason_id) for fact in facts}

    def submitted(self) -> bool:
        with inside(self.app, self.cast):
            return self.group_id in queries.submissions(self.day)

    def announce(self, number: int, **fields: Any) -> Any:
        told = {
            "child_id": self.kids[number], "first": DAY.isoformat(), "last": "", "reason_id": self.cast.reasons["l"],
            "caller": "mama", "called_at": "2026-11-23T07:55",
        }  # fmt: skip
        return self.post("/announcements", htmx=False, **(told | fields))


def body(answer: Any) -> str:
    text: str = answer.get_data(as_text=True)
    return text


def row_of(answer: Any, child_id: int) -> str:
    """The root element of a child's row, its opening tag and all inside."""
    found = re.search(rf'<form class="kid[^"]*" id="child-{child_id}".*?</form>', body(answer), re.S)
    assert found, f"no row of child {child_id}"
    return found.group()


@pytest.fixture
def rasa(app: Flask, cast: Cast, as_person: Callable[[str], FlaskClient]) -> Page:
    return Page(app, cast, as_person("rasa"))


# --- marking ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "taps",
    [
        [("absent", "unmarked"), ("unmarked", "absent")],
        [("present", "unmarked"), ("unmarked", "present")],
        [("present", "unmarked"), ("absent", "present"), ("unmarked", "absent")],
        [("absent", "unmarked"), ("present", "absent"), ("unmarked", "present")],
    ],
)
def test_every_tap_is_saved_at_once_and_every_state_has_its_undo(rasa: Page, taps: list[tuple[str, str]]) -> None:
    for wanted, seen in taps:
        answer = rasa.tap(0, wanted, seen)
        assert answer.status_code == 200
        assert f"kid-{wanted}" in row_of(answer, rasa.kids[0])
        assert rasa.marks() == ({} if wanted == "unmarked" else {0: (wanted, None)})


def test_a_tap_answers_with_the_row_the_counters_and_the_bar(rasa: Page) -> None:
    text = body(rasa.tap(2, "absent"))
    assert "kid-absent" in text
    assert '<div class="counts" id="counters" role="status" hx-swap-oob="true">' in text
    assert re.search(r"<b>19</b>\s*liko", text)
    assert "Visi likę atvyko (19)" in text


def test_the_row_of_an_answer_is_the_row_of_the_page(rasa: Page) -> None:
    answered = row_of(rasa.tap(2, "absent"), rasa.kids[2])
    token = re.compile(r'name="csrf_token" value="[^"]+"')
    assert token.sub("", answered) == token.sub("", row_of(rasa.get(), rasa.kids[2]))


def test_without_htmx_a_tap_goes_back_to_the_page(rasa: Page) -> None:
    answer = rasa.tap(2, "absent", htmx=False)
    assert (answer.status_code, answer.location) == (303, rasa.url)
    assert rasa.marks() == {2: ("absent", None)}


def test_a_tap_sent_twice_is_no_error_and_writes_once(rasa: Page, cast: Cast) -> None:
    assert rasa.tap(0, "absent").status_code == 200
    assert rasa.tap(0, "absent").status_code == 200
    with inside(rasa.app, cast):
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "attendance_child_day")).all()
    assert [entry.action for entry in entries] == ["create"]


def test_when_another_tablet_was_faster_the_fresh_row_comes_with_a_word(rasa: Page) -> None:
    rasa.tap(0, "present")
    answer = rasa.tap(0, "absent", seen="unmarked")
    assert answer.status_code == 409
    assert "kid-present" in row_of(answer, rasa.kids[0])
    assert "Kitoje planšetėje" in body(answer)
    assert rasa.marks() == {0: ("present", None)}


@pytest.mark.parametrize("data", [{}, {"wanted": "late", "seen": "unmarked"}, {"wanted": "absent"}])
def test_a_tap_that_makes_no_sense_is_refused(rasa: Page, data: dict[str, str]) -> None:
    answer = rasa.post(f"/children/{rasa.kids[0]}", **data)
    assert answer.status_code == 422
    assert rasa.marks() == {}


@pytest.mark.parametrize("who", ["ieva", "vilma", "aldona"])
def test_roles_without_the_diary_see_nothing_of_it(
    app: Flask, cast: Cast, as_person: Callable[[str], FlaskClient], who: str
) -> None:
    page = Page(app, cast, as_person(who))
    assert page.get().status_code == 403
    assert page.tap(0, "absent").status_code == 403
    assert page.get("/announcements").status_code == 403


@pytest.mark.parametrize("who", ["lina", "jonas", "ruta"])
def test_who_only_looks_has_no_buttons_and_may_not_mark(
    app: Flask, cast: Cast, as_person: Callable[[str], FlaskClient], who: str
) -> None:
    page = Page(app, cast, as_person(who))
    assert page.get().status_code == 200
    assert 'name="wanted"' not in body(page.get())
    assert page.tap(0, "absent").status_code == 403
    assert page.post("/rest", child=page.kids[0]).status_code == 403
    assert page.post("/submit").status_code == 403


@pytest.mark.parametrize("who", ["tomas", "ona", "asta"])
def test_another_group_and_another_kindergarten_do_not_exist(
    app: Flask, cast: Cast, as_person: Callable[[str], FlaskClient], who: str
) -> None:
    page = Page(app, cast, as_person(who))
    nowhere = less_tokens(body(page.client.get(f"/attendance/{DAY}/999999")))
    assert page.get().status_code == 404
    assert less_tokens(body(page.get())) == nowhere
    assert page.get("/changes").status_code == 404
    if who != "ona":
        assert page.tap(0, "absent").status_code == 404
        assert page.post("/rest", child=page.kids[0]).status_code == 404
        assert page.post("/submit").status_code == 404
    assert page.announce(0).status_code == 404


def test_a_child_of_another_group_is_a_404_like_no_child_at_all(rasa: Page, cast: Cast) -> None:
    for child_id in (cast.children["Drugeliai"][0], cast.children["Žuvytės"][0], 999999):
        for path, data in (
            ("", {"wanted": "absent", "seen": "unmarked"}),
            ("/reason", {"reason_id": cast.reasons["l"]}),
            ("/correction", {"present": "yes"}),
        ):
            assert rasa.post(f"/children/{child_id}{path}", **data).status_code == 404, (child_id, path)
        assert rasa.post("/rest", child=[rasa.kids[0], child_id]).status_code == 404
    assert rasa.marks() == {}


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (TOMORROW, "dar neatėjo"),
        (date(2026, 11, 22), "ne darbo diena"),
        (date(2026, 11, 1), "Visų Šventųjų diena"),
    ],
)
def test_a_future_day_and_a_day_off_are_refused_with_a_sentence(rasa: Page, day: date, sentence: str) -> None:
    rasa.day = day
    answer = rasa.tap(0, "absent")
    assert answer.status_code == 422
    assert sentence in body(answer)
    assert rasa.marks() == {}


def test_a_closure_says_why_nothing_can_be_marked(rasa: Page, cast: Cast) -> None:
    with inside(rasa.app, cast), write_transaction():
        db.session.add(Closure(group_id=cast.boruziukai, first=DAY, last=DAY, reason="trūko vamzdis"))
    answer = rasa.tap(0, "absent")
    assert answer.status_code == 422
    assert "trūko vamzdis" in body(answer)
    text = body(rasa.get())
    assert 'name="wanted"' not in text
    assert "trūko vamzdis" in text


def test_a_day_before_the_childs_place_is_refused_with_a_sentence(
    rasa: Page, cast: Cast, at: Callable[..., None]
) -> None:
    from tests import make

    with inside(rasa.app, cast), write_transaction():
        newcomer = make.child(cast.boruziukai, "Nauja", "Mergaitė", TOMORROW, list(cast.meals.values()))
    answer = rasa.post(f"/children/{newcomer}", wanted="present", seen="unmarked")
    assert answer.status_code == 422
    assert TOMORROW.isoformat() in body(answer)
    assert f"child-{newcomer}" not in body(rasa.get())


# --- „Visi likę atvyko“ and „Pateikti“ -----------------------------------------------------------------------


def test_five_taps_write_twenty_children(rasa: Page) -> None:
    for number in (1, 10, 16):
        rasa.tap(number, "absent")
    left = [child_id for number, child_id in enumerate(rasa.kids) if number not in (1, 10, 16)]
    assert rasa.post("/rest", child=left).status_code == 200
    answer = rasa.post("/submit")
    assert answer.status_code == 200
    assert "Pateikta 8:10" in body(answer)
    marks = rasa.marks()
    assert len(marks) == 20
    assert {number for number, (presence, _) in marks.items() if presence == "absent"} == {1, 10, 16}
    assert rasa.submitted()


def test_all_the_rest_writes_only_children_shown_and_still_unmarked(rasa: Page) -> None:
    rasa.tap(0, "absent")
    answer = rasa.post("/rest", child=rasa.kids[:3])
    assert "kid-absent" in row_of(answer, rasa.kids[0])
    assert rasa.marks() == {0: ("absent", None), 1: ("present", None), 2: ("present", None)}


def test_all_the_rest_leaves_announced_children_alone(rasa: Page) -> None:
    rasa.announce(3)
    rasa.post("/rest", child=rasa.kids[2:5])
    assert rasa.marks() == {2: ("present", None), 4: ("present", None)}


def test_all_the_rest_can_be_taken_back_but_not_what_was_changed_since(rasa: Page) -> None:
    answer = rasa.post("/rest", child=rasa.kids[:4])
    offered = re.search(r'<form id="undo-rest".*?</form>', body(answer), re.S)
    assert offered
    ids = [int(one) for one in re.findall(r'name="child" value="(\d+)"', offered.group())]
    assert ids == rasa.kids[:4]
    rasa.tap(1, "absent", "present")
    assert rasa.post("/rest/undo", child=ids).status_code == 200
    assert rasa.marks() == {1: ("absent", None)}


def test_without_htmx_the_page_after_all_the_rest_still_offers_to_take_it_back(rasa: Page) -> None:
    answer = rasa.post("/rest", htmx=False, child=rasa.kids[:2])
    assert answer.status_code == 303
    assert 'id="undo-rest"' in body(rasa.client.get(answer.location))


def test_submitting_with_unmarked_children_is_refused_naming_them(rasa: Page) -> None:
    rasa.post("/rest", child=rasa.kids[2:])
    answer = rasa.post("/submit")
    assert answer.status_code == 422
    assert "Adomas Žukauskas, Austėja Kazlauskaitė" in body(answer)
    assert not rasa.submitted()


def test_submitting_makes_marks_of_announcements(rasa: Page, cast: Cast) -> None:
    rasa.announce(3, last=TOMORROW.isoformat())
    rasa.post("/rest", child=rasa.kids)
    answer = rasa.post("/submit")
    assert answer.status_code == 200
    assert "kid-excused" in row_of(answer, rasa.kids[3])
    assert rasa.marks()[3] == ("absent", cast.reasons["l"])


def test_submitting_twice_changes_nothing(rasa: Page, at: Callable[..., None]) -> None:
    rasa.post("/rest", child=rasa.kids)
    rasa.post("/submit")
    at(8, 30)
    assert "Pateikta 8:10" in body(rasa.post("/submit"))


@pytest.mark.parametrize("undo", ["tap", "rest"])
def test_an_unmarked_child_withdraws_the_submission_and_the_page_says_so(rasa: Page, undo: str) -> None:
    rasa.post("/rest", child=rasa.kids)
    rasa.post("/submit")
    answer = rasa.tap(0, "unmarked", "present") if undo == "tap" else rasa.post("/rest/undo", child=rasa.kids[:2])
    assert "nebepateikta" in body(answer)
    assert not rasa.submitted()


def test_changing_a_mark_keeps_the_submission(rasa: Page) -> None:
    rasa.post("/rest", child=rasa.kids)
    rasa.post("/submit")
    rasa.tap(0, "absent", "present")
    assert rasa.submitted()


@pytest.mark.parametrize("child", ["x", "-1", "1' OR 1=1", "99999999999999999999"])
def test_a_list_of_children_that_makes_no_sense_is_refused(rasa: Page, child: str) -> None:
    assert rasa.post("/rest", child=[child]).status_code == 422


# --- reasons ------------------------------------------------------------------------------------------------


def test_a_reason_is_one_more_tap_and_can_be_taken_back(rasa: Page, cast: Cast) -> None:
    rasa.tap(0, "absent")
    answer = rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id=cast.reasons["l"])
    assert "kid-excused" in row_of(answer, rasa.kids[0])
    assert rasa.marks() == {0: ("absent", cast.reasons["l"])}
    assert rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id="").status_code == 200
    assert rasa.marks() == {0: ("absent", None)}


def test_an_unjustified_absence_does_not_look_excused(rasa: Page, cast: Cast) -> None:
    rasa.tap(0, "absent")
    answer = rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id=cast.reasons["n"])
    assert "kid-excused" not in row_of(answer, rasa.kids[0])


def test_presence_takes_the_reason_with_it(rasa: Page, cast: Cast) -> None:
    rasa.tap(0, "absent")
    rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id=cast.reasons["l"])
    rasa.tap(0, "present", "absent")
    assert rasa.marks() == {0: ("present", None)}


def test_a_reason_for_a_child_who_is_not_absent_is_refused(rasa: Page, cast: Cast) -> None:
    rasa.tap(0, "present")
    answer = rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id=cast.reasons["l"])
    assert answer.status_code == 409
    assert "kid-present" in row_of(answer, rasa.kids[0])


def test_another_kindergartens_reason_does_not_exist(rasa: Page, cast: Cast) -> None:
    rasa.tap(0, "absent")
    foreign = rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id=cast.foreign_reasons["l"])
    nowhere = rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id=999999)
    assert foreign.status_code == nowhere.status_code == 404
    assert body(foreign) == body(nowhere)
    assert rasa.marks() == {0: ("absent", None)}


def test_a_reason_no_longer_given_is_refused_and_not_offered(rasa: Page, cast: Cast) -> None:
    from ediary.absences.models import AbsenceReason

    with inside(rasa.app, cast), write_transaction():
        reason = db.session.get(AbsenceReason, cast.reasons["v"])
        assert reason
        reason.valid_to = DAY - timedelta(days=1)
    rasa.tap(0, "absent")
    answer = rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id=cast.reasons["v"])
    assert answer.status_code == 422
    assert "Vasara" not in row_of(answer, rasa.kids[0])


# --- locks --------------------------------------------------------------------------------------------------


def test_locked_day_refuses_presence_but_takes_a_reason(rasa: Page, cast: Cast, at: Callable[..., None]) -> None:
    rasa.tap(0, "absent")
    at(9, 0)
    answer = rasa.tap(0, "present", "absent")
    assert answer.status_code == 409
    assert "9:00" in body(answer)
    assert "kid-still" in row_of(answer, rasa.kids[0])
    assert rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id=cast.reasons["l"]).status_code == 200
    assert rasa.marks() == {0: ("absent", cast.reasons["l"])}


def test_locked_day_refuses_all_the_rest_its_undo_and_submitting(rasa: Page, at: Callable[..., None]) -> None:
    rasa.tap(0, "present")
    at(9, 0)
    assert rasa.post("/rest", child=rasa.kids).status_code == 409
    assert rasa.post("/rest/undo", child=rasa.kids[:1]).status_code == 409
    assert rasa.marks() == {0: ("present", None)}


def test_after_the_lock_a_tap_that_was_stored_before_it_is_still_answered(rasa: Page, at: Callable[..., None]) -> None:
    rasa.tap(0, "absent")
    at(9, 1)
    assert rasa.tap(0, "absent").status_code == 200


def test_one_second_before_the_lock_is_in_time(rasa: Page, at: Callable[..., None]) -> None:
    at(moment=datetime(2026, 11, 23, 6, 59, 59, tzinfo=UTC))
    assert rasa.tap(0, "absent").status_code == 200
    at(moment=datetime(2026, 11, 23, 7, 0, 0, tzinfo=UTC))
    assert rasa.tap(1, "absent").status_code == 409


def test_a_locked_page_says_once_why_and_keeps_the_reasons_open(rasa: Page, at: Callable[..., None]) -> None:
    rasa.tap(0, "absent")
    at(9, 5)
    text = body(rasa.get())
    assert text.count("Diena užsirakino 9:00") == 1
    assert 'name="wanted"' not in text
    assert 'name="reason_id"' in text
    assert "Užrakinta 9:00" in text


def test_the_page_says_who_locked_the_day_by_hand(rasa: Page, cast: Cast) -> None:
    with inside(rasa.app, cast), write_transaction(GroupDay(cast.boruziukai, DAY), exclusive=True) as held:
        point = db.session.scalars(select(DayPoint)).one()
        point.locked_at, point.locked_by = held.now, "dietistė Ieva"
    text = body(rasa.get())
    assert "8:10 (dietistė Ieva)" in text
    assert "8:10 (dietistė Ieva)" in body(rasa.tap(0, "absent"))


def test_a_locked_month_takes_nothing_and_says_why(rasa: Page, cast: Cast) -> None:
    rasa.tap(0, "absent")
    month = Month.of(DAY)
    with (
        inside(rasa.app, cast),
        write_transaction(GroupMonth(cast.boruziukai, month), exclusive=True) as held,
    ):
        point = db.session.scalars(select(MonthPoint)).one()
        point.locked_at, point.locked_by = held.now, "direktorius Jonas"
    for answer in (
        rasa.tap(0, "present", "absent"),
        rasa.post(f"/children/{rasa.kids[0]}/reason", reason_id=cast.reasons["l"]),
        rasa.post("/rest", child=rasa.kids[1:]),
        rasa.post(f"/children/{rasa.kids[0]}/correction", present="yes"),
    ):
        assert answer.status_code == 409
        assert "direktorius Jonas" in body(answer)
    text = body(rasa.get())
    assert 'name="wanted"' not in text
    assert 'name="reason_id"' not in text
    assert "direktorius Jonas" in text


# --- a locked day: asking for a correction; a day opened again ------------------------------------------------


def test_a_correction_is_asked_for_and_the_row_says_so(rasa: Page, at: Callable[..., None]) -> None:
    rasa.tap(0, "absent")
    at(9, 40)
    assert "Prašyti pataisos" in row_of(rasa.get(), rasa.kids[0])
    answer = rasa.post(f"/children/{rasa.kids[0]}/correction", present="yes", note="atvyko 9:40")
    assert answer.status_code == 200
    row = row_of(answer, rasa.kids[0])
    assert "Pataisos paprašyta" in row
    assert "Prašyti pataisos" not in row
    assert rasa.marks() == {0: ("absent", None)}


@pytest.mark.parametrize(
    ("hour", "data", "status"),
    [
        ((8, 30), {"present": "yes"}, 409),
        ((9, 40), {"present": "no"}, 409),
        ((9, 40), {"present": "maybe"}, 422),
        ((9, 40), {"present": "yes", "note": "x" * 301}, 422),
    ],
    ids=["open day", "is so already", "nonsense", "too long"],
)
def test_a_correction_nobody_needs_is_not_asked_for(
    rasa: Page, at: Callable[..., None], hour: tuple[int, int], data: dict[str, str], status: int
) -> None:
    rasa.tap(0, "absent")
    at(*hour)
    assert rasa.post(f"/children/{rasa.kids[0]}/correction", **data).status_code == status
    assert "Pataisos paprašyta" not in body(rasa.get())


def test_in_a_day_opened_again_the_portions_follow_by_numbered_corrections(
    rasa: Page, cast: Cast, at: Callable[..., None]
) -> None:
    rasa.tap(0, "absent")
    rasa.tap(1, "present")
    at(9, 30)
    _lock_with_portions_of(rasa, rasa.kids[1])
    _open_again(rasa, until=clock.now() + timedelta(hours=1))
    assert "atrakinta iki 10:30" in body(rasa.get())
    assert rasa.tap(0, "present", "absent").status_code == 200
    assert rasa.tap(1, "absent", "present").status_code == 200
    assert _corrections(rasa) == [(1, rasa.kids[0], 1), (2, rasa.kids[1], -1)]
    assert rasa.tap(0, "absent", "present").status_code == 200
    assert _corrections(rasa)[2:] == [(3, rasa.kids[0], -1)]


def _lock_with_portions_of(rasa: Page, child_id: int) -> None:
    """The kitchen's snapshot, with one child in it."""
    with inside(rasa.app, rasa.cast), write_transaction() as held:
        locked = LockedDay(day=DAY, locked_at=held.now)
        db.session.add(locked)
        db.session.flush()
        rows = [
            Portion(
                locked_day_id=locked.id, group_id=rasa.group_id, child_id=child_id, day=DAY,
                meal_kind_id=meal, age_band="kindergarten",
            )
            for meal in rasa.cast.meals.values()
        ]  # fmt: skip
        write_batch(rows)


def _open_again(rasa: Page, until: datetime) -> None:
    with inside(rasa.app, rasa.cast), write_transaction(GroupDay(rasa.group_id, DAY), exclusive=True):
        db.session.scalars(select(DayPoint).where(DayPoint.day == DAY)).one().open_until = until


def _corrections(rasa: Page) -> list[tuple[int, int, int]]:
    with inside(rasa.app, rasa.cast):
        rows = db.session.scalars(select(Correction).order_by(Correction.number)).all()
    return [(row.number, row.child_id, row.delta) for row in rows]


# --- announced absences -------------------------------------------------------------------------------------


def test_an_announced_child_is_shown_as_such_and_counted_apart(rasa: Page) -> None:
    assert rasa.announce(3, last="2026-11-25").status_code == 303
    page = rasa.get()
    assert "Pranešta: liga iki 25 d." in row_of(page, rasa.kids[3])
    assert "Visi likę atvyko (19)" in body(page)
    assert rasa.marks() == {}


@pytest.mark.parametrize(
    ("last", "words"), [("", "Pranešta: liga"), ("2026-12-02", "Pranešta: liga iki gruodžio 2 d.")]
)
def test_an_announcement_says_until_when(rasa: Page, last: str, words: str) -> None:
    rasa.announce(3, last=last)
    assert words in row_of(rasa.get(), rasa.kids[3])


def test_a_tap_on_an_announced_child_takes_the_announced_reason(rasa: Page, cast: Cast) -> None:
    rasa.announce(3)
    assert rasa.tap(3, "absent").status_code == 200
    assert rasa.marks() == {3: ("absent", cast.reasons["l"])}
    rasa.tap(3, "unmarked", "absent")
    assert "kid-announced" in row_of(rasa.get(), rasa.kids[3])


def test_announcing_a_child_already_marked_as_come_says_what_to_do(rasa: Page) -> None:
    rasa.tap(0, "present", "unmarked")
    rasa.announce(0, last=DAY.isoformat())
    assert "Šiandien vaikas pažymėtas" in body(rasa.client.get(f"{rasa.url}/announcements"))


def test_an_announced_child_who_came_is_present(rasa: Page) -> None:
    rasa.announce(3)
    assert "kid-present" in row_of(rasa.tap(3, "present"), rasa.kids[3])


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"caller": " "}, 422, "kas pranešė"),
        ({"first": "2026-11-20"}, 422, "jau praėjo"),
        ({"last": "2026-11-22"}, 422, "ankstesnė už pirmą"),
        ({"called_at": "2026-11-23T08:11"}, 422, "negali būti vėlesnis"),
        ({"called_at": "1900-01-01T00:00"}, 422, "Nurodykite, kada pranešė."),
        ({"called_at": "once"}, 422, "Pasirinkite dieną ir valandą."),
        ({"first": "2199-12-31"}, 422, "ne anksčiau kaip prieš metus"),
        ({"child_id": "9" * 25}, 422, ""),
        ({"first": "yesterday"}, 422, ""),
        ({"child_id": "999999"}, 404, ""),
        ({"reason_id": "999999"}, 404, ""),
    ],
)
def test_an_announcement_that_makes_no_sense_is_refused(
    rasa: Page, fields: dict[str, Any], status: int, sentence: str
) -> None:
    answer = rasa.announce(3, **fields)
    assert answer.status_code == status
    assert sentence in body(answer)
    assert "kid-announced" not in body(rasa.get())


def test_an_announcement_is_not_ended_through_a_group_the_child_is_no_longer_in(
    app: Flask, cast: Cast, as_person: Callable[[str], FlaskClient], at: Callable[..., None]
) -> None:
    child = cast.children["Boružiukai"][3]
    with inside(app, cast), write_transaction(lock=GroupDay(cast.boruziukai, DAY)):
        place = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child)).one()
        place.valid_to = DAY
        db.session.flush()
        enrol(child, cast.drugeliai, TOMORROW)
    at(8, 10, day=TOMORROW)
    jonas = as_person("jonas")
    sent = {"child_id": child, "first": TOMORROW, "caller": "mama", "called_at": f"{TOMORROW}T08:00"}
    announced = jonas.post(f"/attendance/{TOMORROW}/{cast.drugeliai}/announcements", data=sent)
    assert announced.location.endswith("/announcements")
    for group_id, status in ((cast.boruziukai, 404), (cast.drugeliai, 303)):
        path = f"/attendance/{TOMORROW}/{group_id}/announcements/1/end"
        assert jonas.post(path, data={"back_on": TOMORROW}).status_code == status


@pytest.mark.parametrize("asked", ["²", "9" * 5000, "-1", "1..x"])
def test_an_address_that_offers_to_take_back_nonsense_shows_the_day(rasa: Page, asked: str) -> None:
    assert rasa.get(f"?undo={asked}").status_code == 200


def test_the_same_announcement_sent_twice_is_written_once(rasa: Page) -> None:
    assert rasa.announce(3, last="2026-11-25").status_code == 303
    assert rasa.announce(3, last="2026-11-25").status_code == 422
    assert rasa.announce(3, first="2026-11-26", last="2026-11-27").status_code == 303
    assert body(rasa.get("/announcements")).count("/end") == 2


def test_a_refused_announcement_keeps_what_was_typed(rasa: Page) -> None:
    assert 'value="senelė Ona"' in body(rasa.announce(3, last="2026-11-22", caller="senelė Ona"))


def test_after_the_lock_an_announcement_begins_tomorrow_and_explains_todays_absence(
    rasa: Page, cast: Cast, at: Callable[..., None]
) -> None:
    rasa.tap(3, "absent")
    at(9, 15)
    assert rasa.announce(3, last="2026-11-25").status_code == 303
    assert TOMORROW.isoformat() in body(rasa.get("/announcements"))
    assert rasa.marks() == {3: ("absent", cast.reasons["l"])}
    rasa.day = TOMORROW
    assert "kid-announced" in row_of(rasa.get(), rasa.kids[3])


def test_after_the_lock_an_announcement_for_today_alone_only_explains_the_absence(
    rasa: Page, cast: Cast, at: Callable[..., None]
) -> None:
    rasa.tap(3, "absent")
    at(9, 15)
    assert rasa.announce(3, last=DAY.isoformat()).status_code == 303
    assert rasa.announce(4, last=DAY.isoformat()).status_code == 422
    assert rasa.marks() == {3: ("absent", cast.reasons["l"])}
    assert "Pranešimų nėra" in body(rasa.get("/announcements"))


def test_an_announcement_ends_when_the_child_is_back_earlier(rasa: Page) -> None:
    rasa.announce(3, last="2026-11-27")
    found = re.search(r"/announcements/(\d+)/end", body(rasa.get("/announcements")))
    assert found
    answer = rasa.post(f"/announcements/{found[1]}/end", htmx=False, back_on=TOMORROW.isoformat())
    assert answer.status_code == 303
    assert "kid-announced" in row_of(rasa.get(), rasa.kids[3])
    rasa.day = TOMORROW
    assert "kid-announced" not in row_of(rasa.get(), rasa.kids[3])


def test_an_announcement_taken_back_before_the_lock_leaves_no_trace_on_the_day(rasa: Page) -> None:
    rasa.announce(3)
    found = re.search(r"/announcements/(\d+)/end", body(rasa.get("/announcements")))
    assert found
    rasa.post(f"/announcements/{found[1]}/end", htmx=False, back_on=DAY.isoformat())
    assert "kid-unmarked" in row_of(rasa.get(), rasa.kids[3])


def test_after_the_lock_today_stays_announced(rasa: Page, at: Callable[..., None]) -> None:
    rasa.announce(3)
    at(9, 15)
    found = re.search(r"/announcements/(\d+)/end", body(rasa.get("/announcements")))
    assert found
    assert rasa.post(f"/announcements/{found[1]}/end", back_on=DAY.isoformat()).status_code == 409
    assert rasa.post(f"/announcements/{found[1]}/end", back_on=TOMORROW.isoformat()).status_code == 303


def test_another_kindergartens_announcement_does_not_exist(
    rasa: Page, cast: Cast, app: Flask, as_person: Callable[[str], FlaskClient]
) -> None:
    rasa.announce(3)
    found = re.search(r"/announcements/(\d+)/end", body(rasa.get("/announcements")))
    assert found
    asta = as_person("asta")
    url = f"/attendance/{DAY}/{cast.zuvytes}/announcements/{found[1]}/end"
    assert asta.post(url, data={"back_on": DAY.isoformat()}).status_code == 404


# --- the page around ----------------------------------------------------------------------------------------


def test_names_stand_in_lithuanian_order(rasa: Page) -> None:
    shown = [int(one) for one in re.findall(r'id="child-(\d+)"', body(rasa.get()))]
    assert shown == rasa.kids


def test_what_must_not_be_eaten_and_the_diet_stand_at_the_face(rasa: Page) -> None:
    page = rasa.get()
    assert "Nevalgo: riešutų" in row_of(page, rasa.kids[13])
    assert "Be pieno" in row_of(page, rasa.kids[8])
    assert "Nevalgo: riešutų" in row_of(rasa.tap(13, "present"), rasa.kids[13])


def test_the_page_leads_to_the_working_days_around(rasa: Page) -> None:
    text = body(rasa.get())
    assert f"/attendance/2026-11-20/{rasa.group_id}" in text
    assert f"/attendance/2026-11-24/{rasa.group_id}" in text


def test_a_day_to_come_takes_announcements_only_and_says_so(rasa: Page) -> None:
    rasa.day = TOMORROW
    text = body(rasa.get())
    assert "dar neatėjo" in text
    assert 'name="wanted"' not in text
    assert "/announcements" in text


def test_a_weekend_says_that_there_is_nothing_to_mark(rasa: Page) -> None:
    rasa.day = date(2026, 11, 22)
    text = body(rasa.get())
    assert "darželis nedirba" in text
    assert 'name="wanted"' not in text


def test_the_clock_says_how_long_the_day_is_still_open(rasa: Page, at: Callable[..., None]) -> None:
    at(8, 36)
    assert "liko 24 min" in body(rasa.get())


def test_polling_brings_only_the_rows_that_changed(rasa: Page) -> None:
    shown = dict(re.findall(r'id="child-(\d+)" data-tap data-version="([^"]+)"', body(rasa.get())))
    rasa.tap(5, "absent")
    rows = ",".join(f"{child_id}:{version}" for child_id, version in shown.items())
    answer = rasa.client.get(f"{rasa.url}/changes?rows={rows}", headers={"X-Poll": "1", **HTMX})
    assert re.findall(r'id="child-(\d+)"', body(answer)) == [str(rasa.kids[5])]
    assert re.search(r"<b>19</b>\s*liko", body(answer))


def test_polling_after_the_lock_brings_every_row_locked(rasa: Page, at: Callable[..., None]) -> None:
    shown = re.findall(r'id="child-(\d+)" data-tap data-version="([^"]+)"', body(rasa.get()))
    at(9, 0)
    rows = ",".join(f"{child_id}:{version}" for child_id, version in shown)
    text = body(rasa.client.get(f"{rasa.url}/changes?rows={rows}", headers=HTMX))
    assert len(re.findall(r'id="child-', text)) == 20
    assert 'name="wanted"' not in text
    assert "Diena užsirakino 9:00" in text


def test_polling_with_nonsense_brings_no_rows(rasa: Page) -> None:
    answer = rasa.client.get(f"{rasa.url}/changes?rows=,,x:y,1", headers=HTMX)
    assert answer.status_code == 200


@pytest.mark.parametrize("wanted", ["present", "absent"])
def test_a_tap_takes_few_statements(rasa: Page, wanted: str) -> None:
    rasa.tap(0, "present")  # makes the lock points
    rasa.announce(2)
    with count_queries(at_most=12):
        assert rasa.tap(1, wanted).status_code == 200
    with count_queries(at_most=13):
        assert rasa.tap(1, "unmarked", wanted).status_code == 200


def test_the_page_takes_as_many_statements_with_few_children_as_with_many(
    rasa: Page, cast: Cast, app: Flask, as_person: Callable[[str], FlaskClient]
) -> None:
    tomas = as_person("tomas")
    tomas.get("/")
    rasa.get()
    with count_queries() as many:
        rasa.get()
    with count_queries() as few:
        tomas.get(f"/attendance/{DAY}/{cast.drugeliai}")
    assert len(many) == len(few)
    assert len(many) <= 14
