"""The institution of the running scope and its settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ediary.core.db import db
from ediary.core.spans import valid_on
from ediary.institutions.models import AgeBandBy, Document, DocumentKind, Institution, InstitutionSettings


def current() -> Institution:
    """The one institution that exists in this scope."""
    return db.session.scalars(select(Institution)).one()


def age_band_by(day: date) -> AgeBandBy:
    """How the kitchen tells a child's age band on this day."""
    found = db.session.scalar(select(InstitutionSettings.age_band_by).where(valid_on(InstitutionSettings, day)))
    return found or AgeBandBy.GROUP


@dataclass(frozen=True)
class OrderChoice:
    """An order that is offered where one is asked for."""

    number: str
    day: date
    title: str


#: of how many orders the latest are offered
OFFERED = 30
_LATEST = (
    select(Document.number, Document.day, Document.title)
    .where(Document.kind == DocumentKind.ORDER)
    .order_by(Document.day.desc(), Document.id.desc())
    .limit(OFFERED)
)


def latest_orders() -> list[OrderChoice]:
    """The latest orders, for `_shared/order.html`. One statement."""
    return [OrderChoice(*row) for row in db.session.execute(_LATEST)]
