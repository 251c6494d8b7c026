"""The officer's pages of hand-written assignments: take the notebook away, hand it in, read what it got.

What is sent here is never run and never rendered: it is checked, kept, and put where the caged worker finds it. A file
goes back to its owner as a download alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isoxa_grading.handins import (
    LIMITS,
    TAKEN,
    Assignment,
    Granted,
    HandInRefused,
    NoSuchHandIn,
    OwnWork,
    Stage,
    Standing,
    Upload,
    assignments_of,
    find_assignment,
    hand_in,
    mark_seen,
    own_work,
    own_work_in,
    place_of,
    too_large,
)
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import HandIn
from isoxa_grading.work_products.fixed_zip import zip_parts
from tornado.web import stream_request_body

from ..course_access import CourseAccess, course_access
from ..errors import PortalError, not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..lesson_pages import LEARNERS
from ..portal import Portal
from ..routes import Route
from .assignments_view import (
    AssignmentTask,
    attachment,
    due_words,
    group_rows,
    own_due_words,
    own_status,
    released_files,
    task_of,
    version_line,
)
from .streamed_form import StreamedForm
from .view import Place

__all__ = ["assignment_pages", "assignment_tasks", "send_file"]

_FILE_POLICY = "default-src 'none'; sandbox"


def _find(portal: Portal, course: str, name: str) -> Assignment:
    with reading(portal.engine) as session:
        try:
            return find_assignment(portal.data, session, course, name)
        except NoSuchHandIn:
            raise not_found() from None


def _own(portal: Portal, assignment: Assignment, person_id: int | None) -> OwnWork:
    if person_id is None:
        return OwnWork(assignment, (), Standing(Stage.NONE), Granted(), news=False)
    with reading(portal.engine) as session:
        return own_work(session, assignment, person_id)


def assignment_tasks(portal: Portal, person_id: int | None, courses: Sequence[str]) -> list[AssignmentTask]:
    """The assignments of these courses for the officer's lists; ``person_id`` None: a preview, without states.
    Blocks."""

    def url(one: Assignment) -> str:
        return portal.url(f"khoa-hoc/{one.course}/bai-tap/{one.name}")

    with reading(portal.engine) as session:
        if person_id is not None:
            own = own_work_in(portal.data, session, person_id, courses)
            return [task_of(one, url(one.assignment), portal.clock()) for one in own]
        found = [one for course in courses for one in assignments_of(portal.data, session, course)]
    return [AssignmentTask(one.course, one.title, url(one), due_words(one.due), None) for one in found]


def send_file(handler: PortalHandler, name: str, content: bytes) -> None:
    """Send a file to be saved, whatever is in it: no browser shows or runs it in our name."""
    handler.set_header("Content-Type", "application/octet-stream")
    handler.set_header("Content-Disposition", attachment(name))
    handler.set_header("Content-Security-Policy", _FILE_POLICY)
    handler.finish(content)


def read_kept(portal: Portal, row: HandIn, index: int) -> tuple[str, bytes]:
    """One file of a version. Raises ``PortalError`` 404."""
    if index >= len(row.files):
        raise not_found()
    name = row.files[index]["name"]
    return name, _bytes(place_of(portal.data, row.id) / name)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        # It is being released anew, or was erased, between the look and the reading.
        raise not_found() from None


class _AssignmentHandler(PortalHandler):
    async def opened(self, course: str, assignment: str) -> tuple[CourseAccess, Assignment]:
        access = await self.run(course_access, self.portal, self.me, course)
        return access, await self.run(_find, self.portal, course, assignment)


@stream_request_body
class AssignmentHandler(StreamedForm, _AssignmentHandler):
    """An assignment: its files, the form to hand in, the receipt, earlier versions, marks."""

    largest_files = LIMITS.together

    async def get(self, course: str, assignment: str) -> None:
        access, found = await self.opened(course, assignment)
        await self.show(access, found, [], self.get_query_argument("da-nop", ""))

    async def post(self, course: str, assignment: str) -> None:
        access, found = await self.opened(course, assignment)
        if not self.read_form():
            await self.refuse(access, found, [too_large()])
            return
        if access.preview or self.me.person_id is None:
            raise PortalError(
                403,
                "preview",
                _("Anh/chị đang xem thử khóa học nên không nộp bài được. Chưa có gì được gửi."),
            )
        sent = [Upload(one["filename"], one["body"]) for one in self.request.files.get("file", [])]
        portal, person_id = self.portal, self.me.person_id
        try:
            receipt = await self.run(
                hand_in, portal.data, portal.engine, found, person_id, sent, now=portal.clock()
            )
        except HandInRefused as refusal:
            await self.refuse(access, found, refusal.messages)
            return
        again = "&lai=1" if receipt.repeated else ""
        self.redirect(f"{self.url_of(access, found)}?da-nop={receipt.hand_in.id}{again}", status=303)

    def url_of(self, access: CourseAccess, assignment: Assignment) -> str:
        return f"{access.root}/bai-tap/{assignment.name}"

    async def refuse(self, access: CourseAccess, assignment: Assignment, messages: list[str]) -> None:
        """The page again, with what is wrong; what was handed in before stands."""
        self.set_status(400)
        await self.show(access, assignment, messages, "")

    async def show(
        self, access: CourseAccess, assignment: Assignment, messages: list[str], receipt: str
    ) -> None:
        person_id = None if access.preview else self.me.person_id
        own = await self.run(_own, self.portal, assignment, person_id)
        assignment, standing = own.assignment, own.standing
        url, grant = self.url_of(access, assignment), own.granted.time
        versions = [
            version_line(assignment, row, f"{url}/bai-nop/{row.id}", newest=index == 0)
            for index, row in enumerate(own.versions)
        ]
        late = assignment.late(self.portal.clock())
        place: Place = [
            (_("Khóa học của tôi"), self.portal.url("khoa-hoc")),
            (access.manifest.title, access.root),
            (assignment.title, None),
        ]
        if person_id is not None:
            await self.run(mark_seen, self.portal.engine, own, person_id, self.portal.clock())
        self.render_page(
            "assignment.html",
            assignment=assignment,
            here=url,
            state=None if person_id is None else own_status(standing, late),
            due=own_due_words(own),
            grant=grant if grant is not None and grant.due_at == assignment.due else None,
            more=own.granted.more,
            late=late,
            files=released_files(assignment, url),
            versions=versions,
            receipt=next((one for one in versions if one.id == receipt), None),
            repeated=self.get_query_argument("lai", "") == "1",
            standing=standing,
            groups=group_rows(assignment, standing.marks) if standing.marks else [],
            problem=own.problem,
            preview=person_id is None,
            messages=messages,
            errors={"file": " ".join(messages)} if messages else {},
            accept=",".join(f".{one}" for one in TAKEN),
            megabytes=LIMITS.together // 2**20,
            place=place,
        )


class ReleasedFileHandler(_AssignmentHandler):
    """One file of the release, or all of them."""

    async def get(self, course: str, assignment: str, index: str | None = None) -> None:
        _access, found = await self.opened(course, assignment)
        if index is None:
            content = await self.run(_released_zip, found)
            send_file(self, f"{found.name}.zip", content)
            return
        if int(index) >= len(found.files):
            raise not_found()
        file = found.files[int(index)]
        send_file(self, file.name, await self.run(_bytes, file.path))


def _released_zip(assignment: Assignment) -> bytes:
    entries = ((f"{assignment.name}/{file.name}", _bytes(file.path)) for file in assignment.files)
    return b"".join(zip_parts(entries))


class OwnFileHandler(_AssignmentHandler):
    """One file of a version of one's own."""

    async def get(self, course: str, assignment: str, hand_in: str, index: str) -> None:
        _access, found = await self.opened(course, assignment)
        own = await self.run(_own, self.portal, found, self.me.person_id)
        row = next((one for one in own.versions if one.id == hand_in), None)
        if row is None:
            raise not_found()
        send_file(self, *await self.run(read_kept, self.portal, row, int(index)))


def assignment_pages() -> list[Route]:
    """The page, what is released, what was handed in."""
    one = r"/khoa-hoc/(?P<course>[\w.-]+)/bai-tap/(?P<assignment>[\w.-]+)"
    version = r"(?P<hand_in>[0-9a-f]{32})"
    return [
        Route(one, AssignmentHandler, LEARNERS, "page"),
        Route(rf"{one}/de\.zip", ReleasedFileHandler, LEARNERS, "page"),
        Route(rf"{one}/de/(?P<index>[0-9]{{1,4}})", ReleasedFileHandler, LEARNERS, "page"),
        Route(rf"{one}/bai-nop/{version}/(?P<index>[0-9]{{1,4}})", OwnFileHandler, LEARNERS, "page"),
    ]
