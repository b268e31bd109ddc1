"""Short ways through a morning, by the program's own routes and rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import pytest
from flask import Flask

from ediary.attendance.models import ChildDay, Presence, Submission
from ediary.core.db import db
from ediary.core.locks import GroupDay, held, write_transaction
from ediary.core.session import acting_for
from ediary.kitchen import queries, rules
from ediary.kitchen.rules import Cooked
from ediary.portions import queries as portions
from tests.cast import Cast
from tests.conftest import DAY


@dataclass
class Morning:
    """Writes marks of Saulutė's day as an educator's taps would."""

    app: Flask
    cast: Cast
    day: date = DAY
    marks: dict[int, bool] = field(default_factory=dict)

    def mark(self, group: str, children: Iterable[int], *, present: bool) -> None:
        group_id = self.cast.groups[group]
        with (
            self.app.app_context(),
            acting_for(self.cast.saulute),
            write_transaction(lock=GroupDay(group_id, self.day)),
        ):
            for child_id in children:
                presence = Presence.PRESENT if present else Presence.ABSENT
                db.session.add(
                    ChildDay(
                        child_id=child_id,
                        group_id=group_id,
                        day=self.day,
                        presence=presence,
                        changed_at=held().now,
                    )
                )

    def submit(self, group: str) -> None:
        group_id = self.cast.groups[group]
        with (
            self.app.app_context(),
            acting_for(self.cast.saulute),
            write_transaction(lock=GroupDay(group_id, self.day)),
        ):
            db.session.add(
                Submission(
                    group_id=group_id,
                    day=self.day,
                    submitted_at=held().now,
                    submitted_by="mokytoja Rasa Petraitienė",
                )
            )

    def whole(self, group: str, *, absent: int = 0) -> None:
        """Everybody marked, the first `absent` away, submitted."""
        children = self.cast.children[group]
        self.mark(group, children[:absent], present=False)
        self.mark(group, children[absent:], present=True)
        self.submit(group)

    def is_whole(self) -> bool:
        """The invariant: the snapshot with its corrections is what a recount from the marks gives."""
        with self.app.app_context(), acting_for(self.cast.saulute):
            return cooked(self.day) == recount(self.day)


def recount(day: date) -> Cooked:
    """(group, dish) of every portion by the marks as they are now. Run inside a scope."""
    return rules.expected(queries.plates_of(queries.day_groups(day), day))


def cooked(day: date) -> Cooked:
    """The snapshot with its corrections. Run inside a scope."""
    locked = portions.locked_day(day)
    assert locked is not None, "there is no snapshot"
    return rules.cooked_now(
        [(group_id, dish) for _, group_id, dish in portions.snapshot(locked.id)],
        [(one.group_id, line.dish, line.delta) for one in portions.corrections(locked.id) for line in one.lines],
    )


def stored(morning: Morning) -> Cooked:
    """What the kitchen cooks on the morning's day."""
    with morning.app.app_context(), acting_for(morning.cast.saulute):
        return cooked(morning.day)


@pytest.fixture
def morning(app: Flask, cast: Cast) -> Morning:
    return Morning(app, cast)
