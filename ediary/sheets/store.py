"""Printed files, kept as bytes under their own hash (C6): what was printed once can be fetched for ever."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from flask import current_app


class StoreDamaged(RuntimeError):
    """A kept file is gone or is no longer what was printed: somebody must look at the disk or the backup."""


def _path(sha256: str) -> Path:
    folder: Path = current_app.config["PRINTED_DIR"]
    return folder / sha256[:2] / sha256


def keep(content: bytes) -> str:
    """Store the bytes and return their sha256; when this returns they are on the disk. The same bytes once only."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
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
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return sha256


def fetch(sha256: str) -> bytes:
    """The bytes as they were printed. Raises StoreDamaged rather than give anything else."""
    try:
        content = _path(sha256).read_bytes()
    except FileNotFoundError:
        raise StoreDamaged(f"printed file {sha256} is missing") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreDamaged(f"printed file {sha256} is damaged")
    return content
