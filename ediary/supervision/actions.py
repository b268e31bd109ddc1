"""Putting on record that a month's filling-in was checked, and remarks: written, answered, closed (G1)."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import held
from ediary.core.session import scope
from ediary.groups import queries as groups
from ediary.notices.actions import tell
from ediary.supervision import queries, remarks
from ediary.supervision.about import record_at
from ediary.supervision.models import Answer, Check, Remark


def check_group(month: Month, group_id: int, *, in_order: bool, found: str, by: str) -> int:
    """A group's month was checked. Raises NotFound, BadInput for a month that has not begun."""
    group = groups.group(group_id)
    if not month.first <= held().today:
        raise BadInput(_("The month has not begun: there is nothing to check yet. Nothing was written."))
    return _check(Check(month=month, group_id=group.id), in_order, found, by)


def check_specialist(month: Month, membership_id: int, *, in_order: bool, found: str, by: str) -> int:
    """A specialist's month was checked. Raises NotFound, BadInput for a month that has not begun."""
    seat = queries.seat(month, membership_id)
    if not month.first <= held().today:
        raise BadInput(_("The month has not begun: there is nothing to check yet. Nothing was written."))
    return _check(Check(month=month, person_id=seat.user_id, role=seat.role), in_order, found, by)


def _check(row: Check, in_order: bool, found: str, by: str) -> int:
    row.in_order, row.found, row.checked_at, row.checked_by = in_order, found.strip(), held().now, by
    db.session.add(row)
    db.session.flush()
    return row.id


# --- remarks --------------------------------------------------------------------------------------------------------


def write(person_id: int, path: str, text: str, by: str) -> int:
    """A remark to somebody who works here, about the record at an address of ours ("" = none); they are told.

    Raises BadInput for whom no remark can be written to, and like `about.record_at`.
    """
    if person_id not in {one.id for one in remarks.people()}:
        raise BadInput(_("Choose somebody who works here. Nothing was written."))
    record = record_at(path)
    remark = Remark(
        person_id=person_id,
        author_id=scope().user_id,
        about=record.said if record else "",
        url=record.url if record else "",
        text=text.strip(),
        written_at=held().now,
        written_by=by,
    )
    db.session.add(remark)
    db.session.flush()
    _tell(remark, person_id, _("A remark waits for your answer: %(who)s.", who=by))
    return remark.id


def answer(remark_id: int, text: str, by: str) -> None:
    """The person the remark was written to answers; its author is told.

    Raises NotFound, Stale when it is closed, BadInput for anybody else.
    """
    remark = _taken(remark_id)
    if remark.person_id != scope().user_id:
        raise BadInput(_("Only the person the remark was written to answers it. Nothing was written."))
    if remark.closed_at is not None:
        raise Stale(_("The remark was closed meanwhile. Your answer was not written."))
    db.session.add(Answer(remark_id=remark.id, text=text.strip(), answered_at=held().now, answered_by=by))
    remark.answered_at = held().now
    db.session.flush()
    _tell(remark, remark.author_id, _("Your remark was answered: %(who)s.", who=by))


def close(remark_id: int, *, is_heeded: bool, by: str) -> None:
    """Its author says whether the remark was heeded; the other is told. A second time changes nothing.

    Raises NotFound, BadInput for anybody else.
    """
    remark = _taken(remark_id)
    if remark.author_id != scope().user_id:
        raise BadInput(_("Only the one who wrote a remark closes it. Nothing was changed."))
    if remark.closed_at is not None:
        return
    remark.closed_at, remark.is_heeded = held().now, is_heeded
    db.session.flush()
    said = (
        _("The remark is closed as heeded: %(who)s.", who=by)
        if is_heeded
        else _("The remark is closed as not heeded: %(who)s.", who=by)
    )
    _tell(remark, remark.person_id, said)


def _taken(remark_id: int) -> Remark:
    """Taken so that an answer and the closing come one after the other."""
    found = db.session.scalars(
        select(Remark).where(Remark.id == remark_id, remarks.mine()).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _tell(remark: Remark, person_id: int, text: str) -> None:
    tell([person_id], text, url_for("supervision.remark", remark_id=remark.id))
