"""Codes and documents of a child over HTTP: sealed, shown only on record, unique; payers' codes row by row."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from ediary.children import codes, rules
from ediary.children.models import Child, ChildFile, Guardian, PayerCode, PersonalCode
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.locks import write_transaction
from ediary.core.session import acting_for
from tests import make
from tests.cards.conftest import Card, Inside, LogIn, entries
from tests.cast import FIRST, Cast
from tests.conftest import DAY, HTMX

CardOf = Callable[..., Card]
TOMORROW = DAY + timedelta(days=1)
#: of children born on 2022-03-14, as the Cast's are
CODE, OTHER = "52203140012", "62203140021"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_the_codes_of_these_tests_are_right() -> None:
    for code in (CODE, OTHER):
        assert rules.code_fault(code, date(2022, 3, 14)) is None


def write(card: Card, code: str = CODE, **more: Any) -> Any:
    return card.post("/personal-codes/child", code=code, **more)


def code_id(inside: Inside, kid: int, of: str = "child") -> int:
    with inside():
        found = db.session.scalar(select(PersonalCode.id).where(PersonalCode.child_id == kid, PersonalCode.of == of))
        assert found
        return found


# --- personal codes -------------------------------------------------------------------------------------------------


def test_a_code_is_kept_sealed_and_not_shown_by_itself(card: CardOf, kid: int, inside: Inside) -> None:
    aldona = card("aldona")
    assert CODE not in write(aldona, "5220314-0012").text
    for body in (aldona.body(), card("jonas").body(), aldona.body("/personal-codes/child", htmx=True)):
        assert CODE not in body
        assert CODE[:7] not in body
    with inside():
        row = db.session.scalars(select(PersonalCode)).one()
        assert CODE not in row.sealed + row.lookup
        (entry,) = entries(kid, "create", "children_personal_code")
        assert row.sealed not in entry.changes
        assert row.lookup not in entry.changes


def test_a_showing_is_on_record_before_it_is_shown(cast: Cast, card: CardOf, kid: int, inside: Inside) -> None:
    write(card("aldona"))
    shown = card("jonas").post(f"/personal-codes/{code_id(inside, kid)}/show")
    assert shown.text.count(CODE) == 1
    assert "direktorius Jonas Rimkus" in shown.text  # the list of showings has this one already
    with inside():
        (entry,) = entries(kid, "shown", "children_personal_code")
        assert entry.user_id == cast.users["jonas"]
        assert CODE not in entry.changes
    assert CODE not in card("jonas").body()


def test_without_scripts_the_showing_answers_with_the_card(card: CardOf, kid: int, inside: Inside) -> None:
    write(card("aldona"))
    shown = card("jonas").post(f"/personal-codes/{code_id(inside, kid)}/show", htmx=False)
    assert shown.status_code == 200
    assert CODE in shown.text
    assert shown.headers["Cache-Control"] == "no-store"


def test_no_record_no_code(card: CardOf, kid: int, inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    write(card("aldona"))
    jonas, found = card("jonas"), code_id(inside, kid)
    opened: list[str] = []
    monkeypatch.setattr("ediary.cards.records.unseal", opened.append)

    def fails(*_arguments: Any) -> None:
        raise RuntimeError("no history")

    monkeypatch.setattr("ediary.core.history.write_entries", fails)
    with pytest.raises(RuntimeError, match="no history"):
        jonas.post(f"/personal-codes/{found}/show")
    assert opened == []


def test_a_showing_is_asked_for_by_post_only(card: CardOf, kid: int, inside: Inside) -> None:
    write(card("aldona"))
    assert card("jonas").get(f"/personal-codes/{code_id(inside, kid)}/show").status_code == 405


@pytest.mark.parametrize("login", ["rasa", "ruta", "lina", "milda", "sigita", "vilma", "ieva", "greta"])
def test_few_are_shown_codes_and_fewer_write_them(
    card: CardOf, kid: int, inside: Inside, as_person: LogIn, login: str
) -> None:
    write(card("aldona"))
    mine = card(login)
    assert mine.post(f"/personal-codes/{code_id(inside, kid)}/show").status_code == 403
    assert write(mine, OTHER).status_code == 403
    assert write(card("jonas"), OTHER).status_code == 403  # the director reads


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("52203140013", "Paskutinis skaitmuo nesutampa"),
        ("52213140018", "Tokios dienos"),
        ("33309240064", "nesutampa su vaiko gimimo data"),
        ("5220314", "Tai ne lietuviškas"),
        ("abc", "11 skaitmenų"),
        ("", "Įrašykite kodą"),
    ],
)
def test_a_wrong_code_is_refused_with_what_is_wrong(card: CardOf, code: str, said: str, inside: Inside) -> None:
    answer = write(card("aldona"), code)
    assert answer.status_code == 422
    assert said in answer.text
    with inside():
        assert db.session.scalar(select(func.count(PersonalCode.id))) == 0


def test_a_foreigners_code_is_taken_after_a_tick(card: CardOf) -> None:
    assert write(card("aldona"), "AB 1234567").status_code == 422
    assert write(card("aldona"), "AB 1234567", is_foreign="y").status_code == 200


def test_a_refused_code_is_typed_anew(card: CardOf) -> None:
    """It is not sent back: nothing of it lies in a page."""
    assert "52203140013" not in write(card("aldona"), "52203140013").text


def test_the_same_code_is_refused_for_another_child_naming_nobody(cast: Cast, card: CardOf) -> None:
    write(card("aldona"))
    refused = write(card("aldona", cast.children["Boružiukai"][1]))
    assert refused.status_code == 422
    assert "Toks kodas jau įrašytas kitam vaikui" in refused.text
    assert "Žukauskas" not in refused.text
    assert write(card("aldona")).status_code == 200  # the same again for the same child


def test_another_kindergarten_may_have_the_same_child(app: Flask, cast: Cast, card: CardOf) -> None:
    with app.app_context(), acting_for(cast.ezerelis), write_transaction():
        codes.set_personal_code(cast.children["Žuvytės"][0], "child", CODE)
    assert write(card("aldona")).status_code == 200


def test_the_database_refuses_a_second_child_with_the_code(cast: Cast, kid: int, inside: Inside, card: CardOf) -> None:
    write(card("aldona"))
    with inside(), pytest.raises(IntegrityError), write_transaction():
        row = db.session.scalars(select(PersonalCode)).one()
        other = cast.children["Boružiukai"][1]
        db.session.add(PersonalCode(child_id=other, of="child", sealed=row.sealed, lookup=row.lookup))
        db.session.flush()


def test_a_code_is_replaced_and_removed(card: CardOf, kid: int, inside: Inside) -> None:
    aldona = card("aldona")
    write(aldona)
    write(aldona, OTHER)
    found = code_id(inside, kid)
    assert OTHER in aldona.post(f"/personal-codes/{found}/show").text
    assert aldona.post(f"/personal-codes/{found}/remove").status_code == 200
    assert aldona.post(f"/personal-codes/{found}/show").status_code == 404
    with inside():
        assert len(entries(kid, "remove", "children_personal_code")) == 1


def test_parents_have_codes_of_their_own(cast: Cast, card: CardOf, kid: int, inside: Inside) -> None:
    """A parent's stands at each of their children; no birth date is known to agree with."""
    sister = cast.children["Boružiukai"][1]
    with inside(), write_transaction():
        mother = db.session.scalars(select(Guardian.id).where(Guardian.child_id == kid)).one()
        at_sister = make.guardian(sister, "Greta", "Žukauskienė", FIRST)
    right = "4850101000" + str(rules.check_digit("4850101000"))
    for child, guardian in ((kid, mother), (sister, at_sister)):
        answer = card("aldona", child).post(f"/personal-codes/guardians/{guardian}", code=right)
        assert answer.status_code == 200
    shown = card("jonas").post(f"/personal-codes/{code_id(inside, kid, f'guardian:{mother}')}/show")
    assert right in shown.text
    assert card("aldona").post(f"/personal-codes/guardians/{at_sister}", code=right).status_code == 404


def test_codes_of_another_child_or_kindergarten_are_not_found(
    app: Flask, cast: Cast, card: CardOf, kid: int, inside: Inside
) -> None:
    write(card("aldona"))
    found, other = code_id(inside, kid), cast.children["Boružiukai"][1]
    assert card("jonas", other).post(f"/personal-codes/{found}/show").status_code == 404
    with app.app_context(), acting_for(cast.ezerelis), pytest.raises(NotFound), write_transaction():
        codes.note_showing(kid, found)


def test_a_code_stands_in_no_address_log_or_file_name(
    card: CardOf, kid: int, inside: Inside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    aldona = card("aldona")
    answers = [
        write(aldona),
        write(aldona, "52203140013"),
        aldona.post(f"/personal-codes/{code_id(inside, kid)}/show"),
        aldona.post("/personal-codes/child", htmx=False, code=CODE),
    ]
    for answer in answers:
        assert CODE not in str(answer.headers)
        assert CODE not in answer.request.path
    assert CODE not in caplog.text
    with inside():
        for entry in db.session.scalars(select(AuditEntry)):
            assert CODE not in entry.changes


# --- payers' codes --------------------------------------------------------------------------------------------------


class Payers:
    """The accountant's list."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def body(self, query: str = "") -> str:
        return self.client.get(f"/cards/payer-codes{query}").get_data(as_text=True)

    def write(self, child_id: int, code: str, htmx: bool = True) -> Any:
        headers = HTMX if htmx else {}
        return self.client.post(f"/cards/payer-codes/{child_id}", data={"code": code}, headers=headers)

    def rows(self, query: str = "") -> int:
        return self.body(query).count('class="payer"')


@pytest.fixture
def payers(as_person: LogIn) -> Payers:
    return Payers(as_person("vilma"))


def payer_codes(kid: int) -> list[tuple[str, date, date | None]]:
    rows = db.session.scalars(select(PayerCode).where(PayerCode.child_id == kid).order_by(PayerCode.id))
    return [(row.code, row.valid_from, row.valid_to) for row in rows]


def test_a_newcomers_code_holds_from_the_first_day(payers: Payers, kid: int, inside: Inside) -> None:
    assert payers.rows() == 26
    answer = payers.write(kid, " 20 001 ")
    assert "įrašyta" in answer.text
    assert 'value="20001"' in answer.text
    assert payers.rows() == 25
    assert payers.rows("?show=all") == 26
    with inside():
        assert payer_codes(kid) == [("20001", FIRST, None)]


def test_a_new_code_follows_the_old_one_and_the_same_day_is_corrected(payers: Payers, kid: int, inside: Inside) -> None:
    payers.write(kid, "20001")
    payers.write(kid, "20002")
    payers.write(kid, "20003")
    with inside():
        assert payer_codes(kid) == [("20001", FIRST, DAY - timedelta(days=1)), ("20003", DAY, None)]


def test_a_code_may_be_taken_away(payers: Payers, kid: int, inside: Inside) -> None:
    payers.write(kid, "20001")
    payers.write(kid, "")
    with inside():
        assert payer_codes(kid) == [("20001", FIRST, DAY - timedelta(days=1))]
    assert payers.rows() == 26


def test_two_children_have_no_code_together(cast: Cast, payers: Payers, kid: int, inside: Inside) -> None:
    payers.write(kid, "20001")
    other = cast.children["Boružiukai"][1]
    refused = payers.write(other, "20001")
    assert refused.status_code == 422
    assert "Tokį kodą jau turi kitas vaikas" in refused.text
    assert 'value="20001"' in refused.text
    with inside(), pytest.raises(IntegrityError), write_transaction():
        db.session.add(PayerCode(child_id=other, code="20001", valid_from=DAY, valid_to=None))
        db.session.flush()


@pytest.mark.parametrize("code", ["<b>", "1" * 21, "=1+1", "ąč"])
def test_a_payers_code_has_letters_and_digits_only(payers: Payers, kid: int, code: str) -> None:
    assert payers.write(kid, code).status_code == 422


def test_a_code_is_found_by_the_childs_name(payers: Payers) -> None:
    assert payers.rows("?q=zuk") == 2
    assert "Nieko nerasta" in payers.body("?q=zzz")


def test_without_scripts_a_written_code_leads_back_to_the_list(payers: Payers, kid: int) -> None:
    answer = payers.write(kid, "20001", htmx=False)
    assert answer.status_code == 303
    assert "20001" not in answer.location
    assert payers.client.get(answer.location).status_code == 200


def test_newcomers_after_15_september_are_pointed_out(as_person: LogIn, at: Callable[..., None]) -> None:
    assert "turėjo būti įrašyti" in Payers(as_person("vilma")).body()
    at(day=date(2026, 9, 14))
    assert "turėjo būti įrašyti" not in Payers(as_person("vilma")).body()


def test_the_accountant_opens_no_card_and_others_no_codes(
    card: CardOf, as_person: LogIn, payers: Payers, kid: int
) -> None:
    payers.write(kid, "20001")
    for login in ("rasa", "jonas", "lina"):
        assert as_person(login).get("/cards/payer-codes").status_code == 403
    assert "20001" in card("jonas").body()
    assert "20001" not in card("rasa").body()


def test_a_child_of_another_kindergarten_gets_no_code(cast: Cast, payers: Payers) -> None:
    assert payers.write(cast.children["Žuvytės"][0], "20001").status_code == 404


# --- documents ------------------------------------------------------------------------------------------------------


def upload(card: Card, content: bytes = PDF, name: str = "prašymas.pdf", **more: Any) -> Any:
    sent = {"title": "Prašymas dėl dietos", "day": DAY.isoformat(), "file": (BytesIO(content), name)} | more
    return card.post("/files/new", **sent)


def test_a_document_is_kept_and_given_out_as_an_attachment_on_record(
    cast: Cast, card: CardOf, kid: int, inside: Inside
) -> None:
    rasa = card("rasa")
    body = upload(rasa).text
    path = re.search(rf'href="/cards/{kid}(/files/\d+)"', body)
    assert path
    given = card("lina").get(path[1])
    assert given.data == PDF
    assert given.headers["Content-Disposition"].startswith("attachment")
    with inside():
        (entry,) = entries(kid, "opened", "children_file")
        assert entry.user_id == cast.users["lina"]


def test_a_withdrawn_document_is_gone_from_the_card_and_kept(card: CardOf, kid: int, inside: Inside) -> None:
    rasa = card("rasa")
    upload(rasa)
    with inside():
        row = db.session.scalars(select(ChildFile)).one()
    assert "Prašymas" not in rasa.post(f"/files/{row.id}/withdraw").text
    assert rasa.get(f"/files/{row.id}").status_code == 404
    with inside():
        assert db.session.scalars(select(ChildFile)).one().withdrawn_at is not None


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<html><script>", "a.pdf"), (b"", "a.pdf"), (b"MZ\x90", "a.exe"), (b"a;b\n1;2\n", "a.csv")],
    ids=["page", "empty", "program", "table"],
)
def test_only_documents_are_taken(card: CardOf, content: bytes, name: str, inside: Inside) -> None:
    answer = upload(card("rasa"), content, name)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    with inside():
        assert db.session.scalar(select(func.count(ChildFile.id))) == 0


@pytest.mark.parametrize("login", ["dalia", "agne", "sigita"])
def test_specialists_have_no_documents(card: CardOf, inside: Inside, login: str) -> None:
    upload(card("rasa"))
    with inside():
        row = db.session.scalars(select(ChildFile)).one()
    assert card(login).get(f"/files/{row.id}").status_code == 403


def test_a_document_of_another_child_is_not_found(cast: Cast, card: CardOf, inside: Inside) -> None:
    upload(card("rasa"))
    with inside():
        row = db.session.scalars(select(ChildFile)).one()
        other = db.session.scalars(select(Child.id).where(Child.id == cast.children["Boružiukai"][1])).one()
    assert card("rasa", other).get(f"/files/{row.id}").status_code == 404
    assert card("tomas").get(f"/files/{row.id}").status_code == 404
