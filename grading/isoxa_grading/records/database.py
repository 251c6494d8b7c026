"""The records database: connecting, one transaction a block, and errors said in words.

SQLite (a file in the data folder, WAL) is the default; PostgreSQL by setting one URL. Both behave alike:

- ``writing`` is one transaction. On SQLite it begins with ``BEGIN IMMEDIATE``, so that a block which reads
  and then writes cannot find, in its middle, that somebody else wrote first. ``reading`` is one snapshot
  that refuses writes.
- A commit is on the disk when it returns (``synchronous=FULL``): only then is an answer acknowledged.
- The driver's errors that an officer can meet become our own, wherever they arise::

      DatabaseProblem
      ├── DatabaseBusy         locked longer than the busy timeout; a deadlock; too many connections
      ├── DiskFull             the write did not fit; nothing of the transaction was kept
      └── DatabaseUnreachable  the server does not answer, or the file cannot be opened
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = [
    "DatabaseBusy",
    "DatabaseProblem",
    "DatabaseUnreachable",
    "DiskFull",
    "RecordedRefusal",
    "connect",
    "migrate",
    "reading",
    "writing",
]

BUSY_SECONDS = 10.0
_MODE = "isoxa_mode"
# Rows that are streamed are read to the last: the planner must not choose what gives the first ones soonest. Of
# hundreds of short statements an hour none is worth compiling; and a country is sorted and grouped in memory.
_PG_SETTINGS = "-c timezone=UTC -c cursor_tuple_fraction=1 -c jit=off -c work_mem=32MB"

_SQLITE_BUSY = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED
_SQLITE_FULL = 13
_SQLITE_IOERR_SHMSIZE = 4874  # the WAL index cannot grow: what a full disk looks like before the first write
_SQLITE_UNREACHABLE = {14, 26}  # SQLITE_CANTOPEN, SQLITE_NOTADB
_PG_BUSY = {
    "55P03",
    "40P01",
    "40001",
    "53300",
}  # lock_not_available, deadlock, serialization, too_many_connections
_PG_FULL = {"53100"}
_PG_UNREACHABLE = {"57P01", "57P02", "57P03", "3D000"}  # shutting down, starting up, no such database


class DatabaseProblem(Exception):
    """The database could not do what was asked; ``str()`` of it can be shown to anyone."""

    message = "Cơ sở dữ liệu gặp sự cố. Những gì đã báo lưu vẫn còn nguyên."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class DatabaseBusy(DatabaseProblem):
    """Another transaction holds the database longer than the busy timeout. Trying again is safe."""

    message = (
        "Cơ sở dữ liệu đang bận nên chưa lưu được lần này. Những gì đã báo lưu vẫn còn nguyên. "
        "Anh/chị vui lòng thử lại sau ít giây."
    )


class DiskFull(DatabaseProblem):
    """The disk has no room: the transaction was rolled back whole."""

    message = (
        "Ổ đĩa của máy chủ đã đầy nên chưa lưu được lần này. Những gì đã báo lưu vẫn còn nguyên. "
        "Anh/chị vui lòng báo quản trị viên giải phóng dung lượng rồi thử lại."
    )


class DatabaseUnreachable(DatabaseProblem):
    """No connection to the database could be made, or it was cut."""

    message = (
        "Không kết nối được với cơ sở dữ liệu. Những gì đã báo lưu vẫn còn nguyên. "
        "Anh/chị vui lòng thử lại sau ít phút; nếu vẫn lỗi, hãy báo quản trị viên."
    )


class RecordedRefusal(Exception):
    """An error that is itself worth a record (a failed login): ``writing`` commits, and then lets it pass."""


def connect(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for ``sqlite:///FILE`` or ``postgresql://…``; nothing is opened yet.

    ``busy_seconds``: how long a transaction waits for another one's lock before ``DatabaseBusy``.
    Raises ``ValueError`` (Vietnamese) for another kind of database.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": busy_seconds})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif backend in ("postgresql", "postgres"):
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            connect_args={"options": f"-c lock_timeout={int(busy_seconds * 1000)} {_PG_SETTINGS}"},
            pool_pre_ping=True,
        )
    else:
        raise ValueError(f"Không hỗ trợ cơ sở dữ liệu “{backend}”: chỉ dùng sqlite hoặc postgresql.")
    event.listen(engine, "handle_error", _translate)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction that may write: committed at the block's end, rolled back on any exception but one
    (``RecordedRefusal``, which was written down on purpose).

    Raises ``DatabaseBusy``, ``DiskFull`` or ``DatabaseUnreachable``; then nothing of the block was kept.
    """
    bound = engine.execution_options(**{_MODE: "writing"})
    with Session(bound, expire_on_commit=False) as session:
        session.connection()  # takes the write lock now, before the block has read anything
        try:
            yield session
        except RecordedRefusal:
            session.commit()
            raise
        session.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One consistent snapshot; the database refuses any write made through it."""
    options: dict[str, Any] = {_MODE: "reading"}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine.execution_options(**options), expire_on_commit=False) as session:
        yield session


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision, in one transaction; two processes may call it at once."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    with engine.execution_options(**{_MODE: "writing"}).begin() as connection:
        if engine.dialect.name == "postgresql":
            # Any fixed number: replicas that start together take turns.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20251121)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite chooses how they begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get(_MODE)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if mode == 'reading' else 'OFF'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == "writing" else "BEGIN")


def _translate(context: ExceptionContext) -> None:
    """Raise our own error in place of the driver's; do nothing for those that are faults of the program."""
    problem = _problem_of(context.original_exception)
    if problem is None and context.is_disconnect:
        problem = DatabaseUnreachable()
    if problem is not None:
        raise problem from context.original_exception


def _problem_of(error: BaseException) -> DatabaseProblem | None:
    if isinstance(error, sqlite3.Error):
        return _sqlite_problem(error)
    state = getattr(error, "sqlstate", None)
    if state in _PG_FULL:
        return DiskFull()
    if state in _PG_BUSY:
        return DatabaseBusy()
    # psycopg gives no state when it could not connect at all.
    if state in _PG_UNREACHABLE or (state is None and type(error).__name__ == "OperationalError"):
        return DatabaseUnreachable()
    return None


def _sqlite_problem(error: sqlite3.Error) -> DatabaseProblem | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & 0xFF
    if primary in _SQLITE_BUSY:
        return DatabaseBusy()
    if primary == _SQLITE_FULL or code == _SQLITE_IOERR_SHMSIZE:
        return DiskFull()
    if primary in _SQLITE_UNREACHABLE:
        return DatabaseUnreachable()
    return None
