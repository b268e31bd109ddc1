"""The one place that reads the clock. Moments are aware UTC; a day is Vilnius's.

Tests, demonstration data and benchmarks move it with `frozen(moment)`; a server run for a test may be given a
fixed offset by `EDIARY_CLOCK_START` (an ISO moment at which its clock begins; it then runs on as usual).
"""

from __future__ import annotations

import os
import time as _time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from ediary.core.dates import VILNIUS

_frozen: ContextVar[datetime | None] = ContextVar("ediary_clock", default=None)


def _offset() -> timedelta:
    start = os.environ.get("EDIARY_CLOCK_START")
    if not start:
        return timedelta(0)
    return datetime.fromisoformat(start) - datetime.now(UTC)


_shift = _offset()


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC) + _shift


def local_now() -> datetime:
    """This moment on the wall clock of a Lithuanian kindergarten."""
    return now().astimezone(VILNIUS)


def today() -> date:
    """The day it is in Vilnius."""
    return local_now().date()


def monotonic() -> float:
    """Seconds that only grow; for measuring, never for the diary."""
    return _time.monotonic()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Let the clock stand at an aware moment inside the block."""
    if moment.tzinfo is None:
        raise ValueError("a frozen clock needs an aware moment")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
