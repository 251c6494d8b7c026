"""The JSON API: one module a subject. What goes in and out is fixed in docs/contributors/contracts.md, section 6."""

from __future__ import annotations

from isoxa_grading.records.tables import Role

from ..routes import ALL_ROLES, Route
from .attempts import AttemptHandler, AttemptsHandler, SlotHandler, SubmitHandler
from .base import NoSuchApi
from .courses import CourseHandler, LessonItemHandler, LessonStateHandler, QuizHandler
from .desk import desk_routes
from .session import LoginHandler, LogoutHandler, SessionHandler

__all__ = ["api_routes"]

_LEARNERS = frozenset({Role.OFFICER, Role.TRAINER, Role.ADMIN})
_OFFICER = frozenset({Role.OFFICER})

_COURSE = r"/api/courses/(?P<course>[\w.-]+)"
_ATTEMPT = r"/api/attempts/(?P<attempt>[\w-]+)"


def api_routes() -> list[Route]:
    """Every address of the API; the last one answers whatever is not an address of it."""
    return [
        Route(r"/api/session", SessionHandler, None, "api"),
        Route(r"/api/login", LoginHandler, None, "api"),
        Route(r"/api/logout", LogoutHandler, ALL_ROLES, "api"),
        Route(_COURSE, CourseHandler, _LEARNERS, "api"),
        Route(rf"{_COURSE}/lessons/(?P<lesson>[\w.-]+)/state", LessonStateHandler, _LEARNERS, "api"),
        Route(
            rf"{_COURSE}/lessons/(?P<lesson>[\w.-]+)/items/(?P<item>[\w.-]+)",
            LessonItemHandler,
            _LEARNERS,
            "api",
        ),
        Route(rf"{_COURSE}/quizzes/(?P<quiz>[\w.-]+)", QuizHandler, _LEARNERS, "api"),
        Route(r"/api/attempts", AttemptsHandler, _OFFICER, "api"),
        Route(_ATTEMPT, AttemptHandler, _OFFICER, "api"),
        Route(rf"{_ATTEMPT}/slots/(?P<slot>[\w.-]+)", SlotHandler, _OFFICER, "api"),
        Route(rf"{_ATTEMPT}/submit", SubmitHandler, _OFFICER, "api"),
        *desk_routes(),
    ]


def no_such_api() -> Route:
    """What answers an address of the API that does not exist: JSON too."""
    return Route(r"/api/.*", NoSuchApi, None, "api")
