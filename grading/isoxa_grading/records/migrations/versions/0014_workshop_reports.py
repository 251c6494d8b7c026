"""What the pages of a hall report to its organiser's portal: files sent home, where the room is; and guessed codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workshop_entry", sa.Column("heard", sa.JSON(), nullable=True))
    op.create_table(
        "workshop_vouching",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_workshop_vouching_workshop_id_workshop"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_workshop_vouching_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_workshop_vouching"),
    )
    op.create_index("ix_workshop_vouching_workshop_id", "workshop_vouching", ["workshop_id"])
    op.create_table(
        "workshop_sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_workshop_sending_workshop_id_workshop"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_workshop_sending"),
        sa.UniqueConstraint("workshop_id", "key", name="uq_workshop_sending_workshop_id_key"),
    )
    op.create_table(
        "workshop_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workshop_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("standing", sa.JSON(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name="fk_workshop_presence_workshop_id_workshop"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_workshop_presence"),
        sa.UniqueConstraint("workshop_id", "key", name="uq_workshop_presence_workshop_id_key"),
    )
    op.create_table(
        "wrong_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wrong_code"),
    )
    op.create_index("ix_wrong_code_subject_at", "wrong_code", ["subject", "at"])
    op.create_index("ix_wrong_code_address_at", "wrong_code", ["address", "at"])
