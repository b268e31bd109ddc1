"""Reasons delivered and checked; absences told beforehand, written down and ended (C3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.absences import queries, rules
from ediary.absences.models import AbsenceReason, Announcement
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.locks import held

CALLER_LENGTH = 120


def check_reason(reason_id: int, days: Iterable[date]) -> None:
    """May this reason be given on these days? Raises NotFound (no such reason), BadInput naming the first other day."""
    reason = queries.all_reasons().get(reason_id)
    if reason is None:
        raise NotFound
    for day in days:
        if not covers(reason.valid_from, reason.valid_to, day):
            words = {"name": reason.name, "day": day.isoformat()}
            raise BadInput(_("The reason “%(name)s” is not given on %(day)s. Nothing was changed.", **words))


def deliver_reasons(valid_from: date) -> None:
    """Give a new institution the delivered set of absence reasons."""
    for position, given in enumerate(rules.DELIVERED_REASONS):
        db.session.add(AbsenceReason(**asdict(given), position=position, valid_from=valid_from))
    db.session.flush()


# --- announced absences: what follows for today's mark and portions, the caller does ------------------------


def check_announcement(
    places: Collection[tuple[date, date | None]],
    child_id: int,
    first: date,
    last: date | None,
    reason_id: int | None,
    caller: str,
    called_at: datetime,
) -> None:
    """May this be written down of a child with these places in the group? Raises NotFound or BadInput."""
    now, when = held(), first.isoformat()
    if not places:
        raise NotFound
    if first < now.today:
        raise BadInput(_("%(day)s is over: give the reason on that day's page or the month sheet.", day=when))
    if last is not None and last < first:
        raise BadInput(_("The last day is before the first. Nothing was written."))
    if first > now.today + queries.AHEAD:
        raise BadInput(_("An absence can be announced a year ahead at most. Nothing was written."))
    if not any(covers(begins, ends, first) for begins, ends in places):
        raise BadInput(_("On %(day)s the child does not come to this group. Nothing was written.", day=when))
    if called_at > now.now:
        raise BadInput(_("The call cannot be later than now. Nothing was written."))
    if not caller.strip() or len(caller) > CALLER_LENGTH:
        raise BadInput(_("Write who called, in at most %(count)s characters.", count=CALLER_LENGTH))
    if reason_id is not None:
        check_reason(reason_id, [first])
    known = queries.announced([child_id], first, last or first)
    if any(one.reason_id == reason_id and rules.says_already(one, first, last) for one in known):
        raise BadInput(_("This absence is announced already. Nothing was written."))


def write_announcement(
    child_id: int, first: date, last: date | None, reason_id: int | None, caller: str, called_at: datetime
) -> None:
    """Write down an absence told beforehand, first to last (None = until further word), once it was checked."""
    db.session.add(
        Announcement(
            child_id=child_id,
            reason_id=reason_id,
            caller=caller.strip(),
            called_at=called_at,
            valid_from=first,
            valid_to=last,
        )
    )
    db.session.flush()


def take_announcement(announcement_id: int) -> Announcement:
    """The announcement, taken so that only one ends it. Raises NotFound."""
    announcement = db.session.scalars(
        select(Announcement).where(Announcement.id == announcement_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if announcement is None:
        raise NotFound
    return announcement


def end_announcement(announcement: Announcement, back_on: date) -> None:
    """The child is back on this day: it ends the day before, or goes if nothing is left of it."""
    last = rules.ends_before(announcement.valid_from, announcement.valid_to, back_on)
    if last is None:
        db.session.delete(announcement)
    else:
        announcement.valid_to = last
    db.session.flush()
