"""The pledge: accepted before the first entry, kept as it was, changed from a day on, printed."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary import demo
from ediary.accounts import pledges
from ediary.accounts.models import PledgeAcceptance, PledgeText
from ediary.cli import make_institution
from ediary.core import clock
from ediary.core.db import db
from ediary.core.session import acting_for
from tests.accounts.conftest import At, LogIn, writing
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, MORNING

NEXT = DAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def pledge(app: Flask, cast: Cast, at: At) -> None:
    with writing(app, cast.saulute):
        pledges.deliver_pledge(FIRST)


def text_id(app: Flask, cast: Cast, day: date = DAY) -> int:
    with app.app_context(), acting_for(cast.saulute):
        found = db.session.scalars(
            select(PledgeText).where(PledgeText.valid_from <= day).order_by(PledgeText.id.desc())
        )
        return next(iter(found)).id


def accept(app: Flask, cast: Cast, client: FlaskClient, day: date = DAY) -> str:
    answer = client.post("/accounts/pledge", data={"text_id": text_id(app, cast, day), "read": "y"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_it_is_read_and_accepted_before_anything_else(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    wanted = f"/attendance/{DAY}/{cast.boruziukai}"
    assert rasa.get(wanted).location == "/accounts/pledge"
    page = rasa.get("/accounts/pledge").get_data(as_text=True)
    assert "2.4. apie kiekvieną įtartiną atvejį" in page
    assert 'class="rail"' not in page
    assert accept(app, cast, rasa) == wanted
    assert rasa.get(wanted).status_code == 200
    assert rasa.get("/accounts/pledge").location == "/"
    with app.app_context(), acting_for(cast.saulute):
        kept = db.session.scalars(select(PledgeAcceptance)).one()
        assert (kept.accepted_by, kept.accepted_at) == ("mokytoja Rasa Petraitienė", MORNING)


def test_the_tick_is_asked_for(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    answer = rasa.post("/accounts/pledge", data={"text_id": text_id(app, cast)})
    assert answer.status_code == 422
    assert "Pažymėkite, kad perskaitėte" in answer.get_data(as_text=True)
    assert rasa.get("/").location == "/accounts/pledge"


def test_only_the_text_that_was_shown_is_accepted(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    old = text_id(app, cast)
    with writing(app, cast.saulute):
        pledges.change_text(NEXT, "Naujas tekstas", "1", "direktorius Jonas Rimkus")
    at(8, 0, day=NEXT)
    rasa = as_person("rasa")
    assert rasa.post("/accounts/pledge", data={"text_id": old, "read": "y"}).status_code == 409
    assert accept(app, cast, rasa, NEXT)


def test_accepting_twice_keeps_one(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa, other = as_person("rasa"), as_person("rasa")
    accept(app, cast, rasa)
    assert other.post("/accounts/pledge", data={"text_id": text_id(app, cast), "read": "y"}).status_code == 409


def test_a_new_text_is_asked_for_from_its_day_and_the_old_copy_stays(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    rasa, jonas = as_person("rasa"), as_person("jonas")
    accept(app, cast, rasa)
    accept(app, cast, jonas)
    answer = jonas.post(
        "/accounts/pledge-text", data={"text": "Naujas tekstas\r\nantra eilutė  ", "first": NEXT, "seen": "1"}
    )
    assert answer.status_code == 303
    assert rasa.get(f"/attendance/{DAY}/{cast.boruziukai}").status_code == 200
    at(7, 0, day=NEXT)
    rasa = as_person("rasa")
    assert "antra eilutė" in rasa.get("/accounts/pledge").get_data(as_text=True)
    accept(app, cast, rasa, NEXT)
    with app.app_context(), acting_for(cast.saulute):
        ids = list(db.session.scalars(select(PledgeAcceptance.id).filter_by(user_id=cast.users["rasa"])))
    papers = [words_of(rasa.get(f"/accounts/pledges/{one}.pdf").data) for one in ids]
    assert "1.1. darbe sužinotų asmens" in papers[0]
    assert "2026-11-23 8:10, mokytoja Rasa Petraitienė" in papers[0]
    assert "Naujas tekstas" in papers[1]


@pytest.mark.parametrize(
    ("first", "text", "says"),
    [(DAY, "Kitas", "rytoj"), (NEXT, "", "Įrašykite tekstą"), (NEXT, None, "toks pat")],
    ids=["today", "empty", "the same"],
)
def test_a_text_that_cannot_be_is_refused_with_a_sentence(
    app: Flask, cast: Cast, as_person: LogIn, first: date, text: str | None, says: str
) -> None:
    jonas = as_person("jonas")
    accept(app, cast, jonas)
    same = pledges.DELIVERED_PLEDGE.strip()
    answer = jonas.post(
        "/accounts/pledge-text", data={"text": same if text is None else text, "first": first, "seen": "1"}
    )
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_a_planned_text_is_taken_back_until_it_begins(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    jonas = as_person("jonas")
    accept(app, cast, jonas)
    jonas.post("/accounts/pledge-text", data={"text": "Naujas tekstas", "first": NEXT, "seen": "1"})
    assert NEXT.isoformat() in jonas.get("/accounts/pledge-text").get_data(as_text=True)
    assert jonas.post(f"/accounts/pledge-text/{NEXT}/withdraw").status_code == 303
    assert jonas.post(f"/accounts/pledge-text/{NEXT}/withdraw").status_code == 404
    assert jonas.post(f"/accounts/pledge-text/{FIRST}/withdraw").status_code == 422
    at(8, 0, day=NEXT)
    assert as_person("jonas").get("/sheets/2026-11").status_code == 200


def test_parents_are_not_asked(app: Flask, cast: Cast, as_person: LogIn) -> None:
    assert as_person("greta").get("/accounts/").status_code == 200


def test_who_has_accepted_and_who_has_not_is_listed_and_printed(app: Flask, cast: Cast, as_person: LogIn) -> None:
    milda = as_person("milda")
    accept(app, cast, milda)
    page = milda.get("/accounts/pledges").get_data(as_text=True)
    assert page.index("Balčytienė Rūta") < page.index("Raštienė Milda"), "who has not comes first"
    assert "Žukauskienė" not in page
    assert "Ežerskienė" not in page
    words = words_of(milda.get("/accounts/pledges.pdf").data)
    assert "Raštienė Milda" in words
    assert "2026-11-23 8:10" in words
    assert "dar ne" in words
    assert "2.4. apie kiekvieną" in words


def test_a_copy_is_ones_own_or_the_papers_keepers(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa, tomas, milda = (as_person(login) for login in ("rasa", "tomas", "milda"))
    for client in (rasa, tomas, milda):
        accept(app, cast, client)
    with app.app_context(), acting_for(cast.saulute):
        own = db.session.scalars(select(PledgeAcceptance.id).filter_by(user_id=cast.users["rasa"])).one()
    assert rasa.get(f"/accounts/pledges/{own}.pdf").mimetype == "application/pdf"
    assert milda.get(f"/accounts/pledges/{own}.pdf").status_code == 200
    assert tomas.get(f"/accounts/pledges/{own}.pdf").status_code == 404


def test_a_new_institution_begins_with_the_delivered_text(app: Flask, at: At) -> None:
    with app.app_context():
        institution_id = make_institution("Naujas darželis", "190000009")
        with acting_for(institution_id):
            text = db.session.scalars(select(PledgeText)).one()
            assert (text.valid_from, text.set_by) == (FIRST, None)
            assert text.text.startswith("Dirbdamas")


def test_the_demonstrations_people_have_accepted_it(app: Flask, cast: Cast, at: At) -> None:
    people = [("naujas", "Naujas", "Naujokas", demo.Role.ACCOUNTANT)]
    with app.app_context(), clock.frozen(MORNING):
        _, users = demo._people(cast.saulute, people, DAY)
        with acting_for(cast.saulute):
            assert set(db.session.scalars(select(PledgeAcceptance.user_id))) == set(users.values())


def test_a_piece_is_sent_to_the_pledge_too(app: Flask, cast: Cast, as_person: LogIn) -> None:
    answer = as_person("rasa").get("/", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/accounts/pledge")


def test_two_who_write_a_text_at_once_do_not_undo_each_other(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    accept(app, cast, jonas)
    sent = {"text": "Naujas tekstas", "first": NEXT, "seen": "1"}
    assert jonas.post("/accounts/pledge-text", data=sent).status_code == 303
    later = sent | {"text": "Dar kitas", "first": NEXT + timedelta(days=1)}
    answer = jonas.post("/accounts/pledge-text", data=later)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Dar kitas" in page, "what was written is not lost"
    assert "Nuo 2026-11-30 numatytas kitas tekstas" in page
