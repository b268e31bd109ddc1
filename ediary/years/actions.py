"""Next year's groups out of this year's, their children and who works in them. All or nothing, each step by itself.

The caller of what moves children holds today's points of all groups concerned when the new year has begun already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from ediary.children import places
from ediary.children.timeline import Own
from ediary.core.batch import write_batch
from ediary.core.dates import ONE_DAY, covers, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.locks import held
from ediary.core.orders import Order
from ediary.groups import actions as groups
from ediary.groups import queries as group_queries
from ediary.groups.actions import Particulars, Term
from ediary.years import queries, rules
from ediary.years.models import YearMove
from ediary.years.queries import OldGroup, TurnPage
from ediary.years.rules import Goal, Wanted


def make_groups(year: int, wanted: Iterable[Wanted]) -> int:
    """Make these groups of the year, with hours, language, room, kitchen and places of those they come out of.

    Gives how many. Raises NotFound, or BadInput for a name the year has already or that stands twice.
    """
    queries.check_year(year)
    made = 0
    for one in wanted:
        old = group_queries.group(one.from_id)
        if old.school_year != year - 1:
            raise BadInput(_("Group “%(name)s” is not of the year that ends.", name=old.name))
        groups.add_group(
            year,
            one.name,
            one.age_band,
            Particulars(one.programme, old.minutes_a_day, old.language, old.room, old.kitchen, old.places),
        )
        made += 1
    if not made:
        raise BadInput(_("Choose at least one group."))
    return made


@dataclass(frozen=True)
class Moved:
    """How many children went where."""

    into: int
    away: int


def move_children(
    year: int, of_group: Mapping[int, Goal | None], of_child: Mapping[int, Goal | None], by: str
) -> Moved:
    """The children's own places end with the year, and begin in groups of the next one; leavers' only end (A2).

    Those decided about already stay as they are unless something else is said of them by name, so it can be done
    again for the rest. Raises BadInput for a group that is not of the new year. Cost: about a second for 300 children.
    """
    page = queries.turn_page(year)
    goals = _goals(page, of_group, of_child)
    if not goals:
        raise BadInput(_("Nothing was said about any child that is not decided about already. Nothing was changed."))
    into = {goal.into_id for goal in goals.values() if goal.into_id is not None}
    if not into <= set(page.new_names):
        raise BadInput(_("Choose among the groups of the new school year."))
    first = page.first
    last = first - ONE_DAY
    ended: dict[int, Own] = {}

    def turn(child_id: int, owns: list[Own]) -> list[Own]:
        """What was before goes on to the last day; what the turn itself or a hand had put after it makes room."""
        before = next((own for own in owns if covers(own.first, own.last, last)), None)
        if before is None:
            raise BadInput(_("One of the children has left the group meanwhile. Look at the page as it is now."))
        ended[child_id] = before
        kept = [own for own in owns if own.first <= last and own is not before]
        goal = goals[child_id].into_id
        going_on = [] if goal is None else [Own(goal, first, None)]
        return [*kept, Own(before.group_id, before.first, last, before.order_id), *going_on]

    places.rearrange(list(goals), first, [*into], turn)
    _keep(page, goals, ended, by)
    away = sum(goal.into_id is None for goal in goals.values())
    return Moved(len(goals) - away, away)


def _goals(page: TurnPage, of_group: Mapping[int, Goal | None], of_child: Mapping[int, Goal | None]) -> dict[int, Goal]:
    """What is said and is not so already. Raises nothing: who is not on the page is not listened to."""
    kids = {kid.child_id: kid for group in page.old for kid in group.kids}
    waiting = {group.id: [kid.child_id for kid in group.waiting] for group in page.old}
    said = rules.goals(waiting, of_group, of_child)
    for child_id, goal in of_child.items():
        if goal is not None and child_id in kids:
            said[child_id] = goal
    return {
        child_id: goal
        for child_id, goal in said.items()
        if not (kids[child_id].is_decided and kids[child_id].into_id == goal.into_id)
    }


def _keep(page: TurnPage, goals: Mapping[int, Goal], ended: Mapping[int, Own], by: str) -> None:
    """Each child's move, with the end its place had before anything was decided, so that it can be taken back."""
    known = {row.child_id: row for row in queries.moves(page.year)}
    fresh = []
    for child_id, goal in goals.items():
        row = known.get(child_id)
        if row is not None:
            row.into_id, row.made_at, row.made_by = goal.into_id, held().now, by
            continue
        fresh.append(
            YearMove(
                child_id=child_id,
                year=page.year,
                from_id=ended[child_id].group_id,
                into_id=goal.into_id,
                ended_on=ended[child_id].last,
                made_at=held().now,
                made_by=by,
            )
        )
    db.session.flush()
    write_batch(fresh)


def undo(year: int) -> tuple[int, list[str]]:
    """Take the children's moves back while the year has not begun: each place ends when it did before.

    Gives how many, and the names of those about whom something else was decided since, who stay. Raises BadInput.
    """
    page = queries.turn_page(year)
    if not page.can_undo:
        raise BadInput(_("The year has begun, or nobody was moved: there is nothing to take back."))
    rows = {row.child_id: row for row in queries.moves(year)}
    first = school_year_span(year)[0]
    last = first - ONE_DAY
    stay: set[int] = queries.departed(year) & set(rows)

    def back(child_id: int, owns: list[Own]) -> list[Own]:
        row = rows[child_id]
        before = next((own for own in owns if covers(own.first, own.last, last)), None)
        after = [own for own in owns if own.first > last]
        made = [] if row.into_id is None else [Own(row.into_id, first, None)]
        if child_id in stay:
            return owns
        if before is None or before.last != last or [_less_order(own) for own in after] != made:
            stay.add(child_id)
            return owns
        kept = [own for own in owns if own.first <= last and own is not before]
        return [*kept, Own(before.group_id, before.first, row.ended_on, before.order_id)]

    places.rearrange(list(rows), first, [], back)
    for child_id, row in rows.items():
        if child_id not in stay:
            db.session.delete(row)
    db.session.flush()
    return len(rows) - len(stay), _names(page.old, stay)


def _less_order(own: Own) -> Own:
    return Own(own.group_id, own.first, own.last)


def _names(old: Iterable[OldGroup], child_ids: Collection[int]) -> list[str]:
    return [kid.name for group in old for kid in group.kids if kid.child_id in child_ids]


def assign_staff(year: int, keys: Collection[str], order: Order) -> int:
    """Who worked in a group works in the one that follows it, by a new order, for the whole year (S II.4).

    Gives how many. Raises BadInput for nobody, or for one that was not proposed.
    """
    page = queries.turn_page(year)
    posts = {post.key: post for post in page.posts if not post.is_done}
    if not keys:
        raise BadInput(_("Choose at least one person."))
    if not set(keys) <= set(posts):
        raise BadInput(_("Somebody was assigned meanwhile. Look at the page as it is now."))
    first, last = school_year_span(year)
    for key in sorted(keys):
        post = posts[key]
        groups.assign_by_order(post.group_id, post.user_id, post.duty, Term(first, last, post.minutes_a_day), order)
    return len(keys)
