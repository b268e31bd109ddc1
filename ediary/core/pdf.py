"""Paper: prose is Jinja HTML through xhtml2pdf, big grids are reportlab tables; one font for both.

The font comes out of its own package through an explicit resource policy: with the default policy xhtml2pdf
silently falls back to one without ą, ę, ė, į, ų, ū and reports no error. So a warning is an error here.
"""

from __future__ import annotations

import logging
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import fontpkg_pt_sans
from flask import render_template
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import RenderLimitError, ResourceAccessPolicy

#: names under which reportlab knows the font
FONT, FONT_BOLD = "LT", "LT-Bold"
FONTS = Path(fontpkg_pt_sans.__file__).resolve().parent / "files"
REGULAR, BOLD = FONTS / "PT_Sans-Web-Regular.ttf", FONTS / "PT_Sans-Web-Bold.ttf"
#: local files lie beside the fonts or are not read; sizes, depth and time have bounds
POLICY = ResourceAccessPolicy.server(FONTS, allow_remote=False)
#: what our papers are written with
NEEDED = "ąčęėįšųūžĄČĘĖĮŠŲŪŽ„“–—−±€№§…°·×/%\u00a0"


class PaperError(RuntimeError):
    """The paper would not come out as meant: a missing letter, a refused picture, a broken page."""


@cache
def register_fonts() -> None:
    """Tell reportlab of the font, once a process. Raises PaperError when the file lacks a letter we need.

    Also makes files depend on their content alone: the same content gives the same bytes.
    """
    rl_config.invariant = 1
    for name, path in ((FONT, REGULAR), (FONT_BOLD, BOLD)):
        font = TTFont(name, str(path))
        missing = [letter for letter in NEEDED if ord(letter) not in font.face.charToGlyph]
        if missing:
            raise PaperError(f"{path.name} has no {' '.join(missing)}")
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=FONT_BOLD, italic=FONT, boldItalic=FONT_BOLD)


def render_pdf(template: str, **context: Any) -> bytes:
    """The template as a PDF; it extends `_shared/paper.html`, which sets the font from `font`, `font_bold`.

    Raises PaperError instead of giving a paper with holes. 0.1-0.5 s for one or two pages.
    """
    register_fonts()
    html = render_template(template, font=REGULAR, font_bold=BOLD, **context)
    return html_to_pdf(drawable(html))


@cache
def _letters() -> frozenset[str]:
    """Every character both fonts can draw, and the ends of lines."""
    drawn = [set(TTFont(name, str(path)).face.charToGlyph) for name, path in ((FONT, REGULAR), (FONT_BOLD, BOLD))]
    return frozenset(map(chr, drawn[0] & drawn[1])) | {"\n", "\r", "\t"}


def drawable(text: str) -> str:
    """What people typed, with `?` for a character the font lacks: a smile in a reason must not cost the kitchen its
    paper. Our own letters are looked for by `register_fonts`."""
    text = unicodedata.normalize("NFC", text)
    strange = set(text) - _letters()
    return text.translate(dict.fromkeys(map(ord, strange), "?")) if strange else text


def html_to_pdf(html: str) -> bytes:
    """HTML to PDF with our font, pictures written into it (`data:`), and nothing else: no file, no address.

    Raises PaperError for a paper with holes, and for one that takes longer than a minute.
    """
    register_fonts()
    buffer = BytesIO()
    logging.getLogger("xhtml2pdf").setLevel(logging.ERROR)
    try:
        done = pisa.CreatePDF(html, dest=buffer, encoding="utf-8", resource_policy=POLICY)
    except RenderLimitError as error:
        raise PaperError(str(error)) from error
    if done.err or done.warn:
        raise PaperError(f"the paper came out with {done.err} errors and {done.warn} warnings: {done.log}")
    return buffer.getvalue()
