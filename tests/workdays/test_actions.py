"""The stored calendar: stays as stored, and keeps the months' deadlines in step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask
from sqlalchemy import select

from ediary.core.dates import Month, at_local
from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.locks import write_transaction
from ediary.core.points import MonthDeadline
from ediary.core.session import acting_for
from ediary.workdays import actions, queries
from ediary.workdays.models import CalendarDay, DayKind
from tests.cast import Cast
from tests.conftest import DAY


def deadline(month: Month) -> object:
    return db.session.scalar(select(MonthDeadline.locks_at).where(MonthDeadline.month == month))


def test_storing_again_changes_no_stored_day(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            db.session.scalars(
                select(CalendarDay).where(CalendarDay.day == date(2026, 12, 1))
            ).one().kind = DayKind.HOLIDAY
        with write_transaction():
            assert actions.store_calendar(date(2026, 9, 1), date(2028, 8, 31)) == 0
        assert not queries.calendar(DAY, date(2026, 12, 31)).is_working(date(2026, 12, 1))


def test_a_closure_moves_the_deadlines_still_to_come(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 8), time(0))
        with write_transaction():
            actions.close(date(2026, 12, 3), date(2026, 12, 4), "Avarija")
        assert deadline(Month(2026, 11)) == at_local(date(2026, 12, 10), time(0))
        assert deadline(Month(2026, 10)) == at_local(date(2026, 11, 10), time(0))


def test_a_group_closure_closes_that_group_only(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    day = date(2026, 12, 3)
    with app.app_context(), acting_for(cast.saulute):
        with write_transaction():
            actions.close(day, day, "Karantinas grupėje", group_id=cast.boruziukai)
        calendar = queries.calendar(day, day)
    assert calendar.why_closed(day, cast.boruziukai) == "Karantinas grupėje"
    assert calendar.is_working(day, cast.drugeliai)


def test_nothing_closes_or_opens_backwards(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context(), acting_for(cast.saulute):
        with pytest.raises(BadInput), write_transaction():
            actions.close(DAY, DAY, "Avarija")
        with pytest.raises(BadInput), write_transaction():
            actions.work_extra(DAY, "Darbo diena")
