"""When a month may be closed by hand; for how long and for what reason something closed may be opened. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ediary.core.dates import Month


def closable_from(month: Month, working_days: Sequence[date]) -> date:
    """From the last working day on, when the sheet is finished (S II.7): before it, a lock would stop the taps."""
    return working_days[-1] if working_days else month.last


# --- unlocks ------------------------------------------------------------------------------------------------

#: for how long a locked day may be opened, in minutes
SHORTEST_TERM, LONGEST_TERM = 15, 480
#: for how many days a month, or the removing of records, may be opened: to the end of the last of them
LONGEST_DAYS = 14


def open_until(now: datetime, minutes: int, day_ends: datetime) -> datetime:
    """Until when a day's unlock holds: its term, at most to the end of the day on which it was given."""
    return min(now + timedelta(minutes=minutes), day_ends)


def says_something(reason: str) -> bool:
    """Is this a reason somebody can read years later: two words at least, and not a key held down?"""
    words = [word for word in reason.split() if sum(letter.isalpha() for letter in word) > 1]
    letters = {letter for letter in reason.casefold() if letter.isalpha()}
    return len(words) > 1 and len(letters) > 3 and len(reason.strip()) >= 10
