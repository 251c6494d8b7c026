"""What every handler works with: the data folder, the services on it, and how this deployment is set up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isoxa_grading.records.desk import Desk
from isoxa_grading.records.signin import SessionLimits

from .recognition import Recognition
from .roster_jobs import RosterJobs

if TYPE_CHECKING:
    from isoxa_grading.records.attempts import AttemptService, CourseLibrary
    from isoxa_grading.records.data_folder import DataFolder, Settings
    from isoxa_grading.records.lessons import LessonService
    from jinja2 import Environment
    from sqlalchemy import Engine

    from .assets import Assets
    from .hand_in_worker import HandInWorker
    from .hub.service import Hub
    from .identity import Identity
    from .lesson_metrics import LessonFigures
    from .lesson_pool import RunningLessons
    from .lesson_sessions import LessonSessions
    from .lesson_text import LessonTexts
    from .mail_worker import MailWorker


@dataclass
class Portal:
    """One running portal. ``base`` is the path the browser sees, with a slash at both ends ("/" or "/a/b/")."""

    data: DataFolder
    settings: Settings
    engine: Engine
    library: CourseLibrary
    attempts: AttemptService
    lessons: LessonService
    identity: Identity
    assets: Assets
    pages: Environment
    clock: Callable[[], datetime]
    base: str
    xsrf_secret: bytes
    sessions: LessonSessions
    lessons_running: RunningLessons
    lesson_texts: LessonTexts
    lesson_figures: LessonFigures
    mail: MailWorker
    hand_ins: HandInWorker
    hub: Hub | None = None
    roster_jobs: RosterJobs = field(default_factory=RosterJobs)
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8, "portal"))

    def __post_init__(self) -> None:
        self.recognition = Recognition(lambda tokens: self.identity.who(tokens, self.clock()), self.threads)

    @property
    def limits(self) -> SessionLimits:
        """How long a sign-in lasts here."""
        return SessionLimits(
            idle=timedelta(minutes=self.settings.session_idle_minutes),
            absolute=timedelta(hours=self.settings.session_hours),
        )

    @property
    def desk(self) -> Desk:
        """The grading desk on these services."""
        return Desk(self.engine, self.library, self.attempts)

    @property
    def activation_secret(self) -> bytes:
        """What activation codes are kept under."""
        return self.data.secret("activation")

    def url(self, path: str = "") -> str:
        """The address of a path ("khoa-hoc/…", with or without a leading slash) as the browser must ask for it."""
        return self.base + path.lstrip("/")
