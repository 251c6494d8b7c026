"""Read a course folder into a :class:`~isoxa_courses.models.Course`.

One pass finds every problem it can: files that do not parse, fields that are wrong, and names that lead nowhere.
``load_course`` is for serving (it works or it raises); ``read_course`` hands the problems over, for checking.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from .certificate_texts import CERTIFICATE_FILE, CertificateTexts
from .complaints import validated
from .errors import ContentError, Problem
from .evidence_texts import EVIDENCE_FILE, EvidenceTexts
from .facts import Fact, FactsFile, GlossaryFile, Term
from .fields import ContentModel
from .letter_texts import LETTERS
from .models import (
    Course,
    CourseFile,
    Lesson,
    LessonFile,
    Quiz,
    QuizFile,
)
from .official_letters import OfficialLetter, official_files, wrong_kind
from .reminder_letters import ReminderLetter, reminder_files
from .yaml_files import Document, read_yaml

M = TypeVar("M", bound=ContentModel)


@dataclass
class Reading:
    """What could be read of a course; ``documents`` by the path inside the course folder."""

    folder: Path
    course: Course | None = None
    problems: list[Problem] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)

    def file(self, name: str, model: type[M]) -> M | None:
        """The file as ``model``; None if it has problems, which are noted."""
        try:
            document = self.documents[name] = read_yaml(self.folder / name)
            return validated(model, document)
        except ContentError as error:
            self.problems += error.problems
            return None

    def complain(self, name: str, location: tuple[str | int, ...], reason: str) -> None:
        """Note a problem at a place of a file that was read."""
        self.problems.append(self.documents[name].problem(location, reason))


def load_course(folder: Path) -> Course:
    """The course of a folder. Raises :class:`ContentError` with everything found wrong."""
    reading = read_course(folder)
    if reading.course is None or reading.problems:
        raise ContentError(reading.problems)
    return reading.course


def load_lesson(folder: Path, lesson_id: str) -> LessonFile:
    """The practice content of one lesson: ``folder/lessons/ID.yaml``. Needs no other file. Raises ContentError."""
    return validated(LessonFile, read_yaml(folder / "lessons" / f"{lesson_id}.yaml"))


def load_quiz_file(folder: Path, quiz_id: str) -> QuizFile:
    """One quiz without the course's rules: ``folder/quizzes/ID.yaml``. Needs no other file. Raises ContentError."""
    return validated(QuizFile, read_yaml(folder / "quizzes" / f"{quiz_id}.yaml"))


def load_facts(folder: Path) -> tuple[Fact, ...]:
    """The facts of ``folder/facts.yaml``; none if there is no such file. Raises ContentError."""
    path = folder / "facts.yaml"
    return validated(FactsFile, read_yaml(path)).facts if path.exists() else ()


def read_course(folder: Path) -> Reading:
    """Everything that can be read, with all problems found. ``course`` is None if a file could not be used."""
    reading = Reading(folder)
    if not (folder / "course.yaml").is_file():
        reading.problems.append(Problem(str(folder / "course.yaml"), 1, "Không có tệp này."))
        return reading
    listed = reading.file("course.yaml", CourseFile)
    facts, glossary = _facts(reading), _glossary(reading)
    if (folder / CERTIFICATE_FILE).exists():
        reading.file(CERTIFICATE_FILE, CertificateTexts)
    _letters(reading, facts)
    if listed is None:
        return reading
    lessons = _lessons(reading, listed)
    quizzes = _quizzes(reading, listed, {lesson.id: lesson for lesson in lessons})
    if not reading.problems:
        own = {name: value for name, value in vars(listed).items() if name not in ("lessons", "quizzes")}
        reading.course = Course(**own, lessons=lessons, quizzes=quizzes, facts=facts, glossary=glossary)
    return reading


def _facts(reading: Reading) -> tuple[Fact, ...]:
    if not (reading.folder / "facts.yaml").exists():
        return ()
    file = reading.file("facts.yaml", FactsFile)
    return file.facts if file else ()


def _glossary(reading: Reading) -> tuple[Term, ...]:
    if not (reading.folder / "glossary.yaml").exists():
        return ()
    file = reading.file("glossary.yaml", GlossaryFile)
    return file.terms if file else ()


def _letters(reading: Reading, facts: tuple[Fact, ...]) -> None:
    """Letters are kept beside the course; here they are only checked."""
    reminders, official = reminder_files(reading.folder), official_files(reading.folder)
    for name, kind in reminders.items():
        letter = reading.file(name, ReminderLetter)
        if letter is not None and letter.letter != kind:
            reading.complain(name, ("letter",), f"Tên tệp là của thư “{kind}”.")
    for name, official_kind in official.items():
        written = reading.file(name, OfficialLetter)
        if written is not None and written.letter != official_kind:
            reading.complain(name, ("letter",), wrong_kind(written.letter, official_kind))
    if (reading.folder / EVIDENCE_FILE).is_file():
        _evidence(reading, {fact.id for fact in facts})
    for path in sorted((reading.folder / LETTERS).glob("*.yaml")):
        name = f"{LETTERS}/{path.name}"
        if name not in {*reminders, *official, EVIDENCE_FILE}:
            reason = (
                "Không có thư hay công văn nào mang tên tệp này, nên nó không được dùng. Hãy xem lại tên tệp."
            )
            reading.problems.append(Problem(str(path), 1, reason))


def _evidence(reading: Reading, facts: set[str]) -> None:
    texts = reading.file(EVIDENCE_FILE, EvidenceTexts)
    for place, fact in enumerate(texts.facts if texts is not None else ()):
        if fact not in facts:
            reading.complain(EVIDENCE_FILE, ("facts", place), f"Không có căn cứ “{fact}” trong facts.yaml.")


def _listed_file(
    reading: Reading, kind: str, index: int, id_: str, model: type[LessonFile] | type[QuizFile]
) -> LessonFile | QuizFile | None:
    name = f"{kind}/{id_}.yaml"
    if not (reading.folder / name).is_file():
        reading.complain("course.yaml", (kind, index, "id"), f"Không có tệp {name}.")
        return None
    file = reading.file(name, model)
    if file is not None and file.id != id_:
        key = "lesson" if kind == "lessons" else "quiz"
        reading.complain(name, (key,), f"Mã là “{file.id}”, nhưng tên tệp và course.yaml ghi “{id_}”.")
    return file


def _lessons(reading: Reading, listed: CourseFile) -> tuple[Lesson, ...]:
    lessons = []
    for index, entry in enumerate(listed.lessons):
        file = _listed_file(reading, "lessons", index, entry.id, LessonFile)
        if file is not None:
            place = {name: getattr(entry, name) for name in ("number", "minutes", "required", "summary")}
            lessons.append(Lesson(**vars(file), **place))
    return tuple(lessons)


def _quizzes(reading: Reading, listed: CourseFile, lessons: dict[str, Lesson]) -> tuple[Quiz, ...]:
    named = {entry.id for entry in listed.lessons}
    quizzes = []
    for index, entry in enumerate(listed.quizzes):
        if entry.after is not None and entry.after not in named:
            reading.complain(
                "course.yaml", ("quizzes", index, "after"), f"Không có bài “{entry.after}” trong lessons."
            )
        file = _listed_file(reading, "quizzes", index, entry.id, QuizFile)
        if not isinstance(file, QuizFile):
            continue
        _check_references(reading, f"quizzes/{entry.id}.yaml", file, named, lessons)
        rules = {
            "pass_mark": file.pass_mark or listed.pass_mark,
            "attempts": file.attempts or listed.attempts,
            "after": entry.after,
            "required": entry.required,
        }
        quizzes.append(Quiz(**{**vars(file), **rules}))
    return tuple(quizzes)


def _check_references(
    reading: Reading, name: str, quiz: QuizFile, named: set[str], lessons: dict[str, Lesson]
) -> None:
    if quiz.lesson not in named:
        reading.complain(name, ("lesson",), f"Không có bài “{quiz.lesson}” trong course.yaml.")
    lesson = lessons.get(quiz.lesson)
    if lesson is None:
        return
    sections = {section.id for section in lesson.sections}
    for index, slot in enumerate(quiz.slots):
        if slot.section not in sections:
            reading.complain(
                name, ("slots", index, "section"), f"Bài “{lesson.id}” không có mục “{slot.section}”."
            )
