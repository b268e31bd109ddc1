"""One's own account: sessions, password, short number; what is asked of each role; commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.accounts import actions, credentials, pins, queries
from ediary.accounts.models import EntryRule, LoginSession, Slip, User
from ediary.accounts.passwords import hash_password
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.errors import TooManyTries
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from tests.accounts.conftest import BY, GOOD, At, LogIn, log_in, type_code, user, writing
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX, MORNING

MONDAY = DAY + timedelta(days=7)


def session_ids(app: Flask, cast: Cast, login: str) -> list[int]:
    with app.app_context():
        return list(
            db.session.scalars(select(LoginSession.id).filter_by(user_id=cast.users[login]).order_by(LoginSession.id))
        )


# --- sessions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["rasa", "greta", "ieva", "milda"])
def test_every_role_has_its_account_and_finds_it_under_its_name(
    app: Flask, cast: Cast, as_person: LogIn, login: str
) -> None:
    client = as_person(login)
    page = client.get("/accounts/").get_data(as_text=True)
    assert 'href="/accounts/"' in page
    assert "Planšetė" in page
    assert ("PIN kodas" in page) is (login != "greta")


def test_one_sees_and_ends_ones_own_sessions(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    old = as_person("rasa")
    at(8, 30)
    rasa = as_person("rasa")
    page = rasa.get("/accounts/").get_data(as_text=True)
    assert "2026-11-23 8:10" in page
    first, second = session_ids(app, cast, "rasa")
    piece = rasa.post(f"/accounts/sessions/{first}/end", headers=HTMX).get_data(as_text=True)
    assert piece.lstrip().startswith('<section class="card across" id="sessions"')
    assert f"/sessions/{first}/end" not in piece
    assert "/accounts/login" in old.get("/").location
    assert rasa.get("/accounts/").status_code == 200
    assert rasa.post(f"/accounts/sessions/{second}/end").location == "/accounts/"


def test_the_page_holds_the_piece_as_it_is_sent(app: Flask, cast: Cast, as_person: LogIn) -> None:
    as_person("rasa")
    rasa = as_person("rasa")
    first = session_ids(app, cast, "rasa")[0]
    piece = rasa.post(f"/accounts/sessions/{first}/end", headers=HTMX).get_data(as_text=True).partition("</section>")[0]
    assert "Kompiuteris" not in piece
    page = rasa.get("/accounts/").get_data(as_text=True)
    assert piece.split("csrf_token")[0] in page


def test_nobody_elses_session_is_ended(app: Flask, cast: Cast, as_person: LogIn) -> None:
    tomas = as_person("tomas")
    rasa = as_person("rasa")
    theirs = session_ids(app, cast, "tomas")[0]
    assert rasa.post(f"/accounts/sessions/{theirs}/end").status_code == 404
    assert tomas.get("/accounts/").status_code == 200


def test_one_logs_out_everywhere_else_at_once(app: Flask, cast: Cast, as_person: LogIn) -> None:
    others = [as_person("rasa") for _ in range(3)]
    tomas, rasa = as_person("tomas"), as_person("rasa")
    assert rasa.post("/accounts/sessions/end").location == "/accounts/"
    assert all("/accounts/login" in other.get("/").location for other in others)
    assert rasa.get("/accounts/").status_code == tomas.get("/accounts/").status_code == 200


def test_sessions_that_ran_out_are_not_shown(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    as_person("rasa")
    at(18, 30)
    page = as_person("rasa").get("/accounts/").get_data(as_text=True)
    assert "2026-11-23 18:30" in page
    assert "2026-11-23 8:10" not in page


def test_on_a_shared_tablet_nobodys_account_is_touched(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    with app.app_context(), writing(app, cast.saulute):
        tablet = _tablet(cast)
        row = db.session.scalars(select(LoginSession)).one()
        row.tablet_id = tablet
    for path in ("/accounts/", "/accounts/password", "/accounts/pin", "/accounts/second-factor"):
        assert rasa.get(path).status_code == 403, path
    assert rasa.post("/accounts/sessions/end").status_code == 403


def _tablet(cast: Cast) -> int:
    from ediary.tablets.models import Tablet

    tablet = Tablet(institution_id=cast.saulute, name="Boružiukų", made_at=MORNING, made_by="")
    db.session.add(tablet)
    db.session.flush()
    return tablet.id


# --- password -------------------------------------------------------------------------------------------------------


def test_another_password_ends_the_other_sessions_and_keeps_this_one(app: Flask, cast: Cast, as_person: LogIn) -> None:
    other, rasa = as_person("rasa"), as_person("rasa")
    answer = rasa.post("/accounts/password", data={"current": cast.password, "password": GOOD, "again": GOOD})
    assert answer.location == "/accounts/"
    assert "/accounts/login" in other.get("/").location
    assert rasa.get("/accounts/").status_code == 200
    assert log_in(app.test_client(), "rasa", cast.password) == 422
    assert log_in(app.test_client(), "rasa", GOOD) == 303


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"current": "ne tas"}, "ne jūsų slaptažodis"),
        ({"password": "trumpas", "again": "trumpas"}, "Bent 12"),
        ({"password": "petraitiene rasa", "again": "petraitiene rasa"}, "jūsų vardas"),
        ({"again": "kitas"}, "nevienodai"),
        ({"current": ""}, "Įrašykite slaptažodį"),
    ],
    ids=["old", "short", "own name", "differs", "none"],
)
def test_a_password_is_not_changed_by_what_makes_no_sense(
    app: Flask, cast: Cast, as_person: LogIn, sent: dict[str, str], says: str
) -> None:
    before = user(app, cast.users["rasa"]).password_hash
    data = {"current": cast.password, "password": GOOD, "again": GOOD} | sent
    answer = as_person("rasa").post("/accounts/password", data=data)
    assert (answer.status_code, says in answer.get_data(as_text=True)) == (422, True)
    assert user(app, cast.users["rasa"]).password_hash == before


def test_guessing_the_old_password_at_an_open_desk_is_slowed(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    data = {"current": "ne tas", "password": GOOD, "again": GOOD}
    assert [rasa.post("/accounts/password", data=data).status_code for _ in range(6)] == [422] * 5 + [429]
    assert log_in(app.test_client(), "rasa", cast.password) == 303, "the log-in itself is counted apart"


def test_the_history_says_that_the_password_changed_and_nothing_of_it(app: Flask, cast: Cast, as_person: LogIn) -> None:
    as_person("rasa").post("/accounts/password", data={"current": cast.password, "password": GOOD, "again": GOOD})
    with app.app_context(), acting_for(cast.saulute):
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.table_name == "accounts_user", AuditEntry.action == "change")
        ).one()
        assert entry.changes == '{"password_hash":["changed"]}'


# --- the short number -----------------------------------------------------------------------------------------------


def pin(client: object, pin: str, password: str, again: str | None = None) -> tuple[int, str]:
    answer = client.post(  # type: ignore[attr-defined]
        "/accounts/pin", data={"pin": pin, "again": pin if again is None else again, "current": password}
    )
    return answer.status_code, answer.get_data(as_text=True)


def test_a_short_number_is_chosen_with_the_password_and_taken_away(app: Flask, cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    assert pin(rasa, "7305", "ne tas")[0] == 422
    assert pin(rasa, "7305", cast.password, again="7306")[0] == 422
    assert pin(rasa, "7305", cast.password)[0] == 303
    with app.app_context():
        assert pins.check_pin(cast.users["rasa"], "7305", "1")
        assert not pins.check_pin(cast.users["rasa"], "7306", "1")
        assert not pins.check_pin(cast.users["tomas"], "7305", "1")
    rasa.post("/accounts/pin/remove")
    with app.app_context():
        assert not pins.check_pin(cast.users["rasa"], "7305", "1")


@pytest.mark.parametrize(
    ("number", "says"), [("1234", "pirmiausia"), ("1985", "gimtadienį"), ("12", "4–6"), ("abcd", "4–6")]
)
def test_a_number_that_colleagues_would_guess_is_refused(
    app: Flask, cast: Cast, as_person: LogIn, number: str, says: str
) -> None:
    status, body = pin(as_person("rasa"), number, cast.password)
    assert (status, says in body) == (422, True)
    assert user(app, cast.users["rasa"]).pin_hash is None


def test_parents_have_no_short_number(app: Flask, cast: Cast, as_person: LogIn) -> None:
    greta = as_person("greta")
    assert greta.get("/accounts/pin").status_code == 403
    assert greta.post("/accounts/pin/remove").status_code == 403


def test_guessing_a_number_is_slowed_for_one_person_on_one_tablet_only(
    app: Flask, cast: Cast, at: Callable[..., None]
) -> None:
    with writing(app, cast.saulute):
        for login in ("rasa", "tomas"):
            pins.set_pin(cast.users[login], hash_password("7305"))
    rasa, tomas = cast.users["rasa"], cast.users["tomas"]
    with app.app_context():
        assert [pins.check_pin(rasa, "0001", "1") for _ in range(5)] == [False] * 5
        with pytest.raises(TooManyTries):
            pins.check_pin(rasa, "7305", "1")
        assert pins.check_pin(rasa, "7305", "2"), "another tablet"
        assert pins.check_pin(tomas, "7305", "1"), "a colleague"
        at(8, 12)
        assert pins.check_pin(rasa, "7305", "1")


# --- what is asked of each role -------------------------------------------------------------------------------------


def rules_form(**changed: object) -> dict[str, object]:
    """The page's form as it is delivered, with these fields otherwise."""
    fields: dict[str, object] = {f"idle_{role}": "600" for role in Role}
    return fields | {"first": MONDAY.isoformat(), "seen": "0"} | changed


def test_a_role_is_asked_from_the_chosen_day_on(app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
    aldona = as_person("aldona")
    sent = rules_form(factor_director="y", idle_accountant="15")
    assert aldona.post("/accounts/entry-rules", data=sent).location == "/accounts/entry-rules"
    page = aldona.get("/accounts/entry-rules").get_data(as_text=True)
    assert MONDAY.isoformat() in page
    assert as_person("jonas").get("/sheets/2026-11").status_code == 200
    with app.app_context(), acting_for(cast.saulute):
        roles = {row.role for row in db.session.scalars(select(EntryRule))}
        assert roles == {Role.DIRECTOR, Role.ACCOUNTANT}, "only what changed is written"
    at(8, 0, day=MONDAY)
    assert as_person("jonas").get("/sheets/2026-11").location == "/accounts/second-factor"
    vilma = as_person("vilma")
    assert vilma.get("/sheets/2026-11").status_code == 200
    at(8, 16, day=MONDAY)
    assert "login" in vilma.get("/sheets/2026-11").location


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "nieko nepakeista"),
        ({"factor_director": "y", "first": DAY.isoformat()}, "rytoj"),
        ({"idle_educator": "7"}, "Pasirinkite"),
    ],
    ids=["nothing", "today", "no choice"],
)
def test_rules_that_make_no_sense_are_refused(
    app: Flask, cast: Cast, as_person: LogIn, sent: dict[str, str], says: str
) -> None:
    answer = as_person("aldona").post("/accounts/entry-rules", data=rules_form(**sent))
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_two_who_change_the_rules_at_once_do_not_undo_each_other(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    assert aldona.post("/accounts/entry-rules", data=rules_form(factor_director="y")).status_code == 303
    later = (MONDAY + timedelta(days=1)).isoformat()
    sent = rules_form(factor_accountant="y", first=later)
    assert aldona.post("/accounts/entry-rules", data=sent).status_code == 409
    page = aldona.get("/accounts/entry-rules").get_data(as_text=True)
    assert 'name="seen" type="hidden" value="1"' in page


def test_planned_rules_are_taken_back(app: Flask, cast: Cast, as_person: LogIn) -> None:
    aldona = as_person("aldona")
    aldona.post("/accounts/entry-rules", data=rules_form(factor_director="y", factor_deputy="y"))
    assert aldona.post(f"/accounts/entry-rules/{MONDAY}/withdraw").status_code == 303
    assert aldona.post(f"/accounts/entry-rules/{MONDAY}/withdraw").status_code == 404
    with app.app_context(), acting_for(cast.saulute):
        assert not db.session.scalars(select(EntryRule)).all()


def test_a_short_idle_time_counts_from_the_last_request_of_the_person(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    with writing(app, cast.saulute):
        db.session.add(EntryRule(role=Role.ACCOUNTANT, needs_second_factor=False, idle_minutes=5, valid_from=FIRST))
    vilma = as_person("vilma")
    assert vilma.get("/sheets/2026-11").status_code == 200
    for minute in (14, 18, 22, 26):
        at(8, minute)
        assert vilma.get("/sheets/2026-11").status_code == 200, minute
    at(8, 30)
    assert vilma.get("/sheets/2026-11", headers={"X-Poll": "1"}).status_code == 200
    at(8, 32)
    assert "login" in vilma.get("/sheets/2026-11").location, "a page that renews itself keeps nobody in"


# --- commands -------------------------------------------------------------------------------------------------------


def test_who_runs_the_server_helps_when_nobody_can_come_in(app: Flask, cast: Cast, at: At) -> None:
    runner = app.test_cli_runner()
    said = runner.invoke(args=["accounts", "slip", "Aldona"]).output
    code = said.split()[1].rstrip(",")
    assert type_code(app.test_client(), code)[0] == 303
    assert runner.invoke(args=["accounts", "slip", "nobody"]).exit_code == 1
    with app.app_context():
        assert db.session.scalars(select(User).filter_by(login="aldona")).one().password_hash == ""


def test_who_runs_the_server_vouches_for_whom_nobody_else_can(app: Flask, cast: Cast, at: At) -> None:
    with app.app_context():
        with acting_for(cast.ezerelis), write_transaction():
            actions.add_membership(cast.users["aldona"], cast.ezerelis, Role.ADMINISTRATOR, FIRST)
        with acting_for(cast.saulute), write_transaction():
            credentials.issue_slip(cast.users["aldona"], BY)
            slip = db.session.scalars(select(Slip)).one()
            credentials.choose_password(slip.id, "a hash")
        assert len(queries.seats(cast.users["aldona"], DAY)) == 1
    runner = app.test_cli_runner()
    assert "open in 2" in runner.invoke(args=["accounts", "vouch", "aldona"]).output
    assert runner.invoke(args=["accounts", "vouch", "nobody"]).exit_code == 1
    with app.app_context():
        assert len(queries.seats(cast.users["aldona"], DAY)) == 2
