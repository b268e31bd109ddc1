"""days written on paper, with the cause

Revision ID: 20261130_2200
Revises: 20261130_2150
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_2200"
down_revision = "20261130_2150"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups_group.id"], name=op.f("fk_attendance_outage_group_id_groups_group")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_attendance_outage_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_outage")),
        sa.UniqueConstraint("group_id", "day", name=op.f("uq_attendance_outage_group_id_day")),
    )
    op.create_index(
        op.f("ix_attendance_outage_institution_id_entered_at"),
        "attendance_outage",
        ["institution_id", "entered_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("attendance_outage")
