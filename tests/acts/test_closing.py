"""A day opened, mended and closed again: the act by hand and by the term, its writer, its number, its paper."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.acts.models import Act, ActChange, ActPaper
from ediary.attendance.models import ChildDay
from ediary.core import store
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.institutions.models import Document
from ediary.notices.models import Notice
from ediary.periods.models import Unlock
from tests.cast import Cast
from tests.conftest import DAY, HTMX

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
REASON = "Vaikas atvyko, o pažymėtas neatvykęs"


def tap(client: FlaskClient, cast: Cast, at: int, wanted: str, seen: str) -> int:
    child = cast.children["Boružiukai"][at]
    path = f"/attendance/{DAY}/{cast.boruziukai}/children/{child}"
    return client.post(path, data={"wanted": wanted, "seen": seen}, headers=HTMX).status_code


def unlock(client: FlaskClient, cast: Cast, *, minutes: int = 30, reason: str = REASON) -> Any:
    data = {"groups": [cast.boruziukai], "reason": reason, "minutes": str(minutes)}
    return client.post(f"/kitchen/{DAY}/unlock", data=data)


def rows(app: Flask, cast: Cast, model: Any) -> list[Any]:
    with app.app_context(), acting_for(cast.saulute):
        return list(db.session.scalars(select(model).order_by(model.id)))


@pytest.fixture
def opened(as_person: LogIn, cast: Cast, at: At) -> tuple[FlaskClient, FlaskClient]:
    """Rasa has marked two children; the day was locked at nine, and Jonas has opened it at 9:30."""
    rasa, jonas = as_person("rasa"), as_person("jonas")
    for child in (0, 1):
        assert tap(rasa, cast, child, "absent", "unmarked") == 200
    at(9, 30)
    assert tap(rasa, cast, 0, "present", "absent") == 409
    assert unlock(jonas, cast).status_code == 303
    return rasa, jonas


def close(jonas: FlaskClient, unlock_id: int = 1) -> Any:
    return jonas.post(f"/acts/unlocks/{unlock_id}/close")


def test_closing_by_hand_makes_a_numbered_act(
    app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast, at: At
) -> None:
    rasa, jonas = opened
    at(9, 40)
    assert tap(rasa, cast, 0, "present", "absent") == 200
    assert tap(rasa, cast, 2, "present", "unmarked") == 200
    at(9, 45)
    answer = close(jonas)
    assert answer.status_code == 303
    assert answer.location == "/acts/1"
    page = jonas.get("/acts/1").text
    assert "Duomenų keitimo aktas Nr. 2026-1" in page
    act, changes = rows(app, cast, Act)[0], rows(app, cast, ActChange)
    assert (act.number, act.year, act.writer_id) == (1, 2026, cast.users["rasa"])
    said = [(one.about, one.day, one.was, one.now, one.erred, one.mended) for one in changes]
    assert said == [
        ("Adomas Žukauskas", DAY, "neatvyko, priežastis nežinoma", "atvyko; porcijos: pataisa Nr. 1",
         "Rasa Petraitienė", "Rasa Petraitienė"),
        ("Benas Stonkus", DAY, "nepažymėta", "atvyko", "", "Rasa Petraitienė"),
    ]  # fmt: skip
    assert tap(rasa, cast, 0, "absent", "present") == 409, "it is closed again"


def test_the_term_closes_by_itself_and_the_act_is_the_same_whoever_notices(
    app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast, at: At, as_person: LogIn
) -> None:
    rasa, _jonas = opened
    at(9, 40)
    assert tap(rasa, cast, 0, "present", "absent") == 200
    at(10, 0)
    assert tap(rasa, cast, 0, "absent", "present") == 409
    at(15, 0)
    assert as_person("lina").get("/acts/").status_code == 200
    act, row = rows(app, cast, Act)[0], rows(app, cast, Unlock)[0]
    assert act.made_at == row.closed_at == row.until
    assert row.closed_by is None
    assert len(rows(app, cast, ActChange)) == 1
    as_person("jonas").get("/acts/")
    assert len(rows(app, cast, Act)) == 1
    assert "Užsidarė pati" in rasa.get("/acts/1").text


def test_the_nightly_command_closes_too(
    app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast, at: At
) -> None:
    tap(opened[0], cast, 0, "present", "absent")
    at(23, 0)
    with app.app_context():
        output = app.test_cli_runner().invoke(args=["periods", "close"]).output
    assert f"institution {cast.saulute}: 1 closed" in output
    assert len(rows(app, cast, Act)) == 1


def test_nothing_changed_makes_no_act_and_says_so(
    app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast
) -> None:
    rasa, jonas = opened
    assert tap(rasa, cast, 0, "present", "absent") == 200
    assert tap(rasa, cast, 0, "absent", "present") == 200
    answer = close(jonas)
    assert answer.location == "/acts/"
    assert "Niekas nepakeista, todėl akto nėra" in jonas.get("/acts/").text
    assert rows(app, cast, Act) == []
    assert any("akto nėra" in one.text for one in rows(app, cast, Notice))


def test_a_second_unlock_is_told_who_has_it_open(opened: tuple[FlaskClient, FlaskClient], cast: Cast) -> None:
    answer = unlock(opened[1], cast)
    assert answer.status_code == 422
    assert "jau atrakinta: direktorius Jonas Rimkus atrakino iki" in answer.text
    assert "2026-11-23 10:00" in answer.text
    assert REASON in answer.text


def test_a_closed_unlock_is_not_closed_twice(opened: tuple[FlaskClient, FlaskClient], cast: Cast, at: At) -> None:
    jonas = opened[1]
    close(jonas)
    assert close(jonas).status_code == 409
    assert unlock(jonas, cast).status_code == 303
    at(12, 0)
    assert close(jonas, 2).status_code == 409


def test_acts_are_numbered_one_after_another(
    app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast, at: At
) -> None:
    rasa, jonas = opened
    tap(rasa, cast, 0, "present", "absent")
    close(jonas)
    at(10, 30)
    assert unlock(jonas, cast).status_code == 303
    tap(rasa, cast, 1, "present", "absent")
    close(jonas, 2)
    assert [act.number for act in rows(app, cast, Act)] == [1, 2]


def test_those_who_keep_the_records_and_the_parents_hear_of_it(
    app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast, as_person: LogIn
) -> None:
    rasa, jonas = opened
    told = {(one.person_id, one.text.split(":")[0]) for one in rows(app, cast, Notice)}
    for login in ("rasa", "lina", "aldona"):
        assert (cast.users[login], "Atrakinta iki 2026-11-23 10") in told, login
    tap(rasa, cast, 0, "present", "absent")
    close(jonas)
    told_now = [(one.person_id, one.text) for one in rows(app, cast, Notice)]
    for login in ("rasa", "lina", "aldona"):
        assert any(who == cast.users[login] and "aktas Nr. 2026-1" in text for who, text in told_now), login
    to_mother = [text for who, text in told_now if who == cast.users["greta"]]
    assert len(to_mother) == 1
    assert "Buvo: neatvyko, priežastis nežinoma" in to_mother[0]
    for notice in rows(app, cast, Notice):
        login = next(name for name, user_id in cast.users.items() if user_id == notice.person_id)
        assert as_person(login).get(notice.url).status_code == 200, (login, notice.url)
    assert not any(who == cast.users["tomas"] for who, _text in told_now)


def mended(opened: tuple[FlaskClient, FlaskClient], cast: Cast) -> tuple[FlaskClient, FlaskClient]:
    tap(opened[0], cast, 0, "present", "absent")
    close(opened[1])
    return opened


def paper_of(client: FlaskClient) -> str:
    answer = client.get("/acts/1/act.pdf")
    assert answer.status_code == 200
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_the_one_who_erred_writes_the_secretary_registers_and_it_is_a_document(
    app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast, as_person: LogIn, at: At
) -> None:
    rasa, jonas = mended(opened, cast)
    milda = as_person("milda")
    at(11, 0)
    assert milda.post("/acts/1/register", data={"number": "A-7", "day": DAY}).status_code == 422, "not written yet"
    assert rasa.post("/acts/1/write", data={"explanation": " "}).status_code == 422
    assert as_person("lina").post("/acts/1/write", data={"explanation": "Ne mano klaida"}).status_code == 403
    assert rasa.post("/acts/1/write", data={"explanation": "Vaikas atėjo, kol žymėjau kitus."}).status_code == 303
    first = paper_of(jonas)
    assert milda.post("/acts/1/register", data={"number": "", "day": DAY}).status_code == 422
    assert milda.post("/acts/1/register", data={"number": "A-7", "day": DAY + timedelta(days=1)}).status_code == 422
    assert milda.post("/acts/1/register", data={"number": "A-7", "day": DAY}).status_code == 303
    assert rasa.post("/acts/1/write", data={"explanation": "Kitaip"}).status_code == 422, "registered"
    papers, document = rows(app, cast, ActPaper), rows(app, cast, Document)[-1]
    assert [one.number for one in papers] == [1, 2]
    assert (document.number, document.day, document.sha256) == ("A-7", DAY, papers[1].sha256)
    assert document.title == "Duomenų keitimo aktas Nr. 2026-1"
    text = paper_of(milda)
    assert "A-7" in text
    assert "A-7" not in first
    for said in (
        "Lopšelis-darželis „Saulutė“", "Adomas Žukauskas", "neatvyko, priežastis nežinoma", "Vaikas atėjo, kol žymėjau",
        "direktorius Jonas Rimkus", "Aldona Kairienė", "Rasa Petraitienė", REASON,
    ):  # fmt: skip
        assert said.replace(" ", "") in text.replace(" ", "").replace("\n", ""), said
    with app.app_context():
        assert store.fetch(papers[0].sha256).startswith(b"%PDF")


def test_the_same_act_is_the_same_file(app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast, at: At) -> None:
    rasa, jonas = mended(opened, cast)
    first = jonas.get("/acts/1/act.pdf").data
    at(16, 0)
    assert rasa.get("/acts/1/act.pdf").data == first
    assert len(rows(app, cast, ActPaper)) == 1
    with app.app_context(), acting_for(cast.saulute):
        prints = select(AuditEntry).where(AuditEntry.action == "print", AuditEntry.table_name == "acts_act")
        assert len(list(db.session.scalars(prints))) == 2


def test_the_deputy_appoints_who_writes_when_it_is_not_known_who_erred(
    app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast, as_person: LogIn
) -> None:
    rasa, jonas = opened
    tap(rasa, cast, 3, "present", "unmarked")
    close(jonas)
    assert rows(app, cast, Act)[0].writer_id is None
    assert rasa.post("/acts/1/write", data={"explanation": "Nepažymėtas vaikas"}).status_code == 403
    ruta = as_person("ruta")
    assert ruta.post("/acts/1/appoint", data={"user_id": cast.users["ieva"]}).status_code == 404, "writes no acts"
    assert ruta.post("/acts/1/appoint", data={"user_id": ""}).status_code == 422
    assert ruta.post("/acts/1/appoint", data={"user_id": cast.users["rasa"]}).status_code == 303
    assert rasa.post("/acts/1/write", data={"explanation": "Nepažymėtas vaikas"}).status_code == 303


def test_an_educator_of_another_group_and_another_kindergarten_see_no_act(
    opened: tuple[FlaskClient, FlaskClient], cast: Cast, as_person: LogIn
) -> None:
    mended(opened, cast)
    for login in ("tomas", "ona", "asta"):
        client = as_person(login)
        assert client.get("/acts/1").status_code == client.get("/acts/999").status_code == 404
        assert "/acts/1" not in client.get("/acts/").text
    assert as_person("ona").post("/acts/unlocks/1/close").status_code == 404
    assert as_person("ieva").get("/acts/").status_code == 403


def test_marks_of_a_whole_morning_stay_when_nothing_is_mended(
    app: Flask, opened: tuple[FlaskClient, FlaskClient], cast: Cast
) -> None:
    before = len(rows(app, cast, ChildDay))
    close(opened[1])
    assert len(rows(app, cast, ChildDay)) == before
