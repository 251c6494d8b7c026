"""The course as it is shipped: its files as text, as models, and its lesson's notebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from isoxa_courses.loading import load_course
from isoxa_courses.models import Course, Lesson, Quiz
from isoxa_courses.shipped import content_root
from ruamel.yaml import YAML

COURSE = "iso-9001-cap-xa"
LESSON = "03-pdca"


@pytest.fixture(scope="session")
def folder() -> Path:
    return content_root().courses / COURSE


@pytest.fixture(scope="session")
def lessons_folder() -> Path:
    return content_root().lessons


@pytest.fixture(scope="session")
def course(folder: Path) -> Course:
    return load_course(folder)


@pytest.fixture(scope="session")
def lesson(course: Course) -> Lesson:
    return course.lesson(LESSON)


@pytest.fixture(scope="session")
def quiz(course: Course) -> Quiz:
    return course.quiz(LESSON)


@pytest.fixture(scope="session")
def notebook(lessons_folder: Path) -> Any:
    return nbformat.read(lessons_folder / f"{LESSON}.ipynb", as_version=4)


@pytest.fixture(scope="session")
def prose(notebook: Any) -> str:
    """What the lesson's markdown cells say."""
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.fixture(scope="session")
def sources(lessons_folder: Path) -> str:
    """Every cell of every lesson."""
    notebooks = (nbformat.read(path, as_version=4) for path in sorted(lessons_folder.glob("*.ipynb")))
    return "\n".join(cell.source for notebook in notebooks for cell in notebook.cells)


def _ids(kind: str) -> list[str]:
    """What the course lists, so that a lesson or quiz added to it is tested without a word here."""
    listed = YAML(typ="safe").load(content_root().courses / COURSE / "course.yaml")
    return [entry["id"] for entry in listed[kind]]


@pytest.fixture(scope="session", params=_ids("lessons"))
def each_lesson(request: pytest.FixtureRequest, course: Course) -> Lesson:
    return course.lesson(request.param)


@pytest.fixture(scope="session", params=_ids("quizzes"))
def each_quiz(request: pytest.FixtureRequest, course: Course) -> Quiz:
    return course.quiz(request.param)


@pytest.fixture(scope="session")
def each_notebook(each_lesson: Lesson, lessons_folder: Path) -> Any:
    """Of ``each_lesson``."""
    return nbformat.read(lessons_folder / f"{each_lesson.id}.ipynb", as_version=4)


@pytest.fixture(scope="session")
def yaml_texts(folder: Path) -> dict[str, list[str]]:
    """Every string an officer or trainer may read, by file: the values, not the keys and ids."""
    return {
        str(path.relative_to(folder)): [text for text in _strings(YAML(typ="safe").load(path)) if " " in text]
        for path in sorted(folder.rglob("*.yaml"))
    }


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)
