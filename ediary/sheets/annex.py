"""The list of differences from the last print, on paper: by itself, and behind the sheet's next version (C5)."""

from __future__ import annotations

import io

from flask_babel import gettext as _
from pypdf import PdfReader, PdfWriter

from ediary.core.pdf import render_pdf
from ediary.sheets.differences import DifferencesPage


def paper(page: DifferencesPage) -> bytes:
    """What the last print said and the sheet says otherwise. 0.2 s."""
    foot = _("The print said %(before)s, the diary says %(now)s.", before=page.check or "–", now=page.now_check)
    return render_pdf("sheets/differences_paper.html", p=page, foot=foot)


def appended(content: bytes, page: DifferencesPage) -> bytes:
    """The sheet with its differences behind it, where a final print said otherwise; else as it is."""
    if not (page.is_final and page.lines):
        return content
    writer = PdfWriter(clone_from=io.BytesIO(content))
    for sheet in PdfReader(io.BytesIO(paper(page))).pages:
        writer.add_page(sheet)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
