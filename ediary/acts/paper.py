"""The act on paper, with the lines to sign on (K 17.1, 23.9.3)."""

from __future__ import annotations

from flask_babel import gettext as _

from ediary.acts.queries import ActPage
from ediary.core.pdf import render_pdf


def act_paper(act: ActPage) -> bytes:
    """The same act gives the same bytes, whoever makes them and whenever. 0.3 s."""
    foot = _("To check: the act's page in the diary shows %(hash)s beside it.", hash=act.check)
    return render_pdf("acts/act_paper.html", act=act, foot=foot)
