"""Transactions, and what happens when the database is locked, full, away, or not a database."""

# ruff: noqa: PT012 - a transaction commits when its block ends, so the block is what raises

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from isoxa_grading.records.database import (
    DatabaseBusy,
    DatabaseProblem,
    DatabaseUnreachable,
    DiskFull,
    RecordedRefusal,
    connect,
    migrate,
    reading,
    writing,
)
from isoxa_grading.records.tables import AuditEvent, LoginFailure, Membership, Person
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def failure(name: str = "an") -> LoginFailure:
    return LoginFailure(username=name, address="::1", at=NOW)


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(LoginFailure)) or 0


def test_writing_commits_whole_or_not_at_all(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(failure())
    with pytest.raises(ZeroDivisionError), writing(engine) as session:
        session.add(failure())
        session.flush()
        raise ZeroDivisionError
    assert count(engine) == 1


def test_a_recorded_refusal_is_kept(engine: Engine) -> None:
    with pytest.raises(RecordedRefusal), writing(engine) as session:
        session.add(failure())
        raise RecordedRefusal
    assert count(engine) == 1


def test_reading_refuses_to_write(engine: Engine) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), reading(engine) as session:
        session.add(failure())
        session.flush()
    with writing(engine) as session:  # the same pooled connection writes again
        session.add(failure())
    assert count(engine) == 1


def test_reading_is_one_snapshot(engine: Engine) -> None:
    with reading(engine) as session:
        assert session.scalars(select(LoginFailure)).all() == []
        with writing(engine) as other:
            other.add(failure())
        assert session.scalars(select(LoginFailure)).all() == []
    assert count(engine) == 1


def test_foreign_keys_hold(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.add(Membership(person_id=404, unit_id=404, valid_from=NOW.date()))


def test_times_come_back_in_utc_and_naive_ones_are_refused(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(failure())
    with reading(engine) as session:
        assert session.scalars(select(LoginFailure.at)).one() == NOW
    with pytest.raises(Exception, match="without a zone"), writing(engine) as session:
        session.add(LoginFailure(username="x", address="", at=NOW.replace(tzinfo=None)))


def test_a_locked_database_is_said_to_be_busy(database_url: str) -> None:
    patient, hasty = connect(database_url), connect(database_url, busy_seconds=0.2)
    migrate(patient)
    with writing(patient) as session:
        session.add(failure("kept"))
        session.execute(text("UPDATE login_failure SET address = 'x'"))
        if patient.dialect.name == "postgresql":
            session.execute(text("LOCK TABLE login_failure IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(DatabaseBusy, match="vẫn còn nguyên"), writing(hasty) as other:
            other.add(failure("refused"))
    with writing(hasty) as session:  # trying again is safe and works
        session.add(failure("again"))
    with reading(patient) as session:
        assert session.scalars(select(LoginFailure.username).order_by(LoginFailure.id)).all() == [
            "kept",
            "again",
        ]
    patient.dispose()
    hasty.dispose()


def test_a_reader_is_not_held_up_by_a_writer(database_url: str) -> None:
    engine, hasty = connect(database_url), connect(database_url, busy_seconds=0.2)
    migrate(engine)
    with writing(engine) as session:
        session.add(failure())
        session.flush()
        assert count(hasty) == 0
    assert count(hasty) == 1
    engine.dispose()
    hasty.dispose()


def test_a_full_disk_keeps_what_was_committed(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'small.db'}")
    migrate(engine)
    with writing(engine) as session:
        session.add(failure("kept"))
    pages = 0
    with reading(engine) as session:
        pages = int(session.scalar(text("PRAGMA page_count")) or 0)
    engine.dispose()

    small = connect(f"sqlite:///{tmp_path / 'small.db'}")
    with pytest.raises(DiskFull, match="đã đầy") as caught, writing(small) as session:
        session.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
        session.add_all([failure("lost" * 15) for _ in range(2000)])
    assert "vẫn còn nguyên" in str(caught.value)
    small.dispose()
    with reading(connect(f"sqlite:///{tmp_path / 'small.db'}")) as session:
        assert session.scalars(select(LoginFailure.username)).all() == ["kept"]


@pytest.mark.postgresql
@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize(
    ("state", "kind"), [("53100", DiskFull), ("40P01", DatabaseBusy), ("57P03", DatabaseUnreachable)]
)
def test_postgresql_states_are_translated(engine: Engine, state: str, kind: type[DatabaseProblem]) -> None:
    with pytest.raises(kind), writing(engine) as session:
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"))


def test_unreachable_databases(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("không phải cơ sở dữ liệu " * 100)
    urls = [
        f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}",
        f"sqlite:///{tmp_path / 'text.db'}",
        f"postgresql://nobody@/nothing?host={tmp_path}",
    ]
    for url in urls:
        with pytest.raises(DatabaseUnreachable, match="Không kết nối được"):
            migrate(connect(url))


def test_other_databases_are_not_supported() -> None:
    with pytest.raises(ValueError, match="Không hỗ trợ"):
        connect("mysql://localhost/x")


def test_sqlite_is_durable_and_in_wal(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    assert sqlite3.sqlite_version_info >= (3, 35)  # RETURNING


@pytest.mark.parametrize("backend", ["sqlite"])
def test_writers_wait_for_each_other(engine: Engine) -> None:
    """Read, add one, write, from several threads: on SQLite a writer is alone, so no increment is lost."""
    with writing(engine) as session:
        session.add(Person(full_name="0", sort_key="", created_at=NOW))

    def add_ten() -> None:
        for _ in range(10):
            with writing(engine) as session:
                person = session.scalars(select(Person)).one()
                person.full_name = str(int(person.full_name) + 1)

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        assert session.scalars(select(Person.full_name)).one() == "40"


def test_two_processes_may_migrate_at_once(database_url: str) -> None:
    failed: list[Exception] = []

    def run() -> None:
        try:
            migrate(connect(database_url))
        except DBAPIError as error:  # pragma: no cover - only when the test fails
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with Session(connect(database_url)) as session:
        assert session.scalars(select(AuditEvent)).all() == []
