"""The history as people read it: who changed what, narrowed as its source is; what is covered, and who may open it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from ediary.children.models import Child
from ediary.core.audit import AuditEntry
from ediary.core.db import Base, db
from ediary.core.locks import write_transaction
from ediary.core.models import Audited
from ediary.core.permissions import Role, permissions_of
from ediary.core.session import acting_for
from ediary.health import actions as health
from ediary.history.fields import UNTOLD, name_of, reader_of, title_of
from ediary.history.records import TABLES
from tests.cast import Cast
from tests.conftest import DAY, HTMX, count_queries, less_tokens

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]


def tap(client: FlaskClient, cast: Cast, wanted: str, seen: str, child: int = 0) -> None:
    path = f"/attendance/{DAY}/{cast.boruziukai}/children/{cast.children['Boružiukai'][child]}"
    assert client.post(path, data={"wanted": wanted, "seen": seen}, headers=HTMX).status_code == 200


def deeds(page: str) -> list[str]:
    """The entries of a page, as text."""
    found = re.findall(r'<article class="deed".*?</article>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def of_day(cast: Cast, group: str = "Boružiukai") -> str:
    return f"/history/?group={cast.groups[group]}&first={DAY}&last={DAY}"


# --- what was, what is, who, when ------------------------------------------------------------------------------------


def test_a_change_is_told_with_what_was_and_what_is(cast: Cast, as_person: LogIn, at: At) -> None:
    rasa = as_person("rasa")
    tap(rasa, cast, "present", "unmarked")
    at(8, 12)
    tap(rasa, cast, "absent", "present")
    newest, first = deeds(rasa.get(of_day(cast)).text)
    assert newest.startswith("Lankymas: pakeista 2026-11-23 8:12 · mokytoja Rasa Petraitienė · planšetė")
    assert "Adomas Žukauskas, Boružiukai" in newest
    assert "buvo atvyko → yra neatvyko" in newest
    assert first.startswith("Lankymas: įvesta 2026-11-23 8:10")


def test_a_child_a_person_and_days_are_chosen(cast: Cast, as_person: LogIn, at: At) -> None:
    rasa, jonas = as_person("rasa"), as_person("jonas")
    tap(rasa, cast, "present", "unmarked")
    tap(rasa, cast, "present", "unmarked", child=1)
    children = cast.children["Boružiukai"]
    of_child = deeds(jonas.get(f"/history/?child={children[1]}&since={DAY}").text)
    assert len(of_child) == 1
    assert "Austėja Kazlauskaitė" in of_child[0]
    assert len(deeds(jonas.get(f"/history/?person={cast.users['rasa']}").text)) == 2
    assert deeds(jonas.get(f"/history/?person={cast.users['tomas']}").text) == []
    before = DAY - timedelta(days=1)
    assert deeds(jonas.get(f"/history/?person={cast.users['rasa']}&until={before}").text) == []
    assert "Pakeitimų nebuvo" in jonas.get(f"/history/?person={cast.users['rasa']}&until={before}").text


def test_a_childs_whole_history_is_there_however_long_ago(cast: Cast, as_person: LogIn, at: At) -> None:
    at(day=date(2027, 5, 31))
    page = as_person("jonas").get(f"/history/?child={cast.children['Boružiukai'][0]}").text
    assert any("Vaikas: įvesta" in one for one in deeds(page))


def test_without_a_choice_the_last_month_is_shown_and_says_so(cast: Cast, as_person: LogIn, at: At) -> None:
    at(day=date(2027, 5, 31))
    page = as_person("jonas").get("/history/").text
    assert 'name="since" value="2027-05-01"' in page
    assert "Pakeitimų nebuvo" in page


def test_long_histories_come_in_pages_without_gaps(app: Flask, cast: Cast, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        for number in range(120):
            db.session.add(Child(first_name=f"Naujas{number}", last_name="Vaikas", birth_date=date(2022, 1, 1)))
    jonas = as_person("jonas")
    seen: list[str] = []
    url = f"/history/?since={DAY}"
    while url:
        page = jonas.get(url).text
        assert len(deeds(page)) <= 50
        seen += re.findall(r"Naujas\d+", " ".join(re.findall(r"<ins>.*?</ins>", page)))
        older = re.search(r'rel="next" href="([^"]+)"', page)
        url = older[1].replace("&amp;", "&") if older else ""
    assert len(set(re.findall(r"Naujas(\d+)", " ".join(seen)))) == 120


def test_what_makes_no_sense_is_not_asked(as_person: LogIn) -> None:
    jonas = as_person("jonas")
    for asked in (
        "child=x",
        "since=31",
        "row=1&table=sqlite_master",
        "person=99999999999999999999",
        "first=2026-13-01",
    ):
        assert jonas.get(f"/history/?{asked}").status_code == 200
    assert jonas.get("/history/?before=999999").status_code == 404


# --- whose ------------------------------------------------------------------------------------------------------------


def test_an_educator_reads_of_own_groups_children_and_nothing_else(cast: Cast, as_person: LogIn) -> None:
    rasa, tomas = as_person("rasa"), as_person("tomas")
    tap(rasa, cast, "present", "unmarked")
    assert len(deeds(rasa.get(f"/history/?since={DAY}").text)) == 1
    assert deeds(tomas.get(f"/history/?since={DAY}").text) == []
    assert tomas.get(of_day(cast)).status_code == 404
    everything = " ".join(deeds(tomas.get("/history/?since=2026-01-01").text))
    assert "Drugeliai" in everything
    assert "Boružiukai" not in everything


def test_another_kindergartens_history_does_not_exist(cast: Cast, as_person: LogIn) -> None:
    ona, jonas = as_person("ona"), as_person("jonas")
    tap(as_person("rasa"), cast, "present", "unmarked")
    assert deeds(ona.get(f"/history/?since={DAY}").text) == []
    foreign = cast.children["Žuvytės"][0]
    answers = [jonas.get(f"/history/?child={one}") for one in (foreign, 987_654)]
    assert [one.status_code for one in answers] == [404, 404]
    assert less_tokens(answers[0].text) == less_tokens(answers[1].text)
    assert jonas.get(of_day(cast, "Žuvytės")).status_code == 404


@pytest.mark.parametrize("login", ["ieva", "vilma", "dalia", "milda", "greta"])
def test_who_reads_no_history_is_told_so(cast: Cast, as_person: LogIn, login: str) -> None:
    assert as_person(login).get("/history/").status_code == 403


def test_a_role_reads_the_history_of_what_it_reads(cast: Cast, as_person: LogIn) -> None:
    """The administrator has no attendance: neither why a child was absent nor who wrote it."""
    tap(as_person("rasa"), cast, "absent", "unmarked")
    aldona = as_person("aldona")
    assert "Lankymas" not in " ".join(deeds(aldona.get(f"/history/?since={DAY}").text))
    group = f"/history/?table=groups_group&row={cast.boruziukai}"
    assert "Grupė: įvesta" in " ".join(deeds(aldona.get(group).text))
    assert "Lankymas" in " ".join(deeds(as_person("lina").get(f"/history/?since={DAY}").text))


# --- what is covered --------------------------------------------------------------------------------------------------


@pytest.fixture
def covered(app: Flask, cast: Cast, at: At) -> int:
    """The entry of a health line."""
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            health.set_must_not_eat(cast.children["Boružiukai"][0], "žuvies", DAY)
        newest = select(AuditEntry.id).where(AuditEntry.table_name == "health_must_not_eat")
        return int(db.session.scalars(newest.order_by(AuditEntry.id.desc())).first() or 0)


def readings(app: Flask, cast: Cast) -> list[tuple[str, int | None]]:
    with app.app_context(), acting_for(cast.saulute):
        rows = db.session.execute(
            select(AuditEntry.table_name, AuditEntry.user_id).where(AuditEntry.action == "opened")
        )
        return [(table, user) for table, user in rows]


def test_a_sensitive_value_is_covered_until_its_reading_is_on_record(
    app: Flask, cast: Cast, covered: int, as_person: LogIn
) -> None:
    jonas = as_person("jonas")
    page = jonas.get(f"/history/?child={cast.children['Boružiukai'][0]}").text
    assert "uždengta" in page
    assert "žuvies" not in page
    assert readings(app, cast) == []
    piece = jonas.post(f"/history/{covered}/open", headers=HTMX).text
    assert "žuvies" in piece
    assert piece.lstrip().startswith(f'<article class="deed" id="entry-{covered}"')
    assert readings(app, cast) == [("health_must_not_eat", cast.users["jonas"])]
    assert "žuvies" in jonas.post(f"/history/{covered}/open").text  # without a script: a page


def test_no_record_no_value(
    app: Flask, cast: Cast, covered: int, as_person: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the disk is full")

    jonas = as_person("jonas")
    monkeypatch.setattr("ediary.history.actions.record_reading", fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        jonas.post(f"/history/{covered}/open", headers=HTMX)
    assert readings(app, cast) == []


def test_covered_values_are_opened_by_those_who_read_their_source(
    app: Flask, cast: Cast, covered: int, as_person: LogIn
) -> None:
    assert as_person("rasa").post(f"/history/{covered}/open", headers=HTMX).status_code == 200
    assert as_person("aldona").post(f"/history/{covered}/open", headers=HTMX).status_code == 404  # reads no health
    assert as_person("ieva").post(f"/history/{covered}/open", headers=HTMX).status_code == 403
    answers = [as_person("ona").post(f"/history/{one}/open", headers=HTMX) for one in (covered, 987_654)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert as_person("tomas").post(f"/history/{covered}/open", headers=HTMX).status_code == 404


def test_an_entry_that_covers_nothing_is_not_opened(cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    tap(as_person("rasa"), cast, "present", "unmarked")
    entry = re.search(r'id="entry-(\d+)"', jonas.get(of_day(cast)).text)
    assert entry is not None
    assert jonas.post(f"/history/{entry[1]}/open", headers=HTMX).status_code == 404


# --- from the pages ---------------------------------------------------------------------------------------------------


def test_pages_of_records_lead_to_their_history(cast: Cast, as_person: LogIn) -> None:
    jonas, child = as_person("jonas"), cast.children["Boružiukai"][0]
    of_group = f"/history/?group={cast.boruziukai}"
    for page, wanted in {
        f"/cards/{child}": f"/history/?child={child}",
        f"/attendance/{DAY}/{cast.boruziukai}": f"{of_group}&amp;first={DAY}&amp;last={DAY}",
        f"/sheets/2026-11/{cast.boruziukai}": f"{of_group}&amp;first=2026-11-01&amp;last=2026-11-30",
        f"/groups/{cast.boruziukai}": f"/history/?table=groups_group&amp;row={cast.boruziukai}",
    }.items():
        link = re.search(r'class="history-link" href="([^"]+)"', jonas.get(page).text)
        assert link is not None, page
        assert link[1] == wanted
        assert jonas.get(wanted.replace("&amp;", "&")).status_code == 200
    assert "history-link" not in jonas.get("/children/").text
    assert "history-link" not in as_person("vilma").get(f"/sheets/2026-11/{cast.boruziukai}").text


def test_what_pages_lead_to_is_written_in_the_history() -> None:
    audited = {m.class_.__tablename__ for m in Base.registry.mappers if issubclass(m.class_, Audited)}
    assert set(TABLES.values()) <= audited


# --- cost -------------------------------------------------------------------------------------------------------------


def plans(app: Flask, client: FlaskClient, url: str) -> list[str]:
    """How SQLite finds the entries of a page."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with app.app_context():
        cursor = db.engine.raw_connection().cursor()
        return [
            step
            for statement, parameters in asked
            if "FROM core_audit_entry" in statement
            for *_ids, step in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            if "core_audit_entry" in step
        ]


@pytest.mark.parametrize("login", ["jonas", "rasa"])
def test_every_page_of_the_history_is_found_by_an_index(app: Flask, cast: Cast, as_person: LogIn, login: str) -> None:
    client, child = as_person(login), cast.children["Boružiukai"][0]
    for url, index in {
        f"/history/?child={child}": "child_id_institution_id_day",
        f"/history/?person={cast.users['rasa']}": "user_id_institution_id_at",
        of_day(cast): "group_id_institution_id_day",
        f"/history/?table=groups_group&row={cast.boruziukai}": "table_name_row_id",
        f"/history/?since={DAY}": "institution_id_at",
        "/history/": "institution_id_at",
    }.items():
        (step,) = plans(app, client, url)
        assert step.startswith("SEARCH core_audit_entry USING INDEX"), f"{url}: {step}"
        assert index in step, f"{url}: {step}"


def test_a_page_takes_as_many_statements_however_much_there_is(app: Flask, cast: Cast, as_person: LogIn) -> None:
    jonas = as_person("jonas")
    rasa = as_person("rasa")
    tap(rasa, cast, "present", "unmarked")
    jonas.get(of_day(cast))
    with count_queries(at_most=9) as few:
        jonas.get(of_day(cast))
    for child in range(1, 12):
        tap(rasa, cast, "present", "unmarked", child=child)
    with count_queries(at_most=9) as many:
        assert len(deeds(jonas.get(of_day(cast)).text)) == 12
    assert len(few) == len(many)


def test_a_tap_pays_nothing_for_the_chain(cast: Cast, as_person: LogIn) -> None:
    rasa = as_person("rasa")
    tap(rasa, cast, "present", "unmarked")
    with count_queries(at_most=14) as seen:
        tap(rasa, cast, "absent", "present")
    assert not [one for one in seen if "core_seal" in one or "core_paper" in one]


# --- words ------------------------------------------------------------------------------------------------------------


def test_every_table_of_the_history_has_its_words_and_its_readers(app: Flask) -> None:
    """A table that comes: a title and who reads it in history/fields.py; fields there, or in a copy's contents."""
    with app.test_request_context():
        for mapper in Base.registry.mappers:
            table = mapper.class_.__tablename__
            if not issubclass(mapper.class_, Audited):
                continue
            assert title_of(table) != table, f"history/fields.py: TITLES has no {table}"
            needs = reader_of(table)
            assert needs is not None, f"history/fields.py: READ_BY has no {table}"
            assert any(needs in permissions_of(role) for role in Role)
            for column in mapper.column_attrs:
                told = name_of(table, column.key) is not None or column.key in UNTOLD
                assert told, f"history/fields.py: NAMES (or UNTOLD) has no {column.key} of {table}"
