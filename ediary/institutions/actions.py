"""Making an institution."""

from __future__ import annotations

from datetime import date, time

from ediary.core.db import db
from ediary.core.lockstate import DEFAULT_LOCK_TIME
from ediary.core.points import LockRule
from ediary.institutions.models import AgeBandBy, Institution, InstitutionSettings


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
