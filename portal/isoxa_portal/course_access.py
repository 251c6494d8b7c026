"""Which edition of a course somebody may open: the one they are enrolled in; for trainers and administrators without
an enrolment, the newest, as a preview.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from isoxa_courses.fields import lesson_order
from isoxa_courses.manifest import EditionManifest, LessonEntry, QuizEntry
from isoxa_grading.records.attempts import NotEnrolled, current_enrolment
from isoxa_grading.records.database import reading
from isoxa_grading.records.enrolments import known_courses, latest_edition
from isoxa_grading.records.progress_views import StepKind
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Role
from isoxa_grading.workshops import held_steps

from .errors import PortalError, not_found
from .i18n import gettext as _
from .lesson_pool import LessonPlace
from .portal import Portal


@dataclass(frozen=True)
class Step:
    """One step of a course in its order: a lesson or a quiz, with its page."""

    id: str
    title: str
    url: str


@dataclass(frozen=True)
class CourseAccess:
    """An edition that may be opened. ``preview``: nothing done in it is recorded. ``held``: (kind, id) of what the
    trainer of a hall has not opened yet."""

    manifest: EditionManifest
    released: Path
    root: str
    preview: bool
    held: frozenset[tuple[StepKind, str]] = frozenset()

    def lesson(self, lesson_id: str) -> LessonEntry:
        """Raises ``PortalError`` 404 if the edition has no such lesson."""
        found = next((one for one in self.manifest.lessons if one.id == lesson_id), None)
        if found is None:
            raise not_found()
        return found

    def place(self, lesson: LessonEntry) -> LessonPlace:
        """Where a lesson of this edition is run."""
        return LessonPlace(self.manifest.course, self.manifest.edition, lesson.id, self.released)

    def quiz(self, quiz_id: str) -> QuizEntry:
        """Raises ``PortalError`` 404 if the edition has no such quiz."""
        found = next((one for one in self.manifest.quizzes if one.id == quiz_id), None)
        if found is None:
            raise not_found()
        return found

    def steps(self) -> list[Step]:
        """The course in its order: each lesson, then the quizzes after it; quizzes after no lesson last."""
        quizzes = list(self.manifest.quizzes)
        found: list[Step] = []
        for lesson in sorted(self.manifest.lessons, key=lambda one: lesson_order(one.number)):
            title = _("Bài %(number)s. %(title)s") % {"number": lesson.number, "title": lesson.title}
            found.append(Step(lesson.id, title, f"{self.root}/bai/{lesson.id}"))
            found += [self._quiz_step(quiz) for quiz in quizzes if quiz.after == lesson.id]
        return found + [self._quiz_step(quiz) for quiz in quizzes if quiz.after is None]

    def around(self, url: str) -> tuple[Step | None, Step | None]:
        """The steps before and after the one at this address."""
        steps = self.steps()
        place = next((index for index, step in enumerate(steps) if step.url == url), None)
        if place is None:
            return None, None
        before = steps[place - 1] if place else None
        after = steps[place + 1] if place + 1 < len(steps) else None
        return before, after

    def _quiz_step(self, quiz: QuizEntry) -> Step:
        return Step(quiz.id, quiz.title, f"{self.root}/kiem-tra/{quiz.id}")


def course_access(portal: Portal, me: SignedIn, course: str) -> CourseAccess:
    """What ``me`` may open of a course. Blocks.

    Raises ``PortalError`` 404 if there is no such course, ``NotEnrolled`` if it is not theirs.
    """
    with reading(portal.engine) as session:
        enrolment = current_enrolment(session, me.person_id, course) if me.person_id is not None else None
        edition = enrolment.edition if enrolment is not None else None
        if edition is None:
            edition = latest_edition(session, course)
            if edition is None:
                raise not_found()
            if not (me.has(Role.TRAINER) or me.has(Role.ADMIN)):
                raise NotEnrolled
        manifest = EditionManifest.from_json(edition.manifest)
        held: frozenset[tuple[StepKind, str]] = frozenset()
        if portal.settings.workshop and enrolment is not None:
            held = held_steps(session, enrolment, portal.clock())
    return CourseAccess(
        manifest=manifest,
        released=portal.data.released(manifest.course, manifest.edition),
        root=f"{portal.url('khoa-hoc')}/{course}",
        preview=enrolment is None,
        held=held,
    )


def lesson_places(portal: Portal, me: SignedIn) -> list[LessonPlace]:
    """Every lesson that ``me`` may open now. Blocks."""
    with reading(portal.engine) as session:
        courses = known_courses(session)
    found: list[LessonPlace] = []
    for course in courses:
        try:
            access = course_access(portal, me, course)
        except (PortalError, NotEnrolled):
            continue
        found += [access.place(lesson) for lesson in access.manifest.lessons]
    return found


def newest_lessons(portal: Portal) -> list[LessonPlace]:
    """The first lesson of each course's newest edition. Blocks."""
    found: list[LessonPlace] = []
    with reading(portal.engine) as session:
        for course in known_courses(session):
            edition = latest_edition(session, course)
            manifest = EditionManifest.from_json(edition.manifest) if edition is not None else None
            if manifest is not None and manifest.lessons:
                folder = portal.data.released(manifest.course, manifest.edition)
                found.append(LessonPlace(manifest.course, manifest.edition, manifest.lessons[0].id, folder))
    return found
