"""The month sheet as a workbook (C6): the same columns as on paper, a worksheet a group."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from flask_babel import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ediary.core.i18n import month_long
from ediary.sheets.paper import Version, legend, letter, state_words, told, total_heads
from ediary.sheets.queries import GroupSheet
from ediary.sheets.rules import PRINTED, State

#: rows of the head above the table
HEAD_ROWS = 5


def xlsx(groups: Sequence[GroupSheet], version: Version) -> bytes:
    """The sheets of these groups in one workbook. Numbers are numbers, and no text is ever a formula."""
    buffer = io.BytesIO()
    workbook = Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made = version.at.astimezone(UTC).replace(tzinfo=None)
    workbook.set_properties({"title": _("Record sheet of children's attendance"), "created": made})
    formats = {
        "plain": workbook.add_format({"border": 1, "align": "center"}),
        "name": workbook.add_format({"border": 1}),
        "closed": workbook.add_format({"border": 1, "align": "center", "bg_color": "#DBDBDB"}),
        "head": workbook.add_format(
            {"border": 1, "align": "center", "valign": "vcenter", "bold": True, "text_wrap": True}
        ),
        "closed_head": workbook.add_format({"border": 1, "align": "center", "bold": True, "bg_color": "#DBDBDB"}),
        "total": workbook.add_format({"border": 1, "align": "center", "bg_color": "#F2F2F2"}),
        "sum": workbook.add_format({"border": 1, "align": "center", "bold": True, "bg_color": "#F2F2F2"}),
        "title": workbook.add_format({"bold": True, "font_size": 14}),
    }
    for group, name in zip(groups, sheet_names(group.name for group in groups), strict=True):
        _worksheet(workbook.add_worksheet(name), formats, group, version)
    workbook.close()
    return buffer.getvalue()


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


def _worksheet(worksheet: Worksheet, formats: dict[str, Any], group: GroupSheet, version: Version) -> None:
    days = group.sheet.days
    first_total = 2 + len(days)
    text, number = worksheet.write_string, worksheet.write_number
    text(0, 0, _("Record sheet of children's attendance"), formats["title"])
    text(1, 0, f"{group.institution}, {_('code %(code)s', code=group.code)}")
    text(2, 0, _("Group: %(name)s", name=group.name))
    text(
        3,
        0,
        _(
            "Month: %(month)s    Working days: %(days)s",
            month=month_long(group.month),
            days=group.sheet.working_days,
        ),
    )
    text(4, 0, f"{state_words(group)}. {told(version)}")
    at = HEAD_ROWS
    for column, head in enumerate((_("No."), _("Child"))):
        text(at, column, head, formats["head"])
    for column, day in enumerate(days, start=2):
        number(at, column, day.day.day, formats["closed_head" if day.closed is not None else "head"])
    for column, head in enumerate(total_heads(), start=first_total):
        text(at, column, head, formats["head"])
    for at, row in enumerate(group.sheet.rows, start=HEAD_ROWS + 1):
        number(at, 0, row.number, formats["plain"])
        text(at, 1, row.name, formats["name"])
        for column, cell in enumerate(row.cells, start=2):
            grey = cell.state is State.CLOSED or cell.state is State.AWAY
            text(at, column, letter(cell), formats["closed" if grey else "plain"])
        for column, total in enumerate(row.totals.printed, start=first_total):
            number(at, column, total, formats["total"])
    at = HEAD_ROWS + 1 + len(group.sheet.rows)
    text(at, 0, "", formats["sum"])
    text(at, 1, _("Attended / in all"), formats["sum"])
    for column, count in enumerate(group.sheet.present, start=2):
        if count is None:
            text(at, column, "", formats["closed_head"])
        else:
            number(at, column, count, formats["sum"])
    for column, total in enumerate(group.sheet.totals.printed, start=first_total):
        number(at, column, total, formats["sum"])
    for line, (sign, meaning) in enumerate(legend(group), start=at + 2):
        text(line, 1, f"{sign} – {meaning}")
    worksheet.freeze_panes(HEAD_ROWS + 1, 2)
    worksheet.set_column(0, 0, 5)
    worksheet.set_column(1, 1, 30)
    worksheet.set_column(2, first_total - 1, 3.3)
    worksheet.set_column(first_total, first_total + len(PRINTED) - 1, 11)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(HEAD_ROWS)
