"""A throw-away PostgreSQL: its own cluster in a temporary folder, on a free loopback port, gone afterwards.

It runs with fsync and synchronous_commit on, as in production: races and lost commits must show. As root it
runs as the user `postgres` or `nobody`, because PostgreSQL refuses root. Starting takes about 1 s, a database
made from a template about 0.1 s.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.services.guard import guarded
from tests.services.packages import postgresql
from tests.services.ports import free_port

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    # Anything but the server's own words goes to the log file, which is shown when it does not start.
    "log_min_messages": "warning",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running cluster."""

    port: int
    password: str
    folder: Path

    def url(self, database: str = "postgres") -> str:
        """The database's SQLAlchemy URL."""
        return f"postgresql+psycopg://ediary:{self.password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A bare connection in autocommit, for what an application does not do."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="ediary",
            password=self.password,
            dbname=database,
            autocommit=True,
        )

    def create(self, database: str, template: str | None = None) -> str:
        """Make a database, a copy of `template` if named (nobody may be connected to it); gives its URL."""
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(database), sql.Identifier(template or "template0")
        )
        with self.connect() as connection:
            connection.execute(command)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, its connections too."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """A database for one test; gives its URL."""
        name = f"test_{secrets.token_hex(6)}"
        url = self.create(name, template)
        try:
            yield url
        finally:
            self.drop(name)


def unprivileged() -> tuple[int, int]:
    """User and group for the server when we are root; -1, -1: ourselves."""
    if os.geteuid() != 0:
        return -1, -1
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return user.pw_uid, user.pw_gid
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """Start a cluster, stop it at the end; it dies with this process even if that is killed."""
    programs = postgresql()
    uid, gid = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="ediary-pg-"))
    server = PostgresServer(free_port(), secrets.token_hex(16), folder)
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    try:
        (folder / "password").write_text(server.password)
        for path in (folder, folder / "password"):
            os.chown(path, uid, gid)
        initdb = [
            programs / "initdb",
            *("--pgdata", folder / "data", "--username", "ediary", "--auth", "scram-sha-256"),
            *("--pwfile", folder / "password", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        ]
        made = subprocess.run(
            guarded(initdb, uid, gid),
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{made.stderr}")
        start = [
            programs / "postgres",
            *("-D", folder / "data", "-p", str(server.port)),
            *(f"--{name}={value}" for name, value in SETTINGS.items()),
        ]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                guarded(start, uid, gid),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=folder,
                start_new_session=True,  # ctrl-C reaches the tests, which then stop it in order
            )
        try:
            wait_until_ready(server, process)
            yield server
        finally:
            stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Return when it answers; raise with its log when it ends or stays silent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    log = (server.folder / "log").read_text(errors="replace")
    raise RuntimeError(f"PostgreSQL did not start within {seconds:.0f} s:\n{log}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown (open connections are cut), then immediate, then none asked."""
    for number, seconds in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return
