"""Days as lists write them; what may be two days is asked about, once a column. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ediary.registers.rules import DayOrder, FaultCode, Wrong

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{1,2})\s*\.?(?:\s*d\.?)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[-./ ]\s*\d{1,2}\s*[-./ ]\s*\d{2}")
_IN_WORDS = re.compile(r"(\d{4})\s*m\.?\s*([a-z]+)\s*(?:men\.?\s*)?(?:menesio\s*)?(\d{1,2})\s*d?\.?")
_HOUR = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_MONTHS = (
    "sausio", "vasario", "kovo", "balandzio", "geguzes", "birzelio",
    "liepos", "rugpjucio", "rugsejo", "spalio", "lapkricio", "gruodzio",
)  # fmt: skip
#: Excel counts days from here (the two days it is wrong by are before 1900-03-01)
_EXCEL_ZERO = date(1899, 12, 30)


def day(text: str, order: DayOrder | None = None) -> date:
    """A day in any spelling people use. Raises Wrong, DAY_NOT_ASKED where it may be two days and nobody said which."""
    text = _HOUR.sub("", text).strip()
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.fullmatch(text):
        if order is None:
            raise Wrong(FaultCode.DAY_NOT_ASKED)
        one, other, year = int(found[1]), int(found[2]), int(found[3])
        return _day(year, other, one) if order is DayOrder.DAY_FIRST else _day(year, one, other)
    found = _IN_WORDS.fullmatch(_unmarked(text))
    if found and found[2] in _MONTHS:
        return _day(int(found[1]), _MONTHS.index(found[2]) + 1, int(found[3]))
    if re.fullmatch(r"[2-6]\d{4}", text):  # a day whose cell lost its format
        return _EXCEL_ZERO + timedelta(days=int(text))
    if _SHORT_YEAR.fullmatch(text):
        raise Wrong(FaultCode.DAY_SHORT_YEAR)
    raise Wrong(FaultCode.DAY_UNREADABLE)


def _unmarked(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(one))


def _day(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise Wrong(FaultCode.DAY_IMPOSSIBLE) from None


@dataclass(frozen=True)
class DayQuestion:
    """A column whose days may be read in two ways. `proven`: the one that fits all of them, when only one does."""

    column: int
    example: str
    readings: Mapping[DayOrder, date | None]
    proven: DayOrder | None


def day_question(column: int, texts: Iterable[str]) -> DayQuestion | None:
    """What to ask of a column of days; None when every day can be read in one way only."""
    first = unsure = ""
    fits = set(DayOrder)
    for text in texts:
        found = _YEAR_LAST.fullmatch(_HOUR.sub("", text).strip())
        if found is None:
            continue
        one, other = int(found[1]), int(found[2])
        first = first or text
        if not unsure and one <= 12 and other <= 12 and one != other:
            unsure = text
        if one > 12:
            fits.discard(DayOrder.MONTH_FIRST)
        if other > 12:
            fits.discard(DayOrder.DAY_FIRST)
    example = unsure or first
    if not example:
        return None
    readings: dict[DayOrder, date | None] = {}
    for order in DayOrder:
        try:
            readings[order] = day(example, order)
        except Wrong:
            readings[order] = None
    return DayQuestion(column, example, readings, next(iter(fits)) if len(fits) == 1 else None)
