"""The tools of the lessons. A notebook imports one name: ``from isoxa_widgets import lesson``."""

from .lessons import LessonNotFound, LessonTools, lesson

__all__ = ["LessonNotFound", "LessonTools", "lesson"]
