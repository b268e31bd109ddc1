"""Groups one may see."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from ediary.core.dates import school_year_of
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.groups.models import Group


def group(group_id: int) -> Group:
    """The group; NotFound when it does not exist for this user."""
    found = db.session.scalars(select(Group).where(Group.id == group_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def groups_on(day: date) -> list[Group]:
    """All groups of the day's school year that one may see, in Lithuanian order."""
    found = db.session.scalars(select(Group).where(Group.school_year == school_year_of(day)))
    return sorted(found, key=lambda group: name_key(group.name))
