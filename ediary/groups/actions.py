"""Making groups and saying who works in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import or_, select

from ediary.core.dates import ONE_DAY, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.locks import held
from ediary.core.orders import Order
from ediary.core.points import DayPoint, MonthPoint
from ediary.core.settled import one_at_a_time
from ediary.core.spans import touching
from ediary.groups import queries
from ediary.groups.models import Group, GroupMerge, GroupStaff
from ediary.groups.rules import AgeBand, Changeable, Duty, Programme, changeable
from ediary.institutions import actions as institutions


@dataclass(frozen=True)
class Term:
    """From when to when somebody works in a group, and how many minutes a working day, if that is counted."""

    first: date
    last: date
    minutes_a_day: int | None = None


@dataclass(frozen=True)
class Particulars:
    """What is said of a group beside its name and age; as the model has it unless said otherwise."""

    programme: Programme = Programme.PRESCHOOL
    minutes_a_day: int = 630
    language: str = "lt"
    room: str = ""
    kitchen: str = ""
    places: int | None = None


def add_group(school_year: int, name: str, age_band: AgeBand, particulars: Particulars | None = None) -> Group:
    """A group of one school year (A2). Raises BadInput when the year has one of this name already."""
    one_at_a_time()
    _refuse_same_name(school_year, name)
    group = Group(school_year=school_year, name=name.strip(), age_band=age_band)
    for key, value in vars(particulars or Particulars()).items():
        setattr(group, key, value)
    db.session.add(group)
    db.session.flush()
    return group


def edit_group(group_id: int, name: str, age_band: AgeBand, particulars: Particulars) -> Group:
    """Change what is said of a group. Raises NotFound, or BadInput for a name another group of the year has.

    The age band, by which the kitchen cooks, only until it has cooked for the group.
    """
    one_at_a_time()
    group = queries.group(group_id)
    _refuse_same_name(group.school_year, name, besides=group_id)
    if age_band is not group.age_band and queries.has_begun(group_id):
        raise BadInput(
            _("The kitchen has cooked for this group already: its age stays. Make another group and move the children.")
        )
    group.name, group.age_band = name.strip(), age_band
    for key, value in vars(particulars).items():
        setattr(group, key, value)
    db.session.flush()
    return group


def remove_group(group_id: int) -> None:
    """Remove a group entered by mistake, with who was to work in it. Raises NotFound, or BadInput once it has begun.

    What else is written about it the database keeps: the caller answers an IntegrityError as the same refusal.
    """
    group = queries.group(group_id)
    if queries.has_begun(group_id):
        raise BadInput(there_is_something())
    for row in db.session.scalars(select(GroupStaff).where(GroupStaff.group_id == group_id)):
        db.session.delete(row)
    for model in (DayPoint, MonthPoint):  # made ahead by a closure
        for point in db.session.scalars(select(model).where(model.group_id == group_id)):
            db.session.delete(point)
    db.session.flush()
    db.session.delete(group)
    db.session.flush()


def there_is_something() -> str:
    """Why a group cannot be removed."""
    return _("Something is written about this group already: it stays, and ends with its school year.")


def _refuse_same_name(school_year: int, name: str, besides: int | None = None) -> None:
    known = queries.named(school_year, name)
    if known is not None and known != besides:
        raise BadInput(
            _("The school year has a group “%(name)s” already. Give this one another name.", name=name.strip())
        )


# --- who works in it ------------------------------------------------------------------------------------------------


def assign(
    group_id: int,
    user_id: int,
    valid_from: date,
    order_id: int,
    valid_to: date | None = None,
    *,
    duty: Duty = Duty.EDUCATOR,
    substitutes_id: int | None = None,
    minutes_a_day: int | None = None,
) -> GroupStaff:
    """A person works in a group from-to, by the director's order; in their own place or in another's (A2, A3)."""
    staff = GroupStaff(
        group_id=group_id,
        user_id=user_id,
        valid_from=valid_from,
        valid_to=valid_to,
        duty=duty,
        order_id=order_id,
        substitutes_id=substitutes_id,
        minutes_a_day=minutes_a_day,
    )
    db.session.add(staff)
    db.session.flush()
    _follow_all(group_id, valid_from)
    return staff


def assign_by_order(group_id: int, user_id: int, duty: Duty, term: Term, order: Order) -> GroupStaff:
    """The same out of a form. Raises NotFound, or BadInput: days outside the school year, assigned already."""
    _check_term(queries.group(group_id), term)
    if queries.works_as(group_id, user_id, duty, term.first, term.last):
        raise BadInput(_("This person works in the group on some of these days already. End or change that first."))
    return assign(
        group_id,
        user_id,
        term.first,
        institutions.order_id(order),
        term.last,
        duty=duty,
        minutes_a_day=term.minutes_a_day,
    )


def change_assignment(group_id: int, staff_id: int, term: Term, order: Order) -> GroupStaff:
    """Correct an assignment: all of it before it begins, then its end and its planned hours.

    Raises NotFound, or BadInput for what has happened already.
    """
    row = _taken(group_id, staff_id)
    today = held().today
    may = changeable(row.valid_from, row.valid_to, today)
    if may is Changeable.NOTHING:
        raise BadInput(_("This assignment is over. What was, stays."))
    if may is Changeable.END and term.first != row.valid_from:
        raise BadInput(_("It has begun already: only its end and its hours can be changed."))
    _check_term(queries.group(group_id), term)
    if may is Changeable.ALL and term.first < today:
        raise BadInput(_("It cannot begin before today: access to what was is not given afterwards."))
    if term.last < today - ONE_DAY:
        raise BadInput(_("It can end yesterday at the earliest: until now the person had the group."))
    if queries.works_as(group_id, row.user_id, row.duty, term.first, term.last, besides=staff_id):
        raise BadInput(_("This person works in the group on some of these days already. End or change that first."))
    row.valid_from, row.valid_to, row.minutes_a_day = term.first, term.last, term.minutes_a_day
    row.order_id = institutions.order_id(order)
    db.session.flush()
    _follow_all(group_id, term.first)
    return row


def withdraw_assignment(group_id: int, staff_id: int) -> None:
    """Take back an assignment that has not begun. Raises NotFound, BadInput."""
    row = _taken(group_id, staff_id)
    if changeable(row.valid_from, row.valid_to, held().today) is not Changeable.ALL:
        raise BadInput(_("It has begun already: end it instead. What was, stays."))
    first = row.valid_from
    db.session.delete(row)
    db.session.flush()
    _follow_all(group_id, first)


def end_assignments(user_id: int, last: date) -> list[GroupStaff]:
    """A person's work in all groups ends with this day; what was to begin later is taken back. Gives those ended."""
    chosen = select(GroupStaff).where(
        GroupStaff.user_id == user_id, or_(GroupStaff.valid_to.is_(None), GroupStaff.valid_to > last)
    )
    ended = []
    for row in db.session.scalars(chosen.order_by(GroupStaff.id).with_for_update()).all():
        if row.valid_from > last:
            db.session.delete(row)
        else:
            row.valid_to = last
            ended.append(row)
    db.session.flush()
    return ended


def _taken(group_id: int, staff_id: int) -> GroupStaff:
    found = db.session.scalars(
        select(GroupStaff).where(GroupStaff.id == staff_id, GroupStaff.group_id == group_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if found is None:
        raise NotFound
    if found.merge_id is not None:
        raise BadInput(_("This comes with a merged group, and ends with it. Change the merge."))
    return found


def _check_term(group: Group, term: Term) -> None:
    first, last = school_year_span(group.school_year)
    if term.last < term.first:
        raise BadInput(_("The last day is before the first. Nothing was written."))
    if term.first < first or term.last > last:
        raise BadInput(
            _(
                "The group is there from %(first)s to %(last)s: choose days within.",
                first=first.isoformat(),
                last=last.isoformat(),
            )
        )


# --- merged groups --------------------------------------------------------------------------------------------------


def follow_merge(merge: GroupMerge) -> None:
    """Who works in a merged group has the one its children are in, for the same days (and no longer).

    By the merge's order, or by the one that gave them their own group. Called when the merge begins, when its end
    changes, and for whoever is assigned meanwhile. Three statements and the writes.
    """
    own = db.session.scalars(
        select(GroupStaff).where(
            GroupStaff.group_id == merge.group_id,
            GroupStaff.merge_id.is_(None),
            touching(GroupStaff, merge.first, merge.last),
        )
    )
    wanted: dict[tuple[int, Duty, date], tuple[date, int]] = {}
    for one in own:
        first = max(one.valid_from, merge.first)
        last = merge.last if one.valid_to is None else min(one.valid_to, merge.last)
        key = (one.user_id, one.duty, first)
        if key not in wanted or wanted[key][0] < last:
            wanted[key] = (last, merge.order_id or one.order_id)
    for row in _following(merge):
        kept = wanted.pop((row.user_id, row.duty, row.valid_from), None)
        if kept is None:
            db.session.delete(row)
        else:
            row.valid_to, row.order_id = kept
    for (user_id, duty, first), (last, order_id) in wanted.items():
        db.session.add(
            GroupStaff(
                group_id=merge.into_id,
                user_id=user_id,
                valid_from=first,
                valid_to=last,
                duty=duty,
                order_id=order_id,
                merge_id=merge.id,
            )
        )
    db.session.flush()


def _follow_all(group_id: int, since: date) -> None:
    """Who works in the group has changed from a day on."""
    chosen = select(GroupMerge).where(GroupMerge.group_id == group_id, GroupMerge.last >= since)
    for merge in db.session.scalars(chosen).all():
        follow_merge(merge)


def unfollow_merge(merge: GroupMerge) -> None:
    """The merge does not take place: nobody has the other group by it."""
    for row in _following(merge):
        db.session.delete(row)
    db.session.flush()


def _following(merge: GroupMerge) -> list[GroupStaff]:
    return list(db.session.scalars(select(GroupStaff).where(GroupStaff.merge_id == merge.id)))
