"""A copy is put on record before anything is read for it: who asked, on what ground, by whom it is made (H5)."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from ediary.children.models import ChildFile, Particulars, PersonalCode
from ediary.children.rules import SpecialNeeds
from ediary.copies.gather import codes_of
from ediary.copies.models import Copy, Format
from ediary.copies.subjects import Subject
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.history import record
from ediary.core.locks import held


@dataclass(frozen=True)
class Asked:
    """What is asked for: as what, by whom, on what ground, and whether with what is sensitive."""

    format: Format
    asked_by: str
    ground: str
    with_codes: bool
    with_health: bool


def note(subject: Subject, asked: Asked, of: dict[str, int], made_by: str) -> int:
    """Put the copy on record, and each code, health line and document that goes into it. Returns its id.

    `of`: the column of `Copy` that says whose it is, with the id.
    """
    copy = Copy(
        name=subject.name,
        format=asked.format,
        asked_by=asked.asked_by,
        ground=asked.ground,
        with_codes=asked.with_codes,
        with_health=asked.with_health,
        made_at=held().now,
        made_by=made_by,
        **of,
    )
    db.session.add(copy)
    db.session.flush()
    if asked.with_codes:
        for code in db.session.scalars(select(PersonalCode).where(codes_of(subject))):
            record("shown", code, of=code.of, copy=copy.id)
    if subject.child_id is None:
        return copy.id
    if asked.with_health:
        needs = Particulars(child_id=subject.child_id, special_needs=SpecialNeeds.NONE)
        record("opened", needs, section="needs", copy=copy.id)
    if asked.format is Format.ZIP:
        for file in db.session.scalars(select(ChildFile).where(ChildFile.child_id == subject.child_id)):
            record("opened", file, copy=copy.id)
    return copy.id


def made(copy_id: int, content: bytes) -> None:
    """The copy is made: what it is known by."""
    copy = db.session.scalars(select(Copy).where(Copy.id == copy_id)).one_or_none()
    if copy is None:
        raise NotFound
    copy.sha256, copy.size = sha256(content).hexdigest(), len(content)
    db.session.flush()
