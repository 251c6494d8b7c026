"""The migrated schema is the one the tables describe, on both databases; the audit log refuses changes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import isoxa_grading.records
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from isoxa_grading.records.database import connect, migrate, writing
from isoxa_grading.records.tables import AuditEvent, Base, Person
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def test_migrated_schema_is_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_unique_constraints_and_collations_arrived(engine: Engine) -> None:
    found = inspect(engine)
    for name, table in Base.metadata.tables.items():
        expected = {c.name for c in table.constraints if type(c).__name__ == "UniqueConstraint"}
        assert {c["name"] for c in found.get_unique_constraints(name)} == expected
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            query = (
                "SELECT collation_name FROM information_schema.columns "
                "WHERE column_name IN ('sort_key', 'search_key', 'path')"
            )
            assert {row[0] for row in connection.execute(text(query))} == {"C"}


def test_migrating_twice_changes_nothing_and_keeps_data(database_url: str) -> None:
    engine = connect(database_url)
    migrate(engine)
    with writing(engine) as session:
        session.add(Person(full_name="Nguyễn Văn An", sort_key="an", created_at=NOW))
    migrate(engine)
    with Session(engine) as session:
        assert session.scalars(select(Person.full_name)).all() == ["Nguyễn Văn An"]
    engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"])
def test_audit_log_is_append_only(engine: Engine, statement: str) -> None:
    event = AuditEvent(at=NOW, action="a.b", subject_kind="k", subject_id="1", detail={})
    with writing(engine) as session:
        session.add(event)
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as session:
        session.execute(text(statement))
    with Session(engine) as session:
        assert session.scalars(select(AuditEvent.action)).all() == ["a.b"]


def test_revisions_are_one_line_with_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(isoxa_grading.records.__file__).parent / "migrations"))
    found = ScriptDirectory.from_config(config)
    assert len(found.get_heads()) == 1
    assert all(not isinstance(one.down_revision, tuple) for one in found.walk_revisions())
