"""The pledge on paper: one person's, and the list of all who have accepted it (A8)."""

from __future__ import annotations

import hashlib

from flask_babel import gettext as _

from ediary.accounts.account import Accepted
from ediary.accounts.rules import pledge_lines
from ediary.accounts.settings import PledgesPage
from ediary.core import clock
from ediary.core.i18n import stamp
from ediary.core.pdf import render_pdf
from ediary.core.proof import Draft, short_hash
from ediary.institutions import queries as institutions


def pledge(accepted: Accepted) -> Draft:
    """One person's pledge, as accepted: name, role, text, moment, and room to sign for the personal file."""
    check = short_hash(hashlib.sha256(accepted.text.encode()).hexdigest())
    context = {
        "accepted": accepted,
        "lines": pledge_lines(accepted.text),
        "institution": institutions.current(),
    }
    foot = _(
        "Accepted in the diary %(when)s. The text's proof: %(hash)s.", when=stamp(accepted.accepted_at), hash=check
    )
    return Draft("accounts.pledge", {"acceptance": accepted.id}, "accounts/pledge_paper.html", context, foot)


def pledges(page: PledgesPage, made_by: str) -> bytes:
    """The text in force and everybody who has accepted it, or has not yet."""
    check = short_hash(hashlib.sha256(page.text.encode()).hexdigest())
    return render_pdf(
        "accounts/pledges_paper.html",
        p=page,
        institution=institutions.current(),
        foot=_("Made %(when)s, %(who)s. The text's proof: %(hash)s.", when=stamp(clock.now()), who=made_by, hash=check),
    )
