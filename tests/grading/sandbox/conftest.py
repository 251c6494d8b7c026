"""A data folder with one released hand-written assignment, and a copy of it for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from isoxa_grading.nbgrader_bridge.sandbox import available_cages

from tests.grading.sandbox.world import World, make_released
from tests.made_once import made_once


@pytest.fixture(scope="session")
def released_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "hand-written", make_released) / "data"


@pytest.fixture
def world(released_data: Path, tmp_path: Path) -> World:
    shutil.copytree(released_data, tmp_path / "data")
    return World(tmp_path / "data")


@pytest.fixture
def caged() -> None:
    """For tests that run a learner's code; CI machines install bubblewrap."""
    if not available_cages():
        pytest.skip("no cage holds on this machine (bubblewrap missing, or its trial failed)")
