"""The trainer's pages of hand-written assignments: who handed in, how far grading is, all work to take away.

A trainer sees the work of officers in the units of the role. Marks are given by stock nbgrader (`isoxa course
grade-assignment`) and in formgrader, and are shown here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from isoxa_grading.handins import (
    Assignment,
    GradebookUnreadable,
    Graded,
    HandedIn,
    NoSuchHandIn,
    Stage,
    Standing,
    courses_with_assignments,
    find_assignment,
    graded_of,
    hand_in_within,
    handed_in_within,
    run_notes,
    standing_of,
    submitted_zip,
    versions_of,
)
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import HandIn, Role

from ..errors import not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .assignments import read_kept, send_file
from .assignments_view import (
    attachment,
    due_words,
    group_rows,
    stage_status,
    version_line,
)
from .view import Place, Status, paged

__all__ = ["hand_in_pages"]

TRAINER = frozenset({Role.TRAINER})
PAGE = 30


@dataclass(frozen=True)
class AssignmentCard:
    """``handed_in``, ``graded``, ``waiting``: people of the scope; ``waiting`` for a person to judge."""

    title: str
    url: str
    course: str
    due: str
    handed_in: int
    graded: int
    waiting: int


@dataclass(frozen=True)
class Line:
    """A person's newest version; ``points`` None: nothing is graded yet."""

    name: str
    unit: str
    url: str
    number: int
    received_at: datetime
    late: bool
    state: Status
    points: Decimal | None
    max_points: Decimal


@dataclass(frozen=True)
class _Seen:
    assignment: Assignment
    one: HandedIn
    versions: list[HandIn]
    standing: Standing
    notes: tuple[str, ...]
    problem: str


def _graded(assignment: Assignment, students: list[str]) -> tuple[dict[str, Graded], str]:
    try:
        return graded_of(assignment.folder, assignment.name, students), ""
    except GradebookUnreadable as error:
        return {}, str(error)


def _cards(portal: Portal, scope: list[str]) -> list[AssignmentCard]:
    with reading(portal.engine) as session:
        found = [
            (one, handed_in_within(session, one.course, one.name, scope))
            for one in courses_with_assignments(portal.data, session)
        ]
    cards = []
    for assignment, people in found:
        graded, _problem = _graded(assignment, [one.student for one in people])
        # By the gradebook alone: the reports of runs are read for the page of the assignment, thirty at a time.
        marked = [
            graded[one.student]
            for one in people
            if one.student in graded
            and (graded[one.student].submitted_at or one.hand_in.received_at) >= one.hand_in.received_at
        ]
        cards.append(
            AssignmentCard(
                assignment.title,
                portal.url(f"cham-bai/bai-tap/{assignment.course}/{assignment.name}"),
                assignment.course,
                due_words(assignment.due),
                len(people),
                sum(not one.waiting for one in marked),
                sum(bool(one.waiting) for one in marked),
            )
        )
    return cards


def _people(portal: Portal, scope: list[str], course: str, name: str) -> tuple[Assignment, list[HandedIn]]:
    with reading(portal.engine) as session:
        try:
            assignment = find_assignment(portal.data, session, course, name)
        except NoSuchHandIn:
            raise not_found() from None
        return assignment, handed_in_within(session, course, name, scope)


def _lines(portal: Portal, assignment: Assignment, people: list[HandedIn]) -> tuple[list[Line], str]:
    graded, problem = _graded(assignment, [one.student for one in people])
    lines = []
    for one in people:
        row = one.hand_in
        standing = standing_of(assignment, row.person_id, row.received_at, graded.get(one.student))
        shown = standing.marks if not standing.earlier else None
        lines.append(
            Line(
                one.name,
                one.unit,
                portal.url(f"cham-bai/bai-nop/{row.id}"),
                row.number,
                row.received_at,
                assignment.late(row.received_at),
                stage_status(standing.stage),
                shown.points if shown else None,
                shown.max_points if shown else assignment.max_points,
            )
        )
    return lines, problem


def _seen(portal: Portal, scope: list[str], hand_in: str) -> _Seen:
    with reading(portal.engine) as session:
        try:
            one = hand_in_within(session, hand_in, scope)
            assignment = find_assignment(portal.data, session, one.hand_in.course, one.hand_in.assignment)
        except NoSuchHandIn:
            raise not_found() from None
        versions = versions_of(session, assignment.course, assignment.name, one.hand_in.person_id)
    graded, problem = _graded(assignment, [one.student])
    person_id = one.hand_in.person_id
    standing = standing_of(assignment, person_id, versions[0].received_at, graded.get(one.student))
    return _Seen(assignment, one, versions, standing, run_notes(assignment, person_id), problem)


class _TrainerHandler(PortalHandler):
    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.TRAINER)

    def place(self, *inner: tuple[str, str | None]) -> Place:
        return [(_("Chấm bài"), self.portal.url("cham-bai")), *inner]

    @property
    def all_url(self) -> str:
        return self.portal.url("cham-bai/bai-tap")


class AssignmentsHandler(_TrainerHandler):
    """ "Bài tập thực hành": each with how many handed in and how far grading is."""

    async def get(self) -> None:
        cards = await self.run(_cards, self.portal, self.scope)
        self.render_page("hand_ins.html", cards=cards, place=self.place((_("Bài tập thực hành"), None)))


class PeopleHandler(_TrainerHandler):
    """One assignment: who handed in."""

    async def get(self, course: str, assignment: str) -> None:
        found, people = await self.run(_people, self.portal, self.scope, course, assignment)
        url = f"{self.all_url}/{found.course}/{found.name}"
        pager = paged(people, self.get_query_argument("trang", ""), PAGE, url, {})
        lines, problem = await self.run(_lines, self.portal, found, pager.items)
        self.render_page(
            "hand_ins_of.html",
            assignment=found,
            here=url,
            due=due_words(found.due),
            lines=lines,
            pager=pager,
            problem=problem,
            command=f"isoxa course grade-assignment {found.name} --course {found.course}",
            place=self.place((_("Bài tập thực hành"), self.all_url), (found.title, None)),
        )


class AllWorkHandler(_TrainerHandler):
    """Everybody's newest version as nbgrader's ``submitted`` folder."""

    async def get(self, course: str, assignment: str) -> None:
        found, people = await self.run(_people, self.portal, self.scope, course, assignment)
        self.set_header("Content-Type", "application/zip")
        self.set_header("Content-Disposition", attachment(f"bai-nop-{found.name}.zip"))
        parts = submitted_zip(self.portal.data, people)
        while (part := await self.run(next, parts, None)) is not None:
            self.write(part)
            await self.flush()
        self.finish()


class HandInHandler(_TrainerHandler):
    """One person's work: versions, files, marks, what grading noticed."""

    async def get(self, hand_in: str) -> None:
        seen = await self.run(_seen, self.portal, self.scope, hand_in)
        assignment, standing = seen.assignment, seen.standing
        root = self.portal.url("cham-bai/bai-nop")
        self.render_page(
            "hand_in.html",
            assignment=assignment,
            name=seen.one.name,
            unit=seen.one.unit,
            student=seen.one.student,
            state=stage_status(standing.stage),
            due=due_words(assignment.due),
            versions=[
                version_line(assignment, row, f"{root}/{row.id}", newest=index == 0)
                for index, row in enumerate(seen.versions)
            ],
            standing=standing,
            groups=group_rows(assignment, standing.marks) if standing.marks else [],
            notes=seen.notes,
            problem=seen.problem,
            failed=standing.stage is Stage.FAILED,
            place=self.place(
                (_("Bài tập thực hành"), self.all_url),
                (assignment.title, f"{self.all_url}/{assignment.course}/{assignment.name}"),
                (seen.one.name, None),
            ),
        )


class HandInFileHandler(_TrainerHandler):
    """One file of it."""

    async def get(self, hand_in: str, index: str) -> None:
        seen = await self.run(_seen, self.portal, self.scope, hand_in)
        send_file(self, *await self.run(read_kept, self.portal, seen.one.hand_in, int(index)))


def hand_in_pages() -> list[Route]:
    """The list of assignments, who handed in, all work, one person's work, one file."""
    one = r"/cham-bai/bai-tap/(?P<course>[\w.-]+)/(?P<assignment>[\w.-]+)"
    version = r"/cham-bai/bai-nop/(?P<hand_in>[0-9a-f]{32})"
    return [
        Route(r"/cham-bai/bai-tap/?", AssignmentsHandler, TRAINER, "page"),
        Route(one, PeopleHandler, TRAINER, "page"),
        Route(rf"{one}/bai-nop\.zip", AllWorkHandler, TRAINER, "page"),
        Route(version, HandInHandler, TRAINER, "page"),
        Route(rf"{version}/(?P<index>[0-9]{{1,4}})", HandInFileHandler, TRAINER, "page"),
    ]
