"""Programs that come from the system's packages: where they are, and getting them for `make test`.

`python -m tests.services.packages` installs what is missing when root on a Debian-like system; otherwise it
fails and names the package. Nothing is ever skipped for want of a program.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import playwright

PACKAGES = {
    "chromium": "chromium",
    "postgresql": "postgresql",
    "pdftotext": "poppler-utils",
    "libatomic": "libatomic1",
}


class MissingProgram(Exception):
    """A program is not on this machine; says which package has it."""

    def __init__(self, program: str) -> None:
        self.package = PACKAGES[program]
        super().__init__(
            f"{program} is missing: install the system package {self.package} (as root, `make test` does)."
        )


def chromium() -> Path:
    """The browser's program; EDIARY_CHROMIUM names another."""
    chosen = os.environ.get("EDIARY_CHROMIUM")
    for name in [chosen] if chosen else ["chromium", "chromium-browser", "google-chrome"]:
        if found := shutil.which(name):
            return Path(found)
    raise MissingProgram("chromium")


def postgresql() -> Path:
    """The folder of PostgreSQL's server programs, the newest there is: distributions keep it out of PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version_of, reverse=True)
    if config := shutil.which("pg_config"):
        folders.append(Path(subprocess.run([config, "--bindir"], capture_output=True, text=True).stdout.strip()))
    if initdb := shutil.which("initdb"):
        folders.append(Path(initdb).resolve().parent)
    for folder in folders:
        if all((folder / program).exists() for program in ("initdb", "postgres")):
            return folder
    raise MissingProgram("postgresql")


def version_of(folder: Path) -> int:
    """15 for .../15/bin."""
    found = re.search(r"\d+", folder.parent.name)
    return int(found.group()) if found else 0


def pdftotext() -> Path:
    """Reads our PDFs back with code that is not ours."""
    if found := shutil.which("pdftotext"):
        return Path(found)
    raise MissingProgram("pdftotext")


def browser_driver() -> Path:
    """The program out of Playwright's package that steers the browser; it wants a library a bare system lacks."""
    program = Path(playwright.__file__).parent / "driver" / "node"
    if subprocess.run([program, "--version"], capture_output=True, check=False).returncode:
        raise MissingProgram("libatomic")
    return program


def missing() -> list[MissingProgram]:
    """One error for each program that is not there."""
    errors = []
    for find in (chromium, postgresql, pdftotext, browser_driver):
        try:
            find()
        except MissingProgram as error:
            errors.append(error)
    return errors


def install() -> None:
    """Fetch what is missing; raises SystemExit with the packages' names where that cannot be done."""
    errors = missing()
    if errors and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [error.package for error in errors]
        print(f"installing {' '.join(packages)}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-qq", *command], env=environment, check=False, stdout=subprocess.DEVNULL)
        errors = missing()
    if errors:
        sys.exit("\n".join(map(str, errors)))


if __name__ == "__main__":
    install()
