"""What can go wrong in the diary's own terms. `ediary/errors.py` turns each into one answer.

A message is a whole sentence for the person who sees it: what happened, what was kept, what to do.
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """Base of all refusals. `message` is shown to people: translated text, or a lazy string of it."""

    status = 400

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(DomainError):
    """This role may not do this: 403."""

    status = 403


class NotFound(DomainError):
    """No such row for this user: 404, the same whether it exists elsewhere or nowhere."""

    status = 404

    def __init__(self, message: Any = "") -> None:
        super().__init__(message)


class Locked(DomainError):
    """A lock covers what would be written: 409."""

    status = 409


class Stale(DomainError):
    """Somebody was faster; what was seen is no longer so: 409."""

    status = 409


class BadInput(DomainError):
    """What was sent makes no sense: 422."""

    status = 422


class TooManyTries(DomainError):
    """Guessing is slowed down: 429."""

    status = 429


class FenceBreach(RuntimeError):
    """The program itself tried to pass by the fence. A bug, never a person's doing: 500."""
