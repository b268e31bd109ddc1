"""In which group a child is on which day (B2): own places, visits and merged groups in, one place a day out. Pure.

The own place says on which days a child has a place at all. A visit takes the child to another group for a time; a
merged group's children, guests among them, are in the group it goes into. Whatever is put on top, the days stay those
of the own place, and each of them has one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ediary.core.dates import ONE_DAY, covers, overlaps


@dataclass(frozen=True)
class Own:
    """A child's place in the own group, by an order if one was named. `last` None = until further word."""

    group_id: int
    first: date
    last: date | None
    order_id: int | None = None


@dataclass(frozen=True)
class Visiting:
    """A child is a guest in another group."""

    into_id: int
    first: date
    last: date
    order_id: int | None = None


@dataclass(frozen=True)
class Merging:
    """A group's children are in another group."""

    group_id: int
    into_id: int
    first: date
    last: date
    order_id: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a child is from first to last. A guest's own group, and the order of the own place, stand beside it."""

    group_id: int
    first: date
    last: date | None
    order_id: int | None = None
    home_id: int | None = None
    home_order_id: int | None = None

    def like(self, other: Place) -> bool:
        """Does it say the same, of other days?"""
        return replace(self, first=other.first, last=other.last) == other

    @property
    def own(self) -> Own:
        """The own place behind it."""
        if self.home_id is None:
            return Own(self.group_id, self.first, self.last, self.order_id)
        return Own(self.home_id, self.first, self.last, self.home_order_id)


def own_places(places: Iterable[Place]) -> list[Own]:
    """The own places behind these, the first first; what was split by a visit is one again."""
    found: list[Own] = []
    for place in sorted(places, key=lambda one: one.first):
        own = place.own
        before = found[-1] if found else None
        if (
            before is not None
            and before.last is not None
            and before.last + ONE_DAY == own.first
            and (before.group_id, before.order_id) == (own.group_id, own.order_id)
        ):
            found[-1] = replace(before, last=own.last)
        else:
            found.append(own)
    return found


def places(owns: Iterable[Own], visits: Sequence[Visiting], merges: Sequence[Merging]) -> list[Place]:
    """Where the child is, day by day, the first first.

    Of visits none overlap, nor do merges of one group; a group that takes another in is not itself merged then
    (`children.places` refuses it), so one step is enough. Taken back to the own group a guest is none.
    """
    found: list[Place] = []
    for own in sorted(owns, key=lambda one: one.first):
        of_own: list[Place] = []
        for first, last in _pieces(own, visits, merges):
            place = _place(own, first, last, visits, merges)
            if of_own and of_own[-1].like(place):
                of_own[-1] = replace(of_own[-1], last=last)
            else:
                of_own.append(place)
        found += of_own
    return found


def _pieces(own: Own, visits: Sequence[Visiting], merges: Sequence[Merging]) -> list[tuple[date, date | None]]:
    """The own place cut wherever something begins or has ended."""
    cuts = {own.first}
    spans = [(one.first, one.last) for one in visits] + [(one.first, one.last) for one in merges]
    for first, last in spans:
        cuts |= {day for day in (first, last + ONE_DAY) if own.first < day and covers(own.first, own.last, day)}
    starts = sorted(cuts)
    return [
        (first, following - ONE_DAY if following else own.last)
        for first, following in zip(starts, [*starts[1:], None], strict=True)
    ]


def _place(own: Own, first: date, last: date | None, visits: Sequence[Visiting], merges: Sequence[Merging]) -> Place:
    group_id, order_id = own.group_id, own.order_id
    for visit in visits:
        if covers(visit.first, visit.last, first):
            group_id, order_id = visit.into_id, visit.order_id
    for merge in merges:
        if merge.group_id == group_id and covers(merge.first, merge.last, first):
            group_id, order_id = merge.into_id, merge.order_id
            break
    if group_id == own.group_id:
        return Place(own.group_id, first, last, own.order_id)
    return Place(group_id, first, last, order_id, own.group_id, own.order_id)


# --- changing the own place -----------------------------------------------------------------------------------------


def left(owns: Iterable[Own], last: date) -> list[Own]:
    """After leaving on this last day: later places are gone."""
    return [
        replace(own, last=last) if own.last is None or own.last > last else own for own in owns if own.first <= last
    ]


def moved(owns: Iterable[Own], first: date, group_id: int, order_id: int | None) -> list[Own]:
    """After moving to another group from this day on: the place of that day goes on there, to its own end."""
    found: list[Own] = []
    for own in owns:
        if not covers(own.first, own.last, first):
            found.append(own)
            continue
        if own.first < first:
            found.append(replace(own, last=first - ONE_DAY))
        found.append(Own(group_id, first, own.last, order_id))
    return found


def clipped(visit: Visiting, owns: Iterable[Own]) -> Visiting | None:
    """What is left of a visit when the last of these places ends; None = nothing."""
    ends = [own.last for own in owns]
    if not ends:
        return None
    if None in ends:
        return visit
    last = min(visit.last, max(day for day in ends if day is not None))
    return replace(visit, last=last) if last >= visit.first else None


# --- from rows as they are to places as they shall be ---------------------------------------------------------------


@dataclass(frozen=True)
class Rewrite:
    """What to do with the rows: row -> its new days (None = remove), and places that need a new row."""

    kept: dict[int, tuple[date, date | None]]
    removed: list[int]
    added: list[Place]


def rewrite(rows: Sequence[tuple[int, Place]], wanted: Iterable[Place], since: date) -> Rewrite:
    """Make the rows say what is wanted from a day on; what they say of days before is left alone.

    A row that says the same and touches is stretched or shortened rather than written anew.
    """
    kept: dict[int, tuple[date, date | None]] = {}
    removed: list[int] = []
    added: list[Place] = []
    free = {row_id: row for row_id, row in rows if row.last is None or row.last >= since - ONE_DAY}
    for place in wanted:
        if place.last is not None and place.last < since:
            continue
        place = replace(place, first=max(place.first, since))
        row_id = _reusable(free, place, since)
        if row_id is None:
            added.append(place)
            continue
        row = free.pop(row_id)
        first = row.first if row.first < since else place.first
        if (first, place.last) != (row.first, row.last):
            kept[row_id] = (first, place.last)
    for row_id, row in free.items():
        if row.first >= since:
            removed.append(row_id)
        elif row.last is None or row.last >= since:
            kept[row_id] = (row.first, since - ONE_DAY)
    return Rewrite(kept, removed, added)


def _reusable(free: dict[int, Place], place: Place, since: date) -> int | None:
    """A row that says the same of these days or of those right before the first that may change."""
    for row_id, row in free.items():
        if not row.like(place):
            continue
        if row.first < since:  # it goes on, or ended the day before and goes on again
            if place.first == since:
                return row_id
        elif overlaps(row.first, row.last, place.first, place.last or date.max):
            return row_id
    return None
