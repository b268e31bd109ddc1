"""The month sheet's cells as escaped fragments: a template's loop would cost several times more."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup, escape

from ediary.attendance.rules import Kind
from ediary.core.tables import cell, joined
from ediary.sheets.queries import SheetPage
from ediary.sheets.rules import Cell, Day, Row, State

#: how a cell looks; a present one is plain
LOOKS = {
    State.PRESENT: "in",
    State.UNKNOWN: "unknown",
    State.UNMARKED: "",
    State.COMING: "",
    State.AWAY: "away",
    State.CLOSED: "off",
}


def body(page: SheetPage) -> Markup:
    """The rows of the grid, totals at the right. Cells carry no ids: a row names its child, a head its day."""
    days = page.group.sheet.days
    plain = {state: cell("", class_=look or None) for state, look in LOOKS.items()}
    plain[State.PRESENT] = cell("·", class_="in")
    plain[State.UNKNOWN] = cell("?", class_="unknown")
    return joined(_row(row, days, plain, can_edit=page.can_edit) for row in page.group.sheet.rows)


def _row(row: Row, days: tuple[Day, ...], plain: dict[State, str], *, can_edit: bool) -> str:
    parts = [f'<tr data-child="{row.child_id}">', cell(row.name, "th", scope="row", title=row.name)]
    for day, mark in zip(days, row.cells, strict=True):
        if can_edit and mark.is_absence:
            parts.append(_choosable(row, day.day, mark))
        elif mark.state is State.ABSENT:
            parts.append(cell(mark.letter, class_=look(mark)))
        else:
            parts.append(plain[mark.state])
    parts += [
        cell(total or "", class_="total") if at == 5 else cell(total, class_="total")
        for at, total in enumerate(row.totals.printed)
    ]
    parts.append("</tr>")
    return "".join(parts)


def look(mark: Cell) -> str:
    """An absence's tone: excused, not excused, unknown."""
    if mark.reason is None:
        return "unknown"
    return "out" if mark.reason.kind is Kind.UNJUSTIFIED else "exc"


def _choosable(row: Row, day: date, mark: Cell) -> str:
    """An absence that may get a reason; without scripts a box to tick stands in it."""
    label = f"{escape(row.name)}, {day.isoformat()}"
    value = f"{row.child_id}:{day.isoformat()}"
    box = f'<noscript><input type="checkbox" name="cells" value="{value}" aria-label="{label}"></noscript>'
    return f'<td class="a {look(mark)}">{escape(mark.letter)}{box}</td>'
