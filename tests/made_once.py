"""What is costly to make and the same for many tests: made once a run, whichever worker comes first, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder ``name`` of this run, filled by ``make`` when nobody has yet; for reading only."""
    base = factory.getbasetemp()
    # Under xdist each worker has a folder of its own below the run's.
    shared = base.parent if base.name.startswith("popen-") else base
    folder, whole = shared / name, shared / f"{name}.whole"
    with FileLock(shared / f"{name}.lock"):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder


def copy_of(folder: Path, place: Path) -> Path:
    """A copy at ``place`` (which must not exist) that a test may change."""
    return Path(shutil.copytree(folder, place))
