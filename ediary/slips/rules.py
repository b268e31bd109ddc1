"""Whose rows are one person's, and what stands on a slip. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ediary.children.rules import dialled, fold


@dataclass(frozen=True)
class Relative:
    """A parent's row at one child."""

    id: int
    name: str
    email: str
    phone: str
    user_id: int | None


def same_person(one: Relative, other: Relative) -> bool:
    """The same name, and the same e-mail address or telephone: a mother of two is entered at each child."""
    if fold(one.name) != fold(other.name):
        return False
    mail = bool(one.email) and one.email.casefold() == other.email.casefold()
    phone = bool(dialled(one.phone)) and dialled(one.phone)[-8:] == dialled(other.phone)[-8:]
    return mail or phone


def rows_of(one: Relative, all_rows: Iterable[Relative]) -> list[Relative]:
    """This row and the others of the same person; none that already goes in with another log-in."""
    return [
        other
        for other in all_rows
        if other.id == one.id
        or (same_person(one, other) and (other.user_id is None or one.user_id in (None, other.user_id)))
    ]


@dataclass(frozen=True)
class MadeSlip:
    """What stands on one slip of paper; the code is kept nowhere else."""

    name: str
    login: str
    code: str
    valid_until: date
