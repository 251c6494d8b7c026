"""Lessons and quizzes as pages, and what a lesson's page asks of its kernel."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any, ClassVar

from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Role
from jupyter_core.utils import ensure_async
from tornado import iostream
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from . import i18n
from .api.base import ApiHandler
from .course_access import CourseAccess, course_access
from .errors import bad_xsrf, not_found
from .handlers import PortalHandler, SignedInMixin
from .headers import lesson_policy
from .i18n import gettext as _
from .rendering import PageRenderer
from .routes import Route
from .xsrf import comes_from_here

LEARNERS = frozenset({Role.OFFICER, Role.TRAINER, Role.ADMIN})


class NotebookPage(PortalHandler):
    """What the pages made of notebooks share. None holds anything of the officer: the browser asks the API for that."""

    async def access(self, course: str) -> CourseAccess:
        return await self.run(course_access, self.portal, self.me, course)

    def page(self, access: CourseAccess, url: str, title: str, **context: str) -> dict[str, Any]:
        """What the templates show around the notebook."""
        before, after = access.around(url)
        portal = self.portal
        return {
            "base": portal.base,
            "static": portal.assets.page_url,
            "gettext": i18n.gettext,
            "language": i18n.current_language(),
            "title": title,
            "course_title": access.manifest.title,
            "course_url": access.root,
            "previous": before,
            "next": after,
            "context": {
                "base": portal.base,
                "course": access.manifest.course,
                "language": i18n.current_language(),
                **context,
            },
        }

    async def stream(self, renderer: PageRenderer, kernel_id: str | None = None, kernel: Any = None) -> None:
        """Send the page piece by piece."""
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        async with aclosing(renderer.pieces(kernel_id, kernel)) as pieces:
            async for piece in pieces:
                self.write(piece)
                await self.flush()
        await self.finish()


class LessonHandler(NotebookPage):
    """A lesson, run for this visit."""

    async def get(self, course: str, lesson: str) -> None:
        portal = self.portal
        access = await self.access(course)
        entry = access.lesson(lesson)
        notebook = access.released / "lessons" / f"{entry.id}.ipynb"
        if not notebook.is_file():
            raise not_found()
        title = _("Bài %(number)s. %(title)s") % {"number": entry.number, "title": entry.title}
        page = self.page(access, f"{access.root}/bai/{entry.id}", title, lesson=entry.id)
        page["place"] = _place([one.id for one in access.manifest.lessons], entry.id)
        self.set_header("Content-Security-Policy", lesson_policy(self.request.host))
        renderer = PageRenderer(notebook, "isoxa-lesson.html.j2", page, **self.settings["isoxa_renderer"])
        await renderer.initialize()
        kernel_id = page["kernel_id"] = await portal.sessions.open(self.me, access.released, portal.clock())
        try:
            await self.stream(renderer, kernel_id, self.settings["kernel_manager"].get_kernel(kernel_id))
        except iostream.StreamClosedError:
            # The officer went away before the page was whole.
            await portal.sessions.close(kernel_id)
        except BaseException:
            await portal.sessions.close(kernel_id)
            raise


def _place(lessons: list[str], lesson: str) -> str:
    """Where this lesson stands among all; nothing where it is the only one."""
    if len(lessons) < 2:
        return ""
    return _("Bài thứ %(place)s trên %(total)s bài") % {
        "place": lessons.index(lesson) + 1,
        "total": len(lessons),
    }


class QuizPageHandler(NotebookPage):
    """A quiz: the released notebook, without a kernel (docs/decisions/0001-quiz-page-needs-no-kernel.md)."""

    async def get(self, course: str, quiz: str) -> None:
        access = await self.access(course)
        entry = access.quiz(quiz)
        notebook = access.released / "quizzes" / f"{entry.id}-v{entry.version}.ipynb"
        if not notebook.is_file():
            raise not_found()
        page = self.page(access, f"{access.root}/kiem-tra/{entry.id}", entry.title, quiz=entry.id)
        page["quiz_styles"] = [self.portal.assets.page_url(name) for name in ("common.css", "quiz_page.css")]
        renderer = PageRenderer(notebook, "isoxa-quiz.html.j2", page, **self.settings["isoxa_renderer"])
        await renderer.initialize()
        await self.stream(renderer)


class KernelHandler(ApiHandler):
    """``GET /api/kernels/ID``: the front end asks once whether its kernel lives. Nothing else can be done to it."""

    async def get(self, kernel_id: str) -> None:
        if not self.portal.sessions.owned(kernel_id, self.me.account_id):
            raise not_found()
        model = await ensure_async(self.settings["kernel_manager"].kernel_model(kernel_id))
        self.write_json(json.loads(json.dumps(model, default=str)))


class GoodbyeHandler(PortalHandler):
    """``POST /voila/api/shutdown/ID``: the beacon of a page that is left.

    Voilà's front end sends it as a form with Tornado's cookie, which is not ours, and a beacon can carry no header.
    So it is known by where it comes from and by whose the lesson is.
    """

    def check_xsrf(self) -> None:
        if not comes_from_here(self.request.headers, self.request.host):
            raise bad_xsrf()

    async def post(self, kernel_id: str) -> None:
        if not self.portal.sessions.owned(kernel_id, self.me.account_id):
            raise not_found()
        await self.portal.sessions.close(kernel_id)
        self.set_status(204)
        self.finish()


class KernelChannel(SignedInMixin, VoilaKernelWebsocketHandler):
    """The websocket of a lesson's page. Jupyter's own checks run too; these come first."""

    owned = False
    allowed_roles: ClassVar[frozenset[Role] | None] = LEARNERS

    def initialize(self, roles: frozenset[Role] | None) -> None:
        """``roles`` of the route; the websocket's own base has no such argument."""
        self._roles = roles or frozenset()

    async def prepare(self) -> None:  # type: ignore[override]
        me: SignedIn | None = await self.recognise()
        if me is None or not any(me.has(role) for role in self._roles):
            raise HTTPError(403)
        if not comes_from_here(self.request.headers, self.request.host):
            raise HTTPError(403)
        if not self.portal.sessions.owned(self.path_kwargs["kernel_id"], me.account_id):
            raise HTTPError(404)
        self.owned = True
        await super().prepare()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A refused socket needs no page."""
        self.set_status(status_code)
        self.finish()


def lesson_routes() -> list[Route]:
    """Pages of lessons and quizzes, and the three addresses of a lesson's kernel."""
    kernel = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
    course = r"/khoa-hoc/(?P<course>[\w.-]+)"
    return [
        Route(rf"{course}/bai/(?P<lesson>[\w.-]+)", LessonHandler, LEARNERS, "page"),
        Route(rf"{course}/kiem-tra/(?P<quiz>[\w.-]+)", QuizPageHandler, LEARNERS, "page"),
        Route(rf"/api/kernels/{kernel}", KernelHandler, LEARNERS, "api"),
        Route(rf"/api/kernels/{kernel}/channels", KernelChannel, LEARNERS, "kernel"),
        Route(rf"/voila/api/shutdown/{kernel}", GoodbyeHandler, LEARNERS, "kernel"),
    ]
