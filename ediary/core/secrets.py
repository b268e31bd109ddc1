"""Keys of this installation, and what is sealed and matched with them.

Data keys have names: values carry the name of the key that sealed them, the first key seals what is new, the others
stay for what is old (docs/run.md: backup, rotation). The index key is of its own, so that a new data key changes no
match. Both lie beside the database as files of mode 0600, or come from the environment.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from flask_babel import lazy_gettext as _l

from ediary.core.errors import DomainError

#: the name of a key written without one, and of what was sealed before keys had names
UNNAMED = "k1"
#: stands in place of a key that is gone for good
LOST = "lost"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")


class BadKeys(ValueError):
    """What is wrong with the data keys, as a sentence that shows none of them."""


class KeyMissing(DomainError):
    """A value is sealed with a key this server does not have: 503."""

    status = 503


# --- files ----------------------------------------------------------------------------------------------------------


def key_file(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """The key in `path`; made there for the owner alone if it is not there yet. Safe when two workers start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = _draft(path, make())
        try:
            os.link(draft, path)  # the first one wins, whole
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        _settle(path.parent)
    return path.read_text(encoding="utf-8").strip()


def _draft(path: Path, text: str) -> Path:
    """A file beside `path` that only its owner may read, on the disk before it gets its name."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time changes the keys: two new ones at once would leave one."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


# --- data keys ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ring:
    """The data keys by name, the current one first, and the names of those that are gone for good."""

    keys: Mapping[str, Fernet]
    lost: frozenset[str] = frozenset()

    @property
    def current(self) -> str:
        return next(iter(self.keys))


@lru_cache(maxsize=64)
def parse(text: str) -> Ring:
    """Lines (or parts between commas) of `name:key`. Raises BadKeys."""
    keys: dict[str, Fernet] = {}
    lost: set[str] = set()
    parts = [part.strip() for part in re.split(r"[\n,]", text)]
    for number, part in enumerate((part for part in parts if part and not part.startswith("#")), start=1):
        named, colon, key = part.rpartition(":")
        name = named.strip() if colon else UNNAMED
        if not NAME.fullmatch(name):
            raise BadKeys(f"key {number} has no proper name: letters, digits, „-“, „_“ and „.“, at most 32")
        if name in keys or name in lost:
            raise BadKeys(f"two keys are named {name}")
        if key.strip() == LOST:
            lost.add(name)
            continue
        try:
            keys[name] = Fernet(key.strip())
        except ValueError:
            raise BadKeys(f"key {number} ({name}) is not 32 bytes in URL-safe base64") from None
    if not keys:
        raise BadKeys("there is no key")
    return Ring(keys, frozenset(lost))


def fresh_key() -> str:
    """A data key with a name of its own, so that a key made in place of a missing one is not taken for it."""
    key = Fernet.generate_key().decode()
    return f"k-{hashlib.sha256(key.encode()).hexdigest()[:6]}:{key}\n"


class Keys:
    """Where the data keys come from: a text given at start, or a file.

    A file is read anew when it has changed, so that a new key needs no restart; the look costs 3 µs. A file that has
    become unreadable or makes no sense is complained of in the log, and the keys read before stay.
    Raises BadKeys or OSError when made.
    """

    def __init__(self, source: str | Path) -> None:
        self.path = source if isinstance(source, Path) else None
        self._seen = self._stamp()
        self._ring = parse(source if isinstance(source, str) else source.read_text(encoding="utf-8"))

    def _stamp(self) -> tuple[int, int, int] | None:
        if self.path is None:
            return None
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def ring(self) -> Ring:
        stamp = self._stamp()
        if stamp != self._seen and self.path is not None:
            self._seen = stamp
            try:
                self._ring = parse(self.path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                current_app.logger.error("%s: %s; the keys read before stay in use", self.path, _said(error))
        return self._ring

    def put_first(self, name: str) -> None:
        """Make a new current key. Raises BadKeys when the name will not do, OSError when the file cannot be changed."""
        self._change(name, lambda text: f"{name}:{Fernet.generate_key().decode()}\n{text}")

    def give_up(self, name: str) -> None:
        """Note that a key is gone for good. Raises BadKeys if it is here."""
        self._change(name, lambda text: f"{text.rstrip()}\n{name}:{LOST}\n")

    def _change(self, name: str, change: Callable[[str], str]) -> None:
        if self.path is None:
            raise BadKeys("the keys come from DATA_KEY: change them there, and restart the server")
        if not NAME.fullmatch(name):
            raise BadKeys(f"{name!r} is no name for a key: letters, digits, „-“, „_“ and „.“, at most 32")
        with _alone(self.path.parent):
            text = self.path.read_text(encoding="utf-8")
            parse(changed := change(text))
            owner, draft = self.path.stat(), _draft(self.path, changed)
            try:
                if owner.st_uid != os.geteuid():
                    os.chown(draft, owner.st_uid, owner.st_gid)  # root changes it for the server's user
                os.replace(draft, self.path)
            except BaseException:
                with suppress(FileNotFoundError):
                    draft.unlink()
                raise
            _settle(self.path.parent)


def _said(error: Exception) -> str:
    if isinstance(error, BadKeys):
        return str(error)
    return "it cannot be read" if isinstance(error, OSError) else "it is no text"


def data_keys() -> Keys:
    """The running application's."""
    keys: Keys = current_app.config["DATA_KEYS"]
    return keys


def seal(text: str) -> str:
    """Encrypt a sensitive value with the current key: `name:token`."""
    ring = data_keys().ring()
    return f"{ring.current}:{ring.keys[ring.current].encrypt(text.encode()).decode()}"


def unseal(sealed: str) -> str:
    """The text that `seal` was given. Raises KeyMissing when the key that sealed it is not here."""
    ring = data_keys().ring()
    name, colon, token = sealed.rpartition(":")
    candidates = [ring.keys[name]] if name in ring.keys else [] if colon else list(ring.keys.values())
    for key in candidates:
        with suppress(InvalidToken):
            return key.decrypt(token.encode()).decode()
    name = name or UNNAMED
    current_app.logger.error("a value sealed with the data key %s cannot be read: see docs/run.md, keys", name)
    raise KeyMissing(
        _l(
            "This is kept encrypted, and its key “%(name)s” is not on the server. Nothing is lost or changed; "
            "whoever runs the server puts the key back from its backup.",
            name=name,
        )
    )


def sealed_with(sealed: str) -> str:
    """The name of the key a value is sealed with; the value is not opened."""
    return sealed.rpartition(":")[0] or UNNAMED


# --- matching -------------------------------------------------------------------------------------------------------


def blind_index(text: str) -> str:
    """64 hex digits by which equal texts are found without being read. The caller spells equal things alike.

    Kept in a column `lookup` beside `sealed`, of the very text that is sealed there: `keys reseal` leans on it.
    """
    key: str = current_app.config["INDEX_KEY"]
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
