"""Entering a child with all that must be there from the first day; the administrator hears of educators' changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.accounts.models import Membership
from ediary.attendance.actions import follow
from ediary.cards.rules import Section
from ediary.cards.words import SECTIONS
from ediary.children import actions as children
from ediary.children import queries as places
from ediary.children.models import Particulars
from ediary.children.rules import Relation, SpecialNeeds, tidy
from ediary.core.dates import school_year_of
from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.history import record
from ediary.core.locks import held
from ediary.core.orders import Order
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.groups import queries as groups
from ediary.institutions import actions as institutions
from ediary.meals import actions as meals
from ediary.notices.actions import tell_role
from ediary.notices.models import Notice


@dataclass(frozen=True)
class FirstParent:
    """A parent entered together with the child."""

    relation: Relation
    first_name: str
    last_name: str
    phone: str
    email: str


@dataclass(frozen=True)
class Newcomer:
    """A child as it is entered: name, place from a day, what it eats, and a parent if one was named."""

    first_name: str
    last_name: str
    birth_date: date
    group_id: int
    first_day: date
    kind_ids: tuple[int, ...]
    diet_id: int | None = None
    parent: FirstParent | None = None


def enter(new: Newcomer) -> int:
    """The child, its place, meals and parent at once; gives the id. The caller holds today's points if it comes today.

    A group that had handed in today's marks has one more to make. Raises NotFound for a group that is not one's own,
    Locked or BadInput when the first day is no longer open.
    """
    if school_year_of(new.first_day) != groups.group(new.group_id).school_year:
        raise BadInput(_("This group is of another school year than the first day."))
    child = children.add_child(tidy(new.first_name), tidy(new.last_name), new.birth_date)
    children.enrol(child.id, new.group_id, new.first_day)
    meals.order_meals(child.id, new.kind_ids, new.first_day)
    if new.diet_id is not None:
        meals.set_diet(child.id, new.diet_id, new.first_day)
    if new.parent is not None:
        one = new.parent
        since = min(new.first_day, held().today)
        names = tidy(one.first_name), tidy(one.last_name)
        children.add_guardian(child.id, one.relation, *names, since, phone=tidy(one.phone), email=one.email)
    if new.first_day == held().today:
        follow([child.id])
    return child.id


def give_place(child_id: int, group_id: int, day: date, order: Order | None) -> None:
    """From a day on the child's own group is this one: it moves there, or comes back to the house.

    Today's mark follows the child. The caller holds today's points if it moves today. Raises NotFound, Locked, or
    BadInput when the day is no longer open or of another school year than the group.
    """
    if school_year_of(day) != groups.group(group_id).school_year:
        raise BadInput(_("This group is of another school year than the first day."))
    order_id = institutions.order_id(order)
    if places.groups_on([child_id], day):
        children.move([child_id], group_id, day, order_id)
    else:
        children.enrol(child_id, group_id, day, order_id=order_id)
    if day == held().today:
        follow([child_id])


def change_meals(
    child_id: int, kind_ids: Iterable[int], diet_id: int | None, day: date, *, is_open_today: bool
) -> None:
    """From a day on the child eats exactly these meals by this diet. What was planned for later is gone.

    `is_open_today`: the caller holds today's point. Raises BadInput for a day that is no longer open, Locked.
    """
    today = held().today
    if day < today or (day == today and not is_open_today):
        raise BadInput(_("For the kitchen this day is closed already. Choose tomorrow or a later day."))
    meals.order_meals(child_id, kind_ids, day)
    meals.set_diet(child_id, diet_id, day)


def note_opening(child_id: int) -> None:
    """Put it on record that needs and health are opened; only after this transaction are they shown."""
    record("opened", Particulars(child_id=child_id, special_needs=SpecialNeeds.NONE), section=Section.NEEDS.value)


def note_entry(new: Newcomer, *, by: str, url: str) -> None:
    """The administrator hears of a child that an educator entered (S II.7; V 4.2.11). `url`: the card's path."""
    if scope().role is not Role.EDUCATOR:
        return
    text = _(
        "%(child)s: entered, group „%(group)s“ from %(day)s (%(who)s).",
        child=f"{tidy(new.first_name)} {tidy(new.last_name)}",
        group=groups.group(new.group_id).name,
        day=new.first_day.isoformat(),
        who=by,
    )
    tell_role(Role.ADMINISTRATOR, text, url)


def note_change(child_id: int, section: Section, *, name: str, by: str, url: str) -> None:
    """The administrator hears which sections educators changed, not how: one notice a child and day (S II.7).

    `name`: the child's; `by`: who changed it; `url`: the card's path.
    """
    if scope().role is not Role.EDUCATOR:
        return
    begins = f"{url}?told={held().today.isoformat()}-"
    administrators = select(Membership.user_id).where(
        Membership.institution_id == scope().institution_id, Membership.role == Role.ADMINISTRATOR
    )
    told = list(
        db.session.scalars(
            select(Notice).where(
                Notice.person_id.in_(administrators),
                Notice.role == Role.ADMINISTRATOR,
                Notice.url.startswith(begins, autoescape=True),
            )
        )
    )
    known = {one for notice in told for one in notice.url.removeprefix(begins).split(".")}
    if section.value in known:
        return
    sections = [one for one in Section if one.value in known or one is section]
    said = ", ".join(str(SECTIONS[one]) for one in sections)
    text = _("%(child)s: the card was changed – %(sections)s (%(who)s).", child=name, sections=said, who=by)
    url = begins + ".".join(sections)
    if not told:
        tell_role(Role.ADMINISTRATOR, text, url)
    for notice in told:
        notice.text, notice.url, notice.at, notice.read_at = text, url, held().now, None
