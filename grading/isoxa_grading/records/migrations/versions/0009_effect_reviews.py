"""Reviews of a training's effect; what is judged cannot be changed or deleted, only words about a person erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JUDGED = (
    "id", "unit_id", "course", "enrolment_id", "judged_on", "carried_out", "effective", "judged_by",
    "recorded_by_account_id", "recorded_at",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "effect_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=80), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("carried_out", sa.String(length=8), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("effective", sa.String(length=8), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_account_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_effect_review_unit_id_unit"),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name="fk_effect_review_enrolment_id_enrolment"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_account_id"], ["account.id"], name="fk_effect_review_recorded_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_effect_review"),
    )
    op.create_index("ix_effect_review_unit_id_course", "effect_review", ["unit_id", "course", "judged_on"])
    op.create_index("ix_effect_review_enrolment_id", "effect_review", ["enrolment_id"])
    _refuse_changes()


def _refuse_changes() -> None:
    """A judgement that can be edited afterwards proves nothing."""
    columns = ", ".join(JUDGED)
    if op.get_bind().dialect.name == "sqlite":
        for act in (f"UPDATE OF {columns}", "DELETE"):
            op.execute(
                f"CREATE TRIGGER effect_review_no_{act.split()[0].lower()} BEFORE {act} ON effect_review "
                "BEGIN SELECT RAISE(ABORT, 'effect_review is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION effect_review_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'effect_review is append-only'; END $$"
    )
    for name, act in (("update", f"UPDATE OF {columns}"), ("delete", "DELETE OR TRUNCATE")):
        op.execute(
            f"CREATE TRIGGER effect_review_no_{name} BEFORE {act} ON effect_review "
            "FOR EACH STATEMENT EXECUTE FUNCTION effect_review_append_only()"
        )
