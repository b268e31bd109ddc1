"""What every form refuses before anything is looked for: in words of ours, and never as a fault of the program."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from wtforms import DateField, FileField, IntegerField, StringField
from wtforms.validators import NumberRange

from ediary.core.forms import LARGEST_ID, Form, row_id
from tests.cast import Cast
from tests.conftest import DAY, HTMX

LogIn = Callable[[str], FlaskClient]
HUGE = "9" * 25


@pytest.mark.parametrize("text", [str(LARGEST_ID + 1), HUGE, "9" * 5000, "-1", "²", "٣", "1_0", " 1", ""])
def test_what_no_row_can_have_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        row_id(text)


def test_an_id_is_read() -> None:
    assert (row_id("12"), row_id(str(LARGEST_ID))) == (12, LARGEST_ID)


@pytest.mark.parametrize(
    ("login", "method", "path"),
    [
        ("rasa", "GET", f"/attendance/{DAY}/{HUGE}"),
        ("rasa", "POST", f"/attendance/{DAY}/1/children/{HUGE}"),
        ("rasa", "POST", f"/attendance/{DAY}/1/announcements/{HUGE}/end"),
        ("ieva", "POST", f"/kitchen/{DAY}/requests/{HUGE}/accept"),
        ("ieva", "POST", f"/kitchen/{DAY}/corrections/{HUGE}/confirm"),
        ("rasa", "GET", f"/sheets/2026-11/{HUGE}"),
        ("rasa", "GET", f"/sheets/printed/{HUGE}"),
    ],
)
def test_an_address_with_a_huge_number_is_no_address(as_person: LogIn, login: str, method: str, path: str) -> None:
    answer = as_person(login).open(path, method=method, data={"wanted": "present", "seen": "unmarked"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("login", "path", "sent", "sentence"),
    [
        ("rasa", f"/attendance/{DAY}/1/children/1", {}, "Pasirinkite vieną iš siūlomų."),
        ("rasa", f"/attendance/{DAY}/1/children/1/reason", {"reason_id": "x"}, "Įrašykite sveikąjį skaičių."),
        ("rasa", f"/attendance/{DAY}/1/announcements/1/end", {"back_on": "x"}, "Pasirinkite kalendoriaus dieną."),
        (
            "rasa",
            f"/attendance/{DAY}/1/children/1/correction",
            {"present": "yes", "note": "x" * 301},
            "Rašykite ne daugiau kaip 300 ženklų.",
        ),
        (
            "rasa",
            f"/attendance/{DAY}/1/children/1/correction",
            {"present": "yes", "note": "a\0b"},
            "Atsiųsti duomenys nesuprantami.",
        ),
        ("rasa", "/sheets/2026-11/1/reasons", {"cells": f"1:{DAY}", "reason_id": "x"}, "Tokios priežasties nėra."),
        ("rasa", "/sheets/2026-11/1/print", {"format": "exe"}, "Pasirinkite vieną iš siūlomų."),
        ("jonas", "/sheets/2026-11/lock", {"groups": HUGE}, "Atsiųsti duomenys nesuprantami."),
    ],
)
def test_bad_input_gets_a_lithuanian_sentence(
    as_person: LogIn, login: str, path: str, sent: dict[str, str], sentence: str
) -> None:
    for headers in (HTMX, {}):
        answer = as_person(login).post(path, data=sent, headers=headers)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)


def test_bad_input_about_a_group_of_others_is_as_for_no_group(as_person: LogIn, app: Flask, cast: Cast) -> None:
    rasa = as_person("rasa")
    for group_id in (cast.drugeliai, cast.zuvytes, 999):
        base = f"/attendance/{DAY}/{group_id}"
        for path in (f"{base}/children/1", f"{base}/rest", f"/sheets/2026-11/{group_id}/reasons"):
            answer = rasa.post(path, data={"child": "x"}, headers=HTMX)
            assert answer.status_code == 404
            assert "Tokio puslapio ar įrašo čia nėra." in answer.get_data(as_text=True)


class NoteForm(Form):
    text = StringField()
    file = FileField()


def test_a_text_field_gets_text_only_and_json_is_no_form(app: Flask) -> None:
    upload = FileStorage(io.BytesIO(b"x"), "a.txt")
    with app.test_request_context(method="POST", data={"text": upload, "file": upload}):
        form = NoteForm()
        assert not form.text.data
        assert form.file.data.filename == "a.txt"
    for sent in ([1, 2], {"text": {"a": 1}}, {"text": 5}, "text", None):
        with app.test_request_context(method="POST", json=sent):
            assert NoteForm().text.data is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ona\u202eanO", "OnaanO"),
        ("\u2066Jonas\u2069", "Jonas"),
        ("Rū\u200bta\ufeff", "Rūta"),
        ("a\x07b\x1b[31m", "ab[31m"),
        ("pirma\r\nantra\tcia", "pirma\r\nantra\tcia"),
        ("Žemyna Ąžuolaitė-O’Brajen 👶 Анна", "Žemyna Ąžuolaitė-O’Brajen 👶 Анна"),
    ],
)
def test_signs_that_nobody_sees_are_not_taken(app: Flask, typed: str, kept: str) -> None:
    with app.test_request_context(method="POST", data={"text": typed}):
        assert NoteForm().text.data == kept


class CountForm(Form):
    count = IntegerField(validators=[NumberRange(min=0, max=24)])


@pytest.mark.parametrize("text", [str(LARGEST_ID + 1), "9" * 4_299, "9" * 100_000, "-9999999999", "1e3", "x", ""])
def test_a_number_no_database_can_store_is_no_number(app: Flask, text: str) -> None:
    with app.test_request_context(method="POST", data={"count": text}):
        form = CountForm(meta={"csrf": False})
        assert not form.validate()
        assert form.count.data is None


def test_a_number_is_read(app: Flask) -> None:
    for text, number in (("12", 12), (" 7 ", 7), ("-1", -1), ("٣", 3)):
        with app.test_request_context(method="POST", data={"count": text}):
            assert CountForm().count.data == number


class DayForm(Form):
    day = DateField()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2199-12-31", date(2199, 12, 31)),
        ("1899-12-31", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2026-02-30", None),
    ],
)
def test_a_day_has_days_before_and_after_it(app: Flask, text: str, day: date | None) -> None:
    with app.test_request_context(method="POST", data={"day": text}):
        assert DayForm().day.data == day
