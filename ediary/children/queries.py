"""Children and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, or_, select

from ediary.children.models import Child, Enrolment, Visit
from ediary.core import clock
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.locks import GroupDay
from ediary.core.members import member_of
from ediary.core.spans import touching, valid_on
from ediary.groups.models import GroupMerge


@dataclass(frozen=True)
class Enrolled:
    """A child's place in a group, with what a list prints of the child."""

    child_id: int
    group_id: int
    first_name: str
    last_name: str
    birth_date: date
    valid_from: date
    valid_to: date | None
    #: a guest's own group
    home_id: int | None = None

    @property
    def own_id(self) -> int:
        """The own group, wherever the child is."""
        return self.group_id if self.home_id is None else self.home_id

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def on(self, day: date) -> bool:
        return covers(self.valid_from, self.valid_to, day)


# Made once: building a statement costs more than running it.
_PLACES = select(
    Enrolment.child_id,
    Enrolment.group_id,
    Child.first_name,
    Child.last_name,
    Child.birth_date,
    Enrolment.valid_from,
    Enrolment.valid_to,
    Enrolment.home_id,
).join(Child, Child.id == Enrolment.child_id)
_ENROLLED = _PLACES.where(
    member_of(Enrolment.group_id, "group_ids"),
    touching(Enrolment, bindparam("first"), bindparam("last")),
)
_PLACE_ON = _PLACES.where(
    Enrolment.child_id == bindparam("child_id"), valid_on(Enrolment, bindparam("day", type_=Date()))
)


def enrolled(group_ids: Iterable[int], first: date, last: date) -> list[Enrolled]:
    """Every place in these groups that touches first..last, by first and last name in Lithuanian order.

    A child who left a group and came back has two. One statement.
    """
    rows = db.session.execute(_ENROLLED, {"group_ids": list(group_ids), "first": first, "last": last})
    places = [Enrolled(*row) for row in rows]
    return sorted(places, key=lambda place: (name_key(place.name), place.child_id, place.valid_from))


def place_on(child_id: int, day: date) -> Enrolled | None:
    """Where a child is on a day, as far as one may see. One statement."""
    row = db.session.execute(_PLACE_ON, {"child_id": child_id, "day": day}).first()
    return Enrolled(*row) if row else None


_GROUPS_ON = select(Enrolment.child_id, Enrolment.group_id, Enrolment.home_id).where(
    member_of(Enrolment.child_id, "ids"), valid_on(Enrolment, bindparam("day", type_=Date()))
)


def groups_on(child_ids: Iterable[int], day: date) -> dict[int, int]:
    """child -> the group it is in on a day; who has no place then is not in it. One statement."""
    rows = db.session.execute(_GROUPS_ON, {"ids": list(child_ids), "day": day})
    return {row.child_id: row.group_id for row in rows}


def today_points(child_ids: Iterable[int], group_ids: Iterable[int], first: date) -> list[GroupDay]:
    """What a change of these children's places from a day on holds; nothing when it begins later than today.

    Today's point of every group they are in, are guests out of, or may come to (`group_ids`), also by a merge. At
    most two statements.
    """
    today = clock.today()
    if first > today:
        return []
    wanted = set(group_ids)
    for row in db.session.execute(_GROUPS_ON, {"ids": list(child_ids), "day": today}):
        wanted |= {row.group_id, row.home_id} - {None}
    chosen = select(GroupMerge.into_id).where(
        member_of(GroupMerge.group_id, "ids"), GroupMerge.first <= today, GroupMerge.last >= today
    )
    wanted |= set(db.session.scalars(chosen, {"ids": list(wanted)}))
    return [GroupDay(group_id, today) for group_id in sorted(wanted)]


def of_group_today(group_id: int) -> list[int]:
    """All children whose own group it is, and its guests, today and later: whom a merge takes along. One statement."""
    chosen = select(Enrolment.child_id).where(
        or_(Enrolment.group_id == group_id, Enrolment.home_id == group_id),
        or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= clock.today()),
    )
    return sorted(set(db.session.scalars(chosen)))


def check_visit(group_id: int, visit_id: int) -> int:
    """The child of a visit in this group, or of a child whose own group it is. Raises NotFound for any other."""
    row = db.session.execute(select(Visit.child_id, Visit.group_id).where(Visit.id == visit_id)).first()
    if row is None:
        raise NotFound
    if row.group_id != group_id and row.child_id not in of_group_today(group_id):
        raise NotFound
    return int(row.child_id)


def merged_group(group_id: int, merge_id: int) -> int:
    """The group that is merged by a merge of this group or into it. Raises NotFound for any other."""
    row = db.session.execute(select(GroupMerge.group_id, GroupMerge.into_id).where(GroupMerge.id == merge_id)).first()
    if row is None or group_id not in tuple(row):
        raise NotFound
    return int(row.group_id)
