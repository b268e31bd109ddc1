"""What the forms of the calendar's exceptions stand on: whom they offer, what is entered already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ediary.core import clock
from ediary.core.dates import ONE_DAY, school_year_of, school_year_span
from ediary.core.i18n import name_key
from ediary.groups.models import Group
from ediary.groups.queries import group, groups_on
from ediary.institutions.queries import OrderChoice, latest_orders
from ediary.workdays import queries


@dataclass(frozen=True)
class EntryPage:
    """The form of a new exception; `later` are the groups of the next school year."""

    today: date
    year: int
    groups: list[Group]
    later: list[Group]
    stored_until: date | None
    orders: list[OrderChoice]

    @property
    def tomorrow(self) -> date:
        return self.today + ONE_DAY


@dataclass(frozen=True)
class ChangePage:
    """A closure to change, with those entered together with it."""

    id: int
    today: date
    year: int
    first: date
    last: date
    reason: str
    #: the closed groups; none = the whole house
    groups: list[Group]
    #: closure of each of the groups (of the whole house: None)
    closure_ids: dict[int | None, int]
    stored_until: date | None

    @property
    def has_begun(self) -> bool:
        return self.first <= self.today

    @property
    def is_over(self) -> bool:
        return self.last < self.today

    @property
    def tomorrow(self) -> date:
        return self.today + ONE_DAY

    @property
    def group_ids(self) -> list[int]:
        return [one.id for one in self.groups]

    def chosen(self, group_ids: list[int]) -> tuple[int, ...] | None:
        """Those of the closed groups that are meant; None = the whole house is closed, and meant."""
        return tuple(one.id for one in self.groups if one.id in group_ids) if self.groups else None

    def ids_of(self, chosen: tuple[int, ...] | None) -> list[int]:
        """The closures of these groups, or of the whole house."""
        return [self.closure_ids[group_id] for group_id in (chosen if self.groups else (None,)) or ()]


def entry_page() -> EntryPage:
    """For a new closure or extra day. Four statements."""
    today = clock.today()
    year = school_year_of(today)
    return EntryPage(
        today=today,
        year=year,
        groups=groups_on(today),
        later=groups_on(school_year_span(year + 1)[0]),
        stored_until=queries.stored()[1],
        orders=latest_orders(),
    )


def change_page(closure_id: int) -> ChangePage:
    """For a closure entered before. Raises NotFound."""
    closures = queries.together(closure_id)
    one = closures[0]
    groups = sorted(
        (group(each.group_id) for each in closures if each.group_id is not None), key=lambda g: name_key(g.name)
    )
    return ChangePage(
        id=closure_id,
        today=clock.today(),
        year=school_year_of(one.first),
        first=one.first,
        last=one.last,
        reason=one.reason,
        groups=groups,
        closure_ids={each.group_id: each.id for each in closures},
        stored_until=queries.stored()[1],
    )
