"""Passwords: argon2, never inside a write transaction (0.15 s each)."""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app


def _hasher() -> PasswordHasher:
    return _made(bool(current_app.config.get("CHEAP_PASSWORDS")))


@lru_cache(maxsize=2)
def _made(cheap: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher().hash(_spelt(password))


def _spelt(password: str) -> str:
    """One spelling of each letter: some devices send „ė“ as two characters."""
    return unicodedata.normalize("NFC", password)


def verify(password_hash: str | None, password: str) -> bool:
    """Is this the password? Takes as long when there is no such log-in."""
    try:
        return _hasher().verify(password_hash or _nobodys(), _spelt(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=2)
def _nobodys() -> str:
    return _hasher().hash(secrets.token_hex(16))


def random_password() -> str:
    """A password a person can type: four groups of four letters and digits without look-alikes (about 80 bits)."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
