"""What an absence still lacks, and until when it may come (C3). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ediary.absences.excuses import PaperKind, Verdict, Why, after, paper_due
from ediary.absences.rules import Reason, Rule
from ediary.core.dates import Month

#: a paper is missing, or that the parents told; late or not yet
OF_PAPER = frozenset({Why.AWAITS_PAPER, Why.NO_PAPER})
_LACKING = OF_PAPER | {Why.AWAITS_NOTICE, Why.NO_NOTICE}
_LATE = frozenset({Why.NO_PAPER, Why.NO_NOTICE})


@dataclass(frozen=True)
class Said:
    """What a paper says: dates only."""

    kind: PaperKind
    number: str
    first: date
    last: date
    received_at: datetime
    issued_on: date | None


@dataclass(frozen=True)
class Missing:
    """What one child's absence, first to last day within a month, still lacks, and until when it may come."""

    child_id: int
    group_id: int
    first: date
    last: date
    #: of the reason, as on the first day
    letter: str
    name: str
    #: of a child not back yet, as if it came back on the next working day; without a term, the month's last day
    due: date
    is_late: bool
    #: a paper, else that the parents told
    is_paper: bool = True
    #: is the term known? Not while it is counted from the return of a child not back yet, nor when there is none
    has_term: bool = True


def missing_of(
    child_id: int,
    group_id: int,
    judged: Mapping[date, Verdict],
    said: Mapping[date, Reason],
    working: Sequence[date],
    today: date,
) -> list[Missing]:
    """A child's lines: one for days on end that lack the same. `judged`, `said`: by day, in order."""
    found: list[Missing] = []
    for day, verdict in judged.items():
        if verdict.why not in _LACKING:
            continue
        reason = said[day]
        one = Missing(
            child_id,
            group_id,
            day,
            day,
            reason.letter,
            reason.name,
            verdict.due or _assumed(reason.rule, day, working, today),
            verdict.why in _LATE,
            verdict.why in OF_PAPER,
            verdict.due is not None,
        )
        before = found[-1] if found else None
        if (
            before
            and after(before.last, 1, working) == day
            and replace(one, first=before.first) == replace(before, last=day)
        ):
            found[-1] = replace(before, last=day)
        else:
            found.append(one)
    return found


def _assumed(rule: Rule, day: date, working: Sequence[date], today: date) -> date:
    back_on = after(max(day, today), 1, working)
    return paper_due(rule, day, back_on, working) or Month.of(day).last
