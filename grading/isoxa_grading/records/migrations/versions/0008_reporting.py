"""Reports in a second: where each enrolment stands, kept snapshots, a count of changes, and indexes to count from."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
COUNTED = ("enrolment_standing", "membership", "unit", "course_edition")
STATES = (
    "not_enrolled",
    "not_started",
    "in_progress",
    "waiting_for_grading",
    "completed",
    "completed_late",
    "expired",
    "waived",
)


def upgrade() -> None:
    _standings()
    _snapshots()
    _versions()
    op.create_index(
        "ix_membership_counted",
        "membership",
        ["unit_id", "quality_role", "person_id", "valid_from", "valid_to", "id"],
    )
    op.create_index(
        "ix_membership_person_id_unit_id",
        "membership",
        ["person_id", "unit_id", "valid_from", "valid_to", "id"],
    )
    op.create_index(
        "ix_attempt_marks",
        "attempt",
        ["enrolment_id", "quiz", "status", "graded_at", "points", "max_points"],
    )
    for edition in op.get_bind().execute(sa.text("SELECT id, manifest FROM course_edition")).all():
        manifest = edition.manifest if isinstance(edition.manifest, dict) else json.loads(edition.manifest)
        _fill(edition.id, manifest)
    op.execute(CURRENT)


def _standings() -> None:
    op.create_table(
        "enrolment_standing",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("lapsed_state", sa.String(length=20), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("last_completed_on", sa.Date(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("last_activity", sa.Date(), nullable=True),
        sa.Column("last_fact_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_enrolment_standing_person_id_person"),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["course_edition.id"], name="fk_enrolment_standing_edition_id_course_edition"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name="fk_enrolment_standing_enrolment_id_enrolment"
        ),
        sa.PrimaryKeyConstraint("person_id", "edition_id", name="pk_enrolment_standing"),
        sa.UniqueConstraint("enrolment_id", name="uq_enrolment_standing_enrolment_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_enrolment_standing_last_fact_on", "enrolment_standing", ["last_fact_on", "person_id"])


def _snapshots() -> None:
    op.create_table(
        "report_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("taken_at", TIME, nullable=False),
        sa.Column("actor_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_account_id"], ["account.id"], name="fk_report_snapshot_actor_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_snapshot"),
    )
    op.create_index("ix_report_snapshot_course_as_of", "report_snapshot", ["course", "as_of"])
    op.create_table(
        "report_snapshot_count",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        *(sa.Column(state, sa.Integer(), nullable=False) for state in STATES),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("last_activity", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["report_snapshot.id"],
            name="fk_report_snapshot_count_snapshot_id_report_snapshot",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_report_snapshot_count_unit_id_unit"),
        sa.PrimaryKeyConstraint("snapshot_id", "unit_id", "role", name="pk_report_snapshot_count"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_snapshot_shared",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["report_snapshot.id"],
            name="fk_report_snapshot_shared_snapshot_id_report_snapshot",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_report_snapshot_shared_unit_id_unit"),
        sa.PrimaryKeyConstraint("snapshot_id", "number", "unit_id", name="pk_report_snapshot_shared"),
        sqlite_with_rowid=False,
    )
    for table in ("report_snapshot", "report_snapshot_count", "report_snapshot_shared"):
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    """A figure that can be edited afterwards proves nothing: the database itself refuses, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def _versions() -> None:
    op.create_table(
        "records_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records_version"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO records_version (id, changes) VALUES (1, 0)")
        for table in COUNTED:
            for act in ("insert", "update", "delete"):
                counted = "BEGIN UPDATE records_version SET changes = changes + 1 WHERE id = 1; END"
                op.execute(f"CREATE TRIGGER {table}_{act}_counted AFTER {act.upper()} ON {table} {counted}")
        return
    # One row counted up would have every writer wait for the one before. A row a statement instead; now and then the
    # lowest are cleared away, never waiting for another transaction that does the same.
    op.execute(
        """CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE number integer;
        BEGIN
            INSERT INTO records_version (changes) VALUES (1) RETURNING id INTO number;
            IF number % 500 = 0 THEN
                DELETE FROM records_version WHERE id IN
                    (SELECT id FROM records_version WHERE id < number FOR UPDATE SKIP LOCKED);
            END IF;
            RETURN NULL;
        END $$"""
    )
    for table in COUNTED:
        op.execute(
            f"CREATE TRIGGER {table}_counted AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
        )


def _fill(edition_id: int, manifest: dict[str, Any]) -> None:
    """The standings of an edition's enrolments, from the facts that are there (as the first release reads them)."""
    lessons = [one for one in manifest.get("lessons", ()) if one.get("required", True)]
    steps = {
        "checkpoint_done": [f"{one['id']}/{item}" for one in lessons for item in one.get("items", ())],
        "lesson_completed": [str(one["id"]) for one in lessons if not one.get("items")],
        "quiz_passed": [str(one["id"]) for one in manifest.get("quizzes", ()) if one.get("required", True)],
    }
    binds: list[Any] = [
        sa.bindparam(kind, value=subjects or [""], expanding=True) for kind, subjects in steps.items()
    ]
    op.get_bind().execute(sa.text(STANDING).bindparams(*binds, edition=edition_id))


STANDING = """
INSERT INTO enrolment_standing (person_id, edition_id, enrolment_id, current, state, lapsed_state, valid_until, due_on,
  completed_on, last_completed_on, waiting, done, last_activity, last_fact_on)
SELECT person_id, edition_id, enrolment_id, false,
  CASE WHEN enrolled <= withdrawn THEN 'not_enrolled'
    WHEN first_completed IS NOT NULL AND (due_on IS NULL OR first_completed <= due_on) THEN 'completed'
    WHEN first_completed IS NOT NULL THEN 'completed_late'
    WHEN waived > 0 THEN 'waived'
    WHEN waiting > 0 THEN 'waiting_for_grading'
    WHEN begun > 0 THEN 'in_progress' ELSE 'not_started' END,
  CASE WHEN enrolled <= withdrawn THEN 'not_enrolled'
    WHEN waived > 0 THEN 'waived'
    WHEN first_completed IS NOT NULL THEN 'expired'
    WHEN waiting > 0 THEN 'waiting_for_grading'
    WHEN begun > 0 THEN 'in_progress' ELSE 'not_started' END,
  CASE WHEN first_completed IS NULL OR last_completed > valid_until THEN NULL ELSE valid_until END,
  due_on, first_completed, last_completed, waiting, done, last_activity, last_fact_on
FROM (
  SELECT e.person_id, e.edition_id, e.id AS enrolment_id,
    sum(CASE WHEN f.kind = 'enrolled' THEN 1 ELSE 0 END) AS enrolled,
    sum(CASE WHEN f.kind = 'withdrawn' THEN 1 ELSE 0 END) AS withdrawn,
    sum(CASE WHEN f.kind = 'waived' THEN 1 ELSE 0 END) AS waived,
    sum(CASE WHEN f.kind IN ('started', 'checkpoint_done', 'lesson_completed', 'submitted', 'graded', 'reopened',
      'quiz_passed') THEN 1 ELSE 0 END) AS begun,
    min(CASE WHEN f.kind = 'completed' THEN f."on" END) AS first_completed,
    max(CASE WHEN f.kind = 'completed' THEN f."on" END) AS last_completed,
    max(CASE WHEN f.kind = 'valid_until' THEN f.value END) AS valid_until,
    (SELECT d.value FROM training_fact d WHERE d.enrolment_id = e.id AND d.kind = 'due'
      ORDER BY d.id DESC LIMIT 1) AS due_on,
    (SELECT count(*) FROM training_fact s WHERE s.enrolment_id = e.id AND s.kind = 'submitted' AND NOT EXISTS
      (SELECT 1 FROM training_fact g WHERE g.enrolment_id = e.id AND g.kind IN ('graded', 'reopened')
        AND g.source_id = s.source_id)) AS waiting,
    count(DISTINCT CASE WHEN f.kind = 'checkpoint_done' AND f.subject IN :checkpoint_done THEN f.subject END)
      + count(DISTINCT CASE WHEN f.kind = 'lesson_completed' AND f.subject IN :lesson_completed THEN f.subject END)
      + count(DISTINCT CASE WHEN f.kind = 'quiz_passed' AND f.subject IN :quiz_passed THEN f.subject END) AS done,
    max(CASE WHEN f.kind IN ('started', 'checkpoint_done', 'lesson_completed', 'submitted', 'quiz_passed')
      THEN f."on" END) AS last_activity,
    max(f."on") AS last_fact_on
  FROM enrolment e JOIN training_fact f ON f.enrolment_id = e.id
  WHERE e.edition_id = :edition
  GROUP BY e.person_id, e.edition_id, e.id
) AS known
"""

CURRENT = """
UPDATE enrolment_standing SET current = true
WHERE state <> 'not_enrolled' AND NOT EXISTS (
  SELECT 1 FROM enrolment_standing newer
  JOIN course_edition theirs ON theirs.id = newer.edition_id
  JOIN course_edition mine ON mine.id = enrolment_standing.edition_id AND mine.course = theirs.course
  WHERE newer.person_id = enrolment_standing.person_id AND newer.state <> 'not_enrolled'
    AND (theirs.published_at > mine.published_at
      OR (theirs.published_at = mine.published_at AND theirs.id > mine.id)))
"""
