"""The course folder under test: the shipped quiz, built by stock nbgrader, once a run of this folder's tests."""

from __future__ import annotations

from collections.abc import Iterator
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

COURSE = "iso-9001-cap-xa"
NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(content_root().courses / COURSE)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataFolder]:
    data = DataFolder(tmp_path_factory.mktemp("built") / "data")
    data.create()
    engine = data.engine()
    migrate(engine)
    shipped = content_root()
    with writing(engine) as session:
        build_course(data, session, shipped.courses / COURSE, shipped.lessons, now=NOW)
    engine.dispose()
    return data


@pytest.fixture(scope="session")
def folder(built: DataFolder) -> NbgraderFolder:
    return NbgraderFolder(built.nbgrader(COURSE))


@pytest.fixture(scope="session")
def release(folder: NbgraderFolder) -> nbformat.NotebookNode:
    return nbformat.read(folder.release("03-pdca-v1"), as_version=4)


@pytest.fixture
def tiny_course(tmp_path: Path) -> tuple[Path, Path]:
    """A course of one lesson and one quiz that a test may change: ``(course folder, lessons folder)``."""
    course, lessons = tmp_path / "nho", tmp_path / "lessons"
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
