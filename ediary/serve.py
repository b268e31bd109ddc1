"""Starting the production server: `python -m ediary.serve`.

From the environment: HOST (127.0.0.1), PORT (8000), DATABASE_URL (else SQLite in the instance folder),
WORKERS (one per core), INSTANCE_DIR (instance/). With `--prepare`, migrations and
demonstration data come first. This process becomes the server, so its number and signals are the server's.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, cast

from granian.constants import Interfaces
from granian.server import Server

from ediary.config import DEFAULT_DATABASE, ROOT, instance_dir, load

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

#: Written by the demonstration data's command; so its presence says that anybody could know a way in.
DEMO_PASSWORDS = "demo-passwords.txt"


class SettingError(Exception):
    """What is wrong with the settings, as one sentence for whoever starts the server."""


@dataclass(frozen=True)
class Settings:
    """Where and how to serve."""

    host: str
    port: int
    workers: int
    instance: Path
    database_url: str | None

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return ip_address(self.host).is_loopback

    @property
    def uses_default_database(self) -> bool:
        """Whether the data is the SQLite file that demonstration data is loaded into."""
        if self.database_url is None:
            return True
        scheme, _, path = self.database_url.partition(":///")
        if not scheme.startswith("sqlite"):
            return False
        return (self.instance / path.partition("?")[0]).resolve() == self.instance / DEFAULT_DATABASE

    @property
    def has_demo_data(self) -> bool:
        """Whether the data is the demonstration kindergarten, whose passwords lie in a file."""
        return self.uses_default_database and (self.instance / DEMO_PASSWORDS).exists()


def read_settings(environ: Mapping[str, str], instance: Path) -> Settings:
    """The settings; raises SettingError on nonsense."""
    host = environ.get("HOST") or "127.0.0.1"
    try:
        host = str(ip_address("127.0.0.1" if host == "localhost" else host))
    except ValueError:
        raise SettingError(f"HOST must be an IP address of this machine, not {host!r}.") from None
    return Settings(
        host=host,
        port=whole_number(environ, "PORT", 8000, at_most=65535),
        workers=whole_number(environ, "WORKERS", cores(), at_most=256),
        instance=instance,
        database_url=environ.get("DATABASE_URL") or None,
    )


def cores() -> int:
    """Processors this process may use: in a container fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def whole_number(environ: Mapping[str, str], name: str, default: int, *, at_most: int) -> int:
    """A positive whole number from the environment."""
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= at_most):
        raise SettingError(f"{name} must be a whole number from 1 to {at_most}, not {text!r}.")
    return int(text)


def refuse_open_demo(settings: Settings) -> None:
    """Demonstration data never faces a network."""
    if settings.has_demo_data and not settings.is_loopback:
        raise SettingError(
            "The demonstration kindergarten is loaded, so the server must not be reachable on "
            f"{settings.host}: use HOST=127.0.0.1, or a database of your own by DATABASE_URL."
        )


def refuse_taken_port(settings: Settings) -> None:
    """Said before anything is started; the server itself would answer with a stack trace."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingError(
                f"Cannot listen on {settings.host} port {settings.port} ({error.strerror}): set another HOST or PORT."
            ) from error


def prepare(settings: Settings) -> None:
    """Bring the database to the newest migration, see that the keys open it; load demonstration data where right."""
    flask("db", "upgrade")
    flask("keys", "check")
    if settings.database_url is None and settings.is_loopback:
        flask("demo")


def flask(*command: str) -> None:
    """One of the program's own commands, in a process of its own."""
    # S603: the command is made of constants.
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "app", *command], cwd=ROOT, check=False)  # noqa: S603
    if done.returncode != 0:
        raise SettingError(f"The server was not started: `flask --app app {' '.join(command)}` failed.")


def serve(settings: Settings) -> None:
    """Be the server until told to stop.

    One thread per worker: threads of one process starve each other at BEGIN IMMEDIATE.
    """
    Server(
        "app:app",
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        blocking_threads=1,
        websockets=False,
        # A worker that died comes back; one that hangs does not hold up the stop for longer than this.
        respawn_failed_workers=True,
        workers_kill_timeout=15,
    ).serve(target_loader=application, wrap_loader=False)


def application() -> WSGIApplication:
    """What a worker serves; called first thing in each of them.

    Ctrl-C reaches the whole process group, and the main process then ends its workers by SIGTERM. A worker that
    takes both hangs (granian 2.8.7, two times in five), so it never takes the first. One that is still being
    made would not listen to the second: granian gives it ears only afterwards.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return cast("WSGIApplication", import_module("app").app)


def main() -> None:
    """Check, prepare if asked to, become the server."""
    parser = argparse.ArgumentParser(prog="python -m ediary.serve", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--prepare", action="store_true", help="apply migrations, load demonstration data first")
    options = parser.parse_args()
    # A debugger that happens to be switched on in somebody's shell would show stack traces to people.
    os.environ.pop("FLASK_DEBUG", None)
    try:
        settings = read_settings(os.environ, instance_dir())
        load()  # nonsense is said once, and not by each worker again and again; keys are there before they start
        refuse_open_demo(settings)
        refuse_taken_port(settings)
        if options.prepare:
            prepare(settings)
    except SettingError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    serve(settings)


if __name__ == "__main__":
    main()
