"""Slowed guessing, the role one comes in with, who signs: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: so many wrong passwords of one log-in cost nothing: people mistype
FREE_OF_LOGIN = 4
#: a whole kindergarten logs in from one address at half past seven
FREE_OF_ADDRESS = 30
LONGEST_WAIT = timedelta(minutes=15)
#: failures this old no longer count
FORGOTTEN_AFTER = timedelta(hours=24)


def wait_after(failures: int, free: int = FREE_OF_LOGIN) -> timedelta:
    """How long the next try must wait after so many failures in a row: 2, 4, 8… seconds, at most a quarter hour."""
    if failures <= free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - free, 12)), LONGEST_WAIT)


def still_waits(failures: int, last_at: datetime, now: datetime, free: int = FREE_OF_LOGIN) -> timedelta:
    """How much of that wait is left; zero when the next try may be made."""
    wait = wait_after(failures, free)
    # without a wait the moments do not matter: another worker may have written a later one than our `now`
    if not wait or now - last_at >= FORGOTTEN_AFTER:
        return timedelta(0)
    return max(last_at + wait - now, timedelta(0))


# --- one's roles ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A role one may come in with: what it may do, and whether the group of the page asked for exists for it."""

    seat_id: int
    may: frozenset[str]
    sees: bool


def seat_to(ways: Iterable[Way], needed: str) -> int | None:
    """The first of a person's roles that may open a page which needs this; None = none may."""
    return next((way.seat_id for way in ways if way.sees and needed in way.may), None)


def sole(names: Sequence[str]) -> str:
    """Who signs for a role: its one holder. Nobody is named where none or more than one could."""
    return names[0] if len(names) == 1 else ""


# --- whose credentials may be replaced ------------------------------------------------------------------------------


@dataclass(frozen=True)
class LiveSeat:
    """A role somebody holds or will hold."""

    institution_id: int
    is_guardian: bool


class NoSlip(StrEnum):
    """Why an institution may not print a slip for a person."""

    UNKNOWN = "unknown"
    WORKS_HERE = "works_here"
    NOT_OURS = "not_ours"


def why_no_slip(seats: Sequence[LiveSeat], made_by_id: int | None, here: int, *, of_groups_only: bool) -> NoSlip | None:
    """May the institution `here` replace this person's credentials? Nobody takes over a log-in through another one.

    Only a person of this institution; and if others know them too, only where this one made the log-in. Who sees
    groups only (`of_groups_only`: an educator) replaces those of parents, never of one who works somewhere.
    """
    if not any(seat.institution_id == here for seat in seats):
        return NoSlip.UNKNOWN
    if of_groups_only and not all(seat.is_guardian for seat in seats):
        return NoSlip.WORKS_HERE
    if made_by_id != here and any(seat.institution_id != here for seat in seats):
        return NoSlip.NOT_OURS
    return None
