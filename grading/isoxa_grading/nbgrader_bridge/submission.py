"""An attempt as nbgrader notebooks: what was submitted, and what autograding it gives.

Both start from the released notebook. In the submitted one each solution cell holds two literals (the variant asked,
the answer) and, as comments, both in plain words for whoever opens it in formgrader. The autograded one adds each
test cell's output, so formgrader and feedback can read it; its test cells are the released ones, without keys.

A province hands in tens of thousands, so a release is turned into text once, with marks where an attempt differs, and
each submission only fills in the marks: no notebook is built, validated and serialised again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, NamedTuple

import nbformat
from isoxa_courses.models import Quiz, Slot
from isoxa_courses.questions import type_of
from nbformat import NotebookNode

from .source_notebook import answer_literal, grade_cell_id

_MOST_SOURCES = 2000
_MARK = re.compile(r'"@@(source|points) ([A-Za-z0-9_-]+)@@"')


class AnsweredSlot(NamedTuple):
    """What one slot asked and got: variant id, canonical answer (None: none), points (None: a trainer must judge)."""

    variant: str
    answer: Any
    points: Decimal | None


class SubmissionTemplate:
    """Fills in the released notebook of one quiz version. Both results are notebooks as nbformat writes them."""

    def __init__(self, release: NotebookNode, quiz: Quiz) -> None:
        self._slots = {slot.id: (number, slot) for number, slot in enumerate(quiz.slots, start=1)}
        self._judged = {slot.id for slot in quiz.slots if slot.judged_by_trainer}
        self._sources: dict[tuple[str, str, str], str] = {}
        self._released = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in release.cells
            if "nbgrader" in cell.metadata
        }
        marked = _marked(release, self._slots)
        self._submitted = _pieces(marked)
        _execute(marked, [slot for _number, slot in self._slots.values()])
        self._autograded = _pieces(marked)

    def fill(self, answered: Mapping[str, AnsweredSlot]) -> tuple[str, str]:
        """Both notebooks: the released one with every solution cell filled in, and the same as executed, where each
        test cell shows its number."""
        sources = {slot_id: self._source(slot_id, answered[slot_id]) for slot_id in self._slots}
        fillings = {"source": sources, "points": {key: _points(given) for key, given in answered.items()}}
        return _filled(self._submitted, fillings), _filled(self._autograded, fillings)

    def submitted(self, answered: Mapping[str, AnsweredSlot]) -> str:
        """The first of `fill`."""
        return self.fill(answered)[0]

    def autograded(self, answered: Mapping[str, AnsweredSlot]) -> str:
        """The second of `fill`."""
        return self.fill(answered)[1]

    def _source(self, slot_id: str, given: AnsweredSlot) -> str:
        number, slot = self._slots[slot_id]
        judged = slot_id in self._judged
        if given.answer is None and judged:
            # nbgrader gives 0 to a solution cell left as it was released, and asks a person about any other.
            return _lines(self._released[slot_id])
        literal = answer_literal(given.variant, given.answer)
        if judged:
            return self._said(number, slot, given, literal)
        # A class answers much alike: most of it has been put into words before.
        key = (slot_id, given.variant, literal)
        known = self._sources.get(key)
        if known is None:
            if len(self._sources) >= _MOST_SOURCES:
                self._sources.clear()
            known = self._sources[key] = self._said(number, slot, given, literal)
        return known

    @staticmethod
    def _said(number: int, slot: Slot, given: AnsweredSlot, literal: str) -> str:
        variant = slot.variant(given.variant)
        asked = _comment(f"Câu {number}, phương án {given.variant}\nĐề: {variant.prompt}")
        said = _comment(f"Trả lời: {type_of(variant).describe(variant, given.answer)}")
        return _lines(f"{asked}\n{said}\n{literal}")


def _filled(pieces: list[str], fillings: Mapping[str, Mapping[str, str]]) -> str:
    # The pieces are: text, kind of mark, slot, text, kind of mark, slot, text …
    texts = list(pieces)
    for place in range(1, len(pieces), 3):
        texts[place] = fillings[pieces[place]][pieces[place + 1]]
        texts[place + 1] = ""
    return "".join(texts)


def _points(given: AnsweredSlot) -> str:
    points = 0.0 if given.points is None else float(given.points)
    return f'[\n       "{points!r}"\n      ]'


def _comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())


def _marked(release: NotebookNode, slots: Mapping[str, tuple[int, Slot]]) -> NotebookNode:
    """A copy of the release with a mark for the source of each solution cell."""
    notebook: NotebookNode = nbformat.from_dict(json.loads(json.dumps(release)))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in slots:
            cell.source = f"@@source {cell.metadata.nbgrader.grade_id}@@"
    return notebook


def _execute(notebook: NotebookNode, slots: list[Slot]) -> None:
    """Number the cells as run, and mark where each test cell's number will stand."""
    tested = {grade_cell_id(slot): slot.id for slot in slots if not slot.judged_by_trainer}
    executed = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        executed += 1
        cell.execution_count = executed
        slot_id = tested.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if slot_id is not None:
            shown = {"text/plain": f"@@points {slot_id}@@"}
            cell.outputs = [nbformat.v4.new_output("execute_result", shown, execution_count=executed)]


def _pieces(notebook: NotebookNode) -> list[str]:
    """The notebook's text cut at its marks; a marked text is a list with one line in nbformat's writing."""
    text = nbformat.v4.writes(notebook)
    whole = re.sub(r'\[\s*("@@(?:source|points) [A-Za-z0-9_-]+@@")\s*\]', r"\1", text)
    return _MARK.split(whole)


def _lines(source: str) -> str:
    """A cell's source as nbformat writes it: a list of its lines, each with its end."""
    return "[\n    " + ",\n    ".join(map(encode_basestring, source.splitlines(keepends=True))) + "\n   ]"
