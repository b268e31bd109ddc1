"""Changing the institution's data and its dated settings."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.core import settled
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.models import Settled
from ediary.institutions import queries as institutions
from ediary.institutions.models import AgeBandBy, InstitutionSettings, SheetWording
from ediary.institutions.rules import Contacts, Wording


def edit_institution(contacts: Contacts) -> None:
    """Change the institution's name or how it is reached. What was printed stays as it was printed."""
    institution = institutions.current()
    institution.name, institution.address = contacts.name, contacts.address
    institution.phone, institution.email = contacts.phone, contacts.email
    db.session.flush()


def set_age_bands(first: date, by: AgeBandBy, set_by: str) -> None:
    """From a day on the kitchen tells age bands so. Raises BadInput."""
    _changed(settled.replace_from(InstitutionSettings, first, set_by, age_band_by=by))


def set_wording(first: date, wording: Wording, set_by: str) -> None:
    """From a day on the month sheet's head says so: of months whose last day is not before it. Raises BadInput."""
    approval = "\n".join(wording.approval)
    _changed(settled.replace_from(SheetWording, first, set_by, title=wording.title, approval=approval))


def withdraw(model: type[Settled], day: date) -> None:
    """Take back the change planned from this day on. Raises NotFound, BadInput once it holds."""
    row = db.session.scalars(select(model).where(model.valid_from == day)).one_or_none()
    if row is None:
        raise NotFound
    settled.withdraw(row)


def _changed(row: Settled | None) -> None:
    if row is None:
        raise BadInput(_("This is how it is already: nothing was changed."))
