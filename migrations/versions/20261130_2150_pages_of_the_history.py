"""the history by child, by person and by a group's days: without statistics SQLite takes two equals over one

Revision ID: 20261130_2150
Revises: 20261130_2145
"""

from __future__ import annotations

from alembic import op

revision = "20261130_2150"
down_revision = "20261130_2145"
branch_labels = None
depends_on = None

TABLE = "core_audit_entry"
BEFORE = (("child_id", "day"), ("user_id", "at"), ("group_id", "day"))


def upgrade() -> None:
    for first, last in BEFORE:
        op.drop_index(op.f(f"ix_{TABLE}_{first}_{last}"), table_name=TABLE)
        op.create_index(op.f(f"ix_{TABLE}_{first}_institution_id_{last}"), TABLE, [first, "institution_id", last])


def downgrade() -> None:
    for first, last in BEFORE:
        op.drop_index(op.f(f"ix_{TABLE}_{first}_institution_id_{last}"), table_name=TABLE)
        op.create_index(op.f(f"ix_{TABLE}_{first}_{last}"), TABLE, [first, last])
