"""Tools of the lessons. A notebook imports one name, ``from isoxa_widgets import lesson``; an author ``preview``."""

from .lessons import LessonNotFound, LessonTools, lesson
from .preview import preview

__all__ = ["LessonNotFound", "LessonTools", "lesson", "preview"]
