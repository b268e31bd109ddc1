"""QR codes: on paper as a picture inside the paper itself, on pages as a drawing. Nothing is fetched for either."""

from __future__ import annotations

import segno
from markupsafe import Markup

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
