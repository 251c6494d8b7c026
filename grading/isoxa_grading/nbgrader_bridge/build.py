"""Publish a course: freeze its edition, and make the nbgrader course folder of its quizzes.

Steps, in order: check what is already published → freeze a copy of the content → write source notebooks →
run stock `nbgrader generate_assignment` → make sure no key is left in the release → copy what lesson processes may
read to the released folder → record edition and quiz versions. Every step can be run again; a published edition and
a quiz version that somebody has taken never change.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat
from isoxa_courses.loading import load_course
from isoxa_courses.manifest import content_sha256, manifest_of
from isoxa_courses.models import Course, Quiz
from isoxa_courses.reminder_letters import LETTERS
from isoxa_courses.scoring import key_of
from nbgrader.converters.base import NbGraderException
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records.data_folder import DataFolder
from ..records.enrolments import publish_edition
from ..records.tables import Attempt, CourseEdition, QuizVersion
from .course_folder import NbgraderFolder, assignment_name
from .generating import generate_assignment
from .source_notebook import source_notebook


class BuildError(Exception):
    """The course cannot be published as it is; the message (Vietnamese) says why and what to do."""


@dataclass
class BuildReport:
    """What a build did: names of assignments made anew, and of those that already stood."""

    edition: str
    built: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def build_course(
    data: DataFolder,
    session: Session,
    course_folder: Path,
    lessons_folder: Path,
    *,
    now: datetime,
    progress: Callable[[str], None] = lambda _step: None,
) -> BuildReport:
    """Publish the course in ``course_folder`` with the lesson notebooks in ``lessons_folder``.

    Raises ``ContentError`` for broken content, ``EditionChanged`` if this edition was published with other content,
    ``BuildError`` where nbgrader fails or a quiz version that has been taken would change.
    """
    course = load_course(course_folder)
    report = BuildReport(edition=course.edition)
    digest = content_sha256(course_folder, lessons_folder)
    published_before = _is_published(session, course)
    publish_edition(session, manifest_of(course), digest, now=now)

    progress("Lưu bản phát hành")
    _freeze(data.editions(course.id, course.edition), course_folder, lessons_folder, keep=published_before)
    _take_letters(data.editions(course.id, course.edition), course_folder)
    folder = NbgraderFolder(data.nbgrader(course.id))
    folder.create(course.id)
    for quiz in course.quizzes:
        progress(f"Dựng {quiz.title}")
        name = assignment_name(quiz)
        if _build_quiz(session, folder, course, quiz, now=now):
            report.built.append(name)
        else:
            report.kept.append(name)
    progress("Phát hành bài học")
    _release(data.released(course.id, course.edition), course, course_folder, lessons_folder, folder)
    return report


def _is_published(session: Session, course: Course) -> bool:
    query = select(CourseEdition.id).where(
        CourseEdition.course == course.id, CourseEdition.edition == course.edition
    )
    return session.scalar(query) is not None


def _freeze(edition: Path, course_folder: Path, lessons_folder: Path, *, keep: bool) -> None:
    """Keep the content of the edition, keys included, out of lesson processes' reach. Whole or not at all.

    What an earlier build froze stays if that build published it (``keep``); if it failed on its way, nobody has
    seen the edition and its content is taken anew.
    """
    if keep and edition.exists():
        return
    edition.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = edition.with_name(edition.name + ".partial")
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(course_folder, scratch, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    shutil.copytree(lessons_folder, scratch / "notebooks", ignore=shutil.ignore_patterns(".*", "__pycache__"))
    scratch.chmod(0o700)
    shutil.rmtree(edition, ignore_errors=True)
    scratch.rename(edition)


def _take_letters(edition: Path, course_folder: Path) -> None:
    """Letters are no part of what is frozen: the newest words go out."""
    shutil.rmtree(edition / LETTERS, ignore_errors=True)
    if (course_folder / LETTERS).is_dir():
        shutil.copytree(course_folder / LETTERS, edition / LETTERS, ignore=shutil.ignore_patterns(".*"))


def quiz_sha256(quiz: Quiz) -> str:
    """Digest of everything in a quiz version that an answer or a score depends on."""
    return hashlib.sha256(quiz.model_dump_json().encode()).hexdigest()


def _build_quiz(
    session: Session, folder: NbgraderFolder, course: Course, quiz: Quiz, *, now: datetime
) -> bool:
    name = assignment_name(quiz)
    digest = quiz_sha256(quiz)
    known = session.scalar(
        select(QuizVersion).where(
            QuizVersion.course == course.id, QuizVersion.quiz == quiz.id, QuizVersion.version == quiz.version
        )
    )
    if known is not None and known.content_sha256 == digest and folder.release(name).exists():
        return False
    if known is not None and known.content_sha256 != digest:
        if session.scalar(select(Attempt.id).where(Attempt.quiz_version_id == known.id).limit(1)):
            raise BuildError(
                f"{quiz.id}: phiên bản {quiz.version} đã có người làm nên không dựng lại được. "
                f"Hãy tăng 'version' trong quizzes/{quiz.id}.yaml và 'edition' trong course.yaml."
            )
        known.content_sha256, known.built_at = digest, now
    if known is None:
        session.add(
            QuizVersion(
                course=course.id,
                quiz=quiz.id,
                version=quiz.version,
                assignment=name,
                content_sha256=digest,
                built_at=now,
            )
        )
    source = folder.source(name)
    source.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(source_notebook(quiz), source)
    _generate_assignment(folder, name)
    _refuse_keys(folder.release(name), quiz)
    return True


def _generate_assignment(folder: NbgraderFolder, name: str) -> None:
    try:
        generate_assignment(folder, name)
    except NbGraderException as error:
        raise BuildError(f"nbgrader generate_assignment {name} không thành công: {error}") from error
    if not folder.release(name).exists():
        raise BuildError(f"nbgrader generate_assignment {name} không tạo ra bản phát hành nào.")


def _refuse_keys(release: Path, quiz: Quiz) -> None:
    """Read the release as a stranger would; a key in it stops the build."""
    text = release.read_text(encoding="utf-8")
    leaked = "HIDDEN TESTS" in text or "SOLUTION" in text or "score_literal" in text
    keys = (json.dumps(key_of(slot))[1:-1] for slot in quiz.slots if not slot.judged_by_trainer)
    if leaked or any(key in text for key in keys):
        release.unlink()
        raise BuildError(f"{release.name}: bản phát hành còn đáp án; đã xóa bản này, chưa phát hành gì.")


def _release(
    released: Path, course: Course, course_folder: Path, lessons_folder: Path, folder: NbgraderFolder
) -> None:
    """Put together what lesson processes may read: lessons, practice content, facts, released quizzes. No key."""
    scratch = released.with_name(released.name + ".partial")
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / "lessons").mkdir(parents=True)
    (scratch / "quizzes").mkdir()
    for lesson in course.lessons:
        for origin in (
            lessons_folder / f"{lesson.id}.ipynb",
            course_folder / "lessons" / f"{lesson.id}.yaml",
        ):
            if origin.exists():
                shutil.copy(origin, scratch / "lessons")
    for name in ("facts.yaml", "glossary.yaml"):
        if (course_folder / name).exists():
            shutil.copy(course_folder / name, scratch)
    for quiz in course.quizzes:
        shutil.copy(folder.release(assignment_name(quiz)), scratch / "quizzes")
    for place in (scratch, *scratch.rglob("*")):
        place.chmod(0o755 if place.is_dir() else 0o644)
    if released.exists():
        retired = released.with_name(released.name + ".retired")
        shutil.rmtree(retired, ignore_errors=True)
        released.rename(retired)
        scratch.rename(released)
        shutil.rmtree(retired)
    else:
        scratch.rename(released)
