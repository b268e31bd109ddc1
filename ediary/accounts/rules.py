"""Slowed guessing, as a pure function."""

from __future__ import annotations

from datetime import datetime, timedelta

#: so many wrong passwords cost nothing: people mistype
FREE_FAILURES = 4
LONGEST_WAIT = timedelta(minutes=15)
#: failures this old no longer count
FORGOTTEN_AFTER = timedelta(hours=24)


def wait_after(failures: int) -> timedelta:
    """How long the next try must wait after so many failures in a row: 2, 4, 8… seconds, at most a quarter hour."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_FAILURES, 12)), LONGEST_WAIT)


def still_waits(failures: int, last_at: datetime, now: datetime) -> timedelta:
    """How much of that wait is left; zero when the next try may be made."""
    if now - last_at >= FORGOTTEN_AFTER:
        return timedelta(0)
    return max(last_at + wait_after(failures) - now, timedelta(0))
