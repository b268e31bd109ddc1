"""states of a month: submitted, checked, opened again, and every step on record

Revision ID: 20261130_2050
Revises: 20261122_2300
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_2050"
down_revision = "20261122_2300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("core_month_point") as batch_op:
        batch_op.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("submitted_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("checked_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("open_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_core_month_point_in_order"), "checked_at IS NULL OR submitted_at IS NOT NULL"
        )
        batch_op.create_check_constraint(
            op.f("ck_core_month_point_submitter"), "(submitted_at IS NULL) = (submitted_by IS NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_core_month_point_checker"), "(checked_at IS NULL) = (checked_by IS NULL)"
        )
    op.create_table(
        "periods_month_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "submit",
                "return",
                "check",
                "lock",
                "unlock",
                "close",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("step != 'return' OR remark != ''", name=op.f("ck_periods_month_step_remark")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups_group.id"], name=op.f("fk_periods_month_step_group_id_groups_group")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_periods_month_step_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods_month_step")),
    )
    with op.batch_alter_table("periods_month_step") as batch_op:
        batch_op.create_index(batch_op.f("ix_periods_month_step_group_id_month"), ["group_id", "month"], unique=False)


def downgrade() -> None:
    op.drop_table("periods_month_step")
    with op.batch_alter_table("core_month_point") as batch_op:
        batch_op.drop_constraint(op.f("ck_core_month_point_checker"), type_="check")
        batch_op.drop_constraint(op.f("ck_core_month_point_submitter"), type_="check")
        batch_op.drop_constraint(op.f("ck_core_month_point_in_order"), type_="check")
        batch_op.drop_column("open_until")
        batch_op.drop_column("checked_by")
        batch_op.drop_column("checked_at")
        batch_op.drop_column("submitted_by")
        batch_op.drop_column("submitted_at")
