"""What is done to a month: reasons given, the month submitted, checked, locked, prints kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from ediary.absences.actions import rows_on
from ediary.attendance.models import ChildDay, Presence
from ediary.children.queries import enrolled
from ediary.core import proof, store
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.i18n import month_long
from ediary.core.locks import held
from ediary.core.lockstate import month_refusal
from ediary.core.permissions import Role
from ediary.groups.queries import staff
from ediary.kitchen import actions as kitchen
from ediary.notices import actions as notices
from ediary.periods import actions as periods
from ediary.periods.queries import closable_from
from ediary.sheets import differences, preflight, queries, versions, words
from ediary.sheets.models import PrintedSheet, PrintFormat
from ediary.sheets.queries import GroupSheet
from ediary.sheets.signers import Signers, signers

#: as which paper a month sheet is known
MONTH_SHEET = "sheets.month"

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


# --- the steps of the month ---------------------------------------------------------------------------------


def submit(group_id: int, month: Month, by: str, seen: str, *, anyway: bool) -> None:
    """The group's educators hand the month over (S II.7). The caller holds its point exclusively.

    `seen`: the sheet as their page showed it. Raises Stale, naming every cell that has changed since; BadInput, naming
    them, while there are faults to mend, or others that are not confirmed by `anyway`.
    """
    if held().month(group_id, month) is None:
        group = _as_seen(group_id, month, seen)
        found = queries.faults([group])[group_id]
        hard = [fault for fault in found if fault.is_hard]
        if hard and held().today >= closable_from(month):
            mend = words.shortly(words.lines(hard, month, group_id))
            raise BadInput(_("Not submitted, first mend this: %(faults)s.", faults=mend))
        if found and not hard and not anyway:
            raise BadInput(
                _("Not submitted yet. Confirm that you know of this: %(faults)s.", faults=words.counted(found))
            )
        periods.submit(group_id, month, by, words.counted(found))
        notices.tell_role(
            Role.SOCIAL_PEDAGOGUE,
            _("%(group)s: the sheet of %(month)s waits to be checked", group=group.name, month=month_long(month)),
            _url(group_id, month),
        )
        return
    periods.submit(group_id, month, by)  # says by whom it is closed


def return_(group_id: int, month: Month, by: str, remark: str) -> None:
    """The social pedagogue gives it back with a remark; the group's educators are told. Raises Stale, BadInput."""
    periods.return_(group_id, month, by, remark)
    notices.tell(
        staff([group_id], held().today).get(group_id, []),
        _("The sheet of %(month)s is returned: %(remark)s", month=month_long(month), remark=remark.strip()),
        _url(group_id, month),
        role=Role.EDUCATOR,
    )


def check(group_id: int, month: Month, by: str, seen: str) -> None:
    """The social pedagogue finds it in order (S II.11); after the last group the director is told. Raises Stale."""
    periods.check(group_id, month, by)
    _as_seen(group_id, month, seen)
    if all(group.course.is_final for group in queries.sheets(month)):
        notices.tell_role(
            Role.DIRECTOR,
            _("%(month)s: the sheets of all groups are checked", month=month_long(month)),
            url_for("sheets.month", month=month),
        )


def _as_seen(group_id: int, month: Month, seen: str) -> GroupSheet:
    """The sheet, if it still is what a page showed. Raises Stale, naming what has changed."""
    (group,) = queries.sheets(month, [group_id])
    found = preflight.differences(seen, group.sheet)
    if found:
        raise Stale(
            _(
                "While you looked, the sheet changed. %(both)s. Nothing was done: look at it and press once more.",
                both=words.both(found),
            )
        )
    return group


def _url(group_id: int, month: Month) -> str:
    return url_for("sheets.sheet", month=month, group_id=group_id)


def lock(group_ids: Sequence[int], month: Month, locked_by: str, *, anyway: bool) -> int:
    """Lock these groups' month by hand; returns how many were not locked. The caller holds their months exclusively.

    BadInput, naming them, while the social pedagogue has not found groups in order, unless `anyway`.
    """
    early = [group for group in queries.sheets(month, group_ids) if not group.course.is_final]
    if early and not anyway:
        raise BadInput(
            _(
                "Not everything is checked – %(groups)s. Nothing was locked; tick “lock anyway” to.",
                groups=words.waiting(early),
            )
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
    mark: proof.Mark
    signers: dict[int, Signers]

    @property
    def covers(self) -> str:
        return WHOLE if self.group_id is None else str(self.group_id)


def draft(month: Month, group_id: int | None, form: PrintFormat) -> Draft:
    """Read what will be printed, at one moment, and seal the history up to it. The caller holds the months of all its
    groups exclusively, and does nothing more in this transaction.

    Raises NotFound when there is no such group, BadInput when there is nothing to print, or when the whole
    kindergarten is to be printed and groups are not checked.
    """
    groups = queries.sheets(month, None if group_id is None else [group_id])
    if not groups:
        raise BadInput(_("There are no groups in this month: there is nothing to print."))
    early = [group for group in groups if not group.course.is_final]
    if early and group_id is None:
        raise BadInput(
            _(
                "The whole kindergarten's sheet is printed when every group is checked. Not yet – %(groups)s."
                " A group's own sheet can be printed as a draft.",
                groups=words.waiting(early),
            )
        )
    covered = WHOLE if group_id is None else str(group_id)
    number = versions.last_number(month, covered, form) + 1
    who = signers([group.group_id for group in groups], held().today)
    about = {"month": str(month), "group": group_id}
    mark = proof.mark(MONTH_SHEET, about, queries.fingerprint(groups))
    return Draft(month, group_id, form, number, held().now, tuple(groups), mark, who)


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
        data_sha256=drafted.mark.content_sha256,
        said_sha256=store.keep(differences.kept(drafted.groups).encode()),
        size=len(content),
        printed_at=drafted.at,
        printed_by=printed_by,
        final=all(group.course.is_final for group in drafted.groups),
    )
    db.session.add(row)
    db.session.flush()
    proof.keep(drafted.mark, content, printed_by)
    return row.id
