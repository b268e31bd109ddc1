"""What hostile people send, where it can be sent, and whether it left anything behind.

Nothing here knows the program's pages: addresses come from its map, fields from the forms it draws and from the names
it asks for, rows from its tables. `FUZZ_SEED=7 FUZZ_ROUNDS=20 pytest tests/test_fuzz.py` tries other values, and more.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

import lxml.html
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect, Rule
from werkzeug.test import TestResponse

from ediary.core.db import Base
from ediary.core.models import Audited
from tests.conftest import DAY

SEED = int(os.environ.get("FUZZ_SEED", "20261122"))
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1"))
#: fields of one form that are tried alone in a round
MOST_FIELDS = 12

# --- values ---------------------------------------------------------------------------------------------------------

#: were it once not escaped, it would stand so in a page
MARKER = "<script>fuzz7()</script>"
TEXTS = [
    "", " ", "\t\r\n", "\0", "a\0b", "\x1b[31m", "\u202egnp.exe", "\u2028", "\ufeff", "ﷺ" * 100, "e" + "\u0301" * 500,
    "😀" * 50, "Ąžuolas „č“", "x" * 100_000, "a" * 256, "\ufdd0\uffff", "\r\nSet-Cookie: a=b", "%00", "%s%n%x",
    f"\"'>{MARKER}", "javascript:fuzz7()", "{{ 7*7 }}{% x %}", "${7*7}", "' OR 1=1 --", '"; DROP TABLE x; --', "\\",
    "../../etc/passwd", "..\\..\\x", "=HYPERLINK(1)", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
    "https://evil.example/x", "//evil.example", "/\\evil.example", "https:evil.example", "null", "None", "[]", "{}",
    "true", "on", "[object Object]", "__proto__", "%(name)s", "%d", "{0.__class__}",
]  # fmt: skip
NUMBERS = [
    "0", "-1", "1", "2", "007", "-0", "1.5", "1,5", "1e3", "1e309", "NaN", "Infinity", "-Infinity", "0x10", "1_000",
    "²", "½", "٣", "１２", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "-2147483649",
    "9" * 4_299, "9" * 100_000, "1 000", "+1", "--1",
]  # fmt: skip
TIMES = [
    "0000-00-00", "0001-01-01", "1899-12-31", "1970-01-01", "2000-01-01", "2026-02-30", "2026-11-23", "2026-11-24",
    "2026-13-01", "2199-12-31", "9999-12-31", "10000-01-01", "-2026-11-23", "２０２６-11-23", "2026-11", "2026-W48",
    "0000-01", "9999-12", "23:59", "24:00", "00:00", "-1:00", "8", "08:00:00.999", "2026-11-23T08:00", "2026-11-23T99",
]  # fmt: skip
VALUES = [*TEXTS, *NUMBERS, *TIMES]

#: in place of a part of an address
PARTS = [
    "0", "-1", "2147483647", "2147483648", "9" * 30, "9" * 5_000, "1.0", "1e3", "٣", "%00", "a%00", "%2e%2e%2f", "..",
    "~", "%ff%fe", "%F0%9F%98%80", quote("' OR 1=1 --"), quote(MARKER), "x" * 3_000, "%20", "null", "0000-00-00",
    "2000-01-01", "2026-02-30", "2199-12-31", "9999-12-31", "2000-01", "2199-12", "2026-13", "1999", "2000", "2199",
    "9999", "%0d%0aX:y",
]  # fmt: skip

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
FILES = [
    ("a.pdf", PDF),
    ("../../a.pdf\0.exe", PDF),
    (f"{MARKER}.csv", f"Vardas;Pavardė\n{MARKER};=1+1\n".encode()),
    ("a.csv", b"\xff\xfe\x00"),
    ("a.xlsx", b"PK\x03\x04" + b"\0" * 300),
    ("x" * 300 + ".png", b"\x89PNG\r\n\x1a\n"),
    ("a.csv", b"a;b;c\n" * 2_000),
    ("", b""),
    ("a.jpg", b""),
]


# --- what is asked for ----------------------------------------------------------------------------------------------


class Heard(ImmutableMultiDict[str, Any]):
    """Notes each name that is looked for: so fields are found that no page shows."""

    names: set[str] = set()

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> list[Any]:
        self.names.add(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)


def hearing(request_class: type) -> type:
    """The program's kind of request, with ears."""
    return type("Hearing", (request_class,), {"parameter_storage_class": Heard})


@dataclass(frozen=True)
class Drawn:
    """A form as a page draws it: where it goes, and what it holds when somebody fills it sensibly."""

    endpoint: str
    url: str
    names: tuple[str, ...]
    base: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()


_PLAUSIBLE = {"date": DAY.isoformat(), "time": "08:00", "number": "1", "month": "2026-11", "email": "a@b.lt"}


def drawn_on(page: str, at: str, addresses: MapAdapter) -> Iterator[Drawn]:
    """The forms of a page, and the buttons that post by themselves."""
    if not page.strip():
        return
    root = lxml.html.document_fromstring(page)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        by_form = element.tag == "form" and element.get("method", "get").lower() == "post"
        url = element.get("hx-post") or (element.get("action") or at if by_form else None)
        if url is None:
            continue
        try:
            endpoint, _ = addresses.match(urlsplit(url).path, method="POST")
        except (HTTPException, RequestRedirect):
            continue
        form = element if element.tag == "form" else next(element.iterancestors("form"), element)
        yield _filled(root, form, element, endpoint, url)


def _filled(root: Any, form: Any, element: Any, endpoint: str, url: str) -> Drawn:
    names: dict[str, None] = {}
    files: list[str] = []
    base: list[tuple[str, str]] = []
    mine = [one for one in root.iter("input", "select", "textarea", "button") if _belongs(one, form)]
    for one in mine:
        name, kind = one.get("name"), one.get("type", "text")
        if not name or name == "csrf_token":
            continue
        names[name] = None
        if kind == "file":
            files.append(name)
        elif one.tag == "select":
            options = one.xpath(".//option[@selected]") or one.xpath(".//option[not(@disabled)]")
            base += [(name, option.get("value", option.text or "")) for option in options[:1]]
        elif kind in ("checkbox", "radio"):
            taken = any(known == name for known, _ in base)
            if one.get("checked") is not None or (kind == "radio" and not taken):
                base = [pair for pair in base if kind == "checkbox" or pair[0] != name]
                base.append((name, one.get("value", "on")))
        elif one.tag == "button" or kind in ("submit", "button"):
            if one is element:
                base.append((name, one.get("value", "")))
        else:
            value = (one.text or "") if one.tag == "textarea" else one.get("value", "")
            base.append((name, value or _PLAUSIBLE.get(kind, "Tekstas")))
    for name, value in _extra(element).items():
        names[name] = None
        base.append((name, str(value)))
    return Drawn(endpoint, url, tuple(names), tuple(base), tuple(files))


def _belongs(control: Any, form: Any) -> bool:
    if control.get("form"):
        return bool(control.get("form") == form.get("id"))
    return next(control.iterancestors("form"), None) is form


def _extra(element: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(element.get("hx-vals") or "{}")
    except ValueError:
        return {}
    return found


# --- what is sent ---------------------------------------------------------------------------------------------------


@dataclass
class Sent:
    """One request, as it can be told and repeated."""

    method: str
    url: str
    pairs: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)
    raw: bytes | None = None
    kind: str | None = None
    htmx: bool = False

    def __str__(self) -> str:
        said = ", ".join(f"{name[:40]!a}={value[:60]!a}" for name, value in self.pairs)
        files = ", ".join(f"{name[:40]!a}=file {file[:40]!a}" for name, file, _ in self.files)
        raw = "" if self.raw is None else f"{self.kind} {self.raw[:60]!r}"
        return f"{self.method} {self.url[:200]}{' (htmx)' if self.htmx else ''} {{{said} {files} {raw}}}"

    def by(self, client: FlaskClient) -> TestResponse:
        headers = {"HX-Request": "true"} if self.htmx else {}
        if self.raw is not None:
            return client.open(self.url, method=self.method, data=self.raw, content_type=self.kind, headers=headers)
        data: MultiDict[str, Any] = MultiDict(self.pairs)
        for name, file, content in self.files:
            data.add(name, (io.BytesIO(content), file))
        return client.open(self.url, method=self.method, data=data, headers=headers)


def _one(random: Random, name: str) -> tuple[str, str]:
    return name, random.choice(VALUES)


def hostile(random: Random, form: Drawn) -> Iterator[Sent]:
    """Requests to one address: sensible, empty, one field at a time, all at once, lists, files, and no form at all."""

    def sent(pairs: list[tuple[str, str]], **more: Any) -> Sent:
        return Sent("POST", form.url, pairs, htmx=random.random() < 0.4, **more)

    base, names = list(form.base), list(form.names)
    files = [(name, "a.pdf", PDF) for name in form.files]
    yield sent(base, files=files)
    yield sent([])
    for name in random.sample(names, min(len(names), MOST_FIELDS)):
        others = [pair for pair in base if pair[0] != name]
        yield sent([*others, _one(random, name)], files=files)
        if random.random() < 0.7:
            yield sent([*base, *(_one(random, name) for _ in range(3))], files=files)
        else:
            file, content = random.choice(FILES)
            yield sent(others, files=[(name, file, content)])
    for _ in range(3):
        yield sent([_one(random, name) for name in names])
    strange = random.choice(names or ["x"])
    nested = [
        f"{strange}-0",
        f"{strange}-0-id",
        f"{strange}-99999999999",
        f"{strange}-٣",
        f"{strange}[]",
        f"{strange}.a",
        "",
    ]
    yield sent([*base, *((name, random.choice(VALUES)) for name in nested)])
    yield sent([(random.choice(TEXTS)[:200], random.choice(VALUES)) for _ in range(5)])
    plain = "application/x-www-form-urlencoded"
    broken = "&".join(f"{quote(name)}=%ED%A0%80%ff%zz" for name in names)
    yield sent([], raw=broken.encode(), kind=plain)
    yield sent([], raw=random.randbytes(400), kind=random.choice([plain, "multipart/form-data; boundary=x", "a/b"]))
    yield sent([], raw=json.dumps(dict(base)).encode(), kind="application/json")


def bent(random: Random, rule: Rule, url: str) -> Iterator[str]:
    """The address with each of its own parts made hostile, one at a time."""
    known = rule.rule.split("/")
    parts = url.split("/")
    if len(known) != len(parts):
        return
    for place, name in enumerate(known):
        if "<" in name:
            for _ in range(3):
                yield "/".join([*parts[:place], random.choice(PARTS), *parts[place + 1 :]])


# --- what it left behind --------------------------------------------------------------------------------------------


#: a lock point is made by whoever first needs it, open, and says nothing until it is closed
POINTS = {"core_day_point", "core_month_point"}


class Watch:
    """Compares every audited table with what it was, and with what the history says."""

    def __init__(self, database: Path) -> None:
        self._tables: dict[str, dict[str, str]] = {}
        for mapper in Base.registry.mappers:
            if issubclass(mapper.class_, Audited):
                named = {attr.columns[0].name: attr.key for attr in inspect(mapper.class_).column_attrs}
                self._tables[str(mapper.class_.__tablename__)] = named  # type: ignore[attr-defined]
        self._connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        self._version = self._scalar("PRAGMA data_version")
        self._rows = self._read()
        self._last = self._scalar("SELECT coalesce(max(id), 0) FROM core_audit_entry")

    def close(self) -> None:
        self._connection.close()

    def _scalar(self, statement: str) -> int:
        with closing(self._connection.execute(statement)) as cursor:
            found: int = cursor.fetchone()[0]
        return found

    def _read(self) -> dict[str, dict[int, dict[str, Any]]]:
        rows: dict[str, dict[int, dict[str, Any]]] = {}
        for table in self._tables:
            with closing(self._connection.execute(f"SELECT * FROM {table}")) as cursor:
                heads = [head[0] for head in cursor.description]
                made = [dict(zip(heads, row, strict=True)) for row in cursor]
            rows[table] = {row["id"]: row for row in made}
        return rows

    def silent(self) -> list[str]:
        """Changed rows that the history does not know of, since the last time this was asked."""
        version = self._scalar("PRAGMA data_version")
        if version == self._version:
            return []
        self._version, before, self._rows = version, self._rows, self._read()
        told: dict[tuple[str, int | None], set[str]] = {}
        query = "SELECT id, table_name, row_id, changes FROM core_audit_entry WHERE id > ? ORDER BY id"
        with closing(self._connection.execute(query, (self._last,))) as cursor:
            for number, table, row_id, changes in cursor:
                self._last = number
                told.setdefault((table, row_id), set()).update(json.loads(changes))
        found = []
        for table, rows in self._rows.items():
            old = before[table]
            batch = (table, None) in told
            for key in rows.keys() | old.keys():
                was, now = old.get(key), rows.get(key)
                if was == now or (was is None and (batch or table in POINTS)):
                    continue
                if was is not None and now is not None:
                    named = self._tables[table]
                    changed = {named[name] for name in now if was[name] != now[name]}
                    missing = sorted(changed - told.get((table, key), set()))
                    found += [f"{table} {key}: {name} changed" for name in missing]
                elif (table, key) not in told:
                    found.append(f"{table} {key} {'made' if was is None else 'removed'}")
        return [f"no history of: {one}" for one in found]


def faults(answer: TestResponse) -> Iterator[str]:
    """What is wrong with an answer, whatever was sent."""
    if answer.status_code >= 500:
        yield f"answered {answer.status_code}"
    if answer.mimetype == "text/html" and MARKER in answer.get_data(as_text=True):
        yield "drew what was typed as markup"
    if urlsplit(answer.headers.get("Location", "")).netloc not in ("", "localhost"):
        yield f"leads away to {answer.headers['Location'][:80]}"
    if "Location" in answer.headers and answer.headers["Location"].startswith(("//", "/\\")):
        yield f"leads away to {answer.headers['Location'][:80]}"
    if "evil.example" in answer.headers.get("HX-Redirect", ""):
        yield "leads away by HX-Redirect"


def ask(client: FlaskClient, sent: Sent, watch: Watch) -> tuple[TestResponse | None, list[str]]:
    """Send it; the answer (None for an error that nothing caught) and what is wrong."""
    try:
        answer = sent.by(client)
    except Exception as error:  # a fault of the program's, whatever it is: told with what was sent
        return None, [f"{type(error).__name__}: {str(error)[:300]}", *watch.silent()]
    return answer, [*faults(answer), *watch.silent()]


Asked = Callable[[Sent], TestResponse | None]


def addresses(app: Flask) -> MapAdapter:
    return app.url_map.bind("localhost")
