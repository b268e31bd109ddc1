"""a chain of seals over the history, which the database itself lets nobody change

Revision ID: 20261130_2100
Revises: 20261130_2050
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_2100"
down_revision = "20261130_2050"
branch_labels = None
depends_on = None

#: what is only ever added to: table -> its unique keys
KEPT = {
    "core_audit_entry": (("id",),),
    "core_seal": (("id",), ("institution_id", "number")),
    "core_sealed": (("seal_id", "place"), ("entry_id",), ("paper_id",)),
    "core_paper": (("id",),),
}
SAID = "the history is only added to: nothing in it is changed or removed"


def upgrade() -> None:
    op.create_table(
        "core_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("complete_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_link", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_core_seal_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_seal")),
        sa.UniqueConstraint("institution_id", "number", name=op.f("uq_core_seal_institution_id_number")),
    )
    op.create_table(
        "core_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_core_paper_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(["seal_id"], ["core_seal.id"], name=op.f("fk_core_paper_seal_id_core_seal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_paper")),
    )
    op.create_index(op.f("ix_core_paper_institution_id_code"), "core_paper", ["institution_id", "code"])
    op.create_index(op.f("ix_core_paper_institution_id_printed_at"), "core_paper", ["institution_id", "printed_at"])
    op.create_table(
        "core_sealed",
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(entry_id IS NULL) <> (paper_id IS NULL)", name=op.f("ck_core_sealed_what")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["core_audit_entry.id"], name=op.f("fk_core_sealed_entry_id_core_audit_entry")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_core_sealed_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["core_paper.id"], name=op.f("fk_core_sealed_paper_id_core_paper")),
        sa.ForeignKeyConstraint(["seal_id"], ["core_seal.id"], name=op.f("fk_core_sealed_seal_id_core_seal")),
        sa.PrimaryKeyConstraint("seal_id", "place", name=op.f("pk_core_sealed")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_core_sealed_entry_id")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_core_sealed_paper_id")),
    )
    # who did what, and what was done to a group's day: the pages of the history
    op.create_index(op.f("ix_core_audit_entry_user_id_at"), "core_audit_entry", ["user_id", "at"])
    op.create_index(op.f("ix_core_audit_entry_group_id_day"), "core_audit_entry", ["group_id", "day"])
    if op.get_bind().dialect.name == "sqlite":
        keep_on_sqlite()
    else:
        keep_on_postgresql()


def keep_on_sqlite() -> None:
    """INSERT OR REPLACE removes a row without asking the triggers of removing, unless a connection says
    recursive_triggers: so a row that would take the place of another is refused before it comes."""
    for table, keys in KEPT.items():
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )
        same = " OR ".join("(" + " AND ".join(f"{name} = NEW.{name}" for name in key) + ")" for key in keys)
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of ours
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN {there} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )


def keep_on_postgresql() -> None:
    """ALWAYS: also where a session calls itself a replica."""
    op.execute(
        "CREATE FUNCTION core_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$"
    )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION core_only_added_to()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION core_only_added_to()"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_kept")
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_not_emptied")


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for name in ("no_update", "no_delete", "no_replace") if on_sqlite else ("kept", "not_emptied"):
            op.execute(f"DROP TRIGGER {table}_{name}" + ("" if on_sqlite else f" ON {table}"))
    if not on_sqlite:
        op.execute("DROP FUNCTION core_only_added_to()")
    op.drop_index(op.f("ix_core_audit_entry_group_id_day"), table_name="core_audit_entry")
    op.drop_index(op.f("ix_core_audit_entry_user_id_at"), table_name="core_audit_entry")
    op.drop_table("core_sealed")
    op.drop_table("core_paper")
    op.drop_table("core_seal")
