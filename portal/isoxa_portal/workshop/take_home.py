""" "Mang kết quả về": what is in the file, the file itself, and the code on the wall for whoever has not typed it.

Where the settings name the organiser's portal, the page also sends the file there: its script asks here for the file,
signed with the code that was typed (POST), and takes it there from the participant's browser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
from isoxa_courses.text import fold
from isoxa_grading.records.attempts import current_enrolment
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import CourseEdition, Role, WorkshopEntry
from isoxa_grading.workshops import (
    ENDING,
    EntryRefused,
    WorkshopRefused,
    change_class_code,
    content_of,
    encode,
    entry_of,
    open_attempts,
    read_code,
    shown_code,
    signer_of,
)
from isoxa_grading.workshops.codes import name_of
from isoxa_grading.workshops.joining import as_code
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .entry import HallHandler

__all__ = ["take_home_pages"]

OFFICER = frozenset({Role.OFFICER})


@dataclass(frozen=True)
class _Course:
    """One course's share of the page. ``open``: names of quizzes that are begun and not handed in."""

    course: str
    title: str
    attempts: int
    lessons: int
    open: tuple[str, ...]


@dataclass(frozen=True)
class _Shown:
    return_code: str
    class_code: str
    joined_at: datetime
    courses: tuple[_Course, ...]


def _entry(session: Session, account_id: int) -> WorkshopEntry:
    entry = entry_of(session, account_id)
    if entry is None:
        raise not_found()
    return entry


def _look(portal: Portal, account_id: int) -> _Shown:
    now = portal.clock()
    with reading(portal.engine) as session:
        entry = _entry(session, account_id)
        courses = []
        for course in session.scalars(select(CourseEdition.course).distinct().order_by(CourseEdition.course)):
            person_id = entry.account.person_id
            enrolment = person_id and current_enrolment(session, person_id, course)
            if not enrolment:
                continue
            content = content_of(session, portal.library, entry, course, now=now)
            edition = portal.library.edition(course, enrolment.edition.edition)
            unfinished = [edition.quiz(quiz).title for quiz in open_attempts(session, enrolment.id)]
            courses.append(
                _Course(
                    course,
                    enrolment.edition.title,
                    len(content.attempts),
                    len(content.lessons),
                    tuple(unfinished),
                )
            )
        code = shown_code(entry.class_code) if entry.class_code else ""
        return _Shown(as_code(entry.return_code), code, entry.joined_at, tuple(courses))


def _file(portal: Portal, account_id: int, course: str, code: str = "") -> tuple[bytes, str]:
    """The file and its name; under ``code`` (plain) in place of the one that was kept."""
    with reading(portal.engine) as session:
        entry = _entry(session, account_id)
        try:
            content = content_of(session, portal.library, entry, course, now=portal.clock())
        except WorkshopRefused as refused:
            raise not_found() from refused
        if code:
            content = msgspec.structs.replace(content, class_name=name_of(code))
        made = encode(content, signer_of(portal.data), code or entry.class_code or "")
    who = f"{content.participant.full_name} {content.participant.unit_name}"
    name = re.sub(r"[^a-z0-9]+", "-", fold(who)).strip("-")[:80] or "hoc-vien"
    return made, f"ket-qua-{name}{ENDING}"


class TakeHomeHandler(HallHandler):
    """The page."""

    async def get(self) -> None:
        await self.show({})

    async def post(self) -> None:
        typed = self.get_body_argument("class_code", "")[:100]
        try:
            await self.run(self.keep_code, typed)
        except EntryRefused as refused:
            self.set_status(400)
            await self.show({"class_code": str(refused)}, typed)
            return
        self.redirect(self.portal.url("mang-ket-qua-ve") + "?da-ghi=1", status=303)

    def keep_code(self, typed: str) -> None:
        with writing(self.portal.engine) as session:
            change_class_code(_entry(session, self.me.account_id), typed)

    async def show(self, errors: dict[str, str], typed: str | None = None) -> None:
        shown = await self.run(_look, self.portal, self.me.account_id)
        self.render_page(
            "workshop_take_home.html",
            shown=shown,
            errors=errors,
            class_code=shown.class_code if typed is None else typed,
            saved=self.get_query_argument("da-ghi", "") == "1",
            ending=ENDING,
            organiser_host=urlsplit(self.reports_to).netloc,
            place=[(_("Khóa học của tôi"), self.portal.url("khoa-hoc")), (_("Mang kết quả về"), None)],
        )


class FileHandler(HallHandler):
    """The file; with POST, under the code that was typed (whether it is right is known elsewhere, so it is not kept
    yet), for a script: what is wrong with its form comes as JSON."""

    async def get(self, course: str) -> None:
        await self.send_file(course)

    async def post(self, course: str) -> None:
        typed = self.get_body_argument("class_code", "")[:100]
        try:
            if not typed.strip():
                raise EntryRefused(_("Anh/chị chưa nhập mã lớp."), "class_code")
            code = read_code(typed)
        except EntryRefused as refused:
            self.set_status(400)
            self.write({"error": {"code": "class_code", "message": str(refused)}})
            return
        await self.send_file(course, code)

    async def send_file(self, course: str, code: str = "") -> None:
        content, name = await self.run(_file, self.portal, self.me.account_id, course, code)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(content)


def take_home_pages() -> list[Route]:
    """One's own, in a hall."""
    return [
        Route(r"/mang-ket-qua-ve", TakeHomeHandler, OFFICER, "page"),
        Route(r"/mang-ket-qua-ve/(?P<course>[\w.-]+)\.isoxa\.json", FileHandler, OFFICER, "page"),
    ]
