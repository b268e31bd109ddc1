"""Kindergartens on the real server, for stories told in a browser: the Cast's, or a brand-new one."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Download, Locator, Page
from pypdf import PdfReader

from tests.cast import Cast
from tests.services.server import ROOT, Server


@dataclass
class House:
    """The real server over the Cast's database, and what it has stored."""

    server: Server
    cast: Cast

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.server.instance / "ediary.sqlite3", timeout=30)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def move_clock(self, moment: str) -> None:
        """The same server at the same address at another hour; open pages stay open."""
        self.server.stop()
        self.server.environment = {"EDIARY_CLOCK_START": moment}
        self.server.start()

    def log_in(self, page: Page, login: str = "rasa") -> None:
        page.goto(f"{self.server.url}/accounts/login")
        self.fill_log_in(page, login)

    def fill_log_in(self, page: Page, login: str = "rasa") -> None:
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", self.cast.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url)


def server_over(cast_file: Path, folder: Path, start: str, workers: int = 2) -> Server:
    """A server, not started yet, over a copy of the Cast's database; its clock begins at `start`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(cast_file, folder / "ediary.sqlite3")
    return Server(folder, workers=workers, environment={"EDIARY_CLOCK_START": start})


def new_institution(running: Server, name: str, code: str, login: str) -> str:
    """Made by the one command, with its first administrator, Austė Kairienė; returns the printed password."""
    command = ("-m", "flask", "--app", "app", "institution", "create")
    of_what = ("--name", name, "--code", code)
    of_whom = ("--login", login, "--first-name", "Austė", "--last-name", "Kairienė")
    done = subprocess.run(
        [sys.executable, *command, *of_what, *of_whom],
        cwd=ROOT,
        env=running.full_environment(),
        capture_output=True,
        text=True,
    )
    found = re.search(r"password (\S+)", done.stdout)
    assert found, done.stdout + done.stderr
    return found[1]


@dataclass
class Hand:
    """A person at a page: every press, choice and typed line is counted."""

    page: Page
    touches: int = 0

    def press(self, name: str | re.Pattern[str], inside: Locator | None = None) -> None:
        """A button or a link by its name."""
        self.touches += 1
        at = inside or self.page
        exact = isinstance(name, str)
        at.get_by_role("button", name=name, exact=exact).or_(at.get_by_role("link", name=name, exact=exact)).click()

    def go_on(self) -> None:
        """The page's one primary action."""
        self.touches += 1
        self.page.locator(".bar .btn-go, form.card .btn-go").click()

    def write(self, label: str, text: str) -> None:
        self.touches += 1
        self.page.get_by_label(label, exact=True).fill(text)

    def tick(self, box: Locator) -> None:
        self.touches += 1
        box.check()

    def choose(self, field: Locator, label: str) -> None:
        self.touches += 1
        field.select_option(label=label)

    def send(self, path: Path) -> None:
        self.touches += 1
        self.page.set_input_files("#file", path)

    def paper(self, name: str | re.Pattern[str], folder: Path) -> str:
        """Press what prints; the text of the PDF that comes."""
        with self.page.expect_download() as waiting:
            self.press(name)
        return read(waiting.value, folder)


def read(download: Download, folder: Path) -> str:
    """A downloaded PDF's text, all pages."""
    path = folder / download.suggested_filename
    download.save_as(path)
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)
