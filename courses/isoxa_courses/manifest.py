"""What a published edition asks for, without any question in it: small enough to keep in the records database.

Completion and progress are worked out from this alone, so that they never depend on content files.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import PlainSerializer

from .fields import ContentModel, LessonNumber
from .models import Course
from .questions.written import plain_number
from .reminder_letters import LETTERS

ExactPoints = Annotated[Decimal, PlainSerializer(plain_number, when_used="json")]


class LessonEntry(ContentModel):
    """A lesson and the ids of what there is to do in it."""

    id: str
    number: LessonNumber
    title: str
    required: bool
    items: tuple[str, ...]


class QuizEntry(ContentModel):
    """A quiz and its rules; ``after`` is the lesson that unlocks it (None: never locked)."""

    id: str
    title: str
    version: int
    after: str | None
    required: bool
    pass_mark: int
    attempts: int
    max_points: ExactPoints


class EditionManifest(ContentModel):
    """A course edition; ``pass_mark`` in per cent."""

    course: str
    edition: str
    title: str
    pass_mark: int
    attempts: int
    validity_months: int | None
    lessons: tuple[LessonEntry, ...]
    quizzes: tuple[QuizEntry, ...]

    def to_json(self) -> dict[str, Any]:
        """A JSON object with the fields of this class; points are numbers."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The reverse of :meth:`to_json`. Raises ``ValueError`` for anything else."""
        return cls.model_validate(data)


def manifest_of(course: Course) -> EditionManifest:
    """The manifest of a loaded course."""
    lessons = tuple(
        LessonEntry(id=one.id, number=one.number, title=one.title, required=one.required, items=one.items)
        for one in course.lessons
    )
    quizzes = tuple(
        QuizEntry(
            id=quiz.id,
            title=quiz.title,
            version=quiz.version,
            after=quiz.after,
            required=quiz.required,
            pass_mark=quiz.pass_mark,
            attempts=quiz.attempts,
            max_points=quiz.max_points,
        )
        for quiz in course.quizzes
    )
    return EditionManifest(
        course=course.id,
        edition=course.edition,
        title=course.title,
        pass_mark=course.pass_mark,
        attempts=course.attempts,
        validity_months=course.validity_months,
        lessons=lessons,
        quizzes=quizzes,
    )


def content_sha256(folder: Path, lessons_folder: Path) -> str:
    """One hash over everything an edition consists of: its YAML files and its lessons' notebooks.

    Line ends do not count, so that a checkout on Windows is the same edition; nor do letters, which may be worded
    better at any time.
    """
    files = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*.yaml")
        if path.relative_to(folder).parts[0] != LETTERS
    }
    for lesson in (folder / "lessons").glob("*.yaml"):
        notebook = lessons_folder / f"{lesson.stem}.ipynb"
        if notebook.is_file():
            files[f"notebooks/{notebook.name}"] = notebook
    total = hashlib.sha256()
    for name in sorted(files):
        content = files[name].read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()
