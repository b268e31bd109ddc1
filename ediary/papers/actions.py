"""Papers: entered once for the days they are about, struck out when they are wrong (C3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.children.models import Child
from ediary.core.batch import write_batch
from ediary.core.dates import VILNIUS, Month
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.history import record
from ediary.core.locks import held
from ediary.core.session import scope
from ediary.papers import queries
from ediary.papers.models import Paper, PaperDay
from ediary.papers.rules import Said


@dataclass(frozen=True)
class Kept:
    """Its file, kept before anything refers to it."""

    sha256: str
    file_name: str
    media_type: str
    size: int


def enter(child_id: int, said: Said, file: Kept | None, by: str) -> int:
    """Write down a paper for the days on which the child has a place; returns its id.

    The caller holds `queries.lock_points` in share. Raises NotFound for a child this user does not have, BadInput for
    what cannot be so, Locked when a month it is about takes no more writing.
    """
    _take_child(child_id)
    _check(said)
    days = queries.groups_by_day(child_id, said.first, said.last)
    if not days:
        raise BadInput(_("The child has no place in a group on these days. Nothing was written."))
    _check_groups(days)
    if queries.is_entered(child_id, said.kind, said.number, said.first, said.last):
        raise BadInput(_("This paper is entered already. Nothing was written."))
    paper = Paper(
        child_id=child_id,
        group_id=next(iter(days.values())),
        **asdict(said),
        **(asdict(file) if file else {}),
        entered_at=held().now,
        entered_by=by,
    )
    db.session.add(paper)
    db.session.flush()
    write_batch(
        [
            PaperDay(
                child_id=child_id,
                group_id=group_id,
                day=day,
                paper_id=paper.id,
                kind=said.kind,
                received_at=said.received_at,
                issued_on=said.issued_on,
                holds=True,
            )
            for day, group_id in days.items()
        ]
    )
    return paper.id


def _take_child(child_id: int) -> None:
    """Of two who enter the same paper at once the second is told so. Raises NotFound."""
    taken = select(Child.id).where(Child.id == child_id).with_for_update(key_share=True)
    if db.session.scalar(taken) is None:
        raise NotFound


def _check(said: Said) -> None:
    now = held()
    if said.received_at > now.now:
        raise BadInput(_("A paper cannot come in later than now. Nothing was written."))
    if said.issued_on is not None and said.issued_on > said.received_at.astimezone(VILNIUS).date():
        raise BadInput(_("A paper cannot come in before it was given out. Nothing was written."))


def _check_groups(days: Mapping[date, int]) -> None:
    """Each day belongs to the sheet of the group of that day."""
    foreign = [day for day, group_id in days.items() if not scope().sees_group(group_id)]
    if foreign:
        raise BadInput(
            _(
                "On %(day)s the child was in another group. Enter the days in your group only, or ask the social "
                "pedagogue. Nothing was written.",
                day=foreign[0].isoformat(),
            )
        )
    for day, group_id in days.items():
        if (group_id, Month.of(day)) not in held().months:
            raise Stale(_("The child's place has just changed. Nothing was written; try once more."))


def strike(paper_id: int, why: str, by: str) -> int:
    """A wrong paper no longer justifies anything; it stays, struck out. Returns whose it was.

    The caller holds `queries.points_of` in share. Raises NotFound, BadInput when it is struck out already, Locked.
    """
    paper = db.session.scalars(
        select(Paper).where(Paper.id == paper_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if paper is None:
        raise NotFound
    if paper.struck_at is not None:
        raise BadInput(_("It is struck out already."))
    days = db.session.scalars(select(PaperDay).where(PaperDay.paper_id == paper_id).order_by(PaperDay.id)).all()
    _check_groups({one.day: one.group_id for one in days})
    paper.struck_at, paper.struck_by, paper.struck_why = held().now, by, why
    for one in days:
        one.holds = False
    db.session.flush()
    return paper.child_id


def note_reading(paper_id: int) -> Paper:
    """Put it on record that a paper's file is given out. Raises NotFound, also when it has none."""
    paper = db.session.scalars(select(Paper).where(Paper.id == paper_id)).one_or_none()
    if paper is None or paper.sha256 is None:
        raise NotFound
    record("opened", paper)
    return paper
