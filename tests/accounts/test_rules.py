"""Slowed guessing, the role one comes in with, who signs, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from ediary.accounts.rules import Way, seat_to, sole, still_waits, wait_after

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


TEACHER = Way(1, frozenset({"home", "day"}), sees=True)
DIETITIAN = Way(2, frozenset({"home", "kitchen"}), sees=True)
DIRECTOR = Way(3, frozenset({"home", "day", "kitchen"}), sees=True)
ELSEWHERE = Way(4, frozenset({"home", "day", "kitchen"}), sees=False)


@pytest.mark.parametrize(
    ("ways", "needed", "seat"),
    [
        ([TEACHER, DIETITIAN, DIRECTOR], "home", 1),
        ([TEACHER, DIETITIAN, DIRECTOR], "kitchen", 2),
        ([DIETITIAN, DIRECTOR, TEACHER], "day", 3),
        ([ELSEWHERE, TEACHER], "day", 1),
        ([ELSEWHERE, DIETITIAN], "day", None),
        ([], "home", None),
    ],
)
def test_a_page_opens_in_the_first_role_that_may(ways: list[Way], needed: str, seat: int | None) -> None:
    assert seat_to(ways, needed) == seat


@pytest.mark.parametrize(
    ("holders", "signs"), [([], ""), (["Jonas Rimkus"], "Jonas Rimkus"), (["Jonas Rimkus", "Ona Ežerskienė"], "")]
)
def test_a_paper_names_who_signs_when_only_one_could(holders: list[str], signs: str) -> None:
    assert sole(holders) == signs
