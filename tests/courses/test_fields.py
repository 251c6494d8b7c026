"""Field types of content models."""

from __future__ import annotations

import pytest
from isoxa_courses.fields import lesson_order
from isoxa_courses.models import LessonEntry
from pydantic import ValidationError


def test_a_lesson_is_numbered_as_people_say_it() -> None:
    numbers = [LessonEntry(id="x", number=given, title="t", minutes=30).number for given in (3, "3", "6a", 0)]
    assert numbers == [3, 3, "6a", 0]
    for wrong in (-1, 1000, True, "6A", "a6", "6ab", "", 6.5, None):
        with pytest.raises(ValidationError, match="Số bài"):
            LessonEntry(id="x", number=wrong, title="t", minutes=30)
    assert sorted(["10", 7, "6b", "6a", 5], key=lesson_order) == [5, "6a", "6b", 7, "10"]
