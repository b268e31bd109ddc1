"""The two commands on a fresh machine: `python -m tests.services.fresh_machine run` or `test`.

Proves what is committed: a clone in a temporary folder, a new HOME, an empty environment, a PATH with nothing
but python3, git, make and the shell's tools; started as root it goes on as `nobody`. Of the environment only
what leads to the package index is passed on. Standard library only, so it needs no .venv. No part of the tests,
because it downloads everything.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = (
    *("sh", "bash", "env", "make", "git"),
    *(
        "cat",
        "chmod",
        "cp",
        "date",
        "dirname",
        "echo",
        "expand",
        "expr",
        "find",
        "grep",
        "head",
        "ln",
        "ls",
        "mkdir",
    ),
    *(
        "mktemp",
        "mv",
        "rm",
        "rmdir",
        "sed",
        "sort",
        "tail",
        "test",
        "touch",
        "tr",
        "true",
        "uname",
        "wc",
        "xargs",
    ),
)
NETWORK = re.compile(
    r"PIP_(INDEX_URL|CERT|PROXY|DEFAULT_TIMEOUT|TRUSTED_HOST)|SSL_CERT_(FILE|DIR)|(https?|no)_proxy", re.I
)
NOBODY = 65534


class Failed(Exception):
    """The machine was not served."""


class FreshMachine:
    """A clone, its user and its poor environment."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder, self.clone = folder, folder / "clone"
        self.identity: dict[str, object] = {}
        tools, home = folder / "bin", folder / "home"
        tools.mkdir()
        home.mkdir()
        (tools / "python3").symlink_to(python)
        for tool in TOOLS:
            if found := shutil.which(tool):
                (tools / tool).symlink_to(found)
        network = {name: value for name, value in os.environ.items() if NETWORK.fullmatch(name)}
        self.environment = {"PATH": str(tools), "HOME": str(home), "LANG": "C.UTF-8", **network}
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, self.clone], check=True)
        if os.geteuid() == 0:
            self.identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            folder.chmod(0o755)
            for path in (home, self.clone, *self.clone.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def make(self, *arguments: str, log: Path, **settings: str) -> subprocess.Popen[bytes]:
        """`make …` in the clone, in a process group of its own."""
        with log.open("wb") as output:
            return subprocess.Popen(
                ["make", *arguments],
                executable=shutil.which("make"),
                cwd=self.clone,
                env={**self.environment, **settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.identity,  # type: ignore[call-overload]
            )


def prove_run(machine: FreshMachine) -> None:
    """From nothing to a served page, twice; then everything that must be refused or kept."""
    port = free_port()
    for attempt, seconds in (("first", 600), ("second", 30)):
        log = machine.folder / f"run-{attempt}.log"
        began = time.monotonic()
        process = machine.make("run", log=log, PORT=str(port))
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process, log, began + seconds)
            print(f"{attempt} `make run`: answers after {time.monotonic() - began:.1f} s")
            prove_pages(f"http://127.0.0.1:{port}")
        finally:
            began = time.monotonic()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise Failed("ctrl-C did not stop it") from None
        print(f"ctrl-C: stopped after {time.monotonic() - began:.1f} s")
        said = log.read_text()
        print(re.sub(r"(?m)^", "    ", said))
        if "Traceback" in said:
            raise Failed("the server said a stack trace")
    prove_files(machine.clone)
    log = machine.folder / "open.log"
    if machine.make("run", log=log, PORT=str(port), HOST="0.0.0.0").wait(60) == 0:
        raise Failed("an open HOST with demonstration data was not refused")
    print("HOST=0.0.0.0:", log.read_text().splitlines()[0])


def prove_pages(url: str) -> None:
    """A person gets pages, never a trace."""
    for path, wanted in (("/", 200), ("/no-such-page", 404), ("/static/vendor/htmx.min.js", 200)):
        status, body = get(url + path)
        print(f"GET {path}: {status}, {len(body)} bytes")
        if status != wanted or b"Traceback" in body:
            raise Failed(f"{path} answered {status}, not {wanted}")


def prove_files(clone: Path) -> None:
    """Secrets are the owner's alone; git sees nothing of what was made."""
    secret = [*(clone / "instance").glob("*.key"), *(clone / "instance").glob("*passwords*")]
    for path in secret:
        mode = stat.S_IMODE(path.stat().st_mode)
        print(f"{path.relative_to(clone)}: {mode:o}")
        if mode != 0o600:
            raise Failed(f"{path.name} is open to others")
    if len(secret) < 2:
        raise Failed("no keys, or no passwords, in instance/")
    git = ["git", "-c", f"safe.directory={clone}", "-C", str(clone), "status", "--porcelain"]
    dirty = subprocess.run(git, capture_output=True, text=True, check=True).stdout
    if dirty:
        raise Failed(f"made, but not ignored by git:\n{dirty}")


def prove_test(machine: FreshMachine) -> None:
    """`make test`, with the system's packages there; the last line must be pytest's summary."""
    # A fresh machine has its packages in PATH; Chromium's own start script needs a few more tools.
    machine.environment["PATH"] += f":{os.defpath}"
    log = machine.folder / "test.log"
    began = time.monotonic()
    process = machine.make("test", log=log)
    try:
        status = process.wait(3600)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(60)
    lines = log.read_text().splitlines()
    print("\n".join(lines[-40:]))
    print(f"`make test`: status {status} after {time.monotonic() - began:.0f} s")
    if status != 0 or not re.search(r"\d+ passed.* in ", lines[-1]) or "skipped" in lines[-1]:
        raise Failed("`make test` failed, skipped, or did not end with pytest's summary")


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, deadline: float) -> None:
    """Return at the first answer 200."""
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failed(f"`make run` ended with status {process.returncode}:\n{log.read_text()}")
        try:
            if get(url)[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise Failed(f"no answer in time:\n{log.read_text()}")


def get(url: str) -> tuple[int, bytes]:
    """Status and body, redirects followed."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(what: str, python: Path) -> None:
    """Prove one of the two."""
    folder = Path(tempfile.mkdtemp(prefix="ediary-fresh-"))
    try:
        machine = FreshMachine(folder, python)
        {"run": prove_run, "test": prove_test}[what](machine)
    except Failed as error:
        sys.exit(f"not proven: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("proven")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in ("run", "test"):
        sys.exit("usage: python -m tests.services.fresh_machine run|test [PYTHON]")
    main(sys.argv[1], Path(sys.argv[2] if len(sys.argv) == 3 else os.path.realpath(sys.executable)))
