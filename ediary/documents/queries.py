"""The institution's documents: the list, one of them with what it orders, its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from ediary.core import clock
from ediary.core.dates import VILNIUS
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.i18n import folded
from ediary.core.paging import Paged, offset, page_in, page_of
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.core.uploads import size_words
from ediary.documents.ordered import Part, ordered
from ediary.institutions.models import Document, DocumentKind
from ediary.periods.opened import removing_is_open

PAGE_SIZE = 30


class Show(StrEnum):
    """Which documents the list shows."""

    ALL = "all"
    ORDERS = "orders"
    OTHERS = "others"
    #: named where something was ordered, but nobody has said what they are about, or sent the file
    UNFINISHED = "unfinished"


_CONDITIONS: dict[Show, ColumnElement[bool] | None] = {
    Show.ALL: None,
    Show.ORDERS: Document.kind == DocumentKind.ORDER,
    Show.OTHERS: Document.kind == DocumentKind.OTHER,
    Show.UNFINISHED: or_(Document.title == "", Document.sha256.is_(None)),
}


@dataclass(frozen=True)
class Listed:
    """A document as the list prints it."""

    id: int
    kind: DocumentKind
    number: str
    day: date
    title: str
    has_file: bool

    def has(self, words: list[str]) -> bool:
        """Is each word in its number or title?"""
        text = folded(f"{self.number} {self.title}")
        return all(word in text for word in words)


@dataclass(frozen=True)
class DocumentsPage:
    """The list of documents."""

    documents: Paged[Listed]
    show: Show
    q: str
    #: the year looked at, None = all; and those there are, the latest first
    year: int | None
    years: list[int]
    can_edit: bool

    @property
    def is_new(self) -> bool:
        """There is no document at all."""
        return not self.years

    @property
    def asked(self) -> dict[str, Any]:
        """What was searched for, as the address says it."""
        return {
            "show": None if self.show is Show.ALL else self.show.value,
            "q": self.q or None,
            "year": self.year,
        }


_LISTED = select(
    Document.id, Document.kind, Document.number, Document.day, Document.title, Document.sha256.is_not(None)
).order_by(Document.day.desc(), Document.id.desc())


def documents_page(show: Show, q: str, year: int | None, number: int) -> DocumentsPage:
    """A page of the documents, the latest first. Two statements.

    Words are looked for here, not in the database: both databases together fold no Lithuanian letters. Some 10 ms for
    what ten years have brought.
    """
    statement = _LISTED
    condition = _CONDITIONS[show]
    if condition is not None:
        statement = statement.where(condition)
    if year is not None:
        statement = statement.where(Document.day >= date(year, 1, 1), Document.day <= date(year, 12, 31))
    words = folded(q).split()
    if not words:
        statement = statement.limit(PAGE_SIZE + 1).offset(offset(number, PAGE_SIZE))
    rows = [Listed(*row) for row in db.session.execute(statement)]
    found = [one for one in rows if one.has(words)] if words else rows
    first, last = db.session.execute(select(func.min(Document.day), func.max(Document.day))).one()
    return DocumentsPage(
        documents=page_in(found, number, PAGE_SIZE) if words else page_of(found, number, PAGE_SIZE),
        show=show,
        q=q,
        year=year,
        years=list(range(last.year, first.year - 1, -1)) if first else [],
        can_edit=scope().may(Permission.DOCUMENT_WRITE),
    )


# --- one document ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DocumentPage:
    """One document, and what it orders."""

    id: int
    kind: DocumentKind
    number: str
    day: date
    title: str
    entered_at: datetime
    entered_by: str
    file_name: str | None
    #: „300 kB“
    size: str
    parts: list[Part]
    can_edit: bool
    #: entered today, or the director has opened the removing of records
    removing_is_open: bool

    @property
    def can_remove(self) -> bool:
        """Nothing was ordered by it."""
        return self.can_edit and not self.parts


def document(document_id: int) -> Document:
    """The document. Raises NotFound."""
    found = db.session.scalars(select(Document).where(Document.id == document_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def document_page(document_id: int) -> DocumentPage:
    """One document with what it orders. A statement for each kind of thing ordered, and one. Raises NotFound."""
    found = document(document_id)
    return DocumentPage(
        id=found.id,
        kind=found.kind,
        number=found.number,
        day=found.day,
        title=found.title,
        entered_at=found.entered_at,
        entered_by=found.entered_by,
        file_name=found.file_name,
        size=size_words(found.size) if found.size is not None else "",
        parts=ordered(found.id),
        can_edit=scope().may(Permission.DOCUMENT_WRITE),
        removing_is_open=found.entered_at.astimezone(VILNIUS).date() == clock.today() or removing_is_open(None),
    )


@dataclass(frozen=True)
class NewPage:
    """The page on which a document is entered."""

    today: date
    #: the latest order, so that the next number is known
    latest: str


def new_page() -> NewPage:
    """One statement."""
    latest = db.session.execute(
        select(Document.number, Document.day)
        .where(Document.kind == DocumentKind.ORDER)
        .order_by(Document.day.desc(), Document.id.desc())
        .limit(1)
    ).first()
    return NewPage(clock.today(), f"{latest.number}, {latest.day.isoformat()}" if latest else "")
