"""What tests of several parts share: one filled demo folder a run, made once whichever worker comes first."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock


@dataclass(frozen=True)
class Demo:
    """A filled demo folder, for reading only, and its logins as ``{role: (username, password)}``."""

    folder: Path
    accounts: dict[str, tuple[str, str]]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, filled by its own code. Copy the folder before changing anything in it (``demo_copy``)."""
    base = tmp_path_factory.getbasetemp()
    # Under xdist each worker has a folder of its own below the run's.
    shared = base.parent if base.name.startswith("popen-") else base
    folder, logins = shared / "demo-data", shared / "demo-logins.json"
    with FileLock(shared / "demo.lock"):
        if not logins.exists():
            from isoxa_grading.records.data_folder import DataFolder
            from isoxa_portal.demo import fill_demo

            shutil.rmtree(folder, ignore_errors=True)
            data = DataFolder(folder)
            data.create()
            engine = data.engine()
            accounts = fill_demo(data, engine, now=datetime.now(UTC), progress=lambda _step: None)
            engine.dispose()
            logins.write_text(json.dumps({one.role: [one.username, one.password] for one in accounts}))
    return Demo(folder, {role: (name, word) for role, (name, word) in json.loads(logins.read_text()).items()})


@pytest.fixture
def demo_copy(demo: Demo, tmp_path: Path) -> Demo:
    """The demo in a folder of the test's own."""
    folder = tmp_path / "demo-data"
    shutil.copytree(demo.folder, folder)
    return Demo(folder, demo.accounts)
