"""How the server may be started, and what is refused."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ediary import serve
from ediary.serve import SettingError, read_settings, refuse_open_demo, refuse_taken_port


def test_without_settings_only_this_machine_is_served() -> None:
    settings = read_settings({}, Path("instance"))
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.workers == serve.cores()
    assert settings.uses_default_database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "²"),
        ("WORKERS", "0"),
        ("HOST", "kindergarten"),
    ],
)
def test_nonsense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=rf"^{name} must be .*{value}"):
        read_settings({name: value}, Path("instance"))


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.7", False),
    ],
)
def test_demonstration_data_never_faces_a_network(tmp_path: Path, host: str, is_loopback: bool) -> None:
    (tmp_path / serve.DEMO_PASSWORDS).touch()
    settings = read_settings({"HOST": host}, tmp_path)
    assert settings.is_loopback is is_loopback
    if is_loopback:
        refuse_open_demo(settings)
    else:
        with pytest.raises(SettingError, match="demonstration kindergarten"):
            refuse_open_demo(settings)


@pytest.mark.parametrize(
    ("url", "is_demo"),
    [
        ("postgresql+psycopg://u@h/d", False),
        ("sqlite:////srv/other.sqlite3", False),
        ("sqlite:///ediary.sqlite3", True),
        ("sqlite:///ediary.sqlite3?timeout=3", True),
        ("sqlite:///{}/ediary.sqlite3", True),
        ("sqlite+pysqlite:///{}/x/../ediary.sqlite3", True),
        (None, True),
    ],
)
def test_demonstration_file_is_known_under_every_address(tmp_path: Path, url: str | None, is_demo: bool) -> None:
    (tmp_path / serve.DEMO_PASSWORDS).touch()
    environ = {"DATABASE_URL": (url or "").format(tmp_path)}
    assert read_settings(environ, tmp_path).has_demo_data is is_demo


def test_an_empty_open_server_is_allowed(tmp_path: Path) -> None:
    refuse_open_demo(read_settings({"HOST": "0.0.0.0"}, tmp_path))


def test_demonstration_data_is_asked_for_only_where_it_may_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(serve, "flask", lambda *command: asked.append(command))
    serve.prepare(read_settings({}, tmp_path))
    assert asked == [("db", "upgrade"), ("keys", "check"), ("demo",)]
    for more in ({"DATABASE_URL": "postgresql+psycopg://u@h/d"}, {"HOST": "0.0.0.0"}):
        asked.clear()
        serve.prepare(read_settings(more, tmp_path))
        assert asked == [("db", "upgrade"), ("keys", "check")]


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = read_settings({"PORT": str(other.getsockname()[1])}, Path("instance"))
        with pytest.raises(SettingError, match="set another HOST or PORT"):
            refuse_taken_port(settings)


def test_a_bad_key_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data.key").write_text("nonsense")
    command = [sys.executable, "-m", "ediary.serve", "--prepare"]
    environ = {**os.environ, "INSTANCE_DIR": str(tmp_path), "DATA_KEY": ""}
    done = subprocess.run(command, cwd=serve.ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path}/data.key: key 1 (k1) is not 32 bytes in URL-safe base64\n"
    assert done.stdout == ""
