"""vouching: a slip that replaces a log-in shuts the roles other institutions gave, until they vouch for the person

Revision ID: 20261130_2125
Revises: 20261130_2115
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_2125"
down_revision = "20261130_2115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("accounts_slip") as batch_op:
        batch_op.add_column(sa.Column("shuts_others", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("accounts_slip") as batch_op:
        batch_op.alter_column("shuts_others", server_default=None)
    op.create_table(
        "accounts_vouching",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vouched_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_accounts_vouching_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["accounts_user.id"], name=op.f("fk_accounts_vouching_user_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_vouching")),
    )
    op.create_index(op.f("ix_accounts_vouching_institution_id"), "accounts_vouching", ["institution_id"])
    op.create_index(op.f("ix_accounts_vouching_user_id"), "accounts_vouching", ["user_id"])


def downgrade() -> None:
    op.drop_table("accounts_vouching")
    with op.batch_alter_table("accounts_slip") as batch_op:
        batch_op.drop_column("shuts_others")
