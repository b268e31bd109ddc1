"""When somebody holds a role: a table."""

from __future__ import annotations

from datetime import date

import pytest

from ediary.core.permissions import Role
from ediary.staff.roles import BY_ORDER, OF_EMPLOYEES, given_by
from ediary.staff.rules import Term, clash, is_held, outside


def on(day: int) -> date:
    return date(2026, 11, day)


OPEN = Term(on(10), None)
SHORT = Term(on(10), on(20))


@pytest.mark.parametrize(
    ("terms", "wanted", "taken"),
    [
        ([], OPEN, None),
        ([SHORT], Term(on(21), None), None),
        ([SHORT], Term(on(20), on(20)), SHORT),
        ([SHORT], Term(on(1), on(9)), None),
        ([SHORT], Term(on(1), on(10)), SHORT),
        ([SHORT], Term(on(1), None), SHORT),
        ([OPEN], Term(on(30), on(30)), OPEN),
    ],
    ids=["none", "after", "last day", "before", "first day", "around", "open"],
)
def test_a_role_is_held_once_at_a_time(terms: list[Term], wanted: Term, taken: Term | None) -> None:
    assert clash(terms, wanted) == taken


@pytest.mark.parametrize(
    ("employed", "wanted", "is_outside"),
    [
        (OPEN, OPEN, False),
        (OPEN, Term(on(9), None), True),
        (OPEN, SHORT, False),
        (SHORT, OPEN, True),
        (SHORT, SHORT, False),
        (SHORT, Term(on(10), on(21)), True),
    ],
    ids=["same", "too early", "inside", "longer", "as long", "too late"],
)
def test_a_role_does_not_reach_over_the_employment(employed: Term, wanted: Term, is_outside: bool) -> None:
    assert outside(employed, wanted) is is_outside


def test_a_role_is_held_on_its_first_and_last_day() -> None:
    assert [is_held([SHORT], on(day)) for day in (9, 10, 20, 21)] == [False, True, True, False]
    assert not is_held([], on(10))


def test_the_deputy_gives_no_role_that_needs_an_order() -> None:
    assert set(given_by(Role.DEPUTY)) == set(OF_EMPLOYEES) - BY_ORDER
    assert set(given_by(Role.DIRECTOR)) == set(given_by(Role.ADMINISTRATOR)) == set(OF_EMPLOYEES)


def test_every_role_but_a_parents_is_given_to_employees() -> None:
    assert set(OF_EMPLOYEES) == set(Role) - {Role.GUARDIAN}
