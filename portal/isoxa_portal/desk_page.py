"""The page of the grading desk: a notebook rendered by Voilà, without a kernel, for every trainer the same.

It holds nothing of anybody: its module asks the API (`api.desk`) with the trainer's own session.
"""

from __future__ import annotations

from isoxa_courses.shipped import content_root
from isoxa_grading.records.desk import Trainer
from isoxa_grading.records.tables import Role

from . import i18n
from .errors import not_found
from .i18n import gettext as _
from .lesson_pages import NotebookPage
from .rendering import PageRenderer
from .routes import Route

NOTEBOOK = "grading-desk.ipynb"


class DeskPageHandler(NotebookPage):
    """``/cham-bai/ban/COURSE/QUIZ/SLOT``"""

    async def get(self, course: str, quiz: str, slot: str) -> None:
        portal, me = self.portal, self.me
        notebook = content_root().lessons.parent / "reports" / NOTEBOOK
        trainer = Trainer(me.account_id, me.person_id, tuple(me.scope_paths(Role.TRAINER)))
        piles = await self.run(portal.desk.piles, trainer, portal.clock())
        # A pile that was graded to its end a moment ago still opens, and says so.
        pile = next((one for one in piles if (one.course, one.quiz, one.slot) == (course, quiz, slot)), None)
        if pile is None and not await self.run(portal.desk.known, trainer, course, quiz, slot):
            raise not_found()
        title = _("Chấm bài")
        if pile is not None:
            title = _("%(quiz)s – câu %(number)s") % {"quiz": pile.quiz_title, "number": pile.number}
        page = {
            "base": portal.base,
            "static": portal.assets.page_url,
            "gettext": i18n.gettext,
            "language": i18n.current_language(),
            "title": title,
            "crumbs": [(_("Chấm bài"), portal.url("cham-bai"))],
            "styles": [portal.assets.page_url(name) for name in ("common.css", "grading_desk.css")],
            "context": {
                "base": portal.base,
                "course": course,
                "quiz": quiz,
                "slot": slot,
                "language": i18n.current_language(),
            },
        }
        renderer = PageRenderer(notebook, "isoxa-desk.html.j2", page, **self.settings["isoxa_renderer"])
        await renderer.initialize()
        await self.stream(renderer)


def desk_page_routes() -> list[Route]:
    """The desk of one pile."""
    name = r"[\w.-]{1,80}"
    return [
        Route(
            rf"/cham-bai/ban/(?P<course>{name})/(?P<quiz>{name})/(?P<slot>{name})",
            DeskPageHandler,
            frozenset({Role.TRAINER}),
            "page",
        )
    ]
