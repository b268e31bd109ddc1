"""The stored calendar: stays as stored, changes only ahead, and keeps the months' deadlines in step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ediary.core import settled
from ediary.core.audit import AuditEntry
from ediary.core.dates import Month, at_local, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput, Locked, NotFound, Stale
from ediary.core.locks import GroupMonth, held, write_transaction
from ediary.core.orders import Order
from ediary.core.points import LockRule, MonthDeadline, MonthPoint
from ediary.core.session import acting_for
from ediary.groups import queries as groups
from ediary.workdays import actions, queries
from ediary.workdays.models import CalendarDay, Closure, DayKind, DeadlineRule, ExtraDay
from ediary.workdays.rules import Closing, Hours
from tests.cast import FIRST, Cast
from tests.conftest import DAY

NEXT = DAY + timedelta(days=1)
AS_DELIVERED = Hours(time(9), time(8, 30), 3, 5)
BY = "direktorius Jonas Rimkus"


@pytest.fixture
def saulute(app: Flask, cast: Cast, at: Callable[..., None]) -> Iterator[Cast]:
    """Inside Saulutė, on the morning of the tests' day; sentences can be said."""
    with app.test_request_context(), acting_for(cast.saulute):
        yield cast


def deadline(month: Month) -> datetime | None:
    return db.session.scalar(select(MonthDeadline.locks_at).where(MonthDeadline.month == month))


def close(first: date, last: date, reason: str = "Avarija", groups: tuple[int, ...] | None = None) -> list[int]:
    with write_transaction():
        return [one.id for one in actions.close(Closing(first, last, reason, groups))]


def is_working(day: date, group_id: int | None = None) -> bool:
    return queries.calendar(day, day).is_working(day, group_id)


# --- the stored calendar ----------------------------------------------------------------------------------------------


def test_storing_again_changes_no_stored_day(saulute: Cast) -> None:
    with write_transaction():
        db.session.scalars(select(CalendarDay).where(CalendarDay.day == date(2026, 12, 1))).one().kind = DayKind.HOLIDAY
    with write_transaction():
        assert actions.store_calendar(date(2026, 9, 1), date(2028, 8, 31)) == 0
    assert not queries.calendar(DAY, date(2026, 12, 31)).is_working(date(2026, 12, 1))


def test_the_next_school_year_is_stored_once_and_its_months_have_deadlines(
    saulute: Cast, at: Callable[..., None]
) -> None:
    at(day=date(2027, 9, 1))
    assert deadline(Month(2028, 8)) is None
    with write_transaction():
        assert actions.extend(2028) == 365
    with write_transaction():
        assert actions.extend(2028) == 0
    assert queries.stored() == (school_year_span(2026)[0], date(2029, 8, 31))
    assert deadline(Month(2028, 8)) == at_local(date(2028, 9, 8), time(0))


@pytest.mark.parametrize("year", [2028, 2029, 2040])
def test_a_school_year_far_ahead_is_not_stored(saulute: Cast, year: int) -> None:
    with pytest.raises(BadInput), write_transaction():
        actions.extend(year)


# --- closures ---------------------------------------------------------------------------------------------------------


def test_a_closure_moves_the_deadlines_still_to_come(saulute: Cast) -> None:
    assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 8), time(0))
    close(date(2026, 12, 3), date(2026, 12, 4))
    assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 10), time(0))
    assert deadline(Month(2026, 10)) == at_local(date(2026, 11, 10), time(0))


def test_a_group_closure_closes_that_group_only(saulute: Cast) -> None:
    day = date(2026, 12, 3)
    close(day, day, "Karantinas grupėje", (saulute.boruziukai,))
    assert queries.calendar(day, day).why_closed(day, saulute.boruziukai) == "Karantinas grupėje"
    assert is_working(day, saulute.drugeliai)
    assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 8), time(0))


def test_nothing_closes_or_opens_backwards(saulute: Cast) -> None:
    with pytest.raises(BadInput):
        close(DAY, NEXT)
    with pytest.raises(BadInput), write_transaction():
        actions.work_extra(DAY, "Darbo diena")


def test_the_same_days_are_closed_once(saulute: Cast) -> None:
    close(date(2026, 12, 3), date(2026, 12, 4))
    with pytest.raises(BadInput, match="2026-12-03"):
        close(date(2026, 12, 4), date(2026, 12, 7))
    assert len(db.session.scalars(select(Closure)).all()) == 1


def test_the_database_holds_no_closure_twice(saulute: Cast) -> None:
    day = date(2026, 12, 3)
    for group_id in (None, saulute.boruziukai):
        with pytest.raises(IntegrityError), write_transaction():
            db.session.add_all([Closure(first=day, last=day, reason=word, group_id=group_id) for word in "ab"])


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 12, 5), date(2026, 12, 6)),
        (date(2028, 8, 31), date(2028, 9, 1)),
        (date(2026, 12, 4), date(2026, 12, 3)),
    ],
)
def test_weekends_days_not_stored_and_backward_spans_are_not_closed(saulute: Cast, first: date, last: date) -> None:
    with pytest.raises(BadInput):
        close(first, last)


def test_a_group_is_closed_within_its_own_school_year(saulute: Cast) -> None:
    with pytest.raises(BadInput):
        close(date(2027, 8, 30), date(2027, 9, 1), groups=(saulute.boruziukai,))
    with pytest.raises(NotFound):
        close(date(2026, 12, 3), date(2026, 12, 4), groups=(saulute.zuvytes,))


def test_an_ended_closure_keeps_its_past_days(saulute: Cast, at: Callable[..., None]) -> None:
    ids = close(date(2026, 12, 1), date(2026, 12, 10))
    at(day=date(2026, 12, 3))
    with write_transaction():
        actions.change_closure(ids, Closing(date(2026, 12, 1), date(2026, 12, 3), "Avarija"))
    assert [is_working(date(2026, 12, number)) for number in (1, 2, 3, 4)] == [False, False, False, True]
    assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 11), time(0))


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        (date(2026, 12, 3), Closing(date(2026, 12, 1), date(2026, 12, 2), "Avarija")),
        (date(2026, 12, 3), Closing(date(2026, 12, 2), date(2026, 12, 10), "Avarija")),
        (date(2026, 12, 3), Closing(date(2026, 12, 1), date(2026, 12, 10), "Kita priežastis")),
        (date(2026, 12, 3), Closing(date(2026, 12, 1), date(2026, 12, 10), "Avarija")),
        (date(2026, 12, 11), Closing(date(2026, 12, 1), date(2026, 12, 20), "Avarija")),
        (DAY, Closing(DAY, date(2026, 12, 10), "Avarija")),
    ],
)
def test_what_was_closed_until_today_stays_closed(
    saulute: Cast, at: Callable[..., None], today: date, wanted: Closing
) -> None:
    ids = close(date(2026, 12, 1), date(2026, 12, 10))
    at(day=today)
    with pytest.raises(BadInput), write_transaction():
        actions.change_closure(ids, wanted)


def test_a_closure_to_come_moves_to_other_days(saulute: Cast) -> None:
    ids = close(date(2026, 12, 1), date(2026, 12, 10))
    with write_transaction():
        actions.change_closure(ids, Closing(date(2026, 12, 2), date(2026, 12, 2), "Seminaras"))
    assert is_working(date(2026, 12, 1))
    assert queries.calendar(date(2026, 12, 2), date(2026, 12, 2)).why_closed(date(2026, 12, 2)) == "Seminaras"


def test_one_group_of_several_comes_back_earlier(saulute: Cast, at: Callable[..., None]) -> None:
    first, last = date(2026, 12, 1), date(2026, 12, 10)
    ids = close(first, last, "Karantinas", (saulute.boruziukai, saulute.drugeliai))
    assert [one.id for one in queries.together(ids[1])] == ids
    at(day=date(2026, 12, 3))
    with write_transaction():
        actions.change_closure(ids[:1], Closing(first, date(2026, 12, 3), "Karantinas", (saulute.boruziukai,)))
    assert is_working(date(2026, 12, 4), saulute.boruziukai)
    assert not is_working(date(2026, 12, 4), saulute.drugeliai)
    with pytest.raises(Stale), write_transaction():
        actions.change_closure(ids, Closing(first, date(2026, 12, 9), "Karantinas"))


def test_a_closure_to_come_is_taken_back_and_the_history_knows(saulute: Cast, at: Callable[..., None]) -> None:
    ids = close(date(2026, 12, 1), date(2026, 12, 10))
    with write_transaction():
        actions.remove_closure(ids)
    assert is_working(date(2026, 12, 1))
    assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 8), time(0))
    entries = db.session.scalars(select(AuditEntry.action).where(AuditEntry.table_name == "workdays_closure")).all()
    assert entries == ["create", "remove"]
    with pytest.raises(NotFound), write_transaction():
        actions.remove_closure(ids)


def test_a_closure_that_has_begun_is_not_taken_back(saulute: Cast, at: Callable[..., None]) -> None:
    ids = close(date(2026, 12, 1), date(2026, 12, 10))
    at(day=date(2026, 12, 1))
    with pytest.raises(BadInput), write_transaction():
        actions.remove_closure(ids)


def test_a_closure_may_name_the_order_it_stands_on(saulute: Cast) -> None:
    order = Order("V-12", date(2026, 11, 20), BY)
    for day in (date(2026, 12, 1), date(2026, 12, 3)):
        with write_transaction():
            actions.close(Closing(day, day, "Avarija"), order)
    assert len({one.order_id for one in db.session.scalars(select(Closure))} - {None}) == 1


# --- extra working days -----------------------------------------------------------------------------------------------


def test_a_holiday_can_be_made_a_working_day_and_back(saulute: Cast) -> None:
    day = date(2026, 12, 24)
    with write_transaction():
        extra_id = actions.work_extra(day, "Dirbame").id
    assert is_working(day)
    with pytest.raises(BadInput), write_transaction():
        actions.work_extra(day, "Dirbame")
    with write_transaction():
        actions.remove_extra(extra_id)
    assert not is_working(day)


def test_a_working_day_needs_no_extra_and_a_closed_one_no_contradiction(saulute: Cast) -> None:
    close(date(2026, 12, 14), date(2026, 12, 20))
    for day in (date(2026, 12, 1), date(2026, 12, 19)):
        with pytest.raises(BadInput), write_transaction():
            actions.work_extra(day, "Dirbame")


def test_an_extra_day_that_has_come_stays(saulute: Cast, at: Callable[..., None]) -> None:
    day = date(2026, 12, 5)
    with write_transaction():
        extra_id = actions.work_extra(day, "Dirbame").id
    at(0, 5, day=day)
    with pytest.raises(BadInput), write_transaction():
        actions.remove_extra(extra_id)
    assert db.session.get(ExtraDay, extra_id) is not None


# --- a locked month keeps its working days ------------------------------------------------------------------------


def lock_november(group_id: int) -> None:
    with write_transaction(lock=GroupMonth(group_id, Month(2026, 11)), exclusive=True):
        point = db.session.scalars(select(MonthPoint).where(MonthPoint.group_id == group_id)).one()
        point.locked_at, point.locked_by = held().now, BY


def test_a_locked_month_gets_no_day_and_loses_none(saulute: Cast, at: Callable[..., None]) -> None:
    at(day=date(2026, 11, 27))
    lock_november(saulute.boruziukai)
    with pytest.raises(Locked), write_transaction():
        actions.work_extra(date(2026, 11, 28), "Dirbame")
    with pytest.raises(Locked):
        close(date(2026, 11, 30), date(2026, 12, 2))
    with pytest.raises(Locked):
        close(date(2026, 11, 30), date(2026, 12, 2), groups=(saulute.boruziukai,))
    close(date(2026, 11, 30), date(2026, 12, 2), groups=(saulute.drugeliai,))
    close(date(2026, 12, 3), date(2026, 12, 4))


def test_a_change_of_this_month_holds_its_points(saulute: Cast) -> None:
    points = queries.month_points(NEXT, date(2027, 1, 5))
    assert {(point.group_id, str(point.month)) for point in points} == {
        (saulute.boruziukai, "2026-11"),
        (saulute.drugeliai, "2026-11"),
    }
    assert queries.month_points(date(2026, 12, 1), date(2027, 1, 5)) == []


# --- deadlines --------------------------------------------------------------------------------------------------------


def change(first: date, wanted: Hours) -> None:
    with write_transaction():
        actions.change_deadlines(first, wanted, queries.all_set().seen, BY)


def test_a_changed_hour_neither_reopens_nor_extends_today(saulute: Cast, at: Callable[..., None]) -> None:
    at(8, 50)
    change(NEXT, AS_DELIVERED._replace(day_locks_at=time(9, 30)))
    state = groups.day_states(DAY)[saulute.boruziukai]
    assert state.closes_at == at_local(DAY, time(9))
    at(9, 0)
    assert groups.day_states(DAY)[saulute.boruziukai].closed is not None
    at(9, 10, day=NEXT)
    assert groups.day_states(DAY)[saulute.boruziukai].closed is not None
    assert groups.day_states(NEXT)[saulute.boruziukai].closed is None
    at(9, 30, day=NEXT)
    assert groups.day_states(NEXT)[saulute.boruziukai].closed is not None


def test_an_earlier_hour_does_not_close_today_either(saulute: Cast, at: Callable[..., None]) -> None:
    at(8, 50)
    change(NEXT, AS_DELIVERED._replace(day_locks_at=time(8, 45), mark_by=time(8, 15)))
    assert groups.day_states(DAY)[saulute.boruziukai].closed is None
    assert queries.deadlines_on(DAY).mark_by == time(8, 30)
    assert queries.deadlines_on(NEXT).mark_by == time(8, 15)


@pytest.mark.parametrize("first", [DAY, DAY - timedelta(days=1)])
def test_deadlines_change_tomorrow_at_the_earliest(saulute: Cast, first: date) -> None:
    with pytest.raises(BadInput):
        change(first, AS_DELIVERED._replace(day_locks_at=time(9, 30)))


def test_only_what_changes_gets_a_row(saulute: Cast) -> None:
    change(NEXT, AS_DELIVERED._replace(day_locks_at=time(9, 30)))
    assert len(settled.chain(LockRule)) == 2
    assert settled.chain(DeadlineRule) == []
    change(NEXT + timedelta(days=1), AS_DELIVERED._replace(day_locks_at=time(9, 30), sheet_due=2))
    assert len(settled.chain(LockRule)) == 2
    assert len(settled.chain(DeadlineRule)) == 1
    with pytest.raises(BadInput):
        change(NEXT + timedelta(days=2), AS_DELIVERED._replace(day_locks_at=time(9, 30), sheet_due=2))


@pytest.mark.parametrize(
    "wanted",
    [
        AS_DELIVERED,
        AS_DELIVERED._replace(mark_by=time(9, 1)),
        AS_DELIVERED._replace(sheet_due=6),
    ],
)
def test_deadlines_that_change_nothing_or_contradict_each_other_are_refused(saulute: Cast, wanted: Hours) -> None:
    with pytest.raises(BadInput):
        change(NEXT, wanted)


def test_who_looked_before_another_changed_is_told(saulute: Cast) -> None:
    seen = queries.all_set().seen
    change(NEXT, AS_DELIVERED._replace(sheet_due=2))
    with pytest.raises(Stale), write_transaction():
        actions.change_deadlines(NEXT, AS_DELIVERED._replace(month_locks=6), seen, BY)


def test_a_month_being_counted_keeps_its_deadline_and_the_next_gets_the_new_one(
    saulute: Cast, at: Callable[..., None]
) -> None:
    at(day=date(2026, 12, 2))
    assert deadline(Month(2026, 12)) == at_local(date(2027, 1, 9), time(0))
    change(date(2026, 12, 3), AS_DELIVERED._replace(month_locks=3))
    assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 8), time(0))
    assert deadline(Month(2026, 12)) == at_local(date(2027, 1, 7), time(0))


def test_deadlines_that_have_passed_stay_as_stored(saulute: Cast) -> None:
    change(NEXT, AS_DELIVERED._replace(month_locks=10))
    assert deadline(Month(2026, 10)) == at_local(date(2026, 11, 10), time(0))
    assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 15), time(0))


def test_a_plan_taken_back_takes_its_deadlines_with_it(saulute: Cast, at: Callable[..., None]) -> None:
    change(NEXT, AS_DELIVERED._replace(month_locks=10, day_locks_at=time(9, 30)))
    with write_transaction():
        actions.withdraw_deadlines(NEXT)
    assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 8), time(0))
    assert [(row.valid_from, row.valid_to) for row in settled.chain(LockRule)] == [(FIRST, None)]
    assert settled.chain(DeadlineRule) == []
    with pytest.raises(NotFound), write_transaction():
        actions.withdraw_deadlines(NEXT)


def test_what_has_begun_is_not_taken_back(saulute: Cast, at: Callable[..., None]) -> None:
    change(NEXT, AS_DELIVERED._replace(month_locks=10))
    at(day=NEXT)
    with pytest.raises(BadInput), write_transaction():
        actions.withdraw_deadlines(NEXT)


def test_a_month_that_never_ends_is_not_set(saulute: Cast) -> None:
    for due, locks in ((0, 5), (3, 16), (5, 4)):
        with pytest.raises(IntegrityError), write_transaction():
            db.session.add(
                DeadlineRule(
                    valid_from=NEXT, valid_to=None, mark_by=time(8, 30), sheet_due=due, month_locks=locks, set_by=BY
                )
            )
