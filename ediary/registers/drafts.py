"""Rows of new children, made before anybody waits for them; who they belong to is filled in when they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ediary.children.models import Child, Guardian, Particulars, PersonalCode
from ediary.children.rules import OF_CHILD, Relation, SpecialNeeds
from ediary.core.secrets import blind_index, seal
from ediary.meals.models import MealOrder
from ediary.registers.rules import GUARDIANS, Entry, Field
from ediary.registers.values import group_key

F = Field


@dataclass(frozen=True)
class Draft:
    """A new child and all that belongs to it."""

    child: Child
    particulars: list[Particulars]
    guardians: list[Guardian]
    codes: list[PersonalCode]
    orders: list[MealOrder]
    #: key of the group the child gets a place in, from a day on; None = no place
    group: str | None
    begins: date

    @property
    def belongings(self) -> Iterator[Any]:
        yield from self.particulars
        yield from self.guardians
        yield from self.codes
        yield from self.orders


def draft(entry: Entry, starts_on: date, meal_kind_ids: Sequence[int]) -> Draft:
    """Sealing the personal code takes longest: 50 µs."""
    said = entry.values
    code = said.get(F.PERSONAL_CODE)
    first = begins(entry, starts_on)
    has_card = F.ADDRESS in said or F.LANGUAGES in said
    group = group_key(said[F.GROUP]) if F.GROUP in said else None
    return Draft(
        Child(
            first_name=said[F.FIRST_NAME],
            last_name=said[F.LAST_NAME],
            birth_date=date.fromisoformat(said[F.BIRTH_DATE]),
        ),
        [particulars_of(None, said)] if has_card else [],
        [new_guardian(None, said, place) for place in GUARDIANS if place["last_name"] in said],
        [code_of(None, seal(code), blind_index(code))] if code else [],
        [MealOrder(meal_kind_id=kind, valid_from=first) for kind in meal_kind_ids] if group else [],
        group,
        first,
    )


def begins(entry: Entry, starts_on: date) -> date:
    """The chosen day, or the later one the list names."""
    since = entry.values.get(F.SINCE)
    return max(starts_on, date.fromisoformat(since)) if since else starts_on


def particulars_of(child_id: int | None, values: Mapping[Field, str]) -> Particulars:
    return Particulars(
        child_id=child_id,
        address=values.get(F.ADDRESS, ""),
        languages=values.get(F.LANGUAGES, ""),
        special_needs=SpecialNeeds.NONE,
        needs_note="",
        family_note="",
    )


def new_guardian(child_id: int | None, values: Mapping[Field, str], place: Mapping[str, Field]) -> Guardian:
    """Who they are to the child the list may not say: then „other close person“ until the card is set right."""
    return Guardian(
        child_id=child_id,
        relation=Relation(values.get(place["relation"], Relation.OTHER)),
        first_name=values[place["first_name"]],
        last_name=values[place["last_name"]],
        phone=values.get(place["phone"], ""),
        email=values.get(place["email"], ""),
        address="",
        may_collect=True,
    )


def code_of(child_id: int | None, sealed: str, lookup: str) -> PersonalCode:
    return PersonalCode(child_id=child_id, of=OF_CHILD, sealed=sealed, lookup=lookup)
