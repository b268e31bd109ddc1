"""What a print said, kept beside it as canonical JSON, so that a later sheet can be compared with it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ediary.sheets.rules import PRINTED, Sheet, State

Cell = tuple[str, str, str]
NOTHING: Cell = (State.AWAY.value, "", "")


@dataclass(frozen=True)
class Kept:
    """A group's sheet as content holds it: enough to say what stood in each cell."""

    group_id: int
    name: str
    sheet: Sheet


def written(groups: Iterable[Kept]) -> str:
    """The sheets' letters and totals, with one spelling only. Some 40 kB a group."""
    content = [
        {
            "id": group.group_id,
            "name": group.name,
            "days": [day.day.isoformat() for day in group.sheet.days],
            "rows": [
                {
                    "child": row.child_id,
                    "name": row.name,
                    "cells": [
                        [cell.state.value, cell.sign, cell.reason.name if cell.reason else ""] for cell in row.cells
                    ],
                    "totals": list(row.totals.printed),
                }
                for row in group.sheet.rows
            ],
        }
        for group in groups
    ]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True)
class CellChange:
    """A cell that says something else than the print."""

    group: str
    child: str
    day: date
    was: Cell
    now: Cell


@dataclass(frozen=True)
class TotalChange:
    """A child's total that is another than on the print; `total`: one of `rules.PRINTED`."""

    group: str
    child: str
    total: str
    was: int
    now: int


@dataclass(frozen=True)
class Differences:
    """All in which two sheets differ, in the order of the later one."""

    cells: tuple[CellChange, ...] = ()
    totals: tuple[TotalChange, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.cells or self.totals)


def differences(before: str, now: str, group_ids: frozenset[int] | None = None) -> Differences:
    """What the print said against what the sheet says; of these groups, or of all that are in both.

    A child that is in one of them only differs by each of its days.
    """
    old, new = _groups(before), _groups(now)
    wanted = [group_id for group_id in new if group_id in old and (group_ids is None or group_id in group_ids)]
    cells: list[CellChange] = []
    totals: list[TotalChange] = []
    for group_id in wanted:
        for was, is_now in _pairs(old[group_id], new[group_id]):
            name = (is_now or was)["name"]
            cells += _cells(new[group_id]["name"], name, new[group_id]["days"], was, is_now)
            totals += _totals(new[group_id]["name"], name, was, is_now)
    return Differences(tuple(cells), tuple(totals))


def _groups(text: str) -> dict[int, Mapping[str, Any]]:
    return {group["id"]: group for group in json.loads(text)}


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    before = {row["child"]: row for row in old["rows"]}
    for row in new["rows"]:
        yield before.pop(row["child"], None), row
    for row in before.values():
        yield row, None


def _cells(group: str, child: str, days: list[str], was: Any, now: Any) -> Iterator[CellChange]:
    for at, day in enumerate(days):
        pair = [tuple(row["cells"][at]) if row is not None else NOTHING for row in (was, now)]
        if pair[0] != pair[1]:
            yield CellChange(group, child, date.fromisoformat(day), pair[0], pair[1])


def _totals(group: str, child: str, was: Any, now: Any) -> Iterator[TotalChange]:
    for at, name in enumerate(PRINTED):
        pair = [row["totals"][at] if row is not None else 0 for row in (was, now)]
        if pair[0] != pair[1]:
            yield TotalChange(group, child, name, *pair)
