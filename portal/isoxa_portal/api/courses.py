"""Progress in a course, the work done in its lessons, and where one stands with a quiz.

A trainer or an administrator without a record of their own may look at lessons: their state is empty, and saving
says that it is a preview.
"""

from __future__ import annotations

from typing import Any

from isoxa_grading.records.attempts import NoSuchSlot
from isoxa_grading.records.database import reading
from isoxa_grading.records.lessons import LessonState
from isoxa_grading.records.progress import course_progress
from isoxa_grading.records.progress_views import CourseProgress, StepKind

from ..course_access import CourseAccess, course_access
from .base import ApiHandler


class CourseHandler(ApiHandler):
    """``GET /api/courses/C``"""

    async def get(self, course: str) -> None:
        self.write_json(await self.run(self._read, course))

    def _read(self, course: str) -> dict[str, Any]:
        progress = self.progress(course)
        found = progress.to_json()
        root = f"{self.portal.url('khoa-hoc')}/{course}"
        for lesson in found["lessons"]:
            lesson["url"] = f"{root}/bai/{lesson['id']}"
        for quiz in found["quizzes"]:
            quiz["url"] = f"{root}/kiem-tra/{quiz['id']}"
        if progress.next is not None:
            part = "bai" if progress.next.kind is StepKind.LESSON else "kiem-tra"
            found["next"]["url"] = f"{root}/{part}/{progress.next.id}"
        return found

    def progress(self, course: str) -> CourseProgress:
        """The officer's progress. Raises ``NotEnrolled``."""
        person_id, portal = self.person_id, self.portal
        with reading(portal.engine) as session:
            return course_progress(session, portal.library, person_id, course, portal.clock())


class QuizHandler(CourseHandler):
    """``GET /api/courses/C/quizzes/Q``"""

    async def get(self, course: str, quiz: str) -> None:  # type: ignore[override]  # its address has one part more
        progress = await self.run(self.progress, course)
        found = progress.quiz(quiz)
        if found is None:
            raise NoSuchSlot.quiz()
        self.write_json(found.to_json())


class LessonStateHandler(ApiHandler):
    """``GET /api/courses/C/lessons/L/state``"""

    async def get(self, course: str, lesson: str) -> None:
        access: CourseAccess = await self.run(course_access, self.portal, self.me, course)
        access.lesson(lesson)
        if access.preview or self.me.person_id is None:
            self.write_json(LessonState({}, 0, len(access.lesson(lesson).items), False).to_json())
            return
        state = await self.run(self.portal.lessons.state, self.me.person_id, course, lesson)
        self.write_json(state.to_json())


class LessonItemHandler(ApiHandler):
    """``PUT /api/courses/C/lessons/L/items/ID``"""

    async def put(self, course: str, lesson: str, item: str) -> None:
        body = self.body()
        saved = await self.run(
            self.portal.lessons.save,
            self.person_id,
            course,
            lesson,
            item,
            body.get("state"),
            body.get("seq"),
            body.get("key"),
            self.portal.clock(),
        )
        self.write_json(saved.to_json())
