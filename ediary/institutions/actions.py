"""Making an institution; its orders."""

from __future__ import annotations

from datetime import date, time
from typing import overload

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ediary.core.db import db
from ediary.core.locks import held
from ediary.core.lockstate import DEFAULT_LOCK_TIME
from ediary.core.orders import Order
from ediary.core.points import LockRule
from ediary.institutions.models import AgeBandBy, Document, DocumentKind, Institution, InstitutionSettings


def create(name: str, code: str) -> Institution:
    """A new institution; everything else of it is made inside its scope."""
    institution = Institution(name=name, code=code)
    db.session.add(institution)
    db.session.flush()
    return institution


def settle(valid_from: date, lock_time: time = DEFAULT_LOCK_TIME, age_band_by: AgeBandBy = AgeBandBy.GROUP) -> None:
    """The institution's first dated settings: hour of the day's lock (S II.8), how age bands are told."""
    db.session.add(LockRule(valid_from=valid_from, valid_to=None, day_locks_at=lock_time))
    db.session.add(InstitutionSettings(valid_from=valid_from, valid_to=None, age_band_by=age_band_by))
    db.session.flush()


def order(number: str, day: date, by: str) -> Document:
    """The director's order of this number and day (A6); written down now if nobody has yet.

    What it says and its file may come later: who assigns people knows the number first.
    """
    known = known_document(DocumentKind.ORDER, number, day)
    if known is not None:
        return known
    try:
        with db.session.begin_nested():
            made = Document(
                kind=DocumentKind.ORDER, number=number, day=day, title="", entered_at=held().now, entered_by=by
            )
            db.session.add(made)
            db.session.flush()
        return made
    except IntegrityError:  # somebody else has named it in this very moment
        known = known_document(DocumentKind.ORDER, number, day)
        if known is None:
            raise
        return known


def known_document(kind: DocumentKind, number: str, day: date) -> Document | None:
    """The document of this kind, number and day, if somebody has written it down."""
    return db.session.scalars(
        select(Document).where(Document.kind == kind, Document.number == number, Document.day == day)
    ).one_or_none()


@overload
def order_id(named: Order) -> int: ...
@overload
def order_id(named: None) -> None: ...
def order_id(named: Order | None) -> int | None:
    """The id of the order a form names, for the row it orders; None where none is named."""
    return None if named is None else order(*named).id
