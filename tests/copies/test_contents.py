"""A copy leaves nothing out unsaid: walked over the models, so that a new table is asked too (H5)."""

from __future__ import annotations

import pytest
from sqlalchemy import Enum, Table, inspect

from ediary.copies.columns import About
from ediary.copies.contents import FILES, SHEETS, TECHNICAL
from ediary.copies.labels import KNOWN, target_of
from ediary.copies.left_out import LEFT_OUT, MENTIONS, UNNAMED
from ediary.copies.reach import reached
from ediary.copies.words import CODES
from ediary.core.audit import AuditEntry
from ediary.core.db import Base

#: found by what their rows say, not by a key
BY_WORDS = {About.PERSON: {"children_personal_code"}, About.CHILD: set[str]()}

MODELS = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
SHOWN = [(about, table) for about, sheets in SHEETS.items() for table in sheets]


@pytest.mark.parametrize("about", About)
def test_every_table_that_names_a_child_or_a_person_is_in_the_copy_or_left_out_for_a_reason(about: About) -> None:
    found = {one.table for one in reached(about)} | BY_WORDS[about]
    said = set(SHEETS[about])
    assert found - said == set(), "say in copies/contents.py what these tables show, or why they stay out"
    assert said - found == set(), "no such table names anybody"


@pytest.mark.parametrize(("about", "table"), SHOWN, ids=[f"{about.value} {table}" for about, table in SHOWN])
def test_every_column_is_shown_or_left_out_for_a_reason(about: About, table: str) -> None:
    model, sheet = MODELS[table], SHEETS[about][table]
    columns = {attr.key for attr in inspect(model).column_attrs}
    secret = getattr(model, "secret", frozenset()) - set(sheet.columns)
    said = set(sheet.columns) | set(sheet.without)
    assert columns - said - secret - TECHNICAL == set(), "say in copies/contents.py what these columns are called"
    assert said - columns == set()
    assert not set(sheet.columns) & set(sheet.without)


@pytest.mark.parametrize(("about", "table"), SHOWN, ids=[f"{about.value} {table}" for about, table in SHOWN])
def test_no_secret_is_shown(about: About, table: str) -> None:
    secret = getattr(MODELS[table], "secret", frozenset())
    opened = {"sealed"} if table == "children_personal_code" else set()
    assert set(SHEETS[about][table].columns) & secret <= opened


@pytest.mark.parametrize(("about", "table"), SHOWN, ids=[f"{about.value} {table}" for about, table in SHOWN])
def test_what_a_row_refers_to_and_every_code_can_be_said(about: About, table: str) -> None:
    model, sheet = MODELS[table], SHEETS[about][table]
    for key in sheet.columns:
        target, kind = target_of(model, key), inspect(model).columns[key].type
        assert target is None or target in KNOWN, f"copies/labels.py does not say what a row of {target} is called"
        if isinstance(kind, Enum):
            assert kind.enum_class in CODES, f"copies/words.py does not say the codes of {key}"
            for code in kind.enum_class:
                assert str(CODES[kind.enum_class](code))


def test_every_kept_file_of_a_shown_table_is_given_or_said() -> None:
    for table, sheet in SHEETS[About.CHILD].items():
        hashed = {one.name for one in MODELS[table].__table__.c if one.name.endswith("sha256")}
        given = {FILES[table][0]} if table in FILES else set()
        assert hashed - given - set(sheet.without) - ({"sha256"} if table == "copies_copy" else set()) == set(), table


def test_reasons_are_given_for_tables_that_are_there() -> None:
    tables = set(Base.metadata.tables)
    assert set(LEFT_OUT) | set(UNNAMED) <= tables
    for column in MENTIONS:
        table, name = column.split(".")
        assert name in Base.metadata.tables[table].c


def _says_something(table: Table) -> bool:
    """Columns of text or sealed values could hold a person's data though no key names the person."""
    return any(column.name in ("sealed", "package") or column.name.startswith("found") for column in table.c)


def test_sealed_bags_are_known() -> None:
    bags = {name for name, table in Base.metadata.tables.items() if _says_something(table)}
    known = {table for sheets in SHEETS.values() for table in sheets} | set(LEFT_OUT) | set(UNNAMED)
    assert bags <= known


def test_the_history_is_read_apart() -> None:
    assert LEFT_OUT[AuditEntry.__tablename__]
