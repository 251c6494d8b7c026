"""An attempt as nbgrader notebooks: what was submitted, and what autograding it gives.

Both start from the released notebook. In the submitted one each solution cell holds two literals (the variant asked,
the answer) and, as comments, both in plain words for whoever opens it in formgrader. The autograded one adds each
test cell's output, so formgrader and feedback can read it; its test cells are the released ones, without keys.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import nbformat
from isoxa_courses.models import Quiz
from isoxa_courses.questions import type_of
from nbformat import NotebookNode

from .source_notebook import answer_literal, grade_cell_id


@dataclass(frozen=True)
class AnsweredSlot:
    """What one slot asked and got: variant id, canonical answer (None: none), points (None: a trainer must judge)."""

    variant: str
    answer: Any
    points: Decimal | None


def submitted_notebook(
    release: NotebookNode, quiz: Quiz, answered: Mapping[str, AnsweredSlot]
) -> NotebookNode:
    """The released notebook with every solution cell filled in. ``release`` is not changed."""
    notebook = _copy(release)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    for number, slot in enumerate(quiz.slots, start=1):
        given = answered[slot.id]
        if given.answer is None and slot.judged_by_trainer:
            # nbgrader gives 0 to a solution cell left as it was released, and asks a person about any other.
            continue
        variant = slot.variant(given.variant)
        plain = type_of(variant).describe(variant, given.answer)
        words = [f"Câu {number}, phương án {given.variant}", f"Đề: {variant.prompt}", f"Trả lời: {plain}"]
        comment = [f"# {line}".rstrip() for text in words for line in text.splitlines()]
        cells[slot.id].source = "\n".join([*comment, answer_literal(given.variant, given.answer)])
    return notebook


def autograded_notebook(
    submitted: NotebookNode, quiz: Quiz, answered: Mapping[str, AnsweredSlot]
) -> NotebookNode:
    """The submitted notebook as executed: each test cell shows its number. ``submitted`` is not changed."""
    notebook = _copy(submitted)
    scores = {
        grade_cell_id(slot): answered[slot.id].points for slot in quiz.slots if not slot.judged_by_trainer
    }
    executed = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        executed += 1
        cell.execution_count = executed
        points = scores.get(cell.metadata.nbgrader.grade_id) if "nbgrader" in cell.metadata else None
        if points is not None:
            cell.outputs = [
                nbformat.v4.new_output(
                    "execute_result", {"text/plain": repr(float(points))}, execution_count=executed
                )
            ]
    return notebook


def _copy(notebook: NotebookNode) -> NotebookNode:
    """A copy whose cells can be filled in; what nobody changes (metadata) is shared."""
    copied: NotebookNode = copy.copy(notebook)
    copied.cells = [copy.copy(cell) for cell in notebook.cells]
    return copied
