"""The grading desk: answers to judge with who holds them, kept comments, extra attempts, rubric lines, marks seen."""

from __future__ import annotations

import json
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("slot_score", sa.Column("rubric", sa.JSON(), nullable=True))
    op.add_column("attempt", sa.Column("result_seen_at", TIME, nullable=True))
    _task_table()
    _comments_and_attempts()
    _fill()


def _task_table() -> None:
    op.create_table(
        "grading_task",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("quiz", sa.String(length=80), nullable=False),
        sa.Column("submitted_at", TIME, nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("claimed_by_account_id", sa.Integer(), nullable=True),
        sa.Column("claimed_until", TIME, nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name="fk_grading_task_attempt_id_attempt"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_grading_task_person_id_person"),
        sa.ForeignKeyConstraint(
            ["claimed_by_account_id"], ["account.id"], name="fk_grading_task_claimed_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_grading_task"),
        sa.UniqueConstraint("attempt_id", "slot", name="uq_grading_task_attempt_id_slot"),
    )
    op.create_index(
        "ix_grading_task_pile",
        "grading_task",
        ["waiting", "course", "quiz", "slot", "submitted_at", "id", "person_id"],
    )
    op.create_index(
        "ix_grading_task_waiting_submitted_at_id", "grading_task", ["waiting", "submitted_at", "id"]
    )


def _comments_and_attempts() -> None:
    op.create_table(
        "bank_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_bank_comment_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_bank_comment"),
    )
    op.create_index("ix_bank_comment_account_id_course", "bank_comment", ["account_id", "course"])
    op.create_table(
        "extra_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("quiz", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by_account_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name="fk_extra_attempt_enrolment_id_enrolment"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_account_id"], ["account.id"], name="fk_extra_attempt_granted_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_extra_attempt"),
    )
    op.create_index("ix_extra_attempt_enrolment_id", "extra_attempt", ["enrolment_id"])


def _fill() -> None:
    """Tasks of attempts submitted before: the slots without a score wait, those a trainer graded are done."""
    connection = op.get_bind()
    scored: dict[tuple[str, str], str] = {}
    for row in connection.execute(
        sa.text("SELECT attempt_id, slot, source FROM slot_score ORDER BY revision")
    ):
        scored[(row.attempt_id, row.slot)] = row.source
    attempts = connection.execute(
        sa.text(
            "SELECT attempt.id, attempt.quiz, attempt.submitted_at, attempt.drawn, enrolment.person_id,"
            " course_edition.course FROM attempt JOIN enrolment ON enrolment.id = attempt.enrolment_id"
            " JOIN course_edition ON course_edition.id = enrolment.edition_id WHERE attempt.status <> 'open'"
        ).columns(submitted_at=TIME)
    ).all()
    rows = []
    for attempt in attempts:
        drawn = attempt.drawn if isinstance(attempt.drawn, dict) else json.loads(attempt.drawn)
        for slot in (one["slot"] for one in drawn["slots"]):
            source = scored.get((attempt.id, slot))
            if source != "auto":
                rows.append(
                    {
                        "id": uuid4().hex,
                        "attempt_id": attempt.id,
                        "slot": slot,
                        "person_id": attempt.person_id,
                        "course": attempt.course,
                        "quiz": attempt.quiz,
                        "submitted_at": attempt.submitted_at,
                        "waiting": source is None,
                    }
                )
    if rows:
        task = sa.table(
            "grading_task",
            *(sa.column(name) for name in ("id", "attempt_id", "slot", "person_id", "course", "quiz")),
            sa.column("submitted_at", TIME),
            sa.column("waiting", sa.Boolean()),
        )
        connection.execute(sa.insert(task), rows)
    # Marks given before this release were there to be read; no notice is owed for them.
    connection.execute(sa.text("UPDATE attempt SET result_seen_at = graded_at WHERE graded_at IS NOT NULL"))
