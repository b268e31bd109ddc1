"""What a group is by. Pure."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum


class AgeBand(StrEnum):
    """The kitchen cooks by these: nursery (lopšelis, under 3) and kindergarten (darželis)."""

    NURSERY = "nursery"
    KINDERGARTEN = "kindergarten"


class Programme(StrEnum):
    """What a group is taught by: pre-school (ikimokyklinis) or pre-primary (priešmokyklinis)."""

    PRESCHOOL = "preschool"
    PREPRIMARY = "preprimary"


class Duty(StrEnum):
    """As what a person works in a group: its educator, or a specialist who comes to it (arts, speech)."""

    EDUCATOR = "educator"
    SPECIALIST = "specialist"


#: of teaching, as offered (ISO 639-1)
LANGUAGES = ("lt", "pl", "ru", "be", "uk", "en", "de", "fr")
#: a group is open from an hour to the whole day
SHORTEST_DAY, LONGEST_DAY = 60, 24 * 60
#: children in one group; the law allows 20 of the oldest (HN 75)
MOST_PLACES = 60


def minutes_of(text: str) -> int:
    """„10:30“ or „10“ hours in minutes. ValueError for anything else."""
    found = re.fullmatch(r"\s*(\d{1,2})(?:[:.](\d{2}))?\s*", text)
    if found is None or int(found[2] or 0) > 59:
        raise ValueError("not hours and minutes")
    return int(found[1]) * 60 + int(found[2] or 0)


def hours_of(minutes: int) -> str:
    """630 -> „10:30“."""
    return f"{minutes // 60}:{minutes % 60:02d}"


class Changeable(StrEnum):
    """How much of an assignment is still to be: all of it, its end, nothing."""

    ALL = "all"
    END = "end"
    NOTHING = "nothing"


def changeable(first: date, last: date | None, today: date) -> Changeable:
    """What has happened stays: one that has begun can end yesterday at the earliest, one that is over cannot change."""
    if first > today:
        return Changeable.ALL
    return Changeable.END if last is None or last >= today else Changeable.NOTHING
