"""Making groups and saying who works in them."""

from __future__ import annotations

from datetime import date

from ediary.core.db import db
from ediary.groups.models import Group, GroupStaff
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
    return staff
