"""Workbooks (XLSX) that people send in, read as rows of text; and the one door for any file.

A workbook is a zip of XML: its declared sizes are asked before anything is unpacked, and the unpacking never gives
more than was declared. Formulas are read as the values they were saved with.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ediary.registers.reading import (
    MOST_COLUMNS,
    MOST_ROWS,
    ZIP,
    Encoding,
    Row,
    Separator,
    Table,
    Trouble,
    TroubleCode,
    bounded,
    by_sign,
    cell_text,
    read_text,
    rows_of,
)

#: bytes of a workbook unpacked: 5,000 rows of 30 columns are some 8 MB
MOST_INSIDE = 16 * 1024 * 1024
MOST_PARTS = 400
MOST_SHEETS = 40
#: a sheet formatted to its millionth row is looked at no further than this
LAST_ROW = 4 * MOST_ROWS

_FORMULA_WITHOUT_VALUE = re.compile(rb"<c\b[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


def read(
    content: bytes,
    encoding: Encoding | None = None,
    separator: Separator | None = None,
    sheet: str | None = None,
) -> tuple[Table, ...] | Trouble:
    """Any file people send in, by what is in it, whatever its name says: a table for each sheet that is not empty.

    The rest is what the person chose. 0.5 s for a workbook of 2,000 rows, a tenth of it for text.
    """
    if not content:
        return Trouble(TroubleCode.EMPTY)
    if content.startswith(ZIP):
        return _read_workbook(content, sheet)
    found = by_sign(content) or read_text(content, encoding, separator)
    return found if isinstance(found, Trouble) else (found,)


def _read_workbook(content: bytes, wanted: str | None) -> tuple[Table, ...] | Trouble:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            trouble = _unfit(package)
            if trouble is not None:
                return trouble
            empty_formulas = _empty_formulas(package)
        return _rows(content, wanted, empty_formulas)
    except (
        ArithmeticError,
        AttributeError,
        EOFError,
        InvalidFileException,
        LookupError,
        NotImplementedError,
        OSError,
        ParseError,
        RuntimeError,
        SyntaxError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zipfile.zlib.error,  # type: ignore[attr-defined]
    ):  # what the reader says of a file that is not what it claims to be
        return Trouble(TroubleCode.DAMAGED)


def _unfit(package: zipfile.ZipFile) -> Trouble | None:
    """What the package says of itself before anything is unpacked."""
    parts = package.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        return Trouble(_other_package(package, names))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INSIDE:
        return Trouble(TroubleCode.TOO_LARGE_INSIDE)
    if any(part.flag_bits & 1 for part in parts):
        return Trouble(TroubleCode.DAMAGED)
    for part in parts:  # a workbook declares no entities; who does means to make the reader busy
        if part.filename.endswith((".xml", ".rels")) and b"<!" in re.sub(rb"<!(--|\[CDATA\[)", b"", package.read(part)):
            return Trouble(TroubleCode.DAMAGED)
    return None


def _other_package(package: zipfile.ZipFile, names: set[str]) -> TroubleCode:
    if "xl/workbook.bin" in names:
        return TroubleCode.BINARY_WORKBOOK
    if any(name.startswith("word/") for name in names):
        return TroubleCode.DOCUMENT
    if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
        kind = package.read("mimetype")
        if b"spreadsheet" in kind:
            return TroubleCode.OPEN_DOCUMENT
        if b"opendocument" in kind:
            return TroubleCode.DOCUMENT
    return TroubleCode.ARCHIVE


def _empty_formulas(package: zipfile.ZipFile) -> int:
    """Formulas saved without a value: the program that made the file never counted them."""
    return sum(
        len(_FORMULA_WITHOUT_VALUE.findall(package.read(part)))
        for part in package.infolist()
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    )


def _rows(content: bytes, wanted: str | None, empty_formulas: int) -> tuple[Table, ...] | Trouble:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions we do not read
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [one for one in workbook.worksheets if one.sheet_state == "visible"][:MOST_SHEETS]
            names = tuple(one.title for one in sheets)
            read = [
                Table(rows_of(_lines(one)), sheet=one.title, sheets=names, empty_formulas=empty_formulas)
                for one in sheets
                if wanted is None or one.title == wanted
            ]
        finally:
            workbook.close()
    tables = [bounded(table) for table in read if table.rows]
    troubles = [table for table in tables if isinstance(table, Trouble)]
    if troubles or not tables:
        return troubles[0] if troubles else Trouble(TroubleCode.EMPTY)
    return tuple(table for table in tables if isinstance(table, Table))


def _lines(sheet: Any) -> Iterator[list[str]]:
    """The sheet's rows as text, up to where nothing comes any more."""
    filled = 0
    sheet.reset_dimensions()  # what a file says of its own size is not to be believed
    for values in sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True):
        cells = [cell_text(value) for value in values]
        filled += any(cells)
        yield cells
        if filled > MOST_ROWS:
            return


__all__ = ["Row", "read"]
