"""The month sheet on paper (C6): A4 landscape, one group after another, pages counted over the whole file.

The grid is a reportlab table of plain strings with its sizes given, so that nothing is measured twice: some
30 ms a group. Pages are laid out by counting rows, so the last rows always stay with the signatures.
The same data at the same moment give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from reportlab.lib.colors import Color, black
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

from ediary.absences.rules import Reason
from ediary.absences.words import effect, term, terse_rule
from ediary.attendance.outages import OutageFact
from ediary.core.dates import Month
from ediary.core.i18n import month_long, stamp
from ediary.core.pdf import FONT, register_fonts
from ediary.core.pdf import FONT_BOLD as BOLD
from ediary.core.qr import draw_qr
from ediary.sheets.queries import GroupSheet
from ediary.sheets.rules import PRESENT_ON_PAPER, PRINTED, UNKNOWN_LETTER, Cell, Row, State
from ediary.sheets.signers import Signers

WIDTH, HEIGHT = landscape(A4)
MARGIN = 26.0
USABLE = WIDTH - 2 * MARGIN
#: the foot stands below the margin's inner edge
FOOT = 20.0
HEAD, ROW, TITLE_ROW, WEEKDAY_ROW = 50.0, 12.4, 13.5, 17.0
#: of the lines that say who approved the sheet's form
APPROVAL_LINE, APPROVAL_GAP = 9.5, 5.0
#: of the lines that say how far the month has come
STATE, STATE_LINE, DRAFT = 7.0, 8.6, 9.0
#: the code by which the paper is checked stands in the corner, the head's texts end before it
CODE = 52.0
RIGHT = WIDTH - MARGIN - CODE
NUMBER, DAY, TOTAL = 17.0, 15.4, 25.0
SIZE, SMALL, HEAD_SIZE = 7.5, 6.2, 5.4
SIGNATURES = 50.0
#: what a hand needs of a signature line beside the printed name
SIGNATURE = 110.0
#: at least so many rows go with the signatures to the last page
KEPT_ROWS = 3
LINE, CLOSED, TONE = Color(0.55, 0.55, 0.55), Color(0.86, 0.86, 0.86), Color(0.95, 0.95, 0.95)

_LEGEND = ParagraphStyle("legend", fontName=FONT, fontSize=SMALL, leading=7.8)


@dataclass(frozen=True)
class Version:
    """Which print this is, when it was made, how to check it, group by group who will sign it, where its code leads."""

    number: int
    at: datetime
    proof: str
    signers: Mapping[int, Signers] = field(default_factory=dict)
    address: str = ""


def weekdays() -> list[str]:
    """Short names of the days of the week, Monday first."""
    return [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")]


def total_heads() -> list[str]:
    """Heads of the columns of `rules.PRINTED`."""
    return [
        _("Days attended"),
        _("Days absent"),
        _("illness"),
        _("other justified"),
        _("unjustified"),
        _("unknown"),
        _("Meal days"),
    ]


def letter(cell: Cell) -> str:
    """What a paper shows in a cell: a mark must be seen to have been made."""
    return PRESENT_ON_PAPER if cell.state is State.PRESENT else cell.sign


def legend(group: GroupSheet) -> list[tuple[str, str]]:
    """Each sign with what it means and does to the fee."""
    signs = [
        (PRESENT_ON_PAPER, _("attended")),
        (UNKNOWN_LETTER, _("absent, reason unknown")),
        (_("empty"), _("not marked")),
        (_("grey"), _("no working day, or no place in the group")),
    ]
    told = ((reason, "; ".join(filter(None, _said(reason, group.month)))) for reason in group.legend)
    letters = [(reason.letter, f"{reason.name} ({words})") for reason, words in told]
    written = [(one.day.isoformat(), on_paper_said(one)) for one in group.on_paper]
    return [*signs, *_judged(group), *letters, *written]


def _said(reason: Reason, month: Month) -> tuple[str, ...]:
    """What a letter does to the fee, what it asks for, since or until when it is so."""
    does = effect(reason)
    if reason.terms.needs_paper:
        does += ", " + _("a paper is needed")
    return does, terse_rule(reason.rule), term(reason, month)


def _judged(group: GroupSheet) -> list[tuple[str, str]]:
    """What brackets and a star beside a letter mean, where some stand on this sheet."""
    used = {cell.sign[-1] for row in group.sheet.rows for cell in row.cells if cell.sign != cell.letter}
    signs = {")": ("( )", _("the reason does not hold: counted as unjustified")), "*": ("*", _("a paper is awaited"))}
    return [signs[end] for end in sorted(used)]


def on_paper_said(one: OutageFact) -> str:
    """Why a day was written on paper, and when it was entered."""
    if not one.entered_at:
        return _("written on paper (%(cause)s), not entered yet", cause=one.cause)
    return _("written on paper (%(cause)s), entered %(entered)s", cause=one.cause, entered=one.entered)


def title(group: GroupSheet) -> str:
    """What the sheet is called: in the institution's own words, where it has set them."""
    return group.title or _("Record sheet of children's attendance")


def told(version: Version) -> str:
    """Which print this is and how to check it."""
    made = _("Version %(number)s, made %(when)s.", number=version.number, when=stamp(version.at))
    return f"{made} {version.proof}"


# --- PDF ----------------------------------------------------------------------------------------------------


def split_rows(rows: int, *, full: int, last: int) -> list[int]:
    """How many rows stand on each page: at most `full`, on the last at most `last`, with the signatures.

    The last page keeps `KEPT_ROWS` rows if there are so many: signatures never stand alone.
    """
    pages = []
    while rows > last:
        taken = min(full, rows - min(KEPT_ROWS, rows - 1))
        pages.append(taken)
        rows -= taken
    return [*pages, rows]


def pdf(groups: Sequence[GroupSheet], version: Version) -> bytes:
    """The sheets of these groups in one file. Cost: some 30 ms a group."""
    register_fonts()
    laid = [(group, _lay_out(group)) for group in groups]
    pages = sum(len(counts) for _group, (counts, _tail) in laid)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, lang="lt-LT")
    canvas.setTitle(f"{_('Attendance sheet')} {groups[0].month} {groups[0].institution}" if groups else "")
    canvas.setCreator("ediary")
    page = 0
    for group, (counts, tail) in laid:
        first = 0
        for at, count in enumerate(counts):
            page += 1
            is_last = at == len(counts) - 1
            _head(canvas, group)
            if version.address:
                draw_qr(canvas, version.address, RIGHT + 5, HEIGHT - MARGIN - CODE + 6, CODE)
            bottom = _grid(canvas, group, group.sheet.rows[first : first + count], with_totals=is_last)
            if is_last:
                _tail(canvas, tail, bottom, version.signers.get(group.group_id, Signers()))
            _foot(canvas, group, version, page, pages)
            canvas.showPage()
            first += count
    canvas.save()
    return buffer.getvalue()


def _lay_out(group: GroupSheet) -> tuple[list[int], Paragraph]:
    told = (f"<b>{escape(sign)}</b> – {escape(meaning)}" for sign, meaning in legend(group))
    notes = Paragraph(";  ".join(told), _LEGEND)
    height = notes.wrap(USABLE, HEIGHT)[1]
    room = HEIGHT - 2 * MARGIN - FOOT - _head_height(group) - TITLE_ROW - WEEKDAY_ROW
    full = int(room // ROW)
    last = int((room - ROW - height - 14 - SIGNATURES) // ROW)
    return split_rows(len(group.sheet.rows), full=full, last=max(last, KEPT_ROWS)), notes


def _fitted(text: str, font: str, size: float, width: float, least: float = 5.0) -> float:
    """The size at which a text fits a width, as small as need be but readable."""
    taken = stringWidth(text, font, size)
    return size if taken <= width else max(least, size * width / taken)


def _head_height(group: GroupSheet) -> float:
    """The head, with the lines of its approval above the title."""
    return HEAD + (APPROVAL_LINE * len(group.approval) + APPROVAL_GAP if group.approval else 0)


def _head(canvas: Canvas, group: GroupSheet) -> None:
    top, middle = HEIGHT - MARGIN, WIDTH / 2
    canvas.setFillColor(black)
    canvas.setFont(BOLD, _fitted(group.institution, BOLD, 10, USABLE * 0.36))
    canvas.drawString(MARGIN, top - 9, group.institution)
    canvas.setFont(FONT, 8)
    canvas.drawString(MARGIN, top - 20, _("Institution code %(code)s", code=group.code))
    canvas.setFont(FONT, 8)
    if group.approval:
        left = RIGHT - max(stringWidth(line, FONT, 8) for line in group.approval)
        for line in group.approval:
            canvas.drawString(max(left, middle), top - 8, line)
            top -= APPROVAL_LINE
        top -= APPROVAL_GAP
    _states(canvas, group, top)
    canvas.setFont(BOLD, _fitted(title(group), BOLD, 11.5, USABLE * 0.36))
    canvas.drawCentredString(middle + 20, top - 9.5, title(group))
    line = _("Group: %(name)s", name=group.name)
    canvas.setFont(BOLD, _fitted(line, BOLD, 10, USABLE * 0.5))
    canvas.drawString(MARGIN, top - 38, line)
    canvas.setFont(FONT, 9)
    facts = _(
        "Month: %(month)s    Working days: %(days)s",
        month=month_long(group.month),
        days=group.sheet.working_days,
    )
    canvas.drawRightString(RIGHT, top - 38, facts)


def _states(canvas: Canvas, group: GroupSheet, top: float) -> None:
    """How far the month has come, a line a step, at the right of the title; of a draft the word stands out."""
    for at, line in enumerate(group.course.words):
        is_draft = not group.course.is_final and at == len(group.course.words) - 1
        font, size = (BOLD, DRAFT) if is_draft else (FONT, STATE)
        canvas.setFont(font, _fitted(line, font, size, USABLE * 0.27))
        canvas.drawRightString(RIGHT, top - 8 - STATE_LINE * at, line)


def _foot(canvas: Canvas, group: GroupSheet, version: Version, page: int, pages: int) -> None:
    canvas.setFont(FONT, SMALL)
    canvas.setFillColor(black)
    canvas.drawString(MARGIN, MARGIN - 4, told(version))
    canvas.drawRightString(WIDTH - MARGIN, MARGIN - 4, f"{page} / {pages}")


def _grid(canvas: Canvas, group: GroupSheet, rows: Sequence[Row], *, with_totals: bool) -> float:
    """Draw the table below the head; returns where it ended."""
    days = group.sheet.days
    names = weekdays()
    heads = ["\n".join(simpleSplit(head, BOLD, HEAD_SIZE, TOTAL - 1)) for head in total_heads()]
    first, last = 2, 1 + len(days)
    name_width = USABLE - NUMBER - DAY * len(days) - TOTAL * len(PRINTED)
    cells: list[list[Any]] = [
        [
            _("No."),
            _("Child"),
            *(str(day.day.day) for day in days),
            *heads[:2],
            _("of them absent for"),
            "",
            "",
            "",
            heads[6],
        ],
        ["", "", *(names[day.day.weekday()] for day in days), "", "", *heads[2:6], ""],
    ]
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), FONT, SIZE),
        ("ALIGN", (2, 0), (-1, -1), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 0.5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0.5),
        ("LEFTPADDING", (1, 0), (1, -1), 3),
        ("ALIGN", (0, 0), (0, -1), "CENTER"),
        ("FONT", (0, 0), (last, 0), BOLD, SIZE),
        ("FONT", (0, 1), (-1, 1), FONT, HEAD_SIZE),
        ("FONT", (last + 1, 0), (-1, 0), BOLD, HEAD_SIZE),
        ("LEADING", (last + 1, 0), (-1, 1), 6),
        ("SPAN", (0, 0), (0, 1)),
        ("SPAN", (1, 0), (1, 1)),
        ("SPAN", (last + 1, 0), (last + 1, 1)),
        ("SPAN", (last + 2, 0), (last + 2, 1)),
        ("SPAN", (last + 3, 0), (last + 6, 0)),
        ("SPAN", (last + 7, 0), (last + 7, 1)),
        ("BACKGROUND", (last + 1, 0), (-1, -1), TONE),
        ("GRID", (0, 0), (-1, -1), 0.35, LINE),
        ("BOX", (0, 0), (-1, -1), 0.8, black),
        ("LINEBELOW", (0, 1), (-1, 1), 0.8, black),
        ("LINEAFTER", (last, 0), (last, -1), 0.8, black),
    ]
    for closed, run in groupby(enumerate(days, start=first), key=lambda item: item[1].closed is not None):
        if closed:
            columns = [column for column, _day in run]
            style.append(("BACKGROUND", (columns[0], 0), (columns[-1], -1), CLOSED))
    for at, row in enumerate(rows, start=2):
        cells.append([str(row.number), row.name, *map(letter, row.cells), *map(str, row.totals.printed)])
        size = _fitted(row.name, FONT, SIZE, name_width - 4)
        if size < SIZE:
            lines = simpleSplit(row.name, FONT, size, name_width - 4)
            if len(lines) > 2:  # a row has room for two
                size = 4.2
                lines = simpleSplit(row.name, FONT, size, name_width - 4)
            cells[-1][1] = "\n".join(lines)
            style += [("FONTSIZE", (1, at), (1, at), size), ("LEADING", (1, at), (1, at), size)]
        if row.totals.enrolled < group.sheet.working_days:
            style += [("BACKGROUND", (first + a, at), (first + b, at), CLOSED) for a, b in _away(row.cells)]
    if with_totals:
        counts = ["" if count is None else str(count) for count in group.sheet.present]
        cells.append(["", _("Attended / in all"), *counts, *map(str, group.sheet.totals.printed)])
        style += [
            ("FONT", (0, -1), (-1, -1), BOLD, 7),
            ("BACKGROUND", (0, -1), (first - 1, -1), TONE),
            ("LINEABOVE", (0, -1), (-1, -1), 0.8, black),
        ]
    table = Table(
        cells,
        colWidths=[NUMBER, name_width, *[DAY] * len(days), *[TOTAL] * len(PRINTED)],
        rowHeights=[TITLE_ROW, WEEKDAY_ROW, *[ROW] * (len(cells) - 2)],
        style=TableStyle(style),
    )
    height = table.wrapOn(canvas, USABLE, HEIGHT)[1]
    bottom = HEIGHT - MARGIN - _head_height(group) - height
    table.drawOn(canvas, MARGIN, bottom)
    return float(bottom)


def _away(cells: Sequence[Cell]) -> list[tuple[int, int]]:
    """Stretches of days on which the child has no place."""
    stretches = []
    for state, run in groupby(enumerate(cells), key=lambda item: item[1].state):
        if state is State.AWAY:
            at = [index for index, _cell in run]
            stretches.append((at[0], at[-1]))
    return stretches


def _tail(canvas: Canvas, notes: Paragraph, bottom: float, who: Signers) -> None:
    """The legend and the signature lines, close below the grid."""
    bottom -= 5 + notes.height
    notes.drawOn(canvas, MARGIN, bottom)
    roles = [
        (_("Group's teacher"), ", ".join(who.educators)),
        (_("Checked by: social pedagogue"), who.social_pedagogue),
        (_("Director"), who.director),
    ]
    gap = 24.0
    width = (USABLE - gap * (len(roles) - 1)) / len(roles)
    canvas.setStrokeColor(black)
    canvas.setFillColor(black)
    canvas.setLineWidth(0.6)
    for at, (role, name) in enumerate(roles):
        left = MARGIN + at * (width + gap)
        canvas.setFont(FONT, 8)
        canvas.drawString(left, bottom - 18, role)
        canvas.line(left, bottom - 38, left + width, bottom - 38)
        named = name if stringWidth(name, FONT, SMALL) <= width - SIGNATURE else ""
        canvas.setFont(FONT, _fitted(named, FONT, 8, width - SIGNATURE, least=SMALL))
        canvas.drawString(left, bottom - 35, named)
        canvas.setFont(FONT, SMALL)
        canvas.drawString(
            left, bottom - 46, _("(signature, date)") if named else _("(first and last name, signature, date)")
        )
