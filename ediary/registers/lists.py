"""Lists that go out: templates to fill in, and what the diary has, in the very format that comes in (A4).

Personal codes are never in them. No text becomes a formula (`core.workbooks`); reading takes the apostrophe off again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from ediary.children.rules import Relation
from ediary.core import clock
from ediary.core.uploads import MEDIA_TYPES
from ediary.core.uploads import Kind as FileKind
from ediary.core.workbooks import Cell, Table, csv_of, xlsx_of
from ediary.groups.rules import AgeBand, Programme
from ediary.registers.rules import COLUMNS, DAYS, GUARDIANS, WHOLE_NAMES, Field, Kind, Known
from ediary.registers.words import HEADINGS, KINDS, said

F = Field


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[FileKind(self.value)]


#: the one row of each template; nobody is called so
EXAMPLES: Mapping[Kind, Mapping[Field, str]] = {
    Kind.CHILDREN: {
        F.FIRST_NAME: "Vardenė",
        F.LAST_NAME: "Pavardenytė",
        F.BIRTH_DATE: "2022-03-14",
        F.GROUP: "Boružiukai",
        F.SINCE: "2026-09-01",
        F.ADDRESS: "Saulės g. 1-2, Kupiškis",
        F.LANGUAGES: "lietuvių",
        F.G1_FIRST_NAME: "Vardė",
        F.G1_LAST_NAME: "Pavardenienė",
        F.G1_RELATION: Relation.MOTHER,
        F.G1_PHONE: "+37061200000",
        F.G1_EMAIL: "varde@example.lt",
        F.G2_FIRST_NAME: "Vardas",
        F.G2_LAST_NAME: "Pavardenis",
        F.G2_RELATION: Relation.FATHER,
        F.G2_PHONE: "+37061200001",
        F.G2_EMAIL: "vardas@example.lt",
    },
    Kind.EMPLOYEES: {
        F.FIRST_NAME: "Vardė",
        F.LAST_NAME: "Pavardenienė",
        F.EMAIL: "varde.pavardeniene@example.lt",
        F.PHONE: "+37061200002",
        F.POSITION: "ikimokyklinio ugdymo mokytoja",
        F.SINCE: "2026-09-01",
    },
    Kind.GROUPS: {
        F.TITLE: "Boružiukai",
        F.AGE_BAND: AgeBand.KINDERGARTEN,
        F.PROGRAMME: Programme.PRESCHOOL,
        F.HOURS: "630",
        F.LANGUAGE: "lt",
        F.ROOM: "12",
        F.PLACES: "20",
    },
}


def columns_out(kind: Kind, *, with_codes: bool = False) -> tuple[Field, ...]:
    """The columns of what goes out: names in two, and no personal code but in a template."""
    return tuple(
        field for field in COLUMNS[kind] if field not in WHOLE_NAMES and (with_codes or field is not F.PERSONAL_CODE)
    )


def template(kind: Kind, form: Format) -> bytes:
    """Headings and one example row."""
    fields = columns_out(kind, with_codes=True)
    return _table(kind, form, fields, [[_cell(field, EXAMPLES[kind].get(field, "")) for field in fields]])


def export(kind: Kind, form: Format, ones: Iterable[Known]) -> bytes:
    """What the diary has, as it would come in."""
    fields = columns_out(kind)
    return _table(kind, form, fields, [[_cell(field, value_of(one, field)) for field in fields] for one in ones])


def value_of(one: Known, field: Field) -> str:
    """A value as the list has it; the first two guardians stand in the columns of theirs."""
    for place, guardian in zip(GUARDIANS, one.guardians, strict=False):
        for what, column in place.items():
            if column is field:
                return guardian.values.get(what, "")
    return one.values.get(field, "")


def _cell(field: Field, value: str) -> Cell:
    if field in DAYS:
        return date.fromisoformat(value) if value else None
    return said(field, value)


def _table(kind: Kind, form: Format, fields: Sequence[Field], rows: Sequence[Sequence[Cell]]) -> bytes:
    heads, name = [str(HEADINGS[field]) for field in fields], str(KINDS[kind])
    if form is Format.CSV:
        return csv_of(heads, rows)
    return xlsx_of([Table(name, heads, rows)], name, clock.now())


#: file names are without Lithuanian letters: some systems still lose them
NAMES: Mapping[Kind, str] = {Kind.CHILDREN: "vaikai", Kind.EMPLOYEES: "darbuotojai", Kind.GROUPS: "grupes"}


def file_name(kind: Kind, form: Format, *, is_template: bool) -> str:
    """`vaikai.csv`, `vaikai-forma.xlsx`."""
    return f"{NAMES[kind]}{'-forma' if is_template else ''}.{form}"
