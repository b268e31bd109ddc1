"""Writing children into the diary: new ones with their cards by batches, changed ones one by one; their places (A4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.attendance.actions import follow
from ediary.children import places
from ediary.children.models import Child, Guardian, Particulars, PersonalCode
from ediary.children.rules import OF_CHILD, Relation
from ediary.children.timeline import Own, moved
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.errors import Stale
from ediary.core.locks import GroupDay, held, hold_made
from ediary.core.members import member_of
from ediary.groups.actions import add_group
from ediary.groups.models import Group
from ediary.groups.rules import AgeBand
from ediary.meals.models import MealOrder
from ediary.registers.drafts import Draft, begins, code_of, new_guardian, particulars_of
from ediary.registers.ledger import Ledger
from ediary.registers.models import Import
from ediary.registers.ready import Ready, by_id
from ediary.registers.rules import GUARDIANS, Change, Entry, Field
from ediary.registers.values import group_key

F = Field


def write_children(made: Import, ready: Ready, ledger: Ledger) -> None:
    groups = _groups_by_key(made, ready, ledger)
    _write_new(ready.drafts, groups, ledger)
    placed = {
        one.matched_id: entry
        for one, entry in ready.changed
        if one.matched_id is not None and any(change.field is F.GROUP for change in one.changes)
    }
    _place(ready, placed, groups, ledger)  # first: who comes back has a card again
    _change_children(ready, ledger)
    _order_meals(ready, placed, ledger)


def _write_new(new: Sequence[Draft], groups: Mapping[str, int], ledger: Ledger) -> None:
    """New children with all that belongs to them, a batch for each table."""
    ids = ledger.write([draft.child for draft in new])
    own_places: dict[int, Own] = {}
    for draft, child_id in zip(new, ids, strict=True):
        for row in draft.belongings:
            row.child_id = child_id
        for guardian in draft.guardians:
            guardian.valid_from = held().today
        if draft.group is not None:
            own_places[child_id] = Own(groups[draft.group], draft.begins, None)
    for part in ("particulars", "guardians", "codes"):
        ledger.write([row for draft in new for row in getattr(draft, part)])
    ledger.made_of("children_enrolment", places.enrol_new(own_places))
    ledger.write([row for draft in new for row in draft.orders])


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


def _change_children(ready: Ready, ledger: Ledger) -> None:
    """What differs on the cards of the children the diary has."""
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
    new_cards: list[Particulars] = []
    new_parents: list[Guardian] = []
    new_codes: list[PersonalCode] = []
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
                new_cards.append(particulars_of(child_id, entry.values))
        if F.PERSONAL_CODE in fields:
            sealed, lookup = ready.codes[entry.number]
            if child_id in codes:
                ledger.change(codes[child_id], sealed=sealed, lookup=lookup)
            else:
                new_codes.append(code_of(child_id, sealed, lookup))
        for place, guardian_id in zip(GUARDIANS, one.guardians, strict=True):
            if place["name"] in fields:
                new_parents.append(new_guardian(child_id, entry.values, place))
            elif guardian_id is not None:
                _change_guardian(parents[guardian_id], one.changes, place, ledger)
    db.session.flush()
    for guardian in new_parents:
        guardian.valid_from = held().today
    for rows in (new_cards, new_parents, new_codes):
        ledger.write(rows)


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
        child_id: (groups[group_key(entry.values[F.GROUP])], begins(entry, since)) for child_id, entry in placed.items()
    }

    def settle(child_id: int, owns: list[Own]) -> list[Own]:
        ledger.place(child_id, owns)
        return in_group(owns, *wanted[child_id])

    places.rearrange(list(wanted), since, {group_id for group_id, _day in wanted.values()}, settle)
    if since <= held().today:
        follow(wanted)


def in_group(owns: Sequence[Own], group_id: int, first: date) -> list[Own]:
    """The own places with this group from a day on: the place of that day, or the next one to come, becomes one there;
    without any there is a new one. Pure."""
    if any(covers(own.first, own.last, first) for own in owns):
        return moved(owns, first, group_id, None)
    later = min((own for own in owns if own.first > first), key=lambda own: own.first, default=None)
    if later is None:
        return [*owns, Own(group_id, first, None)]
    return [replace(own, group_id=group_id, order_id=None) if own is later else own for own in owns]


def _order_meals(ready: Ready, placed: Mapping[int, Entry], ledger: Ledger) -> None:
    """Meals from the first day of the place on, for those who have none ordered."""
    since = ready.choices.starts_on
    if not ready.choices.meal_kind_ids or not placed:
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
            MealOrder(child_id=child_id, meal_kind_id=kind, valid_from=begins(entry, since))
            for child_id, entry in placed.items()
            if child_id not in eating
            for kind in ready.choices.meal_kind_ids
        ]
    )
