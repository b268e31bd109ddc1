"""The month over HTTP: giving reasons, locking, printing, and what is refused."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import Stale
from ediary.core.locks import GroupDay, GroupMonth, write_transaction
from ediary.core.permissions import Role
from ediary.core.points import MonthPoint
from ediary.core.session import acting_for
from ediary.core.store import StoreDamaged
from ediary.groups import actions as groups
from ediary.portions import queries as portions
from ediary.sheets import actions, paper, queries
from ediary.sheets.models import PrintedSheet, PrintFormat
from ediary.sheets.routes import MAKERS
from ediary.workdays.models import Closure
from tests import make
from tests.cast import Cast
from tests.conftest import DAY, HTMX, count_queries
from tests.sheets.conftest import inside, reasons_of, write_day

pytestmark = pytest.mark.usefixtures("at")

AsPerson = Callable[[str], FlaskClient]
LAST_DAY = date(2026, 11, 30)
#: the month has locked by itself
LOCKED_DAY = date(2026, 12, 8)


def body(answer: Any) -> str:
    text: str = answer.get_data(as_text=True)
    return text


def sheet_url(cast: Cast, group: str = "Boružiukai") -> str:
    return f"/sheets/2026-11/{cast.groups[group]}"


def cells(cast: Cast, *places: tuple[int, int], group: str = "Boružiukai") -> list[str]:
    """`child:day` of (child's number in the group, day of November)."""
    return [f"{cast.children[group][child]}:2026-11-{day:02d}" for child, day in places]


def give(client: FlaskClient, cast: Cast, chosen: list[str], letter: str = "l", **more: Any) -> Any:
    data = {"cells": chosen, "reason_id": cast.reasons[letter] if letter else ""}
    return client.post(f"{sheet_url(cast)}/reasons", data=data, headers=more.pop("headers", HTMX), **more)


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_sheet_shows_letters_and_totals(cast: Cast, as_person: AsPerson) -> None:
    page = body(as_person("rasa").get(sheet_url(cast)))
    child = cast.children["Boružiukai"][1]
    row = re.search(rf'<tr data-child="{child}">.*?</tr>', page)
    assert row is not None
    assert row[0].count('class="a unknown"') == 3
    assert re.findall(r'<td class="total">(\d*)</td>', row[0]) == ["1", "3", "0", "0", "0", "3", "11"]
    assert "Pildomas" in page
    assert "2026-12-08 0:00" in page


def test_weekends_holidays_and_closures_are_hatched_with_their_reason(
    app: Flask, cast: Cast, as_person: AsPerson
) -> None:
    with inside(app, cast.saulute), write_transaction():
        first, last = date(2026, 11, 12), date(2026, 11, 13)
        db.session.add(Closure(first=first, last=last, reason="Karantinas", group_id=cast.boruziukai))
    page = body(as_person("rasa").get(sheet_url(cast)))
    assert 'data-day="2026-11-12" class="off" title="Karantinas"' in page
    assert 'data-day="2026-11-02" class="off" title="' in page
    assert 'data-day="2026-11-03">' in page
    assert "18 darbo dienų" in page


def test_names_are_escaped(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    from ediary.children.models import Child

    with inside(app, cast.saulute), write_transaction():
        child = db.session.get(Child, cast.children["Boružiukai"][1])
        assert child is not None
        child.first_name = '<b>"Ūla"</b>'
    page = body(as_person("rasa").get(sheet_url(cast)))
    assert "<b>" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "&lt;b&gt;" in page


def test_an_accountant_reads_but_gives_no_reasons(cast: Cast, as_person: AsPerson) -> None:
    page = body(as_person("vilma").get(sheet_url(cast)))
    assert 'id="reasons"' not in page
    assert "data-edit" not in page


def test_an_empty_group_says_what_will_be_here(cast: Cast, as_person: AsPerson) -> None:
    page = body(as_person("lina").get(f"/sheets/2027-08/{cast.boruziukai}"))
    assert "<table" in page  # enrolled with an open end
    assert as_person("lina").get(f"/sheets/2028-01/{cast.boruziukai}").status_code == 404


def test_the_sheet_costs_as_many_statements_for_many_children_as_for_few(cast: Cast, as_person: AsPerson) -> None:
    client = as_person("lina")
    client.get(sheet_url(cast))  # stores the snapshots nobody has asked for yet
    with count_queries(at_most=21) as many:
        client.get(sheet_url(cast))
    with count_queries(at_most=21) as few:
        client.get(sheet_url(cast, "Drugeliai"))
    assert len(many) == len(few)


def test_the_month_lists_its_groups_with_what_is_missing(cast: Cast, as_person: AsPerson) -> None:
    page = body(as_person("lina").get("/sheets/2026-11"))
    assert re.search(r"Boružiukai</a></th>\s*<td class=\"num\">20</td>", page)
    assert "Drugeliai" in page
    assert "Žuvytės" not in page
    assert body(as_person("rasa").get("/sheets/2026-11")).count("/print") == 1  # her own group's, and no whole


def test_the_month_costs_the_same_for_one_group_and_for_two(cast: Cast, as_person: AsPerson) -> None:
    one, two = as_person("tomas"), as_person("lina")
    one.get("/sheets/2026-11")  # stores the snapshots nobody has asked for yet
    with count_queries() as for_one:
        one.get("/sheets/2026-11")
    with count_queries(at_most=27) as for_two:
        two.get("/sheets/2026-11")
    assert len(for_one) - 1 <= len(for_two)  # an educator's scope costs one more


# --- reasons -------------------------------------------------------------------------------------------------------


def test_a_run_of_cells_gets_a_reason_and_what_is_no_absence_is_left(
    app: Flask, cast: Cast, as_person: AsPerson
) -> None:
    chosen = cells(cast, (1, 3), (1, 4), (1, 5), (1, 6), (1, 20))
    answer = give(as_person("lina"), cast, chosen)
    assert answer.status_code == 200
    assert body(answer).startswith('<section id="sheet"')
    assert "Pakeisti 3 langeliai" in body(answer)
    assert "1 paliktas: vaikas buvo" in body(answer)
    assert "1 paliktas: nepažymėtas" in body(answer)
    stored = reasons_of(app, cast)
    assert {stored[(1, day)] for day in (3, 4, 5)} == {cast.reasons["l"]}


def test_a_day_whose_presence_is_locked_takes_a_reason(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    assert give(as_person("rasa"), cast, cells(cast, (1, 3)), "t").status_code == 200  # three weeks ago
    assert reasons_of(app, cast)[(1, 3)] == cast.reasons["t"]
    with inside(app, cast.saulute):
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert entry.day == date(2026, 11, 3)
        assert "reason_id" in entry.changes


def test_a_reason_can_be_taken_back(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    assert give(as_person("rasa"), cast, cells(cast, (2, 3)), "").status_code == 200
    assert reasons_of(app, cast)[(2, 3)] is None


def test_the_piece_is_the_same_as_in_the_page(cast: Cast, as_person: AsPerson) -> None:
    client = as_person("lina")
    client.get(sheet_url(cast))
    piece = body(give(client, cast, cells(cast, (1, 3)))).partition("</section>")[0]
    page = body(client.get(sheet_url(cast)))
    without_token = re.compile(r'name="csrf_token" value="[^"]*"')
    assert without_token.sub("", piece) in without_token.sub("", page)


def test_a_plain_form_goes_back_to_the_sheet(cast: Cast, as_person: AsPerson) -> None:
    answer = give(as_person("lina"), cast, cells(cast, (1, 3)), headers={})
    assert (answer.status_code, answer.location) == (303, sheet_url(cast))


@pytest.mark.parametrize(
    "chosen",
    [[], ["x"], ["1:2026-13-01"], ["-1:2026-11-03"], ["1:"], ["99999999999999999999:2026-11-03"]],
)
def test_cells_that_make_no_sense_are_a_sentence(cast: Cast, as_person: AsPerson, chosen: list[str]) -> None:
    answer = give(as_person("lina"), cast, chosen)
    assert answer.status_code == 422
    assert '<section id="sheet"' in body(answer)


def test_a_day_of_another_month_is_refused(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    child = cast.children["Boružiukai"][1]
    answer = give(as_person("lina"), cast, [f"{child}:2026-10-05", f"{child}:2026-11-03"])
    assert answer.status_code == 422
    assert reasons_of(app, cast)[(1, 3)] is None


def test_a_reason_not_in_force_is_refused_by_name(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    from ediary.absences.models import AbsenceReason

    with inside(app, cast.saulute), write_transaction():
        reason = db.session.get(AbsenceReason, cast.reasons["t"])
        assert reason is not None
        reason.valid_to = date(2026, 10, 31)
    answer = give(as_person("lina"), cast, cells(cast, (1, 3)), "t")
    assert answer.status_code == 422
    assert "Tėvų atostogos" in body(answer)


def test_a_child_of_another_group_is_a_404(cast: Cast, as_person: AsPerson) -> None:
    answer = give(as_person("lina"), cast, cells(cast, (2, 3), group="Drugeliai"))
    assert answer.status_code == 404


def test_another_kindergartens_reason_is_a_404(cast: Cast, as_person: AsPerson) -> None:
    data = {"cells": cells(cast, (1, 3)), "reason_id": cast.foreign_reasons["l"]}
    answer = as_person("lina").post(f"{sheet_url(cast)}/reasons", data=data)
    assert answer.status_code == 404


def test_a_role_that_may_not_is_refused(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    for person in ("jonas", "vilma", "ieva", "aldona"):
        assert give(as_person(person), cast, cells(cast, (1, 3))).status_code == 403
    assert as_person("ieva").get(sheet_url(cast)).status_code == 403
    assert reasons_of(app, cast)[(1, 3)] is None


def test_another_kindergarten_and_another_group_do_not_exist(cast: Cast, as_person: AsPerson) -> None:
    for person, group in (("ona", "Boružiukai"), ("tomas", "Boružiukai"), ("lina", "Žuvytės")):
        client = as_person(person)
        assert client.get(sheet_url(cast, group)).status_code == 404
        assert client.post(f"{sheet_url(cast, group)}/print", data={"format": "pdf"}).status_code == 404
        data = {"cells": "1:2026-11-03", "reason_id": ""}
        if person != "ona":
            assert client.post(f"{sheet_url(cast, group)}/reasons", data=data).status_code == 404
    lina = as_person("lina")
    nobody, foreign = (
        body(lina.get(url, headers=HTMX)) for url in ("/sheets/2026-11/999999", sheet_url(cast, "Žuvytės"))
    )
    assert nobody == foreign


def test_a_locked_month_takes_no_reason_and_says_who_locked_it(
    app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    at(15, 0, day=LAST_DAY)
    assert lock(as_person("jonas"), cast, anyway=True).status_code == 200
    at(8, 0, day=date(2026, 12, 1))
    client = as_person("lina")
    answer = give(client, cast, cells(cast, (1, 3)))
    assert answer.status_code == 409
    assert "2026-11-30 15:00 (direktorius Jonas Rimkus)" in body(answer)
    assert "data-edit" not in body(answer)
    assert reasons_of(app, cast)[(1, 3)] is None
    page = body(client.get(sheet_url(cast)))
    assert "Užrakinta 2026-11-30 15:00 (direktorius Jonas Rimkus). Pakeisti galima tik direktoriui leidus." in page
    assert "2026-11-30 15:00, direktorius Jonas Rimkus" in body(client.get("/sheets/2026-11"))


def test_a_month_locks_by_itself_when_its_fifth_working_day_is_over(
    app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    at(23, 59, day=date(2026, 12, 7))
    assert give(as_person("lina"), cast, cells(cast, (1, 3))).status_code == 200
    at(0, 0, day=date(2026, 12, 8))
    assert give(as_person("lina"), cast, cells(cast, (1, 4))).status_code == 409
    assert "Užsirakino 2026-12-08 0:00." in body(as_person("vilma").get(sheet_url(cast)))


# --- locking by hand -----------------------------------------------------------------------------------------------


def lock(client: FlaskClient, cast: Cast, *groups: str, anyway: bool = False) -> Any:
    data = {"groups": [cast.groups[name] for name in groups or ("Boružiukai", "Drugeliai")]}
    return client.post("/sheets/2026-11/lock", data=data | ({"anyway": "1"} if anyway else {}), headers=HTMX)


def test_a_running_month_cannot_be_locked(cast: Cast, as_person: AsPerson) -> None:
    answer = lock(as_person("jonas"), cast, anyway=True)
    assert answer.status_code == 422
    assert "lapkričio 30 d." in body(answer)


def test_groups_not_checked_are_named_before_they_are_locked(
    cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    at(15, 0, day=LAST_DAY)
    client = as_person("ruta")
    answer = lock(client, cast, "Boružiukai")
    assert answer.status_code == 422
    assert "Ne viskas patikrinta – pildoma: Boružiukai." in body(answer)
    answer = lock(client, cast, "Boružiukai", anyway=True)
    assert answer.status_code == 200
    assert body(answer).startswith('<section id="groups"')
    assert "Užrakintas 1 grupės mėnuo." in body(answer)
    assert lock(client, cast, "Boružiukai", anyway=True).status_code == 409
    assert lock(client, cast, anyway=True).status_code == 200  # the other one still


def test_only_the_director_and_the_deputy_lock(cast: Cast, as_person: AsPerson) -> None:
    for person in ("rasa", "lina", "vilma", "ieva", "aldona"):
        assert lock(as_person(person), cast).status_code == 403
    assert lock(as_person("ona"), cast).status_code == 404
    assert as_person("jonas").post("/sheets/2026-11/lock", data={}, headers=HTMX).status_code == 422
    assert as_person("jonas").post("/sheets/2026-11/lock", data={"groups": "x"}, headers=HTMX).status_code == 422


def test_the_lock_stands_in_the_history(app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]) -> None:
    at(15, 0, day=LAST_DAY)
    lock(as_person("jonas"), cast, "Boružiukai", anyway=True)
    with inside(app, cast.saulute):
        point = db.session.scalars(select(MonthPoint).where(MonthPoint.locked_at.is_not(None))).one()
        assert point.month == Month(2026, 11)
        assert (point.group_id, point.locked_by) == (cast.boruziukai, "direktorius Jonas Rimkus")
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "core_month_point")).one()
        assert entry.user_id == cast.users["jonas"]


# --- prints --------------------------------------------------------------------------------------------------------


def print_it(client: FlaskClient, url: str, form: str = "pdf") -> Any:
    answer = client.post(f"{url}/print", data={"format": form})
    assert answer.status_code == 303, body(answer)
    return client.get(answer.location)


def test_a_print_is_kept_as_it_was(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    client = as_person("lina")
    first = print_it(client, sheet_url(cast))
    assert first.mimetype == "application/pdf"
    assert 'filename="tabelis-2026-11-boruziukai-v1.pdf"' in first.headers["Content-Disposition"]
    give(client, cast, cells(cast, (1, 3)))
    second = print_it(client, sheet_url(cast))
    assert "v2.pdf" in second.headers["Content-Disposition"]
    assert second.data != first.data
    with inside(app, cast.saulute):
        rows = db.session.scalars(select(PrintedSheet).order_by(PrintedSheet.id)).all()
        assert [row.number for row in rows] == [1, 2]
        assert rows[0].sha256 == hashlib.sha256(first.data).hexdigest()
        assert rows[0].printed_by == "socialinė pedagogė Lina Stankutė"
        assert not rows[0].final
    assert client.get(f"/sheets/printed/{rows[0].id}").data == first.data


def test_the_same_data_at_the_same_moment_give_the_same_bytes(app: Flask, cast: Cast) -> None:
    with inside(app, cast.saulute), app.test_request_context():
        for make_file in MAKERS.values():
            groups = queries.sheets(Month.of(DAY), [cast.boruziukai])
            version = paper.Version(1, clock.now(), "Patikrai: 3f2a 91bc 07de.", {}, "http://localhost/history/check")
            assert make_file(groups, version) == make_file(groups, version)


def test_a_print_names_who_holds_the_roles_that_day(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    def printed() -> str:
        return PdfReader(io.BytesIO(print_it(client, sheet_url(cast)).data)).pages[0].extract_text()

    client = as_person("lina")
    text = printed()
    assert "Rasa Petraitienė" in text
    assert "Lina Stankutė" in text
    assert "Jonas Rimkus" in text
    assert "Ona" not in text
    assert "Tomas Gudaitis" not in text
    with inside(app, cast.saulute), write_transaction():
        accounts.add_membership(cast.users["ruta"], cast.saulute, Role.DIRECTOR, DAY)
        groups.assign(cast.boruziukai, cast.users["tomas"], DAY, make.order("V-3", DAY))
        groups.assign(
            cast.boruziukai, cast.users["vilma"], date(2026, 9, 1), make.order("V-4", DAY), DAY - timedelta(days=1)
        )
    text = printed()
    assert "Rasa Petraitienė, Tomas Gudaitis" in text
    assert "Vilma" not in text
    assert "Jonas Rimkus" not in text, "two hold the role: the line stays empty for whoever signs"


def test_two_prints_at_the_same_moment_never_share_a_number(
    app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    month, point = Month(2026, 11), GroupMonth(cast.boruziukai, Month(2026, 11))
    with app.test_request_context(), acting_for(cast.saulute):
        with write_transaction(lock=point, exclusive=True):
            first, second = (actions.draft(month, cast.boruziukai, PrintFormat.PDF) for _ in range(2))
        with write_transaction(lock=point, exclusive=True):
            actions.keep(first, b"one", "Lina")
        with pytest.raises(Stale), write_transaction(lock=point, exclusive=True):
            actions.keep(second, b"two", "Rasa")


def test_the_whole_kindergarten_is_one_file(cast: Cast, as_person: AsPerson, at: Callable[..., None]) -> None:
    at(8, 0, day=LOCKED_DAY)
    for form in ("pdf", "xlsx"):
        answer = print_it(as_person("vilma"), "/sheets/2026-11", form)
        assert f"visa-istaiga-v1.{form}" in answer.headers["Content-Disposition"]
    assert as_person("rasa").post("/sheets/2026-11/print", data={"format": "pdf"}).status_code == 403


def test_versions_are_listed_with_who_and_when(cast: Cast, as_person: AsPerson, at: Callable[..., None]) -> None:
    at(8, 10, day=LOCKED_DAY)
    print_it(as_person("vilma"), "/sheets/2026-11")
    print_it(as_person("rasa"), sheet_url(cast))
    page = body(as_person("lina").get("/sheets/2026-11"))
    assert "buhalterė Vilma Jonaitienė" in page
    assert "2026-12-08 8:10" in page
    assert page.count("/sheets/printed/") == 2
    assert body(as_person("tomas").get("/sheets/2026-11")).count("/sheets/printed/") == 0
    assert body(as_person("rasa").get("/sheets/2026-11")).count("/sheets/printed/") == 1


def test_a_print_of_a_group_one_does_not_see_does_not_exist(
    cast: Cast, as_person: AsPerson, at: Callable[..., None]
) -> None:
    at(8, 0, day=LOCKED_DAY)
    client = as_person("lina")
    whole = client.post("/sheets/2026-11/print", data={"format": "pdf"}).location
    group = client.post(f"{sheet_url(cast)}/print", data={"format": "pdf"}).location
    assert as_person("rasa").get(group).status_code == 200
    for person, location in (("rasa", whole), ("tomas", whole), ("tomas", group), ("ona", whole), ("ona", group)):
        assert as_person(person).get(location).status_code == 404
    assert as_person("ieva").get(group).status_code == 403


def test_a_format_nobody_offers_is_refused(cast: Cast, as_person: AsPerson) -> None:
    assert as_person("lina").post(f"{sheet_url(cast)}/print", data={"format": "doc"}).status_code == 422


def test_a_locked_month_prints_as_final(app: Flask, cast: Cast, as_person: AsPerson, at: Callable[..., None]) -> None:
    at(8, 0, day=LOCKED_DAY)
    print_it(as_person("lina"), sheet_url(cast))
    with inside(app, cast.saulute):
        assert db.session.scalars(select(PrintedSheet)).one().final


def test_a_damaged_file_is_never_handed_out(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    client = as_person("lina")
    location = client.post(f"{sheet_url(cast)}/print", data={"format": "pdf"}).location
    kept = [path for path in app.config["FILES_DIR"].rglob("*") if path.is_file()]
    [path] = [path for path in kept if path.read_bytes().startswith(b"%PDF")]  # beside it what the print said
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StoreDamaged):
        client.get(location)
    path.unlink()
    with pytest.raises(StoreDamaged):
        client.get(location)


def test_meal_days_are_portions_and_corrections(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    from ediary.groups.rules import AgeBand
    from ediary.portions.models import Correction, CorrectionLine, LockedDay, Portion
    from tests.conftest import MORNING

    day, kids, lunch = date(2026, 12, 1), cast.children["Boružiukai"], cast.meals["Pietūs"]
    with inside(app, cast.saulute), write_transaction(lock=GroupDay(cast.boruziukai, day)):
        locked = LockedDay(day=day, locked_at=MORNING)
        db.session.add(locked)
        db.session.flush()
        for child_id in kids[:3]:
            db.session.add(
                Portion(
                    locked_day_id=locked.id, day=day, child_id=child_id, group_id=cast.boruziukai,
                    meal_kind_id=lunch, age_band=AgeBand.KINDERGARTEN,
                )
            )  # fmt: skip
        for number, child_id, delta in ((1, kids[2], -1), (2, kids[3], +1)):
            correction = Correction(
                locked_day_id=locked.id, day=day, number=number, child_id=child_id, group_id=cast.boruziukai,
                delta=delta, made_at=MORNING, made_by="Ieva",
            )  # fmt: skip
            db.session.add(correction)
            db.session.flush()
            line = CorrectionLine(correction_id=correction.id, meal_kind_id=lunch, delta=delta)
            line.age_band = AgeBand.KINDERGARTEN
            db.session.add(line)
    with inside(app, cast.saulute):
        (group,) = queries.sheets(Month.of(day), [cast.boruziukai])
    assert [row.totals.meal_days for row in group.sheet.rows[:5]] == [1, 1, 0, 1, 0]


def test_a_child_who_left_and_came_back_is_one_row(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    from ediary.children.models import Enrolment

    child = cast.children["Boružiukai"][0]
    with inside(app, cast.saulute):
        from datetime import time

        from ediary.core import clock
        from ediary.core.dates import at_local

        with clock.frozen(at_local(date(2026, 10, 30), time(8))), write_transaction():
            place = db.session.scalars(select(Enrolment).where(Enrolment.child_id == child)).one()
            place.valid_to = date(2026, 11, 6)
            again = date(2026, 11, 16)
            db.session.add(Enrolment(child_id=child, group_id=cast.boruziukai, valid_from=again, valid_to=None))
    page = body(as_person("lina").get(sheet_url(cast)))
    assert page.count(f'<tr data-child="{child}">') == 1
    row = re.search(rf'<tr data-child="{child}">.*?</tr>', page)
    assert row is not None
    assert row[0].count('class="away"') == 5


def test_giving_a_reason_never_reaches_the_other_groups_day(app: Flask, cast: Cast, as_person: AsPerson) -> None:
    write_day(app, cast, "Drugeliai", date(2026, 11, 4), "?+++++")
    url = sheet_url(cast, "Boružiukai")
    data = {"cells": cells(cast, (0, 4), group="Drugeliai"), "reason_id": cast.reasons["l"]}
    assert as_person("rasa").post(f"{url}/reasons", data=data).status_code == 404
    assert reasons_of(app, cast, "Drugeliai")[(0, 4)] is None


def test_a_day_nobody_looked_at_counts_its_meals_on_the_sheet(
    app: Flask, cast: Cast, as_person: Callable[[str], FlaskClient], at: Callable[..., None]
) -> None:
    """The month sheet is among the first comers that store a day's snapshot."""
    at(8, 0, day=DAY + timedelta(days=1))
    page = as_person("lina").get(f"/sheets/2026-11/{cast.boruziukai}")
    assert page.status_code == 200
    with app.app_context(), acting_for(cast.saulute):
        assert portions.is_locked_day(DAY)
        assert not portions.is_locked_day(DAY + timedelta(days=1))
