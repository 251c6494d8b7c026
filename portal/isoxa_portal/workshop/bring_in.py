"""Bringing results in: drop many files, see what each would do, decide the doubtful ones, confirm."""

from __future__ import annotations

from dataclasses import dataclass

from isoxa_grading.records.database import reading
from isoxa_grading.workshops import (
    LEAVE_OUT,
    NEW_PERSON,
    Fate,
    Line,
    WorkshopRefused,
    find_workshop,
    preview,
    record_in_portions,
    recorded_for,
)
from tornado.web import stream_request_body

from ..errors import PortalError, not_found
from ..i18n import gettext as _
from ..pages.environment import number
from ..pages.streamed_form import StreamedForm
from ..pages.view import Status, Tile
from ..portal import Portal
from ..routes import Route
from . import uploads
from .classes import TRAINER, ClassBase, ClassHead, head_of, one_class
from .uploads import Files
from .words import fate_words, points_words

__all__ = ["bring_in_pages"]

_MOST_FILES = 500


@dataclass(frozen=True)
class _Row:
    """A file on the page. ``options``: choice and words; a single one is no choice."""

    sha256: str
    file_name: str
    name: str
    unit: str
    status: Status
    quizzes: list[str]
    practice: int | None
    message: str
    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class _Shown:
    head: ClassHead
    tiles: list[Tile]
    rows: list[_Row]
    coded: int
    ready: int


def _preview(
    portal: Portal, scope: list[str], workshop_id: int, files: Files, chosen: dict[str, str]
) -> _Shown:
    with reading(portal.engine) as session:
        workshop = find_workshop(session, workshop_id, scope)
        lines = preview(session, portal.library, workshop, files, scope_paths=scope, now=portal.clock())
        kinds = fate_words()
        order = list(kinds)
        tiles = [
            Tile(kind if count else "none", number(count), words)
            for fate, (kind, words) in kinds.items()
            for count in [sum(line.fate is fate for line in lines)]
        ]
        rows = [_row(line, kinds, chosen) for line in sorted(lines, key=lambda one: order.index(one.fate))]
        return _Shown(
            head_of(workshop),
            tiles,
            rows,
            sum(line.coded for line in lines),
            sum(row.chosen != LEAVE_OUT for row in rows),
        )


def _row(line: Line, kinds: dict[Fate, tuple[str, str]], chosen: dict[str, str]) -> _Row:
    participant, checked = line.participant, line.checked
    quizzes = [
        f"{checked.course.quiz(one.attempt.quiz).title}: "
        f"{points_words(one.points, one.max_points, len(one.waiting))}"
        for one in (checked.attempts if checked else ())
        if checked
    ]
    candidates = {recorded_for(one): one for one in line.candidates}

    def words(choice: str) -> str:
        if choice == LEAVE_OUT:
            return _("Để lại, không ghi")
        if choice == NEW_PERSON:
            return _("Thêm người mới vào danh sách")
        one = candidates[choice]
        about = ", ".join(
            part for part in (one.full_name, one.position, one.unit_name, one.staff_code) if part
        )
        return _("Ghi cho %(who)s") % {"who": about}

    choice = chosen.get(line.sha256, line.choice)
    return _Row(
        line.sha256,
        line.file_name,
        participant.full_name if participant else "",
        line.unit.name if line.unit else (participant.unit_name if participant else ""),
        Status(*kinds[line.fate]),
        quizzes,
        len(checked.done) if checked else None,
        line.message,
        [(one, words(one)) for one in line.choices] if len(line.choices) > 1 else [],
        choice if choice in line.choices else line.choice,
    )


def _record(
    portal: Portal,
    scope: list[str],
    workshop_id: int,
    files: Files,
    choices: dict[str, str],
    count_attempts: bool,
    account_id: int,
) -> int:
    """How many were recorded. The files are read before anything is locked. Raises `WorkshopRefused`."""
    now = portal.clock()
    with reading(portal.engine) as session:
        workshop = find_workshop(session, workshop_id, scope)
        lines = preview(session, portal.library, workshop, files, scope_paths=scope, now=now)
    try:
        recorded = record_in_portions(
            portal.engine,
            portal.library,
            workshop_id,
            lines,
            choices,
            scope_paths=scope,
            count_attempts=count_attempts,
            actor=account_id,
            now=now,
        )
    finally:
        # Also where a later portion failed: the earlier ones count.
        portal.attempts.after_commit.request()
    return len(recorded)


@stream_request_body
class SendHandler(ClassBase, StreamedForm):
    """The files, from the workshop's page."""

    largest_files = uploads.MOST_BYTES

    async def post(self, workshop: str) -> None:
        whole = self.read_form()
        sent = self.request.files.get("file", [])
        files = [(one["filename"], one["body"]) for one in sent if one["body"]]
        shown = await self.run(one_class, self.portal, self.scope, int(workshop))
        problem = ""
        if not whole:
            problem = _(
                "Các tệp cộng lại lớn hơn %(size)s MB. Chưa có gì được ghi; xin gửi làm nhiều lần."
            ) % {"size": number(uploads.MOST_BYTES // 2**20)}
        elif not files:
            problem = _("Anh/chị chưa chọn tệp nào, hoặc tệp rỗng.")
        elif len(files) > _MOST_FILES:
            problem = _("Mỗi lần tối đa %(count)s tệp. Chưa có gì được ghi.") % {"count": number(_MOST_FILES)}
        if problem:
            self.set_status(400)
            self.render_page(
                "workshop_class.html",
                shown=shown,
                errors={"file": problem},
                recorded="",
                discarded="",
                place=self.place((shown.head.title, None)),
            )
            return
        portal = self.portal
        ticket = await self.run(
            uploads.keep, portal.data, self.me.account_id, int(workshop), files, portal.clock()
        )
        self.redirect(portal.url(f"lop-tap-huan/{int(workshop)}/nhap/{ticket}"), status=303)


class PreviewHandler(ClassBase):
    """What each file would do; nothing is written until it is confirmed."""

    async def get(self, workshop: str, ticket: str) -> None:
        await self.show(int(workshop), ticket, {}, {})

    async def post(self, workshop: str, ticket: str) -> None:
        keys, chosen = self.get_body_arguments("tep"), self.get_body_arguments("chon")
        if len(keys) != len(chosen):
            raise PortalError(400, "bad_request", _("Yêu cầu không hợp lệ. Chưa có gì thay đổi."))
        choices = {key: value[:40] for key, value in zip(keys, chosen, strict=True)}
        portal, me = self.portal, self.me
        files = await self.files(int(workshop), ticket)
        count = self.get_body_argument("tinh_diem", "") == "1"
        try:
            recorded = await self.run(
                _record, portal, self.scope, int(workshop), files, choices, count, me.account_id
            )
        except WorkshopRefused as refused:
            self.set_status(409)
            await self.show(int(workshop), ticket, choices, {"": str(refused)})
            return
        await self.run(uploads.discard, portal.data, me.account_id, int(workshop), ticket)
        self.redirect(portal.url(f"lop-tap-huan/{int(workshop)}") + f"?da-ghi={recorded}", status=303)

    async def files(self, workshop: int, ticket: str) -> Files:
        """The files that were sent. Raises 404 for another account's, or a workshop out of scope."""
        await self.run(one_class, self.portal, self.scope, workshop)
        found = await self.run(uploads.fetch, self.portal.data, self.me.account_id, workshop, ticket)
        if found is None:
            raise not_found()
        return found

    async def show(self, workshop: int, ticket: str, chosen: dict[str, str], errors: dict[str, str]) -> None:
        files = await self.files(workshop, ticket)
        shown = await self.run(_preview, self.portal, self.scope, workshop, files, chosen)
        here = self.portal.url(f"lop-tap-huan/{workshop}")
        self.render_page(
            "workshop_preview.html",
            shown=shown,
            ticket=ticket,
            errors=errors,
            here=here,
            place=self.place((shown.head.title, here), (_("Xem trước kết quả"), None)),
        )


def bring_in_pages() -> list[Route]:
    """Sending files, and their preview."""
    one = r"/lop-tap-huan/(?P<workshop>[0-9]{1,9})/nhap"
    return [
        Route(one, SendHandler, TRAINER, "page"),
        Route(rf"{one}/(?P<ticket>[0-9a-f]{{32}})", PreviewHandler, TRAINER, "page"),
    ]
