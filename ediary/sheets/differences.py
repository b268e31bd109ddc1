"""What is different from the last print of a sheet, in words (C5): its page and its annex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.core import store
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.proof import short_hash
from ediary.sheets import content, queries
from ediary.sheets.content import Cell, Kept
from ediary.sheets.models import PrintedSheet
from ediary.sheets.queries import GroupSheet
from ediary.sheets.rules import State


@dataclass(frozen=True)
class Line:
    """One difference: a day, or a total (then `day` is None and `what` names it)."""

    group: str
    child: str
    day: date | None
    what: str
    was: str
    now: str


@dataclass(frozen=True)
class DifferencesPage:
    """What the last print said and the sheet says otherwise. `printed_at` None = no print can be compared with."""

    month: Month
    #: of the group, or None = the whole kindergarten
    group_id: int | None
    name: str
    institution: str
    code: str
    number: int | None
    printed_at: datetime | None
    printed_by: str
    #: was the month checked or locked when it was printed
    is_final: bool
    check: str
    now_check: str
    lines: tuple[Line, ...]


def kept(groups: Sequence[GroupSheet]) -> str:
    """What these sheets say, as it is kept beside a print."""
    return content.written(Kept(group.group_id, group.name, group.sheet) for group in groups)


def page(month: Month, group_id: int | None) -> DifferencesPage:
    """Against the last print of the group, alone or with the whole kindergarten. Nine statements.

    Raises NotFound for a group one may not see.
    """
    found = queries.sheets(month, None if group_id is None else [group_id])
    if not found:
        raise NotFound
    covers = ["all"] if group_id is None else ["all", str(group_id)]
    last = db.session.scalars(
        select(PrintedSheet)
        .where(PrintedSheet.month == month, PrintedSheet.covers.in_(covers), PrintedSheet.said_sha256.is_not(None))
        .order_by(PrintedSheet.printed_at.desc(), PrintedSheet.id.desc())
        .limit(1)
    ).first()
    lines: tuple[Line, ...] = ()
    if last is not None and last.said_sha256 is not None:
        before = store.fetch(last.said_sha256).decode()
        ids = frozenset(group.group_id for group in found)
        lines = said(content.differences(before, kept(found), ids))
    return DifferencesPage(
        month=month,
        group_id=group_id,
        name=found[0].name if group_id is not None else _("The whole kindergarten"),
        institution=found[0].institution,
        code=found[0].code,
        number=last.number if last else None,
        printed_at=last.printed_at if last else None,
        printed_by=last.printed_by if last else "",
        is_final=last is not None and last.final,
        check=short_hash(last.data_sha256) if last else "",
        now_check=short_hash(queries.fingerprint(found)),
        lines=lines,
    )


def said(found: content.Differences) -> tuple[Line, ...]:
    """In words, the days first, then the totals."""
    totals = {
        "attended": _("Days attended"),
        "absent": _("Days absent"),
        "illness": _("absent for illness"),
        "justified": _("absent, otherwise justified"),
        "unjustified": _("absent, unjustified"),
        "unknown": _("absent, reason unknown"),
        "meal_days": _("Meal days"),
    }
    cells = [Line(one.group, one.child, one.day, "", sign_said(one.was), sign_said(one.now)) for one in found.cells]
    sums = [Line(one.group, one.child, None, totals[one.total], str(one.was), str(one.now)) for one in found.totals]
    return (*cells, *sums)


def sign_said(cell: Cell) -> str:
    """What a cell says: „neatvyko, L (liga)“."""
    state, letter, reason = cell
    if state == State.ABSENT:
        return _("did not come, %(letter)s (%(name)s)", letter=letter, name=reason)
    return {
        State.PRESENT.value: _("came"),
        State.UNKNOWN.value: _("did not come, reason unknown"),
        State.UNMARKED.value: _("not marked"),
        State.COMING.value: _("not marked"),
        State.AWAY.value: _("no place in the group"),
        State.CLOSED.value: _("no working day"),
    }[state]
