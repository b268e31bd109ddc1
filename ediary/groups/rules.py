"""What a group is by. Pure."""

from __future__ import annotations

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
