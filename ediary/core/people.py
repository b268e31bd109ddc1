"""How a person is named beside what they did: „dietistė Ieva Norkienė“. Stored as said, so it stays true."""

from __future__ import annotations

from functools import cache, lru_cache

from flask_babel import pgettext

from ediary.core.permissions import Role

#: Lithuanian women's first names end so, men's end in -s (a few in -o)
WOMAN = ("a", "ė", "e", "i")


def is_woman(first_name: str) -> bool:
    """By the ending of the first name, as the language does."""
    return first_name.strip().lower().endswith(WOMAN)


def role_name(role: Role, first_name: str) -> str:
    """The role in the gender of the name: dietistė Ieva, dietistas Jonas."""
    return _role_names(is_woman(first_name))[role]


@cache
def _role_names(of_women: bool) -> dict[Role, str]:
    """Kept: every page names the role, and the program speaks one language."""
    if of_women:
        return {
            Role.EDUCATOR: pgettext("woman", "educator"),
            Role.DIETITIAN: pgettext("woman", "dietitian"),
            Role.SOCIAL_PEDAGOGUE: pgettext("woman", "social pedagogue"),
            Role.ACCOUNTANT: pgettext("woman", "accountant"),
            Role.DIRECTOR: pgettext("woman", "director"),
            Role.DEPUTY: pgettext("woman", "deputy director"),
            Role.ADMINISTRATOR: pgettext("woman", "administrator"),
            Role.ARTS_TEACHER: pgettext("woman", "arts teacher"),
            Role.SPEECH_THERAPIST: pgettext("woman", "speech therapist"),
            Role.HEALTH_SPECIALIST: pgettext("woman", "health specialist"),
            Role.SECRETARY: pgettext("woman", "secretary"),
            Role.GUARDIAN: pgettext("woman", "guardian"),
        }
    return {
        Role.EDUCATOR: pgettext("man", "educator"),
        Role.DIETITIAN: pgettext("man", "dietitian"),
        Role.SOCIAL_PEDAGOGUE: pgettext("man", "social pedagogue"),
        Role.ACCOUNTANT: pgettext("man", "accountant"),
        Role.DIRECTOR: pgettext("man", "director"),
        Role.DEPUTY: pgettext("man", "deputy director"),
        Role.ADMINISTRATOR: pgettext("man", "administrator"),
        Role.ARTS_TEACHER: pgettext("man", "arts teacher"),
        Role.SPEECH_THERAPIST: pgettext("man", "speech therapist"),
        Role.HEALTH_SPECIALIST: pgettext("man", "health specialist"),
        Role.SECRETARY: pgettext("man", "secretary"),
        Role.GUARDIAN: pgettext("man", "guardian"),
    }


@lru_cache(maxsize=1024)
def signature(role: Role, first_name: str, last_name: str) -> str:
    """„dietistė Ieva Norkienė“."""
    return f"{role_name(role, first_name)} {first_name} {last_name}"
