"""Children's rows of places, rewritten from what is decided (`children.timeline`), and what is refused.

Used by `children.places` alone: nobody else writes enrolments.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NoReturn

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import bindparam, select

from ediary.children.models import Child, Enrolment, Visit
from ediary.children.timeline import Merging, Own, Place, Visiting, clipped, own_places, places, rewrite
from ediary.core.dates import covers, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import held
from ediary.core.members import member_of
from ediary.groups.models import Group, GroupMerge

FRESH = {"populate_existing": True}
#: how many names a refusal says
NAMED = 5

#: Two changes of one child are one after the other; a tap, which only refers to the child, does not wait.
_CHILDREN = select(Child.id).where(member_of(Child.id, "ids")).order_by(Child.id).with_for_update(key_share=True)
_ROWS = select(Enrolment).where(member_of(Enrolment.child_id, "ids")).order_by(Enrolment.id).with_for_update()
VISITS = select(Visit).where(member_of(Visit.child_id, "ids")).order_by(Visit.first, Visit.id)
_MERGES = select(GroupMerge).where(GroupMerge.last >= bindparam("since")).order_by(GroupMerge.first, GroupMerge.id)

Change = Callable[[int, list[Own]], list[Own]]


# --- rows -----------------------------------------------------------------------------------------------------------


def as_they_are(child_id: int, owns: list[Own]) -> list[Own]:
    return owns


def place_of(row: Enrolment) -> Place:
    return Place(row.group_id, row.valid_from, row.valid_to, row.order_id, row.home_id, row.home_order_id)


def take(child_ids: Collection[int]) -> dict[int, list[Enrolment]]:
    """Take the children and their rows, so that nobody else changes them meanwhile. Two statements."""
    ids = sorted(set(child_ids))
    db.session.execute(_CHILDREN, {"ids": ids})
    rows: dict[int, list[Enrolment]] = {child_id: [] for child_id in ids}
    for row in db.session.scalars(_ROWS, {"ids": ids}, execution_options=FRESH):
        rows[row.child_id].append(row)
    return rows


def merges_since(since: date) -> list[GroupMerge]:
    return list(db.session.scalars(_MERGES, {"since": since}, execution_options=FRESH))


def change_places(child_ids: Collection[int], since: date, change: Change) -> list[Enrolment]:
    """Rewrite the children's rows from a day on by what is decided now; gives those that stand. Four statements."""
    rows = take(child_ids)
    merges = [Merging(one.group_id, one.into_id, one.first, one.last, one.order_id) for one in merges_since(since)]
    visits: dict[int, list[Visit]] = {}
    with_rows = [child_id for child_id, of_child in rows.items() if of_child]
    for one in db.session.scalars(VISITS, {"ids": with_rows}) if with_rows else ():
        visits.setdefault(one.child_id, []).append(one)
    standing: list[Enrolment] = []
    moving: set[int] = set()
    for child_id, of_child in rows.items():
        owns = change(child_id, own_places(place_of(row) for row in of_child))
        guests = [kept for one in visits.get(child_id, []) if (kept := _clip(one, owns)) is not None]
        standing += _write(child_id, of_child, places(owns, guests, merges), since, moving)
    require_held(moving)
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
    before = _group_on(today, [place_of(row) for row in rows])
    after = _group_on(today, wanted)
    if since <= today and before != after:
        moving |= {group_id for group_id in (before, after) if group_id is not None}
    plan = rewrite([(row.id, place_of(row)) for row in rows], wanted, since)
    standing = []
    for row in rows:
        if row.id in plan.removed:
            db.session.delete(row)
            continue
        standing.append(row)
        if row.id in plan.kept:
            row.valid_from, row.valid_to = plan.kept[row.id]
    for place in plan.added:
        made = row_of(child_id, place)
        db.session.add(made)
        standing.append(made)
    return standing


def row_of(child_id: int, place: Place) -> Enrolment:
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


def require_held(group_ids: Collection[int]) -> None:
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


def day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def refuse_past(day: date, *, ends: bool = False) -> None:
    """Days that are over stay as they were; what ends may have ended with yesterday at the earliest."""
    today = held().today
    if day < (day_before(today) if ends else today):
        raise BadInput(_("%(day)s is over: what was, stays. Choose today or a later day.", day=day.isoformat()))


def check_span(first: date, last: date) -> None:
    if last < first:
        raise BadInput(_("The last day is before the first. Nothing was written."))
    if school_year_of(first) != school_year_of(last):
        end = school_year_span(school_year_of(first))[1]
        raise BadInput(_("It ends with the school year at the latest, on %(day)s.", day=end.isoformat()))


def hold_groups(group_ids: Collection[int], *, alone: bool = False) -> dict[int, int]:
    """Take the groups, so that none is merged while a child comes to it; `alone`: nobody comes while it is merged.

    Gives group -> school year of those that exist for this user. Taps do not wait. One statement.
    """
    chosen = select(Group.id, Group.school_year).where(member_of(Group.id, "ids")).order_by(Group.id)
    taken = chosen.with_for_update(read=not alone, key_share=alone)
    return {row.id: row.school_year for row in db.session.execute(taken, {"ids": list(group_ids)})}


def check_groups(group_ids: Collection[int], first: date, last: date, *, alone: bool = False) -> None:
    """The groups exist for this user, in the school year of these days."""
    known = hold_groups(group_ids, alone=alone)
    if known.keys() != set(group_ids):
        raise NotFound
    if any(year not in (school_year_of(first), school_year_of(last)) for year in known.values()):
        _refuse_year(first)


def _refuse_year(day: date) -> NoReturn:
    year = school_year_of(day)
    raise BadInput(_("The group is not of the school year %(first)s/%(last)s.", first=year, last=year + 1))


def names_of(child_ids: Collection[int]) -> str:
    """„Adomas Žukauskas, Benas Stonkus and 3 more“."""
    chosen = select(Child.first_name, Child.last_name).where(member_of(Child.id, "ids")).order_by(Child.id)
    names = [f"{row.first_name} {row.last_name}" for row in db.session.execute(chosen, {"ids": list(child_ids)})]
    if len(names) <= NAMED:
        return ", ".join(names)
    more = ngettext("and %(num)s more", "and %(num)s more", len(names) - NAMED)
    return f"{', '.join(names[:NAMED])} {more}"


def name_of(child_id: int) -> str:
    return names_of([child_id])
