"""Titles, meanings and columns of the call lists. Read by departments, so in Vietnamese."""

from __future__ import annotations

from .call_rows import CallRow, Contact, ListKind
from .columns import REASON_WORDS, ROLE_WORDS, STATE_WORDS, Column

TITLES: dict[ListKind, str] = {
    ListKind.NOBODY_SENT: "Chưa cử ai",
    ListKind.ONE_PERSON_ONLY: "Chỉ có một người",
    ListKind.OVERDUE: "Quá hạn",
    ListKind.DUE_SOON: "Sắp đến hạn",
    ListKind.WAITING_FOR_GRADING: "Chờ chấm",
    ListKind.EXPIRING_SOON: "Đạt nhưng sắp hết hiệu lực",
    ListKind.ROLES_WITHOUT_ANYONE: "Vai trò chưa có ai",
}

MEANS: dict[ListKind, str] = {
    ListKind.NOBODY_SENT: "Đơn vị chưa có cán bộ, công chức nào đăng ký khóa học.",
    ListKind.ONE_PERSON_ONLY: (
        "Đơn vị chỉ cử một người đi học, hoặc cử nhiều người nhưng mới một người hoàn thành. Người ấy chuyển công "
        "tác thì đơn vị không còn ai đã được đào tạo."
    ),
    ListKind.OVERDUE: "Đã qua ngày đến hạn mà chưa hoàn thành (chưa bắt đầu, học dở dang hoặc chờ chấm).",
    ListKind.DUE_SOON: "Chưa hoàn thành, còn không quá 14 ngày là đến hạn.",
    ListKind.WAITING_FOR_GRADING: "Bài đã nộp, chờ giảng viên chấm; mỗi bài một dòng.",
    ListKind.EXPIRING_SOON: "Đã hoàn thành, còn không quá 60 ngày là hết hiệu lực; cần học lại để gia hạn.",
    ListKind.ROLES_WITHOUT_ANYONE: (
        "Ở đơn vị chưa có ai giữ vai trò này đã hoàn thành khóa học; mỗi đơn vị và vai trò một dòng."
    ),
}

_PLACE: tuple[Column[CallRow], ...] = (
    Column("Tỉnh, thành phố", "text", lambda row: row.province, 22),
    Column("Mã đơn vị", "text", lambda row: row.code, 11),
    Column("Đơn vị", "text", lambda row: row.commune, 30),
)
_OFFICER: tuple[Column[CallRow], ...] = (
    Column("Họ và tên", "text", lambda row: row.full_name, 28),
    Column("Chức danh", "text", lambda row: row.position, 28),
    Column(
        "Vai trò", "text", lambda row: None if row.quality_role is None else ROLE_WORDS[row.quality_role], 20
    ),
)
_STATE: Column[CallRow] = Column(
    "Trạng thái", "text", lambda row: None if row.state is None else STATE_WORDS[row.state], 18
)
_DUE: Column[CallRow] = Column("Ngày đến hạn", "day", lambda row: row.due_on, 13)
_NOBODY = Contact(None, None)


def _of(row: CallRow) -> Contact:
    return row.contact or _NOBODY


_REACH: tuple[Column[CallRow], ...] = (
    Column("Điện thoại", "text", lambda row: _of(row).phone, 14),
    Column("Thư điện tử", "text", lambda row: _of(row).email, 28),
)
_CALL: tuple[Column[CallRow], ...] = (
    Column("Người liên hệ", "text", lambda row: _of(row).name, 28),
    Column("Chức danh người liên hệ", "text", lambda row: _of(row).position, 28),
    *_REACH,
)

COLUMNS: dict[ListKind, tuple[Column[CallRow], ...]] = {
    ListKind.NOBODY_SENT: (
        *_PLACE,
        Column("Cán bộ có trong danh sách", "number", lambda row: row.serving, 14),
        *_CALL,
    ),
    ListKind.ONE_PERSON_ONLY: (
        *_PLACE,
        Column("Lý do", "text", lambda row: None if row.reason is None else REASON_WORDS[row.reason], 28),
        *_OFFICER,
        _STATE,
        *_CALL,
    ),
    ListKind.OVERDUE: (
        *_PLACE,
        *_OFFICER,
        _STATE,
        _DUE,
        Column("Số ngày quá hạn", "number", lambda row: None if row.days is None else -row.days, 10),
        *_REACH,
    ),
    ListKind.DUE_SOON: (
        *_PLACE,
        *_OFFICER,
        _STATE,
        _DUE,
        Column("Số ngày còn lại", "number", lambda row: row.days, 10),
        *_REACH,
    ),
    ListKind.WAITING_FOR_GRADING: (
        *_PLACE,
        *_OFFICER,
        Column("Bài kiểm tra", "text", lambda row: row.quiz_title, 34),
        Column("Ngày nộp", "day", lambda row: row.waiting_since, 13),
        *_CALL,
    ),
    ListKind.EXPIRING_SOON: (
        *_PLACE,
        *_OFFICER,
        Column("Hiệu lực đến hết ngày", "day", lambda row: row.valid_until, 14),
        *_REACH,
    ),
    ListKind.ROLES_WITHOUT_ANYONE: (
        *_PLACE,
        Column(
            "Vai trò",
            "text",
            lambda row: None if row.missing_role is None else ROLE_WORDS[row.missing_role],
            22,
        ),
        Column("Số người giữ vai trò", "number", lambda row: row.serving, 12),
        *_CALL,
    ),
}
