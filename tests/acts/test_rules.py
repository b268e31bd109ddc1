"""What was mended, told from the history's entries: a table of what happened and what the act says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ediary.acts.rules import Entry, before, mended, writer

HOUR = datetime(2026, 11, 23, 8, tzinfo=UTC)
OPENED, CLOSED = HOUR.replace(hour=10), HOUR.replace(hour=12)
RASA, TOMAS, JONAS = 1, 2, 3
ABSENT, ILL, CAME = ({"presence": p, "reason_id": r} for p, r in (("absent", None), ("absent", 7), ("present", None)))
FIELDS = ("presence", "reason_id")


def entry(number: int, hour: int, who: int | None, action: str, was: Any, now: Any) -> Entry:
    names = set(was or {}) | set(now or {})
    changes = {name: [(was or {}).get(name), (now or {}).get(name)] for name in names}
    if action == "change":
        changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    return Entry(number, HOUR.replace(hour=hour), who, action, "t", number, 1, 1, None, changes)


@pytest.mark.parametrize(
    ("entries", "stored", "told"),
    [
        # marked absent by Rasa, mended by Tomas while open
        ([(8, RASA, "create", None, ABSENT), (11, TOMAS, "change", ABSENT, CAME)], CAME, (ABSENT, CAME, RASA, TOMAS)),
        # nobody had marked the child
        ([(11, TOMAS, "create", None, CAME)], CAME, (None, CAME, None, TOMAS)),
        # the mark is taken away
        ([(8, RASA, "create", None, CAME), (11, TOMAS, "remove", CAME, None)], None, (CAME, None, RASA, TOMAS)),
        # taken away and written anew is one change; who wrote last has mended it
        (
            [(8, RASA, "create", None, CAME), (10, TOMAS, "remove", CAME, None), (11, JONAS, "create", None, ILL)],
            ILL,
            (CAME, ILL, RASA, JONAS),
        ),
        # a whole list came in at once: who erred is not known
        ([(11, TOMAS, "change", ABSENT, ILL)], ILL, (ABSENT, ILL, None, TOMAS)),
        # the wrong value is the last one before the opening, not the first there ever was
        (
            [(8, RASA, "create", None, CAME), (9, JONAS, "change", CAME, ABSENT), (11, RASA, "change", ABSENT, CAME)],
            CAME,
            (ABSENT, CAME, JONAS, RASA),
        ),
        # what was written after the closing is another matter
        (
            [(8, RASA, "create", None, ABSENT), (11, TOMAS, "change", ABSENT, ILL), (13, JONAS, "change", ILL, CAME)],
            CAME,
            (ABSENT, ILL, RASA, TOMAS),
        ),
    ],
)  # fmt: skip
def test_an_act_tells_the_wrong_value_and_the_right_one(entries: Any, stored: Any, told: Any) -> None:
    found = mended(stored, [entry(at, *one) for at, one in enumerate(entries)], OPENED, CLOSED, FIELDS)
    assert found is not None
    assert (found.was, found.now, found.erred_id, found.mended_id) == told


@pytest.mark.parametrize(
    ("entries", "stored"),
    [
        ([(8, RASA, "create", None, CAME)], CAME),  # before
        ([(13, RASA, "create", None, CAME)], CAME),  # after
        ([(10, RASA, "create", None, CAME), (11, RASA, "remove", CAME, None)], None),  # and taken back
        ([(10, TOMAS, "change", CAME, ABSENT), (11, TOMAS, "change", ABSENT, CAME)], CAME),  # and back again
    ],
)  # fmt: skip
def test_what_is_as_it_was_makes_no_act(entries: Any, stored: Any) -> None:
    assert mended(stored, [entry(at, *one) for at, one in enumerate(entries)], OPENED, CLOSED, FIELDS) is None


def test_a_days_unlock_is_about_presence_alone() -> None:
    entries = [entry(1, 8, RASA, "create", None, ABSENT), entry(2, 11, RASA, "change", ABSENT, ILL)]
    assert mended(ILL, entries, OPENED, CLOSED, ("presence",)) is None


def test_what_was_before_nothing_is_what_is() -> None:
    assert before(CAME, []) == CAME
    assert before(None, []) is None


@pytest.mark.parametrize(
    ("erred", "here", "who"),
    [([RASA, RASA, TOMAS], {RASA, TOMAS}, RASA), ([RASA, None], set(), None), ([None], {RASA}, None)],
)  # fmt: skip
def test_the_act_is_written_by_who_erred_or_by_somebody_appointed(erred: Any, here: Any, who: Any) -> None:
    assert writer(erred, here) == who
