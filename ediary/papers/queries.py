"""What children's absences count as, and what is still missing for it. The sheets and the fee ask here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from ediary.absences.excuses import (
    Day,
    Facts,
    Notice,
    Paper,
    Verdict,
    Why,
    after,
    judge,
    paper_due,
)
from ediary.absences.queries import all_reasons, announced
from ediary.absences.rules import Reason, Rule, beginnings
from ediary.attendance.models import ChildDay, Presence
from ediary.attendance.queries import marks
from ediary.core import clock
from ediary.core.dates import VILNIUS, Month
from ediary.core.db import db
from ediary.core.members import member_of
from ediary.groups.models import Group
from ediary.groups.rules import Programme
from ediary.papers.models import PaperDay
from ediary.workdays import queries as workdays
from ediary.workdays.rules import Calendar

#: how far around a month a run is followed, and terms are counted: who misses longer is away by an order (V 9)
BACK, AHEAD = timedelta(days=100), timedelta(days=100)

#: (group, child) -> the child's days in that group
Written = Mapping[int, Mapping[int, Sequence[Day]]]

_AROUND = select(ChildDay.child_id, ChildDay.day, ChildDay.presence, ChildDay.reason_id).where(
    member_of(ChildDay.child_id, "ids"),
    ChildDay.day >= bindparam("back"),
    ChildDay.day <= bindparam("ahead"),
)
_PAPERS = (
    select(
        PaperDay.child_id,
        PaperDay.kind,
        func.min(PaperDay.day).label("begins"),
        func.max(PaperDay.day).label("ends"),
        PaperDay.received_at,
        PaperDay.issued_on,
    )
    .where(
        member_of(PaperDay.child_id, "ids"),
        PaperDay.day >= bindparam("back"),
        PaperDay.day <= bindparam("ahead"),
        PaperDay.holds,
    )
    .group_by(PaperDay.child_id, PaperDay.paper_id, PaperDay.kind, PaperDay.received_at, PaperDay.issued_on)
    .order_by(PaperDay.received_at)
)


def calendar_around(month: Month) -> Calendar:
    """The calendar by which a month's absences are judged. One statement."""
    return workdays.calendar(month.first - BACK, month.last + AHEAD)


def verdicts(
    month: Month,
    written: Written,
    programmes: Mapping[int, Programme],
    calendar: Calendar,
    reasons: Mapping[int, Reason],
    asked_at: Mapping[int, datetime],
) -> dict[int, dict[tuple[int, date], Verdict]]:
    """group -> (child, day) -> what an absence with a reason counts as, on the group's working days of a month.

    `written`: the month's marks; `asked_at`: the moment at which each group's month is judged (a closed month says for
    ever what it said when it closed). At most three statements, however many groups; none where no reason asks for
    anything.
    """
    working = {
        group_id: tuple(calendar.working_days(month.first - BACK, month.last + AHEAD, group_id)) for group_id in written
    }
    around = _around(month, written, _missing_by(written, reasons, lambda rule: rule != Rule()))
    papers = _papers(month, _missing_by(written, reasons, lambda rule: rule.paper.asked or rule.notice.asked))
    notices = _notices(month, _missing_by(written, reasons, lambda rule: rule.notice.asked))
    beginning = beginnings(reasons)
    found: dict[int, dict[tuple[int, date], Verdict]] = {}
    for group_id, of_group in written.items():
        here: dict[tuple[int, date], Verdict] = {}
        found[group_id] = here
        now = asked_at[group_id]
        today = now.astimezone(VILNIUS).date()
        for child_id, days in of_group.items():
            if all(one.reason_id is None for one in days):
                continue
            facts = Facts(
                working[group_id],
                tuple(notices.get(child_id, ())),
                tuple(papers.get(child_id, ())),
                programmes[group_id],
            )
            known = [*days, *(one for one in around.get(child_id, ()) if one.day <= today)]
            judged = judge(known, reasons, beginning, facts, now)
            here |= {(child_id, one.day): judged[one.day] for one in days if one.day in judged}
    return found


def _around(month: Month, written: Written, children: Collection[int]) -> dict[int, list[Day]]:
    """child -> its days around, of those whose run may reach out of the month or into another group. One statement,
    none for nobody."""
    reaching = {
        child_id
        for of_group in written.values()
        for child_id, days in of_group.items()
        if child_id in children and not (min(days, key=_day_of).came and max(days, key=_day_of).came)
    }
    if not reaching:
        return {}
    found: dict[int, list[Day]] = defaultdict(list)
    asked = {"ids": sorted(reaching), "back": month.first - BACK, "ahead": month.last + AHEAD}
    for child_id, day, presence, reason_id in db.session.execute(_AROUND, asked):
        found[child_id].append(Day(day, presence is Presence.PRESENT, reason_id))
    return found


def _day_of(one: Day) -> date:
    return one.day


def _missing_by(written: Written, reasons: Mapping[int, Reason], asks: Callable[[Rule], bool]) -> list[int]:
    """The children missing for a reason that asks for something."""
    asking = {reason.id for reason in reasons.values() if asks(reason.rule)}
    return sorted(
        {
            child_id
            for of_group in written.values()
            for child_id, days in of_group.items()
            if any(one.reason_id in asking for one in days)
        }
    )


def _papers(month: Month, children: Sequence[int]) -> Mapping[int, list[Paper]]:
    """child -> what came in. One statement, none for nobody."""
    found: dict[int, list[Paper]] = defaultdict(list)
    if children:
        asked = {"ids": children, "back": month.first - BACK, "ahead": month.last + AHEAD}
        for row in db.session.execute(_PAPERS, asked):
            found[row.child_id].append(Paper(row.kind, row.begins, row.ends, row.received_at, row.issued_on))
    return found


def _notices(month: Month, children: Sequence[int]) -> Mapping[int, list[Notice]]:
    """child -> what was told of it. One statement, none for nobody."""
    found: dict[int, list[Notice]] = defaultdict(list)
    if children:
        for told in announced(children, month.first - BACK, month.last + AHEAD):
            found[told.child_id].append(Notice(told.called_at, told.valid_from, told.valid_to))
    return found


# --- what is missing ------------------------------------------------------------------------------------------------

#: a paper is missing, or that the parents told; late or not yet
_OF_PAPER = frozenset({Why.AWAITS_PAPER, Why.NO_PAPER})
_OF_NOTICE = frozenset({Why.AWAITS_NOTICE, Why.NO_NOTICE})
_LATE = frozenset({Why.NO_PAPER, Why.NO_NOTICE})


@dataclass(frozen=True)
class Missing:
    """What one child's absence, first to last day within the month, still lacks, and until when it may come."""

    child_id: int
    group_id: int
    first: date
    last: date
    #: of the reason, as on the first day
    letter: str
    name: str
    #: of a child not back yet, as if it came back on the next working day
    due: date
    is_late: bool
    #: a paper, else that the parents told
    is_paper: bool = True
    #: is the term known? Not while it is counted from the return of a child not back yet, nor when there is none
    has_term: bool = True


def missing(group_ids: Iterable[int], month: Month) -> list[Missing]:
    """What these groups' absences of a month still lack, the first due first. At most seven statements."""
    ids = list(group_ids)
    now = clock.now()
    programmes = programmes_of(ids)
    written: dict[int, dict[int, list[Day]]] = {group_id: defaultdict(list) for group_id in programmes}
    for mark in marks(programmes, month.first, month.last):
        came = mark.presence is Presence.PRESENT
        written[mark.group_id][mark.child_id].append(Day(mark.day, came, mark.reason_id))
    reasons, calendar = all_reasons(), calendar_around(month)
    judged = verdicts(month, written, programmes, calendar, reasons, dict.fromkeys(programmes, now))
    found = []
    for group_id, of_group in judged.items():
        working = calendar.working_days(month.first - BACK, month.last + AHEAD, group_id)
        by_child: dict[int, dict[date, Verdict]] = defaultdict(dict)
        for (child_id, day), verdict in sorted(of_group.items(), key=_child_and_day):
            by_child[child_id][day] = verdict
        for child_id, lines in by_child.items():
            said = {one.day: reasons[one.reason_id] for one in written[group_id][child_id] if one.reason_id is not None}
            found += _missing_of(child_id, group_id, lines, said, working, clock.today())
    return sorted(found, key=lambda one: (one.due, one.first, one.child_id))


def _child_and_day(one: tuple[tuple[int, date], Verdict]) -> tuple[int, date]:
    return one[0]


def _missing_of(
    child_id: int,
    group_id: int,
    judged: Mapping[date, Verdict],
    said: Mapping[date, Reason],
    working: Sequence[date],
    today: date,
) -> list[Missing]:
    """One line for days on end that lack the same."""
    found: list[Missing] = []
    for day, verdict in judged.items():
        if verdict.why not in _OF_PAPER | _OF_NOTICE:
            continue
        reason = said[day]
        due = verdict.due or _assumed(reason.rule, day, working, today)
        one = Missing(
            child_id,
            group_id,
            day,
            day,
            reason.letter,
            reason.name,
            due,
            verdict.why in _LATE,
            verdict.why in _OF_PAPER,
            verdict.due is not None,
        )
        before = found[-1] if found else None
        if before and after(before.last, 1, working) == one.first and _same(before, one):
            found[-1] = _longer(before, one)
        else:
            found.append(one)
    return found


def _assumed(rule: Rule, day: date, working: Sequence[date], today: date) -> date:
    """When it is due if the child comes back on the next working day; without a term, the month's last day."""
    back_on = after(max(day, today), 1, working)
    return paper_due(rule, day, back_on, working) or Month.of(day).last


def _same(one: Missing, other: Missing) -> bool:
    def key(of: Missing) -> tuple[Any, ...]:
        return of.letter, of.due, of.is_late, of.is_paper, of.has_term

    return key(one) == key(other)


def _longer(one: Missing, other: Missing) -> Missing:
    return Missing(**{**vars(one), "last": other.last})


_PROGRAMMES = select(Group.id, Group.programme).where(member_of(Group.id, "ids"))


def programmes_of(group_ids: Iterable[int]) -> dict[int, Programme]:
    """group -> how its children are taught, of those one may see. One statement."""
    return {row.id: row.programme for row in db.session.execute(_PROGRAMMES, {"ids": list(group_ids)})}
