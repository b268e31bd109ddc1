"""Making groups and saying who works in them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from ediary.core.db import db
from ediary.core.spans import touching
from ediary.groups.models import Group, GroupMerge, GroupStaff
from ediary.groups.rules import AgeBand, Duty


def add_group(school_year: int, name: str, age_band: AgeBand) -> Group:
    """A group of one school year (A2)."""
    group = Group(school_year=school_year, name=name, age_band=age_band)
    db.session.add(group)
    db.session.flush()
    return group


def assign(
    group_id: int,
    user_id: int,
    valid_from: date,
    order_id: int,
    valid_to: date | None = None,
    *,
    duty: Duty = Duty.EDUCATOR,
    substitutes_id: int | None = None,
    minutes_a_day: int | None = None,
) -> GroupStaff:
    """A person works in a group from-to, by the director's order; in their own place or in another's (A2, A3)."""
    staff = GroupStaff(
        group_id=group_id,
        user_id=user_id,
        valid_from=valid_from,
        valid_to=valid_to,
        duty=duty,
        order_id=order_id,
        substitutes_id=substitutes_id,
        minutes_a_day=minutes_a_day,
    )
    db.session.add(staff)
    db.session.flush()
    for merge in db.session.scalars(
        select(GroupMerge).where(GroupMerge.group_id == group_id, GroupMerge.last >= valid_from)
    ):
        follow_merge(merge)
    return staff


# --- merged groups --------------------------------------------------------------------------------------------------


def follow_merge(merge: GroupMerge) -> None:
    """Who works in a merged group has the one its children are in, for the same days (and no longer).

    By the merge's order, or by the one that gave them their own group. Called when the merge begins, when its end
    changes, and for whoever is assigned meanwhile. Three statements and the writes.
    """
    own = db.session.scalars(
        select(GroupStaff).where(
            GroupStaff.group_id == merge.group_id,
            GroupStaff.merge_id.is_(None),
            touching(GroupStaff, merge.first, merge.last),
        )
    )
    wanted: dict[tuple[int, Duty, date], tuple[date, int]] = {}
    for one in own:
        first = max(one.valid_from, merge.first)
        last = merge.last if one.valid_to is None else min(one.valid_to, merge.last)
        key = (one.user_id, one.duty, first)
        if key not in wanted or wanted[key][0] < last:
            wanted[key] = (last, merge.order_id or one.order_id)
    for row in _following(merge):
        kept = wanted.pop((row.user_id, row.duty, row.valid_from), None)
        if kept is None:
            db.session.delete(row)
        else:
            row.valid_to, row.order_id = kept
    for (user_id, duty, first), (last, order_id) in wanted.items():
        db.session.add(
            GroupStaff(
                group_id=merge.into_id,
                user_id=user_id,
                valid_from=first,
                valid_to=last,
                duty=duty,
                order_id=order_id,
                merge_id=merge.id,
            )
        )
    db.session.flush()


def unfollow_merge(merge: GroupMerge) -> None:
    """The merge does not take place: nobody has the other group by it."""
    for row in _following(merge):
        db.session.delete(row)
    db.session.flush()


def _following(merge: GroupMerge) -> list[GroupStaff]:
    return list(db.session.scalars(select(GroupStaff).where(GroupStaff.merge_id == merge.id)))
