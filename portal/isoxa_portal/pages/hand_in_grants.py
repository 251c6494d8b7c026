"""More time, or one more version, for one officer's assignment: found by name, granted with an audited reason."""

from __future__ import annotations

from dataclasses import dataclass

from isoxa_courses.text import clean
from isoxa_grading.handins import (
    Assignment,
    GrantStanding,
    Named,
    NoSuchHandIn,
    find_assignment,
    grant_standing,
    grant_time,
    grant_version,
    named_within,
    tell_gradebook,
)
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.desk import SupportRefused

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .assignments_view import due_words
from .hand_ins import TRAINER, HandInsHandler
from .support import day_of
from .view import Link, Place

__all__ = ["grant_pages"]

_KINDS = ("gia-han", "nop-them")


@dataclass(frozen=True)
class _Asker:
    """Who grants, for which units."""

    account_id: int
    person_id: int | None
    scope: list[str]


def _assignment(portal: Portal, course: str, name: str) -> Assignment:
    with reading(portal.engine) as session:
        try:
            return find_assignment(portal.data, session, course, name)
        except NoSuchHandIn:
            raise not_found() from None


def _named(portal: Portal, course: str, asker: _Asker, typed: str) -> tuple[list[Named], bool]:
    with reading(portal.engine) as session:
        return named_within(session, course, asker.scope, typed, me=asker.person_id)


def _standing(portal: Portal, assignment: Assignment, person: int, asker: _Asker) -> GrantStanding:
    with reading(portal.engine) as session:
        try:
            return grant_standing(session, assignment, person, asker.scope, me=asker.person_id)
        except NoSuchHandIn:
            raise not_found() from None


def _grant(
    portal: Portal, assignment: Assignment, person: int, asker: _Asker, typed: dict[str, str], kind: str
) -> None:
    """Raises ``SupportRefused``, ``PortalError`` 404."""
    now = portal.clock()
    with writing(portal.engine) as session:
        try:
            stands = grant_standing(session, assignment, person, asker.scope, me=asker.person_id)
        except NoSuchHandIn:
            raise not_found() from None
        if kind == "nop-them":
            grant_version(session, stands, typed["more_reason"], account_id=asker.account_id, now=now)
            return
        day = day_of(typed["due_on"])
        if day is None:
            raise SupportRefused(_("Ngày viết như 31/12/2026. Chưa đổi hạn; ghi lại ngày rồi lưu."))
        grant_time(session, stands, day, typed["due_reason"], account_id=asker.account_id, now=now)
    with reading(portal.engine) as session:
        tell_gradebook(session, assignment, [person])


class _GrantHandler(HandInsHandler):
    @property
    def asker(self) -> _Asker:
        return _Asker(self.me.account_id, self.me.person_id, self.scope)

    def here(self, assignment: Assignment) -> str:
        """The address of the search."""
        return f"{self.all_url}/{assignment.course}/{assignment.name}/gia-han"

    def path(self, assignment: Assignment, *inner: tuple[str, str | None]) -> Place:
        title = (assignment.title, f"{self.all_url}/{assignment.course}/{assignment.name}")
        return self.place((_("Bài tập thực hành"), self.all_url), title, *inner)


class FindHandler(_GrantHandler):
    """``/cham-bai/bai-tap/C/A/gia-han``: officers of the course by name, also those who handed in nothing."""

    async def get(self, course: str, assignment: str) -> None:
        found = await self.run(_assignment, self.portal, course, assignment)
        typed = clean(self.get_query_argument("tim", ""))[:200]
        people, more = await self.run(_named, self.portal, course, self.asker, typed)
        here = self.here(found)
        self.render_page(
            "hand_in_grant_find.html",
            assignment=found,
            due=due_words(found.due),
            people=[Link(one.name, f"{here}/{one.person_id}", one.unit) for one in people],
            more=more,
            typed=typed,
            place=self.path(found, (_("Gia hạn cho một người"), None)),
        )


class GrantHandler(_GrantHandler):
    """``/cham-bai/bai-tap/C/A/gia-han/PERSON``: one officer's forms."""

    async def get(self, course: str, assignment: str, person: str) -> None:
        found = await self.run(_assignment, self.portal, course, assignment)
        saved = self.get_query_argument("xong", "")
        await self.show(found, int(person), {}, {}, saved if saved in _KINDS else "")

    async def post(self, course: str, assignment: str, person: str) -> None:
        found = await self.run(_assignment, self.portal, course, assignment)
        kind = self.get_body_argument("viec", "")
        typed = {name: self.get_body_argument(name, "") for name in ("due_on", "due_reason", "more_reason")}
        # Who it is about is asked first: out of reach, nothing more is said.
        await self.run(_standing, self.portal, found, int(person), self.asker)
        errors: dict[str, str] = {}
        if kind not in _KINDS:
            errors = {"": _("Yêu cầu không hợp lệ. Chưa có gì thay đổi.")}
        else:
            try:
                await self.run(_grant, self.portal, found, int(person), self.asker, typed, kind)
            except SupportRefused as refused:
                in_time = "due_on" if typed["due_reason"].strip() else "due_reason"
                errors = {"more_reason" if kind == "nop-them" else in_time: refused.message}
        if errors:
            self.set_status(400)
            await self.show(found, int(person), typed, errors, "")
            return
        self.redirect(f"{self.here(found)}/{person}?xong={kind}", status=303)

    async def show(
        self, assignment: Assignment, person: int, typed: dict[str, str], errors: dict[str, str], saved: str
    ) -> None:
        """Where the officer stands and the two forms, with what was typed."""
        stands = await self.run(_standing, self.portal, assignment, person, self.asker)
        granted = stands.granted
        self.render_page(
            "hand_in_grant.html",
            one=stands,
            due=due_words(stands.assignment.due),
            grant=granted.time,
            used_up=stands.versions >= granted.most_versions,
            typed=typed,
            errors=errors,
            saved=saved,
            place=self.path(
                assignment, (_("Gia hạn cho một người"), self.here(assignment)), (stands.name, None)
            ),
        )


def grant_pages() -> list[Route]:
    """The search, and the forms of one officer."""
    one = r"/cham-bai/bai-tap/(?P<course>[\w.-]+)/(?P<assignment>[\w.-]+)/gia-han"
    return [
        Route(rf"{one}/?", FindHandler, TRAINER, "page"),
        Route(rf"{one}/(?P<person>[0-9]{{1,9}})", GrantHandler, TRAINER, "page"),
    ]
