"""The trainer's screen of a hall: how many came in, where they are, what goes wrong; and the room's pace.

The page holds all figures when it is sent. Its script asks for them anew every few seconds (the same part of the page,
from one JSON address); without a script the page loads itself again. No participant is named. A portal sees those who
came in at its own door, and those whose pages report to it from elsewhere; where nobody does, the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from isoxa_courses.text import VIETNAM
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Role
from isoxa_grading.workshops import (
    ACTIVE_MINUTES,
    HallView,
    WorkshopRefused,
    change_pace,
    find_workshop,
    look_into_hall,
    result_counts,
    runs_on,
)
from isoxa_grading.workshops.pacing import HallStep

from ..course_access import course_access
from ..errors import PortalError, not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .classes import TRAINER, ClassBase, ClassHead, head_of
from .entry import HallHandler

__all__ = ["screen_pages"]

SECONDS = 5
OFFICER = frozenset({Role.OFFICER})


@dataclass(frozen=True)
class StepBar:
    """One step on the screen; shares of those who joined, in per cent. ``held``: not opened yet."""

    name: str
    here: int
    done: int
    here_share: int
    done_share: int
    held: bool


@dataclass(frozen=True)
class Screen:
    """``open_steps`` None: nobody paces the room. ``today``: it is a day of the class. ``shared``: people can come
    in at this portal's own door; else the room is what pages report."""

    head: ClassHead
    hall: HallView
    bars: tuple[StepBar, ...]
    open_steps: int | None
    today: bool
    shared: bool

    @property
    def next_step(self) -> str | None:
        """What the button opens."""
        at = self.open_steps
        return self.bars[at].name if at is not None and at < len(self.bars) else None

    @property
    def last_open(self) -> str | None:
        """The step that was opened last."""
        return self.bars[self.open_steps - 1].name if self.open_steps and self.bars else None

    @property
    def wrong_share(self) -> int:
        """Of the hardest question, in per cent."""
        hardest = self.hall.hardest
        return round(100 * hardest.wrong / hardest.answered) if hardest is not None else 0


def screen_of(portal: Portal, scope: list[str], workshop_id: int) -> Screen:
    """What the page shows. Raises 404 for a workshop outside the scope, as for none."""
    now = portal.clock()
    with reading(portal.engine) as session:
        try:
            workshop = find_workshop(session, workshop_id, scope)
        except WorkshopRefused as refused:
            raise not_found() from refused
        hall = look_into_hall(session, portal.library, workshop, now)
        opened = workshop.open_steps
        bars = tuple(
            StepBar(
                _name(one.step),
                one.here,
                one.done,
                _share(one.here, hall.joined),
                _share(one.done, hall.joined),
                opened is not None and index >= opened,
            )
            for index, one in enumerate(hall.steps)
        )
        results = result_counts(session, [workshop]).get(workshop.id, 0)
        today = runs_on(workshop, now.astimezone(VIETNAM).date())
        return Screen(head_of(workshop, results), hall, bars, opened, today, portal.settings.workshop)


def _name(step: HallStep) -> str:
    if step.number is None:
        return step.title
    return _("Bài %(number)s. %(title)s") % {"number": step.number, "title": step.title}


def _share(count: int, of: int) -> int:
    return round(100 * count / of) if of else 0


class ScreenHandler(ClassBase):
    """The page."""

    async def get(self, workshop: str) -> None:
        shown = await self.run(screen_of, self.portal, self.scope, int(workshop))
        here = self.portal.url(f"lop-tap-huan/{shown.head.id}")
        self.render_page(
            "workshop_screen.html",
            screen=shown,
            minutes=ACTIVE_MINUTES,
            seconds=SECONDS,
            place=self.place((shown.head.title, here), (_("Màn hình lớp"), None)),
        )


class FiguresHandler(ClassBase):
    """The figures of the page, and how many steps are open: where that changed, the page loads itself again."""

    async def get(self, workshop: str) -> None:
        shown = await self.run(screen_of, self.portal, self.scope, int(workshop))
        template = self.portal.pages.get_template("workshop_screen_figures.html")
        html = template.render(**self.page_context(), screen=shown, minutes=ACTIVE_MINUTES)
        self.write({"joined": shown.hall.joined, "open_steps": shown.open_steps, "html": html})


class PaceHandler(ClassBase):
    """Open the next step, close the last one, begin or end leading. The form says how many are to be open afterwards,
    so a button that is pressed twice opens one."""

    async def post(self, workshop: str) -> None:
        typed = self.get_body_argument("so_buoc", "")
        if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 5):
            raise PortalError(
                400, "pace", _("Khóa học không có bước này. Anh/chị tải lại trang rồi bấm lại.")
            )
        try:
            await self.run(self.keep, int(workshop), int(typed) if typed else None)
        except WorkshopRefused as refused:
            raise PortalError(409, "pace", str(refused)) from refused
        self.redirect(self.portal.url(f"lop-tap-huan/{int(workshop)}/man-hinh"), status=303)

    def keep(self, workshop_id: int, open_steps: int | None) -> None:
        portal = self.portal
        with writing(portal.engine) as session:
            try:
                workshop = find_workshop(session, workshop_id, self.scope)
            except WorkshopRefused as refused:
                raise not_found() from refused
            change_pace(session, workshop, open_steps, actor=self.me.account_id, now=portal.clock())


class HeldHandler(HallHandler):
    """How many steps of a course wait for the trainer: asked for by the page of somebody who waits."""

    async def get(self, course: str) -> None:
        access = await self.run(course_access, self.portal, self.me, course)
        self.write({"held": len(access.held)})


def screen_pages() -> list[Route]:
    """The screen, its figures, the pace; and what a waiting participant's page asks for."""
    one = r"/lop-tap-huan/(?P<workshop>[0-9]{1,9})"
    return [
        Route(rf"{one}/man-hinh", ScreenHandler, TRAINER, "page"),
        Route(rf"{one}/man-hinh\.json", FiguresHandler, TRAINER, "page"),
        Route(rf"{one}/nhip", PaceHandler, TRAINER, "page"),
        Route(r"/khoa-hoc/(?P<course>[\w.-]+)/cho-mo\.json", HeldHandler, OFFICER, "page"),
    ]
