"""The lists' pages: which there are, how a file's columns are read, what comparing it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, func, select

from ediary.children.rules import Relation
from ediary.core import clock
from ediary.core.dates import ONE_DAY, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.permissions import Permission, Role
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.meals.models import MealKind
from ediary.registers import answers, words
from ediary.registers.answers import Said
from ediary.registers.comparing import Compared, compared
from ediary.registers.days import DayQuestion, day_question
from ediary.registers.entries import Answers, Context, entries
from ediary.registers.headings import meaning
from ediary.registers.kept import open_facts, open_file, seal_entries
from ediary.registers.known import group_names, known
from ediary.registers.layout import LINE_ABOVE, Layout, best_table, layout, likely_kind
from ediary.registers.models import Import, KeptFile, StagedPart, State, Undo
from ediary.registers.names import name_order_of
from ediary.registers.positions import role_of
from ediary.registers.reading import Table, Trouble
from ediary.registers.rules import COLUMNS, DAYS, GUARDIANS, WHOLE_NAMES, Field, Kind, Known, NameOrder
from ediary.registers.vocabulary import masked, plain

#: rows read at a time
PART = 400


# --- the beginning --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tile:
    """A list: what was done last, and what is being done."""

    kind: Kind
    #: the last one compared or applied
    last: Import | None
    #: one that is not finished
    open: Import | None
    #: is its file kept, so that it can be compared again?
    has_file: bool

    @property
    def is_equal(self) -> bool:
        seen_whole = self.open is None or (self.open is self.last and self.open.state is State.CHECKED)
        return seen_whole and self.last is not None and not self.last.left


@dataclass(frozen=True)
class IndexPage:
    tiles: list[Tile]
    history: list[Import]
    can_write: bool

    @property
    def next(self) -> Kind | None:
        """The list to be seen to first."""
        return next((tile.kind for tile in self.tiles if not tile.is_equal), None)


#: how much of the history of comparisons the page shows
HISTORY = 30


def index_page() -> IndexPage:
    """The three lists and the history of their comparisons."""
    made = list(
        db.session.scalars(
            select(Import).where(Import.checked_at.is_not(None)).order_by(Import.id.desc()).limit(HISTORY)
        )
    )
    opened = {one.kind: one for one in db.session.scalars(select(Import).where(Import.state.in_(_OPEN)))}
    files = {row.kind: row.sha256 for row in db.session.execute(select(KeptFile.kind, KeptFile.sha256))}
    tiles = []
    for kind in Kind:
        last = next((one for one in made if one.kind is kind), None)
        has_file = last is not None and files.get(kind) == last.sha256
        tiles.append(Tile(kind, last, opened.get(kind), has_file))
    return IndexPage(tiles, made, scope().may(Permission.REGISTER_WRITE))


_OPEN = (State.UPLOADED, State.MAPPED, State.CHECKED)


def made_of(import_id: int) -> Import:
    """The list. Raises NotFound."""
    found = db.session.scalars(select(Import).where(Import.id == import_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def years_offered(today: date) -> list[int]:
    """The school years a list may be of: this one, and from April on the next one first."""
    year = school_year_of(today)
    return [year + 1, year] if 4 <= today.month <= 8 else [year, year + 1]


def first_day(school_year: int, today: date) -> date:
    """From when what a list brings holds: the year's first day, or tomorrow where the year has begun."""
    return max(school_year_span(school_year)[0], today + ONE_DAY)


def last_answers(kind: Kind) -> Said | None:
    """What was said of the last list of this kind."""
    found = db.session.scalars(
        select(Import.answers).where(Import.kind == kind, Import.answers != "").order_by(Import.id.desc()).limit(1)
    ).first()
    return answers.load(found) if found else None


# --- the file -------------------------------------------------------------------------------------------------------


def tables_of(made: Import) -> tuple[Table, ...]:
    """What the kept file holds, read as the person said. Raises BadInput when it is not kept or cannot be read so."""
    found = open_file(sealed_file(made), made.encoding, made.separator)
    if isinstance(found, Trouble):
        raise BadInput(words.trouble(found))
    return found


def sealed_file(made: Import) -> str:
    """The file as it is kept. Raises BadInput when it is not kept any more."""
    sealed = db.session.scalar(select(KeptFile.sealed).where(_of(made)))
    if sealed is None:
        raise BadInput(words.no_file())
    return sealed


def _of(made: Import) -> ColumnElement[bool]:
    return (KeptFile.kind == made.kind) & (KeptFile.sha256 == made.sha256)


def has_file(made: Import) -> bool:
    return db.session.scalar(select(KeptFile.id).where(_of(made))) is not None


def table_in(tables: Sequence[Table], kind: Kind, sheet: str | None) -> Table:
    return next((one for one in tables if one.sheet == sheet), None) or best_table(tables, kind)


def guessed(found: Layout, before: Said | None) -> Said:
    """What the columns are taken for: as the person said of a file with the same headings, else by the headings."""
    headings = tuple(column.heading for column in found.columns)
    apart = before.apart if before is not None else ()
    if before is not None and before.headings == headings:
        return replace(before, rows={})
    columns, orders, relations = {}, {}, {}
    for column in found.columns:
        said = column.meaning
        if said is None:
            continue
        columns[column.index] = said.field
        if said.order is not None:
            orders[column.index] = said.order
        if said.relation is not None:
            relations[2 if said.field.value.startswith("g2_") else 1] = said.relation
    return Said(Answers(columns, orders, {}, relations), apart=apart, headings=headings)


@dataclass(frozen=True)
class NameQuestion:
    """A column of whole names whose order is asked."""

    column: int
    example: str
    likely: NameOrder | None


@dataclass(frozen=True)
class ColumnsPage:
    """How the file is read: its columns, what they are taken for, what must be asked."""

    made: Import
    table: Table
    layout: Layout
    said: Said
    fields: tuple[Field, ...]
    names: Mapping[int, NameQuestion]
    days: Mapping[int, DayQuestion]
    #: which list the headings rather are of
    rather: Kind | None
    #: columns whose values an earlier one is taken for too
    line_above: str = LINE_ABOVE

    @property
    def skipped(self) -> list[str]:
        """Rows that are no entries, as they stand."""
        return [
            f"{row.number}: {masked(' '.join(cell for cell in row.cells if cell))[:80]}" for row in self.layout.skipped
        ]


def columns_page(import_id: int, said: Said | None = None) -> ColumnsPage:
    """`said`: what a form holds instead of what is kept. 0.1 s for 2,000 rows."""
    made = made_of(import_id)
    tables = tables_of(made)
    table = table_in(tables, made.kind, made.sheet)
    found = layout(table, made.kind, made.head_row)
    said = said or answers.load(made.answers)
    rather = likely_kind(table)
    return ColumnsPage(
        made,
        table,
        found,
        said,
        COLUMNS[made.kind],
        name_questions(found, said),
        day_questions(found, said),
        rather if rather is not made.kind else None,
    )


def name_questions(found: Layout, said: Said) -> dict[int, NameQuestion]:
    asked = {}
    for column in found.columns:
        if said.file.columns.get(column.index) in WHOLE_NAMES:
            texts = [text for row in found.body[:400] if (text := row.cell(column.index))]
            likely = said.file.name_orders.get(column.index) or name_order_of(texts)
            asked[column.index] = NameQuestion(column.index, texts[0] if texts else "", likely)
    return asked


def day_questions(found: Layout, said: Said) -> dict[int, DayQuestion]:
    asked = {}
    for column in found.columns:
        if said.file.columns.get(column.index) in DAYS:
            question = day_question(column.index, (row.cell(column.index) for row in found.body))
            if question is not None:
                asked[column.index] = question
    return asked


def relations_of(columns: Mapping[int, Field], found: Layout, kind: Kind) -> dict[int, Relation]:
    """What „Mama“ in a heading says of the first and the second guardian."""
    relations: dict[int, Relation] = {}
    for column in found.columns:
        said = meaning(column.heading, kind) if column.heading else None
        for number, place in enumerate(GUARDIANS, start=1):
            if said is not None and said.relation is not None and columns.get(column.index) in place.values():
                relations[number] = said.relation
    return relations


# --- reading the rows -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far the rows are read."""

    made: Import
    rows_read: int

    @property
    def percent(self) -> int:
        return 100 if not self.made.rows else min(100, self.rows_read * 100 // self.made.rows)


def progress(made: Import) -> Progress:
    done = db.session.scalar(select(func.max(StagedPart.rows_read)).where(StagedPart.import_id == made.id))
    return Progress(made, done or 0)


@dataclass(frozen=True)
class Part:
    """The next rows, read and sealed; `sealed` is empty when all are read."""

    number: int
    rows_read: int
    sealed: str


def next_part(made: Import) -> Part:
    """Read the next rows, outside of any write. 0.2 s at the most."""
    parts = db.session.execute(
        select(StagedPart.number, StagedPart.rows_read)
        .where(StagedPart.import_id == made.id)
        .order_by(StagedPart.number)
    ).all()
    done = parts[-1].rows_read if parts else 0
    if done >= made.rows:
        return Part(len(parts), done, "")
    table = table_in(tables_of(made), made.kind, made.sheet)
    body = layout(table, made.kind, made.head_row).body
    said = answers.load(made.answers)
    context = Context(clock.today(), school_year_span(made.school_year))
    read = entries(body[done : done + PART], made.kind, said.file, context)
    return Part(len(parts), min(done + PART, len(body)), seal_entries(read))


# --- comparing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PositionAsked:
    """A position of employees, and the role it is likely to go with."""

    key: str
    name: str
    people: int
    likely: Role | None


@dataclass(frozen=True)
class Comparing:
    """A list as compared now, with what is asked before it is written."""

    made: Import
    found: Compared
    groups: list[tuple[int, str]]
    positions: list[PositionAsked]
    meals: list[tuple[int, str]]
    can_write: bool
    has_file: bool

    @property
    def is_open(self) -> bool:
        return self.made.state is State.CHECKED


def comparing(made: Import) -> Comparing:
    found = compared(made)
    groups = sorted(group_names(made.school_year).items(), key=lambda one: one[1]) if found.new_groups else []
    return Comparing(
        made,
        found,
        groups,
        _positions(made, found),
        _meals(made, found),
        scope().may(Permission.REGISTER_WRITE),
        has_file(made),
    )


def _positions(made: Import, found: Compared) -> list[PositionAsked]:
    if made.kind is not Kind.EMPLOYEES:
        return []
    names: dict[str, list[str]] = {}
    for one in found.to_write:
        position = found.entries[one.number].values.get(Field.POSITION, "")
        if one.matched_id is None and position:
            names.setdefault(plain(position), []).append(position)
    return [PositionAsked(key, said[0], len(said), role_of(said[0])) for key, said in sorted(names.items())]


def _meals(made: Import, found: Compared) -> list[tuple[int, str]]:
    if made.kind is not Kind.CHILDREN or not found.to_write:
        return []
    rows = db.session.execute(
        select(MealKind.id, MealKind.name).where(valid_on(MealKind, made.starts_on)).order_by(MealKind.position)
    )
    return [(row.id, row.name) for row in rows]


def undo_facts(import_id: int) -> dict[str, object]:
    """What taking the list back needs. Raises Stale when it is not written, or taken back already."""
    sealed = db.session.scalar(select(Undo.sealed).where(Undo.import_id == import_id))
    if sealed is None:
        raise Stale(words.gone_further())
    return open_facts(sealed)


# --- out ------------------------------------------------------------------------------------------------------------


def exported(kind: Kind, school_year: int, day: date) -> list[Known]:
    """Those of a list who are here now, by name; personal codes are not among the values."""
    return [one for one in known(kind, school_year, day) if one.is_current]
