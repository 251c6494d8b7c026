"""The trainer's pages of hand-written assignments: who handed in, how far grading is, all work to take away.

A trainer sees the work of officers in the units of the role. Marks are given by stock nbgrader, run by the button here
or by `isoxa grade`, and in formgrader, and are shown here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from isoxa_courses.text import format_datetime
from isoxa_grading.handins import (
    Assignment,
    GradebookUnreadable,
    Graded,
    HandedIn,
    Marks,
    NoSuchHandIn,
    OwnWork,
    Run,
    RunUnderWay,
    Stage,
    ask_for_run,
    courses_with_assignments,
    find_assignment,
    for_person,
    graded_of,
    granted_of,
    hand_in_within,
    handed_in_within,
    last_run,
    own_work,
    run_notes,
    run_under_way,
    standing_of,
    submitted_zip,
    why_no_run,
)
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import Role
from isoxa_grading.reports.editions import published_editions

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
    own_due_words,
    stage_status,
    version_line,
)
from .environment import number
from .view import Place, Status, paged

__all__ = ["HandInsHandler", "hand_in_pages"]

TRAINER = frozenset({Role.TRAINER})
PAGE = 30
_LOOK_AGAIN_SECONDS = 5


@dataclass(frozen=True)
class AssignmentCard:
    """``course``: its title. ``handed_in``, ``graded``, ``waiting``, ``unmarked``: people of the scope; those wait for
    a person to judge, and of the unmarked the newest version has no marks at all."""

    title: str
    url: str
    course: str
    due: str
    handed_in: int
    graded: int
    waiting: int
    unmarked: int


@dataclass(frozen=True)
class Line:
    """A person's newest version, in words; ``points`` "–": nothing is graded yet."""

    name: str
    unit: str
    url: str
    number: int
    received: str
    state: Status
    points: str


@dataclass(frozen=True)
class _Seen:
    one: HandedIn
    own: OwnWork
    notes: tuple[str, ...]


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
        titles = {
            course: published_editions(session, course, None)[0].title
            for course in {one.course for one, _people in found}
        }
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
                titles[assignment.course],
                due_words(assignment.due),
                len(people),
                sum(not one.waiting for one in marked),
                sum(bool(one.waiting) for one in marked),
                len(people) - len(marked),
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
    with reading(portal.engine) as session:
        people_ids = [one.hand_in.person_id for one in people]
        granted = granted_of(session, assignment.course, assignment.name, people_ids)
    lines = []
    for one in people:
        row = one.hand_in
        theirs = for_person(assignment, granted.get(row.person_id))
        standing = standing_of(assignment, row.person_id, row.received_at, graded.get(one.student))
        shown = standing.marks if not standing.earlier else None
        lines.append(
            Line(
                one.name,
                one.unit,
                portal.url(f"cham-bai/bai-nop/{row.id}"),
                row.number,
                _received(row.received_at, late=theirs.late(row.received_at)),
                stage_status(standing.stage),
                _of_most(shown) if shown else "–",
            )
        )
    return lines, problem


def _received(at: datetime, *, late: bool) -> str:
    time = format_datetime(at)
    return _("%(time)s (muộn)") % {"time": time} if late else time


def _of_most(marks: Marks) -> str:
    return _("%(points)s trên %(max)s") % {"points": number(marks.points), "max": number(marks.max_points)}


def _seen(portal: Portal, scope: list[str], hand_in: str) -> _Seen:
    with reading(portal.engine) as session:
        try:
            one = hand_in_within(session, hand_in, scope)
            assignment = find_assignment(portal.data, session, one.hand_in.course, one.hand_in.assignment)
        except NoSuchHandIn:
            raise not_found() from None
        own = own_work(session, assignment, one.hand_in.person_id)
    return _Seen(one, own, run_notes(assignment, one.hand_in.person_id))


class HandInsHandler(PortalHandler):
    """What the trainer's pages of assignments share."""

    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.TRAINER)

    def place(self, *inner: tuple[str, str | None]) -> Place:
        return [(_("Chấm bài"), self.portal.url("cham-bai")), *inner]

    @property
    def all_url(self) -> str:
        return self.portal.url("cham-bai/bai-tap")


@dataclass(frozen=True)
class RunPanel:
    """What stands beside the button: ``running`` or, if none is, the ``last`` run this trainer asked for; ``mine``:
    of the running one; ``why_not``: why nothing can be run here."""

    running: Run | None
    mine: bool
    last: Run | None
    why_not: str


def _run_panel(portal: Portal, account_id: int) -> RunPanel:
    with reading(portal.engine) as session:
        running = run_under_way(session)
        last = last_run(session, account_id)
    mine = running is not None and running.by_account_id == account_id
    return RunPanel(running, mine, last, "" if running else why_no_run(portal.data))


class AssignmentsHandler(HandInsHandler):
    """ "Bài tập thực hành": each with how many handed in and how far grading is, and the button that grades."""

    async def get(self) -> None:
        await self.show("")

    async def post(self) -> None:
        portal, now = self.portal, self.portal.clock()
        refusal = await self.run(why_no_run, portal.data)
        if not refusal:
            try:
                await self.run(ask_for_run, portal.engine, self.me.account_id, self.scope, now)
            except RunUnderWay as problem:
                refusal = problem.message
        if refusal:
            self.set_status(409)
            await self.show(refusal)
            return
        portal.hand_ins.request()
        self.redirect(self.all_url, status=303)

    async def show(self, refusal: str) -> None:
        """The page, with why a press began nothing."""
        cards = await self.run(_cards, self.portal, self.scope)
        panel = await self.run(_run_panel, self.portal, self.me.account_id)
        if panel.running is not None and not refusal:
            self.set_header("Refresh", str(_LOOK_AGAIN_SECONDS))
        self.render_page(
            "hand_ins.html",
            cards=cards,
            run=panel,
            refusal=refusal,
            here=self.all_url,
            place=self.place((_("Bài tập thực hành"), None)),
        )


class PeopleHandler(HandInsHandler):
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
            all_url=self.all_url,
            place=self.place((_("Bài tập thực hành"), self.all_url), (found.title, None)),
        )


class AllWorkHandler(HandInsHandler):
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


class HandInHandler(HandInsHandler):
    """One person's work: versions, files, marks, what grading noticed."""

    async def get(self, hand_in: str) -> None:
        seen = await self.run(_seen, self.portal, self.scope, hand_in)
        own, assignment, standing = seen.own, seen.own.assignment, seen.own.standing
        root = self.portal.url("cham-bai/bai-nop")
        here = f"{self.all_url}/{assignment.course}/{assignment.name}"
        self.render_page(
            "hand_in.html",
            assignment=assignment,
            name=seen.one.name,
            unit=seen.one.unit,
            student=seen.one.student,
            state=stage_status(standing.stage),
            due=own_due_words(own),
            versions=[
                version_line(assignment, row, f"{root}/{row.id}", newest=index == 0)
                for index, row in enumerate(own.versions)
            ],
            standing=standing,
            groups=group_rows(assignment, standing.marks) if standing.marks else [],
            notes=seen.notes,
            problem=own.problem,
            failed=standing.stage is Stage.FAILED,
            grant_url=f"{here}/gia-han/{seen.one.hand_in.person_id}",
            place=self.place(
                (_("Bài tập thực hành"), self.all_url), (assignment.title, here), (seen.one.name, None)
            ),
        )


class HandInFileHandler(HandInsHandler):
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
