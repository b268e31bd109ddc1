"""A copy to read: A4 upright, a table for each thing that is kept, what is many told month by month.

Grids are reportlab tables; only what does not fit its column is set as a paragraph. 0.5 s for a child of five years.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from reportlab.lib.colors import Color, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)

from ediary.copies.gather import Filled, Gathered
from ediary.copies.history import Deed
from ediary.copies.rules import by_month, runs, widths
from ediary.copies.words import done, said
from ediary.core.i18n import stamp
from ediary.core.pdf import FONT, FONT_BOLD, drawable, register_fonts

WIDTH, HEIGHT = A4
MARGIN = 40.0
ROOM = WIDTH - 2 * MARGIN
SIZE, SMALL, LEADING = 8.0, 7.0, 9.6
#: of a cell's sides together
PADDING = 6.0
LEAST = 30.0
#: under a head: its table's own head and some rows
ROOM_FOR_PART = 70.0
LINE, HEAD = Color(0.6, 0.6, 0.6), Color(0.93, 0.93, 0.93)

_TITLE = ParagraphStyle("title", fontName=FONT_BOLD, fontSize=15, leading=19, spaceAfter=4)
_PART = ParagraphStyle("part", fontName=FONT_BOLD, fontSize=11, leading=14, spaceBefore=10, spaceAfter=3)
_TEXT = ParagraphStyle("text", fontName=FONT, fontSize=9, leading=12, spaceAfter=3)
_CELL = ParagraphStyle("cell", fontName=FONT, fontSize=SIZE, leading=LEADING)
_BOLD = ParagraphStyle("bold", parent=_CELL, fontName=FONT_BOLD)

_STYLE = TableStyle(
    [
        ("FONT", (0, 0), (-1, -1), FONT, SIZE, LEADING),
        ("FONT", (0, 0), (-1, 0), FONT_BOLD, SIZE, LEADING),
        ("BACKGROUND", (0, 0), (-1, 0), HEAD),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING / 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING / 2),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("GRID", (0, 0), (-1, -1), 0.3, LINE),
    ]
)


@dataclass(frozen=True)
class Cover:
    """What the first page says: of whom, at whose request, by whom and when."""

    institution: str
    code: str
    asked_by: str
    ground: str
    made_at: datetime
    made_by: str


def pdf(copy: Gathered, cover: Cover) -> bytes:
    """The copy as a PDF with numbered pages."""
    register_fonts()
    story = [*_cover(copy, cover)]
    for table in copy.tables:
        story += _table_of(table)
    story += _files(copy) + _deeds(copy) + _done(copy)
    buffer = io.BytesIO()
    foot = drawable(
        _("Copy of personal data: %(name)s. Made %(when)s.", name=copy.subject.name, when=stamp(cover.made_at))
    )
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        title=drawable(_("Copy of personal data")),
        author=drawable(cover.institution),
        creator="ediary",
        lang="lt-LT",
        invariant=1,
    )
    frame = Frame(
        MARGIN, MARGIN, ROOM, HEIGHT - 2 * MARGIN, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    document.addPageTemplates(PageTemplate(frames=[frame]))
    document.build(story, canvasmaker=_counted(foot))
    return buffer.getvalue()


def _counted(foot: str) -> type[Canvas]:
    """A canvas that knows at the end how many pages there are."""

    class Counted(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self.pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self.pages, start=1):
                self.__dict__.update(page)
                self.setFont(FONT, SMALL)
                self.setFillColor(black)
                self.drawString(MARGIN, MARGIN - 16, foot)
                self.drawRightString(WIDTH - MARGIN, MARGIN - 16, f"{number} / {len(self.pages)}")
                super().showPage()
            super().save()

    return Counted


def _cover(copy: Gathered, cover: Cover) -> list[Flowable]:
    yes_no = {True: _("included"), False: _("not included: not asked for")}
    facts = [
        (_("Whose data"), copy.subject.name),
        (_("Kept by"), _("%(name)s, code %(code)s", name=cover.institution, code=cover.code)),
        (_("Asked by"), cover.asked_by),
        (_("On what ground"), cover.ground),
        (_("Made"), f"{stamp(cover.made_at)}, {cover.made_by}"),
        (_("Personal codes"), yes_no[copy.with_codes]),
        (_("Health and special needs"), yes_no[copy.with_health]),
    ]
    said_first = _(
        "Here is all that the diary keeps of this person, table by table. Passwords and other secrets are kept only as "
        "hashes and are not shown; of other people only the role and the name are."
    )
    rights = _(
        "What is wrong is put right: tell the kindergarten. You may also turn to the State Data Protection "
        "Inspectorate."
    )
    return [
        Paragraph(escape(drawable(_("Copy of personal data"))), _TITLE),
        _facts(facts),
        Spacer(1, 6),
        _text(said_first),
        _text(rights),
    ]


def _text(text: str) -> Paragraph:
    return Paragraph(escape(drawable(text)), _TEXT)


def _part(title: str) -> list[Flowable]:
    """A head; it stands at a page's end with some rows, or on the next page."""
    return [CondPageBreak(ROOM_FOR_PART), Paragraph(escape(drawable(title)), _PART)]


def _table_of(table: Filled) -> list[Flowable]:
    if table.sheet.by_month:
        return _by_month(table)
    rows = [[said(value) for value in row] for row in table.to_read]
    if len(rows) == 1 and len(table.keys) > 2:
        return [*_part(table.title), _facts(list(zip(table.heads, rows[0], strict=True)))]
    return [*_part(table.title), _grid(table.heads, rows)]


def _by_month(table: Filled) -> list[Flowable]:
    """Days that say the same stand in one line of their month."""
    day, alike = table.keys.index("day"), [table.keys.index(key) for key in table.sheet.by_month]
    lines = by_month((row[day], tuple(said(row[at]) for at in alike)) for row in table.rows)
    heads = [_("Month"), *(str(table.sheet.columns[key]) for key in table.sheet.by_month), _("Times"), _("Days")]
    rows = [[str(line.month), *line.alike, str(line.count), runs(line.days)] for line in lines]
    return [*_part(table.title), _grid(heads, rows)]


def _files(copy: Gathered) -> list[Flowable]:
    if not copy.files:
        return []
    names = "; ".join(one.name for one in copy.files)
    return [
        *_part(_("Files")),
        Paragraph(escape(drawable(_("Given with the ZIP copy: %(names)s.", names=names))), _TEXT),
    ]


def _deeds(copy: Gathered) -> list[Flowable]:
    """Who did what with the data. What was only entered is counted: it stands in the tables."""
    if not copy.deeds:
        return []
    told = [deed for deed in copy.deeds if deed.action != "create"]
    entered = len(copy.deeds) - len(told)
    rows = [[stamp(deed.at), deed.who, done(deed.action), _place(deed), deed.changes] for deed in told]
    heads = [_("When"), _("Who"), _("What was done"), _("Where"), _("What was, what is")]
    parts: list[Flowable] = _part(_("Who changed, opened or printed these data"))
    if rows:
        parts.append(_grid(heads, rows))
    if entered:
        said_of = ngettext("Besides, %(num)s row was entered.", "Besides, %(num)s rows were entered.", entered)
        parts.append(_text(said_of))
    return parts


def _place(deed: Deed) -> str:
    return f"{deed.table}, {deed.day.isoformat()}" if deed.day else deed.table


def _done(copy: Gathered) -> list[Flowable]:
    if not copy.done:
        return []
    heads = [_("Month"), _("Where"), _("What was done"), _("Times")]
    rows = [[one.month, one.table, done(one.action), str(one.count)] for one in copy.done]
    return [*_part(_("What this person did in the diary")), _grid(heads, rows)]


# --- grids ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _wide(text: str, font: str = FONT) -> float:
    """As wide as its longest line wants to be."""
    return max((stringWidth(line, font, SIZE) for line in text.split("\n")), default=0.0) + PADDING + 1


def _cell(text: str, width: float, style: ParagraphStyle) -> Any:
    if "\n" not in text and _wide(text, style.fontName) <= width:
        return text
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Flowable:
    """Its head stands on every page."""
    drawn = [[drawable(text) for text in row] for row in rows]
    named = [drawable(head) for head in heads]
    natural = [max(_wide(head, FONT_BOLD), *(_wide(row[at]) for row in drawn)) for at, head in enumerate(named)]
    given = widths(natural, ROOM, LEAST)
    cells = [[_cell(head, given[at], _BOLD) for at, head in enumerate(named)]]
    cells += [[_cell(text, given[at], _CELL) for at, text in enumerate(row)] for row in drawn]
    return LongTable(cells, colWidths=given, repeatRows=1, style=_STYLE, hAlign="LEFT")


def _facts(facts: Sequence[tuple[str, str]]) -> Flowable:
    """What is known of one, a line each."""
    drawn = [(drawable(name), drawable(value or "–")) for name, value in facts]
    left = min(ROOM * 0.4, max(_wide(name, FONT_BOLD) for name, _value in drawn))
    cells = [[_cell(name, left, _BOLD), _cell(value, ROOM - left, _CELL)] for name, value in drawn]
    style = TableStyle([*_STYLE.getCommands()[2:], ("FONT", (0, 0), (-1, -1), FONT, SIZE, LEADING)])
    style.add("FONT", (0, 0), (0, -1), FONT_BOLD, SIZE, LEADING)
    style.add("BACKGROUND", (0, 0), (-1, -1), Color(1, 1, 1))
    style.add("BACKGROUND", (0, 0), (0, -1), HEAD)
    return LongTable(cells, colWidths=[left, ROOM - left], style=style, hAlign="LEFT")
