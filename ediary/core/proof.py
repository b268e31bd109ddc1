"""What a paper to be signed prints, so that it can be compared with the diary, and the keeping of what was printed.

Such a paper prints its content's short form (with a QR code that leads to the page which checks it) and the newest seal
over the history, which is made just before: so the seal covers what the paper says. The file's own hash goes into
the seal that is made next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from ediary.core import store
from ediary.core.audit import canonical
from ediary.core.db import db
from ediary.core.errors import FenceBreach
from ediary.core.locks import held, write_transaction
from ediary.core.pdf import render_pdf
from ediary.core.qr import qr_data_uri
from ediary.core.seals import Paper, SealMark, seal

#: hexadecimal digits of a short form
DIGITS = 12


def short_hash(digest: str) -> str:
    """The first digits of a hash, spaced to be read aloud: `3f2a 91bc 07de`."""
    return " ".join(digest[at : at + 4] for at in range(0, DIGITS, 4))


def fingerprint(said: str) -> str:
    """SHA-256 of what a paper says: without who made it and when, so that the same says the same."""
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Mark:
    """What a paper prints of itself: which paper of what, the hash of what it says, the seal over the history."""

    kind: str
    about: str
    content_sha256: str
    seal: SealMark

    @property
    def code(self) -> str:
        """The short form as it stands in an address."""
        return self.content_sha256[:DIGITS]

    @property
    def check(self) -> str:
        """The short form as people read it."""
        return short_hash(self.content_sha256)

    @property
    def address(self) -> str:
        """Where the QR code leads."""
        return url_for("history.check", code=self.code, _external=True)

    @property
    def sentence(self) -> str:
        """What the foot says."""
        return _(
            "To check: %(code)s. The diary's seal No. %(number)s: %(seal)s.",
            code=self.check,
            number=self.seal.number,
            seal=short_hash(self.seal.sha256),
        )


def mark(kind: str, about: Mapping[str, Any], content_sha256: str) -> Mark:
    """The mark of a paper about to be made: seals the history up to now, as the last thing in a write transaction.

    `about` says of what the paper is, in ids and days: by it `history.contents` reads the same again.
    """
    sealed = seal()
    if sealed is None:
        raise FenceBreach("a paper is printed of what was never written")
    return Mark(kind, canonical(about), content_sha256, sealed)


def keep(marked: Mark, content: bytes, printed_by: str) -> int:
    """Store the bytes of a paper, then its row, in a write transaction; returns its id."""
    row = Paper(
        kind=marked.kind,
        about=marked.about,
        content_sha256=marked.content_sha256,
        code=marked.code,
        seal_id=marked.seal.id,
        file_sha256=store.keep(content),
        printed_at=held().now,
        printed_by=printed_by,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


# --- papers of prose --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """A paper to be signed, before it is made: which of what, its template and what it is filled with.

    `foot` says which print it is, when and by whom it was made; it is no part of what the paper says.
    """

    kind: str
    about: Mapping[str, Any]
    template: str
    context: Mapping[str, Any]
    foot: str

    @property
    def content_sha256(self) -> str:
        """Of what it says: the same until something it tells of is changed."""
        return fingerprint(render_template(self.template, font="", font_bold="", foot="", **self.context))

    @property
    def check(self) -> str:
        """The short form of what it says."""
        return short_hash(self.content_sha256)


def printed(drafted: Draft, printed_by: str) -> bytes:
    """Make a paper with its mark, and keep it: sealed in one short write transaction, drawn outside of any, kept in
    another. The caller holds none. 0.3 s.
    """
    with write_transaction():
        marked = mark(drafted.kind, drafted.about, drafted.content_sha256)
    foot = f"{drafted.foot} {marked.sentence}"
    content = render_pdf(drafted.template, foot=foot, mark_qr=qr_data_uri(marked.address), **drafted.context)
    with write_transaction():
        keep(marked, content, printed_by)
    return content
