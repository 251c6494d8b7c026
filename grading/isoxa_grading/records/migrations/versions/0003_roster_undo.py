"""A birth year where only the year is known; what each roster import did, so that it can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("birth_year", sa.Integer(), nullable=True))
    with op.batch_alter_table("roster_import") as table:
        table.add_column(sa.Column("scope_unit_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("undone_at", TIME, nullable=True))
        table.add_column(sa.Column("undone_by_account_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_roster_import_scope_unit_id_unit", "unit", ["scope_unit_id"], ["id"])
        table.create_foreign_key(
            "fk_roster_import_undone_by_account_id_account", "account", ["undone_by_account_id"], ["id"]
        )
    op.create_table(
        "roster_import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("sheet", sa.String(length=255), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_import.id"], name="fk_roster_import_row_import_id_roster_import"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_roster_import_row_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_roster_import_row"),
    )
    op.create_index("ix_roster_import_row_import_id", "roster_import_row", ["import_id"])
    op.create_index("ix_roster_import_row_person_id", "roster_import_row", ["person_id"])
