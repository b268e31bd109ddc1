"""Long lists, a page at a time. `_shared/pages.html` draws the way to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

Row = TypeVar("Row")

#: further than this nobody turns pages, and a larger number would only make the database count
LAST_PAGE = 10_000


@dataclass(frozen=True)
class Paged(Generic[Row]):
    """One page of a list: its rows, its number from 1 on, and whether others come before and after it."""

    rows: list[Row]
    number: int
    has_more: bool

    @property
    def has_before(self) -> bool:
        return self.number > 1


def page_asked() -> int:
    """The page number in the address, `?page=3`; the first for anything else."""
    asked = request.args.get("page", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 6):
        return 1
    return min(max(int(asked), 1), LAST_PAGE)


def offset(number: int, size: int) -> int:
    """How many rows stand before a page. Ask for `size + 1` rows after them: `page_of` looks whether there are more."""
    return (number - 1) * size


def page_of(rows: Sequence[Row], number: int, size: int) -> Paged[Row]:
    """A page of the rows found at its offset, at most `size + 1` of them."""
    return Paged(list(rows[:size]), number, len(rows) > size)


def page_in(rows: Sequence[Row], number: int, size: int) -> Paged[Row]:
    """A page of a list that was read whole."""
    first = offset(number, size)
    return page_of(rows[first : first + size + 1], number, size)
