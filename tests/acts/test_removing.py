"""Removing records is closed by default; the director opens it, and what is removed stands in an act (S II.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.acts.models import Act, ActChange
from ediary.children.models import ChildFile
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.institutions.models import Document
from tests.cast import Cast
from tests.conftest import DAY
from tests.core.test_uploads import png

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
REASON = "Įsakymas įrašytas du kartus"
TUESDAY = DAY + timedelta(days=1)


def rows(app: Flask, cast: Cast, model: Any) -> list[Any]:
    with app.app_context(), acting_for(cast.saulute):
        return list(db.session.scalars(select(model).order_by(model.id)))


def enter(milda: FlaskClient, number: str) -> None:
    data = {"kind": "other", "number": number, "day": str(DAY), "title": "Raštas tėvams"}
    assert milda.post("/documents/new", data=data).status_code == 303


def remove(client: FlaskClient, document: int) -> int:
    return client.post(f"/documents/{document}/remove", data={"sure": "yes"}).status_code


def open_removing(client: FlaskClient, *groups: int, **fields: str) -> Any:
    data = {"groups": [str(one) for one in groups], "reason": REASON, "days_on": "0"} | fields
    return client.post("/acts/open/removing", data=data)


def test_a_document_of_an_earlier_day_goes_only_while_it_is_open(
    app: Flask, as_person: LogIn, cast: Cast, at: At
) -> None:
    enter(as_person("milda"), "R-1")
    document = rows(app, cast, Document)[-1].id
    at(9, 0, day=TUESDAY)
    milda, jonas = as_person("milda"), as_person("jonas")
    assert remove(milda, document) == 409
    assert "Įrašų šalinimas uždarytas" in milda.get(f"/documents/{document}").text
    assert rows(app, cast, Document)[-1].id == document
    assert open_removing(jonas, cast.boruziukai).status_code == 303
    assert remove(milda, document) == 409, "that was of a group"
    assert open_removing(jonas, 0).status_code == 303
    assert "Įrašų šalinimas uždarytas" not in milda.get(f"/documents/{document}").text
    assert remove(milda, document) == 303
    assert jonas.post("/acts/unlocks/1/close").location == "/acts/", "nothing of the group was removed"
    assert jonas.post("/acts/unlocks/2/close").location == "/acts/1"
    act, change = rows(app, cast, Act)[0], rows(app, cast, ActChange)[0]
    assert (act.month, act.group_id) == (None, None)
    assert (change.about, change.was, change.now) == ("Dokumentas Nr. R-1, 2026-11-23", "Raštas tėvams", "pašalinta")
    assert (change.erred, change.mended) == ("Milda Raštienė", "Milda Raštienė")


def test_what_was_entered_today_by_mistake_goes_at_once(app: Flask, as_person: LogIn, cast: Cast) -> None:
    milda = as_person("milda")
    enter(milda, "R-1")
    assert remove(milda, rows(app, cast, Document)[-1].id) == 303


def test_the_term_closes_it_again(app: Flask, as_person: LogIn, cast: Cast, at: At) -> None:
    enter(as_person("milda"), "R-1")
    at(9, 0, day=TUESDAY)
    assert open_removing(as_person("jonas"), 0).status_code == 303
    at(0, 0, day=date(2026, 11, 25))
    assert remove(as_person("milda"), rows(app, cast, Document)[-1].id) == 409


def test_a_childs_document_is_withdrawn_only_while_its_group_is_open(
    app: Flask, as_person: LogIn, cast: Cast, at: At
) -> None:
    rasa, child = as_person("rasa"), cast.children["Boružiukai"][0]
    data = {"title": "Sutartis", "day": str(DAY), "file": (BytesIO(png()), "a.png")}
    assert rasa.post(f"/cards/{child}/files/new", data=data).status_code in (200, 303)
    file = rows(app, cast, ChildFile)[0].id
    at(9, 0, day=TUESDAY)
    rasa = as_person("rasa")
    withdraw = f"/cards/{child}/files/{file}/withdraw"
    assert rasa.post(withdraw).status_code == 409
    jonas = as_person("jonas")
    assert open_removing(jonas, cast.boruziukai).status_code == 303
    assert rasa.post(withdraw).status_code == 303
    assert jonas.post("/acts/unlocks/1/close").location == "/acts/1"
    change = rows(app, cast, ActChange)[0]
    assert (change.child_id, change.about, change.was) == (child, "Adomas Žukauskas", "Sutartis, 2026-11-23")


def test_it_is_opened_by_the_heads_with_a_reason_once(as_person: LogIn, cast: Cast) -> None:
    jonas = as_person("jonas")
    assert as_person("milda").get("/acts/open/removing").status_code == 403
    assert open_removing(jonas, 0, reason="x").status_code == 422
    assert open_removing(jonas).status_code == 422
    assert open_removing(jonas, cast.zuvytes).status_code == open_removing(jonas, 99999).status_code == 404
    assert open_removing(jonas, 0).status_code == 303
    again = open_removing(as_person("ruta"), 0)
    assert again.status_code == 422
    assert "jau atrakinta: direktorius Jonas Rimkus" in again.text
