"""What a person had before them when they began to change it, in short: so that nobody writes over another's change."""

from __future__ import annotations

from hashlib import sha256

from ediary.children.models import Child, Collector, Guardian, Particulars


def print_of(*said: object) -> str:
    """What a person had before them, in short: what says the same has the same print."""
    return sha256(repr(said).encode()).hexdigest()[:16]


def particulars_print(child: Child, row: Particulars | None) -> str:
    written = (row.address, row.languages, row.family_note) if row else None
    return print_of(child.first_name, child.last_name, child.birth_date, written)


def needs_print(row: Particulars | None) -> str:
    return print_of((row.special_needs.value, row.needs_note) if row else None)


def person_print(row: Guardian | Collector) -> str:
    more = (row.email, row.address, row.may_collect) if isinstance(row, Guardian) else ()
    return print_of(row.relation, row.first_name, row.last_name, row.phone, row.valid_from, row.valid_to, *more)
