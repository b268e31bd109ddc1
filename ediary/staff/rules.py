"""Who somebody is, when they hold a role, and whether anybody does. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ediary.core.dates import covers, overlaps


@dataclass(frozen=True)
class Person:
    """What is written of an employee; a name and an e-mail address are enough (S II.7)."""

    first_name: str
    last_name: str
    email: str
    phone: str = ""
    position: str = ""


@dataclass(frozen=True)
class Term:
    """From-to (inclusive; None = open)."""

    valid_from: date
    valid_to: date | None

    def on(self, day: date) -> bool:
        return covers(self.valid_from, self.valid_to, day)


def clash(terms: Iterable[Term], wanted: Term) -> Term | None:
    """A term that shares a day with the wanted one."""
    last = wanted.valid_to or date.max
    return next((one for one in terms if overlaps(one.valid_from, one.valid_to, wanted.valid_from, last)), None)


def outside(employed: Term, wanted: Term) -> bool:
    """Does the wanted term reach over the employment?"""
    if wanted.valid_from < employed.valid_from:
        return True
    if employed.valid_to is None:
        return False
    return wanted.valid_to is None or wanted.valid_to > employed.valid_to


def is_held(terms: Iterable[Term], day: date) -> bool:
    """Does anybody hold it on this day?"""
    return any(one.on(day) for one in terms)
