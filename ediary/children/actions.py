"""Adding children and giving them places."""

from __future__ import annotations

from datetime import date

from ediary.children.models import Child, Guardian
from ediary.children.places import end_merge as end_merge
from ediary.children.places import end_visit as end_visit
from ediary.children.places import enrol as enrol
from ediary.children.places import go_on as go_on
from ediary.children.places import leave as leave
from ediary.children.places import merge as merge
from ediary.children.places import move as move
from ediary.children.places import visit as visit
from ediary.children.rules import Relation
from ediary.core.db import db


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
