"""What is written of an institution. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contacts:
    """The institution's name and how it is reached; its code stays."""

    name: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True)
class Wording:
    """What the head of the month sheet says: its title, and above it who approved the form, line by line."""

    title: str
    approval: tuple[str, ...]
