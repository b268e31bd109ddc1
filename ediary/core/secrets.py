"""Keys of this installation, made on first use with mode 0600, and the sealing of sensitive text."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet
from flask import current_app


def key_file(path: Path, make: bytes | None = None) -> bytes:
    """The key in `path`; made there for the owner alone if it is not there yet. Safe when two workers start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = make or secrets.token_urlsafe(48).encode()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(fresh)
    try:
        os.link(draft, path)  # the first one wins, whole
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()


@lru_cache(maxsize=8)
def _fernet(key: bytes) -> Fernet:
    return Fernet(key)


def seal(text: str) -> str:
    """Encrypt a sensitive value with the installation's data key."""
    return _fernet(current_app.config["DATA_KEY"]).encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """The text that `seal` was given."""
    return _fernet(current_app.config["DATA_KEY"]).decrypt(token.encode()).decode()
