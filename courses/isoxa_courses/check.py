"""Everything a trainer should correct before a course is built, with file, line and reason; and its figures.

What stops a course from loading comes from :mod:`isoxa_courses.loading`; here the rules of good content come
together, each kind in a module of its own:

    check_question   one question                      check_lesson    a lesson against the standards
    check_notebook   a lesson's notebook               check_quiz      a quiz against the standards
    check_words      words the glossary bans           check_facts     law that is overdue or replaced
    check_keys       quiz keys that stand in a lesson  check_execute   does the notebook run
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .check_execute import Execution, LessonRunner
from .check_facts import check_facts, cited_facts
from .check_findings import Finding
from .check_keys import keys_in_notebook, keys_in_practice, telling_texts
from .check_lesson import check_lesson, lesson_figures
from .check_notebook import check_notebook, read_notebook
from .check_question import check_question
from .check_quiz import check_quiz, quiz_figures
from .check_sessions import check_sessions
from .check_words import BannedWords
from .errors import ContentError, Problem
from .loading import Reading, read_course
from .models import Course
from .objective.rules import RULES_FILE, load_rules
from .text import VIETNAM


@dataclass(frozen=True)
class CheckReport:
    """``problems`` stop a course, ``warnings`` do not; both by file and line.

    ``figures``: ``{"lessons": {id: {…}}, "quizzes": {id: {…}}, "facts": n}``, explained for trainers in
    ``docs/trainers/kiem-tra-khoa-hoc.md``.
    """

    problems: tuple[Problem, ...]
    figures: dict[str, Any]
    warnings: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Nothing that must be corrected."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """``{"ok", "problems": [{"file", "line", "reason"}], "warnings": [the same], "figures"}``."""
        return {
            "ok": self.ok,
            "problems": [_json(problem) for problem in self.problems],
            "warnings": [_json(problem) for problem in self.warnings],
            "figures": self.figures,
        }


def _json(problem: Problem) -> dict[str, Any]:
    return {"file": problem.file, "line": problem.line, "reason": problem.reason}


def check_course(
    folder: Path, lessons_folder: Path, *, today: date | None = None, runner: LessonRunner | None = None
) -> CheckReport:
    """Check a course folder and the notebooks of its lessons (``lessons_folder/ID.ipynb``). Never raises.

    ``today`` (default: today in Vietnam) decides which facts are overdue; with a ``runner`` every lesson is run.
    """
    reading = read_course(folder)
    findings = [Finding(problem) for problem in (*reading.problems, *_unlisted(reading), *_rules())]
    figures: dict[str, Any] = {"lessons": {}, "quizzes": {}, "facts": 0}
    if reading.course is not None:
        check = _Check(reading, reading.course, lessons_folder)
        findings += check.content()
        findings += check.lessons(runner)
        findings += check.quizzes()
        findings += check.facts(today or datetime.now(VIETNAM).date())
        figures = check.figures
    stops = {finding.problem for finding in findings if not finding.warning}
    warns = {finding.problem for finding in findings if finding.warning}
    return CheckReport(tuple(sorted(stops)), figures, tuple(sorted(warns - stops)))


def _rules() -> Iterator[Problem]:
    """The word lists of the objective reader are content too: a trainer may have edited them."""
    try:
        load_rules(RULES_FILE)
    except ContentError as error:
        yield from error.problems


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


class _Check:
    """The checks of a course that could be read; fills ``figures`` on the way."""

    def __init__(self, reading: Reading, course: Course, lessons_folder: Path) -> None:
        self.reading = reading
        self.course = course
        self.figures: dict[str, Any] = {"lessons": {}, "quizzes": {}, "facts": len(course.facts)}
        self._read = {
            lesson.id: read_notebook(lessons_folder / f"{lesson.id}.ipynb") for lesson in course.lessons
        }
        self._notebooks = {id_: notebook for id_, (notebook, _) in self._read.items() if notebook is not None}

    def content(self) -> Iterator[Finding]:
        """Each file by itself: words, titles, questions."""
        banned = BannedWords(self.course.glossary)
        for name, document in self.reading.documents.items():
            if name not in ("facts.yaml", "glossary.yaml"):
                yield from map(Finding, banned.in_document(document))
        for notebook in self._notebooks.values():
            yield from map(Finding, banned.in_notebook(notebook))
        yield from map(Finding, self._titles())
        yield from map(Finding, self._questions())

    def _titles(self) -> Iterator[Problem]:
        titles = {
            entry["id"]: entry["title"] for entry in self.reading.documents["course.yaml"].data["lessons"]
        }
        for lesson in self.course.lessons:
            document = self.reading.documents[f"lessons/{lesson.id}.yaml"]
            if document.data["title"] != titles[lesson.id]:
                reason = f"Khác với tên bài trong course.yaml: “{titles[lesson.id]}”."
                yield document.problem(("title",), reason)

    def _questions(self) -> Iterator[Problem]:
        for lesson in self.course.lessons:
            document = self.reading.documents[f"lessons/{lesson.id}.yaml"]
            for index, checkpoint in enumerate(lesson.checkpoints):
                yield from check_question(document, ("checkpoints", index), checkpoint.question)
        for quiz in self.course.quizzes:
            document = self.reading.documents[f"quizzes/{quiz.id}.yaml"]
            for slot_index, slot in enumerate(quiz.slots):
                for index, variant in enumerate(slot.variants):
                    place = ("slots", slot_index, "variants", index)
                    yield from check_question(document, place, variant)

    def lessons(self, runner: LessonRunner | None) -> Iterator[Finding]:
        """Each lesson with its notebook; with a ``runner``, run."""
        telling = telling_texts(self.reading)
        facts = {fact.id for fact in self.course.facts}
        runs = self._run(runner)
        for lesson in self.course.lessons:
            document = self.reading.documents[f"lessons/{lesson.id}.yaml"]
            notebook, unreadable = self._read[lesson.id]
            figures = self.figures["lessons"][lesson.id] = lesson_figures(lesson, notebook)
            yield from map(Finding, unreadable)
            yield from map(Finding, keys_in_practice(document, telling))
            if notebook is not None:
                yield from map(Finding, check_notebook(notebook, lesson, facts))
                yield from map(Finding, check_sessions(notebook))
                yield from map(Finding, keys_in_notebook(notebook, telling))
            yield from check_lesson(lesson, document, notebook, figures, self.course.standards.lesson)
            run = runs.get(lesson.id)
            figures["executes"] = None if run is None else run.problem is None
            figures["seconds"] = None if run is None else run.seconds
            if run is not None and run.problem is not None:
                yield Finding(run.problem)

    def _run(self, runner: LessonRunner | None) -> dict[str, Execution]:
        if runner is None:
            return {}
        return dict(zip(self._notebooks, runner.run([*self._notebooks.values()]), strict=True))

    def quizzes(self) -> Iterator[Finding]:
        """Each quiz against the standards."""
        for quiz in self.course.quizzes:
            figures = self.figures["quizzes"][quiz.id] = quiz_figures(quiz)
            document = self.reading.documents[f"quizzes/{quiz.id}.yaml"]
            yield from check_quiz(quiz, document, figures, self.course.standards.quiz)

    def facts(self, today: date) -> Iterator[Finding]:
        """Law that is replaced or overdue."""
        document = self.reading.documents.get("facts.yaml")
        if document is not None:
            cited = [cited_facts(notebook) for notebook in self._notebooks.values()]
            yield from check_facts(self.course.facts, document, cited, today)


__all__ = ["CheckReport", "check_course"]
