"""Writing children into the diary: new ones with their cards by batches, changed ones one by one; their places (A4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.children import places
from ediary.children.models import Child, Guardian, Particulars, PersonalCode
from ediary.children.rules import OF_CHILD, Relation, SpecialNeeds
from ediary.children.timeline import Own, moved
from ediary.core.dates import covers
from ediary.core.db import Base, db
from ediary.core.errors import Stale
from ediary.core.locks import GroupDay, held, hold_made
from ediary.core.members import member_of
from ediary.groups.actions import add_group
from ediary.groups.models import Group
from ediary.groups.rules import AgeBand
from ediary.meals.models import MealKind, MealOrder
from ediary.registers.ledger import Ledger
from ediary.registers.models import Import
from ediary.registers.ready import Ready, by_id
from ediary.registers.rules import GUARDIANS, Change, Entry, Field
from ediary.registers.values import group_key

F = Field


def write_children(made: Import, ready: Ready, ledger: Ledger) -> None:
    groups = _groups_by_key(made, ready, ledger)
    new = ready.new
    ids = ledger.write(
        [
            Child(
                first_name=entry.values[F.FIRST_NAME],
                last_name=entry.values[F.LAST_NAME],
                birth_date=date.fromisoformat(entry.values[F.BIRTH_DATE]),
            )
            for entry in new
        ]
    )
    of_row = {entry.number: child_id for entry, child_id in zip(new, ids, strict=True)}
    _write_cards(ready, new, of_row, ledger)
    placed = {of_row[entry.number]: entry for entry in new if F.GROUP in entry.values}
    placed |= _change_children(ready, ledger)
    _place(ready, placed, groups, ledger)
    _order_meals(ready, placed, ledger)


def _groups_by_key(made: Import, ready: Ready, ledger: Ledger) -> dict[str, int]:
    """The year's groups by the key of their name; those the person wants are made."""
    rows = db.session.execute(select(Group.id, Group.name).where(Group.school_year == made.school_year))
    found = {group_key(row.name): row.id for row in rows}
    fresh: list[int] = []
    for group in ready.compared.new_groups:
        if group.key in found:
            raise Stale(
                _("The group „%(name)s“ has been made meanwhile. Nothing was changed; try once more.", name=group.name)
            )
        if group.answer in list(AgeBand):
            found[group.key] = ledger.note(add_group(made.school_year, group.name, AgeBand(group.answer)))
            fresh.append(found[group.key])
    if ready.choices.starts_on <= held().today:
        hold_made(GroupDay(group_id, held().today) for group_id in fresh)
    return found


def _write_cards(ready: Ready, entries: Sequence[Entry], of_row: Mapping[int, int], ledger: Ledger) -> None:
    """What belongs to new children: particulars, guardians, personal codes."""
    ledger.write(
        [
            _particulars(of_row[entry.number], entry.values)
            for entry in entries
            if F.ADDRESS in entry.values or F.LANGUAGES in entry.values
        ]
    )
    ledger.write(
        [
            _guardian(of_row[entry.number], entry.values, place, ready.choices.starts_on)
            for entry in entries
            for place in GUARDIANS
            if place["last_name"] in entry.values
        ]
    )
    ledger.write(
        [_code(of_row[entry.number], *ready.codes[entry.number]) for entry in entries if entry.number in ready.codes]
    )


def _particulars(child_id: int, values: Mapping[Field, str]) -> Particulars:
    return Particulars(
        child_id=child_id,
        address=values.get(F.ADDRESS, ""),
        languages=values.get(F.LANGUAGES, ""),
        special_needs=SpecialNeeds.NONE,
        needs_note="",
        family_note="",
    )


def _guardian(child_id: int, values: Mapping[Field, str], place: Mapping[str, Field], since: date) -> Guardian:
    """Who they are to the child the list may not say: then „another relation“ until the card is set right."""
    return Guardian(
        child_id=child_id,
        relation=Relation(values.get(place["relation"], Relation.OTHER)),
        first_name=values[place["first_name"]],
        last_name=values[place["last_name"]],
        phone=values.get(place["phone"], ""),
        email=values.get(place["email"], ""),
        address="",
        may_collect=True,
        valid_from=min(since, held().today),
    )


def _code(child_id: int, sealed: str, lookup: str) -> PersonalCode:
    return PersonalCode(child_id=child_id, of=OF_CHILD, sealed=sealed, lookup=lookup)


def _change_children(ready: Ready, ledger: Ledger) -> dict[int, Entry]:
    """What differs of the children the diary has. Returns those whose group is another."""
    changed = ready.changed
    ids = [one.matched_id for one, _entry in changed if one.matched_id is not None]
    children = by_id(Child, Child.id, ids)
    cards = by_id(Particulars, Particulars.child_id, ids, "child_id")
    codes = {
        row.child_id: row
        for row in db.session.scalars(
            select(PersonalCode).where(member_of(PersonalCode.child_id, "ids"), PersonalCode.of == OF_CHILD),
            {"ids": ids},
        )
    }
    parents = by_id(Guardian, Guardian.id, [one for row, _entry in changed for one in row.guardians if one is not None])
    new_cards: list[Base] = []
    new_parents: list[Base] = []
    new_codes: list[Base] = []
    placed = {}
    for one, entry in changed:
        child_id = one.matched_id or 0
        fields = {change.field for change in one.changes}
        own = {field.value: _typed(field, entry.values[field]) for field in fields & _OF_CHILD}
        if own:
            ledger.change(children[child_id], **own)
        if fields & _OF_CARD:
            if child_id in cards:
                ledger.change(cards[child_id], **{field.value: entry.values[field] for field in fields & _OF_CARD})
            else:
                new_cards.append(_particulars(child_id, entry.values))
        if F.PERSONAL_CODE in fields:
            sealed, lookup = ready.codes[entry.number]
            if child_id in codes:
                ledger.change(codes[child_id], sealed=sealed, lookup=lookup)
            else:
                new_codes.append(_code(child_id, sealed, lookup))
        for place, guardian_id in zip(GUARDIANS, one.guardians, strict=True):
            if place["name"] in fields:
                new_parents.append(_guardian(child_id, entry.values, place, ready.choices.starts_on))
            elif guardian_id is not None:
                _change_guardian(parents[guardian_id], one.changes, place, ledger)
        if F.GROUP in fields:
            placed[child_id] = entry
    db.session.flush()
    for rows in (new_cards, new_parents, new_codes):
        ledger.write(rows)
    return placed


_OF_CHILD = frozenset({F.FIRST_NAME, F.LAST_NAME, F.BIRTH_DATE})
_OF_CARD = frozenset({F.ADDRESS, F.LANGUAGES})


def _typed(field: Field, value: str) -> date | str:
    return date.fromisoformat(value) if field is F.BIRTH_DATE else value


def _change_guardian(row: Guardian, changes: Iterable[Change], place: Mapping[str, Field], ledger: Ledger) -> None:
    names = {field: name for name, field in place.items()}
    values = {names[change.field]: change.new for change in changes if change.field in names}
    if "relation" in values:
        values["relation"] = Relation(values["relation"])
    if values:
        ledger.change(row, **values)


def _place(ready: Ready, placed: Mapping[int, Entry], groups: Mapping[str, int], ledger: Ledger) -> None:
    """From the chosen day on (or the later one the list names) the child's own group is the list's."""
    if not placed:
        return
    since = ready.choices.starts_on
    wanted = {
        child_id: (groups[group_key(entry.values[F.GROUP])], _begins(entry, since))
        for child_id, entry in placed.items()
    }

    def settle(child_id: int, owns: list[Own]) -> list[Own]:
        ledger.place(child_id, owns)
        return in_group(owns, *wanted[child_id])

    places.rearrange(list(wanted), since, {group_id for group_id, _day in wanted.values()}, settle)


def in_group(owns: Sequence[Own], group_id: int, first: date) -> list[Own]:
    """The own places with this group from a day on: the place of that day, or the next one to come, becomes one there;
    without any there is a new one. Pure."""
    if any(covers(own.first, own.last, first) for own in owns):
        return moved(owns, first, group_id, None)
    later = min((own for own in owns if own.first > first), key=lambda own: own.first, default=None)
    if later is None:
        return [*owns, Own(group_id, first, None)]
    return [replace(own, group_id=group_id, order_id=None) if own is later else own for own in owns]


def _begins(entry: Entry, starts_on: date) -> date:
    since = entry.values.get(F.SINCE)
    return max(starts_on, date.fromisoformat(since)) if since else starts_on


def _order_meals(ready: Ready, placed: Mapping[int, Entry], ledger: Ledger) -> None:
    """Meals from the first day of the place on, for those who have none ordered."""
    since = ready.choices.starts_on
    kinds = set(ready.choices.meal_kind_ids) & set(db.session.scalars(select(MealKind.id)))
    if not kinds or not placed:
        return
    eating = set(
        db.session.scalars(
            select(MealOrder.child_id).where(
                member_of(MealOrder.child_id, "ids"), MealOrder.valid_to.is_(None) | (MealOrder.valid_to >= since)
            ),
            {"ids": list(placed)},
        )
    )
    ledger.write(
        [
            MealOrder(child_id=child_id, meal_kind_id=kind, valid_from=_begins(entry, since))
            for child_id, entry in placed.items()
            if child_id not in eating
            for kind in sorted(kinds)
        ]
    )
