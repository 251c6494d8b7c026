"""The administrator's roster: choose a file, see what each row would do, decide the doubtful ones, confirm, undo."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import date, datetime

from isoxa_courses.text import clean
from isoxa_grading.records.roster import DecisionRefused, RosterError, UndoRefused
from isoxa_grading.records.roster.columns import COLUMNS, REQUIRED
from isoxa_grading.records.roster.sheets import LARGEST_FILE
from isoxa_grading.records.tables import Role
from tornado.web import stream_request_body

from ..errors import not_found
from ..i18n import gettext as _
from ..roster_jobs import Job, Key
from ..routes import Route
from . import roster_uploads
from .admin_base import ADMIN, AdminHandler
from .environment import number
from .roster_uploads import Upload
from .roster_view import tiles
from .roster_work import (
    Shown,
    choose,
    import_upload,
    imported,
    left_out_of,
    preview_of,
    read_upload,
    undo,
    unit_names,
    upload_of,
)
from .streamed_form import StreamedForm
from .view import with_query

__all__ = ["roster_pages"]

# A file that is ready within this time is shown at once; for any other a page tells how far it is.
PATIENCE = 2.0
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class EnrolForm:
    """``course``: id, or "" to enrol nobody; ``due``: a day as typed."""

    course: str
    due: str = ""


class _RosterHandler(AdminHandler):
    @property
    def units(self) -> dict[int, str]:
        """Unit id → path of the units this administrator has."""
        return {unit_id: path for role, unit_id, path in self.me.grants if role == Role.ADMIN}

    def key(self, ticket: str) -> Key:
        return self.me.account_id, ticket

    async def upload(self, ticket: str) -> Upload:
        return await self.run(upload_of, self.portal, self.me.account_id, ticket, self.units)

    def read(self, upload: Upload) -> Job:
        """Begin to read the file."""
        account_id, portal = self.me.account_id, self.portal
        return portal.roster_jobs.start(
            self.key(upload.ticket), "read", lambda job: read_upload(portal, account_id, upload, job)
        )

    async def settled(self, job: Job) -> bool:
        """Wait a little; whether the job is done."""
        waited = asyncio.wrap_future(job.future)
        # What it raised is asked of the job; asyncio would log that nobody asked here.
        waited.add_done_callback(lambda one: one.cancelled() or one.exception())
        await asyncio.wait([waited], timeout=PATIENCE)
        return job.future.done()

    async def show_form(self, errors: Mapping[str, str]) -> None:
        names = await self.run(unit_names, self.portal, list(self.units))
        self.render_page(
            "roster.html",
            errors=errors,
            scopes=names,
            columns=[(name, column in REQUIRED) for column, name in COLUMNS.items()],
            megabytes=LARGEST_FILE // 2**20,
            place=self.place((_("Nhập danh sách"), None)),
        )

    async def refuse(self, message: str) -> None:
        """The file cannot be used: the form again, with why."""
        self.set_status(400)
        await self.show_form({"file": message})

    def send_sheet(self, content: bytes, name: str) -> None:
        self.set_header("Content-Type", _SHEET)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(content)


@stream_request_body
class UploadHandler(StreamedForm, _RosterHandler):
    """ "Nhập danh sách": the file."""

    largest_files = LARGEST_FILE

    async def get(self) -> None:
        await self.show_form({})

    async def post(self) -> None:
        if not self.read_form():
            await self.refuse(self.too_large())
            return
        files = self.request.files.get("file", [])
        chosen = self.get_body_argument("scope", "")
        units = self.units
        scope = (
            int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else next(iter(units))
        )
        if scope not in units:
            raise not_found()
        if not files or not files[0]["body"]:
            await self.refuse(_("Anh/chị chưa chọn tệp, hoặc tệp rỗng."))
            return
        name, content = clean(files[0]["filename"])[:200] or "danh-sach", files[0]["body"]
        if len(content) > LARGEST_FILE:
            await self.refuse(self.too_large())
            return
        ticket = await self.run(
            roster_uploads.keep,
            self.portal.data,
            self.me.account_id,
            name,
            content,
            scope,
            self.portal.clock(),
        )
        job = self.read(await self.upload(ticket))
        if await self.settled(job) and isinstance(job.future.exception(), RosterError):
            roster_uploads.discard(self.portal.data, self.me.account_id, ticket)
            await self.refuse(str(job.future.exception()))
            return
        self.redirect(self.portal.url(f"quan-tri/danh-sach/{ticket}"), status=303)

    def too_large(self) -> str:
        return _("Tệp lớn hơn %(size)s MB. Chưa có gì được ghi; xin tách thành nhiều tệp nhỏ hơn.") % {
            "size": number(LARGEST_FILE // 2**20)
        }


class ConfirmHandler(_RosterHandler):
    """The preview of a kept file: decide, take the rows left out away, "Xác nhận nhập"."""

    async def get(self, ticket: str) -> None:
        job = self.portal.roster_jobs.get(self.key(ticket))
        if job is not None and job.kind == "import":
            await self.tell(ticket, job)
            return
        upload = await self.upload(ticket)
        if self.portal.roster_jobs.file(self.key(ticket)) is None:
            job = job or self.read(upload)
            if not await self.settled(job):
                self.wait(upload.name, job)
                return
            problem = job.future.exception()
            self.portal.roster_jobs.forget(self.key(ticket))
            if isinstance(problem, RosterError):
                roster_uploads.discard(self.portal.data, self.me.account_id, ticket)
                await self.refuse(str(problem))
                return
            if problem is not None:
                raise problem
        shown = await self.preview(upload)
        first = shown.courses[0][0] if shown.courses else ""
        self.show(ticket, shown, EnrolForm(first), {}, self.get_query_argument("da-ghi", "") == "1")

    async def post(self, ticket: str) -> None:
        job = self.portal.roster_jobs.get(self.key(ticket))
        if job is not None and job.kind == "import":
            # Pressed twice: the import goes on, once.
            self.redirect(self.portal.url(f"quan-tri/danh-sach/{ticket}"), status=303)
            return
        upload = await self.upload(ticket)
        form = EnrolForm(self.get_body_argument("course", ""), clean(self.get_body_argument("due", "")))
        keys = self.get_body_arguments("dong", strip=False)
        texts = self.get_body_arguments("chon")
        if len(keys) != len(texts):
            raise self.malformed()
        chosen = {key: text[:100] for key, text in zip(keys, texts, strict=True)}
        errors: dict[str, str] = {}
        changed, due = False, None
        try:
            changed = await self.run(choose, self.portal, self.me.account_id, upload, chosen)
            due = _day(form.due)
        except DecisionRefused as problem:
            errors[""] = str(problem)
        except ValueError as problem:
            errors["due"] = str(problem)
        if errors:
            self.set_status(400)
            self.show(ticket, await self.preview(await self.upload(ticket)), form, errors)
            return
        if changed or self.get_body_argument("viec", "") != "nhap":
            # What has not been seen is not imported: the choices may have changed other rows.
            query = {"da-ghi": "1", "loai": self.get_argument("loai", "")}
            self.redirect(with_query(self.portal.url(f"quan-tri/danh-sach/{ticket}"), query), status=303)
            return
        portal, me, now = self.portal, self.me, self.portal.clock()
        job = portal.roster_jobs.start(
            self.key(ticket),
            "import",
            lambda job: import_upload(portal, me, upload, form.course, due, now, job),
        )
        if await self.settled(job):
            await self.tell(ticket, job)
            return
        self.redirect(self.portal.url(f"quan-tri/danh-sach/{ticket}"), status=303)

    async def preview(self, upload: Upload) -> Shown:
        url = self.portal.url(f"quan-tri/danh-sach/{upload.ticket}")
        tab, page = self.get_argument("loai", ""), self.get_argument("trang", "")
        return await self.run(preview_of, self.portal, self.me.account_id, upload, tab, page, url)

    async def tell(self, ticket: str, job: Job) -> None:
        """How far the import is, or what came of it."""
        if not await self.settled(job):
            self.wait("", job)
            return
        try:
            import_id = job.future.result()
        except (Exception, CancelledError):
            # Nothing was written; the preview is still there for another try.
            self.portal.roster_jobs.forget(self.key(ticket))
            raise
        done = "quan-tri/danh-sach/xong" + ("" if import_id is None else f"/{import_id}")
        self.redirect(self.portal.url(done), status=303)

    def wait(self, name: str, job: Job) -> None:
        self.set_header("Refresh", "1")
        self.render_page(
            "roster_wait.html",
            file_name=name,
            stages=[
                (words, _order(stage) - _order(job.stage))
                for stage, words in (
                    ("reading", _("Đọc tệp")),
                    ("matching", _("Đối chiếu với hồ sơ")),
                    *([("writing", _("Ghi vào hồ sơ"))] if job.kind == "import" else []),
                )
            ],
            importing=job.kind == "import",
            rows=job.rows,
            seconds=job.seconds,
            place=self.place((_("Nhập danh sách"), self.portal.url("quan-tri/danh-sach"))),
        )

    def show(
        self, ticket: str, shown: Shown, form: EnrolForm, errors: dict[str, str], saved: bool = False
    ) -> None:
        self.render_page(
            "roster_preview.html",
            preview=shown,
            ticket=ticket,
            form=form,
            errors=errors,
            saved=saved,
            course_options=[*shown.courses, ("", _("Không ghi danh"))],
            place=self.place(
                (_("Nhập danh sách"), self.portal.url("quan-tri/danh-sach")), (_("Xem trước"), None)
            ),
        )


class LeftOutHandler(_RosterHandler):
    """The rows a preview leaves out, as XLSX with the reasons."""

    async def get(self, ticket: str) -> None:
        upload = await self.upload(ticket)
        content = await self.run(left_out_of, self.portal, self.me.account_id, upload)
        self.send_sheet(content, "dong-chua-nhap.xlsx")


class ImportedHandler(_RosterHandler):
    """What an import did, for administrators whose scope holds all of it; and taking it back."""

    async def get(self, import_id: str | None = None) -> None:
        await self.show(import_id, {})

    async def post(self, import_id: str | None = None) -> None:
        if import_id is None:
            raise not_found()
        await self.run(imported, self.portal, self.me, self.scope, int(import_id))
        if self.get_body_argument("viec", "") != "hoan-tac":
            raise self.malformed()
        try:
            await self.run(undo, self.portal, self.me, self.scope, int(import_id), self.portal.clock())
        except UndoRefused as refused:
            self.set_status(409)
            errors = {"": str(refused)}
            await self.show(import_id, errors, [str(one) for one in refused.held])
            return
        self.redirect(self.portal.url(f"quan-tri/danh-sach/xong/{int(import_id)}"), status=303)

    async def show(
        self, import_id: str | None, errors: dict[str, str], held: list[str] | None = None
    ) -> None:
        found = None
        if import_id is not None:
            found = await self.run(imported, self.portal, self.me, self.scope, int(import_id))
        summary = found.summary if found else {}
        self.render_page(
            "roster_result.html",
            found=found,
            tiles=tiles(summary) if found else [],
            accounts=summary.get("accounts", 0),
            enrolled=summary.get("enrolled", 0),
            errors=errors,
            held=held or [],
            place=self.place(
                (_("Nhập danh sách"), self.portal.url("quan-tri/danh-sach")), (_("Đã nhập"), None)
            ),
        )


class ImportedLeftOutHandler(_RosterHandler):
    """The rows an import left out, for the account that imported, within a day."""

    async def get(self, import_id: str) -> None:
        await self.run(imported, self.portal, self.me, self.scope, int(import_id))
        file = roster_uploads.left_out(self.portal.data, self.me.account_id, int(import_id))
        if file is None:
            raise not_found()
        self.send_sheet(await self.run(file.read_bytes), "dong-chua-nhap.xlsx")


def _order(stage: str) -> int:
    return ("reading", "matching", "writing").index(stage)


def _day(typed: str) -> date | None:
    """A day typed as 31/12/2026; nothing typed is None. Raises ``ValueError`` for the person who typed it."""
    if not typed:
        return None
    try:
        return datetime.strptime(typed, "%d/%m/%Y").date()
    except ValueError:
        raise ValueError(
            _("“%(typed)s” không phải ngày. Hãy viết như 31/12/2026.") % {"typed": typed}
        ) from None


def roster_pages() -> list[Route]:
    """Upload, preview, rows left out, result."""
    base = r"/quan-tri/danh-sach"
    return [
        Route(rf"{base}/?", UploadHandler, ADMIN, "page"),
        Route(rf"{base}/xong(?:/(?P<import_id>[0-9]{{1,9}}))?", ImportedHandler, ADMIN, "page"),
        Route(
            rf"{base}/xong/(?P<import_id>[0-9]{{1,9}})/chua-nhap\.xlsx", ImportedLeftOutHandler, ADMIN, "page"
        ),
        Route(rf"{base}/(?P<ticket>[0-9a-f]{{32}})", ConfirmHandler, ADMIN, "page"),
        Route(rf"{base}/(?P<ticket>[0-9a-f]{{32}})/chua-nhap\.xlsx", LeftOutHandler, ADMIN, "page"),
    ]
