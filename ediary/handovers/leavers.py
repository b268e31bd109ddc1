"""What somebody who leaves has kept, and what is still missing in it (A9; S II.5, K 18)."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import bindparam, func, select

from ediary.accounts.queries import names
from ediary.attendance.models import Submission
from ediary.children.models import Child
from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.dates import ONE_DAY, Month, at_local, covers, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import name_key
from ediary.core.members import member_of
from ediary.core.spans import touching
from ediary.groups import queries as groups
from ediary.groups.models import Group, GroupStaff
from ediary.groups.people import Candidate, candidates, duty_said
from ediary.groups.rules import Duty
from ediary.handovers.models import LeaverCheck
from ediary.handovers.rules import Gap, months_between
from ediary.institutions import queries as institutions
from ediary.institutions.models import Document
from ediary.institutions.queries import OrderChoice, latest_orders
from ediary.portions.models import CorrectionRequest, RequestState
from ediary.sheets.queries import sheets
from ediary.sheets.rules import State
from ediary.staff import queries as staff
from ediary.staff.models import Employee
from ediary.staff.queries import Working


@dataclass(frozen=True)
class Kept:
    """A group in which the leaver works or worked this school year."""

    group_id: int
    group: str
    duty: Duty
    first: date
    last: date | None
    substituted: str | None

    def until(self, last_day: date) -> date:
        return last_day if self.last is None else min(self.last, last_day)


@dataclass(frozen=True)
class Count:
    """How many entries of one kind somebody made in a month."""

    month: Month
    kind: str
    entries: int


@dataclass(frozen=True)
class Asked:
    """A correction that was asked for in one of the groups and is not answered yet."""

    group: str
    day: date
    child: str


@dataclass(frozen=True)
class LeaverPage:
    """What the deputy checks, and what the form offers."""

    employee_id: int
    user_id: int | None
    name: str
    position: str
    last_day: date
    today: date
    kept: list[Kept]
    #: those that still run on the last day and need somebody
    to_hand_over: list[Kept]
    gaps: list[Gap]
    counts: list[Count]
    asked: list[Asked]
    people: list[Candidate]
    orders: list[OrderChoice]
    before: list[Checked]

    @property
    def is_missing(self) -> bool:
        """Is something still to be written or answered?"""
        return bool(self.gaps or self.asked)

    @property
    def unmarked(self) -> int:
        return sum(gap.unmarked for gap in self.gaps)

    @property
    def unknown(self) -> int:
        return sum(gap.unknown for gap in self.gaps)

    @property
    def unsubmitted(self) -> int:
        return sum(not gap.submitted for gap in self.gaps)

    def found(self) -> str:
        """All of it as the act will say it, whatever changes later (JSON)."""
        said = {
            "name": self.name,
            "position": self.position,
            "kept": [
                {
                    "group": one.group,
                    "duty": duty_said(one.duty, self.name),
                    "first": one.first.isoformat(),
                    "last": one.until(self.last_day).isoformat(),
                    "substituted": one.substituted,
                }
                for one in self.kept
            ],
            "gaps": [{**asdict(gap), "day": gap.day.isoformat()} for gap in self.gaps],
            "counts": [{"month": str(one.month), "kind": one.kind, "entries": one.entries} for one in self.counts],
            "asked": [{**asdict(one), "day": one.day.isoformat()} for one in self.asked],
        }
        return json.dumps(said, ensure_ascii=False, sort_keys=True)


def leaver_page(employee_id: int, last_day: date) -> LeaverPage:
    """What an employee kept up to a last day, of that day's school year. Raises NotFound."""
    employee = staff.employee(employee_id)
    user_id, today = employee.user_id, clock.today()
    kept = [] if user_id is None else _kept(user_id, last_day)
    still = [] if user_id is None else [one for one in kept if one.last is None or one.last > last_day]
    return LeaverPage(
        employee_id=employee_id,
        user_id=user_id,
        name=f"{employee.first_name} {employee.last_name}",
        position=employee.position,
        last_day=last_day,
        today=today,
        kept=kept,
        to_hand_over=[one for one in still if one.substituted is None],
        gaps=_gaps(kept, last_day, today),
        counts=[] if user_id is None else _counts(user_id, last_day),
        asked=_asked(kept),
        people=[one for one in candidates(today) if one.user_id != user_id],
        orders=latest_orders(),
        before=[one for one in checks() if one.employee_id == employee_id],
    )


_KEPT: Any = (
    select(
        GroupStaff.group_id,
        Group.name,
        GroupStaff.duty,
        GroupStaff.valid_from,
        GroupStaff.valid_to,
        GroupStaff.substitutes_id,
    )
    .join(Group, Group.id == GroupStaff.group_id)
    .where(
        GroupStaff.user_id == bindparam("user_id"),
        GroupStaff.merge_id.is_(None),
        touching(GroupStaff, bindparam("first"), bindparam("last")),
    )
    .order_by(GroupStaff.valid_from, GroupStaff.id)
)


def _kept(user_id: int, last_day: date) -> list[Kept]:
    first = school_year_span(school_year_of(last_day))[0]
    rows = db.session.execute(_KEPT, {"user_id": user_id, "first": first, "last": last_day}).all()
    of = names({row.substitutes_id for row in rows if row.substitutes_id is not None})
    return [
        Kept(row.group_id, row.name, row.duty, row.valid_from, row.valid_to, of.get(row.substitutes_id)) for row in rows
    ]


def _gaps(kept: list[Kept], last_day: date, today: date) -> list[Gap]:
    """Days of an educator's groups, in months still open, with something left to write. Bounded by a year's months."""
    mine = [one for one in kept if one.duty is Duty.EDUCATOR]
    if not mine:
        return []
    until = min(last_day, today)
    begins = max(min(one.first for one in mine), school_year_span(school_year_of(last_day))[0])
    found: list[Gap] = []
    for year, number in months_between(begins, until):
        month = Month(year, number)
        ids = sorted({one.group_id for one in mine if _open(one.group_id, month)})
        if not ids:
            continue
        submitted = _submitted(ids, month)
        for sheet in sheets(month, ids):
            spans = [(one.first, one.until(until)) for one in mine if one.group_id == sheet.group_id]
            for at, day in enumerate(sheet.sheet.days):
                if day.closed is not None or day.day > until or not any(covers(*span, day.day) for span in spans):
                    continue
                states = [row.cells[at].state for row in sheet.sheet.rows]
                unmarked, unknown = states.count(State.UNMARKED), states.count(State.UNKNOWN)
                here = any(state is not State.AWAY for state in states)
                done = (sheet.group_id, day.day) in submitted or not here
                if unmarked or unknown or not done:
                    found.append(Gap(sheet.name, day.day, unmarked, unknown, done))
    return sorted(found, key=lambda gap: (gap.day, name_key(gap.group)))


def _open(group_id: int, month: Month) -> bool:
    return groups.group_on(group_id, month.first).month is None


_SUBMITTED = select(Submission.group_id, Submission.day).where(
    member_of(Submission.group_id, "ids"),
    Submission.day >= bindparam("first"),
    Submission.day <= bindparam("last"),
)


def _submitted(group_ids: list[int], month: Month) -> set[tuple[int, date]]:
    rows = db.session.execute(_SUBMITTED, {"ids": group_ids, "first": month.first, "last": month.last})
    return {(row.group_id, row.day) for row in rows}


_COUNTED = (
    select(AuditEntry.table_name, func.count())
    .where(
        AuditEntry.user_id == bindparam("user_id"),
        AuditEntry.at >= bindparam("since"),
        AuditEntry.at < bindparam("until"),
    )
    .group_by(AuditEntry.table_name)
    .order_by(AuditEntry.table_name)
)


def _counts(user_id: int, last_day: date) -> list[Count]:
    """Entries in the history by month and kind; a statement a month."""
    first = school_year_span(school_year_of(last_day))[0]
    found = []
    for year, number in months_between(first, last_day):
        month = Month(year, number)
        by_kind: dict[str, int] = defaultdict(int)
        asked = {
            "user_id": user_id,
            "since": at_local(month.first, time(0)),
            "until": at_local(min(month.last, last_day) + ONE_DAY, time(0)),
        }
        for table, entries in db.session.execute(_COUNTED, asked):
            by_kind[kind_of(table)] += entries
        found += [Count(month, kind, entries) for kind, entries in by_kind.items()]
    return found


#: the history's tables as people call what stands in them
KINDS = {
    "attendance_child_day": "marks",
    "attendance_submission": "submissions",
    "attendance_announcement": "announcements",
    "portions_correction_request": "corrections",
    "portions_correction": "corrections",
    "children_": "cards",
    "cards_": "cards",
    "health_": "cards",
    "meals_": "cards",
    "sheets_printed": "prints",
}


def kind_of(table_name: str) -> str:
    """What a table holds, in a word of ours."""
    return next((kind for prefix, kind in KINDS.items() if table_name.startswith(prefix)), "others")


def _asked(kept: list[Kept]) -> list[Asked]:
    names_of = {one.group_id: one.group for one in kept}
    rows = db.session.execute(
        select(CorrectionRequest.group_id, CorrectionRequest.day, Child.first_name, Child.last_name)
        .join(Child, Child.id == CorrectionRequest.child_id)
        .where(member_of(CorrectionRequest.group_id, "ids"), CorrectionRequest.state == RequestState.ASKED)
        .order_by(CorrectionRequest.day, CorrectionRequest.id),
        {"ids": list(names_of)},
    )
    return [Asked(names_of[row.group_id], row.day, f"{row.first_name} {row.last_name}") for row in rows]


# --- what was checked -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checked:
    """A hand-over on record."""

    id: int
    employee_id: int
    name: str
    last_day: date
    checked_at: datetime | None
    checked_by: str | None
    successor: str | None


_CHECKS: Any = (
    select(
        LeaverCheck.id,
        LeaverCheck.employee_id,
        Employee.first_name,
        Employee.last_name,
        LeaverCheck.last_day,
        LeaverCheck.checked_at,
        LeaverCheck.checked_by,
        LeaverCheck.successor_id,
    )
    .join(Employee, Employee.id == LeaverCheck.employee_id)
    .order_by(LeaverCheck.checked_at.desc(), LeaverCheck.id.desc())
)


def checks() -> list[Checked]:
    """All of them, the latest first. Two statements."""
    rows = db.session.execute(_CHECKS).all()
    known = names({row.successor_id for row in rows if row.successor_id is not None})
    return [
        Checked(
            id=row.id,
            employee_id=row.employee_id,
            name=f"{row.first_name} {row.last_name}",
            last_day=row.last_day,
            checked_at=row.checked_at,
            checked_by=row.checked_by,
            successor=known.get(row.successor_id),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class LeaversPage:
    """Who may be chosen, and whose records are handed over already."""

    today: date
    working: list[Working]
    checks: list[Checked]

    @property
    def month(self) -> Month:
        return Month.of(self.today)


def leavers_page() -> LeaversPage:
    """Three statements."""
    today = clock.today()
    return LeaversPage(today, staff.working(today), checks())


@dataclass(frozen=True)
class Act:
    """A hand-over as its page and its paper say it: what was found stands as it was then."""

    id: int
    institution: str
    code: str
    last_day: date
    successor: str | None
    order_number: str | None
    order_day: date | None
    remarks: str
    checked_at: datetime | None
    checked_by: str
    found: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.found["name"])

    @property
    def is_missing(self) -> bool:
        return bool(self.found["gaps"] or self.found["asked"])


_NOTHING: dict[str, Any] = {"name": "", "position": "", "kept": [], "gaps": [], "counts": [], "asked": []}


def act(check_id: int) -> Act:
    """Raises NotFound. At most four statements."""
    row = db.session.execute(
        select(LeaverCheck, Document.number, Document.day)
        .outerjoin(Document, Document.id == LeaverCheck.order_id)
        .where(LeaverCheck.id == check_id)
    ).first()
    if row is None:
        raise NotFound
    check, number, day = row
    here = institutions.current()
    return Act(
        id=check.id,
        institution=here.name,
        code=here.code,
        last_day=check.last_day,
        successor=None if check.successor_id is None else names([check.successor_id]).get(check.successor_id),
        order_number=number,
        order_day=day,
        remarks=check.remarks,
        checked_at=check.checked_at,
        checked_by=check.checked_by or "",
        found=_NOTHING | json.loads(check.found),
    )
