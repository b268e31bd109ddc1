"""Children and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select

from ediary.children.models import Child, Enrolment
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.i18n import name_key


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


#: Made once: building a statement costs more than running it.
_ENROLLED = (
    select(
        Enrolment.child_id,
        Enrolment.group_id,
        Child.first_name,
        Child.last_name,
        Child.birth_date,
        Enrolment.valid_from,
        Enrolment.valid_to,
    )
    .join(Child, Child.id == Enrolment.child_id)
    .where(
        Enrolment.group_id.in_(bindparam("group_ids", expanding=True)),
        Enrolment.valid_from <= bindparam("last"),
        or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= bindparam("first")),
    )
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
    row = db.session.execute(
        select(
            Enrolment.child_id,
            Enrolment.group_id,
            Child.first_name,
            Child.last_name,
            Child.birth_date,
            Enrolment.valid_from,
            Enrolment.valid_to,
        )
        .join(Child, Child.id == Enrolment.child_id)
        .where(
            Enrolment.child_id == child_id,
            Enrolment.valid_from <= day,
            or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= day),
        )
    ).first()
    return Enrolled(*row) if row else None
