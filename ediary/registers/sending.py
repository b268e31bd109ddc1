"""A file on its way in: read, sealed, its columns guessed, before anything is written; what is said of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ediary.core import clock
from ediary.core.errors import BadInput
from ediary.registers import answers, queries, words
from ediary.registers.actions import Sent, Way
from ediary.registers.answers import Said
from ediary.registers.entries import Answers
from ediary.registers.kept import ListFile, open_file, seal_file
from ediary.registers.layout import best_table, layout
from ediary.registers.mapping import Gaps, gaps
from ediary.registers.queries import ColumnsPage
from ediary.registers.reading import Trouble
from ediary.registers.rules import DayOrder, Field, Kind, NameOrder


def prepare(kind: Kind, school_year: int, file: ListFile) -> Sent:
    """A file that was read, ready to be kept."""
    found = layout(best_table(file.tables, kind), kind)
    said = queries.guessed(found, queries.last_answers(kind))
    return Sent(
        kind,
        school_year,
        queries.first_day(school_year, clock.today()),
        file.name,
        file.sha256,
        len(found.body),
        answers.dump(said),
        seal_file(file.content, file.tables),
    )


def read_in(import_id: int, way: Way) -> tuple[int, Said]:
    """How many rows the file has when it is read so, and what its columns then are taken for.

    Raises BadInput when it cannot be read so.
    """
    made = queries.made_of(import_id)
    tables = open_file(queries.sealed_file(made), way.encoding, way.separator)
    if isinstance(tables, Trouble):
        raise BadInput(words.trouble(tables))
    found = layout(queries.table_in(tables, made.kind, way.sheet), made.kind, way.head_row)
    said = queries.guessed(found, None)
    return len(found.body), replace(said, apart=answers.load(made.answers).apart)


@dataclass(frozen=True)
class Columns:
    """What a form says of a file's columns."""

    columns: Mapping[int, Field]
    name_orders: Mapping[int, NameOrder]
    day_orders: Mapping[int, DayOrder]


def said_of(import_id: int, sent: Columns) -> tuple[Said, ColumnsPage, Gaps]:
    """What is now said, the page that shows it, and what still has to be said."""
    made = queries.made_of(import_id)
    kept = answers.load(made.answers)
    said = replace(kept, file=Answers(sent.columns, sent.name_orders, sent.day_orders, {}))
    page = queries.columns_page(import_id, said)
    relations = queries.relations_of(sent.columns, page.layout, made.kind)
    asked_days = {index: order for index, order in sent.day_orders.items() if index in page.days}
    asked_names = {index: order for index, order in sent.name_orders.items() if index in page.names}
    said = replace(said, file=Answers(sent.columns, asked_names, asked_days, relations))
    missing = gaps(made.kind, sent.columns, names=page.names, named=asked_names, days=page.days, said_days=asked_days)
    return said, replace(page, said=said), missing
