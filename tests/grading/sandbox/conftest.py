"""A data folder with one released hand-written assignment, and a copy of it for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from isoxa_grading.nbgrader_bridge import NbgraderFolder
from isoxa_grading.nbgrader_bridge.sandbox import add_assignment, available_cages
from isoxa_grading.records.data_folder import DataFolder

from tests.grading.sandbox.world import NAME, World, source_notebook


@pytest.fixture(scope="session")
def released_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("hand-written")
    data = DataFolder(base / "data")
    data.create()
    data.engine().dispose()
    (data.path / "isoxa.db").write_text("RECORDTOKEN")
    folder = NbgraderFolder(data.nbgrader("k"))
    folder.create("k")
    nbformat.write(source_notebook(), base / "bai.ipynb")
    assert add_assignment(folder, NAME, base / "bai.ipynb") == [f"{NAME}.ipynb"]
    return data.path


@pytest.fixture
def world(released_data: Path, tmp_path: Path) -> World:
    shutil.copytree(released_data, tmp_path / "data")
    return World(tmp_path / "data")


@pytest.fixture
def caged() -> None:
    """For tests that run a learner's code; CI machines install bubblewrap."""
    if not available_cages():
        pytest.skip("no cage holds on this machine (bubblewrap missing, or its trial failed)")
