"""Who may work in groups, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import pgettext
from sqlalchemy import or_, select

from ediary.accounts.models import Membership, User
from ediary.core.db import db
from ediary.core.i18n import name_key
from ediary.core.people import is_woman, role_name
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.groups.rules import Duty

#: as what each role works in a group
DUTIES = {Role.EDUCATOR: Duty.EDUCATOR, Role.ARTS_TEACHER: Duty.SPECIALIST, Role.SPEECH_THERAPIST: Duty.SPECIALIST}


def duty_said(duty: Duty, name: str) -> str:
    """As what somebody works in a group, in the gender of the name."""
    if duty is Duty.EDUCATOR:
        return role_name(Role.EDUCATOR, name.split()[0])
    return pgettext("woman", "specialist") if is_woman(name.split()[0]) else pgettext("man", "specialist")


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be assigned to a group, as what their role says."""

    user_id: int
    name: str
    role: Role
    until: date | None

    @property
    def duty(self) -> Duty:
        return DUTIES[self.role]

    @property
    def said(self) -> str:
        return f"{self.name}, {role_name(self.role, self.name.split()[0])}"

    @property
    def value(self) -> str:
        return f"{self.user_id}:{self.duty.value}"


def candidates(first: date) -> list[Candidate]:
    """Who holds a role of those that work in groups, on this day or later; by name. One statement.

    Memberships are not narrowed by the fence: the institution is named.
    """
    rows = db.session.execute(
        select(User.id, User.first_name, User.last_name, Membership.role, Membership.valid_to)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.institution_id == scope().institution_id,
            Membership.role.in_(list(DUTIES)),
            or_(Membership.valid_to.is_(None), Membership.valid_to >= first),
        )
    )
    found = {
        (row.id, DUTIES[row.role]): Candidate(row.id, f"{row.first_name} {row.last_name}", row.role, row.valid_to)
        for row in rows
    }
    return sorted(found.values(), key=lambda one: (name_key(one.name), one.role))
