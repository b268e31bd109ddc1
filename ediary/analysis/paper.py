"""The analysis on paper for the child welfare commission, and as a spreadsheet (C7; K 26.5)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from ediary.accounts.queries import holders
from ediary.accounts.rules import sole
from ediary.analysis.queries import AnalysisPage, Bar, ChildLine
from ediary.analysis.words import limits_said, period_said, signs_said
from ediary.core import clock
from ediary.core.i18n import stamp
from ediary.core.permissions import Role
from ediary.core.proof import Draft, short_hash
from ediary.core.workbooks import Cell, Table, xlsx_of


@dataclass(frozen=True)
class Paper:
    """A made paper and what it is checked by: two that say the same have the same."""

    content: bytes
    check: str


def pdf(page: AnalysisPage, made_by: str) -> Draft:
    """With the lines to sign on."""
    day = page.today
    context: dict[str, Any] = {
        "p": page,
        "period": period_said(page.asked),
        "limits": limits_said(page.asked.limits),
        "social_pedagogue": sole(holders(Role.SOCIAL_PEDAGOGUE, day)),
        "deputy": sole(holders(Role.DEPUTY, day)),
    }
    foot = _("Made %(when)s, %(who)s.", when=stamp(clock.now()), who=made_by)
    return Draft("analysis.report", page.asked.plain, "analysis/paper.html", context, foot)


def xlsx(page: AnalysisPage) -> Paper:
    """Three worksheets: children, months, groups."""
    tables = [
        Table(
            _("Children"),
            [
                _("Child"),
                _("Group"),
                *_counted(),
                _("Longest run, days"),
                _("Its first day"),
                _("Its last day"),
                _("Still missing"),
                _("Stands out"),
            ],
            [_child(line) for line in page.children],
        ),
        Table(_("Months"), [_("Month"), *_counted()], [_bar(bar) for _month, bar in page.months]),
        Table(_("Groups"), [_("Group"), *_counted()], [_bar(bar) for bar in page.groups]),
    ]
    title = _("Analysis of attendance, %(period)s", period=period_said(page.asked))
    check = short_hash(hashlib.sha256(repr([table.rows for table in tables]).encode()).hexdigest())
    return Paper(xlsx_of(tables, title, clock.now()), check)


def _counted() -> list[str]:
    return [
        _("Days with a mark"),
        _("Missed"),
        _("Missed, percent"),
        _("illness"),
        _("other justified"),
        _("unjustified"),
        _("unknown"),
    ]


def _bar(bar: Bar) -> list[Cell]:
    days = bar.days
    kinds = (days.illness, days.justified, days.unjustified, days.unknown)
    return [bar.said, days.marked, days.missed, days.percent, *kinds]


def _child(line: ChildLine) -> list[Cell]:
    days, run = line.days, line.longest
    return [
        line.name,
        line.group,
        days.marked,
        days.missed,
        days.percent,
        days.illness,
        days.justified,
        days.unjustified,
        days.unknown,
        run.days if run else 0,
        run.first if run else None,
        run.last if run else None,
        _("yes") if run and run.is_open else "",
        ", ".join(signs_said(line.signs)),
    ]
