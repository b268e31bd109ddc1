"""Which column is which: headings in Lithuanian and English, in any case and company. Pure.

A guardian's columns are put together of who („motinos“, „2 tėvo (globėjo)“) and what („telefonas“), as people put them
together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ediary.children.rules import Relation
from ediary.registers.rules import GUARDIANS, Field, Kind, NameOrder
from ediary.registers.vocabulary import (
    EMAIL,
    FATHER,
    FILLERS,
    FIRST,
    FIRST_LAST,
    GUARDIAN,
    LAST,
    LAST_FIRST,
    MOTHER,
    NUMBERS,
    OF_THE_LIST,
    PHONE,
    RELATION,
    TABLE,
    WHO_ALONE,
    plain,
)


@dataclass(frozen=True)
class Meaning:
    """What a heading says of its column. `order` only of names in one column; None = it does not say."""

    field: Field
    order: NameOrder | None = None
    relation: Relation | None = None


def meaning(heading: str, kind: Kind) -> Meaning | None:
    """What a heading says; None when it says nothing we keep."""
    for said in dict.fromkeys((plain(heading), plain(re.sub(r"[(\[].*?[)\]]", " ", heading)))):
        found = _meaning(said, kind) if said else None
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def _meaning(said: str, kind: Kind) -> Meaning | None:
    words = said.split()
    if kind is Kind.CHILDREN and (MOTHER | FATHER | GUARDIAN) & set(words):
        return _of_guardian(words)
    if said in WHO_ALONE[kind]:
        return Meaning(Field.NAME)
    own = " ".join(word for word in words if word not in OF_THE_LIST[kind]) or said
    for spelled in dict.fromkeys((said, own)):
        if kind is not Kind.GROUPS and spelled in FIRST_LAST:
            return Meaning(Field.NAME, NameOrder.FIRST_LAST)
        if kind is not Kind.GROUPS and spelled in LAST_FIRST:
            return Meaning(Field.NAME, NameOrder.LAST_FIRST)
        for field, spellings in TABLE[kind].items():
            if spelled in spellings:
                return Meaning(field)
        if kind is Kind.CHILDREN:  # who answers the telephone of a child's list is a parent
            numbered = re.fullmatch(r"(.*?) ?([12])?", spelled)
            what = numbered[1] if numbered else spelled
            place = GUARDIANS[1 if numbered and numbered[2] == "2" else 0]
            if what in PHONE or what in EMAIL:
                return Meaning(place["phone" if what in PHONE else "email"])
    return None


def _of_guardian(words: list[str]) -> Meaning | None:
    """„2 tėvo (globėjo) vardas, pavardė“: which guardian, and what of them."""
    who = set(words)
    one_parent = bool(who & MOTHER) + bool(who & FATHER) == 1 and not who & GUARDIAN
    numbers = [NUMBERS[word] for word in words if word in NUMBERS and not (word == "first" and "name" in who)]
    relation = None
    if one_parent:
        relation = Relation.MOTHER if who & MOTHER else Relation.FATHER
    number = numbers[0] if numbers else int(relation is Relation.FATHER)
    place = GUARDIANS[number]
    dropped = MOTHER | FATHER | GUARDIAN | FILLERS | (set(NUMBERS) - {"first"})
    what = " ".join(word for word in words if word not in dropped and word not in OF_THE_LIST[Kind.CHILDREN])
    if not what or what == "name":
        return Meaning(place["name"], None, relation)
    for spellings, order in ((FIRST_LAST, NameOrder.FIRST_LAST), (LAST_FIRST, NameOrder.LAST_FIRST)):
        if what in spellings:
            return Meaning(place["name"], order, relation)
    for spellings, name in ((FIRST, "first_name"), (LAST, "last_name"), (PHONE, "phone"), (EMAIL, "email")):
        if what in spellings:
            return Meaning(place[name], None, relation)
    return Meaning(place["relation"]) if what in RELATION else None
