"""The people of the scope with how far they are: found by name, unit and state, ticked, and handed to an act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from isoxa_courses.text import clean, fold
from isoxa_grading.completion import State
from isoxa_grading.enrolment import Learner, Selection, learners
from isoxa_grading.enrolment.learners import owing
from isoxa_grading.enrolment.reminding import DUE_SOON_DAYS
from isoxa_grading.enrolment.selection import serving_select
from isoxa_grading.records.database import reading
from sqlalchemy import func, select

from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .enrolment_base import ENROLLERS, EnrolHandler, acts
from .enrolment_view import PersonRow, person_rows
from .published import published_courses
from .unit_field import NoSuchUnit, named_unit, offered_units
from .view import Pager, paged, with_query

__all__ = ["MOST_LISTED", "LearnerQuery", "Listed", "learner_pages"]

MOST_LISTED = 20_000
PAGE = 50


@dataclass(frozen=True)
class LearnerQuery:
    """As in the address; ``state``: a slug of ``states()`` or ""."""

    course: str = ""
    unit: str = ""
    text: str = ""
    state: str = ""
    page: str = ""

    def address(self) -> dict[str, str]:
        """Back into an address."""
        return {"khoa": self.course, "don-vi": self.unit, "tim": self.text, "trang-thai": self.state}


@dataclass(frozen=True)
class Listed:
    """``wide``: too many people to list, a unit must be chosen first."""

    query: LearnerQuery
    rows: list[PersonRow]
    pager: Pager[Learner] | None
    total: int
    wide: int
    courses: list[tuple[str, str]]
    units: list[str]
    error: str


def states() -> list[tuple[str, str]]:
    """The filter's choices."""
    return [
        ("", _("Tất cả")),
        ("chua-ghi-danh", _("Chưa ghi danh")),
        ("chua-bat-dau", _("Chưa bắt đầu")),
        ("dang-hoc", _("Đang học")),
        ("sap-den-han", _("Đến hạn trong 14 ngày")),
        ("qua-han", _("Quá hạn")),
        ("hoan-thanh", _("Hoàn thành")),
        ("duoc-mien", _("Được miễn")),
    ]


def fitting(state: str, today: date) -> Callable[[Learner], bool]:
    """Whether somebody is in the state of that slug."""
    soon = today + timedelta(days=DUE_SOON_DAYS)
    tests: dict[str, Callable[[Learner], bool]] = {
        "chua-ghi-danh": lambda one: not one.enrolled,
        "chua-bat-dau": lambda one: one.state is State.NOT_STARTED,
        "dang-hoc": lambda one: one.state in (State.IN_PROGRESS, State.WAITING_FOR_GRADING),
        "sap-den-han": lambda one: (
            one.enrolled and not one.done and one.due_on is not None and today <= one.due_on <= soon
        ),
        "qua-han": lambda one: one.overdue(today),
        "hoan-thanh": lambda one: one.state in (State.COMPLETED, State.COMPLETED_LATE),
        "duoc-mien": lambda one: one.state is State.WAIVED,
    }
    return tests.get(state, lambda _one: True)


def listed(portal: Portal, scope: Sequence[str], query: LearnerQuery, today: date, url: str) -> Listed:
    """The people who fit."""
    with reading(portal.engine) as session:
        courses = published_courses(session)
        course = query.course if query.course in dict(courses) else (courses[0][0] if courses else "")
        query = LearnerQuery(course, query.unit, query.text, query.state, query.page)
        units, error, selection = offered_units(session, scope), "", Selection()
        if query.unit:
            try:
                selection = Selection(units=(named_unit(session, scope, query.unit).id,))
            except NoSuchUnit as problem:
                return Listed(query, [], None, 0, 0, courses, units, str(problem))
        among = (
            owing(course) if query.state in ("chua-bat-dau", "dang-hoc", "sap-den-han", "qua-han") else None
        )
        count = select(func.count()).select_from(serving_select(session, selection, scope, among))
        many = session.scalar(count) or 0
        if many > MOST_LISTED:
            return Listed(query, [], None, 0, many, courses, units, "")
        found = learners(session, selection, course=course, scope_paths=scope, day=today, among=among)
    wanted, fits = fold(query.text), fitting(query.state, today)
    found = [one for one in found if fits(one) and wanted in fold(one.full_name)]
    pager = paged(found, query.page, PAGE, url, query.address())
    return Listed(query, person_rows(pager.items, today), pager, len(found), 0, courses, units, error)


class LearnersHandler(EnrolHandler):
    """``/ghi-danh/nguoi-hoc``"""

    async def get(self) -> None:
        query = LearnerQuery(
            course=self.get_query_argument("khoa", "")[:80],
            unit=clean(self.get_query_argument("don-vi", ""))[:200],
            text=clean(self.get_query_argument("tim", ""))[:100],
            state=self.get_query_argument("trang-thai", ""),
            page=self.get_query_argument("trang", ""),
        )
        url = self.portal.url("ghi-danh/nguoi-hoc")
        found = await self.run(listed, self.portal, self.scope, query, self.today, url)
        errors = {"don-vi": found.error} if found.error else {}
        if errors:
            self.set_status(400)
        self.render_page(
            "learners.html",
            found=found,
            states=states(),
            errors=errors,
            acts=acts(),
            here=with_query(url, found.query.address()),
            place=self.place((_("Danh sách người học"), None)),
        )


def learner_pages() -> list[Route]:
    """The list."""
    return [Route(r"/ghi-danh/nguoi-hoc", LearnersHandler, ENROLLERS, "page")]
