"""Children who come to another group for a time: places first, then today's marks follow them.

It stands above the areas it writes to, as the group's pages do (pyproject.toml, import contract).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ediary.attendance import actions as attendance
from ediary.children import actions as children
from ediary.children import queries as places
from ediary.core.orders import Order
from ediary.institutions import actions as institutions


def visit(child_ids: Collection[int], into_id: int, first: date, last: date, order: Order | None) -> list[int]:
    """These children are guests in another group. Gives the groups whose day is no longer submitted by it."""
    children.visit(child_ids, into_id, first, last, institutions.order_id(order))
    return attendance.follow(child_ids)


def change_visit(group_id: int, visit_id: int, last: date | None) -> list[int]:
    """A visit in this group, or out of it, ends on another day; None = now, or not at all before it began."""
    places.check_visit(group_id, visit_id)
    return attendance.follow([children.end_visit(visit_id, last)])


def merge(group_id: int, into_id: int, first: date, last: date, reason: str, order: Order | None) -> list[int]:
    """A group's children are in another one. Gives the groups whose day is no longer submitted by it."""
    children.merge(group_id, into_id, first, last, reason, institutions.order_id(order))
    return attendance.follow(places.of_group_today(group_id))


def change_merge(group_id: int, merge_id: int, last: date | None) -> list[int]:
    """A merge of this group, or into it, ends on another day; None = now, or not at all before it began."""
    own_id = places.merged_group(group_id, merge_id)
    children.end_merge(merge_id, last)
    return attendance.follow(places.of_group_today(own_id))
