"""Which roles are given to employees, by whom, and which of them only by the director's order (A7).

A guardian's role comes with the child's card, not from here.
"""

from __future__ import annotations

from collections.abc import Collection

from ediary.core.permissions import Role

#: in the order in which they are offered
OF_EMPLOYEES = (
    Role.EDUCATOR,
    Role.ARTS_TEACHER,
    Role.SPEECH_THERAPIST,
    Role.SOCIAL_PEDAGOGUE,
    Role.HEALTH_SPECIALIST,
    Role.DIETITIAN,
    Role.ACCOUNTANT,
    Role.SECRETARY,
    Role.DEPUTY,
    Role.DIRECTOR,
    Role.ADMINISTRATOR,
)
#: who leads the house or gives others their access is appointed by order; the directors are told of it
BY_ORDER = frozenset({Role.DIRECTOR, Role.DEPUTY, Role.ADMINISTRATOR})


def given_by(role: Role | None) -> Collection[Role]:
    """The roles that somebody in this role gives and ends; None = the program itself.

    Director and administrator all of them: in practice the administrator enters everybody, with the order's number
    in hand. The deputy only those that need no order.
    """
    if role is Role.DEPUTY:
        return [one for one in OF_EMPLOYEES if one not in BY_ORDER]
    return OF_EMPLOYEES
