"""Shapes of what the turn of the year sends: tables of choices, a line for each group, child and person."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from ediary.core.errors import BadInput
from ediary.core.forms import OrderedForm, row_id
from ediary.groups.forms import NAME_LENGTH
from ediary.groups.rules import AgeBand, Programme
from ediary.years.rules import Goal, Wanted

#: what a choice says beside a group's id: it leaves, and for a child: nothing yet
LEAVES, NOTHING_YET = "leave", "skip"
_NONSENSE = _l("What was sent makes no sense. Nothing was changed.")


class StaffForm(OrderedForm):
    """The order by which those ticked go on."""


def wanted_groups(fields: MultiDict[str, str], group_ids: Iterable[int]) -> list[Wanted]:
    """The ticked groups with their names, ages and programmes. Raises BadInput."""
    found = []
    for group_id in group_ids:
        if fields.get(f"keep-{group_id}") != "y":
            continue
        name = fields.get(f"name-{group_id}", "").strip()
        if not name or len(name) > NAME_LENGTH or "\0" in name:
            said = _l("Write a name for every group that is made, in at most %(most)s characters.", most=NAME_LENGTH)
            raise BadInput(said)
        try:
            band = AgeBand(fields.get(f"band-{group_id}", ""))
            programme = Programme(fields.get(f"programme-{group_id}", ""))
        except ValueError:
            raise BadInput(_NONSENSE) from None
        found.append(Wanted(group_id, name, band, programme))
    return found


def goal_of(said: str) -> Goal | None:
    """A choice's value. Raises BadInput for what is no group."""
    if said in ("", NOTHING_YET):
        return None
    if said == LEAVES:
        return Goal(None)
    try:
        return Goal(row_id(said))
    except ValueError:
        raise BadInput(_NONSENSE) from None


def goals_of(fields: MultiDict[str, str], prefix: str, ids: Iterable[int]) -> dict[int, Goal | None]:
    """id -> where it goes, for those about whom something is said: `all-7=12`, `child-33=leave`."""
    said = {one: fields.get(f"{prefix}-{one}", "") for one in ids}
    return {one: goal_of(value) for one, value in said.items() if value}
