"""unlocks of whatever is closed, acts of data change, what a print said

Revision ID: 20261130_2145
Revises: 20261130_2125
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "20261130_2145"
down_revision = "20261130_2125"
branch_labels = None
depends_on = None

#: what an unlock of a day is, before and after
_SAME = ("institution_id", "group_id", "day", "reason", "opened_at", "opened_by", "until")


def _tables() -> tuple[sa.TableClause, sa.TableClause]:
    moment = sa.DateTime(timezone=True)
    kinds = {"day": sa.Date(), "opened_at": moment, "until": moment}
    columns = [sa.column("id", sa.Integer()), *(sa.column(name, kinds.get(name)) for name in _SAME)]
    before = sa.table("kitchen_day_unlock", *columns)
    after = sa.table(
        "periods_unlock",
        *(sa.column(one.name, one.type) for one in columns),
        sa.column("kind", sa.String()),
        sa.column("closed_at", moment),
    )
    return before, after


def _carry_over() -> None:
    """A day's unlocks go on as they were. Those whose term is over are closed by it: no act is made of the past."""
    before, after = _tables()
    names = [*_SAME, "kind"]
    chosen = sa.select(*(before.c[name] for name in _SAME), sa.literal("day")).order_by(before.c.id)
    op.execute(sa.insert(after).from_select(names, chosen))
    now = datetime.now(UTC)
    if op.get_bind().dialect.name == "sqlite":
        now = now.replace(tzinfo=None)
    op.execute(sa.update(after).where(after.c.until <= now).values(closed_at=after.c.until))


def _carry_back() -> None:
    """Unlocks of days only: what else could be opened is not known to the older program."""
    before, after = _tables()
    chosen = sa.select(*(after.c[name] for name in _SAME)).where(after.c.kind == "day").order_by(after.c.id)
    op.execute(sa.insert(before).from_select(list(_SAME), chosen))


def upgrade() -> None:
    op.create_table(
        "periods_unlock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("day", "month", "deletion", name="fillingin", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=True),
        sa.Column("with_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'day') = (day IS NOT NULL)", name=op.f("ck_periods_unlock_day")),
        sa.CheckConstraint("(kind = 'month') = (month IS NOT NULL)", name=op.f("ck_periods_unlock_month")),
        sa.CheckConstraint("kind = 'deletion' OR group_id IS NOT NULL", name=op.f("ck_periods_unlock_group")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups_group.id"], name=op.f("fk_periods_unlock_group_id_groups_group")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_periods_unlock_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["with_id"], ["periods_unlock.id"], name=op.f("fk_periods_unlock_with_id_periods_unlock")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods_unlock")),
    )
    with op.batch_alter_table("periods_unlock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_periods_unlock_group_id_day"), ["group_id", "day"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_periods_unlock_institution_id_closed_at"), ["institution_id", "closed_at"], unique=False
        )

    op.create_table(
        "acts_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unlock_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("writer_id", sa.Integer(), nullable=True),
        sa.Column("appointed_by", sa.String(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_by", sa.String(), nullable=True),
        sa.Column("registry_number", sa.String(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("registered_by", sa.String(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["institutions_document.id"], name=op.f("fk_acts_act_document_id_institutions_document")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups_group.id"], name=op.f("fk_acts_act_group_id_groups_group")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_acts_act_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["unlock_id"], ["periods_unlock.id"], name=op.f("fk_acts_act_unlock_id_periods_unlock")
        ),
        sa.ForeignKeyConstraint(["writer_id"], ["accounts_user.id"], name=op.f("fk_acts_act_writer_id_accounts_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts_act")),
        sa.UniqueConstraint("institution_id", "year", "number", name=op.f("uq_acts_act_institution_id_year_number")),
        sa.UniqueConstraint("unlock_id", name=op.f("uq_acts_act_unlock_id")),
    )
    with op.batch_alter_table("acts_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acts_act_group_id_month"), ["group_id", "month"], unique=False)

    op.create_table(
        "acts_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("now", sa.Text(), nullable=False),
        sa.Column("erred", sa.String(), nullable=False),
        sa.Column("mended", sa.String(), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts_act.id"], name=op.f("fk_acts_change_act_id_acts_act")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_acts_change_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups_group.id"], name=op.f("fk_acts_change_group_id_groups_group")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_acts_change_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts_change")),
        sa.UniqueConstraint("act_id", "position", name=op.f("uq_acts_change_act_id_position")),
    )
    with op.batch_alter_table("acts_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acts_change_child_id"), ["child_id"], unique=False)

    op.create_table(
        "acts_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("data_sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts_act.id"], name=op.f("fk_acts_paper_act_id_acts_act")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_acts_paper_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts_paper")),
        sa.UniqueConstraint("act_id", "number", name=op.f("uq_acts_paper_act_id_number")),
    )
    _carry_over()
    with op.batch_alter_table("kitchen_day_unlock", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kitchen_day_unlock_group_id_day"))

    op.drop_table("kitchen_day_unlock")
    op.add_column("sheets_printed", sa.Column("said_sha256", sa.String(), nullable=True))  # no rebuild: triggers stay


def downgrade() -> None:
    op.drop_column("sheets_printed", "said_sha256")

    op.create_table(
        "kitchen_day_unlock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups_group.id"], name=op.f("fk_kitchen_day_unlock_group_id_groups_group")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_kitchen_day_unlock_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kitchen_day_unlock")),
    )
    with op.batch_alter_table("kitchen_day_unlock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kitchen_day_unlock_group_id_day"), ["group_id", "day"], unique=False)

    _carry_back()
    op.drop_table("acts_paper")
    with op.batch_alter_table("acts_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acts_change_child_id"))

    op.drop_table("acts_change")
    with op.batch_alter_table("acts_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acts_act_group_id_month"))

    op.drop_table("acts_act")
    with op.batch_alter_table("periods_unlock", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_periods_unlock_institution_id_closed_at"))
        batch_op.drop_index(batch_op.f("ix_periods_unlock_group_id_day"))

    op.drop_table("periods_unlock")
