"""The month sheet as a workbook (C6): the same columns as on paper, a worksheet a group."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask_babel import gettext as _
from xlsxwriter.worksheet import Worksheet

from ediary.core.i18n import month_long
from ediary.core.workbooks import book, sheet_names, write
from ediary.sheets.paper import Version, legend, letter, title, told, total_heads
from ediary.sheets.queries import GroupSheet
from ediary.sheets.rules import PRINTED, State

#: rows of the head above the table
HEAD_ROWS = 5


def xlsx(groups: Sequence[GroupSheet], version: Version) -> bytes:
    """The sheets of these groups in one workbook. Numbers are numbers, and no text is ever a formula."""
    buffer = io.BytesIO()
    workbook = book(buffer, _("Record sheet of children's attendance"), version.at)
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
        "right": workbook.add_format({"align": "right"}),
        "title": workbook.add_format({"bold": True, "font_size": 14}),
    }
    for group, name in zip(groups, sheet_names(group.name for group in groups), strict=True):
        _worksheet(workbook.add_worksheet(name), formats, group, version)
    workbook.close()
    return buffer.getvalue()


def _worksheet(worksheet: Worksheet, formats: dict[str, Any], group: GroupSheet, version: Version) -> None:
    days = group.sheet.days
    first_total = 2 + len(days)
    put = partial(write, worksheet)
    put(0, 0, title(group), formats["title"])
    for line, approval in enumerate(group.approval):
        put(line, first_total + len(PRINTED) - 1, approval, formats["right"])
    put(1, 0, f"{group.institution}, {_('code %(code)s', code=group.code)}")
    put(2, 0, _("Group: %(name)s", name=group.name))
    put(
        3,
        0,
        _(
            "Month: %(month)s    Working days: %(days)s",
            month=month_long(group.month),
            days=group.sheet.working_days,
        ),
    )
    put(4, 0, f"{'; '.join(group.course.words)}. {told(version)}")
    at = HEAD_ROWS
    for column, head in enumerate((_("No."), _("Child"))):
        put(at, column, head, formats["head"])
    for column, day in enumerate(days, start=2):
        put(at, column, day.day.day, formats["closed_head" if day.closed is not None else "head"])
    for column, head in enumerate(total_heads(), start=first_total):
        put(at, column, head, formats["head"])
    for at, row in enumerate(group.sheet.rows, start=HEAD_ROWS + 1):
        put(at, 0, row.number, formats["plain"])
        put(at, 1, row.name, formats["name"])
        for column, cell in enumerate(row.cells, start=2):
            grey = cell.state is State.CLOSED or cell.state is State.AWAY
            put(at, column, letter(cell), formats["closed" if grey else "plain"])
        for column, total in enumerate(row.totals.printed, start=first_total):
            put(at, column, total, formats["total"])
    at = HEAD_ROWS + 1 + len(group.sheet.rows)
    put(at, 0, "", formats["sum"])
    put(at, 1, _("Attended / in all"), formats["sum"])
    for column, count in enumerate(group.sheet.present, start=2):
        if count is None:
            put(at, column, "", formats["closed_head"])
        else:
            put(at, column, count, formats["sum"])
    for column, total in enumerate(group.sheet.totals.printed, start=first_total):
        put(at, column, total, formats["sum"])
    for line, (sign, meaning) in enumerate(legend(group), start=at + 2):
        put(line, 1, f"{sign} – {meaning}")
    worksheet.freeze_panes(HEAD_ROWS + 1, 2)
    worksheet.set_column(0, 0, 5)
    worksheet.set_column(1, 1, 30)
    worksheet.set_column(2, first_total - 1, 3.3)
    worksheet.set_column(first_total, first_total + len(PRINTED) - 1, 11)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(HEAD_ROWS)
