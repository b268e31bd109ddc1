"""papers for absences: what each reason asks for, and the papers that came in

Revision ID: 20261130_2115
Revises: 20261130_2110
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_2115"
down_revision = "20261130_2110"
branch_labels = None
depends_on = None

REASON = "attendance_reason"
#: columns that hold a code: their codes, and what stands in rows that are there already
CODES = {
    "paper": ("paperby", ("none", "parents", "official"), "none"),
    "paper_due": (
        "paperdue",
        ("never", "after_return", "after_receipt", "month_end", "last_working_day", "penultimate_working_day"),
        "never",
    ),
    "notice": ("noticeby", ("none", "first_day", "ahead"), "none"),
    "least_in": ("counted", ("working", "calendar"), "working"),
}
PROGRAMMES = ("preschool", "preprimary")
PLAIN = {
    "paper_days": sa.Integer,
    "paper_hour": sa.Time,
    "notice_hour": sa.Time,
    "notice_days": sa.Integer,
    "least_days": sa.Integer,
    "first_days_paid": sa.Integer,
    "season_first": sa.String,
    "season_last": sa.String,
}


def upgrade() -> None:
    with op.batch_alter_table(REASON) as batch:
        for column, (_name, _codes, default) in CODES.items():
            batch.add_column(sa.Column(column, sa.String(32), server_default=default, nullable=False))
        for column, kind in PLAIN.items():
            batch.add_column(sa.Column(column, kind(), nullable=True))
        batch.add_column(sa.Column("programme", sa.String(32), nullable=True))
    # a paper was asked for without a term, and none could be entered: a month that is closed keeps what it says
    op.execute("UPDATE attendance_reason SET paper = 'parents' WHERE needs_paper")
    with op.batch_alter_table(REASON) as batch:
        for column, (name, codes, _default) in CODES.items():
            batch.alter_column(column, existing_type=sa.String(32), server_default=None)
            batch.create_check_constraint(op.f(f"ck_{REASON}_{name}"), f"{column} IN {codes}")
        batch.create_check_constraint(op.f(f"ck_{REASON}_programme"), f"programme IN {PROGRAMMES}")
        batch.create_check_constraint(op.f(f"ck_{REASON}_season"), "(season_first IS NULL) = (season_last IS NULL)")
        batch.drop_column("needs_paper")

    op.create_table(
        "papers_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "note",
                "application",
                "health",
                "employer",
                "other",
                "notice",
                name="paperkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by", sa.String(), nullable=True),
        sa.Column("struck_why", sa.String(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_why IS NULL)", name=op.f("ck_papers_paper_struck")),
        sa.CheckConstraint("last >= first", name=op.f("ck_papers_paper_span")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_papers_paper_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups_group.id"], name=op.f("fk_papers_paper_group_id_groups_group")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_papers_paper_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers_paper")),
    )
    with op.batch_alter_table("papers_paper") as batch_op:
        batch_op.create_index(batch_op.f("ix_papers_paper_child_id_first"), ["child_id", "first"], unique=False)

    op.create_table(
        "papers_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "note",
                "application",
                "health",
                "employer",
                "other",
                "notice",
                name="paperkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_papers_day_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups_group.id"], name=op.f("fk_papers_day_group_id_groups_group")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_papers_day_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["papers_paper.id"], name=op.f("fk_papers_day_paper_id_papers_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers_day")),
        sa.UniqueConstraint("paper_id", "day", name=op.f("uq_papers_day_paper_id_day")),
    )
    with op.batch_alter_table("papers_day") as batch_op:
        batch_op.create_index(batch_op.f("ix_papers_day_child_id_day"), ["child_id", "day"], unique=False)


def downgrade() -> None:
    op.drop_table("papers_day")
    op.drop_table("papers_paper")
    with op.batch_alter_table(REASON) as batch:
        batch.add_column(sa.Column("needs_paper", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE attendance_reason SET needs_paper = (paper <> 'none')")
    with op.batch_alter_table(REASON) as batch:
        batch.alter_column("needs_paper", existing_type=sa.Boolean(), server_default=None)
        batch.drop_constraint(op.f(f"ck_{REASON}_season"), type_="check")
        batch.drop_constraint(op.f(f"ck_{REASON}_programme"), type_="check")
        for name, _codes, _default in CODES.values():
            batch.drop_constraint(op.f(f"ck_{REASON}_{name}"), type_="check")
        for column in (*CODES, *PLAIN, "programme"):
            batch.drop_column(column)
