"""Kept files: the same bytes for ever, or none."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask

from ediary.core import store


def files(app: Flask) -> list[Path]:
    return [path for path in app.config["FILES_DIR"].rglob("*") if path.is_file()]


def test_what_was_kept_is_fetched_and_kept_once(app: Flask) -> None:
    with app.app_context():
        name = store.keep(b"paper")
        assert store.keep(b"paper") == name
        assert store.fetch(name) == b"paper"
        [path] = files(app)
        assert path.name == name
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0


def test_a_file_that_is_gone_or_changed_is_not_fetched(app: Flask) -> None:
    with app.app_context():
        name = store.keep(b"paper")
        [path] = files(app)
        path.write_bytes(b"papes")
        with pytest.raises(store.StoreDamaged, match="is damaged"):
            store.fetch(name)
        path.unlink()
        with pytest.raises(store.StoreDamaged, match="is missing"):
            store.fetch(name)


def test_a_damaged_file_is_whole_again_once_the_same_is_kept_again(app: Flask) -> None:
    with app.app_context():
        name = store.keep(b"paper")
        files(app)[0].write_bytes(b"")
        store.keep(b"paper")
        assert store.fetch(name) == b"paper"


@pytest.mark.parametrize("name", ["", "../../data.key", "A" * 64, "0" * 63, f"{'0' * 64}\n", "/etc/passwd"])
def test_only_a_hash_names_a_file(app: Flask, name: str) -> None:
    with app.app_context(), pytest.raises(store.StoreDamaged):
        store.fetch(name)


def test_two_who_keep_the_same_at_once_keep_one(app: Flask) -> None:
    content, names = b"x" * 1_000_000, []

    def keep() -> None:
        with app.app_context():
            names.append(store.keep(content))

    threads = [threading.Thread(target=keep) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert store.fetch(names[0]) == content
    assert len(set(names)) == 1
    assert len(names) == 8
    assert len(files(app)) == 1
