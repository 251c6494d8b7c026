"""Lessons and quizzes as pages, and what a lesson's page asks of its kernel."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any, ClassVar
from uuid import UUID

from isoxa_grading.records.progress_views import StepKind
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Role
from jupyter_core.utils import ensure_async
from notebook_sessions import CellResult, WorkerLost
from tornado import iostream
from tornado.ioloop import PeriodicCallback
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from . import i18n
from .api.base import ApiHandler
from .course_access import CourseAccess, course_access, lesson_places
from .errors import PortalError, bad_xsrf, not_found
from .handlers import PortalHandler, SignedInMixin
from .headers import lesson_policy
from .i18n import gettext as _
from .lesson_channel import SharedChannel
from .lesson_pool import LessonPlace, is_shared
from .lesson_sessions import ASK_AGAIN_SECONDS, LessonsFull
from .lesson_text import LESSON_TEMPLATE
from .rendering import PageRenderer
from .routes import Route
from .xsrf import comes_from_here

log = logging.getLogger("isoxa.portal.lessons")

KEEP_ALIVE_SECONDS = 10.0
# How long what is ready of a page may wait for the next piece.
FLUSH_SECONDS = 0.2
# How often the page of somebody who waits for the trainer asks.
PACE_SECONDS = 10
# How soon a lesson that could not be opened is tried again.
TRY_AGAIN_SECONDS = 20
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
            "workshop": portal.settings.workshop,
            "reports_to": self.reports_to,
            "context": {
                "base": portal.base,
                "course": access.manifest.course,
                "language": i18n.current_language(),
                **context,
            },
        }

    def wait_for_trainer(self, access: CourseAccess, title: str) -> None:
        """In place of what the trainer of a hall has not opened yet; it asks again by itself."""
        self.set_header("Refresh", str(PACE_SECONDS))
        self.render_page(
            "workshop_held.html", title=title, course_url=access.root, seconds=PACE_SECONDS, place=None
        )

    async def stream(self, renderer: PageRenderer, kernel_id: str | None = None, kernel: Any = None) -> None:
        """Send the page piece by piece."""
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        with self.kept_open():
            async with aclosing(renderer.pieces(kernel_id, kernel)) as pieces:
                async for piece in pieces:
                    self.write(piece)
                    await self.flush()
        await self.finish()

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Meanwhile a space is sent now and then: a proxy gives up on a silent connection, and a cell may take long."""

        def space() -> None:
            self.write(" ")
            # That the browser has gone is seen by whoever writes next.
            self.flush().add_done_callback(lambda sent: sent.exception())

        heart = PeriodicCallback(space, KEEP_ALIVE_SECONDS * 1000)
        heart.start()
        try:
            yield
        finally:
            heart.stop()


class LessonHandler(NotebookPage):
    """A lesson, with a session of its own for this visit."""

    async def get(self, course: str, lesson: str) -> None:
        portal = self.portal
        access = await self.access(course)
        entry = access.lesson(lesson)
        place = access.place(entry)
        if not place.notebook.is_file():
            raise not_found()
        title = _("Bài %(number)s. %(title)s") % {"number": entry.number, "title": entry.title}
        if (StepKind.LESSON, entry.id) in access.held:
            self.wait_for_trainer(access, title)
            return
        page = self.page(access, f"{access.root}/bai/{entry.id}", title, lesson=entry.id)
        page["place"] = _place([one.id for one in access.manifest.lessons], entry.id)
        try:
            kernel_id = await portal.sessions.open(self.me, place, portal.clock())
        except LessonsFull as full:
            self.wait(full, title)
            return
        self.set_header("Content-Security-Policy", lesson_policy(self.request.host, self.reports_to))
        began = time.monotonic()
        try:
            if is_shared(kernel_id):
                await self.send_shared(kernel_id, place, page)
            else:
                await self.send_own(kernel_id, place, page)
        except iostream.StreamClosedError:
            # The officer went away before the page was whole.
            await portal.sessions.close(kernel_id)
        except BaseException:
            await portal.sessions.close(kernel_id)
            raise
        portal.lesson_figures.opened(time.monotonic() - began)

    async def send_shared(self, kernel_id: str, place: LessonPlace, page: dict[str, Any]) -> None:
        """The page as it was rendered once, with what the cells show in this visit's session.

        The text before the first cell is on its way before the session is there.
        """
        portal = self.portal
        text = await portal.lesson_texts.get(place.notebook, page, self.settings["isoxa_renderer"])
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        results = portal.lessons_running.host.run(UUID(kernel_id))
        self.write(text.begin(kernel_id))
        await self.flush()
        sent = time.monotonic()
        with self.kept_open():
            async with aclosing(text.rest(surviving(results, kernel_id))) as pieces:
                async for piece in pieces:
                    self.write(piece)
                    # All at once compresses better; but what is ready does not wait for a slow cell.
                    if time.monotonic() - sent > FLUSH_SECONDS:
                        await self.flush()
                        sent = time.monotonic()
        await self.finish()

    async def send_own(self, kernel_id: str, place: LessonPlace, page: dict[str, Any]) -> None:
        """The page of a notebook that asks for a kernel of its own, run by Voilà's executor."""
        page["kernel_id"] = kernel_id
        renderer = PageRenderer(place.notebook, LESSON_TEMPLATE, page, **self.settings["isoxa_renderer"])
        await renderer.initialize()
        await self.stream(renderer, kernel_id, self.settings["kernel_manager"].get_kernel(kernel_id))

    def wait(self, full: LessonsFull, title: str) -> None:
        """The waiting page: which place in the queue; it asks again by itself."""
        self.set_status(503)
        self.set_header("Retry-After", str(ASK_AGAIN_SECONDS))
        self.set_header("Refresh", str(ASK_AGAIN_SECONDS))
        self.render_page("lesson_wait.html", turn=full.place, title=title, seconds=ASK_AGAIN_SECONDS)

    def write_portal_error(self, error: PortalError) -> None:
        """What passes (a database that is busy) is tried again by the page itself."""
        if error.status in (500, 503):
            self.set_header("Refresh", str(TRY_AGAIN_SECONDS))
        super().write_portal_error(error)


async def surviving(
    results: AsyncGenerator[CellResult, None], kernel_id: str
) -> AsyncGenerator[CellResult, None]:
    """What comes until the worker is lost: then the cells that are missing get a notice, and the page its end."""
    try:
        async with aclosing(results):
            async for result in results:
                yield result
    except WorkerLost as problem:
        log.error("lesson %s: %s", kernel_id, problem)


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
        if (StepKind.QUIZ, entry.id) in access.held:
            self.wait_for_trainer(access, entry.title)
            return
        page = self.page(access, f"{access.root}/kiem-tra/{entry.id}", entry.title, quiz=entry.id)
        page["quiz_styles"] = [self.portal.assets.page_url(name) for name in ("common.css", "quiz_page.css")]
        renderer = PageRenderer(notebook, "isoxa-quiz.html.j2", page, **self.settings["isoxa_renderer"])
        await renderer.initialize()
        await self.stream(renderer)


class KernelHandler(ApiHandler):
    """``GET /api/kernels/ID``: the front end asks once whether its kernel lives. Nothing else can be done to it."""

    async def get(self, kernel_id: str) -> None:
        portal = self.portal
        owned = portal.sessions.owned(kernel_id, self.me.account_id)
        if is_shared(kernel_id):
            # One whose session is gone may come back: its socket makes it again.
            places = [] if owned else await self.run(lesson_places, portal, self.me)
            if not owned and portal.sessions.known(kernel_id, self.me, places) is None:
                raise not_found()
            pages = portal.lessons_running.connections(kernel_id)
            self.write_json(_model(kernel_id, pages, portal.clock().isoformat()))
            return
        if not owned:
            raise not_found()
        model = await ensure_async(self.settings["kernel_manager"].kernel_model(kernel_id))
        self.write_json(json.loads(json.dumps(model, default=str)))


def _model(kernel_id: str, pages: int, now: str) -> dict[str, Any]:
    """A shared session as Jupyter describes a kernel."""
    return {
        "id": kernel_id,
        "name": "python3",
        "last_activity": now,
        "execution_state": "idle",
        "connections": pages,
    }


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
    shared = r"(?P<shared_id>\w{8}-\w{4}-8\w{3}-\w{4}-\w{12})"
    course = r"/khoa-hoc/(?P<course>[\w.-]+)"
    return [
        Route(rf"{course}/bai/(?P<lesson>[\w.-]+)", LessonHandler, LEARNERS, "page"),
        Route(rf"{course}/kiem-tra/(?P<quiz>[\w.-]+)", QuizPageHandler, LEARNERS, "page"),
        Route(rf"/api/kernels/{kernel}", KernelHandler, LEARNERS, "api"),
        Route(rf"/api/kernels/{shared}/channels", SharedChannel, LEARNERS, "kernel"),
        Route(rf"/api/kernels/{kernel}/channels", KernelChannel, LEARNERS, "kernel"),
        Route(rf"/voila/api/shutdown/{kernel}", GoodbyeHandler, LEARNERS, "kernel"),
    ]
