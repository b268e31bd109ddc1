"""Children and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, select

from ediary.children.models import Child, Enrolment
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.members import member_of
from ediary.core.spans import touching, valid_on


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
