"""Lists that go out: templates to fill in, and what the diary has, in the very format that comes in (A4).

Personal codes are never in them. Text that a spreadsheet would take for a formula is kept from being one: in CSV by an
apostrophe before it (which reading takes off again), in workbooks by the cell's own mark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from xlsxwriter import Workbook

from ediary.children.rules import Relation
from ediary.core.uploads import MEDIA_TYPES
from ediary.core.uploads import Kind as FileKind
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


#: what a spreadsheet takes for a formula's beginning
FORMULA = ("=", "+", "-", "@", "\t", "\r")

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
    return table(kind, form, fields, [[said(field, EXAMPLES[kind].get(field, "")) for field in fields]])


def export(kind: Kind, form: Format, ones: Iterable[Known]) -> bytes:
    """What the diary has, as it would come in."""
    fields = columns_out(kind)
    return table(kind, form, fields, [[said(field, value_of(one, field)) for field in fields] for one in ones])


def value_of(one: Known, field: Field) -> str:
    """A value as the list has it; the first two guardians stand in the columns of theirs."""
    for place, guardian in zip(GUARDIANS, one.guardians, strict=False):
        for what, column in place.items():
            if column is field:
                return guardian.values.get(what, "")
    return one.values.get(field, "")


def table(kind: Kind, form: Format, fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> bytes:
    heads = [str(HEADINGS[field]) for field in fields]
    return as_csv([heads, *rows]) if form is Format.CSV else as_workbook(str(KINDS[kind]), fields, heads, rows)


def neutral(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """As the spreadsheets of this country take it: semicolons, UTF-8 that says so."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([neutral(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_workbook(title: str, fields: Sequence[Field], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(buffer, options)
    sheet = workbook.add_worksheet(title[:31])
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = workbook.add_format({"num_format": "@"})
    quoted = workbook.add_format({"num_format": "@", "quote_prefix": True})
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, head)
        sheet.set_column(column, column, 12 if fields[column] in DAYS else 22, plain)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, text, quoted if text.startswith(FORMULA) else plain)
    sheet.freeze_panes(1, 0)
    workbook.close()
    return buffer.getvalue()


#: file names are without Lithuanian letters: some systems still lose them
NAMES: Mapping[Kind, str] = {Kind.CHILDREN: "vaikai", Kind.EMPLOYEES: "darbuotojai", Kind.GROUPS: "grupes"}


def file_name(kind: Kind, form: Format, *, is_template: bool) -> str:
    """`vaikai.csv`, `vaikai-forma.xlsx`."""
    return f"{NAMES[kind]}{'-forma' if is_template else ''}.{form}"
