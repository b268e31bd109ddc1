"""Reads of the locked day, its corrections and what is asked of the kitchen. Set-wise, one statement each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from ediary.children.models import Child
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.portions import rules
from ediary.portions.models import (
    Correction,
    CorrectionLine,
    CorrectionRequest,
    LockedDay,
    LockedGroup,
    Portion,
    RequestState,
)
from ediary.portions.rules import Dish


@dataclass(frozen=True)
class Request:
    """A correction somebody waits for."""

    id: int
    child_id: int
    group_id: int
    child_name: str
    present: bool
    note: str
    asked_at: datetime
    asked_by: str


@dataclass(frozen=True)
class CorrectionLineFact:
    """One meal of a correction."""

    dish: Dish
    delta: int


@dataclass(frozen=True)
class CorrectionFact:
    """A numbered correction with its lines. Of the child it tells only the group."""

    id: int
    number: int
    group_id: int
    delta: int
    made_at: datetime
    made_by: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    lines: tuple[CorrectionLineFact, ...]


@dataclass(frozen=True)
class LockedGroupFact:
    """A group as the kitchen got it; `submitted_at` None = its forecast stood in."""

    submitted_at: datetime | None
    enrolled: int
    expected: int


def locked_day(day: date) -> LockedDay | None:
    """The stored snapshot's head; None when there is none yet."""
    return db.session.scalars(select(LockedDay).where(LockedDay.day == day)).one_or_none()


def is_locked_day(day: date) -> bool:
    """Is the snapshot of this day stored?"""
    return db.session.scalar(select(LockedDay.id).where(LockedDay.day == day)) is not None


_LOCKED_DAYS = select(LockedDay.day).where(LockedDay.day >= bindparam("first"), LockedDay.day <= bindparam("last"))


def locked_days(first: date, last: date) -> set[date]:
    """The days from first to last whose snapshot is stored."""
    return set(db.session.scalars(_LOCKED_DAYS, {"first": first, "last": last}))


def locked_groups(locked_day_id: int) -> dict[int, LockedGroupFact]:
    """group -> how it stood when the day was locked."""
    rows = db.session.execute(
        select(LockedGroup.group_id, LockedGroup.submitted_at, LockedGroup.enrolled, LockedGroup.expected).where(
            LockedGroup.locked_day_id == locked_day_id
        )
    )
    return {row.group_id: LockedGroupFact(row.submitted_at, row.enrolled, row.expected) for row in rows}


def snapshot(locked_day_id: int) -> list[tuple[int, int, Dish]]:
    """(child, group, dish) of every portion of the snapshot, as it was."""
    rows = db.session.execute(
        select(Portion.child_id, Portion.group_id, Portion.meal_kind_id, Portion.age_band, Portion.diet_id).where(
            Portion.locked_day_id == locked_day_id
        )
    )
    return [(row.child_id, row.group_id, Dish(row.meal_kind_id, row.age_band, row.diet_id)) for row in rows]


def corrections(locked_day_id: int) -> list[CorrectionFact]:
    """The day's corrections, by number. Two statements."""
    lines: dict[int, list[CorrectionLineFact]] = {}
    found = db.session.execute(
        select(
            CorrectionLine.correction_id,
            CorrectionLine.meal_kind_id,
            CorrectionLine.age_band,
            CorrectionLine.diet_id,
            CorrectionLine.delta,
        )
        .join(Correction, Correction.id == CorrectionLine.correction_id)
        .where(Correction.locked_day_id == locked_day_id)
        .order_by(CorrectionLine.id)
    )
    for row in found:
        dish = Dish(row.meal_kind_id, row.age_band, row.diet_id)
        lines.setdefault(row.correction_id, []).append(CorrectionLineFact(dish, row.delta))
    heads = db.session.execute(
        select(
            Correction.id,
            Correction.number,
            Correction.group_id,
            Correction.delta,
            Correction.made_at,
            Correction.made_by,
            Correction.confirmed_at,
            Correction.confirmed_by,
        )
        .where(Correction.locked_day_id == locked_day_id)
        .order_by(Correction.number)
    )
    return [CorrectionFact(*row, lines=tuple(lines.get(row.id, ()))) for row in heads]


def open_requests(day: date, group_ids: Iterable[int]) -> dict[int, Request]:
    """child -> what is asked of the kitchen about them and not yet decided, oldest first."""
    rows = db.session.execute(
        select(
            CorrectionRequest.id,
            CorrectionRequest.child_id,
            CorrectionRequest.group_id,
            Child.first_name,
            Child.last_name,
            CorrectionRequest.present,
            CorrectionRequest.note,
            CorrectionRequest.asked_at,
            CorrectionRequest.asked_by,
        )
        .join(Child, Child.id == CorrectionRequest.child_id)
        .where(
            CorrectionRequest.day == day,
            CorrectionRequest.group_id.in_(list(group_ids)),
            CorrectionRequest.state == RequestState.ASKED,
        )
        .order_by(CorrectionRequest.asked_at, CorrectionRequest.id)
    )
    return {
        row.child_id: Request(
            id=row.id,
            child_id=row.child_id,
            group_id=row.group_id,
            child_name=f"{row.first_name} {row.last_name}",
            present=row.present,
            note=row.note,
            asked_at=row.asked_at,
            asked_by=row.asked_by,
        )
        for row in rows
    }


def group_of_request(request_id: int, day: date) -> int:
    """The group a request is about: its day is locked before the request is answered. Raises NotFound."""
    group_id = db.session.scalar(
        select(CorrectionRequest.group_id).where(CorrectionRequest.id == request_id, CorrectionRequest.day == day)
    )
    if group_id is None:
        raise NotFound
    return group_id


def standing(locked_day_id: int, child_id: int) -> frozenset[Dish]:
    """A child's portions as the kitchen knows them now. Two statements."""
    stored = db.session.execute(
        select(Portion.meal_kind_id, Portion.age_band, Portion.diet_id).where(
            Portion.locked_day_id == locked_day_id, Portion.child_id == child_id
        )
    )
    changed = db.session.execute(
        select(
            CorrectionLine.meal_kind_id,
            CorrectionLine.age_band,
            CorrectionLine.diet_id,
            CorrectionLine.delta,
        )
        .join(Correction, Correction.id == CorrectionLine.correction_id)
        .where(Correction.locked_day_id == locked_day_id, Correction.child_id == child_id)
    )
    return rules.standing(
        [Dish(row.meal_kind_id, row.age_band, row.diet_id) for row in stored],
        [(Dish(row.meal_kind_id, row.age_band, row.diet_id), row.delta) for row in changed],
    )
