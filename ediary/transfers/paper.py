"""The leaving report, and the letter by which a family takes its child along."""

from __future__ import annotations

from flask_babel import gettext as _

from ediary.accounts.queries import holders
from ediary.core import clock
from ediary.core.i18n import stamp
from ediary.core.pdf import render_pdf
from ediary.core.permissions import Role
from ediary.core.proof import Draft
from ediary.institutions.queries import current
from ediary.transfers import queries
from ediary.transfers.words import REASONS


def report(departure_id: int, made_by: str) -> Draft:
    """The leaving report (B2): who, until when, by which order, where it was, how often it came; to be signed."""
    leaving = queries.departure(departure_id)
    directors = holders(Role.DIRECTOR, clock.today())
    context = {
        "institution": current(),
        "leaving": leaving,
        "reason": REASONS[leaving.reason],
        "places": queries.places(leaving.child_id),
        "months": queries.months(leaving.child_id, leaving.day),
        "director": directors[0] if len(directors) == 1 else "",  # two of them: whoever signs writes the name
    }
    foot = _("Made %(when)s, %(who)s.", when=stamp(clock.now()), who=made_by)
    return Draft("transfers.report", {"departure": departure_id}, "transfers/report_paper.html", context, foot)


def letter(departure_id: int, code: str, made_by: str) -> bytes:
    """The code for the family, with what to do with it. Made once, kept nowhere."""
    return render_pdf(
        "transfers/letter_paper.html",
        institution=current(),
        leaving=queries.departure(departure_id),
        code=code,
        foot=_("Made %(when)s, %(who)s.", when=stamp(clock.now()), who=made_by),
    )
