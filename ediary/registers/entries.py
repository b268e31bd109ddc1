"""Rows of a list as entries: their values in one spelling, and every fault at its column. Pure.

Nothing is guessed, and a blank cell says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ediary.children.rules import Relation
from ediary.registers.names import whole_name
from ediary.registers.reading import Row
from ediary.registers.rules import (
    GUARDIANS,
    REQUIRED,
    WHOLE_NAMES,
    DayOrder,
    Entry,
    Fault,
    FaultCode,
    Field,
    Kind,
    NameOrder,
    Wrong,
)
from ediary.registers.values import DASHES, NOTHING, born_by, group_key, value, words
from ediary.registers.vocabulary import masked

#: a child of a kindergarten is no older, in years
OLDEST = 9


@dataclass(frozen=True)
class Answers:
    """What the person said of the file: which column is what, how its names and days are written."""

    columns: Mapping[int, Field]
    name_orders: Mapping[int, NameOrder] = field(default_factory=dict)
    day_orders: Mapping[int, DayOrder] = field(default_factory=dict)
    #: what „Mama“ or „Tėtis“ in a heading says of that guardian (1, 2)
    relations: Mapping[int, Relation] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """What a row is checked against, beyond itself."""

    today: date
    #: first and last day of the school year
    year: tuple[date, date]
    #: names of the groups the diary has, plain -> as written; None = not asked
    groups: Mapping[str, str] | None = None


#: what people type where there is nothing: in names signs only, „Nėra“ may be somebody
_OF_NAMES = frozenset(field for field in Field if field.value.endswith(("name", "title")))


def _is_nothing(what: Field, text: str) -> bool:
    return not text or text.casefold() in (DASHES if what in _OF_NAMES else NOTHING)


def entry(row: Row, kind: Kind, answers: Answers, context: Context) -> Entry:
    """The row's values and every fault in it."""
    values: dict[Field, str] = {}
    faults: list[Fault] = []
    at: dict[Field, int] = {}
    for column, what in answers.columns.items():
        text = row.cell(column)
        at[what] = column
        if _is_nothing(what, text):
            continue
        try:
            if what in WHOLE_NAMES:
                first, last = WHOLE_NAMES[what]
                order = answers.name_orders.get(column, NameOrder.FIRST_LAST)
                values[first], values[last] = whole_name(words(text), order)
                at[first] = at[last] = column
            else:
                values[what] = value(what, text, answers.day_orders.get(column))
        except Wrong as wrong:
            faults.append(Fault(wrong.code, what, column, _shown(what, text), wrong.number))
    if kind is Kind.CHILDREN:
        faults += _of_child(values, at, context)
        faults += _of_guardians(values, at, answers)
    faulty = {fault.field for fault in faults}
    for what in REQUIRED[kind]:
        whole = next((one for one, parts in WHOLE_NAMES.items() if what in parts), None)
        if what not in values and not {what, whole} & faulty:
            said = whole if whole in at else what
            if not any(fault.field is said for fault in faults):
                faults.append(Fault(FaultCode.MISSING, said, at.get(said)))
    return Entry(row.number, values, tuple(faults))


def _shown(what: Field, text: str) -> str:
    return "" if what is Field.PERSONAL_CODE else masked(text)[:60]


def _of_child(values: dict[Field, str], at: Mapping[Field, int], context: Context) -> list[Fault]:
    faults = []
    code = values.get(Field.PERSONAL_CODE)
    born = values.get(Field.BIRTH_DATE)
    by_code = born_by(code) if code else None
    if by_code is not None:
        if born is None and Field.BIRTH_DATE not in at:
            born = values[Field.BIRTH_DATE] = by_code.isoformat()
        elif born is not None and born != by_code.isoformat():
            faults.append(Fault(FaultCode.CODE_BIRTH, Field.PERSONAL_CODE, at.get(Field.PERSONAL_CODE), born))
    if born is not None:
        born_on = date.fromisoformat(born)
        said = {
            "field": Field.BIRTH_DATE,
            "column": at.get(Field.BIRTH_DATE, at.get(Field.PERSONAL_CODE)),
            "value": born,
        }
        if born_on > max(context.today, context.year[0]):
            faults.append(Fault(FaultCode.BORN_LATER, **said))  # type: ignore[arg-type]
        elif context.year[0].year - born_on.year > OLDEST:
            faults.append(Fault(FaultCode.BORN_LONG_AGO, **said))  # type: ignore[arg-type]
    group = values.get(Field.GROUP)
    if group is not None and context.groups is not None:
        known = context.groups.get(group_key(group))
        if known is not None:
            values[Field.GROUP] = known
    since = values.get(Field.SINCE)
    if since is not None and date.fromisoformat(since) > context.year[1]:
        faults.append(Fault(FaultCode.SINCE_OUTSIDE, Field.SINCE, at.get(Field.SINCE), since))
    return faults


def _of_guardians(values: dict[Field, str], at: Mapping[Field, int], answers: Answers) -> list[Fault]:
    faults = []
    for number, place in enumerate(GUARDIANS, start=1):
        said = [what for what in place.values() if what in values]
        if not said:
            continue
        first, last = place["first_name"], place["last_name"]
        if first not in values or last not in values:
            lone = place["name"] if place["name"] in at else first if first not in values else last
            faults.append(Fault(FaultCode.GUARDIAN_NAMELESS, lone, at.get(lone, at.get(said[0])), "", number))
        elif place["relation"] not in values and number in answers.relations:
            values[place["relation"]] = answers.relations[number]
    return faults


def entries(rows: Sequence[Row], kind: Kind, answers: Answers, context: Context) -> list[Entry]:
    return [entry(row, kind, answers, context) for row in rows]
