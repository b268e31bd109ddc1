"""Keeping a child's card true: particulars, parents, who else may collect, what the parents agreed to (B1, B4).

What held once is closed, not removed. `seen` is the print of what the person had before them (`prints`): if it is no
longer so, somebody was faster, and nothing is written over theirs. Empty = not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.children.models import Child, Collector, Consent, Guardian, Particulars
from ediary.children.prints import needs_print, particulars_print, person_print
from ediary.children.rules import ConsentKind, Relation, SpecialNeeds, tidy
from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale


def _still(seen: str, found: str) -> None:
    if seen and seen != found:
        raise Stale(_("Somebody changed this meanwhile. Nothing was written; look at it as it is now."))


# --- the child itself -----------------------------------------------------------------------------------------------


def child_of(child_id: int) -> Child:
    """Raises NotFound for a child this user does not have by name."""
    found = db.session.scalars(select(Child).where(Child.id == child_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def particulars_of(child_id: int) -> Particulars | None:
    return db.session.scalars(select(Particulars).where(Particulars.child_id == child_id)).one_or_none()


def _empty(child_id: int) -> Particulars:
    row = Particulars(
        child_id=child_id, address="", languages="", special_needs=SpecialNeeds.NONE, needs_note="", family_note=""
    )
    db.session.add(row)
    return row


@dataclass(frozen=True)
class Told:
    """What the card says of the child itself."""

    first_name: str
    last_name: str
    birth_date: date
    address: str
    languages: str
    family_note: str


def set_particulars(child_id: int, told: Told, seen: str = "") -> None:
    """Name and birth date, where the child lives, what is spoken at home, what educators should know."""
    child, row = child_of(child_id), particulars_of(child_id)
    _still(seen, particulars_print(child, row))
    row = row or _empty(child_id)
    row.address, row.languages = tidy(told.address), tidy(told.languages)
    row.family_note = told.family_note.strip()
    db.session.flush()  # refuses whom one knows by name only
    child.first_name, child.last_name = tidy(told.first_name), tidy(told.last_name)
    child.birth_date = told.birth_date
    db.session.flush()


def set_needs(child_id: int, special_needs: SpecialNeeds, note: str, seen: str = "") -> None:
    """Special educational needs, and what they ask of those who have the child."""
    row = particulars_of(child_id)
    _still(seen, needs_print(row))
    row = row or _empty(child_id)
    row.special_needs, row.needs_note = special_needs, note.strip()
    db.session.flush()


# --- those around it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contact:
    """Who a person around the child is, how they are reached, from when until when it holds."""

    first_name: str
    last_name: str
    phone: str
    valid_from: date
    valid_to: date | None = None


def _guardian(child_id: int, guardian_id: int) -> Guardian:
    found = db.session.scalars(
        select(Guardian).where(Guardian.id == guardian_id, Guardian.child_id == child_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _check_span(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise BadInput(_("The last day is before the first."))


def add_guardian(
    child_id: int, contact: Contact, *, relation: Relation, email: str, address: str, may_collect: bool
) -> Guardian:
    """Another parent or guardian."""
    row = Guardian(child_id=child_id)
    _write_guardian(row, contact, relation, email, address, may_collect=may_collect)
    db.session.add(row)
    db.session.flush()
    return row


def change_guardian(
    child_id: int,
    guardian_id: int,
    contact: Contact,
    *,
    relation: Relation,
    email: str,
    address: str,
    may_collect: bool,
    seen: str = "",
) -> Guardian:
    """Correct what is said of a parent, or end it: after the last day their log-in no longer sees the child."""
    row = _guardian(child_id, guardian_id)
    _still(seen, person_print(row))
    _write_guardian(row, contact, relation, email, address, may_collect=may_collect)
    db.session.flush()
    return row


def _write_guardian(
    row: Guardian, contact: Contact, relation: Relation, email: str, address: str, *, may_collect: bool
) -> None:
    _write_contact(row, contact)
    row.relation, row.may_collect = relation, may_collect
    row.email, row.address = tidy(email).lower(), tidy(address)


def _write_contact(row: Guardian | Collector, contact: Contact) -> None:
    _check_span(contact.valid_from, contact.valid_to)
    row.first_name, row.last_name = tidy(contact.first_name), tidy(contact.last_name)
    row.phone, row.valid_from, row.valid_to = tidy(contact.phone), contact.valid_from, contact.valid_to


def add_collector(child_id: int, contact: Contact, relation: str) -> Collector:
    """Another person may bring and collect the child."""
    row = Collector(child_id=child_id, relation=tidy(relation))
    _write_contact(row, contact)
    db.session.add(row)
    db.session.flush()
    return row


def change_collector(child_id: int, collector_id: int, contact: Contact, relation: str, seen: str = "") -> Collector:
    """Correct or end it."""
    row = db.session.scalars(
        select(Collector).where(Collector.id == collector_id, Collector.child_id == child_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    _still(seen, person_print(row))
    _write_contact(row, contact)
    row.relation = tidy(relation)
    db.session.flush()
    return row


# --- consents -------------------------------------------------------------------------------------------------------


def answer_consent(
    child_id: int,
    kind: ConsentKind,
    *,
    is_given: bool,
    said_by: str,
    said_on: date,
    valid_from: date,
    valid_to: date | None = None,
) -> Consent:
    """What the parents answered, from a day on: what held before ends the day before, a later answer stays.

    An answer that began on the same day is corrected; the history keeps what it was.
    """
    _check_span(valid_from, valid_to)
    answers = db.session.scalars(
        select(Consent).where(Consent.child_id == child_id, Consent.kind == kind).order_by(Consent.valid_from)
    )
    row = None
    for answer in answers:
        if answer.valid_from == valid_from:
            row = answer
        elif answer.valid_from > valid_from:
            valid_to = min(valid_to or answer.valid_from, answer.valid_from - ONE_DAY)
            break
        elif answer.valid_to is None or answer.valid_to >= valid_from:
            answer.valid_to = valid_from - ONE_DAY
    if row is None:
        row = Consent(child_id=child_id, kind=kind, valid_from=valid_from)
        db.session.add(row)
    row.is_given, row.said_by, row.said_on, row.valid_to = is_given, tidy(said_by), said_on, valid_to
    db.session.flush()
    return row
