"""What the pages of the month show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.errors import NotFound
from ediary.core.permissions import Permission, Role
from ediary.core.session import scope
from ediary.periods import queries as periods
from ediary.periods.queries import Taken
from ediary.periods.rules import closable_from
from ediary.sheets import preflight, versions
from ediary.sheets.course import MonthState, returned
from ediary.sheets.preflight import Fault
from ediary.sheets.queries import GroupSheet, faults, sheets
from ediary.workdays import queries as workdays
from ediary.workdays.rules import MonthDates


@dataclass(frozen=True)
class SheetPage:
    """The page of one group's month."""

    group: GroupSheet
    #: may this person give reasons here and now
    can_edit: bool
    can_print: bool
    #: may this person see what papers are missing
    can_read_papers: bool
    #: may hand the month over, from `closable_from` on
    can_submit: bool
    #: may return it or find it in order
    can_check: bool
    faults: tuple[Fault, ...]
    steps: tuple[Taken, ...]
    dates: MonthDates
    #: the first day on which the month may be submitted or locked by hand
    closable_from: date
    #: has that day come
    is_over: bool

    @property
    def returned(self) -> Taken | None:
        return returned(self.steps)

    @cached_property
    def seen(self) -> str:
        """What the page shows, to be sent back."""
        return preflight.seen(self.group.sheet)

    @property
    def is_on_its_way(self) -> bool:
        """Can somebody still do something about what is missing?"""
        return self.group.course.state in (MonthState.FILLING, MonthState.SUBMITTED)


@dataclass(frozen=True)
class MonthPage:
    """All groups' months."""

    month: Month
    groups: tuple[GroupSheet, ...]
    #: group -> what its sheet lacks, once the month is at its end
    faults: Mapping[int, tuple[Fault, ...]]
    #: group -> the remark it was returned with, to be heeded
    returned: Mapping[int, Taken]
    locks_at: datetime | None
    dates: MonthDates
    #: the first day on which the month may be submitted or locked by hand
    closable_from: date
    printed: tuple[versions.Printed, ...]
    can_print: bool
    can_read_papers: bool
    #: whole-kindergarten prints need every group in sight
    can_print_all: bool
    can_lock: bool
    #: has the day come from which on it may be locked by hand
    month_is_over: bool

    @property
    def begins_the_day(self) -> bool:
        """Is it the page this role comes in by: then it says what is new."""
        return scope().role is Role.SOCIAL_PEDAGOGUE and self.month == Month.of(clock.today())

    @property
    def unchecked(self) -> list[GroupSheet]:
        """The groups for which the whole kindergarten's sheet waits."""
        return [group for group in self.groups if not group.course.is_final]

    @property
    def unlocked(self) -> list[GroupSheet]:
        """The groups that can be locked."""
        return [group for group in self.groups if group.course.state not in (MonthState.LOCKED, MonthState.OPENED)]

    def name_of(self, group_id: int | None) -> str | None:
        return next((group.name for group in self.groups if group.group_id == group_id), None)


def sheet_page(group_id: int, month: Month) -> SheetPage:
    """The page of one group's month. NotFound for a group one may not see, or of another school year."""
    found = sheets(month, [group_id])
    if not found:
        raise NotFound
    (group,), may = found, scope().may
    dates = workdays.month_dates(month)
    first = closable_from(month, dates.working)
    over = clock.today() >= first
    filling = group.closed is None and group.course.state is not MonthState.OPENED
    return SheetPage(
        group=group,
        can_edit=group.closed is None and may(Permission.REASON_WRITE),
        can_print=may(Permission.SHEET_PRINT),
        can_read_papers=may(Permission.PAPER_READ),
        can_submit=filling and may(Permission.MONTH_SUBMIT),
        can_check=group.course.state is MonthState.SUBMITTED and may(Permission.MONTH_CHECK),
        faults=faults([group])[group_id] if over else (),
        steps=periods.steps([group_id], month).get(group_id, ()),
        dates=dates,
        closable_from=first,
        is_over=over,
    )


def month_page(month: Month) -> MonthPage:
    """The page of the whole kindergarten's month."""
    found = sheets(month)
    dates = workdays.month_dates(month)
    first = closable_from(month, dates.working)
    over = clock.today() >= first
    course = periods.steps([group.group_id for group in found], month)
    may = scope().may
    return MonthPage(
        month=month,
        groups=tuple(found),
        faults=faults(found) if over else {},
        returned={group_id: step for group_id, steps in course.items() if (step := returned(steps))},
        locks_at=found[0].locks_at if found else None,
        dates=dates,
        closable_from=first,
        printed=tuple(versions.printed(month)),
        can_print=may(Permission.SHEET_PRINT),
        can_read_papers=may(Permission.PAPER_READ),
        can_print_all=may(Permission.SHEET_PRINT_ALL),
        can_lock=may(Permission.MONTH_LOCK),
        month_is_over=over,
    )
