"""A quiz as an nbgrader source notebook.

Per slot: a locked prompt cell; a solution cell ``SLOT``; and, unless a trainer judges it, a locked autograde cell
``SLOT-diem`` whose key stands between the hidden-test marks. A written slot's solution cell is its own manually
graded cell. Two habits of nbgrader shape the autograde cell: a cell whose last output is no number earns full
marks, so the last line always is the number; and a cell that writes to stderr earns 0, so it writes nothing.
"""

from __future__ import annotations

from typing import Any

import nbformat
from isoxa_courses.models import Quiz, Slot
from isoxa_courses.questions import type_of
from isoxa_courses.scoring import key_of
from isoxa_courses.text import format_number
from nbformat import NotebookNode

from .course_folder import STUB

SCHEMA_VERSION = 3  # of nbgrader's cell metadata


def grade_cell_id(slot: Slot) -> str:
    """The id of the cell that bears the slot's grade in nbgrader."""
    return slot.id if slot.judged_by_trainer else f"{slot.id}-diem"


def source_notebook(quiz: Quiz) -> NotebookNode:
    """The source version: right answers between the solution marks, keys between the hidden-test marks."""
    cells = [
        _cell(
            "markdown",
            "mo-dau",
            f"# {quiz.title}\n\nAnh/chị làm bài kiểm tra này trên trang của khóa học. "
            "Câu hỏi của từng người được rút khi bắt đầu làm bài.",
            locked=True,
        )
    ]
    for number, slot in enumerate(quiz.slots, start=1):
        points = format_number(slot.points)
        cells.append(
            _cell(
                "markdown", f"{slot.id}-de", f"## Câu {number} ({points} điểm)\n\n{slot.outcome}", locked=True
            )
        )
        solution = f"### BEGIN SOLUTION\n{answer_literal(slot.variants[0].id, _model_answer(slot))}\n### END SOLUTION"
        if slot.judged_by_trainer:
            cells.append(
                _cell("code", slot.id, solution, solution=True, grade=True, points=float(slot.points))
            )
            continue
        cells.append(_cell("code", slot.id, solution, solution=True))
        cells.append(
            _cell(
                "code",
                grade_cell_id(slot),
                _scoring_source(slot),
                locked=True,
                grade=True,
                points=float(slot.points),
            )
        )
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["isoxa"] = {"quiz": quiz.id, "version": quiz.version}
    return notebook


def answer_literal(variant: str | None, answer: Any) -> str:
    """The one line a solution cell consists of: two literals, so running it runs nothing a learner wrote."""
    if variant is None:
        return STUB
    return f"variant, answer = {variant!r}, {answer!r}"


def _model_answer(slot: Slot) -> Any:
    variant = slot.variants[0]
    return type_of(variant).right_answer(variant)


def _scoring_source(slot: Slot) -> str:
    return "\n".join(
        [
            "points = 0.0",
            "### BEGIN HIDDEN TESTS",
            "from isoxa_courses.scoring import score_literal",
            f"points = score_literal({key_of(slot)!r}, variant, answer)",
            # A solution cell that a submission lacks must not inherit the answer of the slot before it.
            STUB,
            "### END HIDDEN TESTS",
            "points",
        ]
    )


def _cell(
    kind: str,
    grade_id: str,
    source: str,
    *,
    solution: bool = False,
    grade: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> NotebookNode:
    new = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
    cell: NotebookNode = new(source, id=grade_id)
    mark: dict[str, Any] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        mark["points"] = points
    cell.metadata["nbgrader"] = mark
    return cell
