"""The small province of the reports' tests, on SQLite unless a test asks for both databases."""

from __future__ import annotations

import pytest

from tests.grading.reports.conftest import lam_dong, world

__all__ = ["lam_dong", "world"]


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))
