"""Reasons: delivered, changed from a day on, ended; absences told beforehand: written down and ended (C3).

Reasons are settings: whoever changes them holds `queries.lock_points` alone, then the institution's own row
(`one_at_a_time`), so that of two who give the same letter at once the second is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from ediary.absences import queries, rules, uses
from ediary.absences.delivered import DELIVERED_REASONS
from ediary.absences.models import AbsenceReason, Announcement
from ediary.absences.rules import DayFault, Reason, Terms
from ediary.core.dates import ONE_DAY, covers
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import held
from ediary.core.settled import one_at_a_time

CALLER_LENGTH = 120


def rows_on(reason_id: int, days: Iterable[date]) -> dict[date, int]:
    """Which row of this reason each of these days gets: what it says changes, and a day keeps its own.

    Raises NotFound (no such reason), BadInput naming the first day on which it is not given.
    """
    known = queries.all_reasons()
    reason = known.get(reason_id)
    if reason is None:
        raise NotFound
    found = {}
    for day in days:
        version = rules.version_on(known, reason_id, day)
        if version is None:
            words = {"name": reason.name, "day": day.isoformat()}
            raise BadInput(_("The reason “%(name)s” is not given on %(day)s. Nothing was changed.", **words))
        found[day] = version.id
    return found


def deliver_reasons(valid_from: date) -> None:
    """Give a new institution the delivered set of absence reasons."""
    for position, given in enumerate(DELIVERED_REASONS):
        db.session.add(AbsenceReason(**given.columns, position=position, valid_from=valid_from))
    db.session.flush()


# --- settings -----------------------------------------------------------------------------------------------


class Refused(BadInput):
    """What a form about a reason asks does not do: 422, and the sentence stands beside the field it is about."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(message)
        self.field = field


def add_reason(first: date, terms: Terms, by: str) -> AbsenceReason:
    """A new reason, given from a day on. Raises Refused."""
    one_at_a_time()
    known = queries.all_reasons()
    _check_day(known, None, first)
    _check_letter(known.values(), terms.letter, first, None)
    position = db.session.scalar(select(func.max(AbsenceReason.position)))
    row = AbsenceReason(**terms.columns, position=(position or 0) + 1, valid_from=first, set_by=by)
    db.session.add(row)
    db.session.flush()
    return row


def change_reason(reason_id: int, first: date, terms: Terms, by: str) -> AbsenceReason:
    """From a day on the reason says this; its marks before that day keep what it said. `reason_id`: its last row.

    A row that has not yet been in force is changed itself; any other ends the day before, and a new one follows it.
    Raises NotFound, Stale when somebody has changed it meanwhile, Refused.
    """
    row, known = _take(reason_id)
    _check_day(known, row, first)
    if all(getattr(row, name) == value for name, value in terms.columns.items()):
        raise Refused("", _("Nothing is different in it. Nothing was changed."))
    _check_letter(_others(known, row.id), terms.letter, first, row.valid_to)
    if first == row.valid_from:
        for name, value in terms.columns.items():
            setattr(row, name, value)
        row.set_by = by
        db.session.flush()
        return row
    following = AbsenceReason(
        **terms.columns,
        position=row.position,
        valid_from=first,
        valid_to=row.valid_to,
        follows_id=row.id,
        set_by=by,
    )
    row.valid_to = first - ONE_DAY
    db.session.add(following)
    db.session.flush()
    return following


def end_reason(reason_id: int, first: date) -> list[str]:
    """From a day on the reason is no longer given. Raises like `change_reason`.

    Absences announced with it beyond that day stay announced; on those days their reason is not known. Returns
    the names of the children they are about.
    """
    row, known = _take(reason_id)
    _check_day(known, row, first, ends=True)
    if row.valid_to is not None and row.valid_to < first - ONE_DAY:
        _check_letter(_others(known, row.id), row.letter, row.valid_to + ONE_DAY, first - ONE_DAY)
    row.valid_to = first - ONE_DAY
    db.session.flush()
    thread = next(rows for rows in rules.threads(list(known.values())) if rows[-1].id == row.id)
    return queries.told_after([one.id for one in thread], first)


def keep_reason(reason_id: int) -> None:
    """A planned end is taken back: the reason is given on and on. Raises like `change_reason`."""
    row, known = _take(reason_id)
    if row.valid_to is None:
        return
    if row.valid_to < held().today:
        raise Refused("", _fault_sentence(DayFault.OVER, known[row.id], row.valid_to, None))
    _check_letter(_others(known, row.id), row.letter, row.valid_to + ONE_DAY, None)
    row.valid_to = None
    db.session.flush()


def withdraw_reason(reason_id: int) -> list[str]:
    """Take back a reason's last row before it counts: what it followed holds on; a new reason is gone.

    Absences announced with it get what it followed, or no reason: returns the names of the children of the latter.
    Raises like `change_reason`.
    """
    row, known = _take(reason_id)
    today, before = held().today, known.get(row.follows_id or 0)
    if row.valid_from < today or _used(known, row.id, row.valid_from) is not None:
        raise Refused("", _("It is in use already. Change it, or end it, from a later day on."))
    if before is not None:
        _check_letter(_others(known, row.id, before.id), before.letter, row.valid_from, row.valid_to)
    left = queries.told_after([row.id], row.valid_from) if before is None else []
    for announcement in db.session.scalars(select(Announcement).where(Announcement.reason_id == row.id)):
        announcement.reason_id = row.follows_id
    db.session.flush()
    db.session.delete(row)
    if before is not None:
        _row(before.id).valid_to = row.valid_to
    db.session.flush()
    return left


def move_reason(reason_id: int, *, up: bool) -> None:
    """Put a reason one place higher or lower among those given. Raises NotFound, Stale."""
    _last, known = _take(reason_id)
    if _is_over(known[reason_id]):
        raise NotFound
    given = [rows for rows in rules.threads(list(known.values())) if not _is_over(rows[-1])]
    order = rules.moved([rows[-1].id for rows in given], reason_id, up=up)
    places = {row.id: order.index(rows[-1].id) for rows in given for row in rows if not _is_over(row)}
    for row in db.session.scalars(select(AbsenceReason).order_by(AbsenceReason.id)):
        if row.id in places:
            row.position = places[row.id]
    db.session.flush()


def _is_over(reason: Reason) -> bool:
    return reason.valid_to is not None and reason.valid_to < held().today


def _row(reason_id: int) -> AbsenceReason:
    return db.session.scalars(select(AbsenceReason).where(AbsenceReason.id == reason_id)).one()


def _take(reason_id: int) -> tuple[AbsenceReason, dict[int, Reason]]:
    """The last row of a reason, and all there are, while nobody else changes any."""
    one_at_a_time()
    known = queries.all_reasons()
    if reason_id not in known:
        raise NotFound
    if any(one.follows_id == reason_id for one in known.values()):
        raise Stale(_("Somebody has changed this reason meanwhile. Nothing was written; look at it anew."))
    return _row(reason_id), known


def _others(known: Mapping[int, Reason], *ids: int) -> list[Reason]:
    return [one for one in known.values() if one.id not in ids]


def _used(known: Mapping[int, Reason], reason_id: int, first: date) -> date | None:
    """The last day from `first` on that names this row: by a mark, or, of today, by an announcement."""
    today = held().today
    marked = uses.last_marked(reason_id, first, queries.group_ids(today))
    if marked is not None or first > today:
        return marked
    told = (rules.version_on(known, one.reason_id or 0, today) for one in queries.announced(None, today, today))
    return today if any(version is not None and version.id == reason_id for version in told) else None


def _check_day(known: Mapping[int, Reason], row: AbsenceReason | None, first: date, *, ends: bool = False) -> None:
    last = known[row.id] if row else None
    today = held().today
    used = _used(known, last.id, first) if last and first >= today else None
    fault = rules.day_fault(last, first, today=today, used=used, ends=ends)
    if fault:
        raise Refused("last" if ends else "first", _fault_sentence(fault, last, first, used))


def _fault_sentence(fault: DayFault, last: Reason | None, first: date, used: date | None) -> str:
    if fault is DayFault.PAST:
        return _("%(day)s is over, and what was given then stays as it was. Choose a later day.", day=first.isoformat())
    if fault is DayFault.FAR or last is None:
        return _("A change can be planned two years ahead at most.")
    if fault is DayFault.OVER:
        until = (last.valid_to or first).isoformat()
        return _("It was given until %(day)s. Add a new reason; it may have the same letter.", day=until)
    if fault is DayFault.PLANNED:
        begins = last.valid_from.isoformat()
        return _("A change from %(day)s on is planned already. Change that one, or take it back first.", day=begins)
    if fault is DayFault.EMPTY:
        begins = last.valid_from.isoformat()
        return _("It begins on %(day)s, so it would never be given. Take it back instead.", day=begins)
    if fault is DayFault.ENDS:
        until = (last.valid_to or first).isoformat()
        return _("It is given until %(day)s only. Choose a day until then, or let it go on first.", day=until)
    when = (used or first).isoformat()
    return _("On %(day)s it is written already, and what is written stays as it is. Choose a later day.", day=when)


def _check_letter(others: Iterable[Reason], letter: str, first: date, last: date | None) -> None:
    """One letter says one thing on each day."""
    other = rules.letter_taken(letter, first, last, others)
    if other is None:
        return
    words = {"letter": other.letter, "name": other.name, "day": other.valid_from.isoformat()}
    if other.valid_from > first:
        raise Refused("letter", _("From %(day)s on the letter “%(letter)s” means “%(name)s”. Choose another.", **words))
    raise Refused("letter", _("The letter “%(letter)s” means “%(name)s” already. Choose another.", **words))


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
    version = rows_on(reason_id, [first])[first] if reason_id is not None else None
    known = queries.as_on(queries.announced([child_id], first, last or first), first)
    if any(one.reason_id == version and rules.says_already(one, first, last) for one in known):
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
