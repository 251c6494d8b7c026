"""The trainer's page "Phân tích câu hỏi": which quiz, its analysis, and the same as a file.

All is of officers who serve in the units the account is a trainer for; ``don-vi`` narrows it to one of them or below,
and a unit outside is not found. Trainers may see keys here: they grade.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from isoxa_courses.errors import UnknownName
from isoxa_courses.text import VIETNAM
from isoxa_grading.records.attempts import EditionMissing
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import Role, Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.records.units import in_scope
from isoxa_grading.reports.items import (
    ClauseItems,
    QuizItems,
    TakenQuiz,
    UnknownQuiz,
    analyse,
    clauses_of,
    read_responses,
    taken_quizzes,
    write_items_xlsx,
)
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..errors import not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .item_analysis_view import ItemsPage, items_page
from .view import Place, with_query

__all__ = ["item_analysis_pages"]

TRAINER = frozenset({Role.TRAINER})
PATH = "cham-bai/phan-tich"
_ALL = "moi-luot"


@dataclass(frozen=True)
class Asked:
    """What the address asks for. ``unit``: id or None; ``version`` None where no quiz is asked for."""

    unit: int | None
    course: str
    quiz: str
    version: int | None
    every_attempt: bool

    def link(self, url: str, **changes: str) -> str:
        """``url`` with the same asked for, some of it changed ("": left out)."""
        asked = {
            "khoa": self.course,
            "bai": self.quiz,
            "phien-ban": str(self.version or ""),
            "luot": _ALL if self.every_attempt else "",
            "don-vi": str(self.unit or ""),
        }
        return with_query(url, asked | {name.replace("_", "-"): value for name, value in changes.items()})


@dataclass(frozen=True)
class _Scope:
    paths: list[str]
    name: str
    options: list[tuple[str, str]]


@dataclass(frozen=True)
class _Analysed:
    items: QuizItems
    clauses: list[ClauseItems]
    page: ItemsPage
    scope: _Scope


@dataclass(frozen=True)
class QuizLine:
    """A quiz to choose."""

    url: str
    title: str
    course: str
    version: int
    officers: int
    attempts: int


def _scope(session: Session, held: list[str], unit_id: int | None) -> _Scope:
    """Raises ``PortalError`` 404 for a unit outside."""
    tops = list(session.scalars(select(Unit).where(Unit.path.in_(held)).order_by(Unit.sort_key, Unit.id)))
    options: list[tuple[str, str]] = []
    if any(unit.kind is UnitKind.COUNTRY for unit in tops):
        inside = or_(*(Unit.path.startswith(path, autoescape=True) for path in held))
        provinces = select(Unit).where(inside, Unit.kind == UnitKind.PROVINCE, Unit.valid_to.is_(None))
        options = [
            (str(unit.id), unit.name) for unit in session.scalars(provinces.order_by(Unit.sort_key, Unit.id))
        ]
    if unit_id is None:
        return _Scope(held, ", ".join(unit.name for unit in tops), options)
    unit = session.get(Unit, unit_id)
    if unit is None or not any(in_scope(unit.path, path) for path in held):
        raise not_found()
    return _Scope([unit.path], unit.name, options)


def _analysed(portal: Portal, held: list[str], asked: Asked) -> _Analysed:
    with reading(portal.engine) as session:
        scope = _scope(session, held, asked.unit)
        try:
            responses = read_responses(
                session,
                portal.library,
                course=asked.course,
                quiz=asked.quiz,
                version=asked.version or 0,
                scope_paths=scope.paths,
                which="all" if asked.every_attempt else "first",
            )
        except UnknownQuiz as error:
            raise not_found() from error
    items = analyse(responses)
    clauses = clauses_of(responses, items)
    lesson = portal.library.lesson(items.course, items.edition, items.lesson)
    lesson_url = portal.url(f"khoa-hoc/{items.course}/bai/{items.lesson}")
    return _Analysed(items, clauses, items_page(items, clauses, lesson, lesson_url), scope)


def _choice(portal: Portal, held: list[str], asked: Asked) -> tuple[_Scope, list[QuizLine]]:
    with reading(portal.engine) as session:
        scope = _scope(session, held, asked.unit)
        found = taken_quizzes(session, scope.paths)
    return scope, [_line(portal, asked, one) for one in found]


def _line(portal: Portal, asked: Asked, one: TakenQuiz) -> QuizLine:
    try:
        edition = portal.library.edition(one.course, one.edition)
        title, course = edition.quiz(one.quiz).title, edition.title
    except (EditionMissing, UnknownName):  # its page says what is missing, and to whom to turn
        title, course = one.quiz, one.course
    url = asked.link(portal.url(PATH), khoa=one.course, bai=one.quiz, phien_ban=str(one.version))
    return QuizLine(url, title, course, one.version, one.officers, one.attempts)


class _ItemsHandler(PortalHandler):
    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.TRAINER)

    @property
    def asked(self) -> Asked:
        """Raises ``PortalError`` 404 for a number that is none."""
        return Asked(
            unit=self._number("don-vi"),
            course=self.get_query_argument("khoa", ""),
            quiz=self.get_query_argument("bai", ""),
            version=self._number("phien-ban"),
            every_attempt=self.get_query_argument("luot", "") == _ALL,
        )

    def _number(self, name: str) -> int | None:
        typed = self.get_query_argument(name, "")
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
            raise not_found()
        return int(typed)


class ItemsHandler(_ItemsHandler):
    """The list of quizzes, or, where one is asked for, its analysis."""

    async def get(self) -> None:
        asked = self.asked
        if asked.version is None:
            await self.show_choice(asked)
            return
        found = await self.run(_analysed, self.portal, self.scope, asked)
        url = self.portal.url(PATH)
        shown: dict[str, Any] = {
            "page": found.page,
            "version": asked.version,
            "scope_name": found.scope.name,
            "every_attempt": asked.every_attempt,
            "other_url": asked.link(url, luot="" if asked.every_attempt else _ALL),
            "xlsx_url": asked.link(self.portal.url(f"{PATH}/tai-ve.xlsx")),
        }
        back = asked.link(url, khoa="", bai="", phien_ban="", luot="")
        place: Place = [
            (_("Chấm bài"), self.portal.url("cham-bai")),
            (_("Phân tích câu hỏi"), back),
            (found.page.title, None),
        ]
        self.render_page("item_analysis.html", items=shown, place=place)

    async def show_choice(self, asked: Asked) -> None:
        scope, quizzes = await self.run(_choice, self.portal, self.scope, asked)
        place: Place = [(_("Chấm bài"), self.portal.url("cham-bai")), (_("Phân tích câu hỏi"), None)]
        self.render_page(
            "item_analysis_quizzes.html",
            quizzes=quizzes,
            scope_name=scope.name,
            unit_options=[("", _("Tất cả đơn vị")), *scope.options] if scope.options else [],
            unit=str(asked.unit or ""),
            place=place,
        )


class ItemsFileHandler(_ItemsHandler):
    """ "Tải Excel": the same analysis as a workbook."""

    async def get(self) -> None:
        asked = self.asked
        if asked.version is None:
            raise not_found()
        found = await self.run(_analysed, self.portal, self.scope, asked)
        now = self.portal.clock().astimezone(VIETNAM)
        stream = io.BytesIO()
        await self.run(write_items_xlsx, found.items, found.clauses, found.scope.name, now, stream)
        name = f"phan-tich-{found.items.quiz}-v{found.items.version}-{now:%Y-%m-%d}.xlsx"
        self.set_header("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(stream.getvalue())


def item_analysis_pages() -> list[Route]:
    """The page and its file."""
    return [
        Route(r"/cham-bai/phan-tich/?", ItemsHandler, TRAINER, "page"),
        Route(r"/cham-bai/phan-tich/tai-ve\.xlsx", ItemsFileHandler, TRAINER, "page"),
    ]
