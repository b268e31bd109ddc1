"""The one fence: narrows every read to what the user may see, refuses foreign or locked writes.

What is written it hands to the history (`core/history.py`); many rows at once go by `core/batch.py`.

No route or query repeats any of it. No scope = no rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    Integer,
    bindparam,
    column,
    event,
    false,
    inspect,
    or_,
    select,
    table,
)
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.dates import ONE_DAY
from ediary.core.db import FencedSession, db
from ediary.core.errors import BadInput, FenceBreach, Locked, NotFound
from ediary.core.history import write_history
from ediary.core.locks import Held
from ediary.core.members import member_of
from ediary.core.models import (
    AboutChild,
    Audited,
    Cooked,
    Cover,
    Dated,
    IsChild,
    IsGroup,
    IsInstitution,
    OfGroup,
    OfPerson,
    OfStay,
    Owned,
    WrittenAboutChild,
)
from ediary.core.removing import guard_removing
from ediary.core.scope import Scope

__all__ = ["acting_for", "scope", "set_scope", "write_history"]

# --- scope ----------------------------------------------------------------------------------------------------------


def set_scope(scope: Scope, child_ids: Collection[int] | None = None) -> None:
    """Say whose eyes this session reads with. It never changes inside a session.

    `child_ids`: the children in the groups of the scope or coming, where the gate has read them already.
    """
    session = db.session()
    if session.info.get("scope", scope) != scope:
        raise FenceBreach("the scope of a session never changes")
    if scope.child_ids is not None:
        child_ids = scope.child_ids
    elif scope.group_ids is not None and child_ids is None:
        child_ids = children_of(session, scope.group_ids, clock.today())
    session.info["scope"] = scope
    session.info["fence"] = _fence(scope, tuple(sorted(child_ids or ())))


def here_or_coming(places: Any, today: Any) -> ColumnElement[bool]:
    """Has the place not ended? Whoever will have the child tomorrow reads the card today."""
    found: ColumnElement[bool] = places.valid_to.is_(None) | (places.valid_to >= today)
    return found


def in_or_of(places: Any, group: Any) -> ColumnElement[bool]:
    """Is the child in the group, or a guest elsewhere out of it? The own educators keep a child that visits."""
    found: ColumnElement[bool] = or_(places.group_id == group, places.home_id == group)
    return found


def children_of(session: Session, group_ids: Collection[int], today: date) -> tuple[int, ...]:
    """The children in these groups today, or coming, and those who are guests elsewhere."""
    places = select(_places.c.child_id).where(
        or_(_places.c.group_id.in_(group_ids), _places.c.home_id.in_(group_ids)), here_or_coming(_places.c, today)
    )
    return tuple(sorted(set(session.connection().execute(places).scalars())))


def scope() -> Scope:
    """The scope of the running session."""
    current: Scope | None = db.session().info.get("scope")
    if current is None:
        raise FenceBreach("no scope is set")
    return current


def sees_child(child_id: int) -> bool:
    """Is the child, as it is now, within this scope?"""
    return _sees_child(db.session(), child_id)


@contextmanager
def acting_for(institution_id: int, user_id: int | None = None) -> Iterator[None]:
    """Commands and imports say aloud for whom they act. Opens a session of its own."""
    with current_app.app_context():
        set_scope(Scope(institution_id=institution_id, user_id=user_id, role=None))
        yield


# --- reads ----------------------------------------------------------------------------------------------------------


# The criteria name their values instead of holding them: one compiled statement serves every scope of a shape, and
# SQLAlchemy resolves named values several times faster than values held in closures (measured on the tap).

_NOBODY = (
    with_loader_criteria(Owned, lambda cls: false(), include_aliases=True),
    with_loader_criteria(IsInstitution, lambda cls: false(), include_aliases=True),
)
_INSTITUTION = (
    with_loader_criteria(Owned, lambda cls: cls.institution_id == bindparam("fence_institution"), include_aliases=True),
    with_loader_criteria(IsInstitution, lambda cls: cls.id == bindparam("fence_institution"), include_aliases=True),
)
# the history tells what its sources tell: whoever sees own groups reads of their children, and what was written in
# those groups. `+ 0` takes these off the indexes: a page is found by its own filter, not by a hundred children
_HISTORY_OF_MINE = (
    with_loader_criteria(
        AuditEntry,
        or_(
            member_of(AuditEntry.child_id + 0, "fence_children"),
            member_of(AuditEntry.group_id + 0, "fence_groups"),
        ),
        include_aliases=True,
    ),
)
_NO_HISTORY = (with_loader_criteria(AuditEntry, false(), include_aliases=True),)
_GROUPS = (
    with_loader_criteria(IsGroup, lambda cls: member_of(cls.id, "fence_groups"), include_aliases=True),
    with_loader_criteria(OfGroup, lambda cls: member_of(cls.group_id, "fence_groups"), include_aliases=True),
)

# The children are named by id, found once when the scope is set: the enrolments asked anew at each of five tables of a
# statement were half of what PostgreSQL spent on planning it. Whoever ever was in my groups keeps a name there.
_places = table(
    "children_enrolment",
    column("child_id", Integer()),
    column("group_id", Integer()),
    column("home_id", Integer()),
    column("valid_from", Date()),
    column("valid_to", Date()),
)
_EVER_MINE = select(_places.c.child_id).where(member_of(_places.c.group_id, "fence_groups"))
_CHILDREN_OF_GROUPS = (
    with_loader_criteria(IsChild, lambda cls: cls.id.in_(_EVER_MINE), include_aliases=True),
    with_loader_criteria(AboutChild, lambda cls: member_of(cls.child_id, "fence_children"), include_aliases=True),
    with_loader_criteria(
        WrittenAboutChild,
        lambda cls: or_(member_of(cls.child_id, "fence_children"), member_of(cls.group_id, "fence_groups")),
        include_aliases=True,
    ),
)
_THESE_CHILDREN = (
    with_loader_criteria(IsChild, lambda cls: member_of(cls.id, "fence_children"), include_aliases=True),
    with_loader_criteria(AboutChild, lambda cls: member_of(cls.child_id, "fence_children"), include_aliases=True),
    with_loader_criteria(
        WrittenAboutChild, lambda cls: member_of(cls.child_id, "fence_children"), include_aliases=True
    ),
)
_PERSON = (
    with_loader_criteria(OfPerson, lambda cls: cls.person_id == bindparam("fence_person"), include_aliases=True),
)


@dataclass(frozen=True)
class Fence:
    """What the fence adds to each ORM read under one scope: criteria, and the values they name."""

    criteria: tuple[ORMOption, ...]
    values: dict[str, Any]


_NO_SCOPE = Fence(_NOBODY, {})


@lru_cache(maxsize=512)
def _fence(scope: Scope, children: tuple[int, ...]) -> Fence:
    criteria: tuple[ORMOption, ...] = _INSTITUTION
    values: dict[str, Any] = {"fence_institution": scope.institution_id}
    if scope.child_ids is not None:
        criteria += _NO_HISTORY
    elif scope.group_ids is not None:
        criteria += _HISTORY_OF_MINE
    if scope.group_ids is not None:
        criteria += _GROUPS
        values["fence_groups"] = scope.group_ids
    if scope.group_ids is not None or scope.child_ids is not None:
        criteria += _CHILDREN_OF_GROUPS if scope.child_ids is None else _THESE_CHILDREN
        values["fence_children"] = children
    if scope.person_id is not None:
        criteria += _PERSON
        values["fence_person"] = scope.person_id
    return Fence(criteria, values)


#: statements built once are narrowed once for each shape of scope
_narrowed: WeakKeyDictionary[Executable, dict[tuple[ORMOption, ...], Executable]] = WeakKeyDictionary()


@event.listens_for(FencedSession, "do_orm_execute")
def narrow_reads(state: ORMExecuteState) -> None:
    """Every ORM read, of entities and of columns, sees only the rows of the scope."""
    if state.is_insert or state.is_update or state.is_delete:
        refuse_back_doors(state)
        return
    if not state.is_select or not state.is_orm_statement or state.is_column_load or state.is_relationship_load:
        return
    fence: Fence = state.session.info.get("fence", _NO_SCOPE)
    shapes = _narrowed.setdefault(state.statement, {})
    statement = shapes.get(fence.criteria)
    if statement is None:
        statement = shapes[fence.criteria] = state.statement.options(*fence.criteria)
    state.statement = statement
    state.parameters = {**cast(dict[str, Any], state.parameters or {}), **fence.values}


def refuse_back_doors(state: ORMExecuteState) -> None:
    """ORM bulk statements pass by the flush and with it by locks and history."""
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, Owned | Audited):
        raise FenceBreach(f"bulk write on {mapper.class_.__name__}; use the unit of work or write_batch(rows)")


# --- writes ---------------------------------------------------------------------------------------------------------


@event.listens_for(FencedSession, "before_flush")
def guard_writes(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Nothing foreign and nothing locked is written; nothing at all outside a write transaction."""
    changed = [obj for obj in session.dirty if session.is_modified(obj)]
    if not (session.new or changed or session.deleted):
        return
    holding: Held | None = session.info.get("held")
    if holding is None:
        raise FenceBreach("this is written only inside write_transaction()")
    for obj in [*session.new, *changed, *session.deleted]:
        if isinstance(obj, Owned):
            guard_owner(session, obj)
    guard_removing(session, holding, session.deleted, changed)
    stays = [obj for obj in [*session.new, *changed, *session.deleted] if isinstance(obj, OfStay)]
    guard_stay(session, {obj.child_id for obj in stays if not _changed_fields(obj) <= obj.goes_on})
    for obj in changed:
        if isinstance(obj, Dated):
            _guard_day(holding, obj, _changed_fields(obj))
        elif isinstance(obj, Cooked):
            guard_span(holding, obj, before=_validity_before(obj), after=(obj.valid_from, obj.valid_to))
    for obj in session.new:
        if isinstance(obj, Dated):
            _guard_day(holding, obj, filled_fields(obj))
        elif isinstance(obj, Cooked):
            guard_span(holding, obj, before=None, after=(obj.valid_from, obj.valid_to))
    for obj in session.deleted:
        if isinstance(obj, Dated):
            _guard_day(holding, obj, filled_fields(obj))
        elif isinstance(obj, Cooked):
            guard_span(holding, obj, before=_validity_before(obj), after=None)


def guard_owner(session: Session, obj: Any) -> None:
    current: Scope | None = session.info.get("scope")
    if current is None:
        raise FenceBreach(f"{type(obj).__name__} is written inside a scope")
    if obj.institution_id is None:
        obj.institution_id = current.institution_id
    if obj.institution_id != current.institution_id:
        raise FenceBreach(f"{type(obj).__name__} of another institution")
    if isinstance(obj, AboutChild) and not _sees_child(session, obj.child_id):
        raise NotFound
    if isinstance(obj, OfGroup | WrittenAboutChild) and obj.group_id is not None:
        # whoever enters a child into a group that is merged into another sends it there, a guest of the own group
        home_id = getattr(obj, "home_id", None)
        if not current.sees_group(obj.group_id if home_id is None else home_id):
            raise NotFound


_departures = table("children_departure", column("child_id", Integer()), column("day", Date()))


def guard_stay(session: Session, child_ids: Collection[int]) -> None:
    """Nothing is written on the card of a child that has left. Asked once for all: a list may bring thousands."""
    if child_ids and _have_left(session, child_ids):
        raise Locked(_l("The child has left: its card is read and no longer written. A child that comes back has one."))


def _have_left(session: Session, child_ids: Collection[int]) -> bool:
    """Is the last day of one of them over, and no place given since?"""
    today, connection = clock.today(), session.connection()
    left = select(_departures.c.child_id).where(member_of(_departures.c.child_id, "ids"), _departures.c.day < today)
    gone = set(connection.execute(left, {"ids": list(child_ids)}).scalars())
    if not gone:
        return False
    placed = select(_places.c.child_id).where(member_of(_places.c.child_id, "ids"), here_or_coming(_places.c, today))
    return bool(gone - set(connection.execute(placed, {"ids": list(gone)}).scalars()))


def _sees_child(session: Session, child_id: int) -> bool:
    fence: Fence = session.info["fence"]
    mine: tuple[int, ...] | None = fence.values.get("fence_children")
    return mine is None or child_id in mine or child_id in session.info.get("new_children", ())


@event.listens_for(FencedSession, "after_flush")
def _know_new_children(session: Session, context: UOWTransaction) -> None:
    """Whoever enters a child goes on to write its card."""
    born = {obj.id for obj in session.new if isinstance(obj, IsChild)}
    if born:
        session.info.setdefault("new_children", set()).update(born)


def _changed_fields(obj: Any) -> set[str]:
    return {attr.key for attr in inspect(obj).attrs if attr.history.has_changes()}


def filled_fields(obj: Any) -> set[str]:
    return {name for name in obj.locked_by if getattr(obj, name) is not None}


def _guard_day(holding: Held, obj: Any, fields: set[str]) -> None:
    if {"group_id", "child_id", "day"} & fields - set(obj.locked_by) and obj not in db.session().new:
        raise FenceBreach(f"{type(obj).__name__} does not move to another child, group or day")
    touched: set[Cover] = {obj.locked_by[name] for name in fields if name in obj.locked_by}
    if touched:
        holding.require(obj.group_id, obj.day, touched, child_id=getattr(obj, "child_id", None))


Validity = tuple[date, date | None]


def _validity_before(obj: Any) -> Validity:
    attrs = inspect(obj).attrs

    def old(name: str) -> Any:
        history = attrs[name].history
        return history.deleted[0] if history.deleted else getattr(obj, name)

    return old("valid_from"), old("valid_to")


def first_day_touched(before: Validity | None, after: Validity | None, *, content_changed: bool) -> date | None:
    """The first day whose meaning a change of a span alters; None = none. Pure.

    None for before = a new row, for after = a removed one. An open end reaches for ever.
    """
    if before is None or after is None or content_changed:
        return min(span[0] for span in (before, after) if span is not None)
    touched = []
    if before[0] != after[0]:
        touched.append(min(before[0], after[0]))
    if before[1] != after[1]:
        touched.append(min(end for end in (before[1], after[1]) if end is not None) + ONE_DAY)
    return min(touched, default=None)


def guard_span(holding: Held, obj: Any, before: Validity | None, after: Validity | None) -> None:
    """What the kitchen cooks by changes only from the first day that is still open on."""
    content = before is not None and after is not None and bool(_changed_fields(obj) - {"valid_from", "valid_to"})
    first = first_day_touched(before, after, content_changed=content)
    if first is None or first > holding.today:
        return
    for group_id, day in sorted(holding.days):
        if day >= first:
            holding.require(group_id, day, {Cover.DAY})
            if holding.day(group_id, day).reopened and not obj.settles:
                raise _cooked(day)
    if not any(day == holding.today for _, day in holding.days):
        raise FenceBreach(f"{type(obj).__name__} touches {first}: hold today's lock point of the child's group")
    if first < holding.today:
        raise _cooked(first)


def _cooked(day: date) -> BadInput:
    return BadInput(
        _l("The kitchen has already cooked for %(day)s. The change can begin on a day still open.", day=day.isoformat())
    )
