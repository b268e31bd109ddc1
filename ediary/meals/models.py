"""Kinds of meals, and which child eats which of them and how, from-to."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import AboutChild, Audited, Cooked, Owned, Settled, Spanned, settled_args, span_check


class MealKind(Owned, Spanned, Audited, Base):
    """Breakfast, lunch, supper…: what this institution serves, in the order of the day."""

    __tablename__ = "meals_kind"
    __table_args__ = (span_check(), UniqueConstraint("institution_id", "name", "valid_from"))
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()
    position: Mapped[int] = mapped_column()


class KindName(Owned, Settled, Audited, Base):
    """What a meal is called from a day on; before the first row it has the name it was entered with."""

    __tablename__ = "meals_kind_name"
    settled_by = ("kind_id",)
    __table_args__ = settled_args("kind_id")
    id: Mapped[int] = mapped_column(primary_key=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("meals_kind.id"))
    name: Mapped[str] = mapped_column()


class Diet(Owned, Spanned, Audited, Base):
    """A way of cooking apart from the common one."""

    __tablename__ = "meals_diet"
    __table_args__ = (span_check(), UniqueConstraint("institution_id", "name", "valid_from"))
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column()


class DietName(Owned, Settled, Audited, Base):
    """What a diet is called from a day on; before the first row it has the name it was entered with."""

    __tablename__ = "meals_diet_name"
    settled_by = ("diet_id",)
    __table_args__ = settled_args("diet_id")
    id: Mapped[int] = mapped_column(primary_key=True)
    diet_id: Mapped[int] = mapped_column(ForeignKey("meals_diet.id"))
    name: Mapped[str] = mapped_column()


class MealOrder(AboutChild, Cooked, Audited, Base):
    """A child eats this meal from-to: one row a meal."""

    __tablename__ = "meals_order"
    __table_args__ = (span_check(), Index(None, "child_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    meal_kind_id: Mapped[int] = mapped_column(ForeignKey("meals_kind.id"))


class ChildDiet(AboutChild, Cooked, Audited, Base):
    """A child's diet from-to; none = the common table."""

    __tablename__ = "meals_child_diet"
    __table_args__ = (span_check(), Index(None, "child_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    diet_id: Mapped[int] = mapped_column(ForeignKey("meals_diet.id"))
