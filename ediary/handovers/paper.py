"""The papers: a group's handover card on one A4 page, the month's hours, the act of a leaver's hand-over."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from pypdf import PdfReader

from ediary.accounts.queries import holders
from ediary.accounts.rules import sole
from ediary.core import clock
from ediary.core.i18n import stamp
from ediary.core.pdf import render_pdf
from ediary.core.permissions import Role
from ediary.core.proof import Draft, short_hash
from ediary.handovers.card import Card
from ediary.handovers.hours import HoursPage
from ediary.handovers.leavers import Act

#: sizes of print tried for the card, in points
SIZES = (9.0, 8.0, 7.2, 6.4, 5.8, 5.2)
#: at 9 points: letters in the column of who may collect, and lines on the page
WIDTH, LINES = 58, 56


@dataclass(frozen=True)
class Paper:
    """A made paper and what its foot says to check it by: two that say the same have the same."""

    content: bytes
    check: str


def _paper(template: str, at: datetime, made_by: str, **context: Any) -> Paper:
    """The check is over what it says, not over who made it when."""
    said = render_template(template, font="", font_bold="", foot="", **context)
    check = short_hash(hashlib.sha256(said.encode()).hexdigest())
    foot = _(
        "Made %(when)s, %(who)s. To check: printed again, with nothing changed, it says %(hash)s.",
        when=stamp(at),
        who=made_by,
        hash=check,
    )
    return Paper(render_pdf(template, foot=foot, **context), check)


def card_paper(card: Card, made_by: str) -> Paper:
    """The card in the largest print in which it stands on one page. 0.2 s, seldom twice that."""
    made = Paper(b"", "")
    for size in SIZES:
        larger = SIZES[0] / size
        if size != SIZES[-1] and card.lines_at(WIDTH * larger) > LINES * larger:
            continue
        made = _paper("handovers/card_paper.html", card.now, made_by, card=card, size=size)
        if len(PdfReader(io.BytesIO(made.content)).pages) == 1:
            break
    return made


def hours_paper(page: HoursPage, everybody: bool, made_by: str) -> Draft:
    """Hours of the month with the lines to sign on."""
    day = min(clock.today(), page.month.last)
    context = {
        "page": page,
        "deputy": sole(holders(Role.DEPUTY, day)),
        "accountant": sole(holders(Role.ACCOUNTANT, day)),
    }
    about = {"month": str(page.month), "everybody": everybody}
    return Draft("handovers.hours", about, "handovers/hours_paper.html", context, _made(made_by))


def act_paper(act: Act, made_by: str) -> Draft:
    """The act of a leaver's hand-over, as found then (S II.5)."""
    return Draft("handovers.act", {"check": act.id}, "handovers/act_paper.html", {"act": act}, _made(made_by))


def _made(made_by: str) -> str:
    return _("Made %(when)s, %(who)s.", when=stamp(clock.now()), who=made_by)
