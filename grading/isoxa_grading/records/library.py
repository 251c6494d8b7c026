"""Frozen course editions, read once and kept.

An enrolment names an edition, and an edition never changes once it is built: so an attempt begun on an older version
of a quiz goes on being shown and scored by the questions it was drawn from, whatever became of the course since.
The folder of an edition is a copy of the course folder (``course.yaml``, ``quizzes/``, ``lessons/``) made by
`isoxa course build`; it holds keys, so only the server reads it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from isoxa_courses.errors import UnknownName
from isoxa_courses.loading import load_course

from .data_folder import DataFolder

if TYPE_CHECKING:
    from isoxa_courses.models import Course, Lesson, Quiz

__all__ = ["CourseLibrary", "EditionMissing"]


class EditionMissing(LookupError):
    """The frozen content of an edition, or a part of it, is not in the data folder; ``str()`` is Vietnamese."""


class CourseLibrary:
    """The editions of one data folder. Safe to share between threads."""

    def __init__(self, data: DataFolder) -> None:
        self._data = data
        self._editions: dict[tuple[str, str], Course] = {}
        self._lock = threading.Lock()

    def edition(self, course: str, edition: str) -> Course:
        """The course as it was published under that edition.

        Raises `EditionMissing` if it was never built here, `ContentError` if its files were damaged since.
        """
        key = (course, edition)
        with self._lock:
            found = self._editions.get(key)
            if found is None:
                found = self._editions[key] = self._load(course, edition)
            return found

    def quiz(self, course: str, edition: str, quiz: str) -> Quiz:
        """A quiz of an edition, keys and all. Raises `EditionMissing` if the edition has no such quiz."""
        content = self.edition(course, edition)
        try:
            return content.quiz(quiz)
        except UnknownName as error:
            raise EditionMissing(f"Ấn bản {edition} của khóa học không có bài kiểm tra “{quiz}”.") from error

    def lesson(self, course: str, edition: str, lesson: str) -> Lesson:
        """A lesson of an edition with its practice content. Raises `EditionMissing` if there is none."""
        content = self.edition(course, edition)
        try:
            return content.lesson(lesson)
        except UnknownName as error:
            raise EditionMissing(f"Ấn bản {edition} của khóa học không có bài “{lesson}”.") from error

    def _load(self, course: str, edition: str) -> Course:
        folder = self._data.editions(course, edition)
        if not (folder / "course.yaml").is_file():
            raise EditionMissing(
                f"Chưa có nội dung ấn bản {edition} của khóa học “{course}” trên máy chủ này. "
                "Người quản trị cần chạy “isoxa course build”; bài làm đã lưu vẫn còn nguyên."
            )
        return load_course(folder)
