"""Settings, read once from the environment. Nonsense stops the program with a sentence."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from ediary.core.secrets import BadKeys, Keys, fresh_key, key_file

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATABASE = "ediary.sqlite3"


class ConfigError(SystemExit):
    """A setting makes no sense; its message is the program's last word."""


def instance_dir() -> Path:
    """Where the database, keys and kept files live: INSTANCE_DIR, else `instance/` beside app.py."""
    return Path(os.environ.get("INSTANCE_DIR") or ROOT / "instance").resolve()


def database_url(instance: Path) -> str:
    """DATABASE_URL, or the default SQLite file of the instance."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return f"sqlite:///{instance / DEFAULT_DATABASE}"
    if url.startswith("postgresql://"):
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not re.match(r"(postgresql\+psycopg|sqlite)://", url):
        raise ConfigError("DATABASE_URL must begin with postgresql:// or sqlite:///")
    return url


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in ("0", "1"):
        raise ConfigError(f"{name} must be 0 or 1, not {value!r}")
    return value == "1"


def _count(name: str) -> int:
    value = os.environ.get(name, "0")
    if not (value.isascii() and value.isdigit() and int(value) <= 9):
        raise ConfigError(f"{name} must be a number from 0 to 9, not {value!r}")
    return int(value)


def _key(path: Path) -> str:
    try:
        return key_file(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read or made: {getattr(error, 'strerror', 'it is no text')}") from None


def _data_keys(instance: Path) -> Keys:
    """From DATA_KEY, or from data.key, which is made when it is not there."""
    given, path = os.environ.get("DATA_KEY", ""), instance / "data.key"
    try:
        if given:
            return Keys(given)
        key_file(path, fresh_key)
        return Keys(path)
    except BadKeys as error:
        raise ConfigError(f"{'DATA_KEY' if given else path}: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read or made: {getattr(error, 'strerror', 'it is no text')}") from None


def load() -> dict[str, Any]:
    """Everything `create_app` needs. Makes the instance folder and its keys (mode 0600) when they are not there."""
    instance = instance_dir()
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = os.environ.get("SECRET_KEY", "") or _key(instance / "secret.key")
    if len(secret) < 32:
        raise ConfigError("SECRET_KEY must have at least 32 characters")
    index_key = os.environ.get("INDEX_KEY", "") or _key(instance / "index.key")
    if len(index_key) < 32:
        raise ConfigError("INDEX_KEY must have at least 32 characters")
    return {
        "SECRET_KEY": secret.encode(),
        "DATA_KEYS": _data_keys(instance),
        "INDEX_KEY": index_key,
        "SQLALCHEMY_DATABASE_URI": database_url(instance),
        "INSTANCE_DIR": instance,
        "FILES_DIR": instance / "printed",  # named when it held prints alone; people's backups know it by this name
        "SESSION_COOKIE_SECURE": _flag("SECURE_COOKIES"),
        "TRUSTED_PROXIES": _count("TRUSTED_PROXIES"),
    }
