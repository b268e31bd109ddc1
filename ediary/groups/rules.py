"""What a group is by. Pure."""

from __future__ import annotations

from enum import StrEnum


class AgeBand(StrEnum):
    """The kitchen cooks by these: nursery (lopšelis, under 3) and kindergarten (darželis)."""

    NURSERY = "nursery"
    KINDERGARTEN = "kindergarten"
