"""Where children are: the one place that writes enrolments (B2).

Own places, visits and merges are what people decide; the rows that marks, portions and sheets follow are made from
them by `children.timeline`. Who changes something from today on holds today's lock point of every group in which one
of the children is before or after (`children.queries.today_points` names them), and then lets today's marks follow
the children (`attendance.actions.follow`). What the kitchen has cooked for does not change any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import or_, select

from ediary.children import parents
from ediary.children.models import Enrolment, Visit
from ediary.children.rewriting import (
    FRESH,
    VISITS,
    Change,
    as_they_are,
    change_places,
    check_groups,
    check_span,
    day_after,
    day_before,
    hold_groups,
    merges_since,
    name_of,
    names_of,
    place_of,
    refuse_past,
    require_held,
    row_of,
    take,
)
from ediary.children.timeline import Merging, Own, left, moved, own_places, places
from ediary.core.batch import write_batch
from ediary.core.dates import covers, overlaps
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.locks import held
from ediary.core.spans import touching
from ediary.groups import actions as groups
from ediary.groups.models import GroupMerge

# --- own places -----------------------------------------------------------------------------------------------------


def enrol(
    child_id: int, group_id: int, valid_from: date, valid_to: date | None = None, *, order_id: int | None = None
) -> Enrolment:
    """Give a child an own place from-to (B2); while the group is merged into another, the child is there.

    Gives the row that holds on its first day. Raises BadInput when the child has another place on one of these days.
    """
    new = Own(group_id, valid_from, valid_to, order_id)
    hold_groups([group_id])

    def add(child_id: int, owns: list[Own]) -> list[Own]:
        for own in owns:
            if overlaps(own.first, own.last, valid_from, valid_to or date.max):
                raise BadInput(
                    _("The child already has a place from %(day)s. End that one first.", day=own.first.isoformat())
                )
        return [*owns, new]

    rows = change_places([child_id], valid_from, add)
    parents.follow([child_id])
    return min((row for row in rows if (row.valid_to or date.max) >= valid_from), key=lambda row: row.valid_from)


def leave(child_ids: Collection[int], last: date) -> None:
    """These children's places end with this day, visits too; places that were to begin later are gone.

    Raises BadInput when one of them has no place on it or after.
    """
    refuse_past(last, ends=True)

    def end(child_id: int, owns: list[Own]) -> list[Own]:
        after = left(owns, last)
        if after == owns and not any(own.last == last for own in owns):
            raise BadInput(_("The child has no place after %(day)s: there is nothing to end.", day=last.isoformat()))
        return after

    change_places(child_ids, day_after(last), end)
    parents.follow(child_ids)


def move(child_ids: Collection[int], into_id: int, first: date, order_id: int | None = None) -> None:
    """From this day on these children's own group is another one; visits stay as they are.

    The place goes on to the end it had. Raises BadInput for a child without a place on that day, NotFound.
    """
    go_on(dict.fromkeys(child_ids, into_id), first, order_id)


def go_on(into: Mapping[int, int], first: date, order_id: int | None = None) -> None:
    """The same for many children at once, child -> group. At most eight statements and the writes."""
    refuse_past(first)
    check_groups(set(into.values()), first, first)

    def go(child_id: int, owns: list[Own]) -> list[Own]:
        if not any(covers(own.first, own.last, first) for own in owns):
            raise BadInput(
                _(
                    "%(name)s has no place on %(day)s. Nothing was changed.",
                    name=name_of(child_id),
                    day=first.isoformat(),
                )
            )
        return moved(owns, first, into[child_id], order_id)

    change_places(into, first, go)


def rearrange(child_ids: Collection[int], since: date, group_ids: Collection[int], change: Change) -> None:
    """Any other change of own places from a day on: a child and its places in, its places out; days before are kept.

    `group_ids`: the groups children may come to by it.
    """
    refuse_past(since)
    hold_groups(group_ids)
    change_places(child_ids, since, change)
    parents.follow(child_ids)


def enrol_new(owns: Mapping[int, Own]) -> list[int]:
    """First places of children who never had one, many at once: a list that came in. Gives the rows' ids.

    While a group is merged into another, its newcomers are there. Three statements and the writing.
    """
    if not owns:
        return []
    first = min(own.first for own in owns.values())
    refuse_past(first)
    hold_groups({own.group_id for own in owns.values()})
    merges = [Merging(one.group_id, one.into_id, one.first, one.last, one.order_id) for one in merges_since(first)]
    standing = [(child_id, place) for child_id, own in owns.items() for place in places([own], [], merges)]
    today = held().today
    require_held({place.group_id for _child_id, place in standing if covers(place.first, place.last, today)})
    return write_batch([row_of(child_id, place) for child_id, place in standing])


# --- visits ---------------------------------------------------------------------------------------------------------


def visit(child_ids: Collection[int], into_id: int, first: date, last: date, order_id: int | None = None) -> list[int]:
    """These children are guests in another group from first to last, and then back in their own. Gives the visits' ids.

    Only on days on which they have a place at all. Raises NotFound, or BadInput when the days are not to come, are of
    another school year than the group, when the group itself is in another then, or a child is a guest already.
    """
    refuse_past(first)
    check_span(first, last)
    check_groups([into_id], first, last)
    if any(one.group_id == into_id and overlaps(one.first, one.last, first, last) for one in merges_since(first)):
        raise BadInput(_("That group is itself in another group on these days. Let the children visit that one."))
    if not child_ids:
        raise BadInput(_("Choose at least one child."))
    rows = take(child_ids)
    busy = {
        one.child_id
        for one in db.session.scalars(VISITS, {"ids": list(child_ids)})
        if overlaps(one.first, one.last, first, last)
    }
    if busy:
        raise BadInput(
            _("Already a guest on one of these days: %(names)s. End that visit first.", names=names_of(busy))
        )
    idle = [child_id for child_id in child_ids if not _away_from(into_id, rows.get(child_id, []), first, last)]
    if idle:
        raise BadInput(
            _("On these days without a place in another group: %(names)s. Nothing was changed.", names=names_of(idle))
        )
    made = [
        Visit(child_id=child_id, group_id=into_id, first=first, last=last, order_id=order_id)
        for child_id in sorted(child_ids)
    ]
    db.session.add_all(made)
    db.session.flush()
    change_places(child_ids, first, as_they_are)
    return [one.id for one in made]


def _away_from(into_id: int, rows: Sequence[Enrolment], first: date, last: date) -> bool:
    owns = own_places(place_of(row) for row in rows)
    return any(own.group_id != into_id and overlaps(own.first, own.last, first, last) for own in owns)


def end_visit(visit_id: int, last: date | None) -> int:
    """A visit's last day is another one; None = it does not take place at all, or ends with yesterday. Gives the child.

    Raises NotFound, or BadInput when the days that would change are over.
    """
    one = db.session.scalars(select(Visit).where(Visit.id == visit_id).with_for_update(), execution_options=FRESH)
    found = one.one_or_none()
    if found is None:
        raise NotFound
    since, kept = _new_end(found.first, found.last, last)
    if kept is None:
        db.session.delete(found)
    else:
        if kept > found.last:
            check_groups([found.group_id], found.last, kept)
            if any(
                other.id != found.id and overlaps(other.first, other.last, found.first, kept)
                for other in db.session.scalars(VISITS, {"ids": [found.child_id]})
            ):
                raise BadInput(_("The child is a guest elsewhere before that day. Nothing was changed."))
        found.last = kept
    db.session.flush()
    change_places([found.child_id], since, as_they_are)
    return found.child_id


def _new_end(first: date, was: date, last: date | None) -> tuple[date, date | None]:
    """The first day that changes when something that lasts first..was ends otherwise, and its new last day."""
    today = held().today
    if last is None and first < today:
        last = day_before(today)
    if last is None or last < first:
        refuse_past(first)
        return first, None
    since = day_after(min(was, last))
    if was < today and last <= was:
        raise BadInput(_("It is over already. What was, stays."))
    if last != was:
        refuse_past(since)
    return since, last


# --- merged groups --------------------------------------------------------------------------------------------------


def merge(group_id: int, into_id: int, first: date, last: date, reason: str, order_id: int | None = None) -> GroupMerge:
    """From first to last all children of a group are in another one, and its educators have that one too.

    Who comes to the group meanwhile goes along. Raises NotFound, or BadInput when the days are not to come, of
    another school year, or one of the groups is merged otherwise on one of them.
    """
    refuse_past(first)
    check_span(first, last)
    if group_id == into_id:
        raise BadInput(_("A group cannot be merged into itself."))
    check_groups([group_id, into_id], first, last, alone=True)
    _refuse_tangle(group_id, into_id, first, last, merges_since(first))
    made = GroupMerge(
        group_id=group_id, into_id=into_id, first=first, last=last, reason=reason.strip(), order_id=order_id
    )
    db.session.add(made)
    db.session.flush()
    change_places(_children_of(group_id, first), first, as_they_are)
    groups.follow_merge(made)
    return made


def _refuse_tangle(
    group_id: int, into_id: int, first: date, last: date, merges: Sequence[GroupMerge], but: int | None = None
) -> None:
    for one in merges:
        if one.id == but or not overlaps(one.first, one.last, first, last):
            continue
        when = {"first": one.first.isoformat(), "last": one.last.isoformat()}
        if one.group_id == group_id:
            raise BadInput(_("The group is in another group already, %(first)s to %(last)s.", **when))
        if one.group_id == into_id:
            raise BadInput(
                _("That group is itself in another one, %(first)s to %(last)s. Merge into that one.", **when)
            )
        if one.into_id == group_id:
            raise BadInput(
                _(
                    "Another group's children are in this one, %(first)s to %(last)s. Let them go elsewhere first.",
                    **when,
                )
            )


def end_merge(merge_id: int, last: date | None) -> GroupMerge | None:
    """A merge's last day is another one; None = it does not take place at all, or ends with yesterday.

    Gives it, or None when it is gone. Raises NotFound, or BadInput when the days that would change are over.
    """
    taken = db.session.scalars(
        select(GroupMerge).where(GroupMerge.id == merge_id).with_for_update(), execution_options=FRESH
    )
    found = taken.one_or_none()
    if found is None:
        raise NotFound
    since, kept = _new_end(found.first, found.last, last)
    group_id = found.group_id
    if kept is None:
        groups.unfollow_merge(found)
        db.session.delete(found)
    else:
        if kept > found.last:
            check_groups([group_id, found.into_id], found.last, kept, alone=True)
            _refuse_tangle(group_id, found.into_id, found.first, kept, merges_since(since), but=found.id)
        found.last = kept
    db.session.flush()
    change_places(_children_of(group_id, since), since, as_they_are)
    if kept is None:
        return None
    groups.follow_merge(found)
    return found


def _children_of(group_id: int, since: date) -> list[int]:
    """All whose own group it is, and its guests, on some day from this one on."""
    chosen = select(Enrolment.child_id).where(
        or_(Enrolment.group_id == group_id, Enrolment.home_id == group_id), touching(Enrolment, since, date.max)
    )
    visitors = select(Visit.child_id).where(Visit.group_id == group_id, Visit.last >= since)
    return sorted({*db.session.scalars(chosen), *db.session.scalars(visitors)})
