"""The real server, as production starts it: own processes, a free loopback port, ended at will."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.guard import guarded
from tests.services.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
#: What a shell may have set and must not reach the server under test.
NOT_INHERITED = ("HOST", "PORT", "WORKERS", "DATABASE_URL", "INSTANCE_DIR", "FLASK_", "EDIARY_", "GRANIAN_")


@dataclass
class Server:
    """A server that can be started again at the same address with the same data."""

    instance: Path
    database_url: str | None = None
    workers: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """All it and its workers have said, over all starts."""
        return self.instance / "server.log"

    def start(self, seconds: float = 30) -> None:
        """Start it and wait until it answers; raises with its log when it does not."""
        self.instance.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                guarded([sys.executable, "-m", "ediary.serve"]),
                cwd=ROOT,
                env=self.full_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a process group of its own, to kill whole
            )
        try:
            self.wait_until_ready(seconds)
        except BaseException:
            self.kill()
            raise

    def full_environment(self) -> dict[str, str]:
        """The shell's environment, cleaned, with this server's settings."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
        settings = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WORKERS": str(self.workers),
            "INSTANCE_DIR": str(self.instance),
        }
        if self.database_url:
            settings["DATABASE_URL"] = self.database_url
        return {**inherited, **settings, **self.environment}

    def wait_until_ready(self, seconds: float) -> None:
        """Return when /healthz answers 200."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"The server did not answer within {seconds:.0f} s:\n{self.log.read_text()}")

    def stop(self, seconds: float = 20) -> int:
        """End it as ctrl-C does, requests under way answered first; returns its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(seconds)
        finally:
            self.kill()

    def kill(self) -> None:
        """`kill -9` to the whole process group; returns when none of it is left."""
        if self.process is None:
            return
        group = self.process.pid
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        self.process.wait()
        while members(group):
            time.sleep(0.005)
        self.process = None


def members(group: int) -> list[int]:
    """Living processes of the group; one that only waits to be collected by its parent does not count."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # After the program's name in brackets: state, parent, group.
            state, _, its_group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_group) == group and state not in "ZX":
            found.append(int(entry.name))
    return found


@contextmanager
def server(
    instance: Path,
    database_url: str | None = None,
    *,
    workers: int = 2,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A running server over a database that has its tables already; gone afterwards.

    Without `database_url` it is SQLite in `instance`. Starting takes about 2 s.
    """
    running = Server(instance, database_url, workers, environment or {})
    running.start()
    try:
        yield running
    finally:
        if running.process is not None:
            running.stop()
