"""The city's real month: a file of attendance loaded through the program, printed, read back and compared.

    python -m benchmarks.vilnius FILE [--kindergarten NAME] [--pdf DIR] [--month 2019-01] [--database URL] [--verbose]

Every row that makes sense becomes a child of a kindergarten's group with a mark on each working day of the month:
the days missed as the file says, all others attended. Then every kindergarten's sheet is made as PDF and XLSX, both
are read by `benchmarks.reader`, which knows nothing of the program, and each child and each column is compared with
the file. Ends with 1 when anything differs. The whole city takes some minutes and stays under 500 MB.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from benchmarks import reader
from benchmarks.names import name_of
from benchmarks.vilnius_file import CAUSES, City, Row, month_of, read_city, read_text
from ediary import create_app
from ediary.absences.actions import deliver_reasons
from ediary.absences.models import AbsenceReason
from ediary.absences.rules import PaperBy, ReasonKind
from ediary.attendance.models import ChildDay, Presence
from ediary.children.models import Child, Enrolment
from ediary.core import clock
from ediary.core.batch import write_batch
from ediary.core.dates import Month, at_local, school_year_of
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.proof import short_hash
from ediary.core.secrets import Keys, fresh_key
from ediary.core.session import acting_for
from ediary.groups.models import Group
from ediary.groups.rules import AgeBand
from ediary.institutions import actions as institutions
from ediary.sheets import paper, queries, rules, workbook
from ediary.workdays import actions as workdays
from ediary.workdays import queries as calendars

#: which letter of the delivered set stands for which column of the file
LETTERS = {ReasonKind.ILLNESS: "l", ReasonKind.JUSTIFIED: "p", ReasonKind.UNJUSTIFIED: "n"}
#: the calendar is stored so far past the month that its deadline is known
AFTER = timedelta(days=40)
BORN_BEFORE = timedelta(days=4 * 365)


@dataclass
class Loaded:
    """A kindergarten in the database: its scope's id and the name each child was given."""

    institution_id: int
    name: str
    groups: dict[str, list[Row]]
    names: dict[tuple[str, str], str]


@dataclass
class Seconds:
    """How long each part took, all kindergartens together."""

    loading: float = 0
    totals: float = 0
    pdf: float = 0
    xlsx: float = 0
    reading: float = 0

    @contextmanager
    def count(self, part: str) -> Iterator[None]:
        began = perf_counter()
        yield
        setattr(self, part, getattr(self, part) + perf_counter() - began)


@dataclass
class Report:
    """What is printed at the end."""

    kindergartens: int = 0
    groups: int = 0
    children: int = 0
    sheets: int = 0
    pages: int = 0
    differences: list[str] = field(default_factory=list)


# --- the month ---------------------------------------------------------------------------------------------------


def make_app(folder: Path, url: str | None) -> Flask:
    """The program on a database of its own, migrated."""
    app = create_app(
        {
            "TESTING": True,
            "SECRET_KEY": b"only for measuring, never served, 32 bytes",
            "DATA_KEYS": Keys(fresh_key()),
            "INDEX_KEY": "a key for benchmarks only, 32 bytes and more",
            "SQLALCHEMY_DATABASE_URI": url or f"sqlite:///{folder / 'vilnius.sqlite3'}",
            "INSTANCE_DIR": folder,
            "FILES_DIR": folder / "printed",
        }
    )
    with app.app_context():
        upgrade()
    return app


def day_before(month: Month) -> date:
    return month.first - timedelta(days=1)


def working_days(month: Month) -> list[date]:
    """The month's working days as the program's calendar has them, in an institution made for the question."""
    with clock.frozen(at_local(day_before(month), time(12))):
        with write_transaction():
            institution_id = institutions.create("–", "000000000").id
        with acting_for(institution_id):
            with write_transaction():
                workdays.store_calendar(month.first, month.last)
            return calendars.calendar(month.first, month.last).working_days(month.first, month.last)


# --- loading -----------------------------------------------------------------------------------------------------


def load(number: int, name: str, groups: dict[str, list[Row]], month: Month, days: Sequence[date]) -> Loaded:
    """A kindergarten with its groups, children and the marks of every working day, each written on its morning."""
    with clock.frozen(at_local(day_before(month), time(12))):
        with write_transaction():
            institution_id = institutions.create(name, f"{number:09d}").id
        with acting_for(institution_id), write_transaction():
            institutions.settle(month.first)
            workdays.store_calendar(month.first, month.last + AFTER)
            deliver_reasons(month.first)
            for reason in db.session.scalars(select(AbsenceReason)):
                reason.paper = PaperBy.NONE  # the city's file says what was justified
            db.session.flush()
            reasons = db.session.execute(select(AbsenceReason.letter, AbsenceReason.id))
            reason_ids: dict[str, int] = {row.letter: row.id for row in reasons}
            loaded = Loaded(institution_id, name, groups, {})
            places = _enrol(loaded, month)
    with acting_for(institution_id):
        plans = {child_id: _lay(row, days, reason_ids) for child_id, _group_id, row in places}
        for day in days:
            _mark(day, [(child_id, group_id, plans[child_id].get(day)) for child_id, group_id, _row in places])
    return loaded


def _enrol(loaded: Loaded, month: Month) -> list[tuple[int, int, Row]]:
    """Groups, children and their places from the month's first day on; (child id, group id, row) of each."""
    made = []
    for salt, (group_name, rows) in enumerate(loaded.groups.items()):
        group = Group(school_year=school_year_of(month.first), name=group_name, age_band=AgeBand.KINDERGARTEN)
        children = []
        for at, row in enumerate(rows):
            first_name, last_name = name_of(at, salt)
            loaded.names[(group_name, row.child)] = f"{first_name} {last_name}"
            children.append(Child(first_name=first_name, last_name=last_name, birth_date=month.first - BORN_BEFORE))
        db.session.add_all([group, *children])
        db.session.flush()
        made += [(child.id, group.id, row) for child, row in zip(children, rows, strict=True)]
        db.session.expunge_all()
    write_batch(
        [
            Enrolment(child_id=child_id, group_id=group_id, valid_from=month.first, valid_to=None)
            for child_id, group_id, _row in made
        ]
    )
    return made


def _lay(row: Row, days: Sequence[date], reason_ids: dict[str, int]) -> dict[date, int]:
    """Which working day is missed for which reason: one stretch of days, begun at a place the line decides."""
    reasons = [
        *[reason_ids[LETTERS[ReasonKind.ILLNESS]]] * row.illness,
        *[reason_ids[LETTERS[ReasonKind.JUSTIFIED]]] * row.justified,
        *[reason_ids[LETTERS[ReasonKind.UNJUSTIFIED]]] * row.unjustified,
    ]
    first = row.line * 7 % (len(days) - len(reasons) + 1)
    return dict(zip(days[first:], reasons, strict=False))


def _mark(day: date, marks: list[tuple[int, int, int | None]]) -> None:
    """All marks of a kindergarten's day, at eight in the morning."""
    moment = at_local(day, time(8))
    points = [GroupDay(group_id, day) for group_id in sorted({group_id for _child, group_id, _reason in marks})]
    with clock.frozen(moment), write_transaction(lock=points):
        write_batch(
            [
                ChildDay(
                    child_id=child_id,
                    group_id=group_id,
                    day=day,
                    presence=Presence.PRESENT if reason_id is None else Presence.ABSENT,
                    reason_id=reason_id,
                    changed_at=moment,
                )
                for child_id, group_id, reason_id in marks
            ]
        )


# --- printing ----------------------------------------------------------------------------------------------------


def print_sheets(loaded: Loaded, month: Month, folder: Path, seconds: Seconds) -> tuple[Path, Path]:
    """The kindergarten's PDF and XLSX, made after the month has locked by itself."""
    moment = at_local((month.last + AFTER), time(12))
    with clock.frozen(moment), acting_for(loaded.institution_id):
        with seconds.count("totals"):
            groups = queries.sheets(month)
            fingerprint = queries.fingerprint(groups)
        version = paper.Version(1, moment, short_hash(fingerprint))
        name = f"{loaded.institution_id:04d}-{rules.slug(loaded.name)}"
        pdf, xlsx = folder / f"{name}.pdf", folder / f"{name}.xlsx"
        with seconds.count("pdf"):
            pdf.write_bytes(paper.pdf(groups, version))
        with seconds.count("xlsx"):
            xlsx.write_bytes(workbook.xlsx(groups, version))
    return pdf, xlsx


# --- comparing ---------------------------------------------------------------------------------------------------


def read_both(pdf: Path, xlsx: Path) -> tuple[list[reader.ReadSheet], list[reader.ReadSheet], float]:
    """What the reader finds in both files, and how long it took; runs in a process of its own."""
    began = perf_counter()
    return reader.read_pdf(pdf), reader.read_xlsx(xlsx), perf_counter() - began


def compare(loaded: Loaded, sheets: Sequence[reader.ReadSheet], kind: str, days: int) -> list[str]:
    """Every difference between the file's rows and a printed sheet: child by child, then column by column."""
    found = {sheet.group: sheet for sheet in sheets}
    differences = []
    if len(found) != len(sheets) or found.keys() != loaded.groups.keys():
        differences.append(f"{loaded.name}, {kind}: groups {sorted(found.keys() ^ loaded.groups.keys())}")
    for group_name, rows in loaded.groups.items():
        if group_name not in found:
            continue
        sheet = found[group_name]
        where = f"{loaded.name}, {group_name}, {kind}"
        differences += _compare_children(where, rows, sheet, lambda row: loaded.names[(group_name, row.child)], days)  # noqa: B023
        wanted = tuple(map(sum, zip(*(_expected(row, days) for row in rows), strict=True)))
        if sheet.totals != wanted:
            differences.append(f"{where}: columns {sheet.totals}, the file has {wanted}")
        if sum(sheet.present.values()) != wanted[0] or len(sheet.present) != days:
            differences.append(f"{where}: present by day {sheet.present}")
    return differences


def _expected(row: Row, days: int) -> tuple[int, ...]:
    """A row's totals in the order of the sheet's columns; nobody ordered meals."""
    return (days - row.absent, row.absent, row.illness, row.justified, row.unjustified, 0, 0)


def _compare_children(
    where: str, rows: Sequence[Row], sheet: reader.ReadSheet, name: Callable[[Row], str], days: int
) -> list[str]:
    differences = []
    by_name = {child.name: child for child in sheet.children}
    if len(by_name) != len(sheet.children) or len(sheet.children) != len(rows):
        differences.append(f"{where}: {len(sheet.children)} children, the file has {len(rows)}")
    for row in rows:
        child = by_name.get(name(row))
        if child is None:
            differences.append(f"{where}: no row of {name(row)} (line {row.line})")
            continue
        wanted = _expected(row, days)
        if child.totals != wanted:
            differences.append(f"{where}: {name(row)} {child.totals}, line {row.line} has {wanted}")
        letters = {"+": wanted[0], "l": row.illness, "p": row.justified, "n": row.unjustified}
        if child.counted != {letter: count for letter, count in letters.items() if count}:
            differences.append(f"{where}: letters of {name(row)} are {dict(child.counted)}, line {row.line}")
    return differences


# --- all of it ---------------------------------------------------------------------------------------------------


def run(city: City, month: Month, days: Sequence[date], folder: Path, seconds: Seconds, report: Report) -> None:
    """Load, print and compare each kindergarten; files are read in a second process meanwhile."""
    waiting: list[tuple[Loaded, Future[tuple[list[reader.ReadSheet], list[reader.ReadSheet], float]]]] = []

    def settle(at_most: int) -> None:
        while len(waiting) > at_most:
            loaded, future = waiting.pop(0)
            pdf, xlsx, took = future.result()
            seconds.reading += took
            report.sheets += len(pdf)
            report.differences += compare(loaded, pdf, "PDF", len(days)) + compare(loaded, xlsx, "XLSX", len(days))

    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        for number, (name, groups) in enumerate(city.kindergartens.items(), start=1):
            with seconds.count("loading"):
                loaded = load(number, name, groups, month, days)
            waiting.append((loaded, pool.submit(read_both, *print_sheets(loaded, month, folder, seconds))))
            report.kindergartens += 1
            report.groups += len(groups)
            report.children += sum(map(len, groups.values()))
            print(f"\r{number} / {len(city.kindergartens)}", end="", file=sys.stderr, flush=True)
            settle(8)
        settle(0)
    print("\r" + " " * 12 + "\r", end="", file=sys.stderr)


def tell(city: City, report: Report, seconds: Seconds, total: float, *, verbose: bool) -> None:
    causes = city.causes()
    print(f"rows in the file      {city.rows:>8}")
    for cause, told in CAUSES.items():
        print(f"  left out {causes[cause]:>19}  {told}")
    print(f"kindergartens         {report.kindergartens:>8}")
    print(f"groups                {report.groups:>8}")
    print(f"children              {report.children:>8}")
    print(f"sheets                {report.sheets:>8}  each as PDF and XLSX")
    print(f"differences           {len(report.differences):>8}")
    print(f"seconds: loading {seconds.loading:.1f}, totals {seconds.totals:.1f}, PDF {seconds.pdf:.1f}, ", end="")
    print(f"XLSX {seconds.xlsx:.1f}, reading back {seconds.reading:.1f} (beside); in all {total:.1f}")
    if verbose:
        for one in city.left_out:
            print(f"line {one.line}: {CAUSES[one.cause]} – {one.detail}")
    else:
        for one in [one for one in city.left_out if one.cause not in ("too_many", "duplicate")][:20]:
            print(f"line {one.line}: {CAUSES[one.cause]} – {one.detail}")
    for difference in report.differences[: None if verbose else 20]:
        print(f"DIFFERS: {difference}")


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.vilnius", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--kindergarten", help="only those whose name has this in it")
    parser.add_argument("--pdf", type=Path, help="keep the printed files in this folder")
    parser.add_argument("--month", type=Month.parse, help="when the file's name does not tell it: 2019-01")
    parser.add_argument("--database", help="an empty database to fill; else a throw-away SQLite file")
    parser.add_argument("--verbose", action="store_true", help="list every row left out")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    given = arguments(argv)
    told = month_of(given.file.name)
    month = given.month or (Month(*told) if told else None)
    if month is None:
        print("The file's name does not tell one month; say it: --month 2019-01", file=sys.stderr)
        return 2
    wanted = (given.kindergarten or "").casefold()
    began, seconds, report = perf_counter(), Seconds(), Report()
    with tempfile.TemporaryDirectory(prefix="ediary-vilnius-") as temporary:
        folder = Path(temporary)
        printed = given.pdf or folder / "sheets"
        printed.mkdir(parents=True, exist_ok=True)
        app = make_app(folder, given.database)
        with app.app_context():
            days = working_days(month)
            try:
                city = read_city(read_text(given.file), len(days), lambda name: wanted in name.casefold())
            except (OSError, EOFError, ValueError) as error:
                print(f"{given.file}: {error}", file=sys.stderr)
                return 2
            run(city, month, days, printed, seconds, report)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
    print(f"{month}: {len(days)} working days")
    tell(city, report, seconds, perf_counter() - began, verbose=given.verbose)
    return 1 if report.differences or report.sheets != report.groups else 0


if __name__ == "__main__":
    sys.exit(main())
