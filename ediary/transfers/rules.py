"""Why a child is away for a time, and what a child takes along to another institution. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from ediary.core.dates import Month


class LeaveKind(StrEnum):
    """Temporary leave by order (B2; K 22.6)."""

    HOSPITAL = "hospital"
    SANATORIUM = "sanatorium"
    OTHER = "other"


@dataclass(frozen=True)
class Told:
    """A temporary leave as it is entered, first to last day away."""

    kind: LeaveKind
    first: date
    last: date
    reason_id: int | None
    note: str


# --- attendance, for the leaving report -----------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthCount:
    """Days on which a child was marked in a month: came, and absent."""

    month: Month
    came: int
    absent: int


def by_month(marks: Iterable[tuple[date, bool]]) -> list[MonthCount]:
    """(day, came) of each mark -> months in order, those without a mark left out."""
    counted: dict[Month, list[int]] = {}
    for day, came in marks:
        counted.setdefault(Month.of(day), [0, 0])[0 if came else 1] += 1
    return [MonthCount(month, *counted[month]) for month in sorted(counted)]


# --- the package ----------------------------------------------------------------------------------------------------

#: of what is packed; another number is of a program of another age
VERSION = 1


class NoPackage(ValueError):
    """What was unpacked is no package of ours."""


@dataclass(frozen=True)
class PackedGuardian:
    """A parent or guardian; `user_id` is the log-in they go on with (it is of the server, of no institution)."""

    relation: str
    first_name: str
    last_name: str
    phone: str
    email: str
    address: str
    may_collect: bool
    user_id: int | None


@dataclass(frozen=True)
class PackedPlace:
    """A place the child had, in words."""

    group: str
    first: date
    last: date | None


@dataclass(frozen=True)
class Package:
    """All that goes along: never consents, who may collect, payer's or personal codes - those are asked for anew."""

    first_name: str
    last_name: str
    birth_date: date
    from_name: str
    last_day: date
    address: str = ""
    languages: str = ""
    special_needs: str = "none"
    needs_note: str = ""
    family_note: str = ""
    guardians: list[PackedGuardian] = field(default_factory=list)
    places: list[PackedPlace] = field(default_factory=list)
    diet: str = ""
    must_not_eat: list[str] = field(default_factory=list)


def pack(package: Package) -> str:
    """The package as text that `unpack` reads, also after years."""

    def plain(value: Any) -> str:
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(type(value).__name__)

    return json.dumps({"version": VERSION, **asdict(package)}, default=plain, ensure_ascii=False, sort_keys=True)


def unpack(text: str) -> Package:
    """The package of a text. Raises NoPackage for any other."""
    try:
        facts = json.loads(text)
        if facts.pop("version") != VERSION:
            raise NoPackage("a package of another version")
        guardians = [PackedGuardian(**one) for one in facts.pop("guardians")]
        places = [
            PackedPlace(one["group"], date.fromisoformat(one["first"]), _day_or_none(one["last"]))
            for one in facts.pop("places")
        ]
        born, last = (date.fromisoformat(facts.pop(name)) for name in ("birth_date", "last_day"))
        return Package(**facts, birth_date=born, last_day=last, guardians=guardians, places=places)
    except (AttributeError, KeyError, TypeError, ValueError) as nonsense:
        raise NoPackage("no package of ours") from nonsense


def _day_or_none(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def said_places(places: Iterable[PackedPlace]) -> str:
    """A line for each place: „Boružiukai, 2025-09-01 – 2026-08-31“."""
    return "\n".join(
        f"{place.group}, {place.first.isoformat()} – {place.last.isoformat() if place.last else ''}".strip()
        for place in places
    )
