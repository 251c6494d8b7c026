"""What the pages of enrolment share: whose scope counts, the acts and their words, parts of the quality system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from isoxa_courses.text import VIETNAM
from isoxa_grading.enrolment import NO_ROLE
from isoxa_grading.records.tables import BatchKind, QualityRole, Role

from ..errors import PortalError
from ..handlers import PortalHandler
from ..i18n import gettext as _
from .view import Place

__all__ = ["ENROLLERS", "Act", "EnrolHandler", "acts", "day_typed", "quality_roles", "sheet_of"]

ENROLLERS = frozenset({Role.DEPARTMENT, Role.ADMIN})
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Act:
    """One of the acts: its slug in addresses, its title, what it does in a sentence, and its button.

    ``done``: a sentence with %(count)s of what was done.
    """

    slug: str
    kind: BatchKind
    title: str
    about: str
    button: str
    done: str


def acts() -> list[Act]:
    """In the order of the page."""
    return [
        Act(
            "ghi-danh", BatchKind.ENROL, _("Ghi danh vào khóa học"),
            _("Cử người vào học một khóa: theo đơn vị, vai trò hoặc danh sách."),
            _("Ghi danh %(count)s người"), _("Đã ghi danh %(count)s người."),
        ),
        Act(
            "doi-han", BatchKind.DUE, _("Đổi hạn hoàn thành"),
            _("Đặt hạn mới hoặc bỏ hạn cho những người đang học."),
            _("Đổi hạn của %(count)s người"), _("Đã đổi hạn của %(count)s người."),
        ),
        Act(
            "mien-hoc", BatchKind.WAIVE, _("Miễn học"),
            _("Người được miễn không còn bị tính là nợ; lý do lưu cùng hồ sơ."),
            _("Miễn học cho %(count)s người"), _("Đã miễn học cho %(count)s người."),
        ),
        Act(
            "bo-mien-hoc", BatchKind.END_WAIVER, _("Bỏ miễn học"),
            _("Người đã được miễn nay phải học lại như trước, theo hạn đã đặt; lý do lưu cùng hồ sơ."),
            _("Bỏ miễn học của %(count)s người"), _("Đã bỏ miễn học của %(count)s người."),
        ),
        Act(
            "thoi-hoc", BatchKind.WITHDRAW, _("Cho thôi học"),
            _("Đưa ra khỏi khóa học; những gì đã học vẫn còn. Ghi danh lại được."),
            _("Cho %(count)s người thôi học"), _("Đã cho %(count)s người thôi học."),
        ),
    ]  # fmt: skip


def quality_roles() -> list[tuple[str, str, str]]:
    """Value, slug and words of each part in the quality system, and of none."""
    return [
        (QualityRole.LEADER.value, "lanh-dao", _("Lãnh đạo")),
        (QualityRole.ISO_SECRETARY.value, "thu-ky-iso", _("Thư ký ISO")),
        (QualityRole.ONE_STOP.value, "mot-cua", _("Một cửa")),
        (QualityRole.SPECIALIST.value, "chuyen-mon", _("Chuyên môn")),
        (QualityRole.INTERNAL_AUDITOR.value, "danh-gia-vien", _("Đánh giá viên nội bộ")),
        (NO_ROLE, "chua-ghi", _("Chưa ghi vai trò")),
    ]


def day_typed(typed: str) -> date | None:
    """A day typed as 31/12/2026; nothing typed is None. Raises ``ValueError`` for the person who typed it."""
    if not typed:
        return None
    try:
        return datetime.strptime(typed, "%d/%m/%Y").date()
    except ValueError:
        raise ValueError(
            _("“%(typed)s” không phải ngày. Hãy viết như 31/12/2026.") % {"typed": typed[:40]}
        ) from None


def sheet_of(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """An XLSX with one sheet of texts: nothing that people typed becomes a formula, a link or a number."""
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(title)
        bold = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "border": 1}
        )
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
            longest = max([len(head), *(len(row[column]) for row in rows[:500])])
            sheet.set_column(column, column, min(60, longest + 3), text)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, text)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(rows)), len(heads) - 1)
    return stream.getvalue()


class EnrolHandler(PortalHandler):
    """A page for departments and administrators, over the units of either role."""

    @property
    def scope(self) -> list[str]:
        """Paths of the units this account may enrol."""
        found = {path for role in ENROLLERS for path in self.me.scope_paths(role)}
        return sorted(found, key=lambda path: (len(path), path))

    @property
    def today(self) -> date:
        return self.portal.clock().astimezone(VIETNAM).date()

    def place(self, *inner: tuple[str, str | None]) -> Place:
        return [(_("Ghi danh"), self.portal.url("ghi-danh") if inner else None), *inner]

    def malformed(self) -> PortalError:
        return PortalError(400, "bad_request", _("Yêu cầu không hợp lệ. Chưa có gì thay đổi."))

    def send_sheet(self, content: bytes, name: str) -> None:
        self.set_header("Content-Type", _SHEET)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(content)
