"""A day that was written on paper: its cause said once, the day opened for it, its marks entered (C8; K 11).

Nothing here passes by a lock: presence of a locked day is written while a head has it open, and what that changes of
the kitchen's portions becomes numbered corrections. The caller holds the group's day and tells the history the cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from ediary.attendance import actions as attendance
from ediary.attendance.models import Outage
from ediary.attendance.rules import Mark
from ediary.core.dates import ONE_DAY, at_local
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.history import record
from ediary.core.i18n import day_short, hour
from ediary.core.locks import held
from ediary.core.models import Cover
from ediary.core.permissions import Role
from ediary.groups import queries as groups
from ediary.institutions import queries as institutions
from ediary.kitchen import actions as kitchen
from ediary.notices.actions import tell, tell_role
from ediary.outages.rules import Written
from ediary.workdays import queries as workdays


def ask(group_id: int, day: date, cause: str, by: str) -> None:
    """Say why the group's locked day was written on paper; the heads are asked to open it.

    Raises BadInput for a day that can have no marks, Stale when it is open or was said already, Locked when the month
    is closed.
    """
    name = groups.group(group_id).name
    held().require(group_id, day, {Cover.MONTH})
    _check_day(group_id, day)
    if held().day(group_id, day).closed is None:
        raise Stale(_("The day is open: what is on the paper can be entered at once. Nothing was asked."))
    if _taken(group_id, day) is not None:
        raise Stale(_("The cause of this day was written already. Look at the page as it is now."))
    _say(group_id, day, cause, by)
    url = url_for("outages.day", day=day, group_id=group_id)
    text = _(
        "Asks to open %(day)s, %(group)s: written on paper, %(cause)s.", day=day_short(day), group=name, cause=cause
    )
    for role in (Role.DIRECTOR, Role.DEPUTY):
        tell_role(role, text, url)


def open_for_entry(group_id: int, day: date, minutes: int, by: str) -> None:
    """A head opens the day so that the paper can be entered, for the cause that was said; who asked is told.

    The snapshot is stored before. Raises NotFound while no cause is said, and like `kitchen.actions.unlock`.
    """
    row = _taken(group_id, day)
    if row is None:
        raise NotFound
    kitchen.unlock([group_id], day, row.cause, minutes, by)
    until = min(held().now + timedelta(minutes=minutes), at_local(held().today + ONE_DAY, time(0)))
    text = _("%(day)s is open until %(hour)s: enter what is on the paper.", day=day_short(day), hour=hour(until))
    educators = groups.staff([group_id], held().today).get(group_id, [])
    tell(educators, text, url_for("outages.day", day=day, group_id=group_id), role=Role.EDUCATOR)


def enter(group_id: int, day: date, paper: Mapping[int, Written], cause: str, by: str) -> None:
    """Enter a paper's marks, all or none, and hand the day in. The caller holds the group's day exclusively.

    `cause`: as stored; the first one said is kept. Raises NotFound for a child not of the group, BadInput naming
    children left without a mark, Locked, and Stale when somebody marked a child otherwise meanwhile.
    """
    groups.group(group_id)
    held().require(group_id, day, {Cover.DAY})
    _check_day(group_id, day)
    row = _taken(group_id, day) or _say(group_id, day, cause, by)
    for child_id, one in sorted(paper.items()):
        attendance.mark(group_id, child_id, day, one.wanted, one.seen, by)
        if one.wanted is Mark.ABSENT and one.reason_id is not None:
            attendance.give_reason(group_id, child_id, day, one.reason_id)
    attendance.submit(group_id, day, by)
    row.entered_at, row.entered_by = held().now, by
    db.session.flush()


def _check_day(group_id: int, day: date) -> None:
    if day > held().today:
        raise BadInput(_("%(day)s has not come yet. Nothing was written.", day=day.isoformat()))
    if workdays.calendar(day, day).why_closed(day, group_id) is not None:
        raise BadInput(_("The group did not work on %(day)s. Nothing was written.", day=day.isoformat()))


def _taken(group_id: int, day: date) -> Outage | None:
    return db.session.scalars(
        select(Outage).where(Outage.group_id == group_id, Outage.day == day).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()


def _say(group_id: int, day: date, cause: str, by: str) -> Outage:
    """The cause, once per group and day."""
    row = Outage(group_id=group_id, day=day, cause=cause.strip(), asked_at=held().now, asked_by=by)
    db.session.add(row)
    db.session.flush()
    return row


# --- papers ---------------------------------------------------------------------------------------------------------


def note_print(day: date, group_id: int | None) -> None:
    """Note in the history that sheets with children's names left the diary."""
    record("print", institutions.current(), paper="day_sheet", day=day, of_group=group_id)
