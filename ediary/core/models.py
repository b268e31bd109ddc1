"""Mixins that say what a row is, so that the fence knows who may see it and when it may change."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from ediary.core.types import UTCDateTime


class Cover(StrEnum):
    """Which lock covers a field (architecture: a child's day is two facts, presence and reason)."""

    DAY = "day"
    MONTH = "month"


class Owned:
    """Belongs to one institution; the fence stamps and narrows it.

    No index of its own: SQLite would take it for every narrowed read and read the whole institution. Tables that are
    read by institution alone name one.
    """

    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions_institution.id"))


class IsInstitution:
    """The institution itself: only one's own exists."""

    id: Mapped[int] = mapped_column(primary_key=True)


class IsGroup(Owned):
    """A group: an educator sees those they work in today."""

    id: Mapped[int] = mapped_column(primary_key=True)


class OfGroup(Owned):
    """Of one group, about no single child: plans, submissions."""

    @declared_attr
    def group_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("groups_group.id"))


class IsChild(Owned):
    """A child: an educator knows by name those who are or were in their groups."""

    id: Mapped[int] = mapped_column(primary_key=True)


class AboutChild(Owned):
    """About a child as it is now (card, health, orders): seen by those who have the child today."""

    @declared_attr
    def child_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("children_child.id"))


class OfStay(AboutChild):
    """Of a child's stay in the house (its card): once the child has left, it is read and no longer written (V 9).

    `goes_on` names what may still change: that a parent comes in with another log-in.
    """

    goes_on: ClassVar[frozenset[str]] = frozenset()


class WrittenAboutChild(Owned):
    """Written about a child in a group (marks, enrolments): seen by those who have the child, and in that group."""

    @declared_attr
    def child_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("children_child.id"))

    @declared_attr
    def group_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("groups_group.id"))


class OfPerson(Owned):
    """A specialist's own: seen by its owner and by those whose scope has no person."""

    @declared_attr
    def person_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("accounts_user.id"))


class Dated:
    """A fact of one day in one group. `locked_by` names, field by field, the lock that covers it.

    Making or removing the row counts as changing every named field whose value is not None.
    """

    locked_by: ClassVar[dict[str, Cover]]
    day: Mapped[date] = mapped_column()


def span_check() -> CheckConstraint:
    """A span does not end before it begins. A model with table arguments of its own names this among them."""
    return CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="span")


class Spanned:
    """True from `valid_from` to `valid_to` (inclusive, None = open); what was printed is closed, never deleted."""

    valid_from: Mapped[date] = mapped_column()
    valid_to: Mapped[date | None] = mapped_column()

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (span_check(),)


def settled_args(*by: str) -> tuple[Any, ...]:
    """What the database checks of a dated setting. A model with table arguments of its own names these among them,
    and gives the columns of its `settled_by`."""
    return span_check(), UniqueConstraint("institution_id", *by, "valid_from")


class Settled(Spanned):
    """A dated setting: its rows follow one another, each until the day before the next, the last one open.

    A row begins on a day still to come, so that a setting changed today never changes yesterday: `core.settled`
    writes them. Before the first row the program's own default holds.
    """

    #: the columns that tell several such chains apart (a role's rule); none = the institution has one chain
    settled_by: ClassVar[tuple[str, ...]] = ()
    #: role and name of who set it, as shown to people; None = delivered with the program
    set_by: Mapped[str | None] = mapped_column()

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return settled_args(*cls.settled_by)


class Cooked(Spanned):
    """A span the kitchen cooks by (orders, diets, enrolments, announced absences).

    From the day's lock on, a change may touch only days after it; the fence compares what was with what is. A day
    opened again is open for presence alone, unless what writes the span corrects the portions too (`settles`).
    """

    settles: ClassVar[bool] = False


class Lasting:
    """A record: what was entered on an earlier day is removed only while the director has opened that (S II.4).

    `withdrawn_by` names the column that takes it out of sight, where a row is withdrawn instead of removed.
    """

    withdrawn_by: ClassVar[str | None] = None
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Audited:
    """Every change is written to the history in the same transaction.

    `secret` fields log only that they changed; `sensitive` ones are kept encrypted.
    """

    secret: ClassVar[frozenset[str]] = frozenset()
    sensitive: ClassVar[frozenset[str]] = frozenset()
