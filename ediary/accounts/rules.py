"""Slowed guessing, as a pure function."""

from __future__ import annotations

from datetime import datetime, timedelta

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
