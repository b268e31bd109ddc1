"""watching over: checks on record, remarks and their answers

Revision ID: 20261130_2110
Revises: 20261130_2100
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_2110"
down_revision = "20261130_2100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supervision_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "educator",
                "arts_teacher",
                "speech_therapist",
                "social_pedagogue",
                "health_specialist",
                "dietitian",
                "accountant",
                "secretary",
                "director",
                "deputy",
                "administrator",
                "guardian",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("in_order", sa.Boolean(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(group_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_supervision_check_subject")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups_group.id"], name=op.f("fk_supervision_check_group_id_groups_group")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_supervision_check_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_user.id"], name=op.f("fk_supervision_check_person_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_check")),
    )
    op.create_index(
        op.f("ix_supervision_check_institution_id_month"),
        "supervision_check",
        ["institution_id", "month"],
        unique=False,
    )
    op.create_table(
        "supervision_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_heeded", sa.Boolean(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts_user.id"], name=op.f("fk_supervision_remark_author_id_accounts_user")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_supervision_remark_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_user.id"], name=op.f("fk_supervision_remark_person_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_remark")),
    )
    op.create_index(
        op.f("ix_supervision_remark_institution_id_closed_at"),
        "supervision_remark",
        ["institution_id", "closed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervision_remark_person_id_closed_at"),
        "supervision_remark",
        ["person_id", "closed_at"],
        unique=False,
    )
    op.create_table(
        "supervision_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_supervision_answer_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["remark_id"], ["supervision_remark.id"], name=op.f("fk_supervision_answer_remark_id_supervision_remark")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_answer")),
    )
    op.create_index(op.f("ix_supervision_answer_remark_id"), "supervision_answer", ["remark_id"], unique=False)


def downgrade() -> None:
    op.drop_table("supervision_answer")
    op.drop_table("supervision_remark")
    op.drop_table("supervision_check")
