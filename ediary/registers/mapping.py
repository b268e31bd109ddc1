"""Whether what is said of a file's columns is enough to read its rows. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ediary.registers.rules import REQUIRED, WHOLE_NAMES, Field, Kind


@dataclass(frozen=True)
class Gaps:
    """What still stands in the way."""

    #: columns every row needs, and none is said to be
    missing: tuple[Field, ...]
    #: what two columns are said to be
    doubles: tuple[Field, ...]
    #: columns of names, of days, about whose order nobody has said anything
    names: tuple[int, ...]
    days: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.doubles or self.names or self.days)


def gaps(
    kind: Kind,
    columns: Mapping[int, Field],
    *,
    names: Collection[int],
    named: Collection[int],
    days: Collection[int],
    said_days: Collection[int],
) -> Gaps:
    """`names`, `days`: columns that are asked about; `named`, `said_days`: those that are answered."""
    fields = list(columns.values())
    there = set(fields)
    for whole, parts in WHOLE_NAMES.items():
        if whole in there:
            there |= set(parts)
    if Field.PERSONAL_CODE in there:  # it says the day of birth
        there.add(Field.BIRTH_DATE)
    missing = tuple(field for field in REQUIRED[kind] if field not in there)
    doubles = [field for field in dict.fromkeys(fields) if fields.count(field) > 1]
    doubles += [whole for whole, parts in WHOLE_NAMES.items() if whole in fields and set(parts) & set(fields)]
    return Gaps(
        missing,
        tuple(doubles),
        tuple(index for index in names if index not in named),
        tuple(index for index in days if index not in said_days),
    )
