"""The month watched over, checks that stay, remarks between two people and the heads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.attendance.models import Submission
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.notices.models import Notice
from ediary.supervision.models import Check, Remark
from tests.cast import Cast
from tests.conftest import DAY, HTMX, count_queries

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
MONTH = "2026-11"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def row(page: str, head: str) -> str:
    """The text of the table's row that begins so."""
    found = re.search(rf'<tr>\s*<th scope="row">(?:<a [^>]*>)?{head}.*?</tr>', page, re.S)
    assert found, head
    return words(found[0])


def submit(client: FlaskClient, cast: Cast, group: int, day: date = DAY) -> None:
    for child in cast.children["Boružiukai" if group == cast.boruziukai else "Drugeliai"]:
        url = f"/attendance/{day}/{group}/children/{child}"
        assert client.post(url, data={"wanted": "present", "seen": "unmarked"}, headers=HTMX).status_code == 200
    assert client.post(f"/attendance/{day}/{group}/submit", headers=HTMX).status_code == 200


# --- the month --------------------------------------------------------------------------------------------------------


def test_it_says_who_has_not_begun_who_is_half_done_and_who_has_handed_in(cast: Cast, as_person: LogIn) -> None:
    ruta = as_person("ruta")
    assert "nepradėta" in row(ruta.get(f"/supervision/{MONTH}").text, "Boružiukai")
    submit(as_person("tomas"), cast, cast.drugeliai)
    rasa = as_person("rasa")
    url = f"/attendance/{DAY}/{cast.boruziukai}/children/{cast.children['Boružiukai'][0]}"
    rasa.post(url, data={"wanted": "absent", "seen": "unmarked"})
    page = ruta.get(f"/supervision/{MONTH}").text
    assert "pateikta 8:10" in row(page, "Drugeliai")
    assert "pažymėta 1 iš 20" in row(page, "Boružiukai")


def test_a_day_handed_in_after_half_past_eight_is_late_and_one_never_handed_in_is_missing(
    cast: Cast, as_person: LogIn, at: At
) -> None:
    at(8, 31)
    submit(as_person("tomas"), cast, cast.drugeliai)
    at(8, 30, day=date(2026, 11, 24))
    submit(as_person("tomas"), cast, cast.drugeliai, date(2026, 11, 24))
    at(12, 0, day=date(2026, 11, 25))
    page = as_person("ruta").get(f"/supervision/{MONTH}").text
    assert "1 iš 17" in row(page, "Drugeliai")
    assert "0 iš 17" in row(page, "Boružiukai")
    late = as_person("jonas").get("/supervision/late/2026").text
    assert "1 iš 17" in row(late, "Drugeliai")
    assert as_person("jonas").get("/supervision/late").location == "/supervision/late/2026"


def test_the_directors_own_part_stands_first_on_the_directors_page(as_person: LogIn) -> None:
    director, deputy = (as_person(login).get(f"/supervision/{MONTH}").text for login in ("jonas", "ruta"))
    assert director.index('id="specialists-title"') < director.index('id="groups-title"')
    assert deputy.index('id="specialists-title"') > deputy.index('id="groups-title"')
    assert "Ieva Norkienė" in director
    assert "Nida Lydekienė" not in director


def test_the_kitchens_month_says_which_days_the_clock_had_to_lock(cast: Cast, as_person: LogIn, at: At) -> None:
    ieva = as_person("ieva")
    ieva.post(f"/kitchen/{DAY}/lock", data={"reason": "grupės nepateikė"})
    at(9, 30, day=date(2026, 11, 24))
    as_person("ieva").get("/kitchen/2026-11-24")
    told = row(as_person("jonas").get(f"/supervision/{MONTH}").text, "Ieva Norkienė")
    assert "1 diena užrakinta ranka" in told
    assert "1 dieną užrakino laikrodis" in told


@pytest.mark.parametrize("login", ["rasa", "ieva", "lina", "aldona", "greta"])
def test_others_do_not_watch(as_person: LogIn, login: str) -> None:
    assert as_person(login).get(f"/supervision/{MONTH}").status_code == 403


@pytest.mark.parametrize("year", [0, 1999, 2200, 99999])
def test_a_year_out_of_reach_is_no_page(as_person: LogIn, year: int) -> None:
    assert as_person("jonas").get(f"/supervision/late/{year}").status_code == 404


def test_a_year_to_come_has_nothing_to_count(as_person: LogIn) -> None:
    assert "Dar nėra ką skaičiuoti" in as_person("jonas").get("/supervision/late/2027").text


def test_the_page_takes_as_many_statements_for_many_children_as_for_few(cast: Cast, as_person: LogIn) -> None:
    ruta = as_person("ruta")
    ruta.get(f"/supervision/{MONTH}")
    with count_queries(at_most=36) as few:
        ruta.get(f"/supervision/{MONTH}")
    submit(as_person("rasa"), cast, cast.boruziukai)
    with count_queries(at_most=len(few)):
        ruta.get(f"/supervision/{MONTH}")


# --- checks -----------------------------------------------------------------------------------------------------------


def test_a_check_says_who_when_and_what_was_found_and_a_second_one_stands_beside_it(
    app: Flask, cast: Cast, as_person: LogIn, at: At
) -> None:
    ruta = as_person("ruta")
    url = f"/supervision/{MONTH}/groups/{cast.drugeliai}/check"
    assert "dienų nepateikta" in ruta.get(url).text
    assert ruta.post(url, data={"in_order": "no", "found": "Trūksta priežasčių"}).status_code == 303
    at(15, 0)
    assert as_person("ruta").post(url, data={"in_order": "yes", "found": "Sutvarkyta"}).status_code == 303
    page = words(ruta.get(url).text)
    assert page.index("Sutvarkyta") < page.index("Trūksta priežasčių")
    assert "Buvo ką taisyti" in page
    assert "Rūta Balčytienė" in page
    with app.app_context(), acting_for(cast.saulute):
        assert [one.in_order for one in db.session.scalars(select(Check).order_by(Check.id))] == [False, True]


def test_a_specialists_month_is_checked_too(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    link = re.search(r"/supervision/2026-11/people/\d+/check", jonas.get(f"/supervision/{MONTH}").text)
    assert link
    assert jonas.post(link[0], data={"in_order": "yes", "found": "Užrakinta laiku"}).status_code == 303
    with app.app_context(), acting_for(cast.saulute):
        made = db.session.scalars(select(Check)).one()
        assert (made.person_id, made.group_id) == (cast.users["ieva"], None)


@pytest.mark.parametrize("data", [{}, {"in_order": "yes"}, {"in_order": "yes", "found": "   "}, {"found": "Gerai"}])
def test_a_check_without_a_finding_is_refused_at_its_field(
    app: Flask, cast: Cast, as_person: LogIn, data: dict[str, str]
) -> None:
    answer = as_person("ruta").post(f"/supervision/{MONTH}/groups/{cast.drugeliai}/check", data=data)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(Check)).all() == []


def test_a_month_that_has_not_begun_is_not_checked(cast: Cast, as_person: LogIn) -> None:
    data = {"in_order": "yes", "found": "Iš anksto"}
    answer = as_person("ruta").post(f"/supervision/2026-12/groups/{cast.drugeliai}/check", data=data)
    assert answer.status_code == 422
    assert "dar neprasidėjo" in answer.text


def test_another_kindergartens_group_does_not_exist(cast: Cast, as_person: LogIn) -> None:
    ruta = as_person("ruta")
    assert ruta.get(f"/supervision/{MONTH}/groups/{cast.zuvytes}/check").status_code == 404
    assert ruta.get(f"/supervision/{MONTH}/groups/999999/check").status_code == 404


# --- remarks ----------------------------------------------------------------------------------------------------------


def remark(cast: Cast, as_person: LogIn, *, to: str = "tomas", text: str = "Nepažymėta pirmadienio diena") -> str:
    """Rūta writes about Drugeliai's day; gives the remark's address."""
    about = f"/attendance/{DAY}/{cast.drugeliai}"
    data = {"person_id": cast.users[to], "about": about, "text": text}
    ruta = as_person("ruta")
    assert ruta.post("/supervision/remarks/new", data=data).status_code == 303
    found = re.findall(r'href="(/supervision/remarks/\d+)"', ruta.get("/supervision/remarks").text)
    assert found
    return str(found[0])


def test_a_remark_is_told_answered_and_closed_and_each_is_told_to_the_other(
    app: Flask, cast: Cast, as_person: LogIn
) -> None:
    url = remark(cast, as_person)
    tomas = as_person("tomas")
    assert "1 pastaba laukia jūsų atsakymo" in tomas.get("/lines").text
    page = tomas.get(url).text
    assert f'href="/attendance/{DAY}/{cast.drugeliai}"' in page
    assert "Nepažymėta pirmadienio diena" in page
    assert tomas.post(f"{url}/answer", data={"text": "Pažymėjau"}).status_code == 303
    ruta = as_person("ruta")
    assert "Į 1 pastabą atsakyta" in ruta.get("/lines").text
    assert ruta.post(f"{url}/close", data={"heeded": "yes"}).status_code == 303
    assert "atsižvelgta" in as_person("tomas").get(url).text
    with app.app_context(), acting_for(cast.saulute):
        told = db.session.scalars(select(Notice).order_by(Notice.id)).all()
        assert [one.person_id for one in told] == [cast.users[who] for who in ("tomas", "ruta", "tomas")]
        assert all("Nepažymėta" not in one.text for one in told)


@pytest.mark.parametrize("login", ["rasa", "ieva", "lina", "vilma", "aldona", "milda", "dalia"])
def test_nobody_else_reads_a_remark(cast: Cast, as_person: LogIn, login: str) -> None:
    url = remark(cast, as_person)
    other = as_person(login)
    assert other.get(url).status_code == 404
    assert other.post(f"{url}/answer", data={"text": "Ne man"}).status_code == 404
    assert "Nepažymėta" not in other.get("/supervision/remarks").text


def test_the_other_head_reads_it_but_neither_answers_nor_closes(app: Flask, cast: Cast, as_person: LogIn) -> None:
    url = remark(cast, as_person)
    jonas = as_person("jonas")
    page = jonas.get(url)
    assert "Nepažymėta" in page.text
    assert "/answer" not in page.text
    assert "/close" not in page.text
    for way, data in (("answer", {"text": "Už jį"}), ("close", {"heeded": "no"})):
        assert jonas.post(f"{url}/{way}", data=data).status_code == 422
    with app.app_context(), acting_for(cast.saulute):
        one = db.session.scalars(select(Remark)).one()
        assert (one.answered_at, one.closed_at) == (None, None)


def test_the_addressee_does_not_close_it(cast: Cast, as_person: LogIn) -> None:
    url = remark(cast, as_person)
    assert as_person("tomas").post(f"{url}/close", data={"heeded": "yes"}).status_code == 403


def test_a_closed_remark_takes_no_answer(cast: Cast, as_person: LogIn) -> None:
    url = remark(cast, as_person)
    as_person("ruta").post(f"{url}/close", data={"heeded": "no"})
    answer = as_person("tomas").post(f"{url}/answer", data={"text": "Vėluoju"})
    assert answer.status_code == 409
    assert "užbaigta" in answer.text


def test_another_kindergartens_head_sees_none(cast: Cast, as_person: LogIn) -> None:
    url = remark(cast, as_person)
    assert as_person("ona").get(url).status_code == 404


def test_the_history_keeps_that_it_was_written_and_not_what(app: Flask, cast: Cast, as_person: LogIn) -> None:
    remark(cast, as_person)
    with app.app_context(), acting_for(cast.saulute):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "supervision_remark")).one()
        assert entry.is_sensitive
        assert "Nepažymėta" not in entry.changes
        assert entry.child_id is None


@pytest.mark.parametrize(
    "about",
    ["/sheets/2026-11", "/kitchen/2026-11-23", f"/attendance/{DAY}/{{group}}", "/cards/{child}", "/groups/{group}", ""],
)
def test_a_remark_can_be_about_what_the_heads_look_at(cast: Cast, as_person: LogIn, about: str) -> None:
    path = about.format(group=cast.drugeliai, child=cast.children["Drugeliai"][0])
    ruta = as_person("ruta")
    assert ruta.get("/supervision/remarks/new", query_string={"about": path}).status_code == 200
    data = {"person_id": cast.users["tomas"], "about": path, "text": "Peržiūrėkite"}
    assert ruta.post("/supervision/remarks/new", data=data).status_code == 303


@pytest.mark.parametrize("about", ["https://evil.example/", "//evil.example", "/accounts/", "nothing", "/supervision/"])
def test_a_remark_is_about_nothing_else(cast: Cast, as_person: LogIn, about: str) -> None:
    ruta = as_person("ruta")
    assert ruta.get("/supervision/remarks/new", query_string={"about": about}).status_code == 422
    data = {"person_id": cast.users["tomas"], "about": about, "text": "Peržiūrėkite"}
    assert ruta.post("/supervision/remarks/new", data=data).status_code == 422


def test_a_remark_about_another_kindergartens_group_finds_no_group(cast: Cast, as_person: LogIn) -> None:
    about = {"about": f"/attendance/{DAY}/{cast.zuvytes}"}
    assert as_person("ruta").get("/supervision/remarks/new", query_string=about).status_code == 404


@pytest.mark.parametrize("who", ["greta", "ona", "ruta", "nobody"])
def test_a_remark_goes_to_somebody_who_works_here_and_not_to_oneself(cast: Cast, as_person: LogIn, who: str) -> None:
    data = {"person_id": cast.users.get(who, 999999), "text": "Peržiūrėkite"}
    answer = as_person("ruta").post("/supervision/remarks/new", data=data)
    assert answer.status_code == 422
    assert "kuris čia dirba" in answer.text


def test_heads_find_the_way_to_a_remark_on_the_days_page_and_educators_do_not(cast: Cast, as_person: LogIn) -> None:
    day = f"/attendance/{DAY}/{cast.drugeliai}"
    assert "/supervision/remarks/new?about=" in as_person("ruta").get(day).text
    assert "/supervision/remarks/new?about=" not in as_person("tomas").get(day).text


def test_last_month_unchecked_stands_on_the_heads_day(cast: Cast, as_person: LogIn) -> None:
    ruta = as_person("ruta")
    assert "2 grupių pildymas nepatikrintas" in ruta.get("/lines").text
    for group in (cast.boruziukai, cast.drugeliai):
        data = {"in_order": "yes", "found": "Gerai"}
        assert ruta.post(f"/supervision/2026-10/groups/{group}/check", data=data).status_code == 303
    assert "nepatikrintas" not in ruta.get("/lines").text


def test_a_withdrawn_day_is_handed_in_no_more(app: Flask, cast: Cast, as_person: LogIn) -> None:
    tomas = as_person("tomas")
    submit(tomas, cast, cast.drugeliai)
    child = cast.children["Drugeliai"][0]
    url = f"/attendance/{DAY}/{cast.drugeliai}/children/{child}"
    tomas.post(url, data={"wanted": "unmarked", "seen": "present"})
    with app.app_context(), acting_for(cast.saulute):
        assert db.session.scalars(select(Submission)).all() == []
    assert "pažymėta 5 iš 6" in row(as_person("ruta").get(f"/supervision/{MONTH}").text, "Drugeliai")
