"""A child's days as other areas read them, and the day page of a group. Columns only, none per child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Date, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from ediary.absences.models import Announcement
from ediary.absences.queries import ANNOUNCED, all_reasons
from ediary.absences.rules import Announced, Reason, as_on
from ediary.attendance import rules
from ediary.attendance.models import ChildDay, Presence, Submission
from ediary.attendance.outages import OutageFact, handed_in
from ediary.attendance.rules import Counters, Mark, RowState
from ediary.children.models import Child, Enrolment
from ediary.core import clock
from ediary.core.dates import Month, covers
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.locks import Held
from ediary.core.lockstate import DayState, MonthClosed
from ediary.core.members import member_of
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups import queries as groups
from ediary.groups.models import Group
from ediary.groups.queries import MergedInto
from ediary.health.models import MustNotEat
from ediary.meals.models import ChildDiet, Diet, DietName
from ediary.meals.queries import DIET_NAME
from ediary.portions import queries as portions
from ediary.workdays import queries as workdays

#: how far ahead a handover card is made: who takes over on Monday reads it on Friday
CARDS_AHEAD = timedelta(days=14)
#: where a day page looks for the working days around
NEIGHBOURS = timedelta(days=21)


@dataclass(frozen=True)
class MarkFact:
    """A stored mark. Absent with no reason = reason unknown."""

    child_id: int
    group_id: int
    day: date
    presence: Presence
    reason_id: int | None


@dataclass(frozen=True)
class Submitted:
    """A group's own „Pateikti“."""

    at: datetime
    by: str


def marks(group_ids: Iterable[int], first: date, last: date) -> list[MarkFact]:
    """Every mark written in these groups from first to last."""
    rows = db.session.execute(
        select(ChildDay.child_id, ChildDay.group_id, ChildDay.day, ChildDay.presence, ChildDay.reason_id).where(
            ChildDay.group_id.in_(list(group_ids)), ChildDay.day >= first, ChildDay.day <= last
        )
    )
    return [MarkFact(*row) for row in rows]


def came(group_id: int, child_id: int, day: date) -> bool:
    """Is the child marked present in this group on this day?"""
    return any(one.child_id == child_id and one.presence is Presence.PRESENT for one in marks([group_id], day, day))


def submissions(day: date) -> dict[int, Submitted]:
    """group -> when and by whom its marks of this day were submitted."""
    rows = db.session.execute(
        select(Submission.group_id, Submission.submitted_at, Submission.submitted_by).where(Submission.day == day)
    )
    return {row.group_id: Submitted(row.submitted_at, row.submitted_by) for row in rows}


@dataclass(frozen=True)
class Locks:
    """What is closed for a group's day: presence, or everything."""

    day: DayState
    month: MonthClosed | None

    @classmethod
    def of(cls, held: Held, group_id: int, day: date) -> Locks:
        """As the write that has just ended found them."""
        return cls(held.day(group_id, day), held.month(group_id, Month.of(day)))

    @classmethod
    def read(cls, group_id: int, day: date) -> Locks:
        """As they stand. One statement. Raises NotFound."""
        found = groups.group_on(group_id, day)
        return cls(found.day, found.month)


@dataclass(frozen=True)
class Row:
    """A child on the day page. `announced` holds also when a mark has taken its place."""

    child_id: int
    first_name: str
    last_name: str
    mark: Mark
    reason_id: int | None
    announced: Announced | None
    must_not_eat: str | None
    diet: str | None
    changed_at: datetime | None
    #: a correction waits for the kitchen: that the child is (not) there
    asked: bool | None = None
    #: a guest's own group by name, "" where its name is not this person's to see; None = the child is at home here
    home: str | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def initials(self) -> str:
        return self.first_name[:1] + self.last_name[:1]

    @cached_property
    def state(self) -> RowState:
        return rules.row_state(self.mark, announced=self.announced is not None)

    @property
    def name_tap(self) -> Mark:
        return rules.name_tap(self.state)

    @property
    def check_tap(self) -> Mark:
        return rules.check_tap(self.state)


@dataclass(frozen=True)
class Tally:
    """How far a group's day is: how many children are where, when it was last written, its „Pateikti“."""

    counters: Counters
    saved_at: datetime | None
    submitted: Submitted | None
    #: why the day was written on paper, if it was; of a whole page only
    outage: OutageFact | None = None


@dataclass(frozen=True)
class Day:
    """A group's day as its pieces print it."""

    day: date
    group_id: int
    #: the children to be drawn: of a whole page all of them
    rows: list[Row]
    #: of all the group's children, drawn or not
    tally: Tally
    reasons: dict[int, Reason]
    locks: Locks
    now: datetime
    today: date
    #: why there is no work on this day; "" on a plain weekend, None on a working day
    why_closed: str | None = None

    @cached_property
    def choices(self) -> list[Reason]:
        """The reasons that may be given on this day."""
        return [one for one in self.reasons.values() if covers(one.valid_from, one.valid_to, self.day)]

    @cached_property
    def is_open(self) -> bool:
        return (
            self.locks.day.closed is None
            and self.locks.month is None
            and self.why_closed is None
            and self.day <= self.today
        )

    @cached_property
    def can_mark(self) -> bool:
        return self.is_open and scope().may(Permission.ATTENDANCE_WRITE)

    @cached_property
    def can_reason(self) -> bool:
        return self.locks.month is None and scope().may(Permission.REASON_WRITE)

    @cached_property
    def can_ask(self) -> bool:
        """A correction is asked for once presence is locked, while the month is not."""
        locked = self.locks.day.closed is not None and self.locks.month is None
        happened = self.why_closed is None and self.day <= self.today
        return locked and happened and scope().may(Permission.CORRECTION_ASK)

    @cached_property
    def can_announce(self) -> bool:
        return scope().may(Permission.ANNOUNCE)

    @cached_property
    def can_see_sheet(self) -> bool:
        """Not on a group's shared tablet."""
        return scope().may(Permission.SHEET_READ)

    @cached_property
    def can_hand_over(self) -> bool:
        """Is there a card for whoever takes the group over? Of today and of days soon to come."""
        return self.today <= self.day <= self.today + CARDS_AHEAD and scope().may(Permission.HANDOVER_READ)

    @property
    def month(self) -> Month:
        return Month.of(self.day)

    def version(self, row: Row) -> str:
        """What a row shows, in short: a page that shows the same needs no new one."""
        parts: list[Any] = [row.state.value, row.reason_id or "", "" if row.asked is None else int(row.asked)]
        if row.announced and row.state is RowState.ANNOUNCED:
            parts += [row.announced.reason_id or "", row.announced.valid_to or ""]
        return ".".join(map(str, [*parts, int(self.can_mark) * 2 + int(self.can_reason)]))


@dataclass(frozen=True)
class DayPage:
    """The whole page around a day."""

    shown: Day
    group_name: str
    previous: date | None
    next: date | None
    #: where the group's children are on this day, if not in it
    merged: MergedInto | None = None


_DAY = bindparam("day", type_=Date())
_WITH_REASON = (RowState.ABSENT, RowState.ANNOUNCED)
_HOME = aliased(Group)

#: Every child of a group on a day, with all a row prints. Made once: building it costs more than running it.
_ROWS = (
    select(
        Child.id,
        Child.first_name,
        Child.last_name,
        ChildDay.presence,
        ChildDay.reason_id,
        ChildDay.changed_at,
        MustNotEat.text,
        DIET_NAME,
        Enrolment.home_id,
        _HOME.name,
        *ANNOUNCED,
    )
    .select_from(Enrolment)
    .join(Child, Child.id == Enrolment.child_id)
    .outerjoin(_HOME, _HOME.id == Enrolment.home_id)
    .outerjoin(ChildDay, (ChildDay.child_id == Enrolment.child_id) & (ChildDay.day == bindparam("day")))
    .outerjoin(Announcement, (Announcement.child_id == Enrolment.child_id) & valid_on(Announcement, _DAY))
    .outerjoin(MustNotEat, (MustNotEat.child_id == Enrolment.child_id) & valid_on(MustNotEat, _DAY))
    .outerjoin(ChildDiet, (ChildDiet.child_id == Enrolment.child_id) & valid_on(ChildDiet, _DAY))
    .outerjoin(Diet, Diet.id == ChildDiet.diet_id)
    .outerjoin(DietName, (DietName.diet_id == Diet.id) & valid_on(DietName, _DAY))
    .where(Enrolment.group_id == bindparam("group_id"), valid_on(Enrolment, _DAY))
)


_ROWS_OF = _ROWS.where(member_of(Enrolment.child_id, "ids"))

#: The same children counted, where only some are drawn: by mark and by whether an absence is announced.
_TALLY = (
    select(
        ChildDay.presence,
        exists()
        .where(Announcement.child_id == Enrolment.child_id, valid_on(Announcement, _DAY))
        .correlate(Enrolment)
        .label("announced"),
        func.count(),
        func.max(ChildDay.changed_at),
        Submission.submitted_at,
        Submission.submitted_by,
    )
    .select_from(Enrolment)
    .outerjoin(ChildDay, (ChildDay.child_id == Enrolment.child_id) & (ChildDay.day == bindparam("day")))
    .outerjoin(Submission, (Submission.group_id == Enrolment.group_id) & (Submission.day == bindparam("day")))
    .where(Enrolment.group_id == bindparam("group_id"), valid_on(Enrolment, _DAY))
    .group_by(ChildDay.presence, "announced", Submission.submitted_at, Submission.submitted_by)
)


def _mark_of(presence: Presence | None) -> Mark:
    return Mark(presence.value) if presence else Mark.UNMARKED


def _rows(group_id: int, day: date, child_ids: Collection[int] | None) -> list[Row]:
    """The group's children on this day, in Lithuanian order of names; None = all. One statement.

    A child comes more than once when more than one announcement or line holds; the last told one counts.
    """
    rows: dict[int, Row] = {}
    statement, asked = (_ROWS, {}) if child_ids is None else (_ROWS_OF, {"ids": child_ids})
    found = db.session.execute(statement, {"group_id": group_id, "day": day, **asked})
    for child_id, first, last, presence, reason_id, changed, must_not, diet, home_id, home, *told in found:
        announced = Announced(*told) if told[0] is not None else None
        before = rows.get(child_id)
        if before and announced and before.announced:
            announced = max(announced, before.announced, key=lambda one: (one.called_at, one.id))
        if before and must_not and before.must_not_eat and must_not not in before.must_not_eat:
            must_not = f"{before.must_not_eat}; {must_not}"
        rows[child_id] = Row(
            child_id,
            first,
            last,
            _mark_of(presence),
            reason_id,
            announced,
            must_not,
            diet,
            changed,
            home=None if home_id is None else home or "",
        )
    return sorted(rows.values(), key=lambda row: (name_key(row.name), row.child_id))


def _tally_of(group_id: int, day: date, rows: list[Row]) -> Tally:
    """Of these rows, which are all there are. One statement."""
    at, by, outage = handed_in(group_id, day)
    return Tally(
        rules.counters(Counter(row.state for row in rows)),
        max((row.changed_at for row in rows if row.changed_at), default=None),
        Submitted(at, by) if at and by else None,
        outage,
    )


def _tally(group_id: int, day: date) -> Tally:
    """Counted by the database. One statement."""
    counted: Counter[RowState] = Counter()
    saved_at = submitted = None
    for presence, announced, count, changed, at, by in db.session.execute(_TALLY, {"group_id": group_id, "day": day}):
        counted[rules.row_state(_mark_of(presence), announced=bool(announced))] += count
        saved_at = max(filter(None, (saved_at, changed)), default=None)
        submitted = Submitted(at, by) if at else None
    return Tally(rules.counters(counted), saved_at, submitted)


def shown_day(
    group_id: int,
    day: date,
    locks: Locks | None = None,
    *,
    why_closed: str | None = None,
    drawn: Collection[int] | None = None,
) -> Day:
    """The group's day for its pieces. `locks`: as a write has just found them; else they are read.

    `drawn`: the children whose rows will be drawn; None = all. Two or three statements after a tap; at most six.
    """
    if locks is None:
        why_closed = workdays.calendar(day, day).why_closed(day, group_id)
        locks = Locks.read(group_id, day)
    rows = [] if drawn is not None and not drawn else _rows(group_id, day, drawn)
    tally = _tally(group_id, day) if drawn is not None else _tally_of(group_id, day, rows)
    reasons = all_reasons() if any(row.state in _WITH_REASON for row in rows) else {}
    rows = [_told(row, reasons, day) if row.state is RowState.ANNOUNCED else row for row in rows]
    if locks.day.closed is not None and rows:
        asked = portions.open_requests(day, [group_id])
        rows = [replace(row, asked=asked[row.child_id].present) if row.child_id in asked else row for row in rows]
    return Day(day, group_id, rows, tally, reasons, locks, clock.now(), clock.today(), why_closed)


def _told(row: Row, reasons: dict[int, Reason], day: date) -> Row:
    """The row with what an announced reason says on this day."""
    return replace(row, announced=as_on(row.announced, reasons, day)) if row.announced else row


def day_page(group_id: int, day: date) -> DayPage:
    """A group's day page. Raises NotFound."""
    found = groups.group_on(group_id, day)
    calendar = workdays.calendar(day - NEIGHBOURS, day + NEIGHBOURS)
    working = calendar.working_days(day - NEIGHBOURS, day + NEIGHBOURS, group_id)
    return DayPage(
        shown=shown_day(group_id, day, Locks(found.day, found.month), why_closed=calendar.why_closed(day, group_id)),
        group_name=found.name,
        previous=max((one for one in working if one < day), default=None),
        next=min((one for one in working if one > day), default=None),
        merged=found.merged,
    )
