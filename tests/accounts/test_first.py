"""The first entry: a slip's code, one's own password, the log-in one has already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.accounts.models import LoginSession, Membership, Slip
from ediary.accounts.passwords import verify
from ediary.core.db import db
from ediary.core.permissions import Role
from tests.accounts.conftest import GOOD, At, LogIn, choose, log_in, newcomer, send, slip_for, type_code, user, writing
from tests.cast import Cast
from tests.conftest import DAY


def test_a_slip_a_password_and_one_is_in(app: Flask, cast: Cast, at: At, browser: FlaskClient) -> None:
    user_id, code = newcomer(app, cast.saulute)
    assert type_code(browser, code.lower().replace("-", "")) == (303, "/accounts/first/password")
    page = browser.get("/accounts/first/password").get_data(as_text=True)
    assert "vaida.naujokiene" in page
    assert "Lopšelis-darželis „Saulutė“" in page
    assert choose(browser) == (303, "/")
    assert browser.get("/roles").status_code == 200
    with app.app_context():
        assert verify(user(app, user_id).password_hash, GOOD)
        assert db.session.scalars(select(LoginSession.user_id)).one() == user_id
        assert db.session.scalars(select(Slip.used_at)).one() is not None


def wrong(app: Flask, cast: Cast, at: At, code: str, how: str) -> str:
    """A code that opens nothing, for each reason."""
    if how == "mistyped":
        return "ABCD-EFGH-JKMN-PRST"
    if how == "old":
        at(8, 11, day=DAY + timedelta(days=14))
    if how in ("used", "replaced"):
        with writing(app, cast.saulute):
            slip = db.session.scalars(select(Slip)).one()
            setattr(slip, {"used": "used_at", "replaced": "ended_at"}[how], slip.printed_at)
    return code


@pytest.mark.parametrize("how", ["mistyped", "old", "used", "replaced"])
def test_a_code_that_opens_nothing_is_answered_alike(
    app: Flask, cast: Cast, at: At, browser: FlaskClient, how: str
) -> None:
    _, code = newcomer(app, cast.saulute)
    status, body = type_code(browser, wrong(app, cast, at, code, how))
    assert status == 422
    assert "Šis kodas neatveria" in body
    assert browser.get("/accounts/first/password").location == "/accounts/first"


def test_a_code_is_good_to_the_last_minute_of_two_weeks(app: Flask, cast: Cast, at: At, browser: FlaskClient) -> None:
    _, code = newcomer(app, cast.saulute)
    at(8, 10, day=DAY + timedelta(days=14))
    assert type_code(browser, code)[0] == 303


def test_a_slip_opens_once_also_in_two_browsers(app: Flask, cast: Cast, at: At) -> None:
    _, code = newcomer(app, cast.saulute)
    one, other = app.test_client(), app.test_client()
    assert {type_code(client, code)[0] for client in (one, other)} == {303}
    assert choose(one)[0] == 303
    assert choose(other, "keturi zali kates kailiniai") == (303, "/accounts/first")
    with app.app_context():
        assert len(db.session.scalars(select(LoginSession)).all()) == 1


def test_the_typed_code_is_forgotten_after_half_an_hour(app: Flask, cast: Cast, at: At, browser: FlaskClient) -> None:
    _, code = newcomer(app, cast.saulute)
    type_code(browser, code)
    at(8, 40)
    assert browser.get("/accounts/first/password").status_code == 200
    at(8, 41)
    assert browser.get("/accounts/first/password").location == "/accounts/first"


def test_guessing_codes_is_slowed_by_address_and_right_ones_cost_nothing(
    app: Flask, cast: Cast, at: At, browser: FlaskClient
) -> None:
    codes = [newcomer(app, cast.saulute)[1] for _ in range(3)]
    assert [type_code(app.test_client(), code)[0] for code in codes * 11] == [303] * 33
    assert [type_code(browser, "ABCD-EFGH-JKMN-PRST")[0] for _ in range(31)] == [422] * 31
    assert type_code(browser, codes[0])[0] == 429


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("vienuolika1", "Bent 12 ženklų"),
        ("password1234", "vieną pirmųjų"),
        ("slaptažodis123", "vieną pirmųjų"),
        ("aaaaaaaaaaaaaaaa", "vieną pirmųjų"),
        ("lietuvavilnius", "vieną pirmųjų"),
        ("kaip gyveni Naujokiene", "jūsų vardas"),
        ("vaida.naujokiene", "jūsų vardas"),
    ],
    ids=["short", "common", "common here", "one letter", "common words", "own name", "own log-in"],
)
def test_a_password_that_others_would_try_is_refused_with_a_sentence(
    app: Flask, cast: Cast, at: At, browser: FlaskClient, password: str, says: str
) -> None:
    user_id, code = newcomer(app, cast.saulute)
    type_code(browser, code)
    status, body = choose(browser, password)
    assert status == 422
    assert says in body
    assert user(app, user_id).password_hash == ""


@pytest.mark.parametrize("password", ["trys raudoni batai", "obuolys-kriause-slyva", "mano dviratis dainuoja"])
def test_words_without_riddles_make_a_password(
    app: Flask, cast: Cast, at: At, browser: FlaskClient, password: str
) -> None:
    _, code = newcomer(app, cast.saulute)
    type_code(browser, code)
    assert choose(browser, password)[0] == 303


def test_two_that_differ_are_refused(app: Flask, cast: Cast, at: At, browser: FlaskClient) -> None:
    _, code = newcomer(app, cast.saulute)
    type_code(browser, code)
    status, body = choose(browser, GOOD, again=GOOD + "!")
    assert (status, "Įrašyta nevienodai" in body) == (422, True)


def test_letters_sent_in_two_parts_are_the_same_letters(app: Flask, cast: Cast, at: At, browser: FlaskClient) -> None:
    _, code = newcomer(app, cast.saulute)
    type_code(browser, code)
    assert choose(browser, "žalias agurkas šoka")[0] == 303
    decomposed = "z\u030calias agurkas s\u030coka"
    assert log_in(app.test_client(), "vaida.naujokiene", decomposed) == 303


def test_a_replaced_password_is_chosen_anew_and_says_who_took_the_second_step_off(
    app: Flask, cast: Cast, at: At, browser: FlaskClient
) -> None:
    assert log_in(app.test_client(), "rasa", cast.password) == 303
    code = slip_for(app, cast, "rasa")
    assert log_in(app.test_client(), "rasa", cast.password) == 422
    type_code(browser, code)
    page = browser.get("/accounts/first/password").get_data(as_text=True)
    assert "iš kito darželio" not in page, "who has come in before has no other log-in to show"
    assert choose(browser)[0] == 303
    assert log_in(app.test_client(), "rasa", GOOD) == 303


def test_who_begins_next_month_keeps_a_password_and_comes_in_then(
    app: Flask, cast: Cast, at: At, browser: FlaskClient
) -> None:
    user_id, code = newcomer(app, cast.saulute)
    with writing(app, cast.saulute):
        db.session.scalars(select(Membership).filter_by(user_id=user_id)).one().valid_from = DAY + timedelta(days=9)
    type_code(browser, code)
    assert choose(browser) == (303, "/accounts/login")
    at(8, 0, day=DAY + timedelta(days=9))
    assert log_in(browser, "vaida.naujokiene", GOOD) == 303


def test_the_session_of_before_ends_when_somebody_else_comes_in_with_a_slip(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    tomas = as_person("tomas")
    _, code = newcomer(app, cast.saulute)
    type_code(tomas, code)
    assert choose(tomas)[0] == 303
    with app.app_context():
        ended = [row.ended_at is not None for row in db.session.scalars(select(LoginSession).order_by(LoginSession.id))]
    assert ended == [True, False]


# --- the log-in one has already -------------------------------------------------------------------------------------


def test_a_parent_with_children_in_two_kindergartens_has_one_log_in_and_a_switch(
    app: Flask, cast: Cast, at: At, browser: FlaskClient
) -> None:
    pending, code = newcomer(app, cast.ezerelis, Role.GUARDIAN, "greta@pavyzdys.lt")
    type_code(browser, code)
    status, where = send(browser, "/accounts/first/known", login="greta", password=cast.password)
    assert (status, where) == (303, "/roles")
    roles = browser.get("/roles").get_data(as_text=True)
    assert "Saulutė" in roles
    assert "Ežerėlis" in roles
    assert user(app, pending).closed_at is not None
    assert type_code(app.test_client(), code)[0] == 422
    assert log_in(app.test_client(), "greta@pavyzdys.lt", cast.password) == 422


def test_a_wrong_password_of_the_other_log_in_joins_nothing_and_is_counted_as_a_guess(
    app: Flask, cast: Cast, at: At, browser: FlaskClient
) -> None:
    pending, code = newcomer(app, cast.ezerelis, Role.GUARDIAN)
    type_code(browser, code)
    tried = [send(browser, "/accounts/first/known", login="greta", password="x")[0] for _ in range(6)]
    assert tried == [422] * 5 + [429]
    assert user(app, pending).closed_at is None


def test_a_slip_of_a_used_log_in_offers_no_joining(app: Flask, cast: Cast, at: At, browser: FlaskClient) -> None:
    log_in(app.test_client(), "rasa", cast.password)
    type_code(browser, slip_for(app, cast, "rasa"))
    assert browser.get("/accounts/first/known").location == "/accounts/first"


def test_a_person_of_two_kindergartens_pending_in_both_asks_the_administrator(
    app: Flask, cast: Cast, at: At, browser: FlaskClient
) -> None:
    pending, code = newcomer(app, cast.ezerelis, Role.GUARDIAN)
    with writing(app, cast.saulute):
        db.session.add(
            Membership(user_id=pending, institution_id=cast.saulute, role=Role.GUARDIAN, valid_from=DAY, valid_to=None)
        )
    type_code(browser, code)
    status, body = send(browser, "/accounts/first/known", login="greta", password=cast.password)
    assert (status, "kitas darželis" in body) == (422, True)


def test_the_page_keeps_the_code_out_of_addresses(app: Flask, cast: Cast, at: At, browser: FlaskClient) -> None:
    page = browser.get("/accounts/first?code=ABCD-EFGH").get_data(as_text=True)
    assert "ABCD" not in page
