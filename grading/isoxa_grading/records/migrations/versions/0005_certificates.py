"""Certificates of completion: what was printed, fingerprints of the files, the year's counter, look-ups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _certificates()
    op.create_table(
        "certificate_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name="fk_certificate_file_certificate_id_certificate"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_certificate_file"),
        sa.UniqueConstraint("certificate_id", "sha256", name="uq_certificate_file_certificate_id_sha256"),
    )
    op.create_index("ix_certificate_file_sha256", "certificate_file", ["sha256"])
    op.create_table(
        "certificate_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_certificate_year"),
    )
    op.create_table(
        "certificate_lookup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_certificate_lookup"),
    )
    op.create_index("ix_certificate_lookup_asker_at", "certificate_lookup", ["asker", "at"])
    op.create_index("ix_certificate_lookup_at", "certificate_lookup", ["at"])


def _certificates() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("course_title", sa.String(length=300), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("issued_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.Column("revoked_by_account_id", sa.Integer(), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("face", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name="fk_certificate_enrolment_id_enrolment"
        ),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["training_fact.id"], name="fk_certificate_fact_id_training_fact"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_certificate_unit_id_unit"),
        sa.ForeignKeyConstraint(
            ["revoked_by_account_id"], ["account.id"], name="fk_certificate_revoked_by_account_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["certificate.id"], name="fk_certificate_replaces_id_certificate"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
        sa.UniqueConstraint("number", name="uq_certificate_number"),
        sa.UniqueConstraint("year", "sequence", name="uq_certificate_year_sequence"),
    )
    op.create_index("ix_certificate_enrolment_id", "certificate", ["enrolment_id"])
    op.create_index("ix_certificate_fact_id", "certificate", ["fact_id"])
    standing = sa.text("revoked_at IS NULL")
    op.create_index(
        "uq_certificate_standing", "certificate", ["fact_id"],
        unique=True, sqlite_where=standing, postgresql_where=standing,
    )  # fmt: skip
