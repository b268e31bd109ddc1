"""A copy as files: the paper to read, everything as JSON, each table as CSV, and the person's own documents."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from ediary.children.rules import fold
from ediary.copies.gather import Filled, Gathered, Kept
from ediary.copies.history import Deed, Done
from ediary.copies.paper import Cover, pdf
from ediary.copies.words import done, said
from ediary.core import store
from ediary.core.audit import plain
from ediary.core.dates import VILNIUS
from ediary.core.i18n import stamp
from ediary.core.workbooks import Cell, csv_of


def zipped(copy: Gathered, cover: Cover) -> bytes:
    """The whole copy in one file. A document that lies damaged on the server is named, and stops nothing."""
    buffer = io.BytesIO()
    taken: set[str] = set()
    in_tables, in_files = _("tables"), _("files")
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, content: bytes | str, *, packed: bool = True) -> None:
            entry = zipfile.ZipInfo(_unlike(name, taken), cover.made_at.astimezone(VILNIUS).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)

        put(_("copy.pdf"), pdf(copy, cover))
        put(_("data.json"), as_json(copy, cover))
        for number, (title, head, rows) in enumerate(tables(copy), start=1):
            put(f"{in_tables}/{number:02d} {_plain(title)}.csv", csv_of(head, rows))
        for one in copy.files:
            try:
                put(f"{in_files}/{_safe(one.name)}", store.fetch(one.sha256), packed=False)
            except store.StoreDamaged:
                put(f"{in_files}/{_safe(one.name)}.txt", _("This file cannot be read. Tell the kindergarten."))
    return buffer.getvalue()


def _plain(title: str) -> str:
    """A name any system can unpack."""
    return "".join(letter if letter.isalnum() or letter in " -" else "" for letter in fold(title)).strip() or "x"


def _safe(name: str) -> str:
    return name.replace("/", "-").replace("\\", "-").strip(". ") or "x"


def _unlike(name: str, taken: set[str]) -> str:
    """The name, or with a number where there is one like it."""
    stem, dot, suffix = name.rpartition(".")
    number, candidate = 2, name
    while candidate.casefold() in taken:
        candidate, number = f"{stem} ({number}){dot}{suffix}", number + 1
    taken.add(candidate.casefold())
    return candidate


# --- tables ---------------------------------------------------------------------------------------------------------


def tables(copy: Gathered) -> Iterable[tuple[str, list[str], list[list[Cell]]]]:
    """(title, heads, rows) of everything, in words, days as days."""
    for table in copy.tables:
        yield table.title, table.heads, [[_cell(value) for value in row] for row in table.to_read]
    if copy.deeds:
        heads = [_("When"), _("Who"), _("What was done"), _("Where"), _("Day"), _("What was, what is")]
        yield (
            _("Who changed, opened or printed these data"),
            heads,
            [[stamp(one.at), one.who, done(one.action), one.table, one.day, one.changes] for one in copy.deeds],
        )
    if copy.done:
        heads = [_("Month"), _("Where"), _("What was done"), _("Times")]
        rows: list[list[Cell]] = [[one.month, one.table, done(one.action), one.count] for one in copy.done]
        yield _("What this person did in the diary"), heads, rows


def _cell(value: Any) -> Cell:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return value if isinstance(value, int) and not isinstance(value, bool) else said(value)


# --- JSON -----------------------------------------------------------------------------------------------------------


def as_json(copy: Gathered, cover: Cover) -> str:
    """Everything for another program: codes as codes, days as ISO days, what rows refer to by its name; a row a line.

    One `json.dumps` a row: with an indent the encoder is Python's own, and five times slower.
    """
    head = {
        "about": copy.subject.about.value,
        "name": copy.subject.name,
        "institution": {"name": cover.institution, "code": cover.code},
        "asked_by": cover.asked_by,
        "ground": cover.ground,
        "made_at": plain(cover.made_at),
        "made_by": cover.made_by,
        "with_codes": copy.with_codes,
        "with_health": copy.with_health,
    }
    lists: list[tuple[str, Iterable[dict[str, Any]]]] = [
        *((f"table {table.table}", [_object(table, row) for row in table.rows]) for table in copy.tables),
        ("history", (_plainly(one) for one in copy.deeds)),
        ("done", (_plainly(one) for one in copy.done)),
        ("files", (_plainly(one) for one in copy.files)),
    ]
    parts = [f"{_dumped(name)}: {_dumped(value)}" for name, value in head.items()]
    for name, rows in lists:
        lines = ",\n".join(map(_dumped, rows))
        parts.append(f"{_dumped(name)}: [\n{lines}\n]" if lines else f"{_dumped(name)}: []")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plainly(one: Deed | Done | Kept) -> dict[str, Any]:
    return {field.name: plain(getattr(one, field.name)) for field in fields(one)}


def _object(table: Filled, row: tuple[Any, ...]) -> dict[str, Any]:
    return {key: plain(value) for key, value in zip(table.keys, row, strict=True)}
