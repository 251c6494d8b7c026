"""What the tests of the records share: a moment, and a session that sees the units of Vietnam."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from isoxa_grading.records.tables import Unit
from isoxa_grading.records.units import find_unit
from sqlalchemy.orm import Session


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def lam_dong(places: Session) -> Unit:
    found = find_unit(places, "tỉnh Lâm Đồng").unit
    assert found is not None
    return found
