"""Where in a table the headings stand, what its columns are, and which of its rows are entries. Pure.

Above the headings people write titles, below the entries totals, between them lines like „Boružiukų grupė“.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ediary.registers.headings import Meaning, meaning
from ediary.registers.reading import Row, Table
from ediary.registers.rules import GUARDIANS, WHOLE_NAMES, Field, Kind
from ediary.registers.vocabulary import masked, plain, spellings

#: headings stand in one of the first rows
LOOK_FOR_HEAD = 40


@dataclass(frozen=True)
class Column:
    """A column of the file: its place (from 0), its heading, what it was taken for."""

    index: int
    heading: str
    meaning: Meaning | None = None
    examples: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """As spreadsheets name it: 0 -> A, 26 -> AA."""
        letters, rest = "", self.index + 1
        while rest:
            rest, last = divmod(rest - 1, 26)
            letters = chr(ord("A") + last) + letters
        return letters


@dataclass(frozen=True)
class Layout:
    """Where the headings stand and which rows are entries. `head`: rows of headings, () = none found."""

    head: tuple[int, ...]
    columns: tuple[Column, ...]
    body: tuple[Row, ...]
    #: rows that are no entries: titles above, totals, headings repeated, lines between
    skipped: tuple[Row, ...] = ()

    @property
    def recognised(self) -> int:
        return len({column.meaning.field for column in self.columns if column.meaning})


def _heads(rows: Sequence[Row], at: int) -> list[tuple[tuple[int, ...], list[str]]]:
    """The row's headings alone, and together with the row above it: „Mama“ over „Vardas | Telefonas“."""
    row = rows[at]
    single = list(row.cells)
    found: list[tuple[tuple[int, ...], list[str]]] = [((row.number,), single)]
    if at and rows[at - 1].number == row.number - 1 and len(rows[at - 1].filled) > 1:
        above, said, joined = rows[at - 1], "", []
        for index in range(max(len(above.cells), len(row.cells))):
            said = above.cell(index) or said
            own = row.cell(index)
            joined.append(
                (f"{said} {own}" if own else above.cell(index)) if index < len(row.cells) else above.cell(index)
            )
        plainly = [row.cell(index) for index in range(len(joined))]
        found.append(
            ((above.number, row.number), [_clearer(both, own) for both, own in zip(joined, plainly, strict=True)])
        )
    return found


def _clearer(both: str, own: str) -> str:
    """A heading with the one above it, where that says more."""
    with_above, alone = meaning(both, Kind.CHILDREN), meaning(own, Kind.CHILDREN)
    of_guardians = {field for place in GUARDIANS for field in place.values()}
    if with_above is not None and (alone is None or with_above.field in of_guardians):
        return both
    return own or both


def layout(table: Table, kind: Kind, head: int | None = None) -> Layout:
    """The row of headings that says most, what its columns are, and the entries below it.

    `head`: the row the person named instead; 0 = the file has none.
    """
    rows = table.rows
    best: tuple[tuple[int, ...], list[str]] = ((), [])
    most = 0
    wide = next((row.number for row in rows if len(row.filled) > 1), 0)
    for at in range(min(len(rows), LOOK_FOR_HEAD)):
        if head is not None and rows[at].number != head:
            continue
        # one word that is a heading elsewhere makes no row of headings, but in the first row of several cells
        enough = 1 if head is not None or len(rows[at].filled) <= 2 or rows[at].number == wide else 2
        for numbers, texts in _heads(rows, at):
            said = {found.field for text in texts if text and (found := meaning(text, kind)) is not None}
            if len(said) > most and len(said) >= enough:
                best, most = (numbers, texts), len(said)
    if head and not best[0]:
        best = ((head,), next((list(row.cells) for row in rows if row.number == head), []))
    return _laid_out(table, kind, *best)


def _laid_out(table: Table, kind: Kind, head: tuple[int, ...], texts: list[str]) -> Layout:
    first = head[-1] if head else 0
    body, skipped, lines = [], [], {}
    heading_words = {plain(text) for text in texts if text}
    line, sectioned = "", False
    fields = {said.field for text in texts if text and (said := meaning(text, kind)) is not None}
    lone = kind is Kind.CHILDREN and Field.GROUP not in fields and _lone_rows_are_lines(table, first)
    for row in table.rows:
        if row.number <= first:
            if row.number not in head:
                skipped.append(row)
        elif _is_total(row) or (heading_words and {plain(cell) for cell in row.cells if cell} <= heading_words):
            skipped.append(row)
        elif lone and len(row.filled) == 1:
            line, sectioned = row.cells[row.filled[0]], True
            skipped.append(row)
        else:
            body.append(row)
            lines[row.number] = line
    width = max((len(row.cells) for row in body), default=0)
    width = max(width, len(texts))
    columns = [
        Column(
            index, texts[index] if index < len(texts) else "", _meaning_at(kind, texts, index), _examples(body, index)
        )
        for index in range(width)
    ]
    columns = _without_doubles([column for column in columns if column.heading or column.examples])
    if sectioned:
        body = [Row(row.number, (*(row.cell(i) for i in range(width)), lines[row.number])) for row in body]
        columns.append(Column(width, LINE_ABOVE, Meaning(Field.GROUP), _examples(body, width)))
    return Layout(head, tuple(columns), tuple(body), tuple(skipped))


#: heading of the column made of the lines between the rows („Boružiukų grupė“ above its children)
LINE_ABOVE = "\u2191"


def _meaning_at(kind: Kind, texts: list[str], index: int) -> Meaning | None:
    return meaning(texts[index], kind) if index < len(texts) and texts[index] else None


def _examples(body: Sequence[Row], index: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in body[:200]:
        if value := row.cell(index):
            found[masked(value)] = None
            if len(found) == 3:
                break
    return tuple(found)


_TOTALS = spellings(
    "viso|iš viso|is viso|total|suma|bendras|bendras skaičius|viso vaikų|iš viso vaikų|viso darbuotojų|in all"
)


def _is_total(row: Row) -> bool:
    """„Iš viso: 25“: few cells, and the first says so."""
    said = plain(re.sub(r"[\d:.,]+", " ", row.cells[row.filled[0]]))
    return len(row.filled) <= 3 and said in _TOTALS


def _lone_rows_are_lines(table: Table, first: int) -> bool:
    """Are rows with a single cell headings between the entries? Only where most entries have more."""
    below = [len(row.filled) for row in table.rows if row.number > first and not _is_total(row)]
    return sum(count > 1 for count in below) >= sum(count == 1 for count in below)


def _without_doubles(columns: list[Column]) -> list[Column]:
    """What two columns claim is the first one's; the person may say otherwise. A name in two columns beats one."""
    fields = [column.meaning.field for column in columns if column.meaning]
    taken: set[Field] = set()
    for whole, parts in WHOLE_NAMES.items():
        if all(part in fields for part in parts):
            taken.add(whole)
    kept = []
    for column in columns:
        if column.meaning is not None and column.meaning.field in taken:
            column = replace(column, meaning=None)
        elif column.meaning is not None:
            taken.add(column.meaning.field)
        kept.append(column)
    return kept


def best_table(tables: Sequence[Table], kind: Kind) -> Table:
    """Of several sheets the one whose headings say most; the longer of two alike."""
    return max(tables, key=lambda table: (layout(table, kind).recognised, len(table.rows)))


def likely_kind(table: Table) -> Kind | None:
    """Which list the headings are of, when they clearly are of one."""
    scores = sorted(((layout(table, kind).recognised, kind) for kind in Kind), reverse=True)
    return scores[0][1] if scores[0][0] > scores[1][0] + 1 else None
