"""Which role a position is likely to go with: offered, never given without a word. Pure."""

from __future__ import annotations

from ediary.core.permissions import Role
from ediary.registers.vocabulary import plain

#: the first that fits; who helps an educator has no log-in of their own, who leads has it by order only
_LIKELY: tuple[tuple[str, Role | None], ...] = (
    ("padejej", None),
    ("direktor", None),
    ("logoped", Role.SPEECH_THERAPIST),
    ("socialin", Role.SOCIAL_PEDAGOGUE),
    ("sveikatos", Role.HEALTH_SPECIALIST),
    ("menin", Role.ARTS_TEACHER),
    ("muzik", Role.ARTS_TEACHER),
    ("judesio", Role.ARTS_TEACHER),
    ("kuno kultur", Role.ARTS_TEACHER),
    ("dietist", Role.DIETITIAN),
    ("mityb", Role.DIETITIAN),
    ("buhalter", Role.ACCOUNTANT),
    ("apskait", Role.ACCOUNTANT),
    ("rastin", Role.SECRETARY),
    ("sekretor", Role.SECRETARY),
    ("mokytoj", Role.EDUCATOR),
    ("aukletoj", Role.EDUCATOR),
    ("educator", Role.EDUCATOR),
    ("teacher", Role.EDUCATOR),
    ("dietitian", Role.DIETITIAN),
    ("accountant", Role.ACCOUNTANT),
    ("secretary", Role.SECRETARY),
)


def role_of(position: str) -> Role | None:
    """The role that most with this position need; None = none, or none that is given without an order."""
    said = plain(position)
    return next((role for part, role in _LIKELY if part in said), None)
