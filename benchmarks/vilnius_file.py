"""The city's monthly file of attendance (lankomumo žiniaraščiai): read, checked row by row, nothing guessed."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

#: what a row must have, by its head
COLUMNS = {
    "kindergarten": "Darželio pavadinimas",
    "group": "Grupės pavadinimas",
    "child": "Vaiko Identifikacinis Nr.",
    "illness": "Pateisintos dėl ligos",
    "justified": "Pateisintos dėl kitų priežasčių",
    "unjustified": "Nepateisintos dienos",
    "absent": "Praleistos dienos Viso",
}
CAUSES = {
    "nonsense": "makes no sense",
    "too_many": "misses more days than the month has working days",
    "duplicate": "is the same as an earlier row",
    "conflict": "tells of the same child in the same group something else than an earlier row",
    "second_group": "is of a child who is in another group of the same kindergarten already",
}


@dataclass(frozen=True)
class Row:
    """One child's month in one group."""

    line: int
    kindergarten: str
    group: str
    child: str
    illness: int
    justified: int
    unjustified: int

    @property
    def absent(self) -> int:
        return self.illness + self.justified + self.unjustified


@dataclass(frozen=True)
class LeftOut:
    """A row that is not loaded: its line in the file (the head is line 1), one of `CAUSES`, and what exactly."""

    line: int
    cause: str
    detail: str


@dataclass
class City:
    """kindergarten -> group -> rows, in the order of the file; and what was left out."""

    rows: int = 0
    kindergartens: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def causes(self) -> dict[str, int]:
        return {cause: sum(one.cause == cause for one in self.left_out) for cause in CAUSES}


def month_of(name: str) -> tuple[int, int] | None:
    """Year and month out of a file name: two ISO dates of one month, one date, or `2019-01` alone."""
    found = {(int(year), int(month)) for year, month in re.findall(r"(20\d\d)-(0[1-9]|1[0-2])(?!\d)", name)}
    return found.pop() if len(found) == 1 else None


def read_text(path: Path) -> str:
    """The file's text, gzipped or plain, UTF-8 or the older Windows Baltic."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1257")


def read_city(text: str, working_days: int, wanted: Callable[[str], bool] = lambda name: True) -> City:
    """Every row, kept or left out with its cause. ValueError when the head is not the city's."""
    lines = csv.reader(io.StringIO(text), delimiter=";")
    head = [name.strip() for name in next(lines, [])]
    missing = [name for name in COLUMNS.values() if name not in head]
    if missing:
        raise ValueError(f"the file's head lacks: {', '.join(missing)}")
    city = City()
    seen: dict[tuple[str, str, str], tuple[int, ...]] = {}
    group_of: dict[tuple[str, str], str] = {}
    for fields in lines:
        if not any(value.strip() for value in fields):
            continue  # an empty line is no row
        row = _parse(lines.line_num, fields, head)
        if isinstance(row, Row) and not wanted(row.kindergarten):
            continue
        city.rows += 1
        if isinstance(row, str):
            city.left_out.append(LeftOut(lines.line_num, "nonsense", row))
            continue
        refused = _refuse(row, working_days, seen, group_of)
        if refused is not None:
            city.left_out.append(refused)
            continue
        city.kindergartens.setdefault(row.kindergarten, {}).setdefault(row.group, []).append(row)
    return city


def _parse(line: int, fields: list[str], head: list[str]) -> Row | str:
    """The row, or why it makes no sense."""
    if len(fields) != len(head):
        return f"{len(fields)} fields where the head has {len(head)}"
    value = {key: " ".join(fields[head.index(name)].split()) for key, name in COLUMNS.items()}
    for key in ("kindergarten", "group", "child"):
        if not value[key]:
            return f"no „{COLUMNS[key]}“"
    counts = {}
    for key in ("illness", "justified", "unjustified", "absent"):
        if not re.fullmatch(r"\d{1,4}", value[key], re.ASCII):
            return f"„{COLUMNS[key]}“ is {value[key]!r}, not a number of days"
        counts[key] = int(value[key])
    total = counts.pop("absent")
    if sum(counts.values()) != total:
        return f"{' + '.join(map(str, counts.values()))} is not {total}"
    return Row(line, value["kindergarten"], value["group"], value["child"], **counts)


def _refuse(
    row: Row,
    working_days: int,
    seen: dict[tuple[str, str, str], tuple[int, ...]],
    group_of: dict[tuple[str, str], str],
) -> LeftOut | None:
    where = f"child {row.child} of „{row.kindergarten}“"
    if row.absent > working_days:
        return LeftOut(row.line, "too_many", f"{where}: {row.absent} of {working_days}")
    key, days = (row.kindergarten, row.group, row.child), (row.illness, row.justified, row.unjustified)
    if key in seen:
        cause = "duplicate" if seen[key] == days else "conflict"
        return LeftOut(row.line, cause, f"{where}, „{row.group}“")
    first = group_of.setdefault(key[::2], row.group)
    if first != row.group:
        return LeftOut(row.line, "second_group", f"{where}: in „{first}“, and again in „{row.group}“")
    seen[key] = days
    return None
