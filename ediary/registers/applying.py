"""Writing a list into the diary: all of it or nothing (A4). While it writes, every tap of the house waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ediary.accounts.models import User
from ediary.core.dates import school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput, Stale
from ediary.core.locks import GroupDay, held
from ediary.core.settled import one_at_a_time
from ediary.groups.models import Group
from ediary.groups.rules import AgeBand, Programme
from ediary.registers.applying_children import write_children
from ediary.registers.ledger import Ledger
from ediary.registers.models import Import
from ediary.registers.ready import Ready, by_id
from ediary.registers.rules import Entry, Field, Kind
from ediary.registers.vocabulary import plain
from ediary.staff import actions as staff
from ediary.staff import queries as employees
from ediary.staff.models import Employee
from ediary.staff.rules import Term

F = Field


def points(made: Import, ready: Ready, today: date) -> list[GroupDay]:
    """The groups whose today the writing touches: none when everything begins later."""
    if made.kind is not Kind.CHILDREN or ready.choices.starts_on > today:
        return []
    ids = db.session.scalars(select(Group.id).where(Group.school_year.in_((made.school_year, made.school_year - 1))))
    return [GroupDay(group_id, today) for group_id in sorted(ids)]


def write(made: Import, ready: Ready) -> Ledger:
    """All of the list. Raises BadInput for a day that is past, Stale when somebody enters the same at this moment,
    and what the fence raises for a day the kitchen has closed."""
    if ready.choices.starts_on < held().today and made.kind is Kind.CHILDREN:
        raise BadInput(
            _("New places begin today at the earliest: what was is not changed by a list. Choose the day anew.")
        )
    last = school_year_span(made.school_year)[1]
    if ready.choices.starts_on > last:
        raise BadInput(_("The school year ends on %(day)s. Choose an earlier day.", day=last.isoformat()))
    one_at_a_time()
    ledger = Ledger()
    try:
        {Kind.CHILDREN: write_children, Kind.EMPLOYEES: _employees, Kind.GROUPS: _groups}[made.kind](
            made, ready, ledger
        )
        db.session.flush()
    except IntegrityError as clash:
        raise Stale(_("Somebody has entered one of these meanwhile. Nothing was changed; compare anew.")) from clash
    return ledger


# --- employees, groups ----------------------------------------------------------------------------------------------


def _employees(made: Import, ready: Ready, ledger: Ledger) -> None:
    ids = ledger.write(
        [
            Employee(
                first_name=entry.values[F.FIRST_NAME],
                last_name=entry.values[F.LAST_NAME],
                email=entry.values[F.EMAIL],
                phone=entry.values.get(F.PHONE, ""),
                position=entry.values.get(F.POSITION, ""),
                valid_from=_since(entry, ready.choices.starts_on),
            )
            for entry in ready.new
        ]
    )
    _give_roles(ready, ready.new, ids, ledger)
    changed = ready.changed
    rows = by_id(Employee, Employee.id, [one.matched_id for one, _entry in changed if one.matched_id is not None])
    for one, entry in changed:
        since = _since(entry, ready.choices.starts_on)
        values: dict[str, Any] = {
            change.field.value: change.new for change in one.changes if change.field is not F.SINCE
        }
        row = rows[one.matched_id or 0]
        if any(change.field is F.SINCE for change in one.changes):  # works here again
            values["valid_to"] = None
            if row.valid_to is not None and since > row.valid_to:
                values["valid_from"] = since
        ledger.change(row, **values)
        names = {name: value for name, value in values.items() if name in ("first_name", "last_name")}
        if names and row.user_id is not None and employees.is_of_this_house(row.user_id):
            ledger.change(db.session.get_one(User, row.user_id), **names)


def _give_roles(ready: Ready, entries: list[Entry], ids: list[int], ledger: Ledger) -> None:
    """The role that goes with the position, and with the first role the log-in."""
    for entry, employee_id in zip(entries, ids, strict=True):
        role = ready.choices.roles.get(plain(entry.values.get(F.POSITION, "")))
        if role is not None:
            first = max(_since(entry, ready.choices.starts_on), ready.choices.starts_on)
            membership = staff.give_role(employee_id, role, Term(first, None))
            ledger.made["accounts_user"].append(membership.user_id)
            ledger.note(membership)


def _since(entry: Entry, starts_on: date) -> date:
    since = entry.values.get(F.SINCE)
    return date.fromisoformat(since) if since else starts_on


def _groups(made: Import, ready: Ready, ledger: Ledger) -> None:
    ledger.write(
        [Group(school_year=made.school_year, name=entry.values[F.TITLE], **_of_group(entry)) for entry in ready.new]
    )
    changed = ready.changed
    rows = by_id(Group, Group.id, [one.matched_id for one, _entry in changed if one.matched_id is not None])
    for one, entry in changed:
        fields = {change.field for change in one.changes}
        values = _of_group(replace(entry, values={field: entry.values[field] for field in fields}))
        if F.TITLE in fields:
            values["name"] = entry.values[F.TITLE]
        ledger.change(rows[one.matched_id or 0], **values)


def _of_group(entry: Entry) -> dict[str, Any]:
    """What the row says of a group, under the names and in the types of its columns."""
    said = entry.values
    values: dict[str, Any] = {field.value: said[field] for field in (F.LANGUAGE, F.ROOM, F.KITCHEN) if field in said}
    if F.AGE_BAND in said:
        values["age_band"] = AgeBand(said[F.AGE_BAND])
    if F.PROGRAMME in said:
        values["programme"] = Programme(said[F.PROGRAMME])
    if F.HOURS in said:
        values["minutes_a_day"] = int(said[F.HOURS])
    if F.PLACES in said:
        values["places"] = int(said[F.PLACES])
    return values
