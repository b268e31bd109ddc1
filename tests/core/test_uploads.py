"""What people send in: told by content, measured, refused with a sentence; and how it leaves again."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from werkzeug.datastructures import FileStorage, MultiDict

from ediary.core import uploads
from ediary.core.errors import BadInput
from ediary.core.forms import Form
from ediary.core.uploads import DOCUMENTS, MB, TABLES, Kind, Upload, UploadField, accept, clean_name, size_words
from tests.cast import Cast
from tests.conftest import HTMX

EVERYTHING = (*DOCUMENTS, *TABLES)


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


# --- files, made here -----------------------------------------------------------------------------------------------


def pdf() -> bytes:
    made = io.BytesIO()
    drawn = Canvas(made)
    drawn.drawString(9, 9, "V-12")
    drawn.save()
    return made.getvalue()


def picture(form: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(made, form)
    return made.getvalue()


def png(width: int = 3, height: int = 2, *, body: bytes = b"\0" * 20) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def xlsx() -> bytes:
    workbook, made = Workbook(), io.BytesIO()
    workbook.active.append(["Vardas", "Pavardė"])
    workbook.save(made)
    return made.getvalue()


def packed(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def workbook_with(**parts: bytes) -> bytes:
    """The parts every workbook has, and these (`a__b` stands for a/b, `_xml` for .xml)."""
    named = {name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): p for name, p in parts.items()}
    return packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **named})


MADE: dict[Kind, Callable[[], bytes]] = {
    Kind.PDF: pdf,
    Kind.JPEG: lambda: picture("JPEG"),
    Kind.PNG: lambda: picture("PNG"),
    Kind.XLSX: xlsx,
    Kind.CSV: lambda: "Vardas;Pavardė\r\nŽivilė;Šėmytė\r\n".encode(),
}


def sent(content: bytes, name: str = "failas", claimed: str = "text/html") -> FileStorage:
    return FileStorage(io.BytesIO(content), name, "file", claimed)


def taken_or_said(content: bytes) -> bool:
    """Whatever is sent is kept as it is, or refused with a sentence."""
    try:
        return accept(sent(content), EVERYTHING).content == content
    except BadInput as refused:
        return str(refused).endswith(".")


def refusal(content: bytes, kinds: tuple[Kind, ...] = EVERYTHING, name: str = "failas") -> str:
    with pytest.raises(BadInput) as refused:
        accept(sent(content, name), kinds)
    return str(refused.value)


# --- kinds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_file_is_what_its_content_says_whatever_its_name_and_the_browser_say(kind: Kind) -> None:
    content = MADE[kind]()
    taken = accept(sent(content, "virus.exe", "application/x-msdownload"), EVERYTHING)
    assert (taken.kind, taken.content, taken.size) == (kind, content, len(content))
    assert taken.media_type == kind.media_type
    assert taken.name == f"virus.exe.{uploads.SUFFIXES[kind][0]}"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("kinds", [DOCUMENTS, TABLES])
def test_only_the_kinds_asked_for_are_taken(kind: Kind, kinds: tuple[Kind, ...]) -> None:
    content = MADE[kind]()
    if kind in kinds:
        assert accept(sent(content), kinds).kind is kind
    else:
        wanted = "PDF, JPEG, PNG" if kinds is DOCUMENTS else "XLSX, CSV"
        said = refusal(content, kinds)
        assert said == f"Failas yra {kind.name}, o čia galima siųsti tik {wanted}. Niekas neįkelta."


@pytest.mark.parametrize(
    "content",
    [
        b"a;b\n1;2\n",
        "\ufeffa;b\r\n1;2\r\n".encode(),
        "Šarūnė;Žąsytė".encode("cp1257"),
        b"a\tb\n",
        b"one line without an end",
        "vardas,😀".encode(),
    ],
)
def test_lines_of_text_in_the_encodings_met_here_are_a_csv(content: bytes) -> None:
    assert accept(sent(content), TABLES).kind is Kind.CSV


@pytest.mark.parametrize(
    ("content", "kinds", "said"),
    [
        (b"", EVERYTHING, "Failas tuščias. Niekas neįkelta."),
        (b"GIF89a" + b"\0" * 50, DOCUMENTS, "Tokio failo čia siųsti negalima, tik PDF, JPEG, PNG. Niekas neįkelta."),
        (b"<!DOCTYPE html><script>1</script>", EVERYTHING, "Tokio failo čia siųsti negalima"),
        (b"\xef\xbb\xbf  \n<html>", TABLES, "Tokio failo čia siųsti negalima"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', DOCUMENTS, "Tokio failo čia siųsti negalima"),
        (b"MZ\x90\0", EVERYTHING, "Tokio failo čia siųsti negalima"),
        (b"#!/bin/sh\nrm -rf /\n", DOCUMENTS, "Failas yra CSV"),
        (b"a;b\0;c", TABLES, "Tokio failo čia siųsti negalima"),
        (b"\0", EVERYTHING, "Tokio failo čia siųsti negalima"),
        (b"\xef\xbb\xbf", TABLES, "Tokio failo čia siųsti negalima"),
        (b"   \r\n", TABLES, "Tokio failo čia siųsti negalima"),
        ("a;b".encode("utf-16"), TABLES, "UTF-16"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 20, DOCUMENTS, "(HEIC)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, TABLES, "XLSX"),
    ],
)
def test_what_is_not_taken_is_told_what_is(content: bytes, kinds: tuple[Kind, ...], said: str) -> None:
    assert said in refusal(content, kinds)


@pytest.mark.parametrize("chosen", [None, FileStorage(io.BytesIO(b""), ""), FileStorage(io.BytesIO(b"x"), None)])
def test_no_file_is_asked_for(chosen: FileStorage | None) -> None:
    with pytest.raises(BadInput, match=r"^Pasirinkite failą\.$"):
        accept(chosen)


# --- sizes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "down", "up"),
    [
        (1, "1 kB", "1 kB"),
        (1024, "1 kB", "1 kB"),
        (1025, "2 kB", "2 kB"),
        (300_000, "293 kB", "293 kB"),
        (MB, "1 MB", "1 MB"),
        (5 * MB, "5 MB", "5 MB"),
        (5 * MB + 1, "5 MB", "5,1 MB"),
        (int(4.7 * MB), "4,7 MB", "4,7 MB"),
        (12 * MB, "12 MB", "12 MB"),
    ],
)
def test_sizes_are_said_so_that_too_large_looks_too_large(size: int, down: str, up: str) -> None:
    assert size_words(size) == down
    assert size_words(size, up=True) == up


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_limit_and_the_refusal_says_both_sizes(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    content = MADE[kind]()
    monkeypatch.setitem(uploads.LIMITS, kind, len(content))
    assert accept(sent(content), EVERYTHING).kind is kind
    monkeypatch.setitem(uploads.LIMITS, kind, len(content) - 1)
    assert refusal(content).startswith("Failas per didelis: ")


def test_a_file_over_every_limit_is_refused_unread() -> None:
    class Unread(io.BytesIO):
        def read(self, *sizes: int | None) -> bytes:
            raise AssertionError("read")

    large = FileStorage(Unread(b"\0" * (12 * MB)), "a.csv")
    with pytest.raises(BadInput) as refused:
        accept(large, TABLES)
    assert str(refused.value) == "Failas per didelis: 12 MB, galima iki 5 MB. Niekas neįkelta."


# --- damaged and hostile --------------------------------------------------------------------------------------------

DAMAGED = "Failas sugadintas arba nepilnas: atverkite jį, išsaugokite iš naujo ir siųskite dar kartą. Niekas neįkelta."
LARGE_PICTURE = "Nuotrauka per didelė, kad ją būtų galima peržiūrėti"


def jpeg_frame(width: int, height: int) -> bytes:
    return b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\0" * 9 + b"\xff\xd9"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"%PDF-1.7\n", DAMAGED),
        (lambda: pdf()[:-40], DAMAGED),
        (lambda: pdf() + packed({"evil.exe": b"MZ"}), DAMAGED),
        (lambda: pdf() + b"<script>alert(1)</script>", DAMAGED),
        (lambda: picture("PNG")[:-4], DAMAGED),
        (lambda: picture("PNG") + b"<script>alert(1)</script>", DAMAGED),
        (lambda: picture("PNG") + packed({"evil.exe": b"MZ"}), DAMAGED),
        (lambda: picture("PNG").replace(b"IDAT", b"IDAX"), DAMAGED),
        (lambda: b"\x89PNG\r\n\x1a\n", DAMAGED),
        (lambda: png(0, 5), DAMAGED),
        (lambda: png(1_000_000_000, 1_000_000_000), LARGE_PICTURE),
        (lambda: png(20_001, 1), LARGE_PICTURE),
        (lambda: png(20_000, 20_000), LARGE_PICTURE),
        (lambda: picture("JPEG")[:-10], DAMAGED),
        (lambda: picture("JPEG")[:20], DAMAGED),
        (lambda: b"\xff\xd8\xff\xd9", DAMAGED),
        (lambda: b"\xff\xd8\xff" + b"\xff" * 1000, DAMAGED),
        (lambda: b"\xff\xd8\xff\xe0\x00\x00" + b"\0" * 100, DAMAGED),
        (lambda: b"\xff\xd8\xff\xe0\x00\x02<script>alert(1)</script>", DAMAGED),
        (lambda: jpeg_frame(65_535, 65_535), LARGE_PICTURE),
        (lambda: jpeg_frame(0, 10), DAMAGED),
        (lambda: xlsx()[:-30], DAMAGED),
        (lambda: xlsx().replace(b"sheet1", b"sheet2", 1), DAMAGED),
        (lambda: b"PK\x03\x04", DAMAGED),
        (lambda: b"PK\x03\x04" + b"\0" * 1000, DAMAGED),
        (lambda: packed({"word/document.xml": b"<d/>"}), "Tai ne „Excel“ lentelė"),
        (lambda: workbook_with(xl__vbaProject_bin=b"x"), "makrokomandų"),
        (lambda: workbook_with(xl__worksheets__sheet1_xml=b"\0" * (41 * MB)), "išskleista užima daugiau kaip 40 MB"),
        (lambda: workbook_with(xl__a_xml=b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'), DAMAGED),
        (lambda: workbook_with(xl__a_xml=b"<?xml version='1.0'?>" + b" " * (2 * MB) + b"<!DOCTYPE x>"), DAMAGED),
        (lambda: workbook_with(xl__a_bin=b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>"), DAMAGED),
        (lambda: workbook_with(xl__a_xml="<!DOCTYPE x><x/>".encode("utf-16")), DAMAGED),
        (lambda: workbook_with(xl__a_xml="<!DOCTYPE x><x/>".encode("utf-16-le")), DAMAGED),
        (lambda: packed({"[Content_Types].xml": b"<T/>", "xl/workbook.xml": b"<w/>"}, zipfile.ZIP_LZMA), DAMAGED),
        (lambda: workbook_with(**{f"n{n}": b"" for n in range(2_000)}), DAMAGED),
    ],
)  # fmt: skip
def test_what_is_damaged_or_lies_is_refused(content: Callable[[], bytes], said: str) -> None:
    assert said in refusal(content())


def test_a_declaration_over_the_end_of_a_piece_is_seen() -> None:
    for shift in range(12):
        assert DAMAGED in refusal(workbook_with(xl__a_xml=b" " * (MB - shift) + b"<!DOCTYPE x>"))


def test_a_workbook_that_says_less_than_it_unpacks_to_is_not_believed() -> None:
    """A bomb whose sizes lie: unpacking stops at what was said, and the sum is then wrong."""
    bomb = workbook_with(xl__worksheets__sheet1_xml=b"0" * 1_000_000)
    assert DAMAGED in refusal(bomb.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 1_000)))


def test_a_workbook_with_a_password_is_refused() -> None:
    locked = bytearray(xlsx())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(magic)
        while place >= 0:
            locked[place + at] |= 1
            place = locked.find(magic, place + 4)
    assert DAMAGED in refusal(bytes(locked))


def test_a_picture_may_end_as_telephones_end_it() -> None:
    """Samsung's cameras write their own words after the end; it is a picture, and goes out as a picture."""
    content = picture("JPEG") + b"SEFHk\0\0\0SEFT"
    assert accept(sent(content), DOCUMENTS).media_type == "image/jpeg"


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04"])
)
def test_whatever_comes_is_taken_or_refused_with_a_sentence(content: bytes, magic: bytes) -> None:
    assert taken_or_said(magic + content)


@cache
def _sound_files() -> list[bytes]:
    """Made once: a workbook says when it was made, and no two would be alike."""
    return [MADE[kind]() for kind in (Kind.PNG, Kind.JPEG, Kind.XLSX)]


@given(st.data())
def test_a_flipped_byte_never_breaks_the_look(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(_sound_files())))
    for _ in range(3):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert taken_or_said(bytes(content))


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Įsakymas V-12.pdf", "Įsakymas V-12.pdf"),
        ("ISAKYMAS.PDF", "ISAKYMAS.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system32.pdf", "system32.pdf"),
        ("C:\\Users\\Rasa\\įsakymas.pdf", "įsakymas.pdf"),
        ("/", "failas.pdf"),
        ("..", "failas.pdf"),
        (".pdf", "pdf.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie- x=1.pdf"),
        ("fdp.exe\u202e.pdf", "fdp.exe.pdf"),
        ("\u202egpj.exe", "gpj.exe.pdf"),
        ("a\u200bb.pdf", "ab.pdf"),
        ("a\ud800b.pdf", "ab.pdf"),
        ("order.pdf.exe", "order.pdf.exe.pdf"),
        ("order.png", "order.png.pdf"),
        ('<img src=x onerror="a">.pdf', "-img src=x onerror=-a--.pdf"),
        ("   daug    tarpų  .pdf", "daug tarpų.pdf"),
        ("Z\u030c.pdf", "Ž.pdf"),
        ("a" * 500 + ".pdf", "a" * 116 + ".pdf"),
        ("a" * 115 + " " * 9 + "b.pdf", "a" * 115 + ".pdf"),
    ],
)
def test_a_name_is_for_people_and_never_a_path(raw: str, shown: str) -> None:
    assert clean_name(raw, Kind.PDF) == shown


@given(st.text(max_size=300), st.sampled_from(list(Kind)))
def test_any_name_becomes_one_that_can_be_shown_and_saved(raw: str, kind: Kind) -> None:
    name = clean_name(raw, kind)
    assert 1 <= len(name) <= 120
    assert name.lower().endswith(tuple(f".{suffix}" for suffix in uploads.SUFFIXES[kind]))
    assert not set(name) & set('/\\\0\r\n<>:"|?*')
    name.encode()
    assert clean_name(name, kind) == name


# --- in a form ------------------------------------------------------------------------------------------------------


class OrderForm(Form):
    file = UploadField("Failas")
    more = UploadField("Lentelė", TABLES, required=False)


def form_of(app: Flask, **data: object) -> OrderForm:
    with app.test_request_context():
        return OrderForm(MultiDict(data), meta={"csrf": False})


def test_a_form_has_the_file_or_says_why_not(app: Flask) -> None:
    form = form_of(app, file=sent(MADE[Kind.PDF](), "a.pdf"), more=sent(b"a;b", "b.csv"))
    assert form.validate()
    assert isinstance(form.file.data, Upload)
    assert (form.file.data.name, form.more.data.name) == ("a.pdf", "b.csv")
    form = form_of(app, file=sent(b"GIF89a\0", "a.gif"), more=sent(b"", ""))
    assert not form.validate()
    assert form.errors == {"file": ["Tokio failo čia siųsti negalima, tik PDF, JPEG, PNG. Niekas neįkelta."]}
    assert form.more.data is None


@pytest.mark.parametrize("data", [{}, {"file": "text, not a file"}, {"file": sent(b"", "")}, {"other": "x"}])
def test_a_form_without_the_file_asks_for_it(app: Flask, data: dict[str, object]) -> None:
    form = form_of(app, **data)
    assert not form.validate()
    assert form.errors == {"file": ["Pasirinkite failą."]}


def test_the_browser_is_told_which_files_to_offer(app: Flask) -> None:
    form = form_of(app)
    assert 'accept=".pdf,.jpg,.jpeg,.png"' in str(form.file())
    assert "required" in str(form.file())
    assert "required" not in str(form.more())


# --- out again ------------------------------------------------------------------------------------------------------


def test_a_kept_file_leaves_as_an_attachment_that_runs_nowhere(app: Flask) -> None:
    answer = uploads.send(b"<script>alert(1)</script>", "Įsakymas „V-12“.pdf", "application/pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Isakymas _V-12_.pdf\"; filename*=UTF-8''%C4%AEsakymas%20%E2%80%9EV-12%E2%80%9C.pdf"
    ) or answer.headers["Content-Disposition"].startswith('attachment; filename="Isakymas V-12.pdf"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "", "nonsense", "text/html; charset=utf-8"])
def test_no_file_leaves_as_a_page(media_type: str) -> None:
    assert uploads.send(b"x", "a.html", media_type).mimetype == "application/octet-stream"


@given(st.text(max_size=200))
def test_no_name_breaks_out_of_the_header(name: str) -> None:
    said = uploads.send(b"x", name, "application/pdf").headers["Content-Disposition"]
    assert said.isascii()
    assert said.isprintable()
    assert said.count('"') == 2
    assert said.count(";") == 2


# --- a request that is too large ------------------------------------------------------------------------------------


BOUNDARY = "multipart/form-data; boundary=x"


def test_a_request_that_is_too_large_is_told_its_size(app: Flask, cast: Cast) -> None:
    answer = app.test_client().post("/accounts/login", data=b"\0" * (12 * MB), content_type=BOUNDARY)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 413
    assert "Failas per didelis: 12 MB, galima iki 10 MB. Niekas neįkelta." in page
    assert "<h1>Per didelis</h1>" in page


def test_htmx_is_told_it_beside_the_page(as_person: Callable[[str], FlaskClient]) -> None:
    answer = as_person("rasa").post("/accounts/logout", data=b"\0" * (12 * MB), content_type=BOUNDARY, headers=HTMX)
    assert answer.status_code == 413
    assert answer.headers["HX-Reswap"] == "none"
    assert 'hx-swap-oob="beforeend:#toasts"' in answer.get_data(as_text=True)
    assert "Failas per didelis" in answer.get_data(as_text=True)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", BOUNDARY])
def test_a_form_without_files_may_not_be_as_large_as_one_with(app: Flask, cast: Cast, content_type: str) -> None:
    """A million empty fields would cost the worker its memory, and the log-in page takes them from anybody."""
    body = b"a&" * 300_000
    if content_type == BOUNDARY:
        body = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n' + body + b"\r\n--x--\r\n"
    answer = app.test_client().post("/accounts/login", data=body, content_type=content_type)
    assert answer.status_code == 413
    assert "Siunčiama per daug duomenų. Niekas nepakeista." in answer.get_data(as_text=True)
