"""The hand-written assignments that are shipped: fit to be released, solvable, wrong ways told from right ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from isoxa_courses.check_words import BannedWords
from isoxa_courses.models import Course
from isoxa_courses.shipped import content_root
from isoxa_grading.nbgrader_bridge.sandbox.source_check import problems_of
from isoxa_portal.cli.assignments import _shipped
from isoxa_portal.demo.exercise import NAME, Work, works

from tests.content.conftest import COURSE

PLACE = content_root().courses / COURSE / "assignments"
FOLDERS = sorted(path for path in PLACE.iterdir() if path.is_dir())


def notebook(folder: Path) -> Any:
    return nbformat.read(folder / f"{folder.name}.ipynb", as_version=4)


def run(folder: Path, answer: str | None = None) -> dict[str, str]:
    """Each graded code cell's id and what it raised ("" for nothing), after the given answer or the solution."""
    namespace: dict[str, Any] = {}
    found = {}
    before = Path.cwd()
    os.chdir(folder)
    try:
        for cell in notebook(folder).cells:
            meta = cell.metadata.get("nbgrader", {})
            source = answer if answer is not None and meta.get("solution") else cell.source
            if cell.cell_type != "code":
                continue
            try:
                exec(compile(source, meta["grade_id"], "exec"), namespace)  # noqa: S102 - our own content
            except Exception as error:  # noqa: BLE001 - as a cell of a notebook fails
                found[meta["grade_id"]] = type(error).__name__
            else:
                found[meta["grade_id"]] = ""
    finally:
        os.chdir(before)
    return found


@pytest.mark.parametrize("place", FOLDERS, ids=lambda place: place.name)
def test_fit_to_be_released_and_in_the_words_of_the_course(place: Path, course: Course) -> None:
    made = notebook(place)
    nbformat.validate(made)
    assert problems_of(made, place.name) == []
    prose = "\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")
    assert list(BannedWords(course.glossary).in_text(prose)) == []
    assert "giả lập" in prose
    assert not any(cell.get("outputs") for cell in made.cells)
    # A cell of each kind: run by the machine, judged by a person, and a task.
    kinds = [cell.metadata["nbgrader"] for cell in made.cells]
    assert any(one["grade"] and not one["solution"] for one in kinds)
    assert any(one["grade"] and one["solution"] for one in kinds)
    assert any(one["task"] for one in kinds)


@pytest.mark.parametrize("place", FOLDERS, ids=lambda place: place.name)
def test_the_solution_passes_every_test(place: Path) -> None:
    assert set(run(place).values()) == {""}


def test_found_by_name_by_the_command() -> None:
    assert _shipped(COURSE, NAME) == PLACE / NAME
    assert _shipped(COURSE, "khong-co") is None


def score(work: Work) -> dict[str, str]:
    return run(PLACE / NAME, work["code"])


def test_what_officers_of_the_demo_wrote_gets_what_it_deserves() -> None:
    right, mean, divided = (score(work) for work in works())
    assert set(right.values()) == {""}
    assert (mean["thu-mot-linh-vuc"], mean["thu-khong-ho-so"]) == ("AssertionError", "")
    assert (divided["thu-mot-linh-vuc"], divided["thu-khong-ho-so"]) == ("", "ZeroDivisionError")


def test_the_figures_in_the_text_are_those_of_the_table() -> None:
    rows = [
        line.split(",") for line in (PLACE / NAME / "ho-so-quy-3.csv").read_text("utf-8").splitlines()[1:]
    ]
    due = {(field, month): (int(many), int(right)) for field, month, many, right in rows}
    land = [due["Đất đai", month] for month in "789"]
    total, right = (sum(one) for one in zip(*land, strict=True))
    assert (total, right, -(-total * 9 // 10) - right) == (200, 145, 35)
    (comment,) = [cell.source for cell in notebook(PLACE / NAME).cells if cell.get("id") == "nhan-xet"]
    for figure in ("145 trên 200", "72,5 %", "thiếu 35 hồ sơ", "40 trên 80"):
        assert figure in comment
    assert all(0 <= one <= many for many, one in due.values())
    # What a learner is tempted to do gives another figure: the hidden test can tell.
    assert round(sum(one / many for many, one in land) / 3 * 100, 1) != 72.5


@pytest.mark.slow
def test_nbgrader_validates_it(tmp_path: Path) -> None:
    for file in (PLACE / NAME).iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    command = [sys.executable, "-m", "nbgrader", "validate", f"{NAME}.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "passes all the tests" in done.stdout
