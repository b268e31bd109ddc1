"""What a group becomes in the next year and where its children go, as pure values."""

from __future__ import annotations

from datetime import date

import pytest

from ediary.groups.rules import AgeBand, Programme
from ediary.years.rules import Goal, Proposal, Stage, follows, goals, propose, stage_in


@pytest.mark.parametrize(
    ("born", "stage"),
    [
        (date(2025, 1, 10), Stage.NURSERY),
        (date(2024, 9, 2), Stage.NURSERY),
        (date(2024, 9, 1), Stage.KINDERGARTEN),
        (date(2022, 1, 1), Stage.KINDERGARTEN),
        (date(2021, 12, 31), Stage.PREPRIMARY),
        (date(2021, 1, 1), Stage.PREPRIMARY),
        (date(2020, 12, 31), Stage.SCHOOL),
    ],
    ids=["baby", "third-on-2-sept", "third-on-1-sept", "five", "six-in-december", "six-in-january", "seven"],
)
def test_age_says_what_a_child_is_ready_for_in_2027(born: date, stage: Stage) -> None:
    assert stage_in(2027, born) is stage


BAND, PROGRAMME = AgeBand.NURSERY, Programme.PRESCHOOL


@pytest.mark.parametrize(
    ("stages", "proposal"),
    [
        ([], Proposal(True, BAND, PROGRAMME)),
        ([Stage.NURSERY] * 3 + [Stage.KINDERGARTEN] * 2, Proposal(True, AgeBand.NURSERY, Programme.PRESCHOOL)),
        ([Stage.NURSERY] * 2 + [Stage.KINDERGARTEN] * 2, Proposal(True, AgeBand.KINDERGARTEN, Programme.PRESCHOOL)),
        ([Stage.PREPRIMARY] * 3 + [Stage.SCHOOL], Proposal(True, AgeBand.KINDERGARTEN, Programme.PREPRIMARY)),
        ([Stage.SCHOOL] * 3, Proposal(False, BAND, PROGRAMME)),
    ],
    ids=["empty", "mostly-small", "as-many", "step-up", "all-to-school"],
)
def test_a_group_becomes_what_most_of_its_children_are_ready_for(stages: list[Stage], proposal: Proposal) -> None:
    assert propose(stages, BAND, PROGRAMME) == proposal


def test_a_child_goes_with_its_group_unless_it_is_said_otherwise() -> None:
    said = goals(
        {1: [11, 12, 13, 14], 2: [21]},
        {1: Goal(100), 2: None},
        {12: Goal(None), 13: None, 14: Goal(200)},
    )
    assert said == {11: Goal(100), 12: Goal(None), 14: Goal(200)}


def test_a_group_is_followed_by_the_one_most_of_its_children_go_to() -> None:
    assert follows([(1, 100), (1, 200), (1, 200), (2, None), (3, 300), (3, 100)]) == {1: 200, 3: 100}
