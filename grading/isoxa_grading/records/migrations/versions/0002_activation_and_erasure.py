"""Activation codes; requests for a new password, to correct, to erase; when a person was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("erased_at", TIME, nullable=True))
    op.create_table(
        "activation_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_mac", sa.String(length=64), nullable=False),
        sa.Column("issued_at", TIME, nullable=False),
        sa.Column("issued_by_account_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_activation_code_account_id_account"),
        sa.ForeignKeyConstraint(
            ["issued_by_account_id"], ["account.id"], name="fk_activation_code_issued_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_activation_code"),
        sa.UniqueConstraint("code_mac", name="uq_activation_code_code_mac"),
    )
    op.create_index("ix_activation_code_account_id_ended_at", "activation_code", ["account_id", "ended_at"])
    op.create_table(
        "reset_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", TIME, nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("closed_by_account_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_reset_request_account_id_account"),
        sa.ForeignKeyConstraint(
            ["closed_by_account_id"], ["account.id"], name="fk_reset_request_closed_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reset_request"),
    )
    op.create_index("ix_reset_request_account_id_closed_at", "reset_request", ["account_id", "closed_at"])
    op.create_table(
        "data_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("correct", "erase", name="datarequestkind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("requested_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("closed_by_account_id", sa.Integer(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_data_request_person_id_person"),
        sa.ForeignKeyConstraint(
            ["closed_by_account_id"], ["account.id"], name="fk_data_request_closed_by_account_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_data_request"),
    )
    op.create_index("ix_data_request_person_id_closed_at", "data_request", ["person_id", "closed_at"])
