"""The small province of the reports' tests, with a data folder whose edition has a tool that makes documents."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from isoxa_grading.records.data_folder import DataFolder, Settings
from isoxa_grading.records.library import CourseLibrary
from sqlalchemy import Engine

from tests.grading.reports.conftest import lam_dong, world
from tests.portal.tiny_course import write_tiny_course

__all__ = ["lam_dong", "world"]


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def data(tmp_path: Path, engine: Engine) -> DataFolder:
    """Its records are the test's own database."""
    made = DataFolder(tmp_path / "data")
    made.create(Settings(database_url=engine.url.render_as_string()))
    write_tiny_course(tmp_path / "content")
    course = next((tmp_path / "content").rglob("course.yaml")).parent
    shutil.copytree(course, made.editions("iso", "2026.1"))
    return made


@pytest.fixture
def library(data: DataFolder) -> CourseLibrary:
    return CourseLibrary(data)
