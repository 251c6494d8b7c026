"""Alembic's entry: runs revisions on the connection that ``database.migrate`` opened, in its transaction."""

from __future__ import annotations

from alembic import context
from isoxa_grading.records.tables import Base

connection = context.config.attributes["connection"]
# SQLite's DDL is transactional once the driver no longer begins transactions by itself (see database.py).
context.configure(
    connection=connection, target_metadata=Base.metadata, transactional_ddl=True, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
