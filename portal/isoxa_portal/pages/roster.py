"""The administrator's roster: choose a file, see what each row would do, confirm, see what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from isoxa_courses.text import clean
from isoxa_grading.records.roster import RosterError, RowKind, read_roster
from isoxa_grading.records.roster.columns import COLUMNS, REQUIRED
from isoxa_grading.records.roster.opening import LARGEST_FILE
from isoxa_grading.records.tables import Role

from ..errors import not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..routes import Route
from . import roster_uploads
from .environment import number
from .roster_work import Preview, import_upload, preview_of, summary_of, unit_names
from .view import Place, Tile

__all__ = ["roster_pages"]

ADMIN = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class EnrolForm:
    """``course``: id, or "" to enrol nobody; ``due``: a day as typed."""

    course: str
    due: str = ""


class _RosterHandler(PortalHandler):
    def place(self, *inner: tuple[str, str | None]) -> Place:
        return [(_("Quản trị"), self.portal.url("quan-tri")), *inner]

    @property
    def units(self) -> dict[int, str]:
        """Unit id → path of the units this administrator has."""
        return {unit_id: path for role, unit_id, path in self.me.grants if role == Role.ADMIN}


class UploadHandler(_RosterHandler):
    """ "Nhập danh sách": the file."""

    async def get(self) -> None:
        await self.show({})

    async def post(self) -> None:
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
            await self.refuse(
                _("Tệp lớn hơn %(size)s MB. Chưa có gì được ghi; xin tách thành nhiều tệp nhỏ hơn.")
                % {"size": number(LARGEST_FILE // 2**20)}
            )
            return
        try:
            await self.run(read_roster, content, name)
        except RosterError as problem:
            await self.refuse(str(problem))
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
        self.redirect(self.portal.url(f"quan-tri/danh-sach/{ticket}"), status=303)

    async def refuse(self, message: str) -> None:
        self.set_status(400)
        await self.show({"file": message})

    async def show(self, errors: Mapping[str, str]) -> None:
        names = await self.run(unit_names, self.portal, list(self.units))
        self.render_page(
            "roster.html",
            errors=errors,
            scopes=names,
            columns=[(name, column in REQUIRED) for column, name in COLUMNS.items()],
            megabytes=LARGEST_FILE // 2**20,
            place=self.place((_("Nhập danh sách"), None)),
        )


class ConfirmHandler(_RosterHandler):
    """The preview of a kept file, and "Xác nhận nhập"."""

    async def get(self, ticket: str) -> None:
        preview = await self.run(preview_of, self.portal, self.me.account_id, ticket, self.units)
        first = preview.courses[0][0] if preview.courses else ""
        self.show(ticket, preview, EnrolForm(first), {})

    async def post(self, ticket: str) -> None:
        form = EnrolForm(self.get_body_argument("course", ""), clean(self.get_body_argument("due", "")))
        now = self.portal.clock()
        try:
            due = _day(form.due)
        except ValueError as problem:
            preview = await self.run(preview_of, self.portal, self.me.account_id, ticket, self.units)
            self.set_status(400)
            self.show(ticket, preview, form, {"due": str(problem)})
            return
        result = await self.run(
            import_upload, self.portal, self.me, ticket, self.units, form.course, due, now
        )
        if result.import_id is None:
            self.redirect(self.portal.url("quan-tri/danh-sach/xong"), status=303)
        else:
            self.redirect(self.portal.url(f"quan-tri/danh-sach/xong/{result.import_id}"), status=303)

    def show(self, ticket: str, preview: Preview, form: EnrolForm, errors: dict[str, str]) -> None:
        counts = preview.counts
        total = counts["total"] - counts[RowKind.REFUSED] - counts[RowKind.DOUBTFUL]
        self.render_page(
            "roster_preview.html",
            preview={
                "file_name": preview.file_name,
                "ticket": ticket,
                "tiles": _tiles(counts),
                "importable": total > 0,
                "rows": preview.rows,
                "more": total > len(preview.rows),
                "total": total,
                "refused": preview.refused,
            },
            form=form,
            errors=errors,
            course_options=[*preview.courses, ("", _("Không ghi danh"))],
            place=self.place(
                (_("Nhập danh sách"), self.portal.url("quan-tri/danh-sach")), (_("Xem trước"), None)
            ),
        )


class ImportedHandler(_RosterHandler):
    """What an import did; its own administrator sees it."""

    async def get(self, import_id: str | None = None) -> None:
        summary: dict[str, int] = {}
        if import_id is not None:
            summary = await self.run(summary_of, self.portal, self.me.account_id, int(import_id))
        self.render_page(
            "roster_result.html",
            tiles=_tiles(summary) if summary else [],
            nothing=not summary,
            accounts=summary.get("accounts", 0),
            enrolled=summary.get("enrolled", 0),
            place=self.place(
                (_("Nhập danh sách"), self.portal.url("quan-tri/danh-sach")), (_("Đã nhập"), None)
            ),
        )


def _tiles(counts: Mapping[str, int]) -> list[Tile]:
    left_out = counts["refused"] + counts.get("doubtful", 0)  # imports of before have no doubtful rows
    return [
        Tile("good", number(counts["new"]), _("người mới")),
        Tile("now", number(counts["changed"]), _("người có thay đổi")),
        Tile("wait", number(counts["moved"]), _("người chuyển đơn vị")),
        Tile("none", number(counts["unchanged"]), _("người không đổi")),
        Tile("bad" if left_out else "none", number(left_out), _("dòng không nhập được")),
    ]


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
    """Upload, preview, result."""
    return [
        Route(r"/quan-tri/danh-sach/?", UploadHandler, ADMIN, "page"),
        Route(r"/quan-tri/danh-sach/xong(?:/(?P<import_id>[0-9]{1,9}))?", ImportedHandler, ADMIN, "page"),
        Route(r"/quan-tri/danh-sach/(?P<ticket>[0-9a-f]{32})", ConfirmHandler, ADMIN, "page"),
    ]
