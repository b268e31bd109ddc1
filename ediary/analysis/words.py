"""The analysis in words, for the page and the paper alike."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from ediary.analysis.queries import Asked
from ediary.analysis.rules import Limits, Signs
from ediary.core.i18n import month_long


def period_said(asked: Asked) -> str:
    """One month, or from one to another."""
    if asked.first == asked.last:
        return month_long(asked.first)
    return f"{month_long(asked.first)} – {month_long(asked.last)}"


def limits_said(limits: Limits) -> list[str]:
    """From when on a child stands out."""
    return [
        ngettext(
            "long: more than %(num)s working day running",
            "long: more than %(num)s working days running",
            limits.long_days,
        ),
        _("often: %(percent)s %% of the days or more", percent=limits.often_percent),
        ngettext("unjustified: %(num)s day or more", "unjustified: %(num)s days or more", limits.unjustified_days),
    ]


def signs_said(signs: Signs) -> list[str]:
    """Why a child stands out."""
    said = (
        (signs.is_long, _("long")),
        (signs.is_often, _("often")),
        (signs.is_unjustified, _("without justification")),
    )
    return [word for holds, word in said if holds]
