"""What is done to a month: reasons given, months locked, prints kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from ediary.absences.actions import rows_on
from ediary.attendance.models import ChildDay, Presence
from ediary.children.queries import enrolled
from ediary.core import store
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import held
from ediary.core.lockstate import month_refusal
from ediary.kitchen import actions as kitchen
from ediary.periods import actions as periods
from ediary.sheets import queries, versions
from ediary.sheets.models import PrintedSheet, PrintFormat
from ediary.sheets.queries import GroupSheet
from ediary.sheets.signers import Signers, signers

#: `PrintedSheet.covers` of the whole kindergarten
WHOLE = "all"


@dataclass(frozen=True)
class Given:
    """What became of the chosen cells."""

    changed: int
    #: had this reason already
    same: int
    #: the child was there
    present: int
    #: no mark that could have a reason
    unmarked: int

    @property
    def sentence(self) -> str:
        """3 cells changed, 2 left: the child was there."""
        told = ngettext("%(num)s cell changed", "%(num)s cells changed", self.changed)
        left = []
        if self.same:
            left.append(ngettext("%(num)s was so already", "%(num)s were so already", self.same))
        if self.present:
            left.append(
                ngettext("%(num)s left: the child was there", "%(num)s left: the child was there", self.present)
            )
        if self.unmarked:
            left.append(ngettext("%(num)s left: no mark", "%(num)s left: no mark", self.unmarked))
        return ", ".join([told, *left]) + "."


def settle_portions(month: Month) -> None:
    """Store the snapshots nobody has asked for since their hour: meal days are counted from them.

    Before the caller's own transaction; for a month of which all are stored, two statements.
    """
    kitchen.ensure_snapshots(month.first, month.last)


def set_reasons(group_id: int, month: Month, cells: Iterable[tuple[int, date]], reason_id: int | None) -> Given:
    """Give a reason (None = unknown again) to the absences among these cells; the others are left and counted.

    Each day gets what the reason says on that day, whichever of its rows is named.

    The caller holds the group's month point in share. Days whose presence is locked take a reason too; a locked
    month takes none (Locked). NotFound for a child not of this group or a reason that does not exist; BadInput for
    a day outside the month or outside the reason's validity.
    """
    wanted = set(cells)
    closed = held().month(group_id, month)
    if closed is not None:
        raise month_refusal(month, closed)
    _check_cells(group_id, month, wanted)
    found = {
        (row.child_id, row.day): row
        for row in db.session.scalars(
            select(ChildDay)
            .where(
                ChildDay.group_id == group_id,
                ChildDay.day >= month.first,
                ChildDay.day <= month.last,
                ChildDay.child_id.in_({child_id for child_id, _day in wanted}),
            )
            .order_by(ChildDay.id)
            .with_for_update()
        )
    }
    rows = [found[cell] for cell in sorted(wanted) if cell in found]
    absent = [row for row in rows if row.presence is Presence.ABSENT]
    meant = rows_on(reason_id, [row.day for row in absent]) if reason_id is not None else {}
    changed = [row for row in absent if row.reason_id != meant.get(row.day)]
    for row in changed:
        row.reason_id = meant.get(row.day)
        row.changed_at = held().now
    db.session.flush()
    return Given(
        changed=len(changed),
        same=len(absent) - len(changed),
        present=len(rows) - len(absent),
        unmarked=len(wanted) - len(rows),
    )


def _check_cells(group_id: int, month: Month, cells: set[tuple[int, date]]) -> None:
    if any(not month.first <= day <= month.last for _child, day in cells):
        raise BadInput(_("One of the chosen days is of another month. Nothing was changed."))
    known = {place.child_id for place in enrolled([group_id], month.first, month.last)}
    if not {child_id for child_id, _day in cells} <= known:
        raise NotFound


# --- locking -----------------------------------------------------------------------------------------------


def lock(group_ids: Sequence[int], month: Month, locked_by: str, *, anyway: bool) -> int:
    """Lock these groups' month by hand; returns how many were open. The caller holds their months exclusively.

    BadInput, naming them, while groups have days without a mark or absences without a reason, unless `anyway`.
    """
    gaps = [group for group in queries.sheets(month, group_ids) if group.closed is None and group.has_gaps]
    if gaps and not anyway:
        names = ", ".join(group.name for group in gaps)
        raise BadInput(
            _("Not everything is written yet: %(groups)s. Nothing was locked; tick “lock anyway” to.", groups=names)
        )
    return periods.lock_month(group_ids, month, locked_by)


# --- printing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """What will be printed, read at one moment, with the number it will have."""

    month: Month
    group_id: int | None
    format: PrintFormat
    number: int
    at: datetime
    groups: tuple[GroupSheet, ...]
    data_sha256: str
    signers: dict[int, Signers]

    @property
    def covers(self) -> str:
        return WHOLE if self.group_id is None else str(self.group_id)


def draft(month: Month, group_id: int | None, form: PrintFormat) -> Draft:
    """Read what will be printed, at one moment. The caller holds the months of all its groups exclusively.

    Raises NotFound when there is no such group, BadInput when there is nothing to print.
    """
    groups = queries.sheets(month, None if group_id is None else [group_id])
    if not groups:
        raise BadInput(_("There are no groups in this month: there is nothing to print."))
    covered = WHOLE if group_id is None else str(group_id)
    number = versions.last_number(month, covered, form) + 1
    who = signers([group.group_id for group in groups], held().today)
    return Draft(month, group_id, form, number, held().now, tuple(groups), queries.fingerprint(groups), who)


def keep(drafted: Draft, content: bytes, printed_by: str) -> int:
    """Store the bytes of a print, then its row; returns its id. Raises Stale when the number was taken meanwhile."""
    if versions.last_number(drafted.month, drafted.covers, drafted.format) + 1 != drafted.number:
        raise Stale(_("Somebody printed the same sheet at the same moment. Print it again."))
    row = PrintedSheet(
        month=drafted.month,
        group_id=drafted.group_id,
        covers=drafted.covers,
        format=drafted.format,
        number=drafted.number,
        sha256=store.keep(content),
        data_sha256=drafted.data_sha256,
        size=len(content),
        printed_at=drafted.at,
        printed_by=printed_by,
        final=all(group.closed is not None for group in drafted.groups),
    )
    db.session.add(row)
    db.session.flush()
    return row.id
