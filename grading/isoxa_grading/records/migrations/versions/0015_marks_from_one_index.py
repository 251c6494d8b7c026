"""Results by quiz are read from one index alone; attempts of an enrolment had three, and one of them told least."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_attempt_marks", table_name="attempt")
    # The one before and the unique (enrolment_id, quiz, number) begin with the same column.
    op.drop_index("ix_attempt_enrolment_id", table_name="attempt")
    op.create_index(
        "ix_attempt_marks",
        "attempt",
        [
            "enrolment_id",
            "quiz",
            "status",
            "graded_at",
            "points",
            "max_points",
            "passed",
            "submitted_at",
        ],
    )
