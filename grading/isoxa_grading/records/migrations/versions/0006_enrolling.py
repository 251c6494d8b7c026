"""Enrolment in batches and the outbox of reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "enrolment_batch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("selection", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("unmatched", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_enrolment_batch_account_id_account"),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["course_edition.id"], name="fk_enrolment_batch_edition_id_course_edition"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_batch"),
    )
    op.create_index(
        "ix_enrolment_batch_account_id_created_at", "enrolment_batch", ["account_id", "created_at"]
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", TIME, nullable=False),
        sa.Column("claimed_until", TIME, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["enrolment_batch.id"], name="fk_reminder_batch_id_enrolment_batch"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name="fk_reminder_enrolment_id_enrolment"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint("enrolment_id", "kind", "on", name="uq_reminder_enrolment_id_kind_on"),
        sa.UniqueConstraint("message_id", name="uq_reminder_message_id"),
    )
    op.create_index("ix_reminder_batch_id", "reminder", ["batch_id"])
    op.create_index("ix_reminder_status_next_try_at", "reminder", ["status", "next_try_at"])
