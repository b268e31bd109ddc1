"""A list of 2,000 children sent, compared and written on the real server while an educator taps without a pause."""

from __future__ import annotations

import multiprocessing
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from flask import Flask

from ediary.core import clock
from tests.cast import PASSWORD, Cast, make_cast
from tests.races.client import Tablet
from tests.registers import files
from tests.services.server import server

DAY = date(2026, 11, 23)
ROWS = 2000
PROCESSES = multiprocessing.get_context("fork")
#: seconds; a busy machine is no fault of what is tested, what it takes on an idle one says `make bench`
PATIENCE = 60.0


@dataclass
class Taps:
    """What an educator was answered meanwhile."""

    answers: list[int] = field(default_factory=list)
    #: seconds of the slowest
    longest: float = 0.0
    last: str = "unmarked"


def educator(port: int, group_id: int, child_id: int, wire: Connection, over: Event) -> None:
    """Taps one child to and fro until the list is written."""
    tablet, taps = Tablet(port, "rasa", PASSWORD), Taps()
    wire.send("ready")
    while not over.is_set():
        wanted = "absent" if taps.last == "present" else "present"
        began = time.monotonic()
        status = tablet.tap(DAY, group_id, child_id, wanted, taps.last)
        taps.longest = max(taps.longest, time.monotonic() - began)
        taps.answers.append(status)
        if status == 200:
            taps.last = wanted
    wire.send(taps)


class Desk(Tablet):
    """The administrator's: sends files too."""

    def send_file(self, path: str, content: bytes, **values: str) -> str:
        """Where the answer leads."""
        edge = "edge-of-the-parts"
        parts = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in values.items()
        )
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="vaikai.csv"\r\n\r\n'
        body = parts.encode() + head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.token,
            "Content-Type": f"multipart/form-data; boundary={edge}",
        }
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        said = answer.read().decode()
        assert answer.status == 303, said
        return answer.headers["Location"]

    def compare(self, content: bytes) -> str:
        """The file sent, its columns as proposed, its rows read; the list's address."""
        columns = self.send_file("/registers/lists/children/new", content, school_year="2026")
        page = self.send("GET", columns)[1]
        chosen = re.findall(r'<select name="(column-\d+)"(?:(?!</select>).)*?value="(\w+)" selected', page, re.DOTALL)
        said = dict(chosen) | dict(re.findall(r'name="(names-\d+)" value="(\w+)" checked', page))
        assert self.send("POST", columns, said)[0] == 303
        address = columns.rpartition("/")[0]
        while '<div class="reading"' in self.send("POST", f"{address}/work")[1]:
            pass
        return address


@dataclass(frozen=True)
class Written:
    """How the list was written, and what the educator was answered meanwhile."""

    status: int
    said: str
    #: from the press of the button to the answer: compared once more, sealed, written
    seconds: float
    taps: Taps
    log: str
    cast: Cast
    child_id: int

    def __str__(self) -> str:
        return (
            f"{ROWS} children written in {self.seconds:.2f} s; "
            f"{len(self.taps.answers)} taps, the longest {self.taps.longest:.2f} s"
        )


def write_a_list(app: Flask, url: str | None, instance: Path) -> Written:
    """On an empty database that `app` and the server share; `url`: the server's, None = SQLite in `instance`."""
    with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
        cast = make_cast()
    child, over = cast.children["Boružiukai"][0], PROCESSES.Event()
    ours, theirs = PROCESSES.Pipe()
    with server(instance, url, environment={"EDIARY_CLOCK_START": "2026-11-23T06:05:00+00:00"}) as running:
        desk = Desk(running.port, "aldona", PASSWORD)
        address = desk.compare(files.as_csv(files.child_table(files.children(ROWS, groups=2))))
        page = desk.send("GET", address)[1]
        for number in re.findall(r"/rows/(\d+)\?show=doubtful", page):
            assert desk.send("POST", f"{address}/rows/{number}", {"decision": "another"})[0] == 303
        seen = re.search(r'name="seen" value="(\w+)"', desk.send("GET", address)[1])
        assert seen, "something still waits"
        tapping = PROCESSES.Process(
            target=educator, args=(running.port, cast.boruziukai, child, theirs, over), daemon=True
        )
        tapping.start()
        assert ours.poll(PATIENCE)
        assert ours.recv() == "ready"
        began = time.monotonic()
        status, said = desk.send("POST", f"{address}/apply", {"seen": seen[1], "starts_on": "2026-11-24"})
        seconds = time.monotonic() - began
        over.set()
        assert ours.poll(PATIENCE)
        taps = ours.recv()
        tapping.join(PATIENCE)
        desk.connection.close()
        return Written(status, said, seconds, taps, running.log.read_text(), cast, child)
