"""Codes of a child: in accounting (B3), and personal ones, sealed and shown only after the showing is on record."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.children.models import Child, Guardian, PayerCode, PersonalCode
from ediary.children.rules import OF_CHILD, code_fault, of_guardian, tidy_code
from ediary.children.words import CODE_FAULTS
from ediary.core.dates import ONE_DAY
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.history import record
from ediary.core.secrets import blind_index, seal
from ediary.core.settled import one_at_a_time

# --- in accounting --------------------------------------------------------------------------------------------------


def set_payer_code(child_id: int, code: str, day: date) -> PayerCode | None:
    """From this day on the child's payments come under this code; empty = it has none any more.

    What was entered on the same day, or to begin later, is written over. Raises BadInput when another child has it.
    """
    code = tidy_code(code)
    _take(child_id)
    current = db.session.scalars(
        select(PayerCode).where(PayerCode.child_id == child_id, PayerCode.valid_to.is_(None))
    ).one_or_none()
    if (current.code if current else "") == code:
        return current
    if code and db.session.scalar(select(PayerCode.id).where(PayerCode.code == code, PayerCode.valid_to.is_(None))):
        raise BadInput(_("Another child has this code. Look at it once more."))
    if current is not None and current.valid_from < day:
        current.valid_to = day - ONE_DAY
        db.session.flush()
        current = None
    if current is None and not code:
        return None
    if current is not None and not code:
        db.session.delete(current)
        db.session.flush()
        return None
    if current is None:
        current = PayerCode(child_id=child_id, valid_from=day, valid_to=None)
        db.session.add(current)
    current.code = code
    db.session.flush()
    return current


def _take(child_id: int) -> Child:
    """One at a time writes codes in a house: the second is told what the first did. Raises NotFound."""
    one_at_a_time()
    child = db.session.scalars(select(Child).where(Child.id == child_id)).one_or_none()
    if child is None:
        raise NotFound
    return child


# --- personal -------------------------------------------------------------------------------------------------------


def set_personal_code(child_id: int, of: str, text: str, *, is_foreign: bool = False) -> PersonalCode:
    """Enter or replace a code. Raises BadInput with what is wrong with it, or when another child has it.

    `of`: OF_CHILD or `of_guardian(id)` of the child's own parents; NotFound for anybody else.
    """
    child, code = _take(child_id), tidy_code(text)
    if of != OF_CHILD and of not in {of_guardian(one) for one in _guardian_ids(child_id)}:
        raise NotFound
    fault = code_fault(code, child.birth_date if of == OF_CHILD else None, is_foreign=is_foreign)
    if fault is not None:
        raise BadInput(CODE_FAULTS[fault])
    lookup = blind_index(code)
    if of == OF_CHILD and db.session.scalar(
        select(PersonalCode.id).where(
            PersonalCode.lookup == lookup, PersonalCode.of == of, PersonalCode.child_id != child_id
        )
    ):
        raise BadInput(_("This code is entered for another child already. Look at it once more."))
    row = db.session.scalars(
        select(PersonalCode).where(PersonalCode.child_id == child_id, PersonalCode.of == of)
    ).one_or_none()
    if row is None:
        row = PersonalCode(child_id=child_id, of=of)
        db.session.add(row)
    if row.lookup != lookup:
        row.sealed, row.lookup = seal(code), lookup
    db.session.flush()
    return row


def _guardian_ids(child_id: int) -> list[int]:
    return list(db.session.scalars(select(Guardian.id).where(Guardian.child_id == child_id)))


def personal_code(child_id: int, code_id: int) -> PersonalCode:
    """Raises NotFound."""
    found = db.session.scalars(
        select(PersonalCode).where(PersonalCode.id == code_id, PersonalCode.child_id == child_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def remove_personal_code(child_id: int, code_id: int) -> None:
    """Entered by mistake, or no longer needed: nothing of it stays but that it was removed."""
    db.session.delete(personal_code(child_id, code_id))
    db.session.flush()


def note_showing(child_id: int, code_id: int) -> None:
    """Put it on record that a code is shown; only after this transaction may it be (architecture 10)."""
    row = personal_code(child_id, code_id)
    record("shown", row, of=row.of)
