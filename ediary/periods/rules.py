"""When a month may be closed by hand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ediary.core.dates import Month


def closable_from(month: Month, working_days: Sequence[date]) -> date:
    """From the last working day on, when the sheet is finished (S II.7): before it, a lock would stop the taps."""
    return working_days[-1] if working_days else month.last
