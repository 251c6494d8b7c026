"""Lessons 3 and 11 open with a list of contents that leads to every section, and mark their worked example."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from isoxa_courses.models import Course

LESSONS = ("03-pdca", "11-danh-gia-noi-bo")


@pytest.fixture(scope="module", params=LESSONS)
def lesson_id(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def cells(lesson_id: str, lessons_folder: Path) -> list[Any]:
    return list(nbformat.read(lessons_folder / f"{lesson_id}.ipynb", as_version=4).cells)


def test_contents_lead_to_every_section(cells: list[Any], lesson_id: str, course: Course) -> None:
    contents = next(cell.source for cell in cells if cell.id == "muc-luc")
    links = re.findall(r"^\d+\. \[(.+)\]\(#([a-z0-9-]+)\)$", contents, flags=re.MULTILINE)
    assert links == [(section.title, section.id) for section in course.lesson(lesson_id).sections]


def test_the_worked_example_is_marked(cells: list[Any]) -> None:
    """Marked cells are text; together they tell a case with figures, and make the reader think on the way."""
    marked = [cell for cell in cells if "vi-du" in cell.metadata.get("tags", ())]
    assert len(marked) >= 3
    assert all(cell.cell_type == "markdown" for cell in marked)
    told = "\n".join(cell.source for cell in marked)
    assert told.count("> **Thử nghĩ.**") >= 3
    assert len(re.findall(r"\d+", told)) >= 20
