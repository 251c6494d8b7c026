"""Reopened attempts: which round an attempt is in, which round a score belongs to, and why a round was ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("attempt", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("slot_score") as table:
        table.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        table.drop_constraint("uq_slot_score_attempt_id_slot_revision", type_="unique")
        table.create_unique_constraint(
            "uq_slot_score_attempt_id_slot_round_revision", ["attempt_id", "slot", "round", "revision"]
        )
    op.create_table(
        "reopening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reopened_by_account_id", sa.Integer(), nullable=False),
        sa.Column("reopened_at", TIME, nullable=False),
        sa.Column("deadline_at", TIME, nullable=True),
        sa.Column("submitted_at", TIME, nullable=False),
        sa.Column("graded_at", TIME, nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("former_deadline_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_reopening_attempt_id_attempt"),
        sa.ForeignKeyConstraint(
            ["reopened_by_account_id"], ["account.id"], name="fk_reopening_reopened_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reopening"),
        sa.UniqueConstraint("attempt_id", "round", name="uq_reopening_attempt_id_round"),
    )
