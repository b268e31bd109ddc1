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
from datetime import date, datetime
from datetime import time as hour
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import PageBreak, SimpleDocTemplate, Table, TableStyle
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from benchmarks.diary import DAY, MORNING, PASSWORD, Diary, login_of, make_app, write_diary
from benchmarks.load import tap_for
from ediary.core import clock
from ediary.core.dates import Month, at_local, days_between
from ediary.core.db import db
from ediary.core.history import write_entries
from ediary.core.locks import write_transaction
from ediary.core.proof import short_hash
from ediary.core.seals import seal
from ediary.core.session import acting_for
from ediary.core.verify import Walked, walk
from ediary.sheets import paper, queries
from ediary.sheets.rules import Row
from tests.races.lists import write_a_list
from tests.services.postgres import postgres
from tests.services.server import server

LAST = Path(__file__).resolve().parent / "last.json"
SECONDS = 6.0
#: where a printed code leads
ADDRESS = "https://dienynas.saulute.lt/history/check?code=3f2a91bc07de"


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
    """Requests by Flask's own test client, the floor's as well: no server in between, cookies kept."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.token = ""

    def get(self, path: str, headers: list[tuple[str, str]] | None = None) -> TestResponse:
        answer = self.client.get(path, headers=headers)
        if answer.status_code != 200:
            sys.exit(f"GET {path}: {answer.status}")
        return answer

    def post(self, path: str, data: dict[str, str]) -> TestResponse:
        headers = [("HX-Request", "true"), ("X-CSRFToken", self.token)]
        answer = self.client.post(path, data=data, headers=headers)
        if answer.status_code != 200:
            sys.exit(f"POST {path}: {answer.status}")
        return answer

    def log_in(self, page: str) -> None:
        form = self.get("/accounts/login").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        data = {"login": login_of(0), "password": PASSWORD, "csrf_token": token[1] if token else ""}
        if self.client.post("/accounts/login", data=data).status_code != 303:
            sys.exit("the log-in was refused")
        found = re.search(r'X-CSRFToken(?:&#34;|"): ?(?:&#34;|")([^&"]+)', self.get(page).get_data(as_text=True))
        self.token = found[1] if found else ""


def empty_route() -> Callable[[], object]:
    """The floor: a Flask application with one route that does nothing."""
    app = Flask("empty")
    app.add_url_rule("/", view_func=lambda: "")
    base = InProcess(app)
    return lambda: base.get("/")


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

    def tap() -> None:
        wanted = "absent" if state[0] == "present" else "present"
        base.post(f"{page}/children/{child}", {"wanted": wanted, "seen": state[0]})
        state[0] = wanted

    return tap


def weight(base: InProcess, page: str) -> float:
    """Kilobytes of the day screen with all it loads, as sent compressed."""
    compressed = [("Accept-Encoding", "gzip")]
    sent = base.get(page, compressed)
    body = sent.get_data()
    html = gzip.decompress(body).decode() if sent.headers.get("Content-Encoding") == "gzip" else body.decode()
    addresses = {found.split("#")[0] for found in re.findall(r'(?:href|src)="(/static/[^"]+)"', html)}
    return (len(body) + sum(len(base.get(address, compressed).get_data()) for address in addresses)) / 1024


def plans(app: Flask, seen: list[tuple[str, Any]]) -> list[str]:
    """Steps of the statements' plans that read a whole table of the diary."""
    bad = []
    with app.app_context(), db.engine.connect() as connection:
        for statement, parameters in seen:
            if not statement.lstrip().upper().startswith("SELECT"):
                continue
            steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            # json_each is the one value that holds a scope's ids, no table
            whole = [step for step in steps if step.startswith("SCAN") and "USING" not in step and "json_" not in step]
            bad += [f"{step}: {' '.join(statement.split())[:120]}" for step in whole if "CONSTANT" not in step]
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
        result["day_page"] = entry(*against(lambda: base.get(day_page), floor, pairs=40), aim=18)
        result["month_sheet"] = entry(*against(lambda: base.get(sheet), floor, pairs=40), aim=35)
        result["page_weight_kb"] = entry(weight(base, day_page), None, None, aim=45)
        result["pdf_12_groups"] = pdf(folder)
        result["ten_years"] = ten_years(folder, base, day_page)
        result["verify_year_s"] = verify_year(year, diary)
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
            one.get(one_page)
        with statements() as old_sql:
            base.get(page)
        if len(young_sql) != len(old_sql):
            sys.exit(f"ten_years: {len(old_sql)} statements after ten years, {len(young_sql)} after one")
        whole = plans(old, old_sql)
        if whole:
            sys.exit("ten_years: a plan reads a whole table:\n" + "\n".join(whole))
        return entry(*against(lambda: base.get(page), lambda: one.get(one_page), pairs=40), aim=1.5)


# --- the history ----------------------------------------------------------------------------------------------------


def verify_year(app: Flask, diary: Diary) -> dict[str, float | None]:
    """Seconds to walk a school year of one kindergarten: a tap for each child and working day, a seal each morning."""
    with app.app_context():
        first, last = date(2025, 9, 1), date(2026, 6, 30)
        for day in (one for one in days_between(first, last) if one.weekday() < 5):
            with (
                clock.frozen(at_local(day, hour(8, 30))),
                acting_for(diary.institution_id),
                write_transaction() as held,
            ):
                write_entries(
                    db.session(), [tapped(diary, group, child, held.now) for group, child in everybody(diary)]
                )
                seal()
        begun = time.perf_counter()
        walked = Walked(diary.institution_id)
        faults = list(walk(walked, frozenset()))
        seconds = time.perf_counter() - begun
    if faults or walked.entries < 30_000:
        sys.exit(f"verify_year: {walked.entries} entries, faults: {faults[:5]}")
    return entry(seconds, None, None, aim=15)


def everybody(diary: Diary) -> list[tuple[int, int]]:
    return [(group_id, child_id) for group_id, kids in diary.kids.items() for child_id in kids]


def tapped(diary: Diary, group_id: int, child_id: int, at: datetime) -> dict[str, Any]:
    """What a tap writes into the history."""
    return {
        "institution_id": diary.institution_id,
        "at": at,
        "user_id": diary.user_ids[0],
        "role": "educator",
        "device": "tablet",
        "action": "create",
        "table_name": "attendance_child_day",
        "row_id": child_id,
        "group_id": group_id,
        "child_id": child_id,
        "day": at.date(),
        "changes": '{"presence":[null,"present"],"changed_at":[null,"2026-03-02T06:30:00+00:00"]}',
        "reason": None,
        "is_sensitive": False,
    }


# --- paper ----------------------------------------------------------------------------------------------------------


def pdf(folder: Path) -> dict[str, float | None]:
    """The month sheets of 12 groups in one file, against a bare reportlab table of the same cells."""
    app = make_app(f"sqlite:///{folder / 'twelve.sqlite3'}", folder)
    diary = write_diary(app, 1, groups_a_year=12)
    with clock.frozen(MORNING), app.app_context(), acting_for(diary.institution_id):
        sheets = queries.sheets(Month(2026, 10))
        version = paper.Version(1, MORNING, short_hash(queries.fingerprint(sheets)), address=ADDRESS)
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
        if url:  # what autovacuum does within its first minute
            with db.engine.connect() as connection:
                connection.execute(text("ANALYZE"))
        db.engine.dispose()
    clients = [
        (login_of(number), f"/attendance/{DAY}/{group}", diary.kids[group][part::3])
        for number, group in enumerate(diary.groups)
        for part in range(3)
    ][:16]
    environment = {"EDIARY_CLOCK_START": MORNING.isoformat()}
    with server(instance, url, workers=2, environment=environment) as running:
        load = tap_for(running.port, PASSWORD, clients, SECONDS)
    if load.errors:
        sys.exit(f"marks_per_s: answers that are not 200: {load.errors}")
    return entry(load.per_second, None, None, aim=250)


def list_written(folder: Path, url: str | None) -> dict[str, dict[str, float | None]]:
    """Seconds to write a list of 2,000 children while somebody taps, and of the tap that waited longest."""
    instance = folder / ("list-postgres" if url else "list-sqlite")
    instance.mkdir()
    name = "postgres" if url else "sqlite"
    app = make_app(url or f"sqlite:///{instance / 'ediary.sqlite3'}", instance)
    written = write_a_list(app, url, instance)
    if written.status != 303 or set(written.taps.answers) != {200}:
        sys.exit(f"list_2000_s: {written.status}, taps answered {set(written.taps.answers)}")
    with app.app_context():
        db.engine.dispose()
    return {
        f"list_2000_s_{name}": entry(written.seconds, None, None, aim=2),
        f"tap_meanwhile_s_{name}": entry(written.taps.longest, None, None, aim=2),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = in_process(folder)
        result["marks_per_s_sqlite"] = marks_per_second(folder, None)
        result |= list_written(folder, None)
        with postgres() as cluster:
            with cluster.database() as url:
                result["marks_per_s_postgres"] = marks_per_second(folder, url)
            with cluster.database() as url:
                result |= list_written(folder, url)
    LAST.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
