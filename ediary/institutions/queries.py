"""The institution of the running scope and its settings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from ediary.core.db import db
from ediary.core.spans import valid_on
from ediary.institutions.models import AgeBandBy, Institution, InstitutionSettings


def current() -> Institution:
    """The one institution that exists in this scope."""
    return db.session.scalars(select(Institution)).one()


def age_band_by(day: date) -> AgeBandBy:
    """How the kitchen tells a child's age band on this day."""
    found = db.session.scalar(select(InstitutionSettings.age_band_by).where(valid_on(InstitutionSettings, day)))
    return found or AgeBandBy.GROUP
