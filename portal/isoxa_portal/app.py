"""The portal's server: Voilà's application with our identity, our handlers and nothing else mounted.

Of Voilà it uses the kernel manager, the notebook renderer and the front end. Its tree, contents, files, themes,
static and login handlers are not mounted: Jupyter's authorizer guards only the kernel endpoints, so whatever else
were mounted would be open. What is mounted is `routes.routes()`, which a test walks.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import shutil
import signal
import socket
import tempfile
import webbrowser
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from isoxa_grading.certificates import issue_all
from isoxa_grading.certificates.files import remove_forgotten
from isoxa_grading.handins import remove_forgotten as remove_forgotten_hand_ins
from isoxa_grading.nbgrader_bridge.gradebook_watch import GradebookWatch
from isoxa_grading.records.attempts import AttemptService, CourseLibrary
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import DatabaseProblem, migrate, reading
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.signin import SessionLimits, ended_among
from isoxa_grading.reports import take_due_snapshots
from isoxa_widgets.assets import bundle
from jupyter_server.base.websocket import WS_PING_INTERVAL
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.netutil import bind_sockets
from tornado.web import Application, GZipContentEncoding
from voila.app import Voila
from voila.utils import get_page_config

from . import front_end
from .assets import Assets
from .course_access import newest_lessons
from .errors import CannotServe
from .hand_in_worker import HandInWorker
from .hub.identity import HubIdentity
from .hub.service import Hub
from .identity import PasswordIdentity
from .jupyter_auth import OwnChannelOnly, PortalIdentityProvider
from .lesson_kernels import LessonUser
from .lesson_metrics import LessonFigures, write_status
from .lesson_pool import RunningLessons
from .lesson_sessions import LessonSessions
from .lesson_text import LessonTexts
from .lesson_tickets import LessonTickets
from .lesson_version import LessonVersions, code_version
from .mail_worker import MailWorker
from .pages.environment import page_environment
from .portal import Portal
from .real_address import AddressServer
from .rendering import CELL_SECONDS, TEMPLATES, voila_configuration
from .routes import routes, tornado_rules

log = logging.getLogger("isoxa.portal")

SWEEP_MILLISECONDS = 20_000
# How soon a mark given in nbgrader's formgrader shows here.
GRADEBOOK_MILLISECONDS = 60_000
# The month ends once; a look costs little, and a server may have been off that night.
MONTH_END_MILLISECONDS = 3_600_000
# How many may knock in the same moment: a province opens the lesson when its trainer says so. Beyond it a browser tries
# again after one second, then three.
_BACKLOG = 2048
# Each lesson has a socket, and many systems let a process begin with 1,024.
_MOST_FILES = 65_536
# Forms and uploads; the API has its own, much smaller limit and drains what is beyond it.
_UPLOAD_BYTES = 32 * 1024 * 1024


class _QuickGzip(GZipContentEncoding):
    """Pages made for each request: half the time of level 6, a twentieth more bytes."""

    GZIP_LEVEL = 4


class PortalApp(Voila):
    """One portal on one data folder. `launch` runs it; tests use `prepare`, `listen_on` and `close`."""

    name = "isoxa"

    def prepare(
        self,
        data: DataFolder,
        *,
        base_url: str | None = None,
        clock: Callable[[], datetime] | None = None,
        hub: Hub | None = None,
    ) -> None:
        """Open the data folder and build the web application; with ``hub``, as a service of a JupyterHub.

        Raises ``DataFolderError``, ``CannotServe``.
        """
        if hub is not None:
            hub.check()
        self.hub = hub
        settings = data.settings
        self.log_level = logging.WARNING
        self.data = data
        self._books = GradebookWatch(data)
        self._warm = False
        self._closing = False
        self.clock = clock or _now
        self.base_url = base_url or settings.base_url
        self.engine = data.engine()
        migrate(self.engine)
        self.lesson_user = LessonUser.named(settings.lesson_user) if settings.lesson_user else None
        self.root_dir = str(data.path)
        self.voila_configuration = voila_configuration(self)
        self.config.VoilaExecutor.timeout = CELL_SECONDS
        self.config.VoilaExecutor.interrupt_on_timeout = True
        self.setup_template_dirs()
        self.connection_dir = tempfile.mkdtemp(prefix="isoxa_")
        web = self.init_settings()
        self.kernel_manager.confine(self.lesson_user)
        self.app = Application(compress_response=True, **web)
        self.app.transforms = [_QuickGzip]
        self.app.add_handlers(".*$", self.init_handlers())

    def setup_template_dirs(self) -> None:
        """Our templates alone; nothing is looked up in the machine's Jupyter folders."""
        self.template_paths = [str(TEMPLATES)]
        self.static_paths = []

    def init_settings(self) -> dict[str, Any]:  # type: ignore[override]  # Voilà's annotation is a traitlet
        """Voilà's settings with our identity and authorizer, and the `Portal` for our handlers."""
        self.identity_provider_class = PortalIdentityProvider
        self.authorizer_class = OwnChannelOnly
        self.cookie_secret = self.data.secret("cookie")
        web: dict[str, Any] = dict(super().init_settings())  # type: ignore[call-overload]
        web["isoxa_renderer"] = self._renderer_settings(web)
        web["portal"] = self.portal = self._portal()
        web["xsrf_cookies"] = False
        web["ws_ping_timeout"] = WS_PING_INTERVAL
        return web

    def init_handlers(self) -> list[Any]:  # type: ignore[override]
        """The portal's own routes and nothing of Voilà's."""
        self.routes = routes()
        return tornado_rules(self.routes, self.base_url)

    def _portal(self) -> Portal:
        settings = self.data.settings
        library = CourseLibrary(self.data)
        running = RunningLessons(self.kernel_manager, self.lesson_user, self.clock)
        limits = SessionLimits(
            idle=timedelta(minutes=settings.session_idle_minutes),
            absolute=timedelta(hours=settings.session_hours),
        )
        return Portal(
            data=self.data,
            settings=settings,
            engine=self.engine,
            library=library,
            attempts=AttemptService(
                self.engine, library, self.data.secret("attempts"), lambda: self._write_gradebook(library)
            ),
            lessons=LessonService(self.engine, library),
            identity=(
                HubIdentity(self.engine, limits, self.hub)
                if self.hub
                else PasswordIdentity(self.engine, limits)
            ),
            hub=self.hub,
            assets=self.assets,
            pages=page_environment(),
            clock=self.clock,
            base=self.base_url,
            xsrf_secret=self.data.secret("xsrf"),
            sessions=LessonSessions(
                running,
                LessonTickets(self.data.secret("lessons"), LessonVersions(code_version()).of),
                most=settings.max_lessons,
                silence=timedelta(minutes=settings.session_idle_minutes),
            ),
            lessons_running=running,
            lesson_texts=LessonTexts(),
            lesson_figures=LessonFigures(),
            mail=MailWorker(self.data, self.engine, self.clock),
            hand_ins=HandInWorker(self.data, self.engine, self.clock),
        )

    def _renderer_settings(self, web: dict[str, Any]) -> dict[str, Any]:
        """What every notebook page is rendered with; the front end's configuration is worked out once."""
        self.assets = make_assets(self.base_url)
        page_config = get_page_config(
            base_url=self.base_url, settings=web, log=self.log, voila_configuration=self.voila_configuration
        )
        page_config = self.assets.page_config(page_config)
        # None of these is served; the paths of this machine are nobody's business.
        for name in [key for key in page_config if key.endswith(("Dir", "Path", "Paths"))]:
            del page_config[name]
        return {
            "voila_configuration": self.voila_configuration,
            "traitlet_config": self.config,
            "base_url": self.base_url,
            "kernel_spec_manager": self.kernel_spec_manager,
            "page_config": page_config,
        }

    def listen_on(self, ip: str, port: int) -> str:
        """Begin to answer; returns the address of the start page. Port 0: any free one. Raises ``CannotServe``."""
        sockets = open_port(ip, port)
        self.ip, self.port = ip, sockets[0].getsockname()[1]
        proxies = self.data.settings.trusted_proxies
        self.server = (
            AddressServer(self.app, max_buffer_size=_UPLOAD_BYTES, trusted_downstream=proxies)
            if proxies
            else HTTPServer(self.app, max_buffer_size=_UPLOAD_BYTES, xheaders=False)
        )
        self.server.add_sockets(sockets)
        self._sweeper = PeriodicCallback(self._sweep, SWEEP_MILLISECONDS)
        self._sweeper.start()
        self._gradebook_watch = PeriodicCallback(self._look_at_gradebooks, GRADEBOOK_MILLISECONDS)
        self._gradebook_watch.start()
        self.portal.mail.start()
        self.portal.hand_ins.start()
        # Marks given in formgrader meanwhile, and what a crash left unwritten between a submit and the gradebook.
        self.portal.attempts.after_commit.request()
        self.portal.threads.submit(self._certify)
        self._look_at_months()
        self._month_watch = PeriodicCallback(self._look_at_months, MONTH_END_MILLISECONDS)
        self._month_watch.start()
        host = "127.0.0.1" if ip in ("", "0.0.0.0") else ip  # noqa: S104  # compared, not bound
        return f"http://{host}:{self.port}{self.base_url}"

    async def close(self) -> None:
        """Stop answering, end every lesson, finish what is owed to the gradebook."""
        self._closing = True
        self._sweeper.stop()
        self._gradebook_watch.stop()
        self._month_watch.stop()
        self.server.stop()
        await self.portal.sessions.close_all()
        await self.portal.lessons_running.host.close()
        await self.kernel_manager.shutdown_all(now=True)
        await self.server.close_all_connections()
        await asyncio.to_thread(self.portal.attempts.close)
        self.discard()

    def discard(self) -> None:
        """Let go of threads, database and temporary files; for a portal that answers nobody (any more)."""
        self.portal.mail.close()
        self.portal.hand_ins.close()
        self.portal.roster_jobs.close()
        self.portal.threads.shutdown(wait=True)
        self.portal.identity.close()
        self.engine.dispose()
        shutil.rmtree(self.connection_dir, ignore_errors=True)

    def _write_gradebook(self, library: CourseLibrary) -> None:
        # Importing nbgrader takes a second, which no officer need wait for.
        from isoxa_grading.nbgrader_bridge import drain_outbox, take_formgrader_marks, warm_up

        if stirred := self._books.stirred():
            take_formgrader_marks(self.data, self.engine, library, now=self.clock(), among=stirred)
            self._books.known(stirred)
        drain_outbox(self.data, self.engine, library, now=self.clock(), watch=self._books)
        if not self._warm:
            self._warm = True
            warm_up(self.data, self.engine, library, stop=lambda: self._closing)
            # Courses, templates and modules stay for good: the collector need not walk them in the middle of a submit.
            gc.collect()
            gc.freeze()

    def _certify(self) -> None:
        """Certify what was completed before there were certificates; whoever comes first is certified on the way."""
        try:
            issued = issue_all(self.engine, now=self.clock(), stop=lambda: self._closing)
            with reading(self.engine) as session:
                remove_forgotten(self.data, session)
                remove_forgotten_hand_ins(self.data, session)
        except DatabaseProblem as problem:
            log.warning("certificates: %s", problem)
            return
        if issued:
            log.info("certificates: %s issued", issued)

    def _look_at_months(self) -> None:
        self.portal.threads.submit(self._keep_month_ends)

    def _keep_month_ends(self) -> None:
        """Keep the report's figures of each month's end, which nothing changes afterwards."""
        try:
            taken = take_due_snapshots(self.engine, self.clock(), stop=lambda: self._closing)
        except DatabaseProblem as problem:
            log.warning("month's end: %s", problem)
            return
        for one in taken:
            log.info("figures of %s kept: %s", one.as_of, one.course)

    def _look_at_gradebooks(self) -> None:
        """Whether somebody else wrote into one: formgrader, or a command."""
        if self._books.stirred():
            self.portal.attempts.after_commit.request()

    async def warm_lessons(self) -> None:
        """Have a worker ready for each course, so that the first officer of the day does not wait for it."""
        try:
            lessons = await asyncio.wrap_future(self.portal.threads.submit(newest_lessons, self.portal))
        except DatabaseProblem as problem:
            log.warning("lessons: %s", problem)
            return
        for place in lessons:
            if place.notebook.is_file() and not place.own_kernel:
                self.portal.lessons_running.host.warm(place.notebook, place.folder)

    async def _sweep(self) -> None:
        portal, now = self.portal, self.clock()
        asked = portal.sessions.sign_ins()
        ended: set[int] = set()
        if asked:
            ended = await asyncio.wrap_future(portal.threads.submit(self._ended_among, asked, now))
        await portal.sessions.sweep(now, ended)
        write_status(portal, now)

    def _ended_among(self, sign_ins: set[int], now: datetime) -> set[int]:
        """Sign-ins that ended elsewhere: on the command line, on another server, or by their time."""
        try:
            with reading(self.engine) as session:
                return ended_among(session, sign_ins, now)
        except DatabaseProblem as problem:
            log.warning("sign-ins of lessons: %s", problem)
            return set()


def allow_many_sockets() -> None:
    """As many open files as the system lets this process have, up to what a portal can use."""
    try:
        import resource
    except ImportError:  # not on Windows, which has no such bound
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def open_port(ip: str, port: int) -> list[socket.socket]:
    """Sockets that listen there. Port 0: any free one. Raises ``CannotServe``."""
    try:
        family = socket.AF_INET6 if ":" in ip else socket.AF_INET
        return bind_sockets(port, ip, family=family, backlog=_BACKLOG)
    except OSError as error:
        raise CannotServe(
            f"Không mở được cổng {port} trên {ip or 'mọi địa chỉ'} ({error.strerror or error}). "
            "Hãy chọn cổng khác bằng --port, hoặc tắt chương trình đang dùng cổng này."
        ) from error


def launch(
    data: DataFolder,
    *,
    port: int | None = None,
    ip: str | None = None,
    base_url: str | None = None,
    open_browser: bool = False,
    on_ready: Callable[[str], object] | None = None,
    hub: Hub | None = None,
) -> None:
    """Serve a data folder until SIGINT or SIGTERM. What is None is taken from ``isoxa.toml``, or from the ``hub``
    whose service this is.

    ``on_ready`` is called with the address once requests are answered. Raises ``DataFolderError``, and
    ``CannotServe`` (the port is taken, the lesson user cannot be used).
    """

    async def serve() -> None:
        allow_many_sockets()
        app = PortalApp()
        app.prepare(data, base_url=base_url, hub=hub)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stop.set)
        try:
            url = app.listen_on(
                data.settings.ip if ip is None else ip, data.settings.port if port is None else port
            )
        except CannotServe:
            app.discard()
            raise
        app.portal.threads.submit(app.assets.pack)
        if on_ready is not None:
            on_ready(url)
        await app.warm_lessons()
        if open_browser:
            await IOLoop.current().run_in_executor(None, webbrowser.open, url)
        await stop.wait()
        await app.close()

    asyncio.run(serve())


def make_assets(base: str) -> Assets:
    """Everything static: the portal's files, the widgets' modules, Voilà's front end."""
    made = bundle()
    return Assets(
        base,
        page_files=Path(__file__).parent / "static",
        widget_names={name: asset.hashed_name for name, asset in made.items()},
        widget_files={asset.hashed_name: (asset.content, asset.media_type) for asset in made.values()},
        front_end=front_end.installed(),
    )


def _now() -> datetime:
    return datetime.now(UTC)
