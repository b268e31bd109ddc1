"""Kept files, as bytes under their own hash: what was printed (C6) or sent in once can be fetched for ever.

Rows hold the hash; the bytes lie outside the database, in the folder FILES_DIR, and in its backups.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from flask import current_app


class StoreDamaged(RuntimeError):
    """A kept file is gone or is no longer what it was: somebody must look at the disk or the backup."""


def _path(sha256: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise StoreDamaged("what should name a kept file is no hash")
    folder: Path = current_app.config["FILES_DIR"]
    return folder / sha256[:2] / sha256


def _settle(folder: Path) -> None:
    """What the folder lists is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep(content: bytes) -> str:
    """Store the bytes and return their sha256; when this returns they are on the disk. The same bytes once only."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _settle(path.parent.parent)
    if not path.exists() or path.read_bytes() != content:
        _write(path, content)
    _settle(path.parent)  # also when it was there: whoever wrote it may not have come to this line yet
    return sha256


def _write(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def fetch(sha256: str) -> bytes:
    """The bytes as they were kept. Raises StoreDamaged rather than give anything else."""
    try:
        content = _path(sha256).read_bytes()
    except FileNotFoundError:
        raise StoreDamaged(f"kept file {sha256} is missing") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreDamaged(f"kept file {sha256} is damaged")
    return content
