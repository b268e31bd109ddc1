"""Slowed guessing, sessions, the role one comes in with, who signs, who may print a slip, short numbers, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from ediary.accounts.rules import (
    DELIVERED_PLEDGE,
    LONGEST_WAIT_OF_PIN,
    BadPin,
    LiveSeat,
    NoSlip,
    Way,
    is_over,
    pledge_lines,
    seat_to,
    seen_again,
    sole,
    still_waits,
    wait_after,
    why_no_slip,
    why_not_pin,
)

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


def test_a_short_number_waits_up_to_an_hour() -> None:
    assert wait_after(99, 4, LONGEST_WAIT_OF_PIN) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("idle", "minutes", "age", "over"),
    [
        (timedelta(hours=10), None, timedelta(hours=10), False),
        (timedelta(hours=10, seconds=1), None, timedelta(hours=11), True),
        (timedelta(minutes=15), 15, timedelta(hours=1), False),
        (timedelta(minutes=16), 15, timedelta(hours=1), True),
        (timedelta(0), None, timedelta(days=7, seconds=1), True),
    ],
    ids=["just idle", "idle", "just idle in a role", "idle in a role", "long"],
)
def test_a_session_runs_out_by_itself(idle: timedelta, minutes: int | None, age: timedelta, over: bool) -> None:
    assert is_over(THEN - age, THEN - idle, minutes, THEN) is over


@pytest.mark.parametrize(
    ("since", "minutes", "again"), [(299, None, False), (300, None, True), (59, 5, False), (60, 5, True)]
)
def test_a_request_is_remembered_oftener_where_idle_time_is_short(since: int, minutes: int | None, again: bool) -> None:
    assert seen_again(THEN - timedelta(seconds=since), minutes, THEN) is again


HERE, THERE = 1, 2
WORKS, WORKS_THERE = LiveSeat(HERE, is_guardian=False), LiveSeat(THERE, is_guardian=False)
PARENT, PARENT_THERE = LiveSeat(HERE, is_guardian=True), LiveSeat(THERE, is_guardian=True)


@pytest.mark.parametrize(
    ("seats", "made_by", "of_groups", "why"),
    [
        ([WORKS], HERE, False, None),
        ([WORKS], THERE, False, None),
        ([WORKS, WORKS_THERE], HERE, False, None),
        ([WORKS, WORKS_THERE], THERE, False, NoSlip.NOT_OURS),
        ([WORKS, WORKS_THERE], None, False, NoSlip.NOT_OURS),
        ([WORKS_THERE], HERE, False, NoSlip.UNKNOWN),
        ([], HERE, False, NoSlip.UNKNOWN),
        ([PARENT], HERE, True, None),
        ([PARENT, PARENT_THERE], HERE, True, None),
        ([PARENT, PARENT_THERE], THERE, True, NoSlip.NOT_OURS),
        ([PARENT, WORKS], HERE, True, NoSlip.WORKS_HERE),
        ([PARENT, WORKS_THERE], HERE, True, NoSlip.WORKS_HERE),
    ],
    ids=[
        "own", "made elsewhere, left there", "own, also there", "theirs", "nobody made it", "gone from here", "nobody",
        "own parent", "own parent, also there", "their parent", "parent who works here", "parent who works there",
    ],
)  # fmt: skip
def test_nobody_takes_over_a_log_in_through_another_institution(
    seats: list[LiveSeat], made_by: int | None, of_groups: bool, why: NoSlip | None
) -> None:
    assert why_no_slip(seats, made_by, HERE, of_groups_only=of_groups) is why


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("7305", None), ("83017", None), ("730594", None),
        ("123", BadPin.SHAPE), ("1234567", BadPin.SHAPE), ("12a4", BadPin.SHAPE), ("", BadPin.SHAPE),
        ("１２３４", BadPin.SHAPE),
        ("0000", BadPin.EASY), ("1234", BadPin.EASY), ("9876", BadPin.EASY), ("7890", BadPin.EASY),
        ("1212", BadPin.EASY), ("363636", BadPin.EASY), ("475475", BadPin.EASY),
        ("1985", BadPin.DATE), ("2019", BadPin.DATE), ("1403", BadPin.DATE), ("0314", BadPin.DATE),
        ("850314", BadPin.DATE), ("140385", BadPin.DATE), ("198503", BadPin.DATE),
    ],
)  # fmt: skip
def test_a_short_number_is_no_run_and_no_birthday(pin: str, why: BadPin | None) -> None:
    assert why_not_pin(pin) is why


def test_the_pledge_is_read_in_lines() -> None:
    assert pledge_lines(" a \n\n b\r\n") == ["a", "", "b"]
    assert len([line for line in pledge_lines(DELIVERED_PLEDGE) if line]) == 15
