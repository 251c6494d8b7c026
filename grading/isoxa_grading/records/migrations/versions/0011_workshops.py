"""Workshops, who came into one by name alone, and the result files that were brought home."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workshop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("held_until", sa.Date(), nullable=False),
        sa.Column("trainer", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("opened_by_account_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_workshop_unit_id_unit"),
        sa.ForeignKeyConstraint(
            ["opened_by_account_id"], ["account.id"], name="fk_workshop_opened_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_workshop"),
        sa.UniqueConstraint("code", name="uq_workshop_code"),
    )
    op.create_index("ix_workshop_unit_id", "workshop", ["unit_id"])
    op.create_table(
        "workshop_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("return_code", sa.String(length=8), nullable=False),
        sa.Column("class_code", sa.String(length=16), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_workshop_entry_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_workshop_entry"),
        sa.UniqueConstraint("account_id", name="uq_workshop_entry_account_id"),
        sa.UniqueConstraint("key", name="uq_workshop_entry_key"),
    )
    op.create_table(
        "workshop_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coded", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_workshop_result_workshop_id_workshop"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name="fk_workshop_result_enrolment_id_enrolment"
        ),
        sa.ForeignKeyConstraint(
            ["imported_by_account_id"],
            ["account.id"],
            name="fk_workshop_result_imported_by_account_id_account",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_workshop_result"),
        sa.UniqueConstraint("workshop_id", "file_sha256", name="uq_workshop_result_workshop_id_file_sha256"),
    )
    op.create_index("ix_workshop_result_enrolment_id", "workshop_result", ["enrolment_id"])
    op.create_index("ix_workshop_result_key", "workshop_result", ["key"])
