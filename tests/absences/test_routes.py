"""The settings of reasons over HTTP: what is changed from when on, what never changes, what is refused."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.absences.models import AbsenceReason, Announcement
from ediary.attendance.models import ChildDay
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.session import acting_for
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, less_tokens
from tests.sheets.conftest import write_day

pytestmark = pytest.mark.usefixtures("at")

AsPerson = Callable[[str], FlaskClient]
YESTERDAY, TOMORROW, FRIDAY = DAY - timedelta(days=1), DAY + timedelta(days=1), DAY + timedelta(days=4)
#: what „Liga“ says as delivered
ILLNESS = {
    "letter": "l",
    "name": "Liga",
    "kind": "illness",
    "waives_food": "y",
    "paper": "parents",
    "paper_due": "month_end",
}
FLU = {"letter": "f", "name": "Gripas", "kind": "illness", "waives_food": "y"}


def body(answer: Any) -> str:
    text: str = answer.get_data(as_text=True)
    return text


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[None]:
    """In Saulutė, as the program itself."""
    with app.app_context(), acting_for(cast.saulute):
        yield


def rows(app: Flask, cast: Cast, *letters: str) -> list[tuple[str, str, date, date | None]]:
    """(letter, name, from, to) of the rows with these letters, in order of time."""
    with inside(app, cast):
        found = db.session.scalars(select(AbsenceReason).order_by(AbsenceReason.valid_from, AbsenceReason.id))
        return [(row.letter, row.name, row.valid_from, row.valid_to) for row in found if row.letter in letters]


def id_of(app: Flask, cast: Cast, letter: str, day: date = TOMORROW) -> int:
    """The row of a letter on a day."""
    with inside(app, cast):
        found = db.session.scalars(select(AbsenceReason).where(AbsenceReason.letter == letter))
        return next(row.id for row in found if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to))


def order(client: FlaskClient) -> list[str]:
    """The letters in the order of the list."""
    return re.findall(r'<b class="reason-letter \w+">(\w+)</b>', body(client.get("/absences/reasons")))


class Day:
    """Boružiukai's day in Rasa's hands, and its month in Lina's."""

    def __init__(self, cast: Cast, as_person: AsPerson, at: Callable[..., None]) -> None:
        self.cast, self.kids = cast, cast.children["Boružiukai"]
        self.as_person, self.at = as_person, at
        self.rasa, self.lina = as_person("rasa"), as_person("lina")

    def next_morning(self) -> None:
        """Tomorrow, logged in anew."""
        self.at(8, 10, day=TOMORROW)
        self.rasa, self.lina = self.as_person("rasa"), self.as_person("lina")

    def url(self, day: date) -> str:
        return f"/attendance/{day}/{self.cast.boruziukai}"

    def absent(self, number: int, day: date = DAY, seen: str = "unmarked") -> Any:
        data = {"wanted": "absent", "seen": seen}
        return self.rasa.post(f"{self.url(day)}/children/{self.kids[number]}", data=data, headers=HTMX)

    def explain(self, number: int, reason_id: int, day: date = DAY) -> Any:
        path = f"{self.url(day)}/children/{self.kids[number]}/reason"
        return self.rasa.post(path, data={"reason_id": reason_id}, headers=HTMX)

    def announce(self, number: int, first: date, last: date | None, reason_id: int) -> Any:
        data = {
            "child_id": self.kids[number],
            "first": first.isoformat(),
            "last": last.isoformat() if last else "",
            "reason_id": reason_id,
            "caller": "mama",
            "called_at": f"{DAY}T08:00",
        }
        return self.rasa.post(f"{self.url(DAY)}/announcements", data=data)

    def row(self, number: int, day: date) -> str:
        page = body(self.rasa.get(self.url(day)))
        return re.search(rf'<form[^>]*id="child-{self.kids[number]}".*?</form>', page, re.DOTALL)[0]  # type: ignore[index]

    def reasons(self, app: Flask) -> dict[tuple[int, date], int | None]:
        with inside(app, self.cast):
            return {(self.kids.index(one.child_id), one.day): one.reason_id for one in db.session.scalars(_MARKS)}


_MARKS = select(ChildDay).where(ChildDay.day >= DAY)


@pytest.fixture
def aldona(as_person: AsPerson) -> FlaskClient:
    """The administrator."""
    return as_person("aldona")


@pytest.fixture
def day(cast: Cast, as_person: AsPerson, at: Callable[..., None]) -> Day:
    return Day(cast, as_person, at)


def change(client: FlaskClient, reason_id: int, first: date, **terms: str) -> Any:
    return client.post(f"/absences/reasons/{reason_id}", data={"first": first.isoformat(), **(ILLNESS | terms)})


def end(client: FlaskClient, reason_id: int, last: date) -> Any:
    return client.post(f"/absences/reasons/{reason_id}/end", data={"last": last.isoformat()})


def add(client: FlaskClient, first: date, **terms: str) -> Any:
    return client.post("/absences/reasons/new", data={"first": first.isoformat(), **(FLU | terms)})


# --- the list -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["aldona", "jonas", "ruta"])
def test_the_list_says_what_each_reason_does_to_the_bill(as_person: AsPerson, login: str) -> None:
    page = body(as_person(login).get("/absences/reasons"))
    assert page.count('class="card reason-row"') == 11
    assert "Nepateisinta" in page
    assert "maistas nemokamas" in page


@pytest.mark.parametrize("login", ["rasa", "lina", "vilma", "ieva", "dalia", "agne", "sigita", "milda", "greta"])
def test_who_does_not_set_the_house_up_has_none_of_it(cast: Cast, as_person: AsPerson, login: str) -> None:
    client, one = as_person(login), f"/absences/reasons/{cast.reasons['l']}"
    assert {client.get(path).status_code for path in ("/absences/reasons", "/absences/reasons/new", one)} == {403}
    posts = ("/absences/reasons/new", one, *(f"{one}/{what}" for what in ("end", "keep", "withdraw", "move")))
    assert {client.post(path).status_code for path in posts} == {403}


def test_another_kindergartens_reason_looks_like_no_reason(cast: Cast, aldona: FlaskClient) -> None:
    foreign, nothing = cast.foreign_reasons["l"], 10**6
    for what in ("", "/end", "/keep", "/withdraw", "/move"):
        data = {"first": TOMORROW.isoformat(), "last": DAY.isoformat(), "to": "up", **ILLNESS}
        answers = [aldona.post(f"/absences/reasons/{one}{what}", data=data) for one in (foreign, nothing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert less_tokens(body(answers[0])) == less_tokens(body(answers[1]))
    assert aldona.get(f"/absences/reasons/{foreign}").status_code == 404


def test_a_reason_goes_up_and_down_and_the_piece_is_the_pages(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    path, before = f"/absences/reasons/{cast.reasons['t']}/move", order(aldona)
    piece = body(aldona.post(path, data={"to": "up"}, headers=HTMX))
    assert less_tokens(piece.strip()) in less_tokens(body(aldona.get("/absences/reasons")))
    assert order(aldona) == ["t", "l", *before[2:]]
    assert aldona.post(path, data={"to": "down"}).status_code == 303
    assert order(aldona) == before
    assert aldona.post(path, data={"to": "aside"}, headers=HTMX).status_code == 422


def test_the_order_is_the_educators_too(cast: Cast, aldona: FlaskClient, day: Day) -> None:
    aldona.post(f"/absences/reasons/{cast.reasons['t']}/move", data={"to": "up"})
    day.absent(0)
    assert day.row(0, DAY).index("Tėvų atostogos") < day.row(0, DAY).index("Liga")


# --- one more -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [DAY, TOMORROW])
def test_a_new_reason_is_given_from_its_day_on(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day, first: date
) -> None:
    assert add(aldona, first).status_code == 303
    assert rows(app, cast, "f") == [("f", "Gripas", first, None)]
    assert order(aldona)[-1] == "f"
    day.absent(0)
    assert ("Gripas" in day.row(0, DAY)) is (first == DAY)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first": YESTERDAY.isoformat()}, "jau praėjo"),
        ({"first": ""}, "Pasirinkite dieną, nuo kurios taip yra."),
        ({"first": "2199-12-31"}, "dvejus metus"),
        ({"letter": "l"}, "Raidė „l“ jau reiškia „Liga“"),
        ({"letter": "Š"}, "Raidė „š“ jau reiškia"),
        ({"letter": "?"}, "Įrašykite vieną ar dvi raides."),
        ({"letter": " "}, "Įrašykite vieną ar dvi raides."),
        ({"name": "  "}, "Įrašykite, kaip priežastis vadinama."),
        ({"name": "x" * 81}, "Pavadinimas per ilgas"),
        ({"kind": "vacation"}, "Pasirinkite vieną iš siūlomų"),
        ({"kind": ""}, "Pasirinkite"),
    ],
)
def test_what_makes_no_sense_is_said_and_what_was_typed_stays(
    app: Flask, cast: Cast, aldona: FlaskClient, fields: dict[str, str], said: str
) -> None:
    answer = aldona.post("/absences/reasons/new", data={"first": TOMORROW.isoformat(), **FLU, **fields})
    assert answer.status_code == 422
    assert said in body(answer)
    assert ('value="Gripas"' in body(answer)) is ("name" not in fields)
    assert rows(app, cast, "f") == []


def test_a_letter_written_as_two_signs_is_one_letter(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    assert add(aldona, TOMORROW, letter="z\u030c").status_code == 303
    assert rows(app, cast, "ž") == [("ž", "Gripas", TOMORROW, None)]


# --- changed from a day on ----------------------------------------------------------------------------------


def test_a_change_closes_the_row_and_another_follows_it(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    assert change(aldona, cast.reasons["l"], FRIDAY, letter="L", name="Liga be pažymos").status_code == 303
    assert rows(app, cast, "l", "L") == [
        ("l", "Liga", FIRST, FRIDAY - timedelta(days=1)),
        ("L", "Liga be pažymos", FRIDAY, None),
    ]
    page = body(aldona.get("/absences/reasons"))
    assert "Liga be pažymos" in page
    assert page.count('class="card reason-row"') == 11
    with inside(app, cast):
        entries = list(db.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "attendance_reason")))
        closed = next(json.loads(entry.changes) for entry in entries if entry.action == "change")
        assert closed == {"valid_to": [None, (FRIDAY - timedelta(days=1)).isoformat()]}
        following = db.session.scalars(select(AbsenceReason).where(AbsenceReason.letter == "L")).one()
        assert following.follows_id == cast.reasons["l"]
        assert following.set_by == "administratorė Aldona Kairienė"


def test_a_row_in_force_yesterday_says_today_what_it_said(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    with inside(app, cast):
        before = {row.id: _said(row) for row in db.session.scalars(select(AbsenceReason))}
    change(aldona, cast.reasons["l"], DAY, letter="L", waives_education="y")
    end(aldona, cast.reasons["t"], DAY)
    add(aldona, DAY)
    aldona.post(f"/absences/reasons/{cast.reasons['n']}/move", data={"to": "up"})
    with inside(app, cast):
        after = {row.id: _said(row) for row in db.session.scalars(select(AbsenceReason))}
    assert {key: after[key] for key in before} == before


def _said(row: AbsenceReason) -> tuple[Any, ...]:
    return row.letter, row.name, row.kind, row.waives_food, row.waives_education, row.paper, row.valid_from


def test_yesterday_does_not_change(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    for answer in (
        change(aldona, cast.reasons["l"], YESTERDAY, letter="L"),
        end(aldona, cast.reasons["l"], YESTERDAY - timedelta(days=1)),
    ):
        assert answer.status_code == 422
        assert "jau praėjo" in body(answer)
    assert rows(app, cast, "l", "L") == [("l", "Liga", FIRST, None)]


def test_the_october_sheet_prints_the_old_letter_after_a_november_change(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day
) -> None:
    write_day(app, cast, "Boružiukai", date(2026, 10, 20), "lll+")
    october = f"/sheets/2026-10/{cast.boruziukai}"
    before = body(day.lina.get(october))
    assert change(aldona, cast.reasons["l"], DAY, letter="X", kind="unjustified").status_code == 303
    assert _grid(body(day.lina.get(october))) == _grid(before)
    assert "X" not in _grid(before)
    printed = day.lina.post(f"{october}/print", data={"format": "pdf"}, follow_redirects=True)
    [page] = PdfReader(io.BytesIO(printed.data)).pages
    text = page.extract_text()
    assert text.count("\n(l)\n") == 3  # no paper came by the end of October
    assert "Liga" in text
    assert "\nX\n" not in text


def _grid(page: str) -> str:
    return page[page.index("<tbody>") : page.index("</dl>")]


def test_today_changes_while_nothing_uses_it(app: Flask, cast: Cast, aldona: FlaskClient, day: Day) -> None:
    day.absent(0)
    day.explain(0, cast.reasons["t"])
    assert change(aldona, cast.reasons["l"], DAY, letter="L").status_code == 303
    assert rows(app, cast, "l", "L") == [("l", "Liga", FIRST, YESTERDAY), ("L", "Liga", DAY, None)]


def test_today_does_not_change_once_a_mark_uses_it(app: Flask, cast: Cast, aldona: FlaskClient, day: Day) -> None:
    day.absent(0)
    day.explain(0, cast.reasons["l"])
    for answer in (change(aldona, cast.reasons["l"], DAY, letter="L"), end(aldona, cast.reasons["l"], YESTERDAY)):
        assert answer.status_code == 422
        assert f"{DAY} tai jau įrašyta" in body(answer)
    assert rows(app, cast, "l", "L") == [("l", "Liga", FIRST, None)]
    assert change(aldona, cast.reasons["l"], TOMORROW, letter="L").status_code == 303


def test_an_absence_announced_for_today_uses_it(app: Flask, cast: Cast, aldona: FlaskClient, day: Day) -> None:
    day.announce(3, DAY, FRIDAY, cast.reasons["l"])
    assert change(aldona, cast.reasons["l"], DAY, letter="L").status_code == 422
    assert change(aldona, cast.reasons["l"], TOMORROW, letter="L").status_code == 303


def test_what_began_today_by_mistake_is_mended_in_place(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    add(aldona, DAY, name="Gripasss")
    assert change(aldona, id_of(app, cast, "f"), DAY, **FLU).status_code == 303
    assert rows(app, cast, "f") == [("f", "Gripas", DAY, None)]


def test_a_planned_change_is_changed_itself_and_nothing_comes_before_it(
    app: Flask, cast: Cast, aldona: FlaskClient
) -> None:
    change(aldona, cast.reasons["l"], FRIDAY, letter="L")
    planned = id_of(app, cast, "L", FRIDAY)
    assert change(aldona, planned, FRIDAY, letter="X").status_code == 303
    too_early = change(aldona, planned, TOMORROW, letter="Y")
    assert too_early.status_code == 422
    assert f"nuo {FRIDAY} jau numatytas" in body(too_early)
    assert rows(app, cast, "l", "L", "X", "Y") == [
        ("l", "Liga", FIRST, FRIDAY - timedelta(days=1)),
        ("X", "Liga", FRIDAY, None),
    ]


def test_the_same_again_is_no_change(cast: Cast, aldona: FlaskClient) -> None:
    answer = change(aldona, cast.reasons["l"], TOMORROW)
    assert answer.status_code == 422
    assert "Niekas nesiskiria" in body(answer)


def test_who_changes_what_somebody_has_changed_meanwhile_is_told(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    change(aldona, cast.reasons["l"], FRIDAY, letter="L")
    answer = change(aldona, cast.reasons["l"], TOMORROW, letter="X")
    assert answer.status_code == 409
    assert "Kažkas šią priežastį tuo metu pakeitė" in body(answer)
    assert rows(app, cast, "X") == []


def test_a_letter_may_be_taken_over_once_it_is_free(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    change(aldona, cast.reasons["l"], FRIDAY, letter="L")
    assert "Raidė „L“" in body(add(aldona, FRIDAY, letter="l"))
    end(aldona, cast.reasons["v"], TOMORROW)
    assert add(aldona, TOMORROW, letter="v").status_code == 422
    assert add(aldona, FRIDAY, letter="v").status_code == 303
    too_long = add(aldona, DAY, letter="L", name="Kita")
    assert too_long.status_code == 422


# --- what is announced --------------------------------------------------------------------------------------


def test_an_announced_absence_gets_on_each_day_what_its_reason_says_then(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day
) -> None:
    day.announce(3, DAY, FRIDAY, cast.reasons["l"])
    change(aldona, cast.reasons["l"], TOMORROW, letter="L", name="Liga be pažymos")
    new = id_of(app, cast, "L")
    assert "liga iki" in day.row(3, DAY)
    day.next_morning()
    assert "liga be pažymos iki" in day.row(3, TOMORROW)
    day.absent(3, TOMORROW)
    assert day.reasons(app) == {(3, TOMORROW): new}
    day.rasa.post(f"{day.url(TOMORROW)}/rest", data={"child": day.kids}, headers=HTMX)
    with inside(app, cast):
        assert db.session.scalars(select(Announcement.reason_id)).all() == [cast.reasons["l"]]


def test_submitting_gives_announced_children_the_reason_of_the_day(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day
) -> None:
    day.announce(3, DAY, FRIDAY, cast.reasons["l"])
    change(aldona, cast.reasons["l"], TOMORROW, letter="L")
    day.next_morning()
    day.rasa.post(f"{day.url(TOMORROW)}/rest", data={"child": day.kids}, headers=HTMX)
    assert day.rasa.post(f"{day.url(TOMORROW)}/submit", headers=HTMX).status_code == 200
    assert day.reasons(app)[(3, TOMORROW)] == id_of(app, cast, "L")


def test_a_child_who_is_back_earlier_is_back_whatever_changed_meanwhile(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day
) -> None:
    day.announce(3, DAY, FRIDAY, cast.reasons["l"])
    change(aldona, cast.reasons["l"], TOMORROW, letter="L")
    with inside(app, cast):
        told = db.session.scalars(select(Announcement.id)).one()
    day.rasa.post(f"{day.url(DAY)}/announcements/{told}/end", data={"back_on": TOMORROW.isoformat()})
    assert all("kid-announced" not in day.row(3, later) for later in (TOMORROW, FRIDAY))


def test_an_absence_can_be_announced_across_a_change_and_for_a_reason_still_to_come(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day
) -> None:
    change(aldona, cast.reasons["l"], TOMORROW, letter="L", name="Liga be pažymos")
    add(aldona, FRIDAY)
    assert day.announce(3, FRIDAY, None, cast.reasons["l"]).status_code == 303
    assert day.announce(3, FRIDAY, None, cast.reasons["l"]).status_code == 422
    assert "liga be pažymos" in body(day.rasa.get(f"{day.url(DAY)}/announcements"))
    assert f"Gripas (nuo {FRIDAY})" in body(day.rasa.get(f"{day.url(DAY)}/announcements"))
    assert day.announce(4, FRIDAY, None, id_of(app, cast, "f", FRIDAY)).status_code == 303
    assert day.announce(5, TOMORROW, None, id_of(app, cast, "f", FRIDAY)).status_code == 422


# --- ended and taken back -----------------------------------------------------------------------------------


def test_an_ended_reason_is_not_given_after_its_last_day(app: Flask, cast: Cast, aldona: FlaskClient, day: Day) -> None:
    assert end(aldona, cast.reasons["l"], DAY).status_code == 303
    day.absent(0)
    assert day.explain(0, cast.reasons["l"]).status_code == 200
    day.next_morning()
    day.absent(0, TOMORROW)
    assert day.explain(0, cast.reasons["l"], TOMORROW).status_code == 422
    assert day.reasons(app) == {(0, DAY): cast.reasons["l"], (0, TOMORROW): None}
    aldona = day.as_person("aldona")
    assert "1 nebenaudojama" in body(aldona.get("/absences/reasons"))
    assert f"galiojo iki {DAY}" in body(aldona.get(f"/absences/reasons/{cast.reasons['l']}"))
    assert aldona.post(f"/absences/reasons/{cast.reasons['l']}/move", data={"to": "up"}).status_code == 404
    assert change(aldona, cast.reasons["l"], FRIDAY, letter="X").status_code == 422


def test_what_is_announced_beyond_the_end_has_no_reason_there_and_the_children_are_named(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day
) -> None:
    day.announce(3, DAY, FRIDAY, cast.reasons["l"])
    day.announce(4, DAY, DAY, cast.reasons["l"])
    end(aldona, cast.reasons["l"], DAY)
    page = body(aldona.get("/absences/reasons"))
    assert "dabar be priežasties: Dominykas Šimkus." in page
    day.next_morning()
    assert "priežastis nepasakyta" in day.row(3, TOMORROW)
    day.absent(3, TOMORROW)
    assert day.reasons(app) == {(3, TOMORROW): None}


def test_a_planned_end_can_be_taken_back(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    end(aldona, cast.reasons["l"], FRIDAY)
    path = f"/absences/reasons/{cast.reasons['l']}/keep"
    piece = body(aldona.post(path, headers=HTMX))
    assert 'id="reason-list"' in piece
    assert rows(app, cast, "l") == [("l", "Liga", FIRST, None)]
    end(aldona, cast.reasons["l"], TOMORROW)
    add(aldona, FRIDAY, letter="l")
    refused = aldona.post(path, headers=HTMX)
    assert refused.status_code == 422
    assert f"Nuo {FRIDAY} raidė „l“ reiškia „Gripas“" in body(refused)


def test_a_planned_change_can_be_taken_back_and_what_was_holds_on(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day
) -> None:
    change(aldona, cast.reasons["l"], TOMORROW, letter="L")
    planned = id_of(app, cast, "L")
    day.announce(3, FRIDAY, None, planned)
    answer = aldona.post(f"/absences/reasons/{planned}/withdraw", headers=HTMX)
    assert answer.status_code == 200
    assert rows(app, cast, "l", "L") == [("l", "Liga", FIRST, None)]
    with inside(app, cast):
        assert db.session.scalars(select(Announcement.reason_id)).all() == [cast.reasons["l"]]
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.table_name == "attendance_announcement").order_by(AuditEntry.id.desc())
        ).first()
        assert entry is not None
        assert json.loads(entry.changes) == {"reason_id": [planned, cast.reasons["l"]]}


def test_a_new_reason_taken_back_names_whose_absence_has_none_now(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day
) -> None:
    add(aldona, FRIDAY)
    flu = id_of(app, cast, "f", FRIDAY)
    day.announce(3, FRIDAY, None, flu)
    assert aldona.post(f"/absences/reasons/{flu}/withdraw").status_code == 303
    assert "dabar be priežasties: Dominykas Šimkus." in body(aldona.get("/absences/reasons"))
    assert rows(app, cast, "f") == []


def test_a_new_reason_of_today_is_taken_back_while_nothing_uses_it(app: Flask, cast: Cast, aldona: FlaskClient) -> None:
    add(aldona, DAY)
    flu = id_of(app, cast, "f")
    assert f'id="withdraw-{flu}"' in body(aldona.get("/absences/reasons"))
    assert aldona.post(f"/absences/reasons/{flu}/withdraw").status_code == 303
    assert rows(app, cast, "f") == []


def test_what_is_in_use_is_not_taken_back(app: Flask, cast: Cast, aldona: FlaskClient, day: Day) -> None:
    assert aldona.post(f"/absences/reasons/{cast.reasons['l']}/withdraw", headers=HTMX).status_code == 422
    add(aldona, DAY)
    flu = id_of(app, cast, "f")
    day.absent(0)
    day.explain(0, flu)
    refused = aldona.post(f"/absences/reasons/{flu}/withdraw", headers=HTMX)
    assert refused.status_code == 422
    assert 'id="reason-list"' in body(refused)
    assert rows(app, cast, "f") == [("f", "Gripas", DAY, None)]


# --- the month ----------------------------------------------------------------------------------------------


def test_a_run_of_days_across_a_change_gets_each_day_its_own(
    app: Flask, cast: Cast, aldona: FlaskClient, day: Day
) -> None:
    change(aldona, cast.reasons["l"], TOMORROW, letter="L", name="Liga be pažymos", waives_education="y")
    new = id_of(app, cast, "L")
    day.absent(0)
    day.next_morning()
    day.absent(0, TOMORROW)
    url = f"/sheets/2026-11/{cast.boruziukai}"
    page = body(day.lina.get(url))
    buttons = re.findall(r'name="reason_id" value="(\d+)"', page)
    assert str(new) in buttons
    assert str(cast.reasons["l"]) not in buttons
    cells = [f"{day.kids[0]}:{one}" for one in (DAY, TOMORROW)]
    answer = body(day.lina.post(f"{url}/reasons", data={"cells": cells, "reason_id": new}, headers=HTMX))
    assert day.reasons(app) == {(0, DAY): cast.reasons["l"], (0, TOMORROW): new}
    assert f"iki {DAY}" in answer
    assert f"nuo {TOMORROW}" in answer
