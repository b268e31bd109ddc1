"""QR codes: on paper as a picture inside the paper itself, on pages as a drawing. Nothing is fetched for either."""

from __future__ import annotations

import segno
from markupsafe import Markup
from reportlab.lib.colors import black, white
from reportlab.pdfgen.canvas import Canvas

#: quiet cells around, as the standard asks; cameras in bad light need them
BORDER = 4


def _code(text: str) -> segno.QRCode:
    """Readable with a seventh of it covered. 5-10 ms for an address of 60 characters."""
    return segno.make_qr(text, error="m")


def qr_data_uri(text: str) -> str:
    """A PNG as a `data:` address, for `<img>` on paper and on pages; size it in millimetres there."""
    return _code(text).png_data_uri(scale=8, border=BORDER)


def qr_svg(text: str, title: str) -> Markup:
    """The drawing for a page, as large as its place; black on white in any theme. `title` is read aloud."""
    drawn = _code(text).svg_inline(
        border=BORDER, light="#fff", title=title, svgclass="qr", lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704 - made of numbers; the title is escaped by its maker


def draw_qr(canvas: Canvas, text: str, left: float, bottom: float, size: float) -> None:
    """Draw the code on a page of a drawn paper, `size` points wide with its quiet cells."""
    rows = list(_code(text).matrix_iter(scale=1, border=BORDER))
    cell = size / len(rows)
    canvas.setFillColor(white)
    canvas.rect(left, bottom, size, size, stroke=0, fill=1)
    canvas.setFillColor(black)
    path = canvas.beginPath()
    for at, row in enumerate(rows):
        first = 0
        for place, dark in enumerate([*row, 0]):
            if not dark:
                if place > first:
                    path.rect(left + first * cell, bottom + size - (at + 1) * cell, (place - first) * cell, cell)
                first = place + 1
    canvas.drawPath(path, stroke=0, fill=1)
