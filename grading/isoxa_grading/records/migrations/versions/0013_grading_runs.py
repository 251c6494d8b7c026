"""Hand-written assignments: runs that a trainer asked for, more time for one person, and which marks were seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grading_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_by_account_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("unfinished", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("graded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_account_id"], ["account.id"], name="fk_grading_run_asked_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_grading_run"),
        sa.UniqueConstraint("unfinished", name="uq_grading_run_unfinished"),
    )
    op.create_table(
        "hand_in_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("assignment", sa.String(length=120), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by_account_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_hand_in_grant_person_id_person"),
        sa.ForeignKeyConstraint(
            ["granted_by_account_id"], ["account.id"], name="fk_hand_in_grant_granted_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hand_in_grant"),
    )
    op.create_index("ix_hand_in_grant_assignment", "hand_in_grant", ["course", "assignment", "person_id"])
    op.create_table(
        "hand_in_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("assignment", sa.String(length=120), nullable=False),
        sa.Column("marks", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_hand_in_look_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_hand_in_look"),
        sa.UniqueConstraint(
            "person_id", "course", "assignment", name="uq_hand_in_look_person_id_course_assignment"
        ),
    )
