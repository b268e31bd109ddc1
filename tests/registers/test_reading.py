"""Files as people have them: separators, encodings, workbooks, what only looks like a list, what is meant to harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ediary.registers import reading
from ediary.registers import workbook as workbooks
from ediary.registers.entries import Answers, Context, entries
from ediary.registers.layout import best_table, layout
from ediary.registers.lists import Format, columns_out, export, template
from ediary.registers.reading import MOST_ROWS, Encoding, Separator, Table, Trouble, TroubleCode
from ediary.registers.rules import GUARDIANS, Field, Kind, Known, KnownGuardian
from ediary.registers.workbook import read
from tests.registers import files

LIST = (("Vardas, pavardė", "Gimimo data", "Grupė"), ("Žemyna Ąžuolaitė", "2021-03-05", "Boružiukai"))


def table(content: bytes, **kwargs: object) -> Table:
    found = read(content, **kwargs)  # type: ignore[arg-type]
    assert not isinstance(found, Trouble), found
    return found[0]


def cells(found: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in found.rows]


def trouble(content: bytes) -> TroubleCode:
    found = read(content)
    assert isinstance(found, Trouble)
    return found.code


# --- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1257", "utf-16"])
def test_separators_and_encodings(separator: str, encoding: str) -> None:
    found = table(files.as_csv(LIST, separator=separator, encoding=encoding))
    assert cells(found) == list(LIST)
    assert found.separator == separator


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark(codec: str) -> None:
    assert cells(table("\n".join(";".join(row) for row in LIST).encode(codec))) == list(LIST)


def test_a_comma_in_an_unquoted_heading_does_not_make_the_comma_the_separator() -> None:
    found = table("Vardas, pavardė;Gimimo data\nOna Onaitė;2021-03-05\nUla Ulaitė;2022-01-31\n".encode())
    assert (found.separator, found.width) == (Separator.SEMICOLON, 2)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(ends: str) -> None:
    assert len(table(ends.join(("Vardas;Pavardė", "Ona;Onaitė", "Ula;Ulaitė")).encode()).rows) == 3


def test_what_excel_says_of_the_separator_is_believed_and_is_no_row() -> None:
    found = table("sep=,\r\nVardas,Pavardė\r\nOna,Onaitė\r\n".encode())
    assert [(row.number, row.cells) for row in found.rows] == [(2, ("Vardas", "Pavardė")), (3, ("Ona", "Onaitė"))]


def test_quoted_cells_may_hold_separators_and_lines() -> None:
    found = table('Vardas;Adresas\n"Onaitė; Ona";"Saulės g. 1\nKupiškis"\n'.encode())
    assert found.rows[1].cells == ("Onaitė; Ona", "Saulės g. 1 Kupiškis")


def test_a_quotation_mark_nobody_closed_swallows_no_rows() -> None:
    rows = "".join(f'Ona{number};"Saulutė\n' if number == 3 else f"Ona{number};x\n" for number in range(60))
    assert len(table(f"Vardas;Grupė\n{rows}".encode()).rows) == 61


def test_row_numbers_are_those_of_the_persons_own_program() -> None:
    found = table("\n\nVardas;Pavardė\n\nOna;Onaitė\n".encode())
    assert [row.number for row in found.rows] == [3, 5]


def test_empty_columns_and_rows_at_the_end_are_dropped() -> None:
    found = table("Vardas;Pavardė;;;\nOna;Onaitė;;;\n;;;;\n;;;;\n".encode())
    assert cells(found) == [("Vardas", "Pavardė"), ("Ona", "Onaitė")]


def test_another_encoding_and_separator_can_be_chosen() -> None:
    content = "Vardas;Pavardė\nŽemyna;Ąžuolaitė\n".encode("cp1257")
    assert table(content, encoding=Encoding.WINDOWS_1257, separator=Separator.COMMA).width == 1
    assert read(content, encoding=Encoding.UTF_8) == Trouble(TroubleCode.ENCODING, "utf-8")


# --- workbooks ------------------------------------------------------------------------------------------------------


def workbook(*sheets: Iterable[Sequence[object]], hidden: Sequence[int] = ()) -> bytes:
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for number, rows in enumerate(sheets):
        sheet = made.add_worksheet(f"Lapas {number + 1}")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(at, column, value, made.add_format({"num_format": "yyyy-mm-dd"}))
                else:
                    sheet.write(at, column, value)
        if number in hidden:
            sheet.hide()
    made.close()
    return buffer.getvalue()


def test_days_and_numbers_of_a_workbook() -> None:
    found = table(workbook([("Vardas", date(2021, 3, 5), 39001010000, 20.0, 10.5, True)]))
    assert found.rows[0].cells == ("Vardas", "2021-03-05", "39001010000", "20", "10.5", "TAIP")


def test_a_formula_is_read_as_the_value_it_was_saved_with() -> None:
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["Vardas", "Pavardė"])
    sheet.write_formula(1, 0, '=UPPER("ona")', None, "ONA")
    sheet.write_string(1, 1, "Onaitė")
    made.close()
    assert table(buffer.getvalue()).rows[1].cells == ("ONA", "Onaitė")


def test_formulas_saved_without_a_value_are_counted() -> None:
    content = workbook([("Vardas",), ("Ona",)])
    made = rewritten(
        content,
        "xl/worksheets/sheet1.xml",
        b"</sheetData>",
        b'<row r="3"><c r="A3"><f>B3&amp;""</f></c></row></sheetData>',
    )
    assert table(made).empty_formulas == 1


def test_the_sheet_whose_headings_say_most_is_taken_and_hidden_ones_are_not_looked_at() -> None:
    content = workbook([("Aprašymas",)], LIST, [*LIST, *LIST], hidden=(2,))
    found = read(content)
    assert not isinstance(found, Trouble)
    assert best_table(found, Kind.CHILDREN).sheet == "Lapas 2"
    assert found[0].sheets == ("Lapas 1", "Lapas 2")


def test_a_title_in_merged_cells_stands_above_the_headings() -> None:
    content = files.as_xlsx(files.child_table(files.children(3)), title="Vaikų sąrašas")
    found = layout(table(content), Kind.CHILDREN)
    assert (found.head, [row.number for row in found.body]) == ((3,), [4, 5, 6])


# --- what only looks like a list ------------------------------------------------------------------------------------


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def rewritten(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(buffer, "w") as made:
        for part in package.infolist():
            data = package.read(part)
            made.writestr(part, data.replace(old, new) if part.filename == name else data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", TroubleCode.EMPTY),
        (b"\xef\xbb\xbf \r\n\r\n", TroubleCode.EMPTY),
        (b";;;\n;;;\n", TroubleCode.EMPTY),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), TroubleCode.OLD_WORKBOOK),
        (b"<html><body><table><tr><td>Vardas</td></tr></table></body></html>", TroubleCode.WEB_PAGE),
        (b'\xef\xbb\xbf<TABLE border="1"><tr><td>Vardas</td></tr></TABLE>', TroubleCode.WEB_PAGE),
        (b'<?xml version="1.0"?><Workbook/>', TroubleCode.XML),
        (b"%PDF-1.7\n", TroubleCode.PDF),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), TroubleCode.PICTURE),
        (b"{\\rtf1 Vardas}", TroubleCode.DOCUMENT),
        (bytes(range(256)) * 20, TroubleCode.UNKNOWN),
        (zipped(xl__workbook_dot_bin=b"x"), TroubleCode.BINARY_WORKBOOK),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), TroubleCode.OPEN_DOCUMENT),
        (zipped(word__document_dot_xml=b"x"), TroubleCode.DOCUMENT),
        (zipped(vaikai_dot_csv=b"x"), TroubleCode.ARCHIVE),
        (zipped(xl__workbook_dot_xml=b"<x/>"), TroubleCode.DAMAGED),
        (b"PK\x03\x04" + bytes(100), TroubleCode.DAMAGED),
        (("Vardas;Pavardė\n" + "Ona;Onaitė\n" * (MOST_ROWS + 1)).encode(), TroubleCode.TOO_MANY_ROWS),
    ],
)
def test_what_is_no_list_is_told_kindly(content: bytes, code: TroubleCode) -> None:
    assert trouble(content) is code


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    content = workbook(LIST)
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/image1.bin", bytes(workbooks.MOST_INSIDE))
    assert len(buffer.getvalue()) < 100_000
    assert trouble(buffer.getvalue()) is TroubleCode.TOO_LARGE_INSIDE


def test_a_workbook_that_lies_about_its_size_gives_no_more_than_it_declared() -> None:
    content = bytearray(workbook(LIST))
    end = content.rindex(b"PK\x01\x02", 0)
    content[end + 24 : end + 28] = (10).to_bytes(4, "little")
    found = read(bytes(content))
    assert isinstance(found, Trouble | tuple)


def test_a_workbook_with_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    made = rewritten(
        workbook(LIST), "xl/sharedStrings.xml", b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', bomb
    )
    assert trouble(made) is TroubleCode.DAMAGED


def test_a_sheet_formatted_to_its_last_row_is_read_as_far_as_it_says_anything() -> None:
    row = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    made = rewritten(workbook(LIST), "xl/worksheets/sheet1.xml", b"</sheetData>", row)
    assert len(table(made).rows) == 2


# --- whatever bytes come --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b";" * 300_000, b"a;" * 150_000, b'"' + b"a," * 150_000])
def test_a_line_of_very_many_cells_holds_no_worker(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned = []
    clean = reading.clean
    monkeypatch.setattr(reading, "clean", lambda text: cleaned.append(text) or clean(text))
    read(content)
    assert len(cleaned) <= 6 * reading.MOST_COLUMNS


@given(st.binary(max_size=2000))
def test_whatever_bytes_come_the_answer_is_a_table_or_a_sentence(content: bytes) -> None:
    assert isinstance(read(content), Trouble | tuple)


@given(st.text(max_size=500), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]), st.sampled_from(list(Kind)))
def test_whatever_text_comes_it_is_laid_out_and_read_to_entries_or_faults(text: str, codec: str, kind: Kind) -> None:
    found = read(text.encode(codec, "surrogatepass"))
    if isinstance(found, Trouble):
        return
    laid = layout(found[0], kind)
    columns = {column.index: column.meaning.field for column in laid.columns if column.meaning}
    columns = columns or dict(enumerate((Field.FIRST_NAME, Field.LAST_NAME, Field.BIRTH_DATE)))
    context = Context(date(2026, 9, 3), (date(2026, 9, 1), date(2027, 8, 31)))
    for entry in entries(laid.body, kind, Answers(columns), context):
        assert all("\0" not in value for value in entry.values.values())


SHEET = workbook(LIST, LIST)


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_workbook_is_a_table_or_a_sentence(data: st.DataObject) -> None:
    package = zipfile.ZipFile(io.BytesIO(SHEET))
    name = data.draw(st.sampled_from(package.namelist()))
    content = bytearray(package.read(name))
    for _change in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, max(len(content) - 1, 0)))
        content[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=12))
    assert isinstance(read(rewritten(SHEET, name, package.read(name), bytes(content))), Trouble | tuple)


# --- what goes out comes in -----------------------------------------------------------------------------------------

LETTERS = "aąbcčdeęėfgiįyjklmnoprsštuųūvzž"
NAME = st.builds(lambda text: text.capitalize(), st.text(LETTERS, min_size=2, max_size=12))
WORDS = (
    st.text("ABCčšž =+-@;,\"'1.", min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text.casefold() not in {"-", "."} and not text.startswith("'"))
)
PHONE = st.builds(lambda digits: f"+370{digits:08d}", st.integers(0, 10**8 - 1))
EMAIL = st.builds(lambda name: f"{name}@example.lt", st.text("abcxyz0189", min_size=1, max_size=12))
RELATION = st.sampled_from(["mother", "father", "guardian", "caretaker", "other"])
BORN = st.dates(date(2019, 1, 1), date(2025, 12, 31)).map(date.isoformat)


@st.composite
def guardian(draw: st.DrawFn) -> dict[str, str]:
    return {
        "first_name": draw(NAME), "last_name": draw(NAME), "relation": draw(RELATION), "phone": draw(PHONE),
        "email": draw(EMAIL),
    }  # fmt: skip


@st.composite
def known(draw: st.DrawFn, kind: Kind) -> Known:
    f = Field
    if kind is Kind.GROUPS:
        values = {
            f.TITLE: draw(WORDS), f.AGE_BAND: draw(st.sampled_from(["nursery", "kindergarten"])),
            f.PROGRAMME: draw(st.sampled_from(["preschool", "preprimary"])), f.HOURS: str(draw(st.integers(60, 1440))),
            f.LANGUAGE: draw(st.sampled_from(["lt", "pl", "ru", "en", "uk"])), f.ROOM: draw(WORDS),
            f.KITCHEN: draw(WORDS), f.PLACES: str(draw(st.integers(1, 60))),
        }  # fmt: skip
        return Known(1, values)
    values = {f.FIRST_NAME: draw(NAME), f.LAST_NAME: draw(NAME)}
    if kind is Kind.EMPLOYEES:
        return Known(1, {**values, f.EMAIL: draw(EMAIL), f.PHONE: draw(PHONE), f.POSITION: draw(WORDS)})
    values |= {f.BIRTH_DATE: draw(BORN), f.GROUP: draw(WORDS), f.ADDRESS: draw(WORDS), f.LANGUAGES: draw(WORDS)}
    people = draw(st.lists(guardian(), max_size=2))
    return Known(1, values, code="an index", guardians=tuple(KnownGuardian(n, one) for n, one in enumerate(people)))


def read_back(content: bytes, kind: Kind) -> list[dict[Field, str]]:
    laid = layout(table(content), kind)
    columns = {column.index: column.meaning.field for column in laid.columns if column.meaning}
    context = Context(date(2026, 9, 3), (date(2026, 9, 1), date(2027, 8, 31)))
    found = entries(laid.body, kind, Answers(columns), context)
    assert all(not entry.faults for entry in found), found
    return [dict(entry.values) for entry in found]


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("kind", Kind)
def test_what_we_export_is_read_back_equal(app: object, kind: Kind, form: Format) -> None:
    @settings(max_examples=40)
    @given(st.lists(known(kind), min_size=1, max_size=3))
    def check(ones: list[Known]) -> None:
        meant = []
        for one in ones:
            values = dict(one.values)
            for place, who in zip(GUARDIANS, one.guardians, strict=False):
                values |= {place[what]: value for what, value in who.values.items()}
            meant.append(values)
        assert read_back(export(kind, form, ones), kind) == meant

    with app.test_request_context():  # type: ignore[attr-defined]
        check()


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("kind", Kind)
def test_a_template_is_read_without_a_fault_and_every_column_of_it_is_recognised(
    app: object, kind: Kind, form: Format
) -> None:
    with app.test_request_context():  # type: ignore[attr-defined]
        content = template(kind, form)
    laid = layout(table(content), kind)
    assert all(column.meaning for column in laid.columns)
    assert [column.meaning.field for column in laid.columns if column.meaning] == [
        *columns_out(kind, with_codes=True)[: len(laid.columns)]
    ]
    assert len(read_back(content, kind)) == 1


@pytest.mark.parametrize("text", ["=1+1", "-1", "@SUM(A1)", "+CMD|'/C calc'!A0"])
@pytest.mark.parametrize("form", Format)
def test_what_a_spreadsheet_would_take_for_a_formula_goes_out_as_text(app: object, text: str, form: Format) -> None:
    with app.test_request_context():  # type: ignore[attr-defined]
        content = export(Kind.EMPLOYEES, form, [Known(1, {Field.POSITION: text, Field.PHONE: "+37061234567"})])
    if form is Format.CSV:
        assert f";'{text};" in content.decode()
        assert ";'+370 612 34567;" in content.decode()
        return
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_personal_codes_are_never_exported() -> None:
    assert all(Field.PERSONAL_CODE not in columns_out(kind) for kind in Kind)
