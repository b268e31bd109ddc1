"""The month's hours as a workbook: hours are numbers, and no text is ever a formula."""

from __future__ import annotations

import io

from flask_babel import gettext as _
from xlsxwriter import Workbook

from ediary.core.i18n import month_long
from ediary.handovers.hours import HoursPage

HEAD_ROW = 4
#: minutes of an hour
HOUR = 60


def xlsx(page: HoursPage) -> bytes:
    """A line for each assignment, a sum for each person, one for all."""
    buffer = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(buffer, safe)
    title = workbook.add_format({"bold": True, "font_size": 14})
    head = workbook.add_format({"border": 1, "bold": True, "text_wrap": True, "valign": "vcenter"})
    plain = workbook.add_format({"border": 1})
    number = workbook.add_format({"border": 1, "num_format": "0.00"})
    total = workbook.add_format({"border": 1, "bold": True, "bg_color": "#F2F2F2"})
    total_number = workbook.add_format({"border": 1, "bold": True, "bg_color": "#F2F2F2", "num_format": "0.00"})
    sheet = workbook.add_worksheet(str(page.month))
    sheet.write_string(0, 0, _("Hours worked in groups"), title)
    sheet.write_string(1, 0, f"{page.institution}, {_('code %(code)s', code=page.code)}")
    sheet.write_string(2, 0, month_long(page.month))
    heads = (
        _("Who"), _("As"), _("Group"), _("Stands in for"), _("From"), _("Until"),
        _("Days"), _("Planned, h"), _("Worked, h"), _("Difference, h"), _("Remarks"),
    )  # fmt: skip
    for column, text in enumerate(heads):
        sheet.write_string(HEAD_ROW, column, text, head)
    at = HEAD_ROW + 1
    for person in page.people:
        for work in person.works:
            texts = (person.name, work.duty_said, work.group_name, work.substituted or "",
                     work.first.isoformat(), work.last.isoformat() if work.last else "")  # fmt: skip
            for column, text in enumerate(texts):
                sheet.write_string(at, column, text, plain)
            sheet.write_number(at, 6, work.sums.days, plain)
            minutes = (work.sums.planned, work.sums.minutes, work.sums.difference)
            for column, value in enumerate(minutes, start=7):
                sheet.write_number(at, column, round(value / HOUR, 2), number)
            notes = [f"{day.day.isoformat()}: {day.worked.note}" for day in work.days if day.worked and day.worked.note]
            sheet.write_string(at, 10, "; ".join(notes), plain)
            at += 1
        if len(person.works) > 1:
            _sum(sheet, at, person.name, person.planned, person.minutes, total, total_number)
            at += 1
    _sum(sheet, at, _("In all"), page.planned, page.minutes, total, total_number)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    for column, width in enumerate((26, 16, 18, 26, 11, 11, 7, 11, 11, 11, 40)):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    workbook.close()
    return buffer.getvalue()


def _sum(sheet: object, at: int, name: str, planned: int, minutes: int, total: object, number: object) -> None:
    for column in range(11):
        sheet.write_string(at, column, name if column == 0 else "", total)  # type: ignore[attr-defined]
    for column, value in enumerate((planned, minutes, minutes - planned), start=7):
        sheet.write_number(at, column, round(value / HOUR, 2), number)  # type: ignore[attr-defined]
