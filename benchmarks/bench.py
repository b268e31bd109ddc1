"""What a tap, a page and a sheet cost, as ratios to a floor measured in the same run: `make bench`.

Prints one object and writes it to `benchmarks/last.json`. Each ratio is the median of interleaved pairs, so that a
slow moment of the machine strikes both sides.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import PageBreak, SimpleDocTemplate, Table, TableStyle
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.test import EnvironBuilder

from benchmarks.diary import DAY, MORNING, PASSWORD, Diary, make_app, write_diary
from benchmarks.load import tap_for
from ediary.core import clock
from ediary.core.dates import Month
from ediary.core.db import db
from ediary.core.session import acting_for
from ediary.sheets import paper, queries
from ediary.sheets.rules import Row
from tests.services.postgres import postgres
from tests.services.server import server

LAST = Path(__file__).resolve().parent / "last.json"
LOGIN = "rasa"
SECONDS = 6.0


def timed(work: Callable[[], object], times: int) -> float:
    """Milliseconds of one run, averaged over `times`."""
    begun = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begun) / times * 1000


def against(
    work: Callable[[], object], floor: Callable[[], object], *, pairs: int = 25, times: int = 8
) -> tuple[float, float, float]:
    """(value, floor, ratio): medians in milliseconds over interleaved pairs, after a warm-up."""
    timed(work, 3)
    timed(floor, 3)
    both = [(timed(work, times), timed(floor, times)) for _ in range(pairs)]
    return median(w for w, _ in both), median(f for _, f in both), median(w / f for w, f in both)


def entry(value: float, floor: float | None, ratio: float | None, aim: float) -> dict[str, float | None]:
    def rounded(number: float | None) -> float | None:
        return None if number is None else round(number, 3)

    return {"value": rounded(value), "floor": rounded(floor), "ratio": rounded(ratio), "aim": aim}


# --- in process -----------------------------------------------------------------------------------------------------


class InProcess:
    """Requests straight into a WSGI application, with a logged-in cookie, no server and no client in between."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.cookie = ""
        self.token = ""

    def environ(self, method: str, path: str, data: dict[str, str] | None = None) -> dict[str, Any]:
        headers = {"Cookie": self.cookie, "HX-Request": "true", "X-CSRFToken": self.token} if self.cookie else {}
        return EnvironBuilder(path=path, method=method, data=data, headers=headers).get_environ()

    def send(self, environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        status: list[Any] = []
        body = b"".join(self.app.wsgi_app(environ, lambda code, headers, info=None: status.extend((code, headers))))
        return int(status[0].split()[0]), dict(status[1]), body

    def log_in(self, page: str) -> None:
        client = self.app.test_client()
        form = client.get("/accounts/login").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert token is not None
        answer = client.post("/accounts/login", data={"login": LOGIN, "password": PASSWORD, "csrf_token": token[1]})
        assert answer.status_code == 303
        found = re.search(r'X-CSRFToken(?:&#34;|"): ?(?:&#34;|")([^&"]+)', client.get(page).get_data(as_text=True))
        assert found is not None
        self.token = found[1]
        stored = client.get_cookie("ediary")
        assert stored is not None
        self.cookie = f"ediary={stored.value}"


def empty_route() -> Callable[[], object]:
    """The floor: a Flask application with one route that does nothing."""
    app = Flask("empty")
    app.add_url_rule("/", view_func=lambda: "")
    base = InProcess(app)
    environ = base.environ("GET", "/")
    return lambda: base.send(dict(environ))


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """The SQL of a block with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def pages(diary: Diary) -> tuple[str, str, list[int]]:
    group = diary.groups[0]
    return f"/attendance/{DAY}/{group}", f"/sheets/{Month.of(DAY)}/{group}", diary.kids[group]


def tapper(base: InProcess, page: str, child: int) -> Callable[[], object]:
    """One mark by HTMX after another, each a change."""
    state = ["unmarked"]
    bodies = {}
    for wanted, seen in (("present", "unmarked"), ("absent", "present"), ("present", "absent")):
        data = {"wanted": wanted, "seen": seen}
        bodies[(wanted, seen)] = base.environ("POST", f"{page}/children/{child}", data)
    raw = {key: environ["wsgi.input"].read() for key, environ in bodies.items()}

    def tap() -> None:
        wanted = "absent" if state[0] == "present" else "present"
        environ = dict(bodies[(wanted, state[0])])
        environ["wsgi.input"] = io.BytesIO(raw[(wanted, state[0])])
        status, _, body = base.send(environ)
        assert status == 200, body
        state[0] = wanted

    return tap


def getter(base: InProcess, page: str) -> Callable[[], object]:
    environ = base.environ("GET", page)
    environ.pop("HTTP_HX_REQUEST", None)

    def get() -> bytes:
        status, _, body = base.send(dict(environ))
        assert status == 200, body
        return body

    return get


def weight(base: InProcess, page: str) -> float:
    """Kilobytes of the day screen with all it loads, as sent compressed."""
    environ = base.environ("GET", page) | {"HTTP_ACCEPT_ENCODING": "gzip"}
    environ.pop("HTTP_HX_REQUEST", None)
    _, headers, body = base.send(environ)
    html = gzip.decompress(body).decode() if headers.get("Content-Encoding") == "gzip" else body.decode()
    total = len(body)
    for address in sorted({found.split("#")[0] for found in re.findall(r'(?:href|src)="(/static/[^"]+)"', html)}):
        path, _, query = address.partition("?")
        asked = EnvironBuilder(path=path, query_string=query, headers={"Accept-Encoding": "gzip"}).get_environ()
        status, _, sent = base.send(asked)
        assert status == 200, address
        total += len(sent)
    return total / 1024


def plans(app: Flask, seen: list[tuple[str, Any]]) -> list[str]:
    """Steps of the statements' plans that read a whole table of the diary."""
    bad = []
    with app.app_context(), db.engine.connect() as connection:
        for statement, parameters in seen:
            if not statement.lstrip().upper().startswith("SELECT"):
                continue
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                if re.match(r"SCAN (?!\(|CONSTANT|\d)", row[3]) and "USING" not in row[3]:
                    bad.append(f"{row[3]}: {' '.join(statement.split())[:120]}")
    return bad


def in_process(folder: Path) -> dict[str, dict[str, float | None]]:
    """Everything measured without a server."""
    result = {}
    year = make_app(f"sqlite:///{folder / 'year.sqlite3'}", folder)
    diary = write_diary(year, 1)
    day_page, sheet, kids = pages(diary)
    floor = empty_route()
    with clock.frozen(MORNING):
        base = InProcess(year)
        base.log_in(day_page)
        tap = tapper(base, day_page, kids[0])
        tap()
        with statements() as seen:
            tap()
        count = len(seen)
        result["mark"] = entry(*against(tap, floor, pairs=40), aim=12)
        result["sql_per_mark"] = entry(count, None, None, aim=14)
        result["day_page"] = entry(*against(getter(base, day_page), floor, pairs=40), aim=18)
        result["month_sheet"] = entry(*against(getter(base, sheet), floor, pairs=40), aim=35)
        result["page_weight_kb"] = entry(weight(base, day_page), None, None, aim=45)
        result["pdf_12_groups"] = pdf(folder)
        result["ten_years"] = ten_years(folder, base, day_page)
    return result


def ten_years(folder: Path, one: InProcess, one_page: str) -> dict[str, float | None]:
    """The day page after ten years of diary against one: as many statements, and no plan that reads a whole table."""
    old = make_app(f"sqlite:///{folder / 'ten.sqlite3'}", folder)
    diary = write_diary(old, 10)
    page, _, _ = pages(diary)
    with clock.frozen(MORNING):
        base = InProcess(old)
        base.log_in(page)
        with statements() as young_sql:
            getter(one, one_page)()
        with statements() as old_sql:
            getter(base, page)()
        if len(young_sql) != len(old_sql):
            sys.exit(f"ten_years: {len(old_sql)} statements after ten years, {len(young_sql)} after one")
        whole = plans(old, old_sql)
        if whole:
            sys.exit("ten_years: a plan reads a whole table:\n" + "\n".join(whole))
        return entry(*against(getter(base, page), getter(one, one_page), pairs=40), aim=1.5)


# --- paper ----------------------------------------------------------------------------------------------------------


def pdf(folder: Path) -> dict[str, float | None]:
    """The month sheets of 12 groups in one file, against a bare reportlab table of the same cells."""
    app = make_app(f"sqlite:///{folder / 'twelve.sqlite3'}", folder)
    diary = write_diary(app, 1, groups_a_year=12)
    with clock.frozen(MORNING), app.app_context(), acting_for(diary.institution_id):
        sheets = queries.sheets(Month(2026, 10))
        version = paper.Version(1, MORNING, queries.fingerprint(sheets))
        cells = [[as_text(row) for row in group.sheet.rows] for group in sheets]
        return entry(*against(lambda: paper.pdf(sheets, version), lambda: bare(cells), pairs=9, times=1), aim=2)


def as_text(row: Row) -> list[str]:
    return [str(row.number), row.name, *map(paper.letter, row.cells), *map(str, row.totals.printed)]


def bare(tables: list[list[list[str]]]) -> bytes:
    """The same cells as plain reportlab tables, a page break between groups."""
    out = io.BytesIO()
    story: list[Any] = []
    for cells in tables:
        table = Table(cells, repeatRows=1)
        table.setStyle(TableStyle([("FONTSIZE", (0, 0), (-1, -1), 6), ("GRID", (0, 0), (-1, -1), 0.25, "black")]))
        story += [table, PageBreak()]
    SimpleDocTemplate(out, pagesize=landscape(A4)).build(story)
    return out.getvalue()


# --- under load -----------------------------------------------------------------------------------------------------


def marks_per_second(folder: Path, url: str | None) -> dict[str, float | None]:
    """Two workers, 16 clients that tap without a pause; any answer that is not 2xx ends the benchmark."""
    instance = folder / ("postgres" if url else "sqlite")
    instance.mkdir()
    app = make_app(url or f"sqlite:///{instance / 'ediary.sqlite3'}", instance)
    diary = write_diary(app, 1)
    with app.app_context():
        db.engine.dispose()
    clients = [
        (f"/attendance/{DAY}/{group}", kids[part::3]) for group, kids in diary.kids.items() for part in range(3)
    ][:16]
    environment = {
        "EDIARY_CLOCK_START": MORNING.isoformat(),
        "SECRET_KEY": "a key for benchmarks only, 32 bytes and more",
    }
    with server(instance, url, workers=2, environment=environment) as running:
        load = tap_for(running.port, (LOGIN, PASSWORD), clients, SECONDS)
    if load.errors:
        sys.exit(f"marks_per_s: answers that are not 200: {load.errors}")
    return entry(load.per_second, None, None, aim=250)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = in_process(folder)
        result["marks_per_s_sqlite"] = marks_per_second(folder, None)
        with postgres() as cluster, cluster.database() as url:
            result["marks_per_s_postgres"] = marks_per_second(folder, url)
    LAST.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
