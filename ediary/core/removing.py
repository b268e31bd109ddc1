"""Removing of records is closed by default (S II.4): what lasts goes only while the director has opened it.

A part of the fence (`core/session.py`). What a person has entered on the same day is no record yet: a wrong file is
taken off at once. The unlock is taken in share, so that closing waits for what is just being removed, and tells of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Integer, String, bindparam, column, func, inspect, or_, select, table
from sqlalchemy.orm import Session

from ediary.core.dates import VILNIUS
from ediary.core.errors import Locked
from ediary.core.locks import Held
from ediary.core.models import Lasting
from ediary.core.types import UTCDateTime

#: the unlocks of the area `periods`, which lies above
_unlocks = table(
    "periods_unlock",
    column("institution_id", Integer()),
    column("kind", String()),
    column("group_id", Integer()),
    column("closed_at", UTCDateTime()),
    column("until", UTCDateTime()),
)
_places = table(
    "children_enrolment",
    column("child_id", Integer()),
    column("group_id", Integer()),
    column("home_id", Integer()),
    column("valid_from", Date()),
    column("valid_to", Date()),
)
_OPEN = (
    select(_unlocks.c.group_id, _unlocks.c.until)
    .where(
        _unlocks.c.institution_id == bindparam("institution_id"),
        _unlocks.c.kind == "deletion",
        _unlocks.c.closed_at.is_(None),
    )
    .with_for_update(read=True)
)
_PLACE = select(func.coalesce(_places.c.home_id, _places.c.group_id)).where(
    _places.c.child_id == bindparam("child_id"),
    _places.c.valid_from <= bindparam("today", type_=Date()),
    or_(_places.c.valid_to.is_(None), _places.c.valid_to >= bindparam("today", type_=Date())),
)


def guard_removing(session: Session, holding: Held, removed: Iterable[Any], changed: Iterable[Any]) -> None:
    """Raises Locked for a record removed, or withdrawn, while that is closed. Two statements where something is."""
    lasting = [obj for obj in removed if isinstance(obj, Lasting)]
    lasting += [obj for obj in changed if isinstance(obj, Lasting) and _withdrawn(obj)]
    older = [obj for obj in lasting if obj.entered_at.astimezone(VILNIUS).date() < holding.today]
    if not older:
        return
    asked = {"institution_id": session.info["scope"].institution_id}
    rows = session.connection().execute(_OPEN, asked)
    open_groups = {row.group_id for row in rows if row.until > holding.now}
    if not _groups(session, older, holding.today) <= open_groups:
        raise Locked(
            _l(
                "What was entered on an earlier day is removed only with the leave of the director or the deputy: they"
                " open it for a term, with a reason. Nothing was removed."
            )
        )


def _withdrawn(obj: Lasting) -> bool:
    if obj.withdrawn_by is None:
        return False
    history = inspect(obj).attrs[obj.withdrawn_by].history
    return bool(history.added) and history.added[0] is not None


def _groups(session: Session, objects: Collection[Any], today: date) -> set[int | None]:
    """Of which groups they are; None = of none: an order, a child without a place."""
    found: set[int | None] = set()
    for obj in objects:
        child_id = getattr(obj, "child_id", None)
        own = None
        if child_id is not None:
            own = session.connection().execute(_PLACE, {"child_id": child_id, "today": today}).scalar()
        found.add(own)
    return found
