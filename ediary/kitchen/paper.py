"""The kitchen's papers: the kitchen sheet for the cook, the daily attendance report for the file (S II.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ediary.core.pdf import render_pdf
from ediary.institutions import queries as institutions
from ediary.kitchen import queries
from ediary.kitchen.board import board
from ediary.kitchen.queries import ReportGroup


@dataclass(frozen=True)
class Totals:
    """The last line of the daily report."""

    enrolled: int
    came: int
    absent: int
    unmarked: int


def kitchen_sheet(day: date, made_by: str) -> bytes:
    """Portions by meal x age x diet and by meal x group, who eats otherwise, staff, corrections (D3)."""
    return render_pdf(
        "kitchen/sheet_paper.html",
        institution=institutions.current(),
        board=board(day),
        apart=queries.eats_apart(day),
        made_by=made_by,
    )


def daily_report(day: date, made_by: str) -> bytes:
    """Per group: on the list, came, absent by name - without reasons -, submitted when and by whom (S II.8)."""
    groups = queries.report(day)
    return render_pdf(
        "kitchen/report_paper.html",
        institution=institutions.current(),
        board=board(day),
        groups=groups,
        totals=_totals(groups),
        made_by=made_by,
    )


def _totals(groups: list[ReportGroup]) -> Totals:
    """Sums of the printed lines."""
    return Totals(
        enrolled=sum(group.enrolled for group in groups),
        came=sum(group.came for group in groups),
        absent=sum(len(group.absent) for group in groups),
        unmarked=sum(group.unmarked for group in groups),
    )
