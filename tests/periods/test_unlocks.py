"""For how long something closed may be opened, and with what reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ediary.periods import rules


@pytest.mark.parametrize(
    ("minutes", "until"), [(15, timedelta(minutes=15)), (120, timedelta(hours=2)), (480, timedelta(hours=3))]
)
def test_a_days_unlock_holds_for_its_term_and_ends_with_the_day(minutes: int, until: timedelta) -> None:
    now = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    assert rules.open_until(now, minutes, now + timedelta(hours=3)) == now + until


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("Vaikas atvyko 9:40", True),
        ("Klaida žymint vaikus", True),
        ("Pamiršta pažyma", True),
        ("", False),
        ("   ", False),
        ("x", False),
        ("Klaida", False),
        ("a b c d e f g h", False),
        ("aaaa aaaa aaaa", False),
        ("1234 5678 90", False),
        ("........ .......", False),
        ("Ne mes", False),
    ],
)
def test_a_reason_is_two_words_somebody_can_read_years_later(reason: str, says: bool) -> None:
    assert rules.says_something(reason) is says
