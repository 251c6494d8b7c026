"""Everything a trainer should correct before a course is built, with file, line and reason; and its figures.

What stops a course from loading comes from :mod:`isoxa_courses.loading`; here come the rules of good content, the
lessons' notebooks, and words that say too much: what explains a quiz must not stand in a lesson.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .check_notebook import Notebook, check_notebook, prose_of, read_notebook, source_of
from .check_words import BannedWords, texts_in
from .errors import Problem
from .loading import Reading, read_course
from .models import Course, Lesson, Quiz
from .questions import Question
from .questions._choices import ChoiceQuestion
from .questions.classification import Classification
from .questions.written import plain_number
from .yaml_files import Document, Location

_TELLING = 25
"""From how many characters on a text of the key is surely not in a lesson by chance."""


@dataclass(frozen=True)
class CheckReport:
    """``problems`` by file and line; ``figures``: ``{"lessons": {id: {…}}, "quizzes": {id: {…}}, "facts": n}``."""

    problems: tuple[Problem, ...]
    figures: dict[str, Any]

    @property
    def ok(self) -> bool:
        """Nothing to correct."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """``{"ok", "problems": [{"file", "line", "reason"}], "figures"}``."""
        problems = [{"file": p.file, "line": p.line, "reason": p.reason} for p in self.problems]
        return {"ok": self.ok, "problems": problems, "figures": self.figures}


def check_course(folder: Path, lessons_folder: Path) -> CheckReport:
    """Check a course folder and the notebooks of its lessons (``lessons_folder/ID.ipynb``). Never raises."""
    reading = read_course(folder)
    problems = list(reading.problems)
    problems += _unlisted(reading)
    figures: dict[str, Any] = {"lessons": {}, "quizzes": {}, "facts": 0}
    if reading.course is not None:
        problems += _check_content(reading, reading.course)
        banned = BannedWords(reading.course.glossary)
        for name, document in reading.documents.items():
            if name not in ("facts.yaml", "glossary.yaml"):
                problems += banned.in_document(document)
        telling = _telling_texts(reading)
        for lesson in reading.course.lessons:
            notebook, unreadable = read_notebook(lessons_folder / f"{lesson.id}.ipynb")
            problems += unreadable
            problems += _keys_in_practice(reading.documents[f"lessons/{lesson.id}.yaml"], telling)
            if notebook is not None:
                problems += check_notebook(notebook, lesson, {fact.id for fact in reading.course.facts})
                problems += banned.in_notebook(notebook)
                problems += _keys_in_notebook(notebook, telling)
            figures["lessons"][lesson.id] = _lesson_figures(lesson, notebook)
        figures["quizzes"] = {quiz.id: _quiz_figures(quiz) for quiz in reading.course.quizzes}
        figures["facts"] = len(reading.course.facts)
    return CheckReport(tuple(sorted(set(problems))), figures)


def _unlisted(reading: Reading) -> Iterator[Problem]:
    listed = reading.documents.get("course.yaml")
    if listed is None:
        return
    for kind in ("lessons", "quizzes"):
        entries = listed.data.get(kind)
        ids = (
            [entry.get("id") for entry in entries if isinstance(entry, dict)]
            if isinstance(entries, list)
            else []
        )
        for path in sorted((reading.folder / kind).glob("*.yaml")):
            if path.stem not in ids:
                yield Problem(str(path), 1, f"course.yaml không nhắc đến tệp này trong {kind}.")


def _check_content(reading: Reading, course: Course) -> Iterator[Problem]:
    titles = {entry["id"]: entry["title"] for entry in reading.documents["course.yaml"].data["lessons"]}
    for lesson in course.lessons:
        document = reading.documents[f"lessons/{lesson.id}.yaml"]
        if document.data["title"] != titles[lesson.id]:
            yield document.problem(("title",), f"Khác với tên bài trong course.yaml: “{titles[lesson.id]}”.")
        for index, checkpoint in enumerate(lesson.checkpoints):
            yield from _reasons_missing(document, ("checkpoints", index), checkpoint.question)
    for quiz in course.quizzes:
        document = reading.documents[f"quizzes/{quiz.id}.yaml"]
        for slot_index, slot in enumerate(quiz.slots):
            for index, variant in enumerate(slot.variants):
                place = ("slots", slot_index, "variants", index)
                yield from _reasons_missing(document, place, variant)


def _reasons_missing(document: Document, place: Location, question: Question) -> Iterator[Problem]:
    """A wrong answer must teach something: every wrong choice and every item to sort says why."""
    if isinstance(question, ChoiceQuestion):
        for index, choice in enumerate(question.choices):
            if not choice.correct and choice.why is None:
                reason = f"Lựa chọn sai “{choice.id}” chưa có “why” (vì sao sai)."
                yield document.problem((*place, "choices", index), reason)
    if isinstance(question, Classification):
        for index, item in enumerate(question.items):
            if item.why is None:
                reason = f"Mục “{item.id}” chưa có “why” (vì sao ở ô ấy)."
                yield document.problem((*place, "items", index), reason)


def _telling_texts(reading: Reading) -> dict[str, str]:
    """Texts that give a quiz's key away, each with the quiz they are from."""
    texts: dict[str, str] = {}
    for name, document in reading.documents.items():
        if name.startswith("quizzes/"):
            for location, text in texts_in(document.data.get("slots")):
                if location[-1] in ("explanation", "why", "sample") and len(text) >= _TELLING:
                    texts[" ".join(text.split())] = name
    return texts


def _keys_in_notebook(notebook: Notebook, telling: dict[str, str]) -> Iterator[Problem]:
    for cell in notebook.cells:
        source = " ".join(source_of(cell).split())
        for text, name in telling.items():
            if text in source:
                yield notebook.problem(cell, f"Ô chứa lời giải của {name}: “{text[:40]}…”.")


def _keys_in_practice(document: Document, telling: dict[str, str]) -> Iterator[Problem]:
    for location, text in texts_in(document.data):
        name = telling.get(" ".join(text.split()))
        if name is not None:
            yield document.problem(location, f"Trùng với lời giải trong {name}; người học sẽ đọc được.")


def _lesson_figures(lesson: Lesson, notebook: Notebook | None) -> dict[str, Any]:
    cells = notebook.cells if notebook else ()
    words = sum(len(prose_of(cell).split()) for cell in cells if cell["cell_type"] == "markdown")
    return {
        "words": words,
        "minutes": lesson.minutes,
        "checkpoints": len(lesson.checkpoints),
        "tools": len(lesson.tools),
    }


def _quiz_figures(quiz: Quiz) -> dict[str, Any]:
    types = Counter(variant.type for slot in quiz.slots for variant in slot.variants)
    return {
        "slots": len(quiz.slots),
        "variants": sum(types.values()),
        "types": dict(sorted(types.items())),
        "points": plain_number(quiz.max_points),
    }
