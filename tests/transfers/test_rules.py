"""What goes along with a child is read back as it was packed, and nothing else is taken for it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ediary.core.dates import Month
from ediary.transfers.rules import (
    MonthCount,
    NoPackage,
    Package,
    PackedGuardian,
    PackedPlace,
    by_month,
    pack,
    said_places,
    unpack,
)

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
days = st.dates(date(2015, 1, 1), date(2040, 12, 31))
guardians = st.builds(
    PackedGuardian,
    relation=st.sampled_from(["mother", "father"]),
    first_name=texts,
    last_name=texts,
    phone=texts,
    email=texts,
    address=texts,
    may_collect=st.booleans(),
    user_id=st.none() | st.integers(1, 9),
)
packages = st.builds(
    Package,
    first_name=texts,
    last_name=texts,
    birth_date=days,
    from_name=texts,
    last_day=days,
    address=texts,
    languages=texts,
    needs_note=texts,
    family_note=texts,
    guardians=st.lists(guardians, max_size=3),
    places=st.lists(st.builds(PackedPlace, texts, days, st.none() | days), max_size=3),
    diet=texts,
    must_not_eat=st.lists(texts, max_size=2),
)


@given(packages)
def test_what_is_packed_is_unpacked_as_it_was(package: Package) -> None:
    assert unpack(pack(package)) == package


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", '{"version": 1}', '{"version": 2, "first_name": "A"}', "not json", "1"],
    ids=["empty", "null", "list", "nothing", "version only", "another version", "no json", "number"],
)
def test_whatever_else_it_is_it_is_no_package(text: str) -> None:
    with pytest.raises(NoPackage):
        unpack(text)


def test_marks_are_counted_by_month_in_order() -> None:
    marks = [(date(2026, 10, 2), True), (date(2026, 9, 1), True), (date(2026, 9, 2), False), (date(2026, 9, 3), True)]
    assert by_month(marks) == [MonthCount(Month(2026, 9), 2, 1), MonthCount(Month(2026, 10), 1, 0)]
    assert by_month([]) == []


def test_places_are_said_a_line_each() -> None:
    places = [
        PackedPlace("Ežiukai", date(2025, 9, 1), date(2026, 8, 31)),
        PackedPlace("Drugeliai", date(2026, 9, 1), None),
    ]
    assert said_places(places) == "Ežiukai, 2025-09-01 – 2026-08-31\nDrugeliai, 2026-09-01 –"
