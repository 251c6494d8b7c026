"""The officer's pages: "Khóa học của tôi", a course, and the result of an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from isoxa_courses.text import VIETNAM
from isoxa_grading.records.attempts.find import current_enrolments
from isoxa_grading.records.database import reading
from isoxa_grading.records.progress import course_progress, my_courses
from isoxa_grading.records.progress_views import CourseProgress, StepKind
from isoxa_grading.records.tables import AttemptStatus, Enrolment, Role
from isoxa_grading.reports.officer import workshops_of
from isoxa_grading.workshops import held_steps

from ..course_access import course_access
from ..errors import not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .assignments import assignment_tasks
from .assignments_view import AssignmentTask
from .certificates import certificate_card
from .progress import CourseCard, course_card, preview_card
from .report_officer import Line, workshop_lines
from .result import result_page
from .view import Link, Place

__all__ = ["officer_pages"]

LEARNERS = frozenset({Role.OFFICER, Role.TRAINER, Role.ADMIN})


def _courses(portal: Portal, person_id: int) -> list[CourseCard]:
    """The cards; in a hall, what its trainer has not opened yet is held back."""
    root, now = portal.url("khoa-hoc"), portal.clock()
    with reading(portal.engine) as session:
        cards = []
        for progress in my_courses(session, portal.library, person_id, now):
            held: frozenset[tuple[StepKind, str]] = frozenset()
            if portal.settings.workshop:
                held = held_steps(session, session.get_one(Enrolment, progress.enrolment_id), now)
            cards.append(course_card(progress, f"{root}/{progress.course}", held=held))
        return cards


def _course(portal: Portal, person_id: int, course: str) -> CourseProgress:
    with reading(portal.engine) as session:
        return course_progress(session, portal.library, person_id, course, portal.clock())


def _exercises(portal: Portal, person_id: int) -> list[AssignmentTask]:
    """The hand-written assignments of the person's courses."""
    with reading(portal.engine) as session:
        courses = [one.edition.course for one in current_enrolments(session, person_id)]
    return assignment_tasks(portal, person_id, courses)


def _workshops(portal: Portal, person_id: int, course: str) -> list[Line]:
    """The workshops of a course that the person has a result from."""
    today = portal.clock().astimezone(VIETNAM).date()
    with reading(portal.engine) as session:
        return workshop_lines(workshops_of(session, person_id, course, today))


@dataclass(frozen=True)
class GivenBackNotice:
    """An attempt that a trainer opened again, for the officer's page."""

    quiz: Link
    by: str
    at: datetime
    reason: str
    deadline: datetime | None


class _CourseHandler(PortalHandler):
    async def given_back(self, course: str | None = None) -> list[GivenBackNotice]:
        """The officer's attempts that wait to be handed in again: of one course, or of all."""
        if self.me.person_id is None:
            return []
        root = self.portal.url("khoa-hoc")
        return [
            GivenBackNotice(
                Link(one.quiz_title, f"{root}/{one.course}/kiem-tra/{one.quiz}"),
                one.reopened.by,
                one.reopened.at,
                one.reopened.reason,
                one.reopened.deadline,
            )
            for one in await self.run(self.portal.desk.given_back, self.me.person_id)
            if course in (None, one.course)
        ]


class CoursesHandler(_CourseHandler):
    """ "Khóa học của tôi"."""

    async def get(self) -> None:
        person = self.me.person_id
        cards = await self.run(_courses, self.portal, person) if person is not None else []
        root = self.portal.url("khoa-hoc")
        news = await self.run(self.portal.desk.unseen_feedback, person) if person is not None else []
        told = [Link(one.quiz_title, f"{root}/{one.course}/ket-qua/{one.attempt_id}") for one in news]
        given_back = await self.given_back()
        tasks = await self.run(_exercises, self.portal, person) if person is not None else []
        self.render_page(
            "courses.html",
            courses=cards,
            news=told,
            given_back=given_back,
            exercises=tasks,
            place=None,
        )


class CourseHandler(_CourseHandler):
    """A course: what there is to do, and where one stands."""

    async def get(self, course: str) -> None:
        access = await self.run(course_access, self.portal, self.me, course)
        if access.preview or self.me.person_id is None:
            card = preview_card(access)
        else:
            progress = await self.run(_course, self.portal, self.me.person_id, course)
            card = course_card(progress, access.root, access.manifest.pass_mark, access.held)
        place: Place = [(_("Khóa học của tôi"), self.portal.url("khoa-hoc")), (card.title, None)]
        given_back = [] if card.preview else await self.given_back(course)
        certificate = await self.run(certificate_card, self.portal, self.me, course)
        person_id = None if access.preview else self.me.person_id
        assignments = await self.run(assignment_tasks, self.portal, person_id, [course])
        self.render_page(
            "course.html",
            course=card,
            given_back=given_back,
            certificate=certificate,
            assignments=assignments,
            workshops=await self.run(_workshops, self.portal, person_id, course) if person_id else [],
            place=place,
        )


class ResultHandler(PortalHandler):
    """The result of one's own submitted attempt; one that is still open is gone on with."""

    async def get(self, course: str, attempt: str) -> None:
        if self.me.person_id is None:
            raise not_found()
        access = await self.run(course_access, self.portal, self.me, course)
        view = await self.run(self.portal.attempts.view, attempt, self.me.person_id, self.portal.clock())
        if view.course != course:
            raise not_found()
        if view.status is AttemptStatus.OPEN or view.result is None:
            self.redirect(f"{access.root}/kiem-tra/{view.quiz}")
            return
        lessons = {lesson.id: lesson.title for lesson in access.manifest.lessons}
        page = result_page(view, view.result, access.root, lessons)
        place: Place = [
            (_("Khóa học của tôi"), self.portal.url("khoa-hoc")),
            (access.manifest.title, access.root),
            (_("Kết quả"), None),
        ]
        await self.run(self.portal.desk.mark_seen, attempt, self.me.person_id, self.portal.clock())
        self.render_page("result.html", result=page, place=place)


def officer_pages() -> list[Route]:
    """Courses, a course, a result."""
    course = r"/khoa-hoc/(?P<course>[\w.-]+)"
    return [
        Route(r"/khoa-hoc/?", CoursesHandler, LEARNERS, "page"),
        Route(course, CourseHandler, LEARNERS, "page"),
        Route(rf"{course}/ket-qua/(?P<attempt>\w+)", ResultHandler, LEARNERS, "page"),
    ]
