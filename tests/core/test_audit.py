"""The history's pure parts."""

from datetime import UTC, date, datetime

import pytest

from ediary.core.audit import canonical, diff, digest_of, with_digest
from ediary.core.dates import Month


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({}, {"a": 1}, {"a": [None, 1]}),
        ({"a": 1}, {}, {"a": [1, None]}),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b": [2, 3]}),
        ({"a": None}, {}, {}),
        ({"d": date(2026, 11, 23)}, {"d": date(2026, 11, 24)}, {"d": ["2026-11-23", "2026-11-24"]}),
        ({"m": Month(2026, 9)}, {"m": Month(2026, 10)}, {"m": ["2026-09", "2026-10"]}),
    ],
)
def test_what_was_and_what_is(before: dict, after: dict, changes: dict) -> None:
    assert diff(before, after) == changes


def test_canonical_text_has_one_spelling() -> None:
    assert canonical({"b": "ąž", "a": [1, None]}) == '{"a":[1,null],"b":"ąž"}'


def test_a_digest_stands_for_the_content_and_its_salt() -> None:
    entry = {"institution_id": 1, "at": datetime(2026, 11, 23, tzinfo=UTC), "changes": "{}", "action": "create"}
    first, second = with_digest(entry), with_digest(entry)
    assert first["digest"] == digest_of(entry, first["salt"])
    assert first["salt"] != second["salt"]
    assert first["digest"] != second["digest"]
    assert digest_of(entry | {"action": "remove"}, first["salt"]) != first["digest"]
