"""Reasons and announced absences as other areas read them, and the page of what is announced. Columns only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from ediary.absences.models import AbsenceReason, Announcement
from ediary.absences.rules import Announced, Reason
from ediary.children import queries as children
from ediary.core import clock
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.members import member_of
from ediary.core.spans import touching
from ediary.groups import queries as groups

#: how far ahead absences are announced and listed
AHEAD = timedelta(days=366)

_REASONS = select(
    AbsenceReason.id,
    AbsenceReason.letter,
    AbsenceReason.name,
    AbsenceReason.kind,
    AbsenceReason.waives_food,
    AbsenceReason.waives_education,
    AbsenceReason.needs_paper,
    AbsenceReason.valid_from,
    AbsenceReason.valid_to,
).order_by(AbsenceReason.position, AbsenceReason.id)


def reasons(day: date) -> list[Reason]:
    """The reasons that may be given on this day, in the institution's order."""
    return [one for one in all_reasons().values() if covers(one.valid_from, one.valid_to, day)]


def all_reasons() -> dict[int, Reason]:
    """Every reason there ever was, in the institution's order: old marks name those no longer given."""
    rows = db.session.execute(_REASONS)
    return {row.id: Reason(*row) for row in rows}


#: the columns of an `Announced`, in its order
ANNOUNCED = (
    Announcement.id,
    Announcement.child_id,
    Announcement.reason_id,
    Announcement.valid_from,
    Announcement.valid_to,
    Announcement.caller,
    Announcement.called_at,
)
_TOUCHING = (
    select(*ANNOUNCED)
    .where(touching(Announcement, bindparam("first"), bindparam("last")))
    .order_by(Announcement.valid_from, Announcement.id)
)
_TOUCHING_OF = _TOUCHING.where(member_of(Announcement.child_id, "ids"))


def announced(child_ids: Iterable[int] | None, first: date, last: date) -> list[Announced]:
    """Announced absences that touch first..last; None = of every child. For one day see `rules.announced_on`."""
    bounds = {"first": first, "last": last}
    if child_ids is None:
        return [Announced(*row) for row in db.session.execute(_TOUCHING, bounds)]
    return [Announced(*row) for row in db.session.execute(_TOUCHING_OF, {**bounds, "ids": list(child_ids)})]


@dataclass(frozen=True)
class Told:
    """An announced absence as its list prints it."""

    announced: Announced
    name: str
    reason: Reason | None


@dataclass(frozen=True)
class AnnouncementsPage:
    """Announced absences of a group from today on."""

    day: date
    today: date
    group_id: int
    group_name: str
    told: list[Told]
    children: list[tuple[int, str]]
    reasons: list[tuple[int, str]]


def announcements_page(group_id: int, day: date) -> AnnouncementsPage:
    """What is announced of the group's children from today on, and what a form offers. Raises NotFound."""
    group, today = groups.group(group_id), clock.today()
    places = children.enrolled([group_id], today, today + AHEAD)
    names = {place.child_id: place.name for place in places}
    known = all_reasons()
    told = announced(list(names), today, today + AHEAD)
    return AnnouncementsPage(
        day=day,
        today=today,
        group_id=group_id,
        group_name=group.name,
        told=[Told(one, names[one.child_id], known.get(one.reason_id or 0)) for one in told],
        children=list(names.items()),
        reasons=[(one.id, one.name) for one in known.values() if covers(one.valid_from, one.valid_to, today)],
    )
