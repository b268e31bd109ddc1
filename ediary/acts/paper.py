"""The act on paper, with the lines to sign on (K 17.1, 23.9.3)."""

from __future__ import annotations

from ediary.acts.queries import ActPage
from ediary.core.pdf import render_pdf
from ediary.core.proof import Mark
from ediary.core.qr import qr_data_uri


def act_paper(act: ActPage, mark: Mark) -> bytes:
    """The same act under the same seal gives the same bytes, whoever makes them and whenever. 0.3 s."""
    return render_pdf("acts/act_paper.html", act=act, foot=mark.sentence, mark_qr=qr_data_uri(mark.address))
