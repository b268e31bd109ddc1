"""The turn of the school year (A1, A2): what a group becomes, where its children go. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ediary.groups.rules import AgeBand, Programme

#: in the calendar year of this birthday a child goes to pre-primary education, in that of the next to school
PREPRIMARY_AT, SCHOOL_AT = 6, 7
#: on the first of September a child this old is no longer in the nursery
KINDERGARTEN_AT = 3


class Stage(StrEnum):
    """What a child is old enough for in a school year."""

    NURSERY = "nursery"
    KINDERGARTEN = "kindergarten"
    PREPRIMARY = "preprimary"
    SCHOOL = "school"


def stage_in(year: int, born: date) -> Stage:
    """By age in the school year begun in `year`; pre-primary and school go by the calendar year (Law on Education)."""
    if year - born.year >= SCHOOL_AT:
        return Stage.SCHOOL
    if year - born.year == PREPRIMARY_AT:
        return Stage.PREPRIMARY
    third = (born.year + KINDERGARTEN_AT, born.month, born.day)
    return Stage.NURSERY if (year, 9, 1) < third else Stage.KINDERGARTEN


@dataclass(frozen=True)
class Proposal:
    """What a group of this year is proposed to be in the next one."""

    keeps: bool
    age_band: AgeBand
    programme: Programme


def propose(stages: Iterable[Stage], age_band: AgeBand, programme: Programme) -> Proposal:
    """As most of the children who stay are old enough for; a group all of whom leave for school is not carried on."""
    listed = list(stages)
    counted = Counter(stage for stage in listed if stage is not Stage.SCHOOL)
    if not counted:
        return Proposal(not listed, age_band, programme)
    order = list(Stage)
    most = max(counted, key=lambda stage: (counted[stage], order.index(stage)))
    band = AgeBand.NURSERY if most is Stage.NURSERY else AgeBand.KINDERGARTEN
    return Proposal(True, band, Programme.PREPRIMARY if most is Stage.PREPRIMARY else Programme.PRESCHOOL)


@dataclass(frozen=True)
class Wanted:
    """A group of the next year out of one of this year's."""

    from_id: int
    name: str
    age_band: AgeBand
    programme: Programme


# --- where children go ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Goal:
    """Where a child goes: into a group of the next year, or (None) nowhere: it leaves."""

    into_id: int | None


def goals(
    groups: Mapping[int, Iterable[int]], of_group: Mapping[int, Goal | None], of_child: Mapping[int, Goal | None]
) -> dict[int, Goal]:
    """child -> where it goes, for those about whom something is said.

    `groups`: group -> its children; `of_group`: for all in it; `of_child`: for a child otherwise than for its group,
    None = nothing yet.
    """
    found: dict[int, Goal] = {}
    for group_id, child_ids in groups.items():
        for child_id in child_ids:
            goal = of_child[child_id] if child_id in of_child else of_group.get(group_id)
            if goal is not None:
                found[child_id] = goal
    return found


def follows(moves: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    """group -> the group of the next year into which most of its children go; `moves` are (from, into)."""
    counted: dict[int, Counter[int]] = {}
    for from_id, into_id in moves:
        if into_id is not None:
            counted.setdefault(from_id, Counter())[into_id] += 1
    return {from_id: min(into, key=lambda one: (-into[one], one)) for from_id, into in counted.items()}
