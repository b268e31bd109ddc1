"""The kitchen's papers: the kitchen sheet for the cook, the daily attendance report for the file (S II.8)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask_babel import gettext as _

from ediary.accounts.queries import holders
from ediary.accounts.rules import sole
from ediary.core.i18n import stamp
from ediary.core.pdf import render_pdf
from ediary.core.permissions import Role
from ediary.core.proof import Draft, short_hash
from ediary.institutions import queries as institutions
from ediary.kitchen import queries
from ediary.kitchen.board import Board, board
from ediary.kitchen.queries import ReportGroup


@dataclass(frozen=True)
class Paper:
    """A made paper and what its foot says to check it by: two that say the same have the same."""

    content: bytes
    check: str


@dataclass(frozen=True)
class Totals:
    """The last line of the daily report."""

    enrolled: int
    came: int
    absent: int
    unmarked: int


def kitchen_sheet(day: date, made_by: str) -> Paper:
    """Portions by meal x age x diet and by meal x group, who eats otherwise, staff, corrections (D3)."""
    return _paper("kitchen/sheet_paper.html", board(day), made_by, apart=queries.eats_apart(day))


def daily_report(day: date, made_by: str) -> Draft:
    """Per group: on the list, came, absent by name - without reasons -, submitted when and by whom (S II.8)."""
    groups, seen = queries.report(day), board(day)
    made = {"when": stamp(seen.now), "who": made_by}
    foot = (
        _("Version %(number)s, made %(when)s, %(who)s.", number=len(seen.corrections) + 1, **made)
        if seen.is_locked
        else _("Preliminary, made %(when)s, %(who)s.", **made)
    )
    context = {
        "board": seen,
        "institution": institutions.current(),
        "groups": groups,
        "totals": _totals(groups),
        "dietitian": sole(holders(Role.DIETITIAN, day)),
    }
    return Draft("kitchen.daily_report", {"day": day.isoformat()}, "kitchen/report_paper.html", context, foot)


def _paper(template: str, seen: Board, made_by: str, **context: Any) -> Paper:
    """The paper with its foot. The check is over what it says, not over who made it when."""
    context |= {"board": seen, "institution": institutions.current()}
    said = render_template(template, font="", font_bold="", foot="", **context)
    check = short_hash(hashlib.sha256(said.encode()).hexdigest())
    return Paper(render_pdf(template, foot=told(seen, made_by, check), **context), check)


def told(seen: Board, made_by: str, check: str) -> str:
    """Which paper of the day this is and how to check it, as the month sheet says. Each correction is a new version."""
    made = {"when": stamp(seen.now), "who": made_by, "hash": check}
    if not seen.is_locked:
        return _(
            "Preliminary, made %(when)s, %(who)s. To check: printed again, with nothing changed, it says %(hash)s.",
            **made,
        )
    return _(
        "Version %(number)s, made %(when)s, %(who)s. To check: printed again, with nothing changed, it says %(hash)s.",
        number=len(seen.corrections) + 1,
        **made,
    )


def _totals(groups: list[ReportGroup]) -> Totals:
    """Sums of the printed lines."""
    return Totals(
        enrolled=sum(group.enrolled for group in groups),
        came=sum(group.came for group in groups),
        absent=sum(len(group.absent) for group in groups),
        unmarked=sum(group.unmarked for group in groups),
    )
