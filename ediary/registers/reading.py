"""What people export, as rows of text (A4): separated text in its separators and encodings, and workbooks.

Whatever bytes come, the answer is a `Table` or a `Trouble`, never an exception. Pure but for `workbook.py`, which
needs a library and is asked only for what looks like a workbook.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

#: more is no list of a kindergarten
MOST_ROWS = 5000
MOST_COLUMNS = 120
#: characters of one cell
LONGEST_CELL = 1000
#: line breaks in a cell that was opened by a quotation mark and never closed
MOST_BREAKS = 12


class Encoding(StrEnum):
    """In which encodings a file is looked at, in this order; the last takes almost anything."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1257 = "windows-1257"


class Separator(StrEnum):
    SEMICOLON = ";"
    TAB = "\t"
    COMMA = ","
    BAR = "|"


class TroubleCode(StrEnum):
    """Why a file cannot be read as a list."""

    EMPTY = "empty"
    NO_TABLE = "no_table"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_LARGE_INSIDE = "too_large_inside"
    OLD_WORKBOOK = "old_workbook"
    BINARY_WORKBOOK = "binary_workbook"
    OPEN_DOCUMENT = "open_document"
    WEB_PAGE = "web_page"
    XML = "xml"
    PDF = "pdf"
    PICTURE = "picture"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    DAMAGED = "damaged"
    ENCODING = "encoding"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Trouble:
    """The file is no list; `detail` is what the sentence names (a count, a sheet)."""

    code: TroubleCode
    detail: str = ""


@dataclass(frozen=True)
class Row:
    """A row with its number as the person's own program shows it."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        return self.cells[index] if index < len(self.cells) else ""

    @property
    def filled(self) -> tuple[int, ...]:
        return tuple(index for index, cell in enumerate(self.cells) if cell)


@dataclass(frozen=True)
class Table:
    """The rows that say anything, and how they were read. `encoding` and `separator` are None for workbooks."""

    rows: tuple[Row, ...]
    encoding: Encoding | None = None
    separator: Separator | None = None
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    #: cells whose formula was saved without its value: their content is not in the file
    empty_formulas: int = 0

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


# --- cells ----------------------------------------------------------------------------------------------------------

_BLANK = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")


def clean(text: str) -> str:
    """A cell as people see it: one kind of blank, letters composed, nothing that cannot be stored or seen."""
    text = text[: 2 * LONGEST_CELL]
    if text.isprintable() and unicodedata.is_normalized("NFC", text):  # nearly all cells: a file has a million
        return " ".join(text.split())[:LONGEST_CELL].rstrip()
    text = unicodedata.normalize("NFC", text)
    text = "".join(
        " " if unicodedata.category(letter) == "Cc" else letter
        for letter in text
        if unicodedata.category(letter) not in ("Cs", "Co", "Cn") or letter == "\ufffd"
    )
    return _BLANK.sub(" ", text).strip()[:LONGEST_CELL].rstrip()


def cell_text(value: object) -> str:
    """A workbook's cell as text: days as 2021-03-05, whole numbers without a point, the rest as it is."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TAIP" if value else "NE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return clean(str(value))


def rows_of(lines: Iterable[Iterable[str]]) -> tuple[Row, ...]:
    """Rows that say anything, numbered from one as they stand in the file; empty columns at the end are dropped."""
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = list(line)[:MOST_COLUMNS]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append(Row(number, tuple(cells)))
    return tuple(rows)


# --- what kind of file ----------------------------------------------------------------------------------------------

ZIP = b"PK\x03\x04"
_SIGNS: tuple[tuple[bytes, TroubleCode], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", TroubleCode.OLD_WORKBOOK),
    (b"%PDF", TroubleCode.PDF),
    (b"\x89PNG", TroubleCode.PICTURE),
    (b"\xff\xd8\xff", TroubleCode.PICTURE),
    (b"GIF8", TroubleCode.PICTURE),
    (b"{\\rtf", TroubleCode.DOCUMENT),
    (b"Rar!", TroubleCode.ARCHIVE),
    (b"7z\xbc\xaf", TroubleCode.ARCHIVE),
    (b"\x1f\x8b", TroubleCode.ARCHIVE),
    (b"PK\x05\x06", TroubleCode.EMPTY),
)
_BOMS = (
    (codecs.BOM_UTF8, Encoding.UTF_8, "utf-8"),
    (codecs.BOM_UTF16_LE, Encoding.UTF_16, "utf-16-le"),
    (codecs.BOM_UTF16_BE, Encoding.UTF_16, "utf-16-be"),
)
_MARKUP = re.compile(r"<\s*(!doctype\s+html|html|head|meta|body|table|div|style)\b", re.IGNORECASE)


def by_sign(content: bytes) -> Trouble | None:
    """What its first bytes say the file is, when that is no list."""
    for sign, code in _SIGNS:
        if content.startswith(sign):
            return Trouble(code)
    return None


# --- text -----------------------------------------------------------------------------------------------------------


def decode(content: bytes, wanted: Encoding | None = None) -> tuple[str, Encoding] | Trouble:
    """The text and in what it was written. A byte order mark decides, else what reads without a fault.

    `wanted`: what the person chose instead.
    """
    if wanted is not None:
        codec = "utf-8-sig" if wanted is Encoding.UTF_8 else wanted.value
        try:
            return content.decode(codec).lstrip("\ufeff"), wanted
        except UnicodeDecodeError:
            return Trouble(TroubleCode.ENCODING, wanted.value)
    for mark, encoding, codec in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(codec, "replace"), encoding
    head = content[:4096]
    if head.count(0) * 3 > len(head):  # every other byte of Lithuanian text in UTF-16 is zero
        codec = "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
        return content.decode(codec, "replace"), Encoding.UTF_16
    for encoding in (Encoding.UTF_8, Encoding.WINDOWS_1257):
        try:
            return content.decode(encoding.value), encoding
        except UnicodeDecodeError:
            continue
    return content.decode(Encoding.WINDOWS_1257.value, "replace"), Encoding.WINDOWS_1257


def _looks_like_text(text: str) -> bool:
    """Letters and signs, and hardly anything else."""
    sample = text[:4096]
    strange = sum(
        unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs") and letter not in "\r\n\t" for letter in sample
    )
    strange += sample.count("\ufffd")
    return strange * 20 <= len(sample)


def split(text: str, separator: Separator) -> list[list[str]]:
    """Lines of cells. A quotation mark nobody closed would swallow the rest of the file: then marks are letters."""
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator.value))
        if not any(cell.count("\n") > MOST_BREAKS for line in lines for cell in line):
            return [[clean(cell) for cell in line[:MOST_COLUMNS]] for line in lines]
    except csv.Error:
        pass
    return [
        [clean(cell).strip('"').strip() for cell in line.split(separator.value, MOST_COLUMNS)[:MOST_COLUMNS]]
        for line in re.split(r"\r\n|\r|\n", text)
    ]


_SAID = re.compile(r"\A\s*\"?sep=(.)\"?\s*(?:\r\n|\r|\n)", re.IGNORECASE)


def separator_of(text: str) -> Separator:
    """The separator that cuts the most lines into the same number of cells, more cells before fewer.

    „Vardas, pavardė;Gimimo data“ has a comma in every line too: a semicolon or a tab goes first.
    """
    best, most = Separator.SEMICOLON, (-1, -1)
    sample = "\n".join(line[: 20 * LONGEST_CELL] for line in re.split(r"\r\n|\r|\n", text)[:60])
    for separator in Separator:
        widths = [len([cell for cell in line if cell]) for line in split(sample, separator)]
        widths = [width for width in widths if width > 1]
        if not widths:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width), width))
        alike = sum(abs(width - common) <= 1 for width in widths)
        loud = separator in (Separator.SEMICOLON, Separator.TAB)
        score = (2 if loud and alike * 2 > len(widths) else 1, alike * common)
        if score > most:
            best, most = separator, score
    return best


def read_text(content: bytes, encoding: Encoding | None = None, separator: Separator | None = None) -> Table | Trouble:
    """Separated text as a table. `encoding`, `separator`: what the person chose instead of what was found."""
    decoded = decode(content, encoding)
    if isinstance(decoded, Trouble):
        return decoded
    text, found = decoded
    if not text.strip("\ufeff\0 \r\n\t"):
        return Trouble(TroubleCode.EMPTY)
    if text.lstrip().startswith("<?xml"):
        return Trouble(TroubleCode.XML)
    if _MARKUP.search(text[:2000]):
        return Trouble(TroubleCode.WEB_PAGE)
    if not _looks_like_text(text):
        return Trouble(TroubleCode.UNKNOWN)
    said = _SAID.match(text)
    shift = 0
    if said:
        text, shift = text[said.end() :], 1
        separator = separator or (Separator(said[1]) if said[1] in list(Separator) else None)
    if text.count("\n") + text.count("\r") > 4 * MOST_ROWS:
        return Trouble(TroubleCode.TOO_MANY_ROWS, str(MOST_ROWS))
    cut = separator or separator_of(text)
    lines = split(text, cut)
    rows = rows_of([*[[]] * shift, *lines])
    return bounded(Table(rows, found, cut))


def bounded(table: Table) -> Table | Trouble:
    """The table, unless nothing or too much is in it."""
    if not table.rows:
        return Trouble(TroubleCode.EMPTY)
    if len(table.rows) > MOST_ROWS:
        return Trouble(TroubleCode.TOO_MANY_ROWS, str(MOST_ROWS))
    return table
