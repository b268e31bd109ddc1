"""A child's days as other areas read them: columns only, one statement each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from ediary.attendance.models import AbsenceReason, Announcement, ChildDay, Presence, Submission
from ediary.attendance.rules import Announced, Kind, Reason
from ediary.core.db import db


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
        select(
            ChildDay.child_id, ChildDay.group_id, ChildDay.day, ChildDay.presence, ChildDay.reason_id
        ).where(ChildDay.group_id.in_(list(group_ids)), ChildDay.day >= first, ChildDay.day <= last)
    )
    return [MarkFact(*row) for row in rows]


def reasons(day: date) -> list[Reason]:
    """The reasons that may be given on this day, in the institution's order."""
    return reasons_between(day, day)


def reasons_between(first: date, last: date) -> list[Reason]:
    """Every reason that may be given on some day from first to last, in the institution's order."""
    return _reasons(
        AbsenceReason.valid_from <= last,
        or_(AbsenceReason.valid_to.is_(None), AbsenceReason.valid_to >= first),
    )


def all_reasons() -> dict[int, Reason]:
    """Every reason there ever was: old marks name those no longer given."""
    return {reason.id: reason for reason in _reasons()}


def _reasons(*conditions: Any) -> list[Reason]:
    rows = db.session.execute(
        select(
            AbsenceReason.id,
            AbsenceReason.letter,
            AbsenceReason.name,
            AbsenceReason.kind,
            AbsenceReason.waives_food,
            AbsenceReason.waives_education,
            AbsenceReason.needs_paper,
            AbsenceReason.valid_from,
            AbsenceReason.valid_to,
        )
        .where(*conditions)
        .order_by(AbsenceReason.position, AbsenceReason.id)
    )
    return [Reason(row.id, row.letter, row.name, Kind(row.kind.value), *row[4:]) for row in rows]


def announced(child_ids: Iterable[int] | None, first: date, last: date) -> list[Announced]:
    """Announced absences that touch first..last; None asks for every child one may see.

    `rules.announced_on` tells from these who is announced on a day.
    """
    statement = select(
        Announcement.id,
        Announcement.child_id,
        Announcement.reason_id,
        Announcement.valid_from,
        Announcement.valid_to,
        Announcement.caller,
        Announcement.called_at,
    ).where(
        Announcement.valid_from <= last, or_(Announcement.valid_to.is_(None), Announcement.valid_to >= first)
    )
    if child_ids is not None:
        statement = statement.where(Announcement.child_id.in_(list(child_ids)))
    return [
        Announced(*row)
        for row in db.session.execute(statement.order_by(Announcement.valid_from, Announcement.id))
    ]


def submissions(day: date) -> dict[int, Submitted]:
    """group -> when and by whom its marks of this day were submitted."""
    rows = db.session.execute(
        select(Submission.group_id, Submission.submitted_at, Submission.submitted_by).where(
            Submission.day == day
        )
    )
    return {row.group_id: Submitted(row.submitted_at, row.submitted_by) for row in rows}
