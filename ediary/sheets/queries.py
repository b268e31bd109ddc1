"""What the month pages and papers print. Set-wise: as many statements for twelve groups as for one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from flask_babel import gettext as _
from sqlalchemy import distinct, func, select, tuple_

from ediary.attendance import queries as attendance
from ediary.attendance.models import ChildDay, Presence
from ediary.attendance.rules import Reason
from ediary.children.queries import enrolled
from ediary.core import clock
from ediary.core.dates import Month, overlaps
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.locks import MonthDeadline, MonthPoint
from ediary.core.lockstate import Closed, month_state
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.groups import queries as groups
from ediary.institutions import queries as institutions
from ediary.periods.rules import lockable_from
from ediary.portions.models import Correction, CorrectionLine, Portion
from ediary.sheets import rules
from ediary.sheets.models import PrintedSheet, PrintFormat
from ediary.sheets.rules import Day, Mark, Place, Sheet
from ediary.workdays import queries as workdays
from ediary.workdays.rules import Calendar


@dataclass(frozen=True)
class GroupSheet:
    """One group's month with all its page and its paper say."""

    institution: str
    code: str
    group_id: int
    name: str
    month: Month
    sheet: Sheet
    #: in force at some time of the month
    reasons: tuple[Reason, ...]
    #: since when, and by whom, the month is locked; None = being filled in
    closed: Closed | None
    #: when the month locks by itself, if the calendar is known that far
    locks_at: datetime | None = None

    @cached_property
    def legend(self) -> tuple[Reason, ...]:
        """Reasons in force, and any other a cell still names."""
        named = {cell.reason for row in self.sheet.rows for cell in row.cells if cell.reason is not None}
        return (*self.reasons, *sorted(named - set(self.reasons), key=lambda reason: reason.letter))

    @cached_property
    def fingerprint(self) -> str:
        """sha256 of what the sheet says."""
        return rules.fingerprint((self.institution, self.code, self.name, str(self.month)), self.sheet)

    @property
    def has_gaps(self) -> bool:
        return rules.has_gaps(self.sheet.totals)


@dataclass(frozen=True)
class SheetPage:
    """The page of one group's month."""

    group: GroupSheet
    #: may this person give reasons here and now
    can_edit: bool
    can_print: bool


@dataclass(frozen=True)
class Printed:
    """A kept print."""

    id: int
    group_id: int | None
    format: str
    number: int
    sha256: str
    data_sha256: str
    size: int
    printed_at: datetime
    printed_by: str
    final: bool

    @property
    def check(self) -> str:
        """What the paper's foot says, to be compared."""
        return rules.short_hash(self.data_sha256)


@dataclass(frozen=True)
class MonthPage:
    """All groups' months."""

    month: Month
    groups: tuple[GroupSheet, ...]
    locks_at: datetime | None
    working_days: int
    #: the first day on which the month may be locked by hand
    lockable_from: date
    printed: tuple[Printed, ...]
    can_print: bool
    #: whole-kindergarten prints need every group in sight
    can_print_all: bool
    can_lock: bool
    #: has the day come from which on it may be locked by hand
    month_is_over: bool

    @property
    def has_gaps(self) -> bool:
        return any(group.has_gaps for group in self.groups if group.closed is None)

    def name_of(self, group_id: int | None) -> str | None:
        return next((group.name for group in self.groups if group.group_id == group_id), None)


def sheet_page(group_id: int, month: Month) -> SheetPage:
    """The page of one group's month. NotFound for a group one may not see, or of another school year."""
    found = sheets(month, [group_id])
    if not found:
        raise NotFound
    may = scope().may
    return SheetPage(
        group=found[0],
        can_edit=found[0].closed is None and may(Permission.REASON_WRITE),
        can_print=may(Permission.SHEET_PRINT),
    )


def month_page(month: Month) -> MonthPage:
    """The page of the whole kindergarten's month."""
    found = sheets(month)
    working = workdays.calendar(month.first, month.last).working_days(month.first, month.last)
    first = lockable_from(month, working)
    may = scope().may
    return MonthPage(
        month=month,
        groups=tuple(found),
        locks_at=_deadline(month),
        working_days=len(working),
        lockable_from=first,
        printed=tuple(printed(month)),
        can_print=may(Permission.SHEET_PRINT),
        can_print_all=may(Permission.SHEET_PRINT_ALL),
        can_lock=may(Permission.MONTH_LOCK),
        month_is_over=clock.today() >= first,
    )


def _deadline(month: Month) -> datetime | None:
    return db.session.scalar(select(MonthDeadline.locks_at).where(MonthDeadline.month == month))


def _states(group_ids: list[int], month: Month, locks_at: datetime | None) -> dict[int, Closed | None]:
    """group -> since when and by whom its month is locked. One statement."""
    now = clock.now()
    rows = db.session.execute(
        select(MonthPoint.group_id, MonthPoint.locked_at, MonthPoint.locked_by).where(
            MonthPoint.group_id.in_(group_ids), MonthPoint.month == month
        )
    )
    by_hand = {group_id: (locked_at, locked_by) for group_id, locked_at, locked_by in rows}
    states = {}
    for group_id in group_ids:
        locked_at, locked_by = by_hand.get(group_id, (None, None))
        states[group_id] = month_state(now, locks_at=locks_at, locked_at=locked_at, locked_by=locked_by)
    return states


def group_ids_of(month: Month) -> list[int]:
    """The groups of the month's school year that one may see, in Lithuanian order."""
    return [group.id for group in groups.groups_on(month.first)]


def sheets(month: Month, group_ids: Sequence[int] | None = None) -> list[GroupSheet]:
    """These groups' months (None: all one may see of the year), in order of names. Eleven statements."""
    of_month = groups.groups_on(month.first)
    wanted = [group for group in of_month if group_ids is None or group.id in group_ids]
    if group_ids is not None and len(wanted) != len(set(group_ids)):
        raise NotFound
    ids = [group.id for group in wanted]
    institution = institutions.current()
    calendar = workdays.calendar(month.first, month.last)
    places = _places(ids, month)
    marks = _marks(ids, month)
    reasons = list(attendance.all_reasons().values())
    in_force = tuple(r for r in reasons if overlaps(r.valid_from, r.valid_to, month.first, month.last))
    meals = _meal_days(ids, month)
    locks_at = _deadline(month)
    states = _states(ids, month, locks_at)
    today = clock.today()
    return [
        GroupSheet(
            institution=institution.name,
            code=institution.code,
            group_id=group.id,
            name=group.name,
            month=month,
            sheet=rules.make_sheet(
                _days(calendar, month, group.id),
                places[group.id],
                marks[group.id],
                reasons,
                meals[group.id],
                today,
            ),
            reasons=in_force,
            closed=states[group.id],
            locks_at=locks_at,
        )
        for group in wanted
    ]


def _days(calendar: Calendar, month: Month, group_id: int) -> list[Day]:
    return [Day(day, calendar.why_closed(day, group_id)) for day in month.days()]


def _places(group_ids: list[int], month: Month) -> dict[int, list[Place]]:
    """group -> its children of the month in Lithuanian order; who left and came back is one child."""
    spans: dict[tuple[int, int], list[tuple[date, date | None]]] = {}
    names: dict[int, str] = {}
    for place in enrolled(group_ids, month.first, month.last):
        spans.setdefault((place.group_id, place.child_id), []).append((place.valid_from, place.valid_to))
        names[place.child_id] = place.name
    found: dict[int, list[Place]] = defaultdict(list)
    for (group_id, child_id), of_child in spans.items():
        found[group_id].append(Place(child_id, names[child_id], tuple(of_child)))
    return found


def _marks(group_ids: list[int], month: Month) -> dict[int, dict[tuple[int, date], Mark]]:
    """group -> (child, day) -> mark. A mark says one of few things: made once, not for each cell."""
    found: dict[int, dict[tuple[int, date], Mark]] = defaultdict(dict)
    present = Mark(present=True)
    absent: dict[int | None, Mark] = {}
    rows = db.session.execute(
        select(ChildDay.group_id, ChildDay.child_id, ChildDay.day, ChildDay.presence, ChildDay.reason_id).where(
            ChildDay.group_id.in_(group_ids), ChildDay.day >= month.first, ChildDay.day <= month.last
        )
    )
    for group_id, child_id, day, presence, reason_id in rows:
        if presence is Presence.PRESENT:
            mark = present
        else:
            mark = absent.setdefault(reason_id, Mark(False, reason_id))
        found[group_id][(child_id, day)] = mark
    return found


def _meal_days(group_ids: list[int], month: Month) -> dict[int, dict[int, int]]:
    """group -> child -> days on which at least one portion stands. Two statements, three with corrections."""
    counted: dict[int, dict[int, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Portion.group_id, Portion.child_id, func.count(distinct(Portion.day)))
        .where(Portion.group_id.in_(group_ids), Portion.day >= month.first, Portion.day <= month.last)
        .group_by(Portion.group_id, Portion.child_id)
    )
    for group_id, child_id, days in rows:
        counted[group_id][child_id] = days
    changes: dict[int, list[tuple[int, date, int, int]]] = defaultdict(list)
    lines = db.session.execute(
        select(
            Correction.group_id,
            Correction.child_id,
            Correction.day,
            CorrectionLine.meal_kind_id,
            CorrectionLine.delta,
        )
        .join(CorrectionLine, CorrectionLine.correction_id == Correction.id)
        .where(Correction.group_id.in_(group_ids), Correction.day >= month.first, Correction.day <= month.last)
    )
    for group_id, child_id, day, meal, delta in lines:
        changes[group_id].append((child_id, day, meal, delta))
    if not changes:
        return counted
    corrected = {(child_id, day) for of_group in changes.values() for child_id, day, _meal, _delta in of_group}
    portions: dict[int, dict[tuple[int, date], dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    held = db.session.execute(
        select(Portion.group_id, Portion.child_id, Portion.day, Portion.meal_kind_id).where(
            Portion.group_id.in_(group_ids), tuple_(Portion.child_id, Portion.day).in_(corrected)
        )
    )
    for group_id, child_id, day, meal in held:
        portions[group_id][(child_id, day)][meal] = 1
    for group_id, of_group in changes.items():
        counted[group_id] = rules.meal_days(counted[group_id], portions[group_id], of_group)
    return counted


def fingerprint(found: Sequence[GroupSheet]) -> str:
    """sha256 of what these sheets say together: of one sheet its own."""
    if len(found) == 1:
        return found[0].fingerprint
    return hashlib.sha256("".join(group.fingerprint for group in found).encode()).hexdigest()


# --- printed versions ---------------------------------------------------------------------------------------


def printed(month: Month) -> list[Printed]:
    """The month's kept prints that one may see, newest first."""
    rows = db.session.scalars(select(PrintedSheet).where(PrintedSheet.month == month).order_by(PrintedSheet.id.desc()))
    return [
        Printed(
            row.id,
            row.group_id,
            row.format.value,
            row.number,
            row.sha256,
            row.data_sha256,
            row.size,
            row.printed_at,
            row.printed_by,
            row.final,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Download:
    """A kept file and the name it gets."""

    sha256: str
    format: PrintFormat
    file_name: str


def download(printed_id: int) -> Download:
    """One kept print; NotFound when there is none, or none one may see."""
    row = db.session.scalars(select(PrintedSheet).where(PrintedSheet.id == printed_id)).one_or_none()
    if row is None:
        raise NotFound
    name = _("whole-kindergarten") if row.group_id is None else groups.group(row.group_id).name
    return Download(row.sha256, row.format, f"tabelis-{row.month}-{rules.slug(name)}-v{row.number}.{row.format.value}")


def last_number(month: Month, covers: str, form: str) -> int:
    """The number of the last print of this sheet in this format; 0 before the first."""
    last = db.session.scalar(
        select(func.max(PrintedSheet.number)).where(
            PrintedSheet.month == month, PrintedSheet.covers == covers, PrintedSheet.format == form
        )
    )
    return last or 0
