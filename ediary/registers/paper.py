"""„Sutikrinimas su registru“: a list's comparison on paper."""

from __future__ import annotations

import hashlib

from flask import render_template
from flask_babel import gettext as _

from ediary.core import clock
from ediary.core.i18n import stamp
from ediary.core.pdf import render_pdf
from ediary.core.proof import short_hash
from ediary.institutions import queries as institutions
from ediary.registers import pages, queries, words
from ediary.registers.models import Import, State


def report(made: Import, made_by: str) -> bytes:
    """The comparison as it is now, by name; of a list that was applied or left, what was counted then."""
    context = {
        "made": made,
        "institution": institutions.current(),
        "title": words.KINDS[made.kind],
        "register": words.REGISTERS[made.kind],
        "lines": None,
    }
    if made.state is State.CHECKED:
        at = queries.comparing(made)
        context |= {
            "lines": pages.report_lines(at.found),
            "missing": [pages.missing_of(at.found.known[one]) for one in at.found.comparison.missing],
            "counts": pages.counts_of(at.found),
            "is_equal": not at.found.comparison.differences,
        }
    said = render_template("registers/report_paper.html", font="", font_bold="", foot="", **context)
    check = short_hash(hashlib.sha256(said.encode()).hexdigest())
    foot = _(
        "Made %(when)s, %(who)s. To check: printed again, with nothing changed, it says %(hash)s.",
        when=stamp(clock.now()),
        who=made_by,
        hash=check,
    )
    return render_pdf("registers/report_paper.html", foot=foot, **context)
