"""What a role is told of today, the most urgent first, and nothing else: each line leads to where it is seen to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from ediary.accounts.models import User
from ediary.analysis.queries import missing_long
from ediary.analysis.rules import LONG_DAYS
from ediary.attendance.models import Outage
from ediary.cards.payers import payers_page
from ediary.children import lists
from ediary.children.lists import Stay
from ediary.children.models import Departure, Enrolment
from ediary.core import clock
from ediary.core.dates import Month, school_year_of
from ediary.core.db import db
from ediary.core.i18n import day_short, month_long, name_key, weekday
from ediary.core.permissions import Role
from ediary.core.points import DayPoint
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group, GroupStaff
from ediary.groups.queries import groups_on
from ediary.groups.rules import Duty
from ediary.institutions.models import Document, DocumentKind
from ediary.papers import queries as papers
from ediary.supervision.models import Check, Remark
from ediary.transfers.queries import shared_list

#: what begins or ends within these days is of this week
AHEAD = timedelta(days=6)
#: so many are named; more are counted
NAMED = 3


class Urgency(IntEnum):
    """How a line stands out."""

    NOW = 1
    SOON = 2
    NEWS = 3


@dataclass(frozen=True)
class Line:
    """One thing to know or to do today."""

    text: str
    url: str
    icon: str
    urgency: Urgency = Urgency.NEWS


def lines() -> list[Line]:
    """Those of this request's role. At most one statement each; of papers, a few for each month still open."""
    role, today = scope().role, clock.today()
    found = [line for make in _OF_ROLE.get(role, ()) for line in make(today)] if role else []
    return sorted(found, key=lambda line: line.urgency)


def _day(day: date, today: date) -> str:
    """„šiandien“, „rytoj“, else the day of the week and the date."""
    if day == today:
        return _("today")
    if day == today + timedelta(days=1):
        return _("tomorrow")
    return f"{weekday(day)}, {day_short(day)}"


# --- the house ------------------------------------------------------------------------------------------------------


def _unstaffed(today: date) -> list[Line]:
    """Groups with children and without an educator: nobody can mark them."""
    educator = exists().where(
        GroupStaff.group_id == Group.id, GroupStaff.duty == Duty.EDUCATOR, valid_on(GroupStaff, today)
    )
    peopled = exists().where(Enrolment.group_id == Group.id, valid_on(Enrolment, today))
    names = sorted(db.session.scalars(select(Group.name).where(peopled, ~educator)), key=name_key)
    if not names:
        return []
    if len(names) > NAMED:
        text = ngettext(
            "Nobody works today in %(num)s group: its children cannot be marked",
            "Nobody works today in %(num)s groups: their children cannot be marked",
            len(names),
        )
    else:
        text = ngettext(
            "Nobody works today in %(names)s: its children cannot be marked",
            "Nobody works today in %(names)s: their children cannot be marked",
            len(names),
            names=", ".join(names),
        )
    return [Line(text, url_for("groups.index"), "people", Urgency.NOW)]


_FOR = aliased(User)


def _substitutes(today: date) -> list[Line]:
    """Terms that begin or end this week."""
    last = today + AHEAD
    rows = db.session.execute(
        select(
            GroupStaff.id,
            GroupStaff.valid_from,
            GroupStaff.valid_to,
            Group.name,
            User.first_name,
            User.last_name,
        )
        .join(Group, Group.id == GroupStaff.group_id)
        .join(User, User.id == GroupStaff.user_id)
        .where(
            GroupStaff.substitutes_id.is_not(None),
            GroupStaff.valid_from.between(today, last) | GroupStaff.valid_to.between(today, last),
        )
        .order_by(GroupStaff.valid_from, GroupStaff.id)
    ).all()
    found = [_substitute(row, today) for row in rows[:NAMED]]
    if len(rows) > NAMED:
        more = len(rows) - NAMED
        text = ngettext("%(num)s more substitution this week", "%(num)s more substitutions this week", more)
        found.append(Line(text, url_for("handovers.index"), "people", Urgency.SOON))
    return found


def _substitute(row: Any, today: date) -> Line:
    told = {"name": f"{row.first_name} {row.last_name}", "group": row.name}
    if row.valid_from >= today:
        text = _("%(name)s stands in from %(day)s: %(group)s", day=_day(row.valid_from, today), **told)
    else:
        text = _("%(name)s stands in until %(day)s: %(group)s", day=_day(row.valid_to, today), **told)
    return Line(text, url_for("handovers.substitution", staff_id=row.id), "people", Urgency.SOON)


def _nowhere(_today: date) -> list[Line]:
    """Children without a place."""
    count = lists.listed(Stay.NOWHERE, "", None, None).total
    if not count:
        return []
    text = ngettext("%(num)s child has no place in a group", "%(num)s children have no place in a group", count)
    return [Line(text, url_for("children.index", stay="nowhere"), "child", Urgency.SOON)]


def _offers(_today: date) -> list[Line]:
    """Children other kindergartens offer (V 9)."""
    count = len(shared_list())
    if not count:
        return []
    text = ngettext("%(num)s child on the shared list waits", "%(num)s children on the shared list wait", count)
    return [Line(text, url_for("transfers.offers"), "child")]


def _leaving(today: date) -> list[Line]:
    """Whose last day is this week."""
    count = db.session.scalar(select(func.count(Departure.id)).where(Departure.day.between(today, today + AHEAD))) or 0
    if not count:
        return []
    text = ngettext("%(num)s child leaves this week", "%(num)s children leave this week", count)
    return [Line(text, url_for("transfers.index"), "out")]


def _unnamed_orders(_today: date) -> list[Line]:
    """Orders known by their number only: who has them in hand writes what they say (A6)."""
    named = select(func.count(Document.id)).where(Document.kind == DocumentKind.ORDER, Document.title == "")
    count = db.session.scalar(named) or 0
    if not count:
        return []
    text = ngettext(
        "%(num)s order is known by its number only: write what it is about",
        "%(num)s orders are known by their number only: write what they are about",
        count,
    )
    return [Line(text, url_for("documents.index"), "folder", Urgency.SOON)]


# --- the children of one's groups -----------------------------------------------------------------------------------


def _birthdays(today: date) -> list[Line]:
    """Whom to wish well this week, from today on, where the parents agreed (B4)."""
    born = [one for one in lists.birthdays(today).birthdays if one.day >= today]
    if not born:
        return []
    named = ", ".join(f"{one.name} ({_day(one.day, today)})" for one in born[:NAMED])
    if len(born) > NAMED:
        more = len(born) - NAMED
        named += " " + ngettext("and %(num)s more", "and %(num)s more", more)
    return [Line(_("Birthdays: %(names)s", names=named), url_for("children.this_week"), "cake")]


def _coming(today: date) -> list[Line]:
    """Who comes for the first time this week."""
    rows = lists.listed(Stay.COMING, "", None, None).rows
    soon = [row for row in rows if row.since is not None and row.since <= today + AHEAD]
    if not soon:
        return []
    named = ", ".join(f"{row.name} ({_day(row.since, today)})" for row in soon[:NAMED] if row.since)
    text = _("Comes: %(names)s", names=named)
    if len(soon) > NAMED:
        more = len(soon) - NAMED
        text += " " + ngettext("and %(num)s more", "and %(num)s more", more)
    return [Line(text, url_for("children.index", stay="coming"), "child", Urgency.SOON)]


def _health_due(today: date) -> list[Line]:
    """By 15 October the health specialist brings the data up to date (S II.8)."""
    due = date(today.year, 10, 15)
    if not date(today.year, 9, 1) <= today <= due:
        return []
    text = _("Children's health data are brought up to date by %(day)s", day=day_short(due))
    return [Line(text, url_for("children.index"), "clock", Urgency.SOON)]


def _papers(today: date) -> list[Line]:
    """What absences still lack while it may come: of this month, and of the last one until it is counted (C3)."""
    ids = [group.id for group in groups_on(today)]
    awaited = [one for month in papers.open_months(today) for one in papers.missing(ids, month) if not one.is_late]
    due = [one.due for one in awaited if one.has_term]
    if not due:
        return []
    text = ngettext("%(num)s absence awaits a paper", "%(num)s absences await a paper", len(awaited))
    told = _("%(text)s, the first until %(day)s", text=text, day=_day(min(due), today))
    urgency = Urgency.NOW if min(due) <= today else Urgency.SOON
    return [Line(told, url_for("papers.missing", month=Month.of(today)), "paper", urgency)]


# --- money ----------------------------------------------------------------------------------------------------------


def _payers(_today: date) -> list[Line]:
    """Newcomers without a payer's code, by 15 September (S II.12)."""
    page = payers_page("", everybody=False)
    if not page.missing:
        return []
    text = ngettext("%(num)s child has no payer's code", "%(num)s children have no payer's code", page.missing)
    if not page.is_late:
        text = _("%(text)s: due by %(day)s", text=text, day=day_short(page.due))
    urgency = Urgency.NOW if page.is_late else Urgency.SOON
    return [Line(text, url_for("cards.payer_codes"), "key", urgency)]


# --- watching over --------------------------------------------------------------------------------------------------


def _remarked(_today: date) -> list[Line]:
    """Remarks that wait for this person: to be answered, or, of one's own, to be closed."""
    mine, is_answered = Remark.person_id == scope().user_id, Remark.answered_at.is_not(None)
    to_answer, to_close = db.session.execute(
        select(
            func.count(Remark.id).filter(mine, ~is_answered),
            func.count(Remark.id).filter(Remark.author_id == scope().user_id, is_answered),
        ).where(Remark.closed_at.is_(None))
    ).one()
    found, url = [], url_for("supervision.remarks_list")
    if to_answer:
        text = ngettext("%(num)s remark waits for your answer", "%(num)s remarks wait for your answer", to_answer)
        found.append(Line(text, url, "remark", Urgency.SOON))
    if to_close:
        text = ngettext("%(num)s answered remark can be closed", "%(num)s answered remarks can be closed", to_close)
        found.append(Line(text, url, "remark"))
    return found


def _missing_long(_today: date) -> list[Line]:
    """Who has not come for longer than the child welfare commission lets pass unasked."""
    count = missing_long(LONG_DAYS)
    if not count:
        return []
    text = ngettext(
        "%(num)s child has missed more than %(days)s working days running",
        "%(num)s children have missed more than %(days)s working days running",
        count,
        days=LONG_DAYS,
    )
    return [Line(text, url_for("analysis.index"), "chart", Urgency.SOON)]


def _on_paper(_today: date) -> list[Line]:
    """Days written on paper that wait for a head to open them."""
    rows = db.session.execute(
        select(Outage.group_id, Outage.day, Outage.cause, Group.name)
        .join(Group, Group.id == Outage.group_id)
        .outerjoin(DayPoint, (DayPoint.group_id == Outage.group_id) & (DayPoint.day == Outage.day))
        .where(Outage.entered_at.is_(None), DayPoint.open_until.is_(None) | (DayPoint.open_until < clock.now()))
        .order_by(Outage.day, Outage.group_id)
        .limit(NAMED)
    )
    return [
        Line(
            _(
                "Written on paper, to be opened: %(group)s, %(day)s (%(cause)s)",
                group=name,
                day=day_short(day),
                cause=cause,
            ),
            url_for("outages.day", day=day, group_id=group_id),
            "paper",
            Urgency.NOW,
        )
        for group_id, day, cause, name in rows
    ]


def _unchecked(today: date) -> list[Line]:
    """Last month's groups that nobody has checked on record (K 23.1: at least monthly)."""
    month = Month.of(today).previous
    checked = exists().where(Check.group_id == Group.id, Check.month == month)
    year = school_year_of(month.first)
    count = db.session.scalar(select(func.count(Group.id)).where(Group.school_year == year, ~checked)) or 0
    if not count:
        return []
    text = ngettext(
        "%(num)s group's filling-in is not checked: %(month)s",
        "%(num)s groups' filling-in is not checked: %(month)s",
        count,
        month=month_long(month),
    )
    return [Line(text, url_for("supervision.month", month=month), "watch", Urgency.SOON)]


_HOUSE = (_unstaffed, _substitutes, _nowhere, _leaving, _offers)
_HEADS = (_on_paper, _remarked, *_HOUSE, _unchecked)
_OF_ROLE: dict[Role, tuple[Callable[[date], list[Line]], ...]] = {
    Role.EDUCATOR: (_remarked, _papers, _coming, _birthdays),
    Role.ARTS_TEACHER: (_remarked, _coming, _birthdays),
    Role.SPEECH_THERAPIST: (_remarked, _coming, _birthdays),
    Role.HEALTH_SPECIALIST: (_remarked, _health_due, _coming),
    Role.SOCIAL_PEDAGOGUE: (_remarked, _papers, _missing_long, _coming),
    Role.ACCOUNTANT: (_remarked, _payers),
    Role.DIETITIAN: (_remarked,),
    Role.SECRETARY: (_remarked, _unnamed_orders, _leaving, _offers),
    Role.DIRECTOR: _HEADS,
    Role.DEPUTY: _HEADS,
    Role.ADMINISTRATOR: (_remarked, *_HOUSE, _unnamed_orders),
}
