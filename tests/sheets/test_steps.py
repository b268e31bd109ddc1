"""The month goes from the educators to the social pedagogue to the director over HTTP, and what stops it on its way."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.locks import GroupMonth, held, write_transaction
from ediary.notices.models import Notice
from ediary.periods import actions as periods
from ediary.periods.models import MonthStep
from ediary.sheets.models import PrintedSheet
from tests.cast import Cast
from tests.conftest import HTMX, count_queries
from tests.sheets.conftest import finish, inside
from tests.sheets.test_routes import AsPerson, body, cells, give, print_it, sheet_url

pytestmark = pytest.mark.usefixtures("at")

LAST_DAY = date(2026, 11, 30)
NOVEMBER = Month(2026, 11)


@pytest.fixture
def over(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    """The last working day after the kitchen's hour; every day of Boružiukai is marked, four reasons are not known."""
    at(10, 0, day=LAST_DAY)
    finish(app, cast)


def seen(client: FlaskClient, cast: Cast, group: str = "Boružiukai") -> str:
    """What the page shows, as it sends it back."""
    found = re.search(r'name="seen" value="([^"]*)"', body(client.get(sheet_url(cast, group))))
    assert found
    return found[1]


def submit(client: FlaskClient, cast: Cast, group: str = "Boružiukai", **data: str) -> Any:
    shown = data.pop("seen", None) or seen(client, cast, group)
    data = {"seen": shown, "anyway": "1"} | data
    return client.post(f"{sheet_url(cast, group)}/submit", data=data, headers=HTMX)


def check(client: FlaskClient, cast: Cast, shown: str) -> Any:
    return client.post(f"{sheet_url(cast)}/check", data={"seen": shown}, headers=HTMX)


def give_back(client: FlaskClient, cast: Cast, remark: str) -> Any:
    return client.post(f"{sheet_url(cast)}/return", data={"remark": remark}, headers=HTMX)


def steps(app: Flask, cast: Cast) -> list[str]:
    with inside(app, cast.saulute):
        return [row.value for row in db.session.scalars(select(MonthStep.step).order_by(MonthStep.id))]


def told(app: Flask, cast: Cast, person: str) -> list[str]:
    with inside(app, cast.saulute):
        rows = select(Notice.text).where(Notice.person_id == cast.users[person]).order_by(Notice.id)
        return list(db.session.scalars(rows))


# --- submitting ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("over")
def test_soft_faults_are_named_and_confirmed_and_stay_with_the_step(
    app: Flask, cast: Cast, as_person: AsPerson
) -> None:
    client = as_person("rasa")
    answer = submit(client, cast, anyway="")
    assert answer.status_code == 422
    assert "nežinoma priežastis, 3–5 d." in body(answer)
    assert "Patvirtinkite, kad žinote: 1 vaiko nežinoma priežastis" in body(answer)
    assert steps(app, cast) == []
    answer = submit(client, cast)
    assert answer.status_code == 200
    assert body(answer).startswith('<section id="sheet"')
    assert "Pateikta 2026-11-30 10:00 (mokytoja Rasa Petraitienė)" in body(answer)
    assert "Pateikti mėnesį" not in body(answer)
    assert "Boružiukai: žiniaraštis (2026 m. lapkritis) laukia patikrinimo" in told(app, cast, "lina")
    with inside(app, cast.saulute):
        assert "1 vaiko nežinoma priežastis" in db.session.scalars(select(MonthStep.remark)).one()


@pytest.mark.usefixtures("at")
def test_hard_faults_refuse_each_leading_to_its_day(
    app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    at(10, 0, day=LAST_DAY)
    client = as_person("rasa")
    answer = submit(client, cast)
    assert answer.status_code == 422
    assert "Nepateikta. Pirma sutvarkykite: lapkričio" in body(answer)
    assert f'href="/attendance/2026-11-30/{cast.boruziukai}"' in body(answer)
    assert steps(app, cast) == []


def test_a_month_is_not_submitted_while_today_is_marked_for_the_kitchen(
    app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    at(8, 30, day=LAST_DAY)
    finish(app, cast)
    answer = submit(as_person("rasa"), cast)
    assert answer.status_code == 422
    assert "Šiandien dar žymima virtuvei" in body(answer)
    at(9, 0, day=LAST_DAY)
    assert submit(as_person("rasa"), cast).status_code == 200


def test_a_running_month_offers_no_submitting_and_refuses_it(cast: Cast, as_person: AsPerson) -> None:
    client = as_person("rasa")
    assert "Pateikti galima nuo lapkričio 30 d." in body(client.get(sheet_url(cast)))
    answer = client.post(f"{sheet_url(cast)}/submit", data={"seen": ""}, headers=HTMX)
    assert answer.status_code == 409


@pytest.mark.usefixtures("over")
def test_a_submit_of_a_sheet_changed_meanwhile_shows_both_versions(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    rasa = as_person("rasa")
    shown = seen(rasa, cast)
    assert give(as_person("lina"), cast, cells(cast, (1, 4))).status_code == 200
    answer = submit(as_person("rasa"), cast, seen=shown)
    assert answer.status_code == 409
    row = re.search(r"<tr><th scope=.row.>([^<]*, 4 d\.)</th><td>(.+?)</td><td>(.+?)</td></tr>", body(answer))
    assert row
    assert row.groups()[1:] == ("?", "l*")
    assert steps(app, cast) == []
    plain = as_person("rasa").post(f"{sheet_url(cast)}/submit", data={"seen": shown, "anyway": "1"})
    assert plain.status_code == 409
    assert "4 d.: matėte „?“, dabar „l*“" in body(plain)
    assert submit(as_person("rasa"), cast).status_code == 200


@pytest.mark.usefixtures("over")
def test_a_second_submit_says_who_was_first(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    client = as_person("rasa")
    shown = seen(client, cast)
    assert submit(client, cast).status_code == 200
    answer = submit(client, cast, seen=shown)
    assert answer.status_code == 409
    assert "Pateikta 2026-11-30 10:00 (mokytoja Rasa Petraitienė)" in body(answer)
    assert steps(app, cast) == ["submit"]


@pytest.mark.usefixtures("over")
def test_from_submitted_on_an_old_page_s_reason_is_refused(cast: Cast, as_person: AsPerson) -> None:
    submit(as_person("rasa"), cast)
    for person in ("rasa", "lina"):
        answer = give(as_person(person), cast, cells(cast, (1, 4)))
        assert answer.status_code == 409
        assert "Pakeisti galima tik direktoriui leidus" in body(answer)


# --- checking and returning ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("over")
def test_a_remark_is_told_and_stands_on_the_sheet_until_it_is_submitted_again(
    app: Flask, cast: Cast, as_person: AsPerson
) -> None:
    submit(as_person("rasa"), cast)
    answer = give_back(as_person("lina"), cast, "Adomui 4 d. – liga")
    assert answer.status_code == 200
    assert "Grąžintas žiniaraštis (2026 m. lapkritis): Adomui 4 d. – liga" in told(app, cast, "rasa")
    client = as_person("rasa")
    assert "Grąžinta 2026-11-30 10:00 (socialinė pedagogė Lina Stankutė): „Adomui 4 d. – liga“" in body(
        client.get(sheet_url(cast))
    )
    assert "Grąžintas" in body(client.get("/sheets/2026-11"))
    assert give(client, cast, cells(cast, (1, 4))).status_code == 200
    assert "Pataisykite ir pateikite" not in body(submit(client, cast))
    assert steps(app, cast) == ["submit", "return", "submit"]


@pytest.mark.usefixtures("over")
def test_a_return_without_a_remark_is_refused_at_its_field(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    submit(as_person("rasa"), cast)
    answer = give_back(as_person("lina"), cast, "  ")
    assert answer.status_code == 422
    assert 'id="remark-error"' in body(answer)
    assert steps(app, cast) == ["submit"]


@pytest.mark.usefixtures("over")
def test_what_was_returned_meanwhile_is_not_checked(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    submit(as_person("rasa"), cast)
    shown = seen(as_person("lina"), cast)
    give_back(as_person("lina"), cast, "Pataisykite")
    answer = check(as_person("lina"), cast, shown)
    assert answer.status_code == 409
    assert "žiniaraštį dar pildo grupės mokytojai" in body(answer)
    # returned, mended and submitted again: what she looks at is not what she would check
    give(as_person("rasa"), cast, cells(cast, (1, 4)))
    submit(as_person("rasa"), cast)
    answer = check(as_person("lina"), cast, shown)
    assert answer.status_code == 409
    assert "matėte „?“, dabar „l*“" in body(answer)
    assert steps(app, cast) == ["submit", "return", "submit"]


@pytest.mark.usefixtures("over")
def test_a_checked_month_prints_as_final_and_names_who_did_what(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    def printed() -> str:
        return PdfReader(io.BytesIO(print_it(lina, sheet_url(cast)).data)).pages[0].extract_text()

    lina = as_person("lina")
    assert "JUODRAŠTIS" in printed()
    submit(as_person("rasa"), cast)
    lina = as_person("lina")
    assert "JUODRAŠTIS" in printed()
    assert check(lina, cast, seen(lina, cast)).status_code == 200
    text = printed()
    assert "JUODRAŠTIS" not in text
    assert "Pateiktas 2026-11-30 10:00, mokytoja Rasa Petraitienė" in text
    assert "Patikrintas 2026-11-30 10:00, socialinė pedagogė Lina Stankutė" in text
    with inside(app, cast.saulute):
        assert list(db.session.scalars(select(PrintedSheet.final).order_by(PrintedSheet.id))) == [False, False, True]


@pytest.mark.usefixtures("over")
def test_the_whole_kindergarten_prints_when_every_group_is_checked_and_names_those_that_are_not(
    app: Flask, cast: Cast, as_person: AsPerson
) -> None:
    submit(as_person("rasa"), cast)
    lina = as_person("lina")
    check(lina, cast, seen(lina, cast))
    answer = lina.post("/sheets/2026-11/print", data={"format": "pdf"})
    assert answer.status_code == 422
    assert "Dar ne – pildoma: Drugeliai." in body(answer)
    assert told(app, cast, "jonas") == []
    page = body(lina.get("/sheets/2026-11"))
    assert f'href="{sheet_url(cast, "Drugeliai")}#steps"' in page
    assert 'action="/sheets/2026-11/print"' not in page
    finish(app, cast, "Drugeliai")
    submit(as_person("tomas"), cast, "Drugeliai")
    lina = as_person("lina")
    lina.post(f"{sheet_url(cast, 'Drugeliai')}/check", data={"seen": seen(lina, cast, "Drugeliai")}, headers=HTMX)
    assert "2026 m. lapkritis: visų grupių žiniaraščiai patikrinti" in told(app, cast, "jonas")
    assert 'action="/sheets/2026-11/print"' in body(lina.get("/sheets/2026-11"))
    assert print_it(lina, "/sheets/2026-11").status_code == 200


@pytest.mark.usefixtures("over")
def test_a_checked_group_is_locked_without_a_word(cast: Cast, as_person: AsPerson) -> None:
    submit(as_person("rasa"), cast)
    lina = as_person("lina")
    check(lina, cast, seen(lina, cast))
    answer = as_person("jonas").post("/sheets/2026-11/lock", data={"groups": cast.boruziukai}, headers=HTMX)
    assert answer.status_code == 200
    assert "2026-11-30 10:00, direktorius Jonas Rimkus" in body(answer)


@pytest.mark.usefixtures("over")
def test_an_opened_month_is_filled_in_again_and_its_print_is_a_draft(
    app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    submit(as_person("rasa"), cast)
    with inside(app, cast.saulute):
        with write_transaction(lock=GroupMonth(cast.boruziukai, NOVEMBER), exclusive=True):
            until = held().now.replace(hour=12)
            periods.open_month(cast.boruziukai, NOVEMBER, until, "direktorius Jonas Rimkus", "Klaida")
    client = as_person("rasa")
    page = body(client.get(sheet_url(cast)))
    assert "Direktorius atvėrė šį mėnesį taisyti iki 2026-11-30 14:00" in page
    assert "Pateikti mėnesį" not in page
    assert give(client, cast, cells(cast, (1, 4))).status_code == 200
    assert client.post(f"{sheet_url(cast)}/submit", data={"anyway": "1", "seen": ""}, headers=HTMX).status_code == 409
    at(14, 0, day=LAST_DAY)
    assert give(as_person("rasa"), cast, cells(cast, (1, 4)), "t").status_code == 409


@pytest.mark.usefixtures("at")
def test_a_month_that_locked_by_itself_says_what_is_missing_and_prints(
    cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    at(8, 0, day=date(2026, 12, 8))
    client = as_person("lina")
    page = body(client.get(sheet_url(cast)))
    assert re.search(r"Ko trūksta \(\d+\)", page)
    assert f'href="/attendance/2026-11-30/{cast.boruziukai}"' in page
    assert print_it(client, "/sheets/2026-11").status_code == 200


@pytest.mark.usefixtures("over")
def test_at_the_month_s_end_the_pages_cost_the_same_for_one_group_and_for_two(
    app: Flask, cast: Cast, as_person: AsPerson
) -> None:
    one, two = as_person("tomas"), as_person("lina")
    for client in (one, two):
        client.get("/sheets/2026-11")
    with count_queries() as for_one:
        one.get("/sheets/2026-11")
    with count_queries(at_most=28) as for_two:
        two.get("/sheets/2026-11")
    with count_queries(at_most=28):
        two.get(sheet_url(cast))
    assert len(for_two) <= len(for_one) + 3, "reasons that ask for papers are looked after once for all"


# --- who may -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("over")
def test_only_the_group_s_educators_submit_and_only_the_social_pedagogue_checks(
    cast: Cast, as_person: AsPerson
) -> None:
    for person in ("lina", "vilma", "jonas", "ieva", "aldona"):
        answer = as_person(person).post(f"{sheet_url(cast)}/submit", data={"seen": ""}, headers=HTMX)
        assert answer.status_code == 403
    for person in ("rasa", "vilma", "jonas", "ieva"):
        assert check(as_person(person), cast, "").status_code == 403
        assert give_back(as_person(person), cast, "?").status_code == 403
    for person, status in (("tomas", 404), ("ona", 403)):
        answer = as_person(person).post(f"{sheet_url(cast)}/submit", data={"seen": ""}, headers=HTMX)
        assert answer.status_code == status
