"""Adding children and giving them places."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import or_, select

from ediary.children.models import Child, Enrolment, Guardian
from ediary.children.rules import Relation
from ediary.core.db import db
from ediary.core.errors import BadInput


def add_child(first_name: str, last_name: str, birth_date: date) -> Child:
    child = Child(first_name=first_name, last_name=last_name, birth_date=birth_date)
    db.session.add(child)
    db.session.flush()
    return child


def add_guardian(
    child_id: int,
    relation: Relation,
    first_name: str,
    last_name: str,
    valid_from: date,
    *,
    phone: str = "",
    email: str = "",
    address: str = "",
    may_collect: bool = True,
    user_id: int | None = None,
) -> Guardian:
    """A parent or guardian of a child from a day on (B1). Raises NotFound for a child that is not one's own."""
    guardian = Guardian(
        child_id=child_id,
        relation=relation,
        first_name=first_name,
        last_name=last_name,
        phone=phone,
        email=email.strip().lower(),
        address=address,
        may_collect=may_collect,
        user_id=user_id,
        valid_from=valid_from,
    )
    db.session.add(guardian)
    db.session.flush()
    return guardian


def enrol(child_id: int, group_id: int, valid_from: date, valid_to: date | None = None) -> Enrolment:
    """Give a child a place from-to (B2). Raises BadInput when the child has another place on one of these days.

    The caller holds today's lock point of the group when the place begins today. The child's row is taken
    `FOR UPDATE`, so that two at once cannot both find the child free.
    """
    db.session.execute(select(Child.id).where(Child.id == child_id).with_for_update())
    taken = db.session.scalars(
        select(Enrolment).where(
            Enrolment.child_id == child_id,
            or_(Enrolment.valid_to.is_(None), Enrolment.valid_to >= valid_from),
            *([Enrolment.valid_from <= valid_to] if valid_to else []),
        )
    ).first()
    if taken is not None:
        raise BadInput(
            _(
                "The child already has a place from %(day)s. End that one first.",
                day=taken.valid_from.isoformat(),
            )
        )
    place = Enrolment(child_id=child_id, group_id=group_id, valid_from=valid_from, valid_to=valid_to)
    db.session.add(place)
    db.session.flush()
    return place
