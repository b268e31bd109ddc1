"""The month sheet's cells as escaped fragments: a template's loop would cost several times more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from ediary.absences import words
from ediary.absences.rules import ReasonKind
from ediary.core.tables import cell, joined
from ediary.sheets.pages import SheetPage
from ediary.sheets.rules import PRESENT_LETTER, UNKNOWN_LETTER, Cell, Day, Row, State

#: what stands in a cell that tells no reason, and how it looks
LOOKS = {
    State.PRESENT: (PRESENT_LETTER, "in"),
    State.UNKNOWN: (UNKNOWN_LETTER, "unknown"),
    State.UNMARKED: ("", ""),
    State.COMING: ("", ""),
    State.AWAY: ("", "away"),
    State.CLOSED: ("", "off"),
}


@dataclass(frozen=True)
class Grid:
    """The parts of the table that have a cell for each day."""

    head: Markup
    rows: Markup
    foot: Markup


def draw(page: SheetPage) -> Grid:
    """Heads of the days, the children's rows, the line of those present. Cells carry no ids: a row names its
    child, a head its day."""
    sheet = page.group.sheet
    return Grid(
        joined(_head(day) for day in sheet.days),
        joined(_rows(page)),
        joined(
            [
                *(
                    _count("" if count is None else count, None if day.closed is None else "off")
                    for day, count in zip(sheet.days, sheet.present, strict=True)
                ),
                *(_count(total, "total") for total in sheet.totals.printed),
            ]
        ),
    )


def _head(day: Day) -> str:
    look = None if day.closed is None else "off"
    return cell(day.day.day, "th", scope="col", data_day=day.day.isoformat(), class_=look, title=day.closed or None)


#: cells that are the same for everybody are made once
_count = lru_cache(maxsize=4096)(lambda text, look: cell(text, class_=look))


def _rows(page: SheetPage) -> Iterator[str]:
    days = page.group.sheet.days
    seen: dict[int, str] = {}  # equal cells are one object: each is written once, but those that can be chosen
    for row in page.group.sheet.rows:
        yield f'<tr data-child="{row.child_id}">'
        yield cell(row.name, "th", scope="row", title=row.name)
        for day, mark in zip(days, row.cells, strict=True):
            drawn = seen.get(id(mark))
            if drawn is None:
                if page.can_edit and mark.is_absence:
                    drawn = _choosable(row, day.day, mark)
                elif mark.state is State.UNKNOWN:
                    drawn = cell(mark.letter, class_=look(mark), id=anchor(row.child_id, day.day))
                else:
                    drawn = seen[id(mark)] = _plain(mark)
            yield drawn
        for total in row.totals.printed:
            yield _count(total, "total")
        yield "</tr>"


def _plain(mark: Cell) -> str:
    if mark.state is State.ABSENT:
        return cell(mark.sign, class_=look(mark), title=told(mark))
    sign, tone = LOOKS[mark.state]
    return cell(sign, class_=tone or None)


def look(mark: Cell) -> str:
    """An absence's tone: excused, not excused, unknown."""
    if mark.reason is None:
        return "unknown"
    tone = "out" if mark.kind is ReasonKind.UNJUSTIFIED else "exc"
    return tone if mark.sign == mark.letter else f"{tone} signed"


@lru_cache(maxsize=4096)
def told(mark: Cell) -> str | None:
    """An absence's reason, and why it counts as it does."""
    if mark.reason is None or mark.verdict is None:
        return mark.reason.name if mark.reason else None
    return f"{mark.reason.name}. {words.why(mark.verdict, mark.reason.terms)}"


def _choosable(row: Row, day: date, mark: Cell) -> str:
    """An absence that may get a reason; without scripts a box to tick stands in it."""
    label = f"{escape(row.name)}, {day.isoformat()}"
    value = f"{row.child_id}:{day.isoformat()}"
    box = f'<noscript><input type="checkbox" name="cells" value="{value}" aria-label="{label}"></noscript>'
    title = told(mark)
    said = f' title="{escape(title)}"' if title else ""
    place = f' id="{anchor(row.child_id, day)}"' if mark.state is State.UNKNOWN else ""
    return f'<td class="a {look(mark)}"{place}{said}>{escape(mark.sign)}{box}</td>'


def anchor(child_id: int, day: date) -> str:
    """The cell of a reason not known: what is missing leads to it."""
    return f"c{child_id}-{day.day}"
