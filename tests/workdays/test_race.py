"""Two administrators at the same moment, on PostgreSQL: the second waits, and is told what the first did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select

from ediary.attendance.models import ChildDay, Presence
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import BadInput, DomainError, Stale
from ediary.core.locks import GroupDay, held, write_transaction
from ediary.core.points import LockRule
from ediary.core.session import acting_for
from ediary.workdays import actions, queries
from ediary.workdays.models import Closure
from ediary.workdays.rules import Closing, Hours
from tests.cast import make_cast
from tests.conftest import DAY, MORNING, build_app, fresh_database

pytestmark = pytest.mark.postgres

NEXT = DAY + timedelta(days=1)


def test_changes_of_the_calendar_and_the_deadlines_are_one_after_the_other_and_taps_do_not_wait(
    postgres_url: str, tmp_path: Path
) -> None:
    app = build_app(postgres_url, tmp_path)
    with fresh_database(app):
        with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
            cast = make_cast()
        inside, go_on, told = Event(), Event(), Event()
        refused: list[type[DomainError]] = []

        def run(change: Callable[[], object], waits: bool) -> Thread:
            def work() -> None:
                with clock.frozen(MORNING), app.test_request_context(), acting_for(cast.saulute):
                    try:
                        with write_transaction():
                            change()
                            if waits:
                                inside.set()
                                assert go_on.wait(10)
                    except DomainError as refusal:
                        refused.append(type(refusal))
                if not waits:
                    told.set()

            thread = Thread(target=work)
            thread.start()
            return thread

        def both(change: Callable[[], object]) -> None:
            for event in (inside, go_on, told):
                event.clear()
            first = run(change, waits=True)
            assert inside.wait(10)
            second = run(change, waits=False)
            assert not told.wait(0.3), "the second must wait for the first"
            with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
                with write_transaction(lock=GroupDay(cast.boruziukai, DAY)):  # a tap meanwhile
                    child = cast.children["Boružiukai"].pop()
                    db.session.add(
                        ChildDay(
                            child_id=child,
                            group_id=cast.boruziukai,
                            day=DAY,
                            presence=Presence.PRESENT,
                            changed_at=held().now,
                        )
                    )
            go_on.set()
            first.join(10)
            second.join(10)

        closing = Closing(date(2026, 12, 28), date(2026, 12, 31), "Tarpušventis")
        both(lambda: actions.close(closing))
        with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
            seen = queries.all_set().seen
        later = Hours(time(9, 30), time(8, 30), 3, 5)
        both(lambda: actions.change_deadlines(NEXT, later, seen, "x"))
        assert refused == [BadInput, Stale]
        with clock.frozen(MORNING), app.app_context(), acting_for(cast.saulute):
            counted = [db.session.scalar(select(func.count(model.id))) for model in (Closure, LockRule)]
        assert counted == [1, 2]
