"""Slowed guessing as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from ediary.accounts.rules import still_waits, wait_after

THEN = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (10, 64), (13, 512), (14, 900), (99, 900)],
)
def test_each_failure_doubles_the_wait_up_to_a_quarter_hour(failures: int, seconds: int) -> None:
    assert wait_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("failures", "later", "left"),
    [
        (6, timedelta(seconds=1), timedelta(seconds=3)),
        (6, timedelta(seconds=4), timedelta(0)),
        (99, timedelta(hours=24), timedelta(0)),
        (4, timedelta(seconds=-1), timedelta(0)),
    ],
)
def test_the_wait_runs_off_and_a_day_forgets(failures: int, later: timedelta, left: timedelta) -> None:
    assert still_waits(failures, THEN, THEN + later) == left
