"""What was changed while something stood open, out of the history's entries. Pure.

An act tells the difference between the moment of opening and that of closing, not each step between: what was changed
and changed back is no error mended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One entry of the history about one row: {field: [old, new]}, as it stands there."""

    id: int
    at: datetime
    user_id: int | None
    action: str
    table: str
    row_id: int | None
    group_id: int | None
    child_id: int | None
    day: date | None
    changes: Mapping[str, Sequence[Any]]

    def touches(self, fields: Collection[str]) -> bool:
        return any(name in self.changes for name in fields)


def before(now: Values | None, entries: Iterable[Entry]) -> Values | None:
    """What a fact was before these entries, from what it is after them; None = there was no row.

    A fact may be removed and written anew: its entries are of several rows, in order of time.
    """
    known = None if now is None else dict(now)
    for entry in sorted(entries, key=lambda one: one.id, reverse=True):
        if entry.action == "create":
            known = None
        elif entry.action == "remove":
            known = {name: pair[0] for name, pair in entry.changes.items()}
        elif entry.action == "change" and known is not None:
            known.update({name: pair[0] for name, pair in entry.changes.items()})
    return known


@dataclass(frozen=True)
class Mended:
    """A fact that is not what it was: both values, who wrote the wrong one, who mended it last, when."""

    was: Values | None
    now: Values | None
    #: None = the history does not say: nobody had written anything, or a whole list came in at once
    erred_id: int | None
    mended_id: int | None
    mended_at: datetime


def mended(
    now: Values | None, entries: Sequence[Entry], opened: datetime, closed: datetime, fields: Collection[str]
) -> Mended | None:
    """One fact's change between two moments; None when it is what it was. `entries`: all that is known of the fact,
    `now`: what it is after the last of them."""
    later = [one for one in entries if one.at > closed]
    during = [one for one in entries if opened <= one.at <= closed]
    earlier = [one for one in entries if one.at < opened and (one.touches(fields) or one.action == "remove")]
    is_now = before(now, later)
    was = before(is_now, during)
    if not during or _of(was, fields) == _of(is_now, fields):
        return None
    last = max(during, key=lambda one: one.id)
    wrong = max(earlier, key=lambda one: one.id, default=None)
    return Mended(was, is_now, wrong.user_id if wrong else None, last.user_id, last.at)


def _of(values: Values | None, fields: Collection[str]) -> Values | None:
    return None if values is None else {name: values.get(name) for name in fields}


def writer(erred: Iterable[int | None], here: Collection[int]) -> int | None:
    """Who writes the act: who erred most often and still works here (K 17.2); None = somebody is to be appointed."""
    counted: dict[int, int] = {}
    for user_id in erred:
        if user_id is not None and user_id in here:
            counted[user_id] = counted.get(user_id, 0) + 1
    return max(counted, key=lambda user_id: (counted[user_id], -user_id), default=None)
