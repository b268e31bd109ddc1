"""What a page's help says: what the page is for, how to do its three commonest things, what the words mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Ask(StrEnum):
    """Whom to ask; all but the group's educators are roles."""

    ADMINISTRATOR = "administrator"
    DIRECTOR = "director"
    DEPUTY = "deputy"
    DIETITIAN = "dietitian"
    SOCIAL_PEDAGOGUE = "social_pedagogue"
    SECRETARY = "secretary"
    EDUCATORS = "educators"


@dataclass(frozen=True)
class Topic:
    """At most 120 words in all; several pages may share one."""

    key: str
    title: Any
    what: Any
    #: (what one wants to do, how)
    how: tuple[tuple[Any, Any], ...]
    #: (a word of the page, what it means)
    words: tuple[tuple[Any, Any], ...] = ()
    ask: Ask = Ask.ADMINISTRATOR

    @property
    def texts(self) -> list[Any]:
        """All it says."""
        return [self.title, self.what, *(text for pair in (*self.how, *self.words) for text in pair)]
