"""Slips to cut out and hand over."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from ediary.core import clock
from ediary.core.i18n import stamp
from ediary.core.pdf import render_pdf
from ediary.core.qr import qr_data_uri
from ediary.institutions.queries import current
from ediary.slips.rules import MadeSlip


def slips(made: Sequence[MadeSlip], address: str, made_by: str) -> bytes:
    """Four to a page: name, where to go, log-in name, one-time code, until when.

    The QR code holds the address with the code behind a `#`: browsers send that part to nobody, so that no log has it,
    and the page takes it out of the address at once.
    """
    return render_pdf(
        "slips/slips_paper.html",
        institution=current(),
        pairs=[made[at : at + 2] for at in range(0, len(made), 2)],
        address=address,
        squares={one.code: qr_data_uri(f"{address}#{one.code}") for one in made},
        foot=_("Made %(when)s, %(who)s.", when=stamp(clock.now()), who=made_by),
    )
