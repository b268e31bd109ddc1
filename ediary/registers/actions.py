"""What a person does with a list: sends it, says which column is what, decides, writes it, takes it back (A4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.history import record
from ediary.core.locks import held
from ediary.institutions import queries as institutions
from ediary.registers import answers, applying, queries, undoing, words
from ediary.registers.answers import Said
from ediary.registers.compare import Decided
from ediary.registers.comparing import Compared, compared
from ediary.registers.kept import seal_facts
from ediary.registers.models import Import, KeptFile, StagedPart, State, Undo
from ediary.registers.reading import Encoding, Separator
from ediary.registers.ready import Ready
from ediary.registers.rules import Decision, Kind, Verdict

#: a list's file is kept no longer than this
KEPT_FOR = timedelta(days=120)
#: a list that can still be worked on
OPEN = (State.UPLOADED, State.MAPPED, State.CHECKED)


@dataclass(frozen=True)
class Sent:
    """A file that was read; `sealed` as it is kept."""

    kind: Kind
    school_year: int
    starts_on: date
    file_name: str
    sha256: str
    rows: int
    answers: str
    sealed: str


@dataclass(frozen=True)
class Way:
    """How the file is to be read, where the person says otherwise than was found."""

    encoding: Encoding | None = None
    separator: Separator | None = None
    sheet: str | None = None
    head_row: int | None = None


def receive(sent: Sent, by: str) -> Import:
    """A list has come: the one before it that was not finished is left, and so is its file."""
    tidy()
    for one in db.session.scalars(select(Import).where(Import.kind == sent.kind, Import.state.in_(OPEN))):
        _leave(one)
    for kept in db.session.scalars(select(KeptFile).where(KeptFile.kind == sent.kind)):
        db.session.delete(kept)
    db.session.flush()
    db.session.add(KeptFile(kind=sent.kind, sha256=sent.sha256, kept_at=held().now, sealed=sent.sealed))
    made = Import(
        kind=sent.kind,
        school_year=sent.school_year,
        starts_on=sent.starts_on,
        file_name=sent.file_name,
        sha256=sent.sha256,
        rows=sent.rows,
        answers=sent.answers,
        state=State.UPLOADED,
        made_at=held().now,
        made_by=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def again(before: Import, by: str, starts_on: date) -> Import:
    """The same file is compared anew: its columns as they were said, its doubtful rows asked about again.

    Raises BadInput when the file is no longer kept.
    """
    if (
        db.session.scalar(select(KeptFile.id).where(KeptFile.kind == before.kind, KeptFile.sha256 == before.sha256))
        is None
    ):
        raise BadInput(_("The file is no longer kept. Send it again."))
    for one in db.session.scalars(select(Import).where(Import.kind == before.kind, Import.state.in_(OPEN))):
        _leave(one)
    said = answers.load(before.answers)
    made = Import(
        kind=before.kind,
        school_year=before.school_year,
        starts_on=starts_on,
        file_name=before.file_name,
        sha256=before.sha256,
        encoding=before.encoding,
        separator=before.separator,
        sheet=before.sheet,
        head_row=before.head_row,
        rows=before.rows,
        answers=answers.dump(replace(said, rows={})),
        state=State.MAPPED,
        made_at=held().now,
        made_by=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def read_otherwise(import_id: int, way: Way, rows: int, said: Said) -> None:
    """The file is read in another way: its columns are recognised anew."""
    made = _taken(import_id, *OPEN)
    _drop_parts(made)
    made.encoding, made.separator, made.sheet, made.head_row = way.encoding, way.separator, way.sheet, way.head_row
    made.rows, made.answers, made.state = rows, answers.dump(said), State.UPLOADED
    db.session.flush()


def settle_columns(import_id: int, said: Said) -> None:
    """Which column is what is said: the rows are read from the beginning."""
    made = _taken(import_id, *OPEN)
    _drop_parts(made)
    made.answers, made.state = answers.dump(said), State.MAPPED
    made.checked_at = None
    db.session.flush()


def go_on(import_id: int, number: int, rows_read: int, sealed: str, found: Compared | None) -> None:
    """The next part of the rows is read, or, after the last, the list is compared: what was counted stands in the
    history of comparisons. Raises Stale when another page has read this part at the same moment."""
    made = _taken(import_id, State.MAPPED)
    if found is not None:
        made.state, made.checked_at = State.CHECKED, held().now
        _count(made, found)
        db.session.flush()
        return
    parts = list(db.session.scalars(select(StagedPart.number).where(StagedPart.import_id == made.id)))
    if len(parts) != number:
        raise Stale(_("Another page reads this list already."))
    db.session.add(StagedPart(import_id=made.id, number=number, rows_read=rows_read, sealed=sealed))
    db.session.flush()


def _count(made: Import, found: Compared) -> None:
    counted = found.comparison
    made.rows_new, made.rows_changed = counted.count(Verdict.NEW), counted.count(Verdict.CHANGED)
    made.rows_same, made.rows_doubtful = counted.count(Verdict.SAME), counted.count(Verdict.DOUBTFUL)
    made.rows_faulty, made.rows_left_out = counted.count(Verdict.FAULTY), counted.left_out
    made.missing = len(counted.missing)


def decide(import_id: int, number: int, decided: Decided | None) -> None:
    """What the person says of one doubtful or faulty row; None = nothing any more."""
    made = _taken(import_id, State.CHECKED)
    made.answers = answers.dump(answers.load(made.answers).decide(number, decided))
    db.session.flush()


def leave_out(import_id: int, numbers: Sequence[int]) -> None:
    """Rows that are not written: those with faults, until the file is mended."""
    made = _taken(import_id, State.CHECKED)
    said = answers.load(made.answers)
    made.answers = answers.dump(replace(said, rows={**said.rows, **dict.fromkeys(numbers, Decided(Decision.LEFT_OUT))}))
    db.session.flush()


def set_apart(import_id: int, known_ids: Collection[int], *, apart: bool) -> None:
    """Whom this register need not have: a cook is in no register of teachers. Said once, it holds for later files."""
    made = _taken(import_id, State.CHECKED)
    said = answers.load(made.answers)
    kept = {*said.apart, *known_ids} if apart else {one for one in said.apart if one not in known_ids}
    made.answers = answers.dump(replace(said, apart=tuple(sorted(kept))))
    _count(made, compared(made))
    db.session.flush()


def answer_groups(import_id: int, said: Mapping[str, str]) -> None:
    """What becomes of groups the diary does not have."""
    made = _taken(import_id, State.CHECKED)
    before = answers.load(made.answers)
    made.answers = answers.dump(replace(before, groups={**before.groups, **said}))
    db.session.flush()


def apply(import_id: int, ready: Ready, by: str) -> Import:
    """Write the list. Raises Stale when the diary is no longer what the person saw, else what `applying.write` does."""
    made = _taken(import_id, State.CHECKED)
    if compared(made, ready.compared.rows).digest != ready.compared.digest:
        raise Stale(_("Somebody has changed the diary meanwhile. Nothing was written; look at the differences anew."))
    ledger = applying.write(made, ready)
    _count(made, ready.compared)
    made.starts_on = ready.choices.starts_on
    made.state, made.applied_at, made.applied_by = State.APPLIED, held().now, by
    _drop_parts(made)
    db.session.add(Undo(import_id=made.id, sealed=seal_facts(ledger.facts())))
    db.session.flush()
    return made


def undo(import_id: int, facts: dict[str, Any], by: str) -> Import:
    """Take the list back. Raises BadInput that names what depends on it."""
    made = _taken(import_id, State.APPLIED)
    undoing.take_back(made, facts)
    for one in db.session.scalars(select(Undo).where(Undo.import_id == made.id)):
        db.session.delete(one)
    made.state, made.undone_at, made.undone_by = State.UNDONE, held().now, by
    db.session.flush()
    return made


def abandon(import_id: int) -> Import:
    """The list is left, and its file forgotten."""
    made = _taken(import_id, *OPEN)
    _leave(made)
    for kept in db.session.scalars(select(KeptFile).where(KeptFile.kind == made.kind, KeptFile.sha256 == made.sha256)):
        db.session.delete(kept)
    db.session.flush()
    return made


def note(import_id: int, action: str) -> None:
    """What was done with a list and changes no row of it: a report was printed."""
    record(action, queries.made_of(import_id))


def note_export(kind: Kind) -> None:
    """A whole list went out."""
    record("export", institutions.current(), list=kind.value)


def forget_file(kind: Kind) -> None:
    """The kept file of a list is removed; the history of comparisons stays."""
    for kept in db.session.scalars(select(KeptFile).where(KeptFile.kind == kind)):
        db.session.delete(kept)
    db.session.flush()


def tidy() -> int:
    """Forget files kept longer than `KEPT_FOR`, and leave lists nobody went on with so long; how many there were."""
    before = held().now - KEPT_FOR
    files = list(db.session.scalars(select(KeptFile).where(KeptFile.kept_at < before)))
    for kept in files:
        db.session.delete(kept)
    left = list(db.session.scalars(select(Import).where(Import.made_at < before, Import.state.in_(OPEN))))
    for one in left:
        _leave(one)
    db.session.flush()
    return len(files) + len(left)


def _taken(import_id: int, *states: State) -> Import:
    """The list, held by this write. Raises NotFound, or Stale when it has gone further meanwhile."""
    made = db.session.scalars(select(Import).where(Import.id == import_id).with_for_update()).one_or_none()
    if made is None:
        raise NotFound
    if made.state not in states:
        raise Stale(words.gone_further())
    return made


def _leave(made: Import) -> None:
    _drop_parts(made)
    made.state = State.ABANDONED


def _drop_parts(made: Import) -> None:
    for part in db.session.scalars(select(StagedPart).where(StagedPart.import_id == made.id)):
        db.session.delete(part)
    db.session.flush()
