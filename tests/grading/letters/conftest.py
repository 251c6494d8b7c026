"""The small province of the reports' tests, and a data folder whose course has the letters that come with isoxa."""

from __future__ import annotations

from pathlib import Path

import pytest
from isoxa_grading.records.data_folder import DataFolder, Settings

from tests.grading.reports.conftest import lam_dong, world

__all__ = ["lam_dong", "world"]


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.create(
        Settings(public_address="https://iso.lamdong.example", help_contact="Sở KH&CN, ĐT 0263 000 000")
    )
    return made


@pytest.fixture
def backend() -> str:
    """Letters ask nothing of the database that the reports' tests do not ask of both."""
    return "sqlite"
