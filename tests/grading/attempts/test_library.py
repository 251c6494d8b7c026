"""Frozen editions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from isoxa_courses.errors import ContentError
from isoxa_grading.records.library import CourseLibrary, EditionMissing

COURSE = "khoa-thu"


def test_read_once_by_many(library):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: library.edition(COURSE, "2026.1"), range(16)))
    assert all(one is found[0] for one in found)
    assert library.quiz(COURSE, "2026.1", "02-nhanh").version == 3
    assert library.lesson(COURSE, "2026.1", "02-tiep").number == 2


@pytest.mark.parametrize(
    ("course", "edition"), [(COURSE, "2027.1"), ("khoa-khac", "2026.1")], ids=["edition", "course"]
)
def test_an_edition_that_is_not_here(library, course, edition):
    with pytest.raises(EditionMissing, match="isoxa course build"):
        library.edition(course, edition)


def test_a_part_that_is_not_there(library):
    with pytest.raises(EditionMissing):
        library.quiz(COURSE, "2026.1", "99")
    with pytest.raises(EditionMissing):
        library.lesson(COURSE, "2026.1", "99")


def test_damaged_files_are_said_and_read_again_once_repaired(data, course_folder):
    folder = data.editions(COURSE, "2026.9")
    folder.mkdir()
    (folder / "course.yaml").write_text("course: [", encoding="utf-8")
    fresh = CourseLibrary(data)
    with pytest.raises(ContentError, match=r"course\.yaml"):
        fresh.edition(COURSE, "2026.9")
