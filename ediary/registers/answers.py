"""What the person said of a list, kept as JSON: rows by number, nobody by name. Pure but for its use of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ediary.children.rules import Relation
from ediary.registers.compare import Decided
from ediary.registers.entries import Answers
from ediary.registers.rules import DayOrder, Decision, Field, NameOrder

#: what becomes of a group the diary does not have
NO_GROUP = "none"


@dataclass(frozen=True)
class Said:
    """All answers to one list."""

    file: Answers = field(default_factory=lambda: Answers({}))
    #: a new group's key -> its age band, `none`, or the id of the group that is meant
    groups: Mapping[str, str] = field(default_factory=dict)
    #: a position's key -> the role whose log-in comes with it, "" = none
    roles: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[int, Decided] = field(default_factory=dict)
    #: ids of those of the diary whom this register need not have: a list is equal without them
    apart: tuple[int, ...] = ()
    #: the file's headings: the next file with the same ones is read in the same way
    headings: tuple[str, ...] = ()

    def decide(self, number: int, decided: Decided | None) -> Said:
        rows = {key: one for key, one in self.rows.items() if key != number}
        return replace(self, rows=rows if decided is None else {**rows, number: decided})


def dump(said: Said) -> str:
    """In one spelling, so that the history shows a change only where there is one."""
    return json.dumps(
        {
            "columns": {str(key): value for key, value in said.file.columns.items()},
            "names": {str(key): value for key, value in said.file.name_orders.items()},
            "days": {str(key): value for key, value in said.file.day_orders.items()},
            "relations": {str(key): value for key, value in said.file.relations.items()},
            "groups": dict(said.groups),
            "roles": dict(said.roles),
            "rows": {str(key): [one.decision, one.known_id] for key, one in said.rows.items()},
            "apart": sorted(said.apart),
            "headings": list(said.headings),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def load(text: str) -> Said:
    """What `dump` wrote; an empty text is no answer yet."""
    if not text:
        return Said()
    kept: dict[str, Any] = json.loads(text)
    return Said(
        Answers(
            {int(key): Field(value) for key, value in kept["columns"].items()},
            {int(key): NameOrder(value) for key, value in kept["names"].items()},
            {int(key): DayOrder(value) for key, value in kept["days"].items()},
            {int(key): Relation(value) for key, value in kept["relations"].items()},
        ),
        groups=kept["groups"],
        roles=kept["roles"],
        rows={int(key): Decided(Decision(one[0]), one[1]) for key, one in kept["rows"].items()},
        apart=tuple(kept["apart"]),
        headings=tuple(kept["headings"]),
    )
