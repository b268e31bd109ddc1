"""What the heads look at: how each group and each specialist fills in, by month, and how often late. Set-wise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from ediary.accounts.models import Membership, User
from ediary.accounts.queries import names
from ediary.attendance.models import Submission
from ediary.cards.payers import payers_page
from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.lockstate import MonthClosed, Stage
from ediary.core.people import role_name
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.core.spans import touching
from ediary.groups.queries import staff
from ediary.papers import queries as papers
from ediary.portions.models import Correction, LockedDay
from ediary.sheets import queries as sheets
from ediary.sheets.rules import State
from ediary.supervision import rules
from ediary.supervision.late import days_filled
from ediary.supervision.models import Check, Remark
from ediary.supervision.rules import Filled, Tally
from ediary.workdays import queries as workdays
from ediary.workdays.rules import counted_by, working_day_after

#: no deadline is further from the end of its month
LONGEST_DUE = timedelta(days=45)
#: whose filling-in the director watches, in the order of the page (S II.4); the others are the deputy's (S II.5)
SPECIALISTS = (
    Role.DIETITIAN,
    Role.SOCIAL_PEDAGOGUE,
    Role.ACCOUNTANT,
    Role.HEALTH_SPECIALIST,
    Role.SPEECH_THERAPIST,
    Role.ARTS_TEACHER,
    Role.SECRETARY,
    Role.ADMINISTRATOR,
)


@dataclass(frozen=True)
class Checked:
    """A check on record."""

    in_order: bool
    found: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Today:
    """How far a group is with today; None of its numbers says why a child is absent."""

    children: int
    marked: int
    submitted_at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class GroupLine:
    """A group's month as the deputy sees it."""

    group_id: int
    name: str
    educators: tuple[str, ...]
    #: None when the group does not work today, or another month is looked at
    today: Today | None
    tally: Tally
    #: the days that were not handed in
    missing: tuple[date, ...]
    #: children's days that have come and have no mark
    unmarked: int
    #: absences whose reason is unknown
    unknown: int
    #: absences that lack a paper or a notice; those of them whose term is over
    lacking: int
    overdue: int
    closed: MonthClosed | None
    remarks: int
    checks: tuple[Checked, ...]


@dataclass(frozen=True)
class SpecialistLine:
    """A specialist's month as the director sees it: what there is to watch, in sentences."""

    membership_id: int
    name: str
    role: str
    told: tuple[str, ...]
    remarks: int
    checks: tuple[Checked, ...]


@dataclass(frozen=True)
class OverviewPage:
    """The month of the whole kindergarten, watched over."""

    month: Month
    today: date
    groups: tuple[GroupLine, ...]
    specialists: tuple[SpecialistLine, ...]
    #: the director's own part stands first on the director's page
    specialists_first: bool
    waiting: int
    answered: int
    #: by this day the sheets are with the social pedagogue; None while the calendar is not known so far
    due: date | None

    @property
    def is_due(self) -> bool:
        """Should every sheet be handed in by now?"""
        return self.due is not None and self.today > self.due

    @property
    def is_current(self) -> bool:
        return self.month == Month.of(self.today)

    @property
    def unchecked(self) -> int:
        return sum(not line.checks for line in self.groups) + sum(not line.checks for line in self.specialists)


# --- the overview ---------------------------------------------------------------------------------------------------


def overview(month: Month) -> OverviewPage:
    """The month of all groups and specialists. As many statements as the sheets and the missing papers, and fifteen."""
    today = clock.today()
    found = sheets.sheets(month)
    ids = [group.group_id for group in found]
    filled = days_filled(ids, month.first, month.last)
    checks, remarks = _checks(month), _open_remarks()
    of_group = staff(ids, min(today, month.last))
    lacking = papers.missing(ids, month)
    known = names({user_id for people in of_group.values() for user_id in people})
    late_now = _submitted_today(today) if month == Month.of(today) else {}
    groups = tuple(
        GroupLine(
            group_id=group.group_id,
            name=group.name,
            educators=tuple(known[user_id] for user_id in of_group.get(group.group_id, ())),
            today=_today(group, filled.get(group.group_id, {}), late_now, today),
            tally=rules.tally(filled.get(group.group_id, {}).values()),
            missing=tuple(day for day, how in filled.get(group.group_id, {}).items() if how is Filled.MISSING),
            unmarked=group.sheet.totals.unmarked,
            unknown=group.sheet.totals.unknown,
            lacking=sum(one.group_id == group.group_id for one in lacking),
            overdue=sum(one.group_id == group.group_id and one.is_late for one in lacking),
            closed=group.closed,
            remarks=sum(remarks.of[user_id] for user_id in of_group.get(group.group_id, ())),
            checks=checks.groups.get(group.group_id, ()),
        )
        for group in found
    )
    return OverviewPage(
        month=month,
        today=today,
        groups=groups,
        specialists=_specialists(month, checks, remarks, found),
        specialists_first=scope().role is Role.DIRECTOR,
        waiting=remarks.waiting,
        answered=remarks.answered,
        due=_sheets_due(month),
    )


def _sheets_due(month: Month) -> date | None:
    """The working day after the month by which its sheets are handed in (S II.7). Two statements."""
    spans, last_known = workdays.deadline_spans(), month.last + LONGEST_DUE
    calendar = workdays.calendar(month.last, last_known)
    number = counted_by(spans, month).sheet_due
    return working_day_after(month, number, calendar.is_working, max(calendar.days, default=month.last))


def _submitted_today(today: date) -> dict[int, datetime]:
    rows = db.session.execute(select(Submission.group_id, Submission.submitted_at).where(Submission.day == today))
    return {row.group_id: row.submitted_at for row in rows}


def _today(
    group: sheets.GroupSheet, filled: dict[date, Filled], submitted: dict[int, datetime], today: date
) -> Today | None:
    if today not in filled or Month.of(today) != group.month:
        return None
    states = Counter(row.cells[today.day - 1].state for row in group.sheet.rows)
    unmarked = states[State.UNMARKED] + states[State.COMING]
    marked = states[State.PRESENT] + states[State.ABSENT] + states[State.UNKNOWN]
    return Today(
        children=marked + unmarked,
        marked=marked,
        submitted_at=submitted.get(group.group_id),
        is_late=filled[today] in (Filled.LATE, Filled.MISSING),
    )


@dataclass(frozen=True)
class _Checks:
    groups: dict[int, tuple[Checked, ...]]
    people: dict[tuple[int, Role], tuple[Checked, ...]]


def _checks(month: Month) -> _Checks:
    """The checks of a month, the last first. One statement."""
    groups: dict[int, tuple[Checked, ...]] = {}
    people: dict[tuple[int, Role], tuple[Checked, ...]] = {}
    for row in db.session.scalars(select(Check).where(Check.month == month).order_by(Check.id.desc())):
        one = Checked(row.in_order, row.found, row.checked_at, row.checked_by)
        if row.group_id is not None:
            groups[row.group_id] = (*groups.get(row.group_id, ()), one)
        elif row.person_id is not None and row.role is not None:
            key = (row.person_id, row.role)
            people[key] = (*people.get(key, ()), one)
    return _Checks(groups, people)


@dataclass
class _Open:
    """Remarks not closed yet: by the person they were written to."""

    of: Counter[int] = field(default_factory=Counter)
    waiting: int = 0
    answered: int = 0


def _open_remarks() -> _Open:
    """One statement."""
    found = _Open()
    for person_id, answered_at in db.session.execute(
        select(Remark.person_id, Remark.answered_at).where(Remark.closed_at.is_(None))
    ):
        found.of[person_id] += 1
        found.answered += answered_at is not None
        found.waiting += answered_at is None
    return found


# --- specialists ----------------------------------------------------------------------------------------------------


def _seats(month: Month, membership_id: int | None = None) -> list[Any]:
    """Who held a specialist's role on some day of the month, role by role, by name. One statement.

    Memberships are not narrowed by the fence: the institution is named.
    """
    chosen = (
        select(Membership.id, Membership.user_id, Membership.role, User.first_name, User.last_name)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.institution_id == scope().institution_id,
            Membership.role.in_(SPECIALISTS),
            touching(Membership, month.first, month.last),
        )
    )
    if membership_id is not None:
        chosen = chosen.where(Membership.id == membership_id)
    rows = db.session.execute(chosen).all()
    return sorted(rows, key=lambda row: (SPECIALISTS.index(row.role), name_key(f"{row.first_name} {row.last_name}")))


def _specialists(
    month: Month, checks: _Checks, remarks: _Open, found: Iterable[sheets.GroupSheet]
) -> tuple[SpecialistLine, ...]:
    told = _watched(month, found)
    return tuple(
        SpecialistLine(
            membership_id=row.id,
            name=f"{row.first_name} {row.last_name}",
            role=role_name(row.role, row.first_name),
            told=told.get(row.role, ()),
            remarks=remarks.of[row.user_id],
            checks=checks.people.get((row.user_id, row.role), ()),
        )
        for row in _seats(month)
    )


def _watched(month: Month, found: Iterable[sheets.GroupSheet]) -> dict[Role, tuple[str, ...]]:
    """role -> what the diary knows of its month today. Three statements."""
    return {
        Role.DIETITIAN: _kitchen(month),
        Role.SOCIAL_PEDAGOGUE: _sheets(found),
        Role.ACCOUNTANT: _payers(),
    }


def _kitchen(month: Month) -> tuple[str, ...]:
    """Which days the clock had to lock, and which corrections the kitchen has not confirmed. Two statements."""
    span = (LockedDay.day >= month.first, LockedDay.day <= month.last)
    by_hand, by_clock = db.session.execute(
        select(func.count(LockedDay.locked_by), func.count(LockedDay.id) - func.count(LockedDay.locked_by)).where(*span)
    ).one()
    waiting = db.session.scalar(
        select(func.count(Correction.id)).where(
            Correction.day >= month.first, Correction.day <= month.last, Correction.confirmed_at.is_(None)
        )
    )
    told = [
        ngettext("%(num)s day locked by hand", "%(num)s days locked by hand", by_hand),
        ngettext("%(num)s day locked by the clock", "%(num)s days locked by the clock", by_clock),
    ]
    if waiting:
        told.append(ngettext("%(num)s correction not confirmed", "%(num)s corrections not confirmed", waiting))
    return tuple(told)


def _sheets(found: Iterable[sheets.GroupSheet]) -> tuple[str, ...]:
    """What waits to be checked, and what has no reason yet."""
    stages = Counter(group.closed.stage for group in found if group.closed)
    unknown = sum(group.sheet.totals.unknown for group in found)
    told = []
    if stages[Stage.SUBMITTED]:
        told.append(ngettext("%(num)s sheet to check", "%(num)s sheets to check", stages[Stage.SUBMITTED]))
    if stages[Stage.CHECKED]:
        told.append(ngettext("%(num)s sheet checked", "%(num)s sheets checked", stages[Stage.CHECKED]))
    if unknown:
        told.append(ngettext("%(num)s absence without a reason", "%(num)s absences without a reason", unknown))
    return tuple(told) or (_("every absence has its reason"),)


def _payers() -> tuple[str, ...]:
    page = payers_page("", everybody=False)
    if not page.missing:
        return (_("every child has a payer's code"),)
    return (ngettext("%(num)s child has no payer's code", "%(num)s children have no payer's code", page.missing),)


# --- one to check ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToCheck:
    """Whose month is checked, what the diary knows of it, what was put on record of it already."""

    month: Month
    name: str
    role: str
    facts: tuple[str, ...]
    checks: tuple[Checked, ...]
    url: str = ""


def group_to_check(month: Month, group_id: int) -> ToCheck:
    """A group's month. Raises NotFound for a group of another school year too."""
    line = next((line for line in overview(month).groups if line.group_id == group_id), None)
    if line is None:
        raise NotFound
    return ToCheck(month, line.name, ", ".join(line.educators), _facts(line), line.checks)


def _facts(line: GroupLine) -> tuple[str, ...]:
    return (
        ngettext("%(num)s day handed in on time", "%(num)s days handed in on time", line.tally.on_time),
        ngettext("%(num)s day handed in late", "%(num)s days handed in late", line.tally.late),
        ngettext("%(num)s day not handed in", "%(num)s days not handed in", line.tally.missing),
        ngettext("%(num)s mark missing", "%(num)s marks missing", line.unmarked),
        ngettext("%(num)s absence without a reason", "%(num)s absences without a reason", line.unknown),
        ngettext("%(num)s absence lacks its paper", "%(num)s absences lack their papers", line.lacking),
    )


def specialist_to_check(month: Month, membership_id: int) -> ToCheck:
    """A specialist's month. Raises NotFound when they held the role on no day of it."""
    line = next((line for line in overview(month).specialists if line.membership_id == membership_id), None)
    if line is None:
        raise NotFound
    return ToCheck(month, line.name, line.role, line.told, line.checks)


def seat(month: Month, membership_id: int) -> Any:
    """Of a specialist: user_id and role. One statement. Raises NotFound."""
    rows = _seats(month, membership_id)
    if not rows:
        raise NotFound
    return rows[0]
