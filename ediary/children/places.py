"""Where children are: the one place that writes enrolments (B2).

Own places, visits and merges are what people decide; the rows that marks, portions and sheets follow are made from
them by `children.timeline`. Who changes something from today on holds today's lock point of every group in which one
of the children is before or after (`children.queries.today_points` names them), and then lets today's marks follow
the children (`attendance.actions.follow`). What the kitchen has cooked for does not change any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import NoReturn

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import bindparam, or_, select

from ediary.children.models import Child, Enrolment, Visit
from ediary.children.timeline import Merging, Own, Place, Visiting, clipped, left, moved, own_places, places, rewrite
from ediary.core.batch import write_batch
from ediary.core.dates import covers, overlaps, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import held
from ediary.core.members import member_of
from ediary.core.spans import touching
from ediary.groups import actions as groups
from ediary.groups.models import Group, GroupMerge

FRESH = {"populate_existing": True}
#: how many names a refusal says
NAMED = 5

#: Two changes of one child are one after the other; a tap, which only refers to the child, does not wait.
_CHILDREN = select(Child.id).where(member_of(Child.id, "ids")).order_by(Child.id).with_for_update(key_share=True)
_ROWS = select(Enrolment).where(member_of(Enrolment.child_id, "ids")).order_by(Enrolment.id).with_for_update()
_VISITS = select(Visit).where(member_of(Visit.child_id, "ids")).order_by(Visit.first, Visit.id)
_MERGES = select(GroupMerge).where(GroupMerge.last >= bindparam("since")).order_by(GroupMerge.first, GroupMerge.id)

Change = Callable[[int, list[Own]], list[Own]]


# --- own places -----------------------------------------------------------------------------------------------------


def enrol(
    child_id: int, group_id: int, valid_from: date, valid_to: date | None = None, *, order_id: int | None = None
) -> Enrolment:
    """Give a child an own place from-to (B2); while the group is merged into another, the child is there.

    Gives the row that holds on its first day. Raises BadInput when the child has another place on one of these days.
    """
    new = Own(group_id, valid_from, valid_to, order_id)
    _hold_groups([group_id])

    def add(child_id: int, owns: list[Own]) -> list[Own]:
        for own in owns:
            if overlaps(own.first, own.last, valid_from, valid_to or date.max):
                raise BadInput(
                    _("The child already has a place from %(day)s. End that one first.", day=own.first.isoformat())
                )
        return [*owns, new]

    rows = _change([child_id], valid_from, add)
    return min((row for row in rows if (row.valid_to or date.max) >= valid_from), key=lambda row: row.valid_from)


def leave(child_ids: Collection[int], last: date) -> None:
    """These children's places end with this day, visits too; places that were to begin later are gone.

    Raises BadInput when one of them has no place after it.
    """
    _refuse_past(last, ends=True)

    def end(child_id: int, owns: list[Own]) -> list[Own]:
        after = left(owns, last)
        if after == owns:
            raise BadInput(_("The child has no place after %(day)s: there is nothing to end.", day=last.isoformat()))
        return after

    _change(child_ids, _next(last), end)


def move(child_ids: Collection[int], into_id: int, first: date, order_id: int | None = None) -> None:
    """From this day on these children's own group is another one; visits stay as they are.

    The place goes on to the end it had. Raises BadInput for a child without a place on that day, NotFound.
    """
    go_on(dict.fromkeys(child_ids, into_id), first, order_id)


def go_on(into: Mapping[int, int], first: date, order_id: int | None = None) -> None:
    """The same for many children at once, child -> group. At most eight statements and the writes."""
    _refuse_past(first)
    _check_groups(set(into.values()), first, first)

    def go(child_id: int, owns: list[Own]) -> list[Own]:
        if not any(covers(own.first, own.last, first) for own in owns):
            raise BadInput(
                _("%(name)s has no place on %(day)s. Nothing was changed.", name=_name(child_id), day=first.isoformat())
            )
        return moved(owns, first, into[child_id], order_id)

    _change(into, first, go)


def rearrange(child_ids: Collection[int], since: date, group_ids: Collection[int], change: Change) -> None:
    """Any other change of own places from a day on: a child and its places in, its places out; days before are kept.

    `group_ids`: the groups children may come to by it.
    """
    _refuse_past(since)
    _hold_groups(group_ids)
    _change(child_ids, since, change)


def enrol_new(owns: Mapping[int, Own]) -> list[int]:
    """First places of children who never had one, many at once: a list that came in. Gives the rows' ids.

    While a group is merged into another, its newcomers are there. Three statements and the writing.
    """
    if not owns:
        return []
    first = min(own.first for own in owns.values())
    _refuse_past(first)
    _hold_groups({own.group_id for own in owns.values()})
    merges = [Merging(one.group_id, one.into_id, one.first, one.last, one.order_id) for one in _merges(first)]
    standing = [(child_id, place) for child_id, own in owns.items() for place in places([own], [], merges)]
    today = held().today
    _require_held({place.group_id for _child_id, place in standing if covers(place.first, place.last, today)})
    return write_batch([_row(child_id, place) for child_id, place in standing])


# --- visits ---------------------------------------------------------------------------------------------------------


def visit(child_ids: Collection[int], into_id: int, first: date, last: date, order_id: int | None = None) -> list[int]:
    """These children are guests in another group from first to last, and then back in their own. Gives the visits' ids.

    Only on days on which they have a place at all. Raises NotFound, or BadInput when the days are not to come, are of
    another school year than the group, when the group itself is in another then, or a child is a guest already.
    """
    _refuse_past(first)
    _check_span(first, last)
    _check_groups([into_id], first, last)
    if any(one.group_id == into_id and overlaps(one.first, one.last, first, last) for one in _merges(first)):
        raise BadInput(_("That group is itself in another group on these days. Let the children visit that one."))
    if not child_ids:
        raise BadInput(_("Choose at least one child."))
    rows = _take(child_ids)
    busy = {
        one.child_id
        for one in db.session.scalars(_VISITS, {"ids": list(child_ids)})
        if overlaps(one.first, one.last, first, last)
    }
    if busy:
        raise BadInput(_("Already a guest on one of these days: %(names)s. End that visit first.", names=_names(busy)))
    idle = [child_id for child_id in child_ids if not _away_from(into_id, rows.get(child_id, []), first, last)]
    if idle:
        raise BadInput(
            _("On these days without a place in another group: %(names)s. Nothing was changed.", names=_names(idle))
        )
    made = [
        Visit(child_id=child_id, group_id=into_id, first=first, last=last, order_id=order_id)
        for child_id in sorted(child_ids)
    ]
    db.session.add_all(made)
    db.session.flush()
    _change(child_ids, first, _as_they_are)
    return [one.id for one in made]


def _away_from(into_id: int, rows: Sequence[Enrolment], first: date, last: date) -> bool:
    owns = own_places(_place(row) for row in rows)
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
            _check_groups([found.group_id], found.last, kept)
            if any(
                other.id != found.id and overlaps(other.first, other.last, found.first, kept)
                for other in db.session.scalars(_VISITS, {"ids": [found.child_id]})
            ):
                raise BadInput(_("The child is a guest elsewhere before that day. Nothing was changed."))
        found.last = kept
    db.session.flush()
    _change([found.child_id], since, _as_they_are)
    return found.child_id


def _new_end(first: date, was: date, last: date | None) -> tuple[date, date | None]:
    """The first day that changes when something that lasts first..was ends otherwise, and its new last day."""
    today = held().today
    if last is None and first < today:
        last = _before(today)
    if last is None or last < first:
        _refuse_past(first)
        return first, None
    since = _next(min(was, last))
    if was < today and last <= was:
        raise BadInput(_("It is over already. What was, stays."))
    if last != was:
        _refuse_past(since)
    return since, last


# --- merged groups --------------------------------------------------------------------------------------------------


def merge(group_id: int, into_id: int, first: date, last: date, reason: str, order_id: int | None = None) -> GroupMerge:
    """From first to last all children of a group are in another one, and its educators have that one too.

    Who comes to the group meanwhile goes along. Raises NotFound, or BadInput when the days are not to come, of
    another school year, or one of the groups is merged otherwise on one of them.
    """
    _refuse_past(first)
    _check_span(first, last)
    if group_id == into_id:
        raise BadInput(_("A group cannot be merged into itself."))
    _check_groups([group_id, into_id], first, last, alone=True)
    _refuse_tangle(group_id, into_id, first, last, _merges(first))
    made = GroupMerge(
        group_id=group_id, into_id=into_id, first=first, last=last, reason=reason.strip(), order_id=order_id
    )
    db.session.add(made)
    db.session.flush()
    _change(_children_of(group_id, first), first, _as_they_are)
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
            _check_groups([group_id, found.into_id], found.last, kept, alone=True)
            _refuse_tangle(group_id, found.into_id, found.first, kept, _merges(since), but=found.id)
        found.last = kept
    db.session.flush()
    _change(_children_of(group_id, since), since, _as_they_are)
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


# --- rows -----------------------------------------------------------------------------------------------------------


def _as_they_are(child_id: int, owns: list[Own]) -> list[Own]:
    return owns


def _place(row: Enrolment) -> Place:
    return Place(row.group_id, row.valid_from, row.valid_to, row.order_id, row.home_id, row.home_order_id)


def _take(child_ids: Collection[int]) -> dict[int, list[Enrolment]]:
    """Take the children and their rows, so that nobody else changes them meanwhile. Two statements."""
    ids = sorted(set(child_ids))
    db.session.execute(_CHILDREN, {"ids": ids})
    rows: dict[int, list[Enrolment]] = {child_id: [] for child_id in ids}
    for row in db.session.scalars(_ROWS, {"ids": ids}, execution_options=FRESH):
        rows[row.child_id].append(row)
    return rows


def _merges(since: date) -> list[GroupMerge]:
    return list(db.session.scalars(_MERGES, {"since": since}, execution_options=FRESH))


def _change(child_ids: Collection[int], since: date, change: Change) -> list[Enrolment]:
    """Rewrite the children's rows from a day on by what is decided now; gives those that stand. Four statements."""
    rows = _take(child_ids)
    merges = [Merging(one.group_id, one.into_id, one.first, one.last, one.order_id) for one in _merges(since)]
    visits: dict[int, list[Visit]] = {}
    with_rows = [child_id for child_id, of_child in rows.items() if of_child]
    for one in db.session.scalars(_VISITS, {"ids": with_rows}) if with_rows else ():
        visits.setdefault(one.child_id, []).append(one)
    standing: list[Enrolment] = []
    moving: set[int] = set()
    for child_id, of_child in rows.items():
        owns = change(child_id, own_places(_place(row) for row in of_child))
        guests = [kept for one in visits.get(child_id, []) if (kept := _clip(one, owns)) is not None]
        standing += _write(child_id, of_child, places(owns, guests, merges), since, moving)
    _require_held(moving)
    db.session.flush()
    return standing


def _clip(one: Visit, owns: Sequence[Own]) -> Visiting | None:
    """The visit, ended with the child's last place."""
    known = Visiting(one.group_id, one.first, one.last, one.order_id)
    kept = clipped(known, owns)
    if kept is None:
        db.session.delete(one)
    elif kept != known:
        one.last = kept.last
    return kept


def _write(
    child_id: int, rows: Sequence[Enrolment], wanted: Sequence[Place], since: date, moving: set[int]
) -> list[Enrolment]:
    today = held().today
    before = _group_on(today, [_place(row) for row in rows])
    after = _group_on(today, wanted)
    if since <= today and before != after:
        moving |= {group_id for group_id in (before, after) if group_id is not None}
    plan = rewrite([(row.id, _place(row)) for row in rows], wanted, since)
    standing = []
    for row in rows:
        if row.id in plan.removed:
            db.session.delete(row)
            continue
        standing.append(row)
        if row.id in plan.kept:
            row.valid_from, row.valid_to = plan.kept[row.id]
    for place in plan.added:
        made = _row(child_id, place)
        db.session.add(made)
        standing.append(made)
    return standing


def _row(child_id: int, place: Place) -> Enrolment:
    return Enrolment(
        child_id=child_id,
        group_id=place.group_id,
        valid_from=place.first,
        valid_to=place.last,
        order_id=place.order_id,
        home_id=place.home_id,
        home_order_id=place.home_order_id,
    )


def _group_on(day: date, known: Sequence[Place]) -> int | None:
    return next((place.group_id for place in known if covers(place.first, place.last, day)), None)


def _require_held(group_ids: Collection[int]) -> None:
    """Today changes for these groups: their points are held, and the kitchen has not cooked for them yet."""
    now = held()
    for group_id in sorted(group_ids):
        if (group_id, now.today) not in now.days:
            if any(day == now.today for _group_id, day in now.days):
                raise Stale(_("Somebody has just moved one of the children. Nothing was changed; try once more."))
            continue  # the fence asks for a point
        state = now.day(group_id, now.today)
        if state.closed is not None or state.reopened:
            raise BadInput(_("The kitchen has already cooked for today. Let it begin tomorrow; nothing was changed."))


# --- refusals -------------------------------------------------------------------------------------------------------


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _refuse_past(day: date, *, ends: bool = False) -> None:
    """Days that are over stay as they were; what ends may have ended with yesterday at the earliest."""
    today = held().today
    if day < (_before(today) if ends else today):
        raise BadInput(_("%(day)s is over: what was, stays. Choose today or a later day.", day=day.isoformat()))


def _check_span(first: date, last: date) -> None:
    if last < first:
        raise BadInput(_("The last day is before the first. Nothing was written."))
    if school_year_of(first) != school_year_of(last):
        end = school_year_span(school_year_of(first))[1]
        raise BadInput(_("It ends with the school year at the latest, on %(day)s.", day=end.isoformat()))


def _hold_groups(group_ids: Collection[int], *, alone: bool = False) -> dict[int, int]:
    """Take the groups, so that none is merged while a child comes to it; `alone`: nobody comes while it is merged.

    Gives group -> school year of those that exist for this user. Taps do not wait. One statement.
    """
    chosen = select(Group.id, Group.school_year).where(member_of(Group.id, "ids")).order_by(Group.id)
    taken = chosen.with_for_update(read=not alone, key_share=alone)
    return {row.id: row.school_year for row in db.session.execute(taken, {"ids": list(group_ids)})}


def _check_groups(group_ids: Collection[int], first: date, last: date, *, alone: bool = False) -> None:
    """The groups exist for this user, in the school year of these days."""
    known = _hold_groups(group_ids, alone=alone)
    if known.keys() != set(group_ids):
        raise NotFound
    if any(year not in (school_year_of(first), school_year_of(last)) for year in known.values()):
        _refuse_year(first)


def _refuse_year(day: date) -> NoReturn:
    year = school_year_of(day)
    raise BadInput(_("The group is not of the school year %(first)s/%(last)s.", first=year, last=year + 1))


def _names(child_ids: Collection[int]) -> str:
    """„Adomas Žukauskas, Benas Stonkus and 3 more“."""
    chosen = select(Child.first_name, Child.last_name).where(member_of(Child.id, "ids")).order_by(Child.id)
    names = [f"{row.first_name} {row.last_name}" for row in db.session.execute(chosen, {"ids": list(child_ids)})]
    if len(names) <= NAMED:
        return ", ".join(names)
    more = ngettext("and %(num)s more", "and %(num)s more", len(names) - NAMED)
    return f"{', '.join(names[:NAMED])} {more}"


def _name(child_id: int) -> str:
    return _names([child_id])
