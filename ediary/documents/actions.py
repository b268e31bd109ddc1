"""Entering documents, correcting them, keeping their files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.locks import held
from ediary.core.settled import one_at_a_time
from ediary.documents.ordered import ordered
from ediary.documents.queries import document
from ediary.institutions.actions import known_document
from ediary.institutions.models import Document, DocumentKind


@dataclass(frozen=True)
class Kept:
    """A file that lies in the store already."""

    sha256: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Said:
    """What is written of a document."""

    kind: DocumentKind
    number: str
    day: date
    title: str


def enter(said: Said, file: Kept | None, by: str) -> Document:
    """A document. An order that was only named until now, where it orders something, gets what it is about.

    Raises BadInput for one that is entered already.
    """
    one_at_a_time()
    known = known_document(said.kind, said.number, said.day)
    if known is not None and (known.title or known.sha256):
        raise BadInput(_already(said))
    if known is None:
        known = Document(
            kind=said.kind, number=said.number, day=said.day, title="", entered_at=held().now, entered_by=by
        )
        db.session.add(known)
    known.title = said.title
    _attach(known, file)
    db.session.flush()
    return known


def edit(document_id: int, said: Said, file: Kept | None) -> Document:
    """Correct what is written; another file takes the former's place, which stays kept. Raises BadInput, NotFound."""
    one_at_a_time()
    found = document(document_id)
    other = known_document(said.kind, said.number, said.day)
    if other is not None and other.id != found.id:
        raise BadInput(_already(said))
    if said.kind is not DocumentKind.ORDER and found.kind is DocumentKind.ORDER and ordered(document_id):
        raise BadInput(_("Something was ordered by this document, so it stays an order."))
    found.kind, found.number, found.day, found.title = said.kind, said.number, said.day, said.title
    _attach(found, file)
    db.session.flush()
    return found


def remove(document_id: int) -> None:
    """A document entered by mistake. Raises BadInput when something was ordered by it."""
    found = document(document_id)
    if ordered(document_id):
        raise BadInput(_("Something was ordered by this document, so it stays. Correct its number or day instead."))
    db.session.delete(found)
    db.session.flush()


def _attach(found: Document, file: Kept | None) -> None:
    if file is not None:
        found.sha256, found.file_name = file.sha256, file.name
        found.media_type, found.size = file.media_type, file.size


def _already(said: Said) -> str:
    if said.kind is DocumentKind.ORDER:
        return _("Order No. %(number)s, %(day)s is entered already.", number=said.number, day=said.day.isoformat())
    return _("Document No. %(number)s, %(day)s is entered already.", number=said.number, day=said.day.isoformat())
