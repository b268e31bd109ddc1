"""Reads month sheets back out of the XLSX and out of the PDF's text. Imports nothing of the program.

It knows a sheet as a person does: by the words in its head and the places of its columns. What does not look like
a month sheet raises `Unreadable`; nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pypdf

#: heads of the columns at the right, in order; a PDF wraps them over lines
HEADS = ("Lankyta dienų", "Praleista dienų", "ligos", "kitų pateis.", "nepateis.", "nežinoma", "Maitinta dienų")
GROUP, CHILD, IN_ALL = "Grupė: ", "Vaikas", "Lankė / iš viso"
#: half the height of a row of the PDF, in points
NEAR = 5.5


class Unreadable(ValueError):
    """This is not a month sheet as people know it."""


@dataclass
class ReadChild:
    """A child's row: its letters by day, its totals in the order of `HEADS`."""

    number: int
    name: str
    letters: dict[int, str]
    totals: tuple[int, ...]

    @property
    def counted(self) -> Counter[str]:
        return Counter(self.letters.values())


@dataclass
class ReadSheet:
    """A group's sheet, its pages put together."""

    group: str
    children: list[ReadChild] = field(default_factory=list)
    #: children present on each day
    present: dict[int, int] = field(default_factory=dict)
    totals: tuple[int, ...] = ()


# --- XLSX ------------------------------------------------------------------------------------------------------


def read_xlsx(path: Path) -> list[ReadSheet]:
    """One sheet for each worksheet."""
    workbook = openpyxl.load_workbook(path, read_only=True)
    try:
        return [_worksheet(worksheet.iter_rows(values_only=True)) for worksheet in workbook.worksheets]
    finally:
        workbook.close()


def _worksheet(rows: Iterable[tuple[Any, ...]]) -> ReadSheet:
    sheet: ReadSheet | None = None
    days: dict[int, int] = {}
    first_total = 0
    for row in rows:
        label = row[0] if row else None
        if isinstance(label, str) and label.startswith(GROUP):
            sheet = ReadSheet(label.removeprefix(GROUP))
        elif len(row) > 1 and row[1] == CHILD:
            days = {column: value for column, value in enumerate(row) if isinstance(value, int)}
            first_total = max(days) + 1
            if tuple(row[first_total : first_total + len(HEADS)]) != HEADS:
                raise Unreadable(f"heads are {row[first_total:]}")
        elif sheet is not None and days and isinstance(label, int):
            letters = {day: row[column] for column, day in days.items() if row[column]}
            sheet.children.append(ReadChild(label, str(row[1]), letters, _numbers(row[first_total:])))
        elif sheet is not None and days and row[1] == IN_ALL:
            sheet.present = {day: row[column] for column, day in days.items() if isinstance(row[column], int)}
            sheet.totals = _numbers(row[first_total:])
    if sheet is None or not sheet.totals:
        raise Unreadable("no group or no totals in a worksheet")
    return sheet


def _numbers(values: Iterable[Any]) -> tuple[int, ...]:
    found = tuple(values)[: len(HEADS)]
    if len(found) != len(HEADS) or not all(type(value) is int for value in found):
        raise Unreadable(f"totals are {found}")
    return found


# --- PDF -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Word:
    """A piece of text with the place where it begins, in points from the lower left corner."""

    x: float
    y: float
    text: str


def read_pdf(path: Path) -> list[ReadSheet]:
    """Pages that follow each other with the same group are one sheet."""
    sheets: list[ReadSheet] = []
    pages = pypdf.PdfReader(path).pages
    for number, page in enumerate(pages, start=1):
        words = _words(page)
        if not any(word.text == f"{number} / {len(pages)}" for word in words):
            raise Unreadable(f"page {number} of {len(pages)} does not say so")
        group = next((word.text.removeprefix(GROUP) for word in words if word.text.startswith(GROUP)), None)
        if group is None:
            raise Unreadable(f"page {number} names no group")
        if not sheets or sheets[-1].group != group or sheets[-1].totals:
            sheets.append(ReadSheet(group))
        _read_page(words, sheets[-1])
    if any(not sheet.totals for sheet in sheets):
        raise Unreadable("a sheet has no line of totals")
    return sheets


def _words(page: pypdf.PageObject) -> list[Word]:
    found: list[Word] = []

    def take(text: str, cm: list[float], tm: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            found.append(Word(tm[4] + cm[4], tm[5] + cm[5], text.strip()))

    page.extract_text(visitor_text=take)
    return found


def _read_page(words: list[Word], sheet: ReadSheet) -> None:
    child_head = next((word for word in words if word.text == CHILD), None)
    if child_head is None:
        raise Unreadable("no head of the table")
    top = child_head.y
    head = [word for word in words if abs(word.y - top) < 16 and word.x > child_head.x]
    day_words = [word for word in head if re.fullmatch(r"[1-9]|[12]\d|3[01]", word.text)]
    days = {int(word.text): word.x + (2 if len(word.text) == 2 else 0) for word in day_words}
    if sorted(days) != list(range(1, len(days) + 1)):
        raise Unreadable("days of the month are not whole")
    right = max(days.values()) + 6
    _check_heads([word for word in head if word.x > right])
    first_day = days[1] - 6
    body = [word for word in words if word.y < top - 16]
    starts = [word for word in body if word.x < child_head.x and word.text.isdigit()]
    totals_word = next((word for word in body if word.text == IN_ALL), None)
    for start in [*starts, *([totals_word] if totals_word else [])]:
        line = sorted((word for word in body if abs(word.y - start.y) < NEAR), key=lambda word: (word.x, -word.y))
        totals = _numbers(int(word.text) for word in line if word.x > right)
        cells = {_nearest(days, word.x): word.text for word in line if first_day < word.x <= right}
        if start is totals_word:
            sheet.present = {day: int(text) for day, text in cells.items()}
            sheet.totals = totals
        else:
            name = " ".join(word.text for word in line if child_head.x - 1 < word.x <= first_day)
            sheet.children.append(ReadChild(int(start.text), name, cells, totals))


def _check_heads(words: list[Word]) -> None:
    """The seven columns stand in the known order; „iš jų praleista dėl“ stands over four of them."""
    told = " ".join(word.text for word in sorted(words, key=lambda word: word.x))
    places = [told.find(head.split()[0]) for head in HEADS]
    if -1 in places or places != sorted(places):
        raise Unreadable(f"heads of the totals are {told}")


def _nearest(days: dict[int, float], x: float) -> int:
    return min(days, key=lambda day: abs(days[day] - x))
