"""The history walked again: is every sealed entry and paper what was sealed, where it was sealed (H4)?

Read across institutions, as only commands of the server do, a thousand rows at a time: ten years take no more memory
than a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, exists, select

from ediary.core import store
from ediary.core.audit import digest_of
from ediary.core.db import db
from ediary.core.seals import ENTRIES, NOTHING, PAPERS, SEALED, SEALS, link_of, paper_digest, seal_hash

#: rows read at a time
CHUNK = 1_000
#: of so many that do not fit it is looked which belongs where
COMPARED = 200


@dataclass
class Walked:
    """What was found in one institution's history; filled while its faults are told."""

    institution_id: int
    seals: int = 0
    entries: int = 0
    papers: int = 0
    #: entries no seal has yet: as they should be
    tail: int = 0
    #: hashes of the seals asked for, by their number
    found: dict[int, str] = field(default_factory=dict)
    last_number: int = 0


@dataclass(frozen=True)
class _Item:
    """A row of a seal that does not fit: the link before it and its own, and the digest of what it is now."""

    name: str
    what: str
    before: str
    link: str
    digest: str


_SEALS = (
    select(SEALS)
    .where(SEALS.c.institution_id == bindparam("institution_id"), SEALS.c.number > bindparam("after"))
    .order_by(SEALS.c.number)
    .limit(CHUNK)
)
_ITEMS = (
    select(SEALED.c.place, SEALED.c.entry_id, SEALED.c.paper_id, SEALED.c.link, ENTRIES)
    .outerjoin_from(SEALED, ENTRIES, ENTRIES.c.id == SEALED.c.entry_id)
    .where(SEALED.c.seal_id == bindparam("seal_id"), SEALED.c.place > bindparam("after"))
    .order_by(SEALED.c.place)
    .limit(CHUNK)
)
_PAPER = select(PAPERS).where(PAPERS.c.id == bindparam("paper_id"))
_UNSEALED = (
    select(ENTRIES.c.id, ENTRIES.c.at)
    .where(
        ENTRIES.c.institution_id == bindparam("institution_id"),
        ENTRIES.c.id > bindparam("after"),
        ~exists().where(SEALED.c.entry_id == ENTRIES.c.id),
    )
    .order_by(ENTRIES.c.id)
    .limit(CHUNK)
)


def walk(walked: Walked, numbers: frozenset[int]) -> Iterator[str]:
    """The faults of an institution's history, one sentence each, while it is read; `numbers`: seals to note."""
    before: RowMapping | None = None
    for seal in _seals(walked.institution_id):
        expected = before["number"] + 1 if before else 1
        if seal["number"] != expected:
            yield f"seal {expected}: is gone; the next one there is seal {seal['number']}"
        elif seal["previous"] != (before["sha256"] if before else NOTHING):
            yield f"seal {seal['number']}: was made after another seal {expected - 1} than the one that is there"
        if seal_hash(seal) != seal["sha256"]:
            yield f"seal {seal['number']}: is altered"
        yield from _list_of(seal, before, walked)
        walked.seals += 1
        walked.last_number = seal["number"]
        if seal["number"] in numbers:
            walked.found[seal["number"]] = seal["sha256"]
        before = seal
    yield from _unsealed(walked, before["complete_to"] if before else None)


def _seals(institution_id: int) -> Iterator[RowMapping]:
    after = 0
    while True:
        asked = {"institution_id": institution_id, "after": after}
        rows = db.session.connection().execute(_SEALS, asked).mappings().all()
        yield from rows
        if len(rows) < CHUNK:
            return
        after = rows[-1]["number"]


def _items(seal_id: int) -> Iterator[Any]:
    after = 0
    while True:
        rows = db.session.connection().execute(_ITEMS, {"seal_id": seal_id, "after": after}).all()
        yield from rows
        if len(rows) < CHUNK:
            return
        after = rows[-1].place


def _list_of(seal: RowMapping, before: RowMapping | None, walked: Walked) -> Iterator[str]:
    """What one seal lists: every place taken, every link made of the one before it and of what stands there now."""
    meant, expected, link = seal["entries"] + seal["papers"], 1, seal["previous"]
    broken: list[_Item] = []
    for row in _items(seal["id"]):
        at = f"(seal {seal['number']}, place {row.place})"
        while expected < row.place and expected <= meant:
            yield f"place {expected} of seal {seal['number']}: what stood there is removed from its list"
            expected += 1
        expected = row.place + 1
        if row.place > meant:
            yield f"{_what(row)}: inserted {at}: the seal was made over {meant}"
            continue
        digest, faults = _entry(row, before, at) if row.entry_id else _paper(row, at)
        yield from faults
        walked.entries, walked.papers = walked.entries + bool(row.entry_id), walked.papers + bool(row.paper_id)
        if digest is not None and link_of(link, _what(row), digest) != row.link:
            broken.append(_Item(f"{_what(row)} {at}", _what(row), link, row.link, digest))
        link = row.link
        if len(broken) == COMPARED:
            yield from _said(broken)
            broken = []
    while expected <= meant:
        yield f"place {expected} of seal {seal['number']}: what stood there is removed from its list"
        expected += 1
    yield from _said(broken)
    if link != seal["last_link"]:
        yield f"seal {seal['number']}: its list does not end as it was sealed"


def _what(row: Any) -> str:
    return f"entry {row.entry_id}" if row.entry_id else f"paper {row.paper_id}"


def _entry(row: Any, before: RowMapping | None, at: str) -> tuple[str | None, list[str]]:
    """The digest an entry has now, None for none; and what is wrong with it by itself."""
    if row.id is None:
        return None, [f"entry {row.entry_id}: removed {at}"]
    digest, faults = digest_of(row._mapping, row.salt), []
    if digest != row.digest:
        faults.append(f"entry {row.id}: altered {at}: it is not what its own digest says")
    if before is not None and row.at < before["complete_to"]:
        faults.append(f"entry {row.id}: inserted {at}: said to be of {row.at}, long before the seal before")
    return digest, faults


def _paper(row: Any, at: str) -> tuple[str | None, list[str]]:
    paper = db.session.connection().execute(_PAPER, {"paper_id": row.paper_id}).mappings().first()
    if paper is None:
        return None, [f"paper {row.paper_id}: removed {at}"]
    try:
        store.fetch(paper["file_sha256"])
    except store.StoreDamaged as error:
        return paper_digest(paper), [f"paper {row.paper_id} {at}: {error}"]
    return paper_digest(paper), []


def _said(broken: list[_Item]) -> Iterator[str]:
    """Of rows whose link does not fit: did they change places, or were they altered?"""
    links = {one.before for one in broken} | {one.link for one in broken}
    for one in broken:
        swapped = next((two for two in broken if link_of(one.before, one.what, two.digest) == one.link), None)
        moved = next((two for two in broken if link_of(one.before, two.what, two.digest) == one.link), None)
        if swapped is not None:
            yield f"{one.name}: reordered: it holds what {swapped.what} was sealed with"
        elif moved is not None:
            yield f"{one.name}: reordered: {moved.what} was sealed at this place"
        elif any(link_of(link, one.what, one.digest) == one.link for link in links):
            yield f"{one.name}: reordered: it was sealed after another than it stands after"
        else:
            yield f"{one.name}: altered: it is not what was sealed"


def _unsealed(walked: Walked, complete_to: datetime | None) -> Iterator[str]:
    """Entries no seal has: the newest are as they should be, older ones were put in."""
    after = 0
    while True:
        asked = {"institution_id": walked.institution_id, "after": after}
        rows = db.session.connection().execute(_UNSEALED, asked).all()
        for row in rows:
            if complete_to is not None and row.at < complete_to:
                yield f"entry {row.id}: inserted: said to be of {row.at}, and in no seal up to the newest"
            else:
                walked.tail += 1
        if len(rows) < CHUNK:
            return
        after = rows[-1].id


# --- printed seals ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PrintedSeal:
    """A seal as a paper says it: its number and the first digits of its hash."""

    number: int
    digits: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digits}"


def missed(printed: PrintedSeal, walked: list[Walked]) -> str | None:
    """Why a printed seal is in no chain, None when it is in one: the chain was cut, or written anew."""
    if any(one.found.get(printed.number, "").startswith(printed.digits) for one in walked):
        return None
    there = [one for one in walked if printed.number in one.found]
    if there:
        now = ", ".join(one.found[printed.number][: len(printed.digits)] for one in there)
        return f"printed seal {printed}: the diary's seal {printed.number} is {now}: the chain was written anew"
    last = max((one.last_number for one in walked), default=0)
    return f"printed seal {printed}: the chain ends with seal {last}: what came after it was cut off"
