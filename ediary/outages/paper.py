"""Day sheets for a pencil: a group a page, boxes big enough to tick, empty or with names and diets (C8; K 11)."""

from __future__ import annotations

import io
from functools import partial
from html import escape
from typing import Any

from flask_babel import gettext as _
from reportlab.lib.colors import Color, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Grid

from ediary.core import clock
from ediary.core.i18n import day_long, stamp
from ediary.core.pdf import FONT, drawable, register_fonts
from ediary.core.pdf import FONT_BOLD as BOLD
from ediary.outages.queries import GroupPaper, Papers

WIDTH, HEIGHT = A4
MARGIN = 30.0
USABLE = WIDTH - 2 * MARGIN
#: what stands above and below the lines of a page
AROUND = 205.0
#: the side of a box to tick, and a line's height at least and at most
BOX, LEAST, MOST = 11.0, 15.0, 25.0
COLUMNS = (20.0, 176.0, 46.0, 54.0, 62.0, USABLE - 358.0)
LINE = Color(0.55, 0.55, 0.55)

_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=14, leading=18)
_TEXT = ParagraphStyle("text", fontName=FONT, fontSize=9, leading=12)
_SMALL = ParagraphStyle("small", fontName=FONT, fontSize=7.5, leading=9.5)
_CELL = ParagraphStyle("cell", fontName=FONT, fontSize=9, leading=10.5)
_HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=7.5, leading=9)


class Box(Flowable):
    """A square for a pencil."""

    def __init__(self) -> None:
        super().__init__()
        self.width = self.height = BOX
        self.hAlign = "CENTER"

    def draw(self) -> None:
        self.canv.setLineWidth(0.8)
        self.canv.rect(0, 0, BOX, BOX)


def pdf(papers: Papers, made_by: str) -> bytes:
    """All groups in one file. 20 ms a group."""
    register_fonts()
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=_("Day sheet"),
        lang="lt-LT",
        invariant=1,
    )
    frame = Frame(MARGIN, MARGIN, USABLE, HEIGHT - 2 * MARGIN, 0, 0, 0, 0)
    foot = _("Made %(when)s, %(who)s", when=stamp(clock.now()), who=made_by)
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=partial(_foot, text=foot)))
    story: list[Flowable] = []
    for group in papers.groups:
        story += [*_sheet(papers, group), PageBreak()]
    document.build(story[:-1])
    return buffer.getvalue()


def _foot(canvas: Canvas, document: Any, text: str) -> None:
    canvas.setFont(FONT, 7)
    canvas.drawString(MARGIN, MARGIN - 12, drawable(text))


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(drawable(text)), style)


def _sheet(papers: Papers, group: GroupPaper) -> list[Flowable]:
    day = day_long(papers.day) if papers.day else "20____ m. ______________________ d."
    head = f"{papers.institution.name}, {_('code %(code)s', code=papers.institution.code)}"
    return [
        _said(head, _SMALL),
        _said(_("Day sheet: %(group)s", group=group.group), _TITLE),
        _said(day, _TEXT),
        Spacer(0, 4),
        _said(_("Filled in by pencil while the diary cannot be used; entered when it can, and kept."), _SMALL),
        Spacer(0, 4),
        _lines(group),
        KeepTogether([Spacer(0, 5), _legend(papers), Spacer(0, 7), *_signatures()]),
    ]


def _lines(group: GroupPaper) -> Grid:
    heads = (
        _("No."),
        _("Child"),
        _("Came"),
        _("Absent"),
        _("Reason (letter)"),
        _("Must not eat, diet, note"),
    )
    rows: list[list[Any]] = [[_said(head, _HEAD) for head in heads]]
    for number, line in enumerate(group.lines, start=1):
        rows.append([str(number), _said(line.name, _CELL), Box(), Box(), "", _notes(line)])
    rows += [[str(number), "", Box(), Box(), "", ""] for number in range(1, group.empty + 1)]
    height = max(LEAST, min(MOST, (HEIGHT - 2 * MARGIN - AROUND) / max(len(rows), 1)))
    padding = (height - _CELL.leading) / 2
    style = TableStyle(
        [
            ("FONT", (0, 1), (-1, -1), FONT, 9),
            ("GRID", (0, 0), (-1, -1), 0.4, LINE),
            ("BOX", (0, 0), (-1, -1), 0.9, black),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("ALIGN", (0, 0), (0, -1), "CENTER"),
            ("ALIGN", (2, 0), (3, -1), "CENTER"),
            ("TOPPADDING", (0, 0), (-1, -1), padding),
            ("BOTTOMPADDING", (0, 0), (-1, -1), padding),
            ("TOPPADDING", (2, 1), (3, -1), (height - BOX) / 2),
            ("BOTTOMPADDING", (2, 1), (3, -1), (height - BOX) / 2),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return Grid(rows, colWidths=COLUMNS, repeatRows=1, style=style)


def _notes(line: Any) -> Paragraph:
    """What must not be eaten stands first, in bold."""
    parts = []
    if line.must_not_eat:
        parts.append(f"<b>{escape(drawable(_('Must not eat: %(what)s', what=line.must_not_eat)))}</b>")
    if line.diet:
        parts.append(escape(drawable(line.diet)))
    if line.is_announced:
        parts.append(escape(_("announced absent")))
    return Paragraph("; ".join(parts), _CELL)


def _legend(papers: Papers) -> Paragraph:
    told = (f"<b>{escape(drawable(one.letter))}</b> – {escape(drawable(one.name))}" for one in papers.reasons)
    head = _("Reasons:")
    return Paragraph(f"{escape(head)} {'; '.join(told)}", _SMALL)


def _signatures() -> list[Flowable]:
    """Why it is on paper, who filled it in, who entered it."""
    causes = (_("there was no network"), _("there was no power"), _("another cause:"))
    cells: list[Any] = [_said(_("Why on paper:"), _TEXT)]
    for cause in causes:
        cells += [Box(), _said(cause, _TEXT)]
    cells.append("")
    widths = (86.0, 16.0, 82.0, 16.0, 86.0, 16.0, 76.0, USABLE - 378.0)
    line = ("LINEBELOW", (-1, 0), (-1, 0), 0.6, black)
    why = Grid([cells], colWidths=widths, style=TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), line, *_BARE]))
    lines = [
        [_said(_("Filled in by"), _TEXT), "", "", _said(_("Entered into the diary"), _TEXT), ""],
        [
            "",
            _said(_("(first and last name, signature, hour)"), _SMALL),
            "",
            "",
            _said(_("(day, hour, signature)"), _SMALL),
        ],
    ]
    half = USABLE / 2
    style = [
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LINEBELOW", (1, 0), (1, 0), 0.6, black),
        ("LINEBELOW", (4, 0), (4, 0), 0.6, black),
        *_BARE,
    ]
    signed = Grid(
        lines, colWidths=(50.0, half - 62, 24.0, 92.0, half - 104), rowHeights=(26, 11), style=TableStyle(style)
    )
    return [why, signed]


_BARE: list[tuple[Any, ...]] = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ("TOPPADDING", (0, 0), (-1, -1), 1),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
]
