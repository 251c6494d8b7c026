""" "Lớp tập huấn" for trainers: the workshops of their units, opening one, its code for the wall, its results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from isoxa_courses.text import VIETNAM, format_date
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import (
    Account,
    Enrolment,
    Membership,
    Person,
    Role,
    Unit,
    Workshop,
    WorkshopResult,
)
from isoxa_grading.workshops import (
    Plan,
    WorkshopRefused,
    find_workshop,
    forget_old_reports,
    open_workshop,
    result_counts,
    runs_on,
    shown_code,
    voucher_of,
    waiting_count,
    workshops_within,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..pages.enrolment_base import day_typed
from ..pages.published import published_courses
from ..pages.view import Place
from ..portal import Portal
from ..routes import Route
from .words import attempt_words

__all__ = ["TRAINER", "ClassBase", "ClassHead", "class_pages", "head_of", "one_class"]

TRAINER = frozenset({Role.TRAINER})
_FIELDS = ("course", "title", "place", "trainer", "held_on", "held_until", "unit", "code")


@dataclass(frozen=True)
class ClassHead:
    """A workshop as a page names it."""

    id: int
    title: str
    place: str
    trainer: str
    days: str
    unit: str
    code: str
    results: int = 0


@dataclass(frozen=True)
class _ResultRow:
    name: str
    unit: str
    coded: bool
    quizzes: list[str]
    practice: int
    imported_at: datetime


@dataclass(frozen=True)
class _Class:
    """``waiting``: files that pages sent; ``voucher``: name of whose word lets such files be recorded at once, or ''.
    ``sends``: pages can send here (a hall takes none)."""

    head: ClassHead
    rows: list[_ResultRow]
    waiting: int
    voucher: str
    today: bool
    sends: bool


def head_of(workshop: Workshop, results: int = 0) -> ClassHead:
    """The workshop in words."""
    first, last = format_date(workshop.held_on), format_date(workshop.held_until)
    return ClassHead(
        workshop.id,
        workshop.title,
        workshop.place,
        workshop.trainer,
        first if first == last else f"{first} – {last}",
        workshop.unit.name,
        shown_code(workshop.code),
        results,
    )


def _list(portal: Portal, scope: list[str]) -> list[ClassHead]:
    with reading(portal.engine) as session:
        found = workshops_within(session, scope)
        counts = result_counts(session, found)
        return [head_of(one, counts.get(one.id, 0)) for one in found]


def _form(portal: Portal, me: SignedIn) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Courses and units to choose among."""
    with reading(portal.engine) as session:
        mine = [unit_id for role, unit_id, _path in me.grants if role == Role.TRAINER]
        units = session.scalars(select(Unit).where(Unit.id.in_(mine)).order_by(Unit.sort_key))
        return published_courses(session), [(str(one.id), one.name) for one in units]


def one_class(portal: Portal, scope: list[str], workshop_id: int) -> _Class:
    """A workshop with its results. Raises 404 for one outside the scope, as for none."""
    with reading(portal.engine) as session:
        try:
            workshop = find_workshop(session, workshop_id, scope)
        except WorkshopRefused as refused:
            raise not_found() from refused
        rows = _rows(session, portal, workshop)
        standing = voucher_of(session, workshop)
        voucher = session.get_one(Account, standing.account_id).display_name if standing else ""
        today = runs_on(workshop, portal.clock().astimezone(VIETNAM).date())
        waiting = waiting_count(session, workshop)
        sends = not portal.settings.workshop
        return _Class(head_of(workshop, len(rows)), rows, waiting, voucher, today, sends)


def _rows(session: Session, portal: Portal, workshop: Workshop) -> list[_ResultRow]:
    """The newest result of each person, in the order of names."""
    query = (
        select(WorkshopResult, Person, Unit.name)
        .join(Enrolment, Enrolment.id == WorkshopResult.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Membership, (Membership.person_id == Person.id) & Membership.valid_to.is_(None))
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(WorkshopResult.workshop_id == workshop.id)
        .order_by(Person.sort_key, Person.id, WorkshopResult.made_at, WorkshopResult.id)
    )
    newest: dict[int, _ResultRow] = {}
    for result, person, unit in session.execute(query):
        figures: dict[str, Any] = result.figures
        newest[person.id] = _ResultRow(
            person.full_name,
            unit or "",
            result.coded,
            [attempt_words(portal.library, result.enrolment.edition, one) for one in figures["attempts"]],
            figures["lessons_done"],
            result.imported_at,
        )
    return list(newest.values())


class ClassBase(PortalHandler):
    """What the trainers' pages of workshops share."""

    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.TRAINER)

    def place(self, *inner: tuple[str, str | None]) -> Place:
        return [
            (_("Chấm bài"), self.portal.url("cham-bai")),
            (_("Lớp tập huấn"), self.portal.url("lop-tap-huan") if inner else None),
            *inner,
        ]


class ClassesHandler(ClassBase):
    """The list, and the form to open one."""

    async def get(self) -> None:
        today = format_date(self.portal.clock().astimezone(VIETNAM).date())
        await self.show({}, {**dict.fromkeys(_FIELDS, ""), "held_on": today, "trainer": self.me.display_name})

    async def post(self) -> None:
        values = {name: self.get_body_argument(name, "")[:400] for name in _FIELDS}
        errors: dict[str, str] = {}
        days: dict[str, date | None] = {}
        for name in ("held_on", "held_until"):
            try:
                days[name] = day_typed(values[name])
            except ValueError as problem:
                errors[name] = str(problem)
        if not errors and days["held_on"] is None:
            errors["held_on"] = _("Anh/chị chưa nhập ngày tổ chức.")
        if not errors:
            try:
                opened = await self.run(self.open, values, days)
            except WorkshopRefused as refused:
                errors[refused.field] = str(refused)
            else:
                self.redirect(self.portal.url(f"lop-tap-huan/{opened}"), status=303)
                return
        self.set_status(400)
        await self.show(errors, values)

    def open(self, values: dict[str, str], days: dict[str, date | None]) -> int:
        portal, held_on = self.portal, days["held_on"]
        assert held_on is not None
        mine = {str(unit_id) for role, unit_id, _path in self.me.grants if role == Role.TRAINER}
        chosen = values["unit"] or min(mine, key=int)
        if chosen not in mine:
            raise not_found()
        with writing(portal.engine) as session:
            courses = published_courses(session)
            course = values["course"] or (courses[0][0] if courses else "")
            plan = Plan(
                course,
                values["title"],
                values["place"],
                values["trainer"],
                held_on,
                days["held_until"],
                values["code"] if portal.settings.workshop else "",
            )
            unit = session.get_one(Unit, int(chosen))
            opened = open_workshop(session, plan, unit, actor=self.me.account_id, now=portal.clock()).id
        forget_old_reports(portal.engine, portal.clock())
        return opened

    async def show(self, errors: dict[str, str], values: dict[str, str]) -> None:
        courses, units = await self.run(_form, self.portal, self.me)
        self.render_page(
            "workshop_classes.html",
            classes=await self.run(_list, self.portal, self.scope),
            courses=courses,
            units=units,
            errors={name: errors[name] for name in ("", *_FIELDS) if name in errors},
            form=values,
            place=self.place(),
        )


class ClassHandler(ClassBase):
    """One workshop: its code, what was brought in, and the area to drop files on."""

    async def get(self, workshop: str) -> None:
        shown = await self.run(one_class, self.portal, self.scope, int(workshop))
        self.render_page(
            "workshop_class.html",
            shown=shown,
            errors={},
            recorded=self.get_query_argument("da-ghi", ""),
            discarded=self.get_query_argument("da-bo", ""),
            place=self.place((shown.head.title, None)),
        )


class WallHandler(ClassBase):
    """The code alone, big enough to project."""

    async def get(self, workshop: str) -> None:
        shown = await self.run(one_class, self.portal, self.scope, int(workshop))
        here = self.portal.url(f"lop-tap-huan/{shown.head.id}")
        self.render_page(
            "workshop_wall.html",
            head=shown.head,
            place=self.place((shown.head.title, here), (_("Mã lớp"), None)),
        )


def class_pages() -> list[Route]:
    """List and form, one workshop, its code on the wall."""
    one = r"/lop-tap-huan/(?P<workshop>[0-9]{1,9})"
    return [
        Route(r"/lop-tap-huan/?", ClassesHandler, TRAINER, "page"),
        Route(one, ClassHandler, TRAINER, "page"),
        Route(rf"{one}/ma-lop", WallHandler, TRAINER, "page"),
    ]
