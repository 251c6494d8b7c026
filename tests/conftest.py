"""What tests of several parts share: one filled demo folder a run, made once whichever worker comes first."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import isoxa_portal  # noqa: F401  # before notebooks' own imports: it makes them quick
import pytest
from argon2 import PasswordHasher, Type
from hypothesis import HealthCheck, settings
from isoxa_grading.records import passwords
from playwright.sync_api import Playwright, sync_playwright

from tests.made_once import copy_of, made_once

# A busy machine is slow; that is no fault of a test.
settings.register_profile("isoxa", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("isoxa")


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays to the end: the garbage collector need not walk it at every turn."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Demo:
    """A filled demo folder, for reading only, and its logins as ``{role: (username, password)}``."""

    folder: Path
    accounts: dict[str, tuple[str, str]]


@pytest.fixture(scope="session", autouse=True)
def shipped_hasher() -> Iterator[PasswordHasher]:
    """The hasher that is shipped; the tests' own process has one of the same kind that takes no time.

    A portal that runs as a process of its own has the shipped one, and renews such a hash when its owner comes in.
    """
    shipped = passwords._HASHER
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1, type=Type.ID)
    yield shipped
    passwords._HASHER = shipped


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, filled by its own code. Copy the folder before changing anything in it (``demo_copy``)."""
    folder = made_once(tmp_path_factory, "demo", _fill)
    logins = json.loads((folder / "logins.json").read_text())
    return Demo(folder / "data", {role: (name, word) for role, (name, word) in logins.items()})


def _fill(folder: Path) -> None:
    from isoxa_grading.records.data_folder import DataFolder
    from isoxa_portal.demo import fill_demo

    data = DataFolder(folder / "data")
    data.create()
    engine = data.engine()
    accounts = fill_demo(data, engine, now=datetime.now(UTC), progress=lambda _step: None)
    engine.dispose()
    (folder / "logins.json").write_text(
        json.dumps({one.role: [one.username, one.password] for one in accounts})
    )


@pytest.fixture
def demo_copy(demo: Demo, tmp_path: Path) -> Demo:
    """The demo in a folder of the test's own."""
    return Demo(copy_of(demo.folder, tmp_path / "demo-data"), demo.accounts)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One a process, whichever folders' tests come together there: a second would not start beside it."""
    with sync_playwright() as started:
        yield started
