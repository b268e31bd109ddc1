"""The director's order behind a change, as the person who enters the change says it (A6)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Order(NamedTuple):
    """Its number, the day it was signed, and who writes it down here (role and name, as shown to people)."""

    number: str
    day: date
    by: str
