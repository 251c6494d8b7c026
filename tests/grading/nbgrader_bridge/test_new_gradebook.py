"""The gradebook that we make is the one that nbgrader makes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from isoxa_grading.nbgrader_bridge.course_folder import programs_on_path
from isoxa_grading.nbgrader_bridge.new_gradebook import make_gradebook
from nbgrader.api import Gradebook


def contents(path: Path) -> tuple[set[str], list[tuple[str]]]:
    with sqlite3.connect(path) as book:
        schema = {sql for (sql,) in book.execute("select sql from sqlite_master where sql is not null")}
        versions = book.execute("select version_num from alembic_version").fetchall()
    return {" ".join(sql.split()).rstrip(";") for sql in schema}, versions


def test_the_same_tables_and_version_as_stock(tmp_path: Path) -> None:
    programs_on_path()
    Gradebook(f"sqlite:///{tmp_path}/stock.db").close()
    make_gradebook(f"sqlite:///{tmp_path}/ours.db")
    assert contents(tmp_path / "ours.db") == contents(tmp_path / "stock.db")


def test_one_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "book.db") as book:
        book.execute("create table course (id varchar(128))")
    make_gradebook(f"sqlite:///{tmp_path}/book.db")
    with pytest.raises(sqlite3.OperationalError), sqlite3.connect(tmp_path / "book.db") as book:
        book.execute("select * from alembic_version")
