"""The kitchen's reads. Reasons and absent children are not even asked for: the kitchen sees who eats."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, bindparam, select

from ediary.absences.models import Announcement
from ediary.attendance import queries as attendance
from ediary.attendance.models import ChildDay, Presence
from ediary.children.queries import Enrolled, enrolled
from ediary.core import clock
from ediary.core.dates import at_local
from ediary.core.db import db
from ediary.core.locks import GroupDay
from ediary.core.lockstate import DEFAULT_LOCK_TIME
from ediary.core.points import LockRule
from ediary.core.spans import valid_on
from ediary.groups.queries import groups_on
from ediary.groups.rules import AgeBand
from ediary.health import queries as health
from ediary.institutions import queries as institutions
from ediary.institutions.models import AgeBandBy
from ediary.kitchen.models import StaffCount
from ediary.kitchen.rules import (
    Plate,
)
from ediary.meals import queries as meals
from ediary.portions import queries as portions
from ediary.portions import rules as portion_rules
from ediary.workdays.queries import calendar


@dataclass(frozen=True)
class GroupFact:
    """A group on one day; `closed` is why it does not work, None when it does."""

    id: int
    name: str
    age_band: AgeBand
    closed: str | None


def day_groups(day: date) -> list[GroupFact]:
    """Every group of the day's school year in Lithuanian order, the closed ones too. Two statements."""
    days = calendar(day, day)
    return [
        GroupFact(
            group.id,
            group.name,
            group.age_band,
            None if days.is_working(day, group.id) else days.why_closed(day, group.id) or "",
        )
        for group in groups_on(day)
    ]


def lock_points(day: date) -> list[GroupDay]:
    """The lock points of all groups that work on this day: what locking the day takes. Two statements."""
    return [GroupDay(group.id, day) for group in day_groups(day) if group.closed is None]


_LOCK_HOUR = select(LockRule.day_locks_at).where(valid_on(LockRule, bindparam("day", type_=Date())))


def lock_hour(day: date) -> datetime:
    """The moment at which the clock locks this day. One statement."""
    hour = db.session.scalar(_LOCK_HOUR, {"day": day})
    return at_local(day, hour or DEFAULT_LOCK_TIME)


def awaits_snapshot(day: date) -> bool:
    """Has the hour passed and is the snapshot still to be stored? One or two statements."""
    now = clock.now()
    if day > clock.today() or portions.is_locked_day(day):
        return False
    return now >= lock_hour(day)


def missing_snapshots(first: date, last: date) -> list[date]:
    """The working days from first to last that are over the hour and have no snapshot yet.

    Two statements, one more on a day of theirs that is today; none are missing where there are no groups.
    """
    stored, today = portions.locked_days(first, last), clock.today()
    working = calendar(first, last).working_days(first, min(last, today))
    missing = [day for day in working if day not in stored]
    if missing and missing[-1] == today and clock.now() < lock_hour(today):
        missing.pop()
    return missing if missing and groups_on(missing[-1]) else []


# --- who eats -------------------------------------------------------------------------------------------------


def plates(places: Iterable[Enrolled], groups: Collection[GroupFact], day: date) -> list[Plate]:
    """Every child of these places with what they eat if they eat, their mark, announced or not. Six statements.

    Only in groups that work on this day. A guest eats as the own group does, among those of the group they are in.
    """
    own = {group.id: group.age_band for group in groups}
    bands = working(groups)
    placed = [place for place in places if place.group_id in bands]
    by_birthday = institutions.age_band_by(day) is AgeBandBy.BIRTHDAY
    served = frozenset(kind.id for kind in meals.kinds(day))
    orders, diets = meals.orders(None, day), meals.diet_ids(None, day)
    marks = {
        row.child_id: row.presence is Presence.PRESENT
        for row in db.session.execute(
            select(ChildDay.child_id, ChildDay.presence).where(ChildDay.group_id.in_(list(bands)), ChildDay.day == day)
        )
    }
    announced = set(db.session.scalars(select(Announcement.child_id).where(valid_on(Announcement, day))))
    return [
        Plate(
            child_id=place.child_id,
            group_id=place.group_id,
            dishes=portion_rules.dishes(
                orders.get(place.child_id, frozenset()) & served,
                portion_rules.age_band(
                    own.get(place.own_id, bands[place.group_id]), place.birth_date, day, by_birthday=by_birthday
                ),
                diets.get(place.child_id),
            ),
            present=marks.get(place.child_id),
            announced=place.child_id in announced,
        )
        for place in placed
    ]


def working(groups: Iterable[GroupFact]) -> dict[int, AgeBand]:
    """Those of the groups that work on the day, with their age bands."""
    return {group.id: group.age_band for group in groups if group.closed is None}


def plates_of(groups: Collection[GroupFact], day: date, only: Collection[int] | None = None) -> list[Plate]:
    """The plates of the working ones of these groups, or of `only` some of them. Seven statements.

    `groups`: all of the day's, for a guest's own group may not work.
    """
    wanted = [group_id for group_id in working(groups) if only is None or group_id in only]
    return plates(enrolled(wanted, day, day), groups, day)


def submitted_at(day: date) -> dict[int, datetime]:
    """group -> when it submitted its marks. One statement."""
    return {group_id: one.at for group_id, one in attendance.submissions(day).items()}


def staff_counts(day: date) -> dict[int, int]:
    """meal -> how many of the staff eat it. One statement."""
    rows = db.session.execute(select(StaffCount.meal_kind_id, StaffCount.count).where(StaffCount.day == day))
    return {row[0]: row[1] for row in rows}


# --- papers ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Apart:
    """A child the cook must know by name, because they do not eat as the others do."""

    group_name: str
    child_name: str
    diet: str
    must_not_eat: str


def eats_apart(day: date) -> list[Apart]:
    """The children expected today who have a diet or must not eat something, group by group."""
    groups = day_groups(day)
    bands = working(groups)
    names = {group.id: group.name for group in groups}
    places = enrolled(bands, day, day)
    eating = {plate.child_id for plate in plates(places, groups, day) if plate.eats}
    diets, lines = meals.diets(eating, day), health.must_not_eat(eating, day)
    order = list(bands)
    listed = [place for place in places if place.child_id in eating and place.child_id in diets.keys() | lines.keys()]
    return [
        Apart(
            names[place.group_id],
            place.name,
            diets.get(place.child_id, ""),
            lines.get(place.child_id, ""),
        )
        for place in sorted(listed, key=lambda place: order.index(place.group_id))
    ]


@dataclass(frozen=True)
class ReportGroup:
    """A group in the daily report. Absent ones by name only: no reason is read for it."""

    name: str
    why_closed: str | None
    enrolled: int
    came: int
    absent: list[str]
    unmarked: int
    submitted: str
    submitted_at: datetime | None

    @property
    def begun(self) -> bool:
        """Is any child marked? Of a group that is not begun nobody knows who came."""
        return self.unmarked < self.enrolled


def report(day: date) -> list[ReportGroup]:
    """The daily attendance report, group by group."""
    groups = day_groups(day)
    bands = working(groups)
    places = enrolled(bands, day, day)
    present = {plate.child_id: plate.present for plate in plates(places, groups, day)}
    submissions = attendance.submissions(day)
    rows = []
    for group in groups:
        of_group = [place for place in places if place.group_id == group.id]
        marked = [present[place.child_id] for place in of_group]
        submitted = submissions.get(group.id)
        rows.append(
            ReportGroup(
                name=group.name,
                why_closed=group.closed,
                enrolled=len(of_group),
                came=marked.count(True),
                absent=[place.name for place in of_group if present[place.child_id] is False],
                unmarked=marked.count(None),
                submitted=submitted.by if submitted else "",
                submitted_at=submitted.at if submitted else None,
            )
        )
    return rows
