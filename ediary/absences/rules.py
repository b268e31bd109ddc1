"""Reasons of absence, and absences told beforehand (C3). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ediary.core.dates import ONE_DAY, covers


class ReasonKind(StrEnum):
    """What the month sheet counts an absence as."""

    ILLNESS = "illness"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"


@dataclass(frozen=True)
class Reason:
    """A reason as pages and sheets use it."""

    id: int
    letter: str
    name: str
    kind: ReasonKind
    waives_food: bool
    waives_education: bool
    needs_paper: bool
    valid_from: date
    valid_to: date | None

    @property
    def excuses(self) -> bool:
        return self.kind != ReasonKind.UNJUSTIFIED


# --- announced absences ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Announced:
    """An absence told beforehand."""

    id: int
    child_id: int
    reason_id: int | None
    valid_from: date
    valid_to: date | None
    caller: str
    called_at: datetime


def announced_on(announcements: Iterable[Announced], day: date) -> dict[int, Announced]:
    """Per child the announcement that holds on this day; of several the one told last."""
    found: dict[int, Announced] = {}
    for announced in sorted(announcements, key=lambda one: (one.called_at, one.id)):
        if covers(announced.valid_from, announced.valid_to, day):
            found[announced.child_id] = announced
    return found


def announcement_begins(first: date, *, today: date, today_is_locked: bool) -> date:
    """From the day's lock on the kitchen has cooked: an announcement for today begins tomorrow."""
    return first + ONE_DAY if first == today and today_is_locked else first


def says_already(told: Announced, first: date, last: date | None) -> bool:
    """Does an announcement cover all of first..last (None = open)? Telling it twice then adds nothing."""
    if told.valid_from > first:
        return False
    return told.valid_to is None or (last is not None and last <= told.valid_to)


def ends_before(valid_from: date, valid_to: date | None, back_on: date) -> date | None:
    """The last day of an announcement whose child is back on `back_on`; None = nothing of it is left."""
    last = back_on - ONE_DAY
    if last < valid_from:
        return None
    return last if valid_to is None else min(valid_to, last)


# --- the delivered set -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeliveredReason:
    """A reason a new institution begins with; it may change each of them, from a day on."""

    letter: str
    name: str
    kind: ReasonKind
    waives_food: bool
    waives_education: bool
    needs_paper: bool


#: No national list of letters exists (domain 1.2): these are the reasons municipalities' orders name (domain
#: 1.4), in the order of how often they are needed. A quarantine frees from both parts of the fee, the other
#: justified reasons from food only.
DELIVERED_REASONS: tuple[DeliveredReason, ...] = (
    DeliveredReason("l", "Liga", ReasonKind.ILLNESS, waives_food=True, waives_education=False, needs_paper=True),
    DeliveredReason(
        "t", "Tėvų atostogos", ReasonKind.JUSTIFIED, waives_food=True, waives_education=False, needs_paper=True
    ),
    DeliveredReason(
        "d",
        "Papildoma poilsio diena (DK 138 str.)",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    DeliveredReason(
        "g",
        "Kintantis darbo grafikas, nuotolinis darbas",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    DeliveredReason(
        "p",
        "Kita pateisinama priežastis",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    DeliveredReason(
        "n", "Nepateisinta", ReasonKind.UNJUSTIFIED, waives_food=False, waives_education=False, needs_paper=False
    ),
    DeliveredReason(
        "m", "Mokinių atostogos", ReasonKind.JUSTIFIED, waives_food=True, waives_education=False, needs_paper=False
    ),
    DeliveredReason("v", "Vasara", ReasonKind.JUSTIFIED, waives_food=True, waives_education=False, needs_paper=True),
    DeliveredReason(
        "s",
        "Sanatorija, reabilitacija",
        ReasonKind.ILLNESS,
        waives_food=True,
        waives_education=False,
        needs_paper=True,
    ),
    DeliveredReason(
        "š",
        "Šaltis (−20 °C ir žemesnė)",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=False,
        needs_paper=False,
    ),
    DeliveredReason(
        "k",
        "Karantinas, ekstremali padėtis",
        ReasonKind.JUSTIFIED,
        waives_food=True,
        waives_education=True,
        needs_paper=False,
    ),
)
