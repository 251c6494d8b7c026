"""The course folders under test: the shipped course and a tiny one, built by stock nbgrader, once a run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from isoxa_courses.loading import load_course
from isoxa_courses.models import Course
from isoxa_courses.shipped import content_root
from isoxa_grading.nbgrader_bridge import NbgraderFolder, build_course
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, writing

from tests.made_once import copy_of, made_once

COURSE = "iso-9001-cap-xa"
NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(content_root().courses / COURSE)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with the shipped course built; for reading only."""
    shipped = content_root()

    def make(folder: Path) -> None:
        build_new(folder / "data", shipped.courses / COURSE, shipped.lessons)

    return DataFolder(made_once(tmp_path_factory, "shipped-course", make) / "data")


@pytest.fixture
def built_tiny(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> DataFolder:
    """A data folder of the test's own with the tiny course built in it."""

    def make(folder: Path) -> None:
        build_new(folder / "data", *write_tiny_course(folder))

    return DataFolder(copy_of(made_once(tmp_path_factory, "bridge-tiny", make) / "data", tmp_path / "data"))


def build_new(place: Path, course: Path, lessons: Path) -> None:
    """A new data folder with that course built by stock nbgrader."""
    data = DataFolder(place)
    data.create()
    engine = data.engine()
    migrate(engine)
    with writing(engine) as session:
        build_course(data, session, course, lessons, now=NOW)
    engine.dispose()


@pytest.fixture(scope="session")
def folder(built: DataFolder) -> NbgraderFolder:
    return NbgraderFolder(built.nbgrader(COURSE))


@pytest.fixture(scope="session")
def release(folder: NbgraderFolder) -> nbformat.NotebookNode:
    return nbformat.read(folder.release("03-pdca-v1"), as_version=4)


@pytest.fixture
def tiny_course(tmp_path: Path) -> tuple[Path, Path]:
    """A course of one lesson and one quiz that a test may change: ``(course folder, lessons folder)``."""
    return write_tiny_course(tmp_path)


def write_tiny_course(folder: Path) -> tuple[Path, Path]:
    course, lessons = folder / "nho", folder / "lessons"
    for sub in ("quizzes", "lessons"):
        (course / sub).mkdir(parents=True)
    lessons.mkdir()
    (course / "course.yaml").write_text(
        "course: nho\nedition: '1'\ntitle: Khóa nhỏ\nsummary: Để thử.\n"
        "lessons:\n  - {id: b1, number: 1, title: Bài một, minutes: 5}\nquizzes:\n  - {id: q1, after: b1}\n"
    )
    (course / "lessons" / "b1.yaml").write_text(
        "lesson: b1\ntitle: Bài một\nsections:\n  - {id: m1, title: Mục một}\n"
    )
    (course / "quizzes" / "q1.yaml").write_text(QUIZ)
    (course / "facts.yaml").write_text("facts: []\n")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Bài một", id="mo-dau")])
    nbformat.write(notebook, lessons / "b1.ipynb")
    return course, lessons


QUIZ = """\
quiz: q1
version: 1
title: Bài kiểm tra 1
lesson: b1
slots:
  - id: s1
    outcome: Chọn đúng
    section: m1
    points: 2
    variants:
      - id: v1
        type: single_choice
        prompt: Chọn một
        explanation: Vì thế.
        choices:
          - {id: a, text: KEYTOKEN-dung, correct: true, why: WHYTOKEN}
          - {id: b, text: Sai, why: Chưa đúng}
  - id: s2
    outcome: Viết
    section: m1
    points: 1
    variants:
      - id: v1
        type: written
        prompt: Viết vài dòng
        explanation: Tùy đơn vị.
        sample: SAMPLETOKEN
        rubric:
          - {id: r1, text: Có số liệu, points: 1}
"""
