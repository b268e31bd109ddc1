"""The chain of seals over the history: one for each institution, so that nothing sealed changes or goes unseen (H4).

A seal is a row with its number, the hash of the seal before it, and its own. The rows of `Sealed` list, in an order of
their own, what it seals: entries of the history (by their salted digests, so that a content can one day be erased while
the chain holds) and papers (by the hash of their files). Each row's link is made of the link before it; the first of a
seal of the hash of the seal before. `core/verify.py` walks it all again.

Ids are not the order of commits: on PostgreSQL an entry with a lower number may be committed after a higher one is
sealed. So a seal takes whatever no seal has, said to be done from a moment on (`complete_to` of the seal before).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, Table, UniqueConstraint, bindparam, exists, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ediary.core.audit import AuditEntry, canonical, plain
from ediary.core.db import Base, db
from ediary.core.locks import held
from ediary.core.models import Owned
from ediary.core.session import scope
from ediary.core.settled import one_at_a_time
from ediary.core.types import UTCDateTime

#: what one seal takes at most: some 0.1 s, in which on SQLite a tap waits. The rest goes into the next.
MOST = 2_000

#: no transaction lasts so long: what is said to be done earlier is committed by now or never
LONGEST_TRANSACTION = timedelta(days=1)

#: what stands before the first seal
NOTHING = "0" * 64


class Seal(Owned, Base):
    """A link of the chain. Never changed, never deleted: the database refuses it."""

    __tablename__ = "core_seal"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: the seal before it, by its hash
    previous: Mapped[str] = mapped_column()
    entries: Mapped[int] = mapped_column()
    papers: Mapped[int] = mapped_column()
    #: whatever is said to be done before this moment is in this seal or an earlier one
    complete_to: Mapped[datetime] = mapped_column(UTCDateTime)
    #: of the last row it lists
    last_link: Mapped[str] = mapped_column()
    sha256: Mapped[str] = mapped_column()


class Sealed(Owned, Base):
    """That an entry or a paper stands in a seal, and at which place. Never changed, never deleted."""

    __tablename__ = "core_sealed"
    __table_args__ = (
        CheckConstraint("(entry_id IS NULL) <> (paper_id IS NULL)", name="what"),
        UniqueConstraint("entry_id"),
        UniqueConstraint("paper_id"),
    )
    seal_id: Mapped[int] = mapped_column(ForeignKey("core_seal.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("core_audit_entry.id"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("core_paper.id"))
    link: Mapped[str] = mapped_column()


class Paper(Owned, Base):
    """A paper to be signed as it was printed: what it says and its file, by their hashes. Never changed, never deleted.

    `core/proof.py` writes and finds them.
    """

    __tablename__ = "core_paper"
    __table_args__ = (Index(None, "institution_id", "code"), Index(None, "institution_id", "printed_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    #: which paper it is (a code of `core.proof.PaperKind`)
    kind: Mapped[str] = mapped_column()
    #: of what: canonical JSON of what the area needs to read it again
    about: Mapped[str] = mapped_column()
    #: of what it says, and its first digits as printed
    content_sha256: Mapped[str] = mapped_column()
    code: Mapped[str] = mapped_column()
    #: the seal it prints: the history up to what it says
    seal_id: Mapped[int] = mapped_column(ForeignKey("core_seal.id"))
    #: of the file's bytes: its name in the store
    file_sha256: Mapped[str] = mapped_column()
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    printed_by: Mapped[str] = mapped_column()


@dataclass(frozen=True)
class SealMark:
    """A seal, for who prints it: `core.proof` says it short."""

    id: int
    number: int
    sha256: str


ENTRIES, SEALS, SEALED, PAPERS = (cast(Table, model.__table__) for model in (AuditEntry, Seal, Sealed, Paper))


# --- what is hashed ---------------------------------------------------------------------------------------------------


def paper_digest(paper: Any) -> str:
    """SHA-256 over a paper's row (a mapping), but for its number."""
    content = {name: plain(paper[name]) for name in PAPERS.c.keys() if name != "id"}  # noqa: SIM118 - of a collection
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def link_of(before: str, what: str, digest: str) -> str:
    """The link of a row, made of the link before it; `what` is `entry 17` or `paper 3`."""
    return hashlib.sha256(f"{before}\n{what}\n{digest}".encode()).hexdigest()


def seal_hash(seal: Any) -> str:
    """SHA-256 over a seal's row (a mapping), but for its id and this hash; what it lists is in it by the last link."""
    content = {name: plain(seal[name]) for name in SEALS.c.keys() if name not in ("id", "sha256")}  # noqa: SIM118
    return hashlib.sha256(canonical(content).encode()).hexdigest()


# --- sealing ----------------------------------------------------------------------------------------------------------

_LAST = (
    select(SEALS.c.id, SEALS.c.number, SEALS.c.sha256, SEALS.c.complete_to)
    .where(SEALS.c.institution_id == bindparam("institution_id"))
    .order_by(SEALS.c.number.desc())
    .limit(1)
)


def _unsealed(of: Table, moment: Any, reference: Any, since: datetime | None, *columns: Any) -> Any:
    """What no seal has yet, the oldest first."""
    chosen = select(*columns).where(
        of.c.institution_id == bindparam("institution_id"), ~exists().where(reference == of.c.id)
    )
    if since is not None:
        chosen = chosen.where(moment >= bindparam("since"))
    return chosen.order_by(moment, of.c.id).limit(bindparam("most"))


def last_seal(session: Session, institution_id: int) -> Any:
    """The newest seal's id, number, sha256 and complete_to; None before the first."""
    return session.connection().execute(_LAST, {"institution_id": institution_id}).first()


def seal() -> SealMark | None:
    """Seal what no seal has yet, inside the running write transaction and as the last thing in it; gives the newest
    seal, also when there was nothing new (None: nothing was ever written).

    Waits for whoever seals this institution at the same time, as who changes its settings does: taps do not wait.
    Cost: six statements; 2,000 entries in 0.1 s, the others are left to the next.
    """
    session, institution_id = db.session(), scope().institution_id
    session.flush()
    one_at_a_time()
    connection, last = session.connection(), last_seal(session, institution_id)
    since = last.complete_to if last else None
    asked = {"institution_id": institution_id, "since": since, "most": MOST}
    entries = connection.execute(
        _unsealed(ENTRIES, ENTRIES.c.at, SEALED.c.entry_id, since, ENTRIES.c.id, ENTRIES.c.digest, ENTRIES.c.at), asked
    ).all()
    papers = connection.execute(_unsealed(PAPERS, PAPERS.c.printed_at, SEALED.c.paper_id, since, PAPERS), asked).all()
    if not entries and not papers:
        return SealMark(last.id, last.number, last.sha256) if last else None
    previous = last.sha256 if last else NOTHING
    rows = _listed(previous, entries, papers)
    now = held().now
    made: dict[str, Any] = {
        "institution_id": institution_id,
        "number": last.number + 1 if last else 1,
        "at": now,
        "previous": previous,
        "entries": len(entries),
        "papers": len(papers),
        "complete_to": _complete_to(now, since, entries, papers),
        "last_link": rows[-1]["link"],
    }
    made["sha256"] = seal_hash(made)
    seal_id = connection.execute(insert(SEALS).returning(SEALS.c.id), made).scalar_one()
    connection.execute(insert(SEALED), [{"institution_id": institution_id, "seal_id": seal_id, **row} for row in rows])
    return SealMark(seal_id, made["number"], made["sha256"])


def _listed(before: str, entries: Iterable[Any], papers: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows of a seal, each with its link."""
    rows: list[dict[str, Any]] = []
    found = [(row.id, None, f"entry {row.id}", row.digest) for row in entries]
    found += [(None, row.id, f"paper {row.id}", paper_digest(row._mapping)) for row in papers]
    for place, (entry_id, paper_id, what, digest) in enumerate(found, start=1):
        before = link_of(before, what, digest)
        rows.append({"place": place, "entry_id": entry_id, "paper_id": paper_id, "link": before})
    return rows


def _complete_to(now: datetime, since: datetime | None, entries: Sequence[Any], papers: Sequence[Any]) -> datetime:
    """From when on the next seal looks. What was left out for being too much is later than the last one taken."""
    reached = [now]
    if len(entries) == MOST:
        reached.append(entries[-1].at)
    if len(papers) == MOST:
        reached.append(papers[-1].printed_at)
    until = min(reached) - LONGEST_TRANSACTION
    return until if since is None else max(until, since)
