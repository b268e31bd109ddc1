"""Reasons and announced absences as other areas read them; the page of what is announced, the reasons' settings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from ediary.absences import rules
from ediary.absences.models import AbsenceReason, Announcement
from ediary.absences.rules import Announced, Reason, Rule, threads, version_on
from ediary.children import queries as children
from ediary.children.models import Child
from ediary.core import clock
from ediary.core.dates import ONE_DAY, Month, covers
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.locks import GroupMonth
from ediary.core.members import member_of
from ediary.core.spans import touching
from ediary.groups import queries as groups

#: how far ahead absences are announced and listed
AHEAD = timedelta(days=366)

#: what a `Reason` is made of: its own, then its rule's
_RULE = tuple(field.name for field in fields(Rule))
_OWN = tuple(field.name for field in fields(Reason) if field.name != "rule")
_REASONS = select(*(getattr(AbsenceReason, name) for name in (*_OWN, *_RULE))).order_by(
    AbsenceReason.position, AbsenceReason.id
)


def reasons(day: date) -> list[Reason]:
    """The reasons that may be given on this day, in the institution's order."""
    return [one for one in all_reasons().values() if covers(one.valid_from, one.valid_to, day)]


def all_reasons() -> dict[int, Reason]:
    """Every reason there ever was, in the institution's order: old marks name those no longer given."""
    found = {}
    for row in db.session.execute(_REASONS):
        own = dict(zip(_OWN, row, strict=False))
        found[row.id] = Reason(rule=Rule(*row[len(_OWN) :]), **own)
    return found


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


def as_on(told: Collection[Announced], day: date) -> list[Announced]:
    """Announcements with what their reasons say on this day. No statement when none has a reason, else one."""
    known = all_reasons() if any(one.reason_id is not None for one in told) else {}
    return [rules.as_on(one, known, day) for one in told]


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
        told=[
            Told(one, names[one.child_id], version_on(known, one.reason_id or 0, max(today, one.valid_from)))
            for one in told
        ],
        children=list(names.items()),
        reasons=[(entry.shown.id, _offered(entry)) for entry in _entries(known.values(), today) if not entry.is_over],
    )


def _offered(entry: Entry) -> str:
    """How a form names a reason that is given, or will be."""
    if not entry.is_coming:
        return entry.shown.name
    return _("%(name)s (from %(day)s)", name=entry.shown.name, day=entry.shown.valid_from.isoformat())


def told_after(reason_ids: Collection[int], day: date) -> list[str]:
    """Whose absence is announced with one of these reasons for `day` or later: names in Lithuanian order."""
    rows = db.session.execute(
        select(Child.id, Child.first_name, Child.last_name)
        .join(Announcement, Announcement.child_id == Child.id)
        .where(member_of(Announcement.reason_id, "reasons"), touching(Announcement, bindparam("day"), date.max)),
        {"reasons": reason_ids, "day": day},
    )
    names = {child_id: f"{first} {last}" for child_id, first, last in rows}
    return sorted(names.values(), key=name_key)


# --- settings -----------------------------------------------------------------------------------------------


def group_ids(today: date) -> list[int]:
    """The groups of today and of the days next to come."""
    return sorted({group.id for day in (today, today + 2 * ONE_DAY) for group in groups.groups_on(day)})


def lock_points() -> list[GroupMonth]:
    """What a change of the reasons takes: every group's month of today and of the days next to come.

    Whoever marks, gives a reason or announces an absence on one of these days holds one of them in share: held alone
    they say what stands written, and nothing is written with a reason that is just changing. Two days ahead, as
    midnight may pass while one waits for them.
    """
    today = clock.today()
    months = sorted({Month.of(today), Month.of(today + 2 * ONE_DAY)})
    return [GroupMonth(group_id, month) for group_id in group_ids(today) for month in months]


@dataclass(frozen=True)
class Entry:
    """A reason as its settings print it: all its rows, the first first."""

    rows: tuple[Reason, ...]
    today: date

    @property
    def last(self) -> Reason:
        return self.rows[-1]

    @property
    def shown(self) -> Reason:
        """What it says today; else what it will say first, or said last."""
        here = [one for one in self.rows if covers(one.valid_from, one.valid_to, self.today)]
        return next(iter(here or [one for one in self.rows if one.valid_from > self.today] or [self.last]))

    @property
    def coming(self) -> tuple[Reason, ...]:
        """What it says from today or a later day on: what nothing uses yet can be taken back."""
        return tuple(one for one in self.rows if one.valid_from >= self.today)

    @property
    def is_over(self) -> bool:
        return self.last.valid_to is not None and self.last.valid_to < self.today

    @property
    def is_coming(self) -> bool:
        return self.shown.valid_from > self.today


@dataclass(frozen=True)
class ReasonsPage:
    """The reasons in their order, and those no longer given."""

    given: list[Entry]
    over: list[Entry]
    today: date


@dataclass(frozen=True)
class ReasonPage:
    """One reason to change, or a new one (None). `letters`: those of the others, with their names."""

    entry: Entry | None
    letters: list[tuple[str, str]]
    today: date
    #: row -> role and name of who entered it; None = delivered with the program
    set_by: dict[int, str | None]

    @property
    def terms(self) -> dict[str, Any]:
        """What it said last, for a form to begin with."""
        return self.entry.last.terms.columns if self.entry else {}

    @property
    def first(self) -> date:
        """The day a form offers for a change to begin with: tomorrow, or that of the change planned already."""
        tomorrow = self.today + ONE_DAY
        return max(tomorrow, self.entry.last.valid_from) if self.entry else tomorrow

    @property
    def end(self) -> date:
        """The last day a form offers for a reason to end with."""
        return max(self.today, self.entry.last.valid_from) if self.entry else self.today


def _entries(reasons: Iterable[Reason], today: date) -> list[Entry]:
    return [Entry(rows, today) for rows in threads(list(reasons))]


def reasons_page() -> ReasonsPage:
    """Every reason of the institution."""
    today = clock.today()
    entries = _entries(all_reasons().values(), today)
    over = [entry for entry in entries if entry.is_over]
    return ReasonsPage([entry for entry in entries if not entry.is_over], over, today)


def reason_page(reason_id: int | None) -> ReasonPage:
    """What a form about a reason prints, whichever of its rows is named; None = a new one. Raises NotFound."""
    page = reasons_page()
    entries = [*page.given, *page.over]
    entry = next((one for one in entries if reason_id in {row.id for row in one.rows}), None)
    if entry is None and reason_id is not None:
        raise NotFound
    letters = [(one.shown.letter, one.shown.name) for one in page.given if one is not entry]
    ids = [row.id for row in entry.rows] if entry else []
    set_by = db.session.execute(
        select(AbsenceReason.id, AbsenceReason.set_by).where(member_of(AbsenceReason.id, "ids")), {"ids": ids}
    )
    return ReasonPage(entry, letters, page.today, {row.id: row.set_by for row in set_by})
