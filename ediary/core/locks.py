"""Lock points: what makes a lock a promise, also when a tap and the lock arrive in the same millisecond.

One row per (group, day) and per (group, month). A tap takes the month's point and then the day's `FOR SHARE`,
reads the clock only then, and writes; submitting, locking and unlocking take them `FOR UPDATE` in order of group id
and count in a new statement. On SQLite `BEGIN IMMEDIATE` gives the same order. A tap never updates a point: two
sharers that then update deadlock on PostgreSQL.

What a lock covers is named by field (`core.models.Cover`): the day's lock covers presence and what the kitchen cooks
by; the month's covers everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, column, literal, select, table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from ediary.core import clock
from ediary.core.dates import ONE_DAY, VILNIUS, Month
from ediary.core.db import db, write_options
from ediary.core.errors import FenceBreach, NotFound, Stale
from ediary.core.lockstate import (
    DayState,
    MonthClosed,
    day_refusal,
    month_refusal,
)
from ediary.core.models import Cover
from ediary.core.points import (
    DayPoint,
    LockRule,
    MonthDeadline,
    MonthPoint,
    day_facts,
    month_facts,
    state_of_day,
    state_of_month,
)
from ediary.core.scope import Scope
from ediary.core.spans import valid_on


@dataclass(frozen=True, order=True)
class GroupDay:
    """A group's day; holding it holds its month too."""

    group_id: int
    day: date

    @property
    def month(self) -> Month:
        return Month.of(self.day)


@dataclass(frozen=True, order=True)
class GroupMonth:
    """A group's month."""

    group_id: int
    month: Month


Point = GroupDay | GroupMonth


@dataclass
class Held:
    """What this transaction holds, and the moment at which it got hold of it: the only `now` of a write."""

    now: datetime
    days: dict[tuple[int, date], DayState] = field(default_factory=dict)
    months: dict[tuple[int, Month], MonthClosed | None] = field(default_factory=dict)
    exclusive: bool = False
    #: (group, day, child) whose locked presence a numbered correction of this very transaction mends
    corrected: set[tuple[int, date, int]] = field(default_factory=set)

    @property
    def today(self) -> date:
        return self.now.astimezone(VILNIUS).date()

    def day(self, group_id: int, day: date) -> DayState:
        try:
            return self.days[(group_id, day)]
        except KeyError:
            if day == self.today and (group_id, day - ONE_DAY) in self.days:
                # the caller asked for today before the point was got hold of, and waited over midnight for it
                raise Stale(_l("Midnight has just passed. Nothing was changed; try once more.")) from None
            raise FenceBreach(f"lock point of group {group_id}, {day} is not held") from None

    def month(self, group_id: int, month: Month) -> MonthClosed | None:
        try:
            return self.months[(group_id, month)]
        except KeyError:
            raise FenceBreach(f"lock point of group {group_id}, {month} is not held") from None

    def correct(self, group_id: int, day: date, child_id: int) -> None:
        """Let one child's locked presence be written: only `portions.actions` says so, with the correction's row."""
        if not self.exclusive:
            raise FenceBreach("a correction holds the day's point exclusively")
        self.corrected.add((group_id, day, child_id))

    def require(self, group_id: int, day: date, touched: set[Cover], child_id: int | None = None) -> None:
        """Raise `Locked` if the lock of any of these is closed on this day. The month's lock covers all."""
        month = Month.of(day)
        closed = self.month(group_id, month)
        if closed is not None:
            raise month_refusal(month, closed)
        if Cover.DAY in touched:
            state = self.day(group_id, day)
            if state.closed is not None and (group_id, day, child_id) not in self.corrected:
                raise day_refusal(day, state.closed)


_groups = table("groups_group", column("id"), column("institution_id"))


def _make_missing(session: Session, model: Any, institution_id: int, group_id: int, name: str, value: Any) -> None:
    """Insert a lock point unless it is there; a group of another institution makes none."""
    dialect = session.get_bind().dialect.name
    maker = postgresql_insert if dialect == "postgresql" else sqlite_insert
    source = select(_groups.c.institution_id, _groups.c.id, literal(value, model.__table__.c[name].type)).where(
        _groups.c.id == group_id, _groups.c.institution_id == institution_id
    )
    session.connection().execute(
        maker(model.__table__).from_select(["institution_id", "group_id", name], source).on_conflict_do_nothing()
    )


def _month_statement(exclusive: bool) -> Select[Any]:
    points, deadlines = MonthPoint.__table__.c, MonthDeadline.__table__.c
    return (
        select(points.group_id, points.month.label("key"), *month_facts(points, deadlines))
        .outerjoin(
            MonthDeadline.__table__,
            (deadlines.institution_id == points.institution_id) & (deadlines.month == points.month),
        )
        .where(
            points.institution_id == bindparam("institution_id"),
            points.group_id.in_(bindparam("groups", expanding=True)),
            points.month.in_(bindparam("keys", expanding=True)),
        )
        .order_by(points.group_id, points.month)
        .with_for_update(read=not exclusive, of=MonthPoint.__table__)
    )


def _day_statement(exclusive: bool) -> Select[Any]:
    points, rules = DayPoint.__table__.c, LockRule.__table__.c
    return (
        select(points.group_id, points.day.label("key"), *day_facts(points, rules))
        .outerjoin(
            LockRule.__table__,
            (rules.institution_id == points.institution_id) & valid_on(rules, points.day),
        )
        .where(
            points.institution_id == bindparam("institution_id"),
            points.group_id.in_(bindparam("groups", expanding=True)),
            points.day.in_(bindparam("keys", expanding=True)),
        )
        .order_by(points.group_id, points.day)
        .with_for_update(read=not exclusive, of=DayPoint.__table__)
    )


def _one_day_statement() -> Select[Any]:
    """A group's day and its month in share: what every tap takes, in one statement."""
    days, months = DayPoint.__table__.c, MonthPoint.__table__.c
    deadlines, rules = MonthDeadline.__table__.c, LockRule.__table__.c
    return (
        select(*month_facts(months, deadlines), *day_facts(days, rules))
        .select_from(DayPoint.__table__)
        .join(
            MonthPoint.__table__,
            (months.institution_id == days.institution_id)
            & (months.group_id == days.group_id)
            & (months.month == bindparam("month")),
        )
        .outerjoin(
            MonthDeadline.__table__,
            (deadlines.institution_id == days.institution_id) & (deadlines.month == months.month),
        )
        .outerjoin(LockRule.__table__, (rules.institution_id == days.institution_id) & valid_on(rules, days.day))
        .where(
            days.institution_id == bindparam("institution_id"),
            days.group_id == bindparam("group_id"),
            days.day == bindparam("day"),
        )
        .with_for_update(read=True, of=[MonthPoint.__table__, DayPoint.__table__])
    )


# built once: building them costs as much as running them, and every tap runs them
_TAKE_ONE_DAY = _one_day_statement()
_TAKE_MONTHS = {exclusive: _month_statement(exclusive) for exclusive in (False, True)}
_TAKE_DAYS = {exclusive: _day_statement(exclusive) for exclusive in (False, True)}


def _take_months(session: Session, scope: Scope, wanted: list[GroupMonth], exclusive: bool) -> dict[Any, Any]:
    return _take(session, scope, MonthPoint, "month", _TAKE_MONTHS[exclusive], [(p.group_id, p.month) for p in wanted])


def _take_days(session: Session, scope: Scope, wanted: list[GroupDay], exclusive: bool) -> dict[Any, Any]:
    return _take(session, scope, DayPoint, "day", _TAKE_DAYS[exclusive], [(p.group_id, p.day) for p in wanted])


def _take(
    session: Session,
    scope: Scope,
    model: Any,
    name: str,
    statement: Select[Any],
    keys: list[tuple[int, Any]],
) -> dict[Any, Any]:
    """Take these points, making those not there yet. Raises NotFound for a group this user does not have."""
    if not all(scope.sees_group(group_id) for group_id, _ in keys):
        raise NotFound
    connection = session.connection()
    asked = {
        "institution_id": scope.institution_id,
        "groups": list({group_id for group_id, _ in keys}),
        "keys": list({key for _, key in keys}),
    }
    found = {(row.group_id, row.key): row for row in connection.execute(statement, asked)}
    missing = sorted(set(keys) - set(found))
    if missing:
        for group_id, key in missing:
            _make_missing(session, model, scope.institution_id, group_id, name, key)
        found = {(row.group_id, row.key): row for row in connection.execute(statement, asked)}
    try:
        return {key: found[key] for key in keys}
    except KeyError:
        raise NotFound from None


def _take_one_day(session: Session, scope: Scope, point: GroupDay) -> Any | None:
    """The tap's way; None when a point is not there yet, or the group not this user's: `_take` sees to it."""
    if not scope.sees_group(point.group_id):
        return None
    asked = {
        "institution_id": scope.institution_id,
        "group_id": point.group_id,
        "day": point.day,
        "month": point.month,
    }
    return session.connection().execute(_TAKE_ONE_DAY, asked).first()


def acquire(session: Session, points: Iterable[Point], exclusive: bool) -> Held:
    """Take the points, months first, then days, each in order of group id; then read the clock.

    An exclusive day takes its month only in share: closing a day must wait for its taps, not for another day's.
    """
    scope: Scope | None = session.info.get("scope")
    if scope is None:
        raise FenceBreach("locks are taken inside a scope")
    wanted = list(points)
    if len(wanted) == 1 and isinstance(wanted[0], GroupDay) and not exclusive:
        row = _take_one_day(session, scope, wanted[0])
        if row is not None:
            return _held({(wanted[0].group_id, wanted[0].month): row}, {(wanted[0].group_id, wanted[0].day): row})
    days = sorted(point for point in wanted if isinstance(point, GroupDay))
    months = sorted(point for point in wanted if isinstance(point, GroupMonth))
    implied = sorted({GroupMonth(point.group_id, point.month) for point in days} - set(months))
    month_rows: dict[tuple[int, Month], Any] = {}
    if months:
        month_rows |= _take_months(session, scope, months, exclusive)
    if implied:
        month_rows |= _take_months(session, scope, implied, exclusive=False)
    return _held(month_rows, _take_days(session, scope, days, exclusive) if days else {}, exclusive)


def hold_made(points: Iterable[GroupDay]) -> None:
    """Hold days of groups that this very transaction has made: nobody else knows them, so no order is broken."""
    wanted = list(points)
    if wanted:
        now_held, more = held(), acquire(db.session(), wanted, exclusive=False)
        now_held.days |= more.days
        now_held.months |= more.months


def _held(
    months: Mapping[tuple[int, Month], Any], days: Mapping[tuple[int, date], Any], exclusive: bool = False
) -> Held:
    """Read the clock, now that the points are ours, and say what it has closed."""
    now = clock.now()
    return Held(
        now,
        days={(group_id, day): state_of_day(day, now, row) for (group_id, day), row in days.items()},
        months={key: state_of_month(now, row) for key, row in months.items()},
        exclusive=exclusive,
    )


@contextmanager
def write_transaction(
    lock: Point | Iterable[Point] = (), *, exclusive: bool = False, reason: str | None = None
) -> Iterator[Held]:
    """The one way to write. Opened late in a view, closed before rendering; commits at its end or leaves nothing.

    Whatever was read before is forgotten, so that nothing old is written back. `reason` goes into the history.
    Raises NotFound for a group that does not exist for this user, Stale when a row it changes is gone by then.
    Cost: one statement for a group's day.
    """
    session = db.session()
    if session.info.get("held") is not None:
        raise FenceBreach("write transactions do not nest")
    if session.new or session.dirty or session.deleted:
        raise FenceBreach("something was changed outside a write transaction")
    session.commit()  # ends the reading transaction the gate began
    session.expunge_all()
    session.connection(execution_options=write_options(session.get_bind().dialect.name))
    points = (lock,) if isinstance(lock, GroupDay | GroupMonth) else tuple(lock)
    try:
        session.info["held"] = held = acquire(session, points, exclusive) if points else Held(clock.now())
        session.info["reason"] = reason
        yield held
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise Stale("") from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("held", None)
        session.info.pop("reason", None)


def held() -> Held:
    """What the running write transaction holds. Actions ask it for the moment instead of the clock."""
    now_held: Held | None = db.session().info.get("held")
    if now_held is None:
        raise FenceBreach("this is written only inside write_transaction()")
    return now_held


def end_reading() -> None:
    """End the reading transaction, so that what another session commits next is seen."""
    db.session.commit()
