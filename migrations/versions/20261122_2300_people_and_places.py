"""people, places and who may see what

Revision ID: 20261122_2300
Revises: 20261122_1700
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2300"
down_revision = "20261122_1700"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_entry_rule",
        sa.Column("id", sa.Integer(), nullable=False),
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
            nullable=False,
        ),
        sa.Column("needs_second_factor", sa.Boolean(), nullable=False),
        sa.Column("idle_minutes", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("idle_minutes BETWEEN 5 AND 600", name=op.f("ck_accounts_entry_rule_idle")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_accounts_entry_rule_span")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_accounts_entry_rule_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_entry_rule")),
        sa.UniqueConstraint(
            "institution_id", "role", "valid_from", name=op.f("uq_accounts_entry_rule_institution_id_role_valid_from")
        ),
    )
    op.create_table(
        "accounts_pledge_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_accounts_pledge_text_span")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_accounts_pledge_text_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_pledge_text")),
        sa.UniqueConstraint(
            "institution_id", "valid_from", name=op.f("uq_accounts_pledge_text_institution_id_valid_from")
        ),
    )
    op.create_table(
        "home_looked_at",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "deadlines", "reasons", "pledge", name="delivered", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_home_looked_at_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_looked_at")),
        sa.UniqueConstraint("institution_id", "what", name=op.f("uq_home_looked_at_institution_id_what")),
    )
    op.create_table(
        "institutions_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("order", "other", name="documentkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_institutions_document_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions_document")),
        sa.UniqueConstraint(
            "institution_id",
            "kind",
            "number",
            "day",
            name=op.f("uq_institutions_document_institution_id_kind_number_day"),
        ),
    )
    with op.batch_alter_table("institutions_document") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_institutions_document_institution_id_day"), ["institution_id", "day"], unique=False
        )

    op.create_table(
        "institutions_sheet_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("approval", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_institutions_sheet_wording_span")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_institutions_sheet_wording_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions_sheet_wording")),
        sa.UniqueConstraint(
            "institution_id", "valid_from", name=op.f("uq_institutions_sheet_wording_institution_id_valid_from")
        ),
    )
    op.create_table(
        "registers_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "children", "employees", "groups", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_registers_file_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registers_file")),
        sa.UniqueConstraint("institution_id", "kind", name=op.f("uq_registers_file_institution_id_kind")),
    )
    op.create_table(
        "registers_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "children", "employees", "groups", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column(
            "encoding",
            sa.Enum(
                "utf-8", "utf-16", "windows-1257", name="encoding", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column(
            "separator",
            sa.Enum(";", "\t", ",", "|", name="separator", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("sheet", sa.String(), nullable=True),
        sa.Column("head_row", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "mapped",
                "checked",
                "applied",
                "undone",
                "abandoned",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("rows_new", sa.Integer(), nullable=True),
        sa.Column("rows_changed", sa.Integer(), nullable=True),
        sa.Column("rows_same", sa.Integer(), nullable=True),
        sa.Column("rows_doubtful", sa.Integer(), nullable=True),
        sa.Column("rows_faulty", sa.Integer(), nullable=True),
        sa.Column("rows_left_out", sa.Integer(), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_registers_import_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registers_import")),
    )
    with op.batch_alter_table("registers_import") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registers_import_institution_id_kind"), ["institution_id", "kind"], unique=False
        )

    op.create_table(
        "tablets_tablet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_tablets_tablet_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablets_tablet")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_tablets_tablet_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tablets_tablet_token_hash")),
    )
    with op.batch_alter_table("tablets_tablet") as batch_op:
        batch_op.create_index(batch_op.f("ix_tablets_tablet_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "workdays_deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark_by", sa.Time(), nullable=False),
        sa.Column("sheet_due", sa.Integer(), nullable=False),
        sa.Column("month_locks", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "sheet_due >= 1 AND month_locks >= sheet_due AND month_locks <= 15",
            name=op.f("ck_workdays_deadlines_in_order"),
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_workdays_deadlines_span")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_workdays_deadlines_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workdays_deadlines")),
        sa.UniqueConstraint(
            "institution_id", "valid_from", name=op.f("uq_workdays_deadlines_institution_id_valid_from")
        ),
    )
    op.create_table(
        "accounts_pledge_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("accepted_by", sa.String(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_accounts_pledge_acceptance_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["text_id"],
            ["accounts_pledge_text.id"],
            name=op.f("fk_accounts_pledge_acceptance_text_id_accounts_pledge_text"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["accounts_user.id"], name=op.f("fk_accounts_pledge_acceptance_user_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_pledge_acceptance")),
        sa.UniqueConstraint("text_id", "user_id", name=op.f("uq_accounts_pledge_acceptance_text_id_user_id")),
    )
    op.create_table(
        "accounts_recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["accounts_user.id"], name=op.f("fk_accounts_recovery_code_user_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_accounts_recovery_code_code_hash")),
    )
    with op.batch_alter_table("accounts_recovery_code") as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_recovery_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "accounts_second_factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["accounts_user.id"], name=op.f("fk_accounts_second_factor_user_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_second_factor")),
        sa.UniqueConstraint("user_id", name=op.f("uq_accounts_second_factor_user_id")),
    )
    op.create_table(
        "accounts_slip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.String(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_for_lost_factor", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_accounts_slip_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["accounts_user.id"], name=op.f("fk_accounts_slip_user_id_accounts_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_slip")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_accounts_slip_code_hash")),
    )
    with op.batch_alter_table("accounts_slip") as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_slip_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accounts_slip_user_id"), ["user_id"], unique=False)

    op.create_table(
        "children_collector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_children_collector_span")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_children_collector_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_children_collector_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children_collector")),
    )
    with op.batch_alter_table("children_collector") as batch_op:
        batch_op.create_index(batch_op.f("ix_children_collector_child_id"), ["child_id"], unique=False)

    op.create_table(
        "children_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "photo", "birthday", "trips", name="consentkind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_children_consent_span")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_children_consent_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_children_consent_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children_consent")),
    )
    with op.batch_alter_table("children_consent") as batch_op:
        batch_op.create_index(batch_op.f("ix_children_consent_child_id"), ["child_id"], unique=False)

    op.create_table(
        "children_departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "other_institution",
                "school",
                "moved_away",
                "parents_wish",
                "other",
                name="departurereason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("report_sha256", sa.String(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_children_departure_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_children_departure_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["institutions_document.id"],
            name=op.f("fk_children_departure_order_id_institutions_document"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children_departure")),
        sa.UniqueConstraint("child_id", "day", name=op.f("uq_children_departure_child_id_day")),
    )
    op.create_table(
        "children_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_children_file_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_children_file_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children_file")),
    )
    with op.batch_alter_table("children_file") as batch_op:
        batch_op.create_index(batch_op.f("ix_children_file_child_id"), ["child_id"], unique=False)

    op.create_table(
        "children_guardian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "mother",
                "father",
                "guardian",
                "caretaker",
                "other",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("may_collect", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_children_guardian_span")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_children_guardian_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_children_guardian_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["accounts_user.id"], name=op.f("fk_children_guardian_user_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children_guardian")),
    )
    with op.batch_alter_table("children_guardian") as batch_op:
        batch_op.create_index(batch_op.f("ix_children_guardian_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_children_guardian_user_id"), ["user_id"], unique=False)

    op.create_table(
        "children_particulars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("languages", sa.String(), nullable=False),
        sa.Column(
            "special_needs",
            sa.Enum(
                "none",
                "small",
                "medium",
                "large",
                "very_large",
                name="specialneeds",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("needs_note", sa.String(), nullable=False),
        sa.Column("family_note", sa.String(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_children_particulars_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_children_particulars_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children_particulars")),
        sa.UniqueConstraint("child_id", name=op.f("uq_children_particulars_child_id")),
    )
    op.create_table(
        "children_payer_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_children_payer_code_span")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_children_payer_code_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_children_payer_code_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children_payer_code")),
    )
    with op.batch_alter_table("children_payer_code") as batch_op:
        batch_op.create_index(batch_op.f("ix_children_payer_code_child_id"), ["child_id"], unique=False)
        batch_op.create_index(
            "uq_children_payer_code_in_house",
            ["institution_id", "code"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
        batch_op.create_index(
            "uq_children_payer_code_of_child",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )

    op.create_table(
        "children_personal_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("lookup", sa.String(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_children_personal_code_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_children_personal_code_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children_personal_code")),
        sa.UniqueConstraint("child_id", "of", name=op.f("uq_children_personal_code_child_id_of")),
        sa.UniqueConstraint(
            "institution_id", "lookup", "of", name=op.f("uq_children_personal_code_institution_id_lookup_of")
        ),
    )
    op.create_table(
        "children_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_children_visit_span")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_children_visit_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups_group.id"], name=op.f("fk_children_visit_group_id_groups_group")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_children_visit_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["institutions_document.id"], name=op.f("fk_children_visit_order_id_institutions_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children_visit")),
    )
    with op.batch_alter_table("children_visit") as batch_op:
        batch_op.create_index(batch_op.f("ix_children_visit_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_children_visit_group_id"), ["group_id"], unique=False)

    op.create_table(
        "groups_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("group_id <> into_id", name=op.f("ck_groups_merge_another")),
        sa.CheckConstraint("last >= first", name=op.f("ck_groups_merge_span")),
        sa.ForeignKeyConstraint(["group_id"], ["groups_group.id"], name=op.f("fk_groups_merge_group_id_groups_group")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_groups_merge_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(["into_id"], ["groups_group.id"], name=op.f("fk_groups_merge_into_id_groups_group")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["institutions_document.id"], name=op.f("fk_groups_merge_order_id_institutions_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups_merge")),
    )
    with op.batch_alter_table("groups_merge") as batch_op:
        batch_op.create_index(batch_op.f("ix_groups_merge_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_groups_merge_into_id"), ["into_id"], unique=False)

    op.create_table(
        "handovers_card_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups_group.id"], name=op.f("fk_handovers_card_note_group_id_groups_group")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_handovers_card_note_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers_card_note")),
        sa.UniqueConstraint("group_id", "day", name=op.f("uq_handovers_card_note_group_id_day")),
    )
    op.create_table(
        "meals_diet_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("diet_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_meals_diet_name_span")),
        sa.ForeignKeyConstraint(["diet_id"], ["meals_diet.id"], name=op.f("fk_meals_diet_name_diet_id_meals_diet")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_meals_diet_name_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meals_diet_name")),
        sa.UniqueConstraint(
            "institution_id", "diet_id", "valid_from", name=op.f("uq_meals_diet_name_institution_id_diet_id_valid_from")
        ),
    )
    op.create_table(
        "meals_kind_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_meals_kind_name_span")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_meals_kind_name_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["meals_kind.id"], name=op.f("fk_meals_kind_name_kind_id_meals_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meals_kind_name")),
        sa.UniqueConstraint(
            "institution_id", "kind_id", "valid_from", name=op.f("uq_meals_kind_name_institution_id_kind_id_valid_from")
        ),
    )
    op.create_table(
        "notices_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
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
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_notices_notice_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_user.id"], name=op.f("fk_notices_notice_person_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices_notice")),
    )
    with op.batch_alter_table("notices_notice") as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_notice_person_id_read_at"), ["person_id", "read_at"], unique=False)

    op.create_table(
        "registers_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["registers_import.id"], name=op.f("fk_registers_part_import_id_registers_import")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_registers_part_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registers_part")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_registers_part_import_id_number")),
    )
    op.create_table(
        "registers_undo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["registers_import.id"], name=op.f("fk_registers_undo_import_id_registers_import")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_registers_undo_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registers_undo")),
        sa.UniqueConstraint("import_id", name=op.f("uq_registers_undo_import_id")),
    )
    op.create_table(
        "staff_employee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_staff_employee_span")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_staff_employee_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["accounts_user.id"], name=op.f("fk_staff_employee_user_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_employee")),
        sa.UniqueConstraint("institution_id", "email", name=op.f("uq_staff_employee_institution_id_email")),
        sa.UniqueConstraint("institution_id", "user_id", name=op.f("uq_staff_employee_institution_id_user_id")),
    )
    op.create_table(
        "tablets_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tablet_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups_group.id"], name=op.f("fk_tablets_group_group_id_groups_group")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_tablets_group_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["tablet_id"], ["tablets_tablet.id"], name=op.f("fk_tablets_group_tablet_id_tablets_tablet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablets_group")),
        sa.UniqueConstraint("tablet_id", "group_id", name=op.f("uq_tablets_group_tablet_id_group_id")),
    )
    op.create_table(
        "transfers_arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_name", sa.String(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("diet", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_transfers_arrival_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_transfers_arrival_institution_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers_arrival")),
        sa.UniqueConstraint("child_id", name=op.f("uq_transfers_arrival_child_id")),
    )
    op.create_table(
        "transfers_temporary_leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hospital",
                "sanatorium",
                "other",
                name="leavekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=True),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_transfers_temporary_leave_span")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_transfers_temporary_leave_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_transfers_temporary_leave_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["institutions_document.id"],
            name=op.f("fk_transfers_temporary_leave_order_id_institutions_document"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers_temporary_leave")),
    )
    with op.batch_alter_table("transfers_temporary_leave") as batch_op:
        batch_op.create_index(batch_op.f("ix_transfers_temporary_leave_child_id"), ["child_id"], unique=False)

    op.create_table(
        "years_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_years_move_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["groups_group.id"], name=op.f("fk_years_move_from_id_groups_group")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_years_move_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(["into_id"], ["groups_group.id"], name=op.f("fk_years_move_into_id_groups_group")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_years_move")),
        sa.UniqueConstraint("child_id", "year", name=op.f("uq_years_move_child_id_year")),
    )
    with op.batch_alter_table("years_move") as batch_op:
        batch_op.create_index(batch_op.f("ix_years_move_institution_id_year"), ["institution_id", "year"], unique=False)

    op.create_table(
        "copies_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("guardian_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "format",
            sa.Enum("pdf", "zip", name="format", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("with_codes", sa.Boolean(), nullable=False),
        sa.Column("with_health", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "child_id IS NULL OR coalesce(employee_id, guardian_id, user_id) IS NULL", name=op.f("ck_copies_copy_child")
        ),
        sa.CheckConstraint(
            "coalesce(child_id, employee_id, guardian_id, user_id) IS NOT NULL", name=op.f("ck_copies_copy_of_somebody")
        ),
        sa.CheckConstraint(
            "employee_id IS NULL OR coalesce(guardian_id, user_id) IS NULL", name=op.f("ck_copies_copy_employee")
        ),
        sa.CheckConstraint("guardian_id IS NULL OR user_id IS NULL", name=op.f("ck_copies_copy_guardian")),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children_child.id"], name=op.f("fk_copies_copy_child_id_children_child")
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["staff_employee.id"], name=op.f("fk_copies_copy_employee_id_staff_employee")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["children_guardian.id"], name=op.f("fk_copies_copy_guardian_id_children_guardian")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_copies_copy_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["accounts_user.id"], name=op.f("fk_copies_copy_user_id_accounts_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies_copy")),
    )
    with op.batch_alter_table("copies_copy") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_copies_copy_institution_id_made_at"), ["institution_id", "made_at"], unique=False
        )

    op.create_table(
        "handovers_leaver_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["staff_employee.id"], name=op.f("fk_handovers_leaver_check_employee_id_staff_employee")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_handovers_leaver_check_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["institutions_document.id"],
            name=op.f("fk_handovers_leaver_check_order_id_institutions_document"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["accounts_user.id"], name=op.f("fk_handovers_leaver_check_successor_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers_leaver_check")),
    )
    with op.batch_alter_table("handovers_leaver_check") as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_leaver_check_employee_id"), ["employee_id"], unique=False)

    op.create_table(
        "transfers_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("departure_id", sa.Integer(), nullable=True),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("last_name", sa.String(), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("from_name", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("package", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["departure_id"], ["children_departure.id"], name=op.f("fk_transfers_offer_departure_id_children_departure")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_transfers_offer_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"],
            ["institutions_institution.id"],
            name=op.f("fk_transfers_offer_taken_by_id_institutions_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers_offer")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_transfers_offer_code_hash")),
    )
    with op.batch_alter_table("transfers_offer") as batch_op:
        batch_op.create_index(batch_op.f("ix_transfers_offer_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "handovers_worked_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name=op.f("ck_handovers_worked_day_minutes")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions_institution.id"],
            name=op.f("fk_handovers_worked_day_institution_id_institutions_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["groups_staff.id"], name=op.f("fk_handovers_worked_day_staff_id_groups_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers_worked_day")),
        sa.UniqueConstraint("staff_id", "day", name=op.f("uq_handovers_worked_day_staff_id_day")),
    )
    with op.batch_alter_table("attendance_reason") as batch_op:
        batch_op.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("set_by", sa.String(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_attendance_reason_institution_id_letter"))
        batch_op.create_unique_constraint(batch_op.f("uq_attendance_reason_follows_id"), ["follows_id"])
        batch_op.create_unique_constraint(
            batch_op.f("uq_attendance_reason_institution_id_letter_valid_from"),
            ["institution_id", "letter", "valid_from"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_attendance_reason_follows_id_attendance_reason"), "attendance_reason", ["follows_id"], ["id"]
        )

    with op.batch_alter_table("core_lock_rule") as batch_op:
        batch_op.add_column(sa.Column("set_by", sa.String(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_core_lock_rule_institution_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_core_lock_rule_institution_id_valid_from"), ["institution_id", "valid_from"]
        )

    with op.batch_alter_table("institutions_institution") as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("phone", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("email", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("institutions_settings") as batch_op:
        batch_op.add_column(sa.Column("set_by", sa.String(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_institutions_settings_institution_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_institutions_settings_institution_id_valid_from"), ["institution_id", "valid_from"]
        )

    with op.batch_alter_table("meals_diet") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_meals_diet_institution_id_name"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_meals_diet_institution_id_name_valid_from"), ["institution_id", "name", "valid_from"]
        )

    with op.batch_alter_table("meals_kind") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_meals_kind_institution_id_name"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_meals_kind_institution_id_name_valid_from"), ["institution_id", "name", "valid_from"]
        )

    with op.batch_alter_table("workdays_closure") as batch_op:
        batch_op.add_column(sa.Column("order_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_workdays_closure_group_id_first"), ["group_id", "first"])
        batch_op.create_index(
            "uq_workdays_closure_house",
            ["institution_id", "first"],
            unique=True,
            sqlite_where=sa.text("group_id IS NULL"),
            postgresql_where=sa.text("group_id IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_workdays_closure_order_id_institutions_document"),
            "institutions_document",
            ["order_id"],
            ["id"],
        )

    with op.batch_alter_table("workdays_extra_day") as batch_op:
        batch_op.add_column(sa.Column("order_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_workdays_extra_day_order_id_institutions_document"),
            "institutions_document",
            ["order_id"],
            ["id"],
        )

    change_old_tables()


def downgrade() -> None:
    restore_old_tables()
    with op.batch_alter_table("workdays_extra_day") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_workdays_extra_day_order_id_institutions_document"), type_="foreignkey")
        batch_op.drop_column("order_id")

    with op.batch_alter_table("workdays_closure") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_workdays_closure_order_id_institutions_document"), type_="foreignkey")
        batch_op.drop_index(
            "uq_workdays_closure_house",
            sqlite_where=sa.text("group_id IS NULL"),
            postgresql_where=sa.text("group_id IS NULL"),
        )
        batch_op.drop_constraint(batch_op.f("uq_workdays_closure_group_id_first"), type_="unique")
        batch_op.drop_column("order_id")

    with op.batch_alter_table("meals_kind") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_meals_kind_institution_id_name_valid_from"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_meals_kind_institution_id_name"), ["institution_id", "name"])

    with op.batch_alter_table("meals_diet") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_meals_diet_institution_id_name_valid_from"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_meals_diet_institution_id_name"), ["institution_id", "name"])

    with op.batch_alter_table("institutions_settings") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_institutions_settings_institution_id_valid_from"), type_="unique")
        batch_op.create_index(batch_op.f("ix_institutions_settings_institution_id"), ["institution_id"], unique=False)
        batch_op.drop_column("set_by")

    with op.batch_alter_table("institutions_institution") as batch_op:
        batch_op.drop_column("email")
        batch_op.drop_column("phone")
        batch_op.drop_column("address")

    with op.batch_alter_table("core_lock_rule") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_core_lock_rule_institution_id_valid_from"), type_="unique")
        batch_op.create_index(batch_op.f("ix_core_lock_rule_institution_id"), ["institution_id"], unique=False)
        batch_op.drop_column("set_by")

    with op.batch_alter_table("attendance_reason") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_attendance_reason_follows_id_attendance_reason"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_attendance_reason_institution_id_letter_valid_from"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_attendance_reason_follows_id"), type_="unique")
        batch_op.create_index(
            batch_op.f("ix_attendance_reason_institution_id_letter"), ["institution_id", "letter"], unique=False
        )
        batch_op.drop_column("set_by")
        batch_op.drop_column("follows_id")

    op.drop_table("handovers_worked_day")
    with op.batch_alter_table("transfers_offer") as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfers_offer_institution_id"))

    op.drop_table("transfers_offer")
    with op.batch_alter_table("handovers_leaver_check") as batch_op:
        batch_op.drop_index(batch_op.f("ix_handovers_leaver_check_employee_id"))

    op.drop_table("handovers_leaver_check")
    with op.batch_alter_table("copies_copy") as batch_op:
        batch_op.drop_index(batch_op.f("ix_copies_copy_institution_id_made_at"))

    op.drop_table("copies_copy")
    with op.batch_alter_table("years_move") as batch_op:
        batch_op.drop_index(batch_op.f("ix_years_move_institution_id_year"))

    op.drop_table("years_move")
    with op.batch_alter_table("transfers_temporary_leave") as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfers_temporary_leave_child_id"))

    op.drop_table("transfers_temporary_leave")
    op.drop_table("transfers_arrival")
    op.drop_table("tablets_group")
    op.drop_table("staff_employee")
    op.drop_table("registers_undo")
    op.drop_table("registers_part")
    with op.batch_alter_table("notices_notice") as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_notice_person_id_read_at"))

    op.drop_table("notices_notice")
    op.drop_table("meals_kind_name")
    op.drop_table("meals_diet_name")
    op.drop_table("handovers_card_note")
    with op.batch_alter_table("groups_merge") as batch_op:
        batch_op.drop_index(batch_op.f("ix_groups_merge_into_id"))
        batch_op.drop_index(batch_op.f("ix_groups_merge_group_id"))

    op.drop_table("groups_merge")
    with op.batch_alter_table("children_visit") as batch_op:
        batch_op.drop_index(batch_op.f("ix_children_visit_group_id"))
        batch_op.drop_index(batch_op.f("ix_children_visit_child_id"))

    op.drop_table("children_visit")
    op.drop_table("children_personal_code")
    with op.batch_alter_table("children_payer_code") as batch_op:
        batch_op.drop_index(
            "uq_children_payer_code_of_child",
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
        batch_op.drop_index(
            "uq_children_payer_code_in_house",
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_children_payer_code_child_id"))

    op.drop_table("children_payer_code")
    op.drop_table("children_particulars")
    with op.batch_alter_table("children_guardian") as batch_op:
        batch_op.drop_index(batch_op.f("ix_children_guardian_user_id"))
        batch_op.drop_index(batch_op.f("ix_children_guardian_child_id"))

    op.drop_table("children_guardian")
    with op.batch_alter_table("children_file") as batch_op:
        batch_op.drop_index(batch_op.f("ix_children_file_child_id"))

    op.drop_table("children_file")
    op.drop_table("children_departure")
    with op.batch_alter_table("children_consent") as batch_op:
        batch_op.drop_index(batch_op.f("ix_children_consent_child_id"))

    op.drop_table("children_consent")
    with op.batch_alter_table("children_collector") as batch_op:
        batch_op.drop_index(batch_op.f("ix_children_collector_child_id"))

    op.drop_table("children_collector")
    with op.batch_alter_table("accounts_slip") as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_slip_user_id"))
        batch_op.drop_index(batch_op.f("ix_accounts_slip_institution_id"))

    op.drop_table("accounts_slip")
    op.drop_table("accounts_second_factor")
    with op.batch_alter_table("accounts_recovery_code") as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_recovery_code_user_id"))

    op.drop_table("accounts_recovery_code")
    op.drop_table("accounts_pledge_acceptance")
    op.drop_table("workdays_deadlines")
    with op.batch_alter_table("tablets_tablet") as batch_op:
        batch_op.drop_index(batch_op.f("ix_tablets_tablet_institution_id"))

    op.drop_table("tablets_tablet")
    with op.batch_alter_table("registers_import") as batch_op:
        batch_op.drop_index(batch_op.f("ix_registers_import_institution_id_kind"))

    op.drop_table("registers_import")
    op.drop_table("registers_file")
    op.drop_table("institutions_sheet_wording")
    with op.batch_alter_table("institutions_document") as batch_op:
        batch_op.drop_index(batch_op.f("ix_institutions_document_institution_id_day"))

    op.drop_table("institutions_document")
    op.drop_table("home_looked_at")
    op.drop_table("accounts_pledge_text")
    op.drop_table("accounts_entry_rule")


# --- old tables ------------------------------------------------------------------------------------------------------

# ruff: noqa: S608 - names and codes are our own

OLD_ROLES = ("educator", "dietitian", "social_pedagogue", "accountant", "director", "deputy", "administrator")
ROLES = (*OLD_ROLES, "arts_teacher", "speech_therapist", "health_specialist", "secretary", "guardian")

INSTITUTION = "REFERENCES institutions_institution (id)"
DOCUMENT = "REFERENCES institutions_document (id)"
DUTY = "duty IN ('educator', 'specialist')"
PROGRAMME = "programme IN ('preschool', 'preprimary')"

#: columns added to old tables where they stand: SQLite and PostgreSQL read the same words
ADDED = (
    (
        "accounts_user",
        "made_by_id",
        f"INTEGER CONSTRAINT fk_accounts_user_made_by_id_institutions_institution {INSTITUTION}",
    ),
    ("accounts_user", "pin_hash", "VARCHAR"),
    ("accounts_user", "closed_at", "{moment}"),
    (
        "accounts_membership",
        "order_id",
        f"INTEGER CONSTRAINT fk_accounts_membership_order_id_institutions_document {DOCUMENT}",
    ),
    ("accounts_session", "entered_on", "DATE"),
    ("accounts_session", "idle_minutes", "INTEGER"),
    ("accounts_session", "second_factor_at", "{moment}"),
    (
        "accounts_session",
        "tablet_id",
        "INTEGER CONSTRAINT fk_accounts_session_tablet_id_tablets_tablet REFERENCES tablets_tablet (id)",
    ),
    (
        "groups_group",
        "programme",
        f"VARCHAR(32) DEFAULT 'preschool' NOT NULL CONSTRAINT ck_groups_group_programme CHECK ({PROGRAMME})",
    ),
    ("groups_group", "minutes_a_day", "INTEGER DEFAULT '630' NOT NULL"),
    ("groups_group", "language", "VARCHAR DEFAULT 'lt' NOT NULL"),
    ("groups_group", "room", "VARCHAR DEFAULT '' NOT NULL"),
    ("groups_group", "kitchen", "VARCHAR DEFAULT '' NOT NULL"),
    ("groups_group", "places", "INTEGER"),
    (
        "children_enrolment",
        "home_id",
        "INTEGER CONSTRAINT fk_children_enrolment_home_id_groups_group REFERENCES groups_group (id)",
    ),
    (
        "children_enrolment",
        "home_order_id",
        f"INTEGER CONSTRAINT fk_children_enrolment_home_order_id_institutions_document {DOCUMENT}",
    ),
    (
        "children_enrolment",
        "order_id",
        f"INTEGER CONSTRAINT fk_children_enrolment_order_id_institutions_document {DOCUMENT}",
    ),
    (
        "groups_staff",
        "duty",
        f"VARCHAR(32) DEFAULT 'educator' NOT NULL CONSTRAINT ck_groups_staff_duty CHECK ({DUTY})",
    ),
    (
        "groups_staff",
        "order_id",
        f"INTEGER CONSTRAINT fk_groups_staff_order_id_institutions_document {DOCUMENT}",
    ),
    (
        "groups_staff",
        "substitutes_id",
        "INTEGER CONSTRAINT fk_groups_staff_substitutes_id_accounts_user REFERENCES accounts_user (id)",
    ),
    ("groups_staff", "minutes_a_day", "INTEGER"),
    (
        "groups_staff",
        "merge_id",
        "INTEGER CONSTRAINT fk_groups_staff_merge_id_groups_merge REFERENCES groups_merge (id)",
    ),
)


def change_old_tables() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    words = {"moment": "DATETIME" if on_sqlite else "TIMESTAMPTZ"}
    for table, column, kind in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind.format(**words)}")
    op.create_index(op.f("ix_children_enrolment_home_id"), "children_enrolment", ["home_id"])
    _rebuild_membership(ROLES)
    # the number of an order becomes the order itself, dated by the first day it was used
    op.execute(
        "INSERT INTO institutions_document (institution_id, kind, number, day, title, entered_at, entered_by)"
        " SELECT institution_id, 'order', order_number, min(valid_from), '', CURRENT_TIMESTAMP, ''"
        " FROM groups_staff GROUP BY institution_id, order_number"
    )
    op.execute(
        "UPDATE groups_staff SET order_id = (SELECT id FROM institutions_document AS d"
        " WHERE d.institution_id = groups_staff.institution_id AND d.number = groups_staff.order_number)"
    )
    with op.batch_alter_table("groups_staff") as batch:
        batch.alter_column("order_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("order_number")


def restore_old_tables() -> None:
    op.drop_index(op.f("ix_children_enrolment_home_id"), "children_enrolment")
    with op.batch_alter_table("groups_staff") as batch:
        batch.add_column(sa.Column("order_number", sa.String(), server_default="", nullable=False))
    op.execute(
        "UPDATE groups_staff SET order_number ="
        " (SELECT number FROM institutions_document AS d WHERE d.id = groups_staff.order_id)"
    )
    with op.batch_alter_table("groups_staff") as batch:
        batch.alter_column("order_number", existing_type=sa.String(), server_default=None)
    op.execute(
        "DELETE FROM accounts_session"
        f" WHERE membership_id IN (SELECT id FROM accounts_membership WHERE role NOT IN {OLD_ROLES})"
    )
    op.execute(f"DELETE FROM accounts_membership WHERE role NOT IN {OLD_ROLES}")
    _rebuild_membership(OLD_ROLES)
    for table in dict.fromkeys(table for table, _, _ in ADDED):
        with op.batch_alter_table(table) as batch:
            for its, column, kind in ADDED:
                if its == table:
                    if "CHECK" in kind:
                        batch.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
                    batch.drop_column(column)


def _rebuild_membership(roles: tuple[str, ...]) -> None:
    """The roles there can be."""
    with op.batch_alter_table("accounts_membership") as batch:
        batch.drop_constraint(op.f("ck_accounts_membership_role"), type_="check")
        batch.create_check_constraint(op.f("ck_accounts_membership_role"), f"role IN {roles}")
