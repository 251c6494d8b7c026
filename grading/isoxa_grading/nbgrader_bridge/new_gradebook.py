"""A new gradebook, as nbgrader makes it, without the program it starts to learn its own schema's version.

``nbgrader.api.Gradebook`` makes tables and version in an empty database by itself, but asks `alembic heads` in a
process of its own: seconds for each build and for each run in the cage. What it finds made, it leaves alone.
"""

from __future__ import annotations

from functools import lru_cache

from alembic.script import ScriptDirectory
from nbgrader.api import Base
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect, text


@lru_cache(maxsize=1)
def schema_version() -> str:
    """The version of the installed nbgrader's schema: what `alembic heads` says of its folder."""
    head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
    assert head is not None
    return head


def make_gradebook(url: str) -> None:
    """Make nbgrader's tables in an empty database; one that has tables is left as it is."""
    engine = create_engine(url)
    try:
        if inspect(engine).get_table_names():
            return
        with engine.begin() as connection:
            Base.metadata.create_all(connection)
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(
                text("INSERT INTO alembic_version (version_num) VALUES (:version)"),
                {"version": schema_version()},
            )
    finally:
        engine.dispose()
