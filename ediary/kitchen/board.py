"""The board's one read: everything the dietitian's page prints of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ediary.core import clock
from ediary.core.dates import ONE_DAY, at_local
from ediary.core.lockstate import DEFAULT_LOCK_TIME, DayState
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.groups.queries import day_states
from ediary.kitchen.queries import GroupFact, day_groups, plates_of, staff_counts, submitted_at
from ediary.kitchen.rules import (
    Cooked,
    GroupCount,
    Plate,
    Tables,
    TileState,
    cooked_now,
    count_groups,
    not_submitted,
    tables,
    tile_state,
)
from ediary.meals import queries as meals
from ediary.meals.queries import Kind
from ediary.portions import queries as portions
from ediary.portions import rules as portion_rules
from ediary.portions.queries import CorrectionFact, LockedGroupFact, Request

#: so many lines of the table stand on a tablet in their full height
MOST_LINES = 18


@dataclass(frozen=True)
class Tile:
    """A group at a glance."""

    group_id: int
    name: str
    state: TileState
    count: GroupCount
    at: datetime | None
    why_closed: str


@dataclass(frozen=True)
class CorrectionLine:
    """A correction as the list says it."""

    id: int
    number: int
    group_name: str
    change: str
    made_at: datetime
    made_by: str
    confirmed_by: str | None
    waits: bool


@dataclass(frozen=True)
class RequestLine:
    """A request as the list says it. Nothing is told of a child who is not there but that the portion falls."""

    id: int
    group_name: str
    child_name: str
    present: bool
    note: str
    asked_at: datetime
    asked_by: str


@dataclass(frozen=True)
class StaffMeal:
    """How many of the staff eat a meal."""

    meal: Kind
    count: int


@dataclass(frozen=True)
class Board:
    """All that the board, the kitchen sheet and the daily report print of a day."""

    day: date
    now: datetime
    is_today: bool
    is_past: bool
    works: bool
    why_closed: str
    closes_at: datetime
    locked_at: datetime | None
    locked_by: str | None
    reason: str | None
    tiles: list[Tile]
    meals: list[Kind]
    diet_names: dict[int, str]
    tables: Tables
    staff: list[StaffMeal]
    corrections: list[CorrectionLine]
    requests: list[RequestLine]
    missing: list[str]
    plates: list[Plate]
    can_lock: bool
    can_unlock: bool

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    @property
    def is_open(self) -> bool:
        """May the dietitian still press the button?"""
        return self.is_today and self.works and not self.is_locked and self.now < self.closes_at

    @property
    def can_count_staff(self) -> bool:
        """Staff are counted until the lock, for coming days too."""
        return self.can_lock and self.works and not self.is_locked and self.now < self.closes_at

    @property
    def is_dense(self) -> bool:
        """Many lines are drawn closer, so that the page needs no scrolling."""
        return len(self.tables.dishes) + len(self.tables.groups) > MOST_LINES

    @property
    def previous_day(self) -> date:
        return self.day - ONE_DAY

    @property
    def next_day(self) -> date:
        return self.day + ONE_DAY

    @property
    def group_names(self) -> dict[int, str]:
        return {tile.group_id: tile.name for tile in self.tiles}


def board(day: date) -> Board:
    """The dietitian's page. As many statements for three groups as for thirty: at most 21."""
    groups = day_groups(day)
    days_why = next((group.closed for group in groups if group.closed is not None), "")
    works = any(group.closed is None for group in groups)
    plated = plates_of(groups, day)
    counts = count_groups(plated)
    submitted = submitted_at(day)
    states = day_states(day)
    locked = portions.locked_day(day)
    at_lock = portions.locked_groups(locked.id) if locked else {}
    corrections = portions.corrections(locked.id) if locked else []
    cooked = _cooked(locked.id, corrections) if locked else None
    served, diet_names = meals.kinds(day), meals.diet_names(day)
    names = {group.id: group.name for group in groups}
    tiles = [_tile(group, counts.get(group.id, GroupCount()), submitted, states[group.id], at_lock) for group in groups]
    staff = staff_counts(day)
    seen_by = scope()
    return Board(
        day=day,
        now=clock.now(),
        is_today=day == clock.today(),
        is_past=day < clock.today(),
        works=works,
        why_closed=days_why or "",
        closes_at=_closes_at(day, states),
        locked_at=locked.locked_at if locked else None,
        locked_by=locked.locked_by if locked else None,
        reason=locked.reason if locked else None,
        tiles=tiles,
        meals=served,
        diet_names=diet_names,
        tables=tables(
            plated,
            submitted,
            cooked,
            meal_order=[kind.id for kind in served],
            diet_order=list(diet_names),
            group_order=[group.id for group in groups if group.closed is None],
        ),
        staff=[StaffMeal(kind, staff.get(kind.id, 0)) for kind in served],
        corrections=[_correction(one, names, served, diet_names) for one in corrections],
        requests=[_request(one, names) for one in portions.open_requests(day, names).values()],
        missing=[names[group_id] for group_id in names if group_id in not_submitted(counts, submitted)],
        plates=plated,
        can_lock=seen_by.may(Permission.DAY_LOCK),
        can_unlock=seen_by.may(Permission.UNLOCK),
    )


def _cooked(locked_day_id: int, corrections: list[CorrectionFact]) -> Cooked:
    return cooked_now(
        [(group_id, dish) for _, group_id, dish in portions.snapshot(locked_day_id)],
        [(one.group_id, line.dish, line.delta) for one in corrections for line in one.lines],
    )


def _closes_at(day: date, states: dict[int, DayState]) -> datetime:
    """The moment of the lock: an unlock's own end is not it."""
    hours = [state.closes_at for state in states.values() if not state.reopened]
    return max(hours) if hours else at_local(day, DEFAULT_LOCK_TIME)


def _tile(
    group: GroupFact,
    count: GroupCount,
    submitted: dict[int, datetime],
    state: DayState,
    at_lock: dict[int, LockedGroupFact],
) -> Tile:
    kept = at_lock.get(group.id)
    tile = tile_state(
        count,
        works=group.closed is None,
        submitted=group.id in submitted,
        locked=kept is not None,
        reopened=state.reopened,
        submitted_at_lock=kept is not None and kept.submitted_at is not None,
    )
    at = state.closes_at if tile is TileState.REOPENED else submitted.get(group.id)
    return Tile(group.id, group.name, tile, count, at, group.closed or "")


def _correction(
    one: CorrectionFact, names: dict[int, str], served: list[Kind], diet_names: dict[int, str]
) -> CorrectionLine:
    meal_names = {kind.id: kind.name for kind in served}
    return CorrectionLine(
        id=one.id,
        number=one.number,
        group_name=names.get(one.group_id, ""),
        change=portion_rules.say_change(
            (
                meal_names.get(line.dish.meal_kind_id, ""),
                diet_names.get(line.dish.diet_id) if line.dish.diet_id else None,
                line.delta,
            )
            for line in one.lines
        ),
        made_at=one.made_at,
        made_by=one.made_by,
        confirmed_by=one.confirmed_by,
        waits=one.confirmed_at is None,
    )


def _request(one: Request, names: dict[int, str]) -> RequestLine:
    """A note about a child who is not there may say why: the kitchen does not get it."""
    return RequestLine(
        id=one.id,
        group_name=names.get(one.group_id, ""),
        child_name=one.child_name,
        present=one.present,
        note=one.note if one.present else "",
        asked_at=one.asked_at,
        asked_by=one.asked_by,
    )
