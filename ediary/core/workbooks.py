"""Tables for spreadsheets: CSV as a Lithuanian Excel opens it, and XLSX.

What people typed is text and stays text: a name that begins with „=“ must not become a formula on the accountant's
desk. That is seen to here and nowhere else. What is read in is read by `registers`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

#: numbers are numbers, days are days, text is text; None is an empty cell
Cell = str | int | date | None

#: signs by which a spreadsheet takes a text for something to be worked out, wide ones of other keyboards among them
_STARTS = "=+-@\t\r\n＝＋－＠"
#: after spaces too: what opens the file may trim them
_WORKED_OUT = re.compile(rf"[' \u00a0]*[{re.escape(_STARTS)}]")
#: the most a cell may hold
LONGEST = 32_767
#: what XML cannot say
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Table:
    """A worksheet: its name, the heads of its columns, its rows."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


# --- CSV ------------------------------------------------------------------------------------------------------------


def worked_out(text: str) -> bool:
    """Would a spreadsheet take it for something to be worked out?"""
    return _WORKED_OUT.match(text) is not None


def neutral(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would work it out."""
    return f"'{text}" if worked_out(text) else text


def meant(text: str) -> str:
    """What `neutral` was given: for those who read our own tables back."""
    return text[1:] if text.startswith("'") and worked_out(text[1:]) else text


def csv_of(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV: with a BOM, semicolons and CRLF, as Excel opens it by a double click."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([_in_csv(cell) for cell in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def _in_csv(cell: Cell) -> str:
    if isinstance(cell, str):
        return neutral(sayable(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


# --- XLSX -----------------------------------------------------------------------------------------------------------


def book(buffer: io.BytesIO, title: str, made: datetime) -> Workbook:
    """An empty workbook in which no text becomes a formula, a link or a number. The caller closes it."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(buffer, options)
    workbook.set_properties({"title": title, "created": made.astimezone(UTC).replace(tzinfo=None)})
    return workbook


def write(worksheet: Worksheet, row: int, column: int, cell: Cell, look: Any = None, quoted: Any = None) -> None:
    """One cell, as what it is; `quoted`: the look of text that must stay text also when somebody edits it."""
    if isinstance(cell, str):
        text = sayable(cell)[:LONGEST]
        worksheet.write_string(row, column, text, quoted if quoted is not None and worked_out(text) else look)
    elif isinstance(cell, date):
        worksheet.write_datetime(row, column, cell, look)
    elif cell is not None:
        worksheet.write_number(row, column, cell, look)


def xlsx_of(tables: Sequence[Table], title: str, made: datetime) -> bytes:
    """Tables as a workbook, a worksheet each: the head stays in sight and can be filtered by."""
    buffer = io.BytesIO()
    workbook = book(buffer, title, made)
    head, day = workbook.add_format({"bold": True, "bottom": 1}), workbook.add_format({"num_format": "yyyy-mm-dd"})
    quoted = workbook.add_format({"quote_prefix": True})
    for table, name in zip(tables, sheet_names(table.name for table in tables), strict=True):
        worksheet = workbook.add_worksheet(name)
        for column, text in enumerate(table.head):
            write(worksheet, 0, column, text, head)
            worksheet.set_column(column, column, _width(table, column))
        for at, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                write(worksheet, at, column, cell, day if isinstance(cell, date) else None, quoted)
        worksheet.freeze_panes(1, 0)
        if table.head:
            worksheet.autofilter(0, 0, len(table.rows), len(table.head) - 1)
    workbook.close()
    return buffer.getvalue()


def _width(table: Table, column: int) -> int:
    """Wide enough for what stands in it, within reason."""
    longest = max((len(str(row[column])) for row in table.rows if column < len(row)), default=0)
    return min(60, max(8, longest, len(table.head[column])) + 2)


def sheet_names(names: Iterable[str]) -> list[str]:
    """Names a spreadsheet accepts: at most 31 characters, none of `[]:*?/\\`, no two alike in any case."""
    taken: list[str] = []
    for name in names:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", name)
        safe = " ".join(plain.split()).strip(" '") or "–"
        candidate, number = safe[:31].rstrip(" '"), 2
        while candidate.lower() in {*(other.lower() for other in taken), "history"}:
            tail = f" ({number})"
            candidate, number = safe[: 31 - len(tail)] + tail, number + 1
        taken.append(candidate)
    return taken


def sayable(text: str) -> str:
    """The text without what XML cannot say, its lines ending in one way."""
    return _UNSAYABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
