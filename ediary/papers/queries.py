"""What children's absences count as, and what is still missing for it. The sheets and the fee ask here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Date, bindparam, func, select

from ediary.absences.excuses import Day, Facts, Notice, Paper, PaperKind, Verdict, judge
from ediary.absences.queries import all_reasons, announced
from ediary.absences.rules import Reason, Rule, beginnings
from ediary.attendance.models import ChildDay, Presence
from ediary.attendance.queries import marks
from ediary.children.models import Child, Enrolment
from ediary.children.queries import place_on
from ediary.core import clock
from ediary.core.dates import VILNIUS, Month, covers, days_between, school_year_of
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.locks import GroupMonth
from ediary.core.members import member_of
from ediary.core.permissions import Permission
from ediary.core.session import acting_for, scope, sees_child
from ediary.core.spans import touching
from ediary.groups.models import Group
from ediary.groups.rules import Programme
from ediary.papers.models import Paper as PaperRow
from ediary.papers.models import PaperDay
from ediary.papers.rules import Missing, missing_of
from ediary.workdays import queries as workdays
from ediary.workdays.rules import Calendar

#: how far around a month a run is followed, and terms are counted: who misses longer is away by an order (V 9)
BACK, AHEAD = timedelta(days=100), timedelta(days=100)

#: until this day of a month papers of the last one may still be of use: its sheet is being counted
COUNTED_BY = 10

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
    around = _of_all(_reaching(written, _missing_by(written, reasons, lambda rule: rule != Rule())), month, _around)
    papered = _missing_by(written, reasons, lambda rule: rule.paper.asked or rule.notice.asked)
    papers = _of_all(papered, month, _papers)
    notices = _of_all(_missing_by(written, reasons, lambda rule: rule.notice.asked), month, _notices)
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


Fact = TypeVar("Fact")


def _of_all(
    children: Sequence[int], month: Month, read: Callable[[Month, Sequence[int]], Mapping[int, list[Fact]]]
) -> Mapping[int, list[Fact]]:
    """child -> what is read of it, also of one who has left the groups of this user meanwhile.

    A group's sheet counts the same whoever reads it: what happened to a child in its next group is read for the
    judging alone, and only the verdict on days in this group comes out.
    """
    found = dict(read(month, [child_id for child_id in children if sees_child(child_id)]))
    gone = [child_id for child_id in children if not sees_child(child_id)]
    if gone:
        with acting_for(scope().institution_id, scope().user_id):
            found |= read(month, gone)
    return found


def _reaching(written: Written, children: Collection[int]) -> list[int]:
    """Those whose run may reach out of the month or into another group."""
    return sorted(
        {
            child_id
            for of_group in written.values()
            for child_id, days in of_group.items()
            if child_id in children and not (min(days, key=_day_of).came and max(days, key=_day_of).came)
        }
    )


def _around(month: Month, children: Sequence[int]) -> Mapping[int, list[Day]]:
    """child -> its days around. One statement, none for nobody."""
    found: dict[int, list[Day]] = defaultdict(list)
    if children:
        asked = {"ids": children, "back": month.first - BACK, "ahead": month.last + AHEAD}
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


def missing(group_ids: Iterable[int], month: Month) -> list[Missing]:
    """What these groups' absences of a month still lack, the first due first. At most seven statements."""
    now = clock.now()
    programmes = programmes_of(group_ids)
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
            found += missing_of(child_id, group_id, lines, said, working, clock.today())
    return sorted(found, key=lambda one: (one.due, one.first, one.child_id))


def _child_and_day(one: tuple[tuple[int, date], Verdict]) -> tuple[int, date]:
    return one[0]


_PROGRAMMES = select(Group.id, Group.programme).where(member_of(Group.id, "ids"))


def programmes_of(group_ids: Iterable[int]) -> dict[int, Programme]:
    """group -> how its children are taught, of those one may see. One statement."""
    return {row.id: row.programme for row in db.session.execute(_PROGRAMMES, {"ids": list(group_ids)})}


@dataclass(frozen=True)
class Line:
    """What a child's absence lacks, with the child's name."""

    name: str
    lacks: Missing


@dataclass(frozen=True)
class ClockGroup:
    """A group with all that its children's absences lack."""

    id: int
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ClockPage:
    """What a month's absences lack, group by group."""

    month: Month
    today: date
    groups: tuple[ClockGroup, ...]
    can_write: bool

    @property
    def late(self) -> int:
        return sum(line.lacks.is_late for group in self.groups for line in group.lines)

    @property
    def coming(self) -> int:
        return sum(not line.lacks.is_late for group in self.groups for line in group.lines)


_GROUPS_OF_YEAR = select(Group.id, Group.name).where(Group.school_year == bindparam("school_year"))
_NAMES = select(Child.id, Child.first_name, Child.last_name).where(member_of(Child.id, "ids"))


def clock_page(month: Month) -> ClockPage:
    """The groups one may see in a month, and what is missing in each. At most nine statements."""
    groups = {
        row.id: row.name for row in db.session.execute(_GROUPS_OF_YEAR, {"school_year": school_year_of(month.first)})
    }
    lacking = missing(groups, month)
    children = sorted({one.child_id for one in lacking})
    names = {row.id: f"{row.first_name} {row.last_name}" for row in db.session.execute(_NAMES, {"ids": children})}
    return ClockPage(
        month=month,
        today=clock.today(),
        groups=tuple(
            ClockGroup(
                group_id,
                name,
                tuple(Line(names[one.child_id], one) for one in lacking if one.group_id == group_id),
            )
            for group_id, name in sorted(groups.items(), key=lambda group: name_key(group[1]))
        ),
        can_write=scope().may(Permission.PAPER_WRITE),
    )


def open_months(today: date) -> list[Month]:
    """The months whose papers may still be of use: this one, and until its sheets are counted the last one."""
    month = Month.of(today)
    return [month.previous, month] if today.day <= COUNTED_BY else [month]


# --- one child's papers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChildPage:
    """A child's papers, the newest first."""

    child_id: int
    name: str
    group_id: int | None
    papers: tuple[PaperRow, ...]
    can_write: bool


def child_page(child_id: int) -> ChildPage:
    """Raises NotFound. Three statements."""
    names = [*db.session.execute(_NAMES, {"ids": [child_id]})]
    if not names:
        raise NotFound
    rows = db.session.scalars(
        select(PaperRow).where(PaperRow.child_id == child_id).order_by(PaperRow.first.desc(), PaperRow.id.desc())
    )
    place = place_on(child_id, clock.today())
    return ChildPage(
        child_id,
        f"{names[0].first_name} {names[0].last_name}",
        place.group_id if place else None,
        tuple(rows),
        scope().may(Permission.PAPER_WRITE),
    )


_PLACES = (
    select(Enrolment.group_id, Enrolment.valid_from, Enrolment.valid_to)
    .where(
        Enrolment.child_id == bindparam("child_id"),
        touching(Enrolment, bindparam("first", type_=Date()), bindparam("last", type_=Date())),
    )
    .order_by(Enrolment.valid_from)
)


def groups_by_day(child_id: int, first: date, last: date) -> dict[date, int]:
    """day -> the group the child is in, of those days on which it has a place. One statement."""
    places = db.session.execute(_PLACES, {"child_id": child_id, "first": first, "last": last}).all()
    found = {}
    for day in days_between(first, last):
        for place in places:
            if covers(place.valid_from, place.valid_to, day):
                found[day] = place.group_id
    return found


def lock_points(child_id: int, first: date, last: date) -> list[GroupMonth]:
    """What a paper about these days holds: every month of the child's group it is about. One statement."""
    days = groups_by_day(child_id, first, last)
    return sorted(
        {GroupMonth(group_id, Month.of(day)) for day, group_id in days.items() if scope().sees_group(group_id)}
    )


def points_of(paper_id: int) -> list[GroupMonth]:
    """What striking out a paper holds. One statement; nothing for a paper that does not exist here."""
    rows = db.session.execute(select(PaperDay.group_id, PaperDay.day).where(PaperDay.paper_id == paper_id))
    return sorted({GroupMonth(row.group_id, Month.of(row.day)) for row in rows if scope().sees_group(row.group_id)})


def is_entered(child_id: int, kind: PaperKind, number: str, first: date, last: date) -> bool:
    """Does the same paper stand written, and hold? One statement."""
    same = select(PaperRow.id).where(
        PaperRow.child_id == child_id,
        PaperRow.kind == kind,
        PaperRow.number == number,
        PaperRow.first == first,
        PaperRow.last == last,
        PaperRow.struck_at.is_(None),
    )
    return db.session.scalar(same) is not None


def child_of(paper_id: int) -> int:
    """Whose paper it is. One statement. Raises NotFound."""
    child_id = db.session.scalar(select(PaperRow.child_id).where(PaperRow.id == paper_id))
    if child_id is None:
        raise NotFound
    return child_id
