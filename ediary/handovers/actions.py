"""Substitutes, their hours, the word left on the card, a leaver's checked hand-over (A3, A9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.core.dates import ONE_DAY, Month, covers, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.history import record
from ediary.core.locks import held
from ediary.core.orders import Order
from ediary.groups import actions as groups
from ediary.groups import queries as group_queries
from ediary.groups.actions import Term
from ediary.groups.models import Group, GroupStaff
from ediary.handovers import queries
from ediary.handovers.leavers import LeaverPage, leaver_page
from ediary.handovers.models import NOTE_LENGTH, REMARKS_LENGTH, CardNote, LeaverCheck, WorkedDay
from ediary.handovers.queries import Post
from ediary.handovers.rules import Worked
from ediary.institutions import actions as institutions
from ediary.notices import actions as notices
from ediary.staff import actions as staff

#: where a notice leads whose group may not have opened yet
HOME = "/"

# --- substitutes ----------------------------------------------------------------------------------------------------


def substitute(post: Post, user_id: int, term: Term, order: Order) -> GroupStaff:
    """Somebody stands in for somebody in a group, from-to: access opens and closes with the days by itself (A3).

    Raises BadInput for oneself, days outside the group's year, or who has the group on one of them already.
    """
    if user_id == post.user_id:
        raise BadInput(_("Nobody stands in for themselves. Choose somebody else."))
    row = groups.assign_by_order(post.group_id, user_id, post.duty, term, order)
    row.substitutes_id = post.user_id
    db.session.flush()
    notices.tell(
        [user_id],
        _(
            "You stand in for %(name)s in group “%(group)s”, %(first)s – %(last)s. The group opens by itself.",
            name=post.name,
            group=post.group_name,
            first=term.first.isoformat(),
            last=term.last.isoformat(),
        ),
        HOME,
    )
    return row


def change(staff_id: int, term: Term, order: Order) -> None:
    """Correct a substitution: all of it before it begins, then its end. Raises NotFound, BadInput."""
    groups.change_assignment(queries.substitution(staff_id).group_id, staff_id, term, order)


def withdraw(staff_id: int) -> None:
    """Take back a substitution that has not begun. Raises NotFound, BadInput."""
    groups.withdraw_assignment(queries.substitution(staff_id).group_id, staff_id)


# --- hours ----------------------------------------------------------------------------------------------------------


def correct_hours(staff_id: int, month: Month, worked: Mapping[date, Worked | None]) -> int:
    """What these days of an assignment really took; None = as planned. Gives how many days were changed.

    Raises NotFound, or BadInput for a day on which the assignment does not hold.
    """
    row = db.session.scalars(select(GroupStaff).where(GroupStaff.id == staff_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    stored = {
        one.day: one
        for one in db.session.scalars(
            select(WorkedDay).where(
                WorkedDay.staff_id == staff_id, WorkedDay.day >= month.first, WorkedDay.day <= month.last
            )
        )
    }
    changed = 0
    for day, what in sorted(worked.items()):
        if not covers(row.valid_from, row.valid_to, day) or Month.of(day) != month:
            raise BadInput(
                _("On %(day)s this person did not have the group. Nothing was changed.", day=day.isoformat())
            )
        changed += _correct(staff_id, day, what, stored.get(day))
    db.session.flush()
    return changed


def _correct(staff_id: int, day: date, what: Worked | None, stored: WorkedDay | None) -> bool:
    if what is None:
        if stored is not None:
            db.session.delete(stored)
        return stored is not None
    if stored is None:
        db.session.add(WorkedDay(staff_id=staff_id, day=day, minutes=what.minutes, note=what.note))
        return True
    before = (stored.minutes, stored.note)
    stored.minutes, stored.note = what.minutes, what.note
    return before != (what.minutes, what.note)


# --- the card -------------------------------------------------------------------------------------------------------


def leave_note(group_id: int, day: date, text: str, by: str) -> None:
    """A word for whoever takes the group over on a day; empty = none. Raises NotFound, BadInput."""
    group_queries.group(group_id)
    if len(text) > NOTE_LENGTH:
        raise BadInput(_("The note is longer than %(count)s characters. Make it shorter.", count=NOTE_LENGTH))
    if day < held().today:
        raise BadInput(_("%(day)s is over. Nothing was written.", day=day.isoformat()))
    stored = db.session.scalars(
        select(CardNote).where(CardNote.group_id == group_id, CardNote.day == day).with_for_update()
    ).one_or_none()
    if not text.strip():
        if stored is not None:
            db.session.delete(stored)
    elif stored is None:
        db.session.add(CardNote(group_id=group_id, day=day, text=text.strip(), written_at=held().now, written_by=by))
    else:
        stored.text, stored.written_at, stored.written_by = text.strip(), held().now, by
    db.session.flush()


def note_print(group_id: int, day: date, check: str) -> None:
    """The card with children's health lines and telephones is on paper: on record before it is given out."""
    record("print", group_queries.group(group_id), paper="handover_card", day=day, check=check)


# --- a leaver -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """What the deputy says of a leaver's records: to whom they go, by what order, with what remarks."""

    successor_id: int | None
    order: Order | None
    remarks: str
    #: the deputy hands over although something is missing
    despite: bool


def hand_over(employee_id: int, last_day: date, decision: Decision, by: str) -> LeaverCheck:
    """A leaver's records are checked and go to a successor from the day after; the leaver's work here ends (K 18).

    Raises NotFound; BadInput when something is missing and the deputy has not said to hand over all the same, with
    remarks, or when the successor cannot have the groups.
    """
    page = leaver_page(employee_id, last_day)
    if page.is_missing and not (decision.despite and decision.remarks.strip()):
        raise BadInput(
            _("Something is still missing. Let it be written first, or confirm it and say in the remarks how it is.")
        )
    if len(decision.remarks) > REMARKS_LENGTH:
        raise BadInput(_("The remarks are longer than %(count)s characters.", count=REMARKS_LENGTH))
    if decision.successor_id is not None and page.to_hand_over:
        _let_follow(page, decision.successor_id, decision.order)
    if page.user_id is not None:
        groups.end_assignments(page.user_id, page.last_day)
    staff.end_employment(page.employee_id, page.last_day)
    check = LeaverCheck(
        employee_id=page.employee_id,
        successor_id=decision.successor_id,
        order_id=institutions.order_id(decision.order),
        last_day=page.last_day,
        remarks=decision.remarks.strip(),
        found=page.found(),
        checked_at=held().now,
        checked_by=by,
    )
    db.session.add(check)
    db.session.flush()
    return check


def _let_follow(page: LeaverPage, successor_id: int, order: Order | None) -> None:
    """The successor has each group of the leaver's from the day after, to the end the leaver had."""
    if order is None:
        raise BadInput(_("The successor gets the groups by the director's order: write its number and day."))
    duties = {one.duty for one in page.people if one.user_id == successor_id}
    chosen = select(Group.id, Group.school_year).where(Group.id.in_([one.group_id for one in page.to_hand_over]))
    years = {row.id: row.school_year for row in db.session.execute(chosen)}
    first = page.last_day + ONE_DAY
    for one in page.to_hand_over:
        if one.duty not in duties:
            raise BadInput(_("The successor does not hold the role that group “%(name)s” needs.", name=one.group))
        last = one.last or school_year_span(years[one.group_id])[1]
        if group_queries.works_as(one.group_id, successor_id, one.duty, first, last):
            continue  # has the group already
        if first <= last:
            groups.assign_by_order(one.group_id, successor_id, one.duty, Term(first, last), order)
            said = {"group": one.group, "name": page.name, "day": first.isoformat()}
            text = _("Group “%(group)s” is yours from %(day)s on: %(name)s has handed it over.", **said)
            notices.tell([successor_id], text, HOME)


def note_act_print(check_id: int, check: str) -> None:
    """The act is on paper: on record before it is given out. Raises NotFound."""
    row = db.session.scalars(select(LeaverCheck).where(LeaverCheck.id == check_id)).one_or_none()
    if row is None:
        raise NotFound
    record("print", row, paper="leaver_act", check=check)
