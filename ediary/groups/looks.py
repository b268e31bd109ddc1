"""What both the list of groups and a group's page say: languages, the day looked at, merges."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from ediary.core import clock
from ediary.core.dates import school_year_span
from ediary.core.db import db
from ediary.core.i18n import LOCALE, name_key
from ediary.core.members import member_of
from ediary.groups.models import Group, GroupMerge
from ediary.institutions.models import Document


def language_name(code: str) -> str:
    """lt -> lietuvių."""
    return str(Locale(LOCALE).languages.get(code, code))


def shown_day(year: int) -> date:
    """The day a school year is looked at on: today, or its first or last one."""
    first, last = school_year_span(year)
    return min(max(clock.today(), first), last)


@dataclass(frozen=True)
class Merged:
    """A merge as a page says it: which group is in which, until when, and why."""

    id: int
    group_id: int
    group_name: str | None
    into_id: int
    into_name: str | None
    first: date
    last: date
    reason: str
    order_number: str | None = None
    order_day: date | None = None


_INTO = aliased(Group)
_OF = aliased(Group)
_MERGED: Any = (
    select(
        GroupMerge.id,
        GroupMerge.group_id,
        _OF.name.label("group_name"),
        GroupMerge.into_id,
        _INTO.name.label("into_name"),
        GroupMerge.first,
        GroupMerge.last,
        GroupMerge.reason,
        Document.number,
        Document.day,
    )
    .select_from(GroupMerge)
    .outerjoin(_OF, _OF.id == GroupMerge.group_id)
    .outerjoin(_INTO, _INTO.id == GroupMerge.into_id)
    .outerjoin(Document, Document.id == GroupMerge.order_id)
    .where(
        or_(member_of(GroupMerge.group_id, "ids"), member_of(GroupMerge.into_id, "ids")),
        GroupMerge.first <= bindparam("last"),
        GroupMerge.last >= bindparam("first"),
    )
    .order_by(GroupMerge.first, GroupMerge.id)
)


def merges(group_ids: Collection[int], first: date, last: date) -> list[Merged]:
    """Merges of these groups or into them that touch first..last. One statement."""
    rows = db.session.execute(_MERGED, {"ids": list(group_ids), "first": first, "last": last})
    return [Merged(*row) for row in rows]


def in_order(groups: Iterable[Group]) -> list[Group]:
    """In Lithuanian order of names."""
    return sorted(groups, key=lambda group: name_key(group.name))
