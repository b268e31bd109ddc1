"""What entering asks of each role, as dated settings: a second factor or not, how long a session may be idle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from ediary.accounts.models import EntryRule
from ediary.accounts.rules import DEFAULT_ASKED, Asked
from ediary.core import settled
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.permissions import Role


def change(first: date, wanted: Mapping[Role, Asked], seen: str, by: str) -> int:
    """From a day on this is asked of each role named; returns of how many it changed.

    seen: what was set last when the person looked (`last_set`). Raises Stale when somebody was faster, BadInput when
    it begins too early or changes nothing.
    """
    settled.one_at_a_time()
    if seen != last_set():
        raise Stale(_("Somebody has changed this meanwhile. Nothing was changed; look at it as it is now."))
    last = last_asked()
    changed = {role: asked for role, asked in wanted.items() if asked != last.get(role, DEFAULT_ASKED)}
    if not changed:
        raise BadInput(_("This is how it is already: nothing was changed."))
    for role, asked in changed.items():
        settled.replace_from(
            EntryRule,
            first,
            by,
            role=role,
            needs_second_factor=asked.second_factor,
            idle_minutes=asked.idle_minutes,
        )
    return len(changed)


def last_set() -> str:
    """Names what is set last: it changes with each change."""
    return str(db.session.scalar(select(func.max(EntryRule.id))) or 0)


def last_asked() -> dict[Role, Asked]:
    """What is set last of each role, planned changes among it."""
    rows = db.session.scalars(select(EntryRule).order_by(EntryRule.valid_from))
    return {row.role: Asked(row.needs_second_factor, row.idle_minutes) for row in rows}


def withdraw(first: date) -> None:
    """Take back all that is planned from this day on. Raises NotFound, BadInput."""
    planned = list(db.session.scalars(select(EntryRule).where(EntryRule.valid_from == first)))
    if not planned:
        raise NotFound
    for row in planned:
        settled.withdraw(row)
