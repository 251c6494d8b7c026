"""What stands in each table of the completion report, under which heading: one list for page and files.

Everything here is read by officers and departments, so it is in Vietnamese.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

from isoxa_courses.text import format_date, format_number

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import QualityRole

from .report import CommuneRow, CompletionReport, OfficerRow, OnePersonReason, OnePersonRow
from .results import ResultRow

R = TypeVar("R")
Value = str | int | float | date | None

STATE_WORDS: dict[State, str] = {
    State.NOT_ENROLLED: "Chưa đăng ký",
    State.NOT_STARTED: "Chưa bắt đầu",
    State.IN_PROGRESS: "Học dở dang",
    State.WAITING_FOR_GRADING: "Chờ chấm",
    State.COMPLETED: "Hoàn thành",
    State.COMPLETED_LATE: "Hoàn thành muộn",
    State.EXPIRED: "Hết hiệu lực",
    State.WAIVED: "Được miễn",
}

ROLE_WORDS: dict[QualityRole, str] = {
    QualityRole.LEADER: "Lãnh đạo",
    QualityRole.ISO_SECRETARY: "Thư ký ISO",
    QualityRole.ONE_STOP: "Bộ phận Một cửa",
    QualityRole.SPECIALIST: "Chuyên môn",
    QualityRole.INTERNAL_AUDITOR: "Đánh giá viên nội bộ",
}

REASON_WORDS: dict[OnePersonReason, str] = {
    OnePersonReason.ONE_REGISTERED: "Chỉ cử một người",
    OnePersonReason.ONE_TRAINED: "Chỉ một người đã hoàn thành",
}

NOBODY_SENT_MEANS = "Chưa cử ai: đơn vị chưa có cán bộ, công chức nào đăng ký khóa học."
ONE_PERSON_MEANS = (
    "Chỉ có một người: đơn vị chỉ cử một người đi học, hoặc cử nhiều người nhưng mới một người hoàn thành. "
    "Người ấy chuyển công tác thì đơn vị không còn ai đã được đào tạo."
)
OVERDUE_MEANS = "Quá hạn: đã qua ngày đến hạn mà chưa hoàn thành (chưa bắt đầu, học dở dang hoặc chờ chấm)."
SHARE_MEANS = "Tỷ lệ hoàn thành: số người hoàn thành trên số người đăng ký, không kể người được miễn."


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column: ``kind`` says how a value is shown (a share is 0–1), ``width`` is in characters."""

    heading: str
    kind: Literal["text", "number", "share", "day"]
    value: Callable[[R], Value]
    width: int


COMMUNES: tuple[Column[CommuneRow], ...] = (
    Column("Tỉnh, thành phố", "text", lambda row: row.province, 22),
    Column("Mã đơn vị", "text", lambda row: row.code, 11),
    Column("Đơn vị", "text", lambda row: row.name, 30),
    Column("Đăng ký", "number", lambda row: row.registered, 10),
    Column("Chưa bắt đầu", "number", lambda row: row.not_started, 14),
    Column("Học dở dang", "number", lambda row: row.in_progress, 13),
    Column("Đã học được (bình quân)", "share", lambda row: row.progress_share, 16),
    Column("Hoạt động gần nhất", "day", lambda row: row.last_activity, 14),
    Column("Chờ chấm", "number", lambda row: row.waiting_for_grading, 11),
    Column("Hoàn thành", "number", lambda row: row.completed, 12),
    Column("Trong đó muộn", "number", lambda row: row.completed_late, 12),
    Column("Hết hiệu lực", "number", lambda row: row.expired, 12),
    Column("Được miễn", "number", lambda row: row.waived, 11),
    Column("Quá hạn", "number", lambda row: row.overdue, 10),
    Column("Tỷ lệ hoàn thành", "share", lambda row: row.share_completed, 13),
)

OFFICERS: tuple[Column[OfficerRow], ...] = (
    Column("Tỉnh, thành phố", "text", lambda row: row.province, 22),
    Column("Đơn vị", "text", lambda row: row.commune, 30),
    Column("Họ và tên", "text", lambda row: row.full_name, 28),
    Column("Chức danh", "text", lambda row: row.position, 28),
    Column("Vai trò", "text", lambda row: _role(row), 20),
    Column("Trạng thái", "text", lambda row: STATE_WORDS[row.state], 18),
    Column("Đã học được", "share", lambda row: row.share_done, 12),
    Column("Hoạt động gần nhất", "day", lambda row: row.last_activity, 14),
    Column("Điểm cao nhất", "share", lambda row: row.best_score, 12),
    Column("Ngày hoàn thành", "day", lambda row: row.completed_on, 14),
    Column("Ngày đến hạn", "day", lambda row: row.due_on, 13),
    Column("Quá hạn", "text", lambda row: "Quá hạn" if row.overdue else None, 10),
)

RESULTS: tuple[Column[ResultRow], ...] = (
    Column("Tỉnh, thành phố", "text", lambda row: row.province, 22),
    Column("Đơn vị", "text", lambda row: row.commune, 30),
    Column("Họ và tên", "text", lambda row: row.full_name, 28),
    Column("Bài kiểm tra", "text", lambda row: row.quiz_title, 34),
    Column("Số lần nộp", "number", lambda row: row.attempts, 10),
    Column(
        "Điểm cao nhất", "text", lambda row: None if row.points is None else format_number(row.points), 12
    ),
    Column("Điểm tối đa", "text", lambda row: format_number(row.max_points), 11),
    Column("Tỷ lệ điểm", "share", lambda row: row.share, 11),
    Column("Kết quả", "text", lambda row: "Đạt" if row.passed else "Chưa đạt", 11),
    Column("Ngày nộp gần nhất", "day", lambda row: row.last_submitted, 14),
)

NOBODY_SENT: tuple[Column[CommuneRow], ...] = COMMUNES[:3]

ONE_PERSON_ONLY: tuple[Column[OnePersonRow], ...] = (
    Column("Tỉnh, thành phố", "text", lambda row: row.commune.province, 22),
    Column("Mã đơn vị", "text", lambda row: row.commune.code, 11),
    Column("Đơn vị", "text", lambda row: row.commune.name, 30),
    Column("Lý do", "text", lambda row: REASON_WORDS[row.reason], 28),
    Column("Đăng ký", "number", lambda row: row.commune.registered, 10),
    Column("Hoàn thành", "number", lambda row: row.commune.completed, 12),
    Column("Họ và tên", "text", lambda row: row.officer.full_name, 28),
    Column("Chức danh", "text", lambda row: row.officer.position, 28),
    Column("Trạng thái", "text", lambda row: STATE_WORDS[row.officer.state], 18),
)

FIGURES: tuple[Column[CompletionReport], ...] = (
    Column("Số đơn vị cấp xã", "number", lambda report: report.figures.communes, 0),
    Column("Đơn vị chưa cử ai", "number", lambda report: report.figures.communes_nobody_sent, 0),
    Column("Đơn vị chỉ có một người", "number", lambda report: report.figures.communes_one_person_only, 0),
    Column("Người đăng ký", "number", lambda report: report.figures.registered, 0),
    Column("Chưa bắt đầu", "number", lambda report: report.figures.not_started, 0),
    Column("Học dở dang", "number", lambda report: report.figures.in_progress, 0),
    Column("Chờ chấm", "number", lambda report: report.figures.waiting_for_grading, 0),
    Column("Hoàn thành", "number", lambda report: report.figures.completed, 0),
    Column("Trong đó hoàn thành muộn", "number", lambda report: report.figures.completed_late, 0),
    Column("Hết hiệu lực", "number", lambda report: report.figures.expired, 0),
    Column("Được miễn", "number", lambda report: report.figures.waived, 0),
    Column("Quá hạn", "number", lambda report: report.figures.overdue, 0),
    Column("Tỷ lệ hoàn thành", "share", lambda report: report.figures.share_completed, 0),
)


def heading_lines(report: CompletionReport) -> list[str]:
    """What stands above every table of a file: course, scope, day, and what the reader narrowed it to."""
    edition = f" (phiên bản {report.edition})" if report.edition else ""
    lines = [
        f"Khóa học: {report.course_title}{edition}",
        f"Phạm vi: {', '.join(report.scope_names) or 'không có đơn vị nào'}",
        f"Tính đến ngày: {format_date(report.as_of)}",
    ]
    if report.filters.role is not None:
        lines.append(f"Chỉ tính người giữ vai trò: {ROLE_WORDS[report.filters.role]}")
    wanted = []
    if report.filters.state is not None:
        wanted.append(f"trạng thái {STATE_WORDS[report.filters.state].lower()}")
    if report.filters.overdue:
        wanted.append("quá hạn")
    if report.filters.text.strip():
        wanted.append(f"tìm “{report.filters.text.strip()}”")
    if wanted:
        lines.append(f"Bảng theo xã và học viên đã lọc: {', '.join(wanted)}")
    return lines


def _role(row: OfficerRow) -> str | None:
    return None if row.quality_role is None else ROLE_WORDS[row.quality_role]
