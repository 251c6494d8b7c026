"""The audit log's actions and details, as administrators read them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from isoxa_grading.records.tables import Role

from ..i18n import gettext as _
from .account_list import role_words
from .environment import number

__all__ = ["action_words", "actions", "detail_words"]


def actions() -> dict[str, str]:
    """Action → words, in the order of the filter; what is not here is shown by its own name."""
    return {
        "account.created": _("Tạo tài khoản"),
        "activation.issued": _("Cấp mã kích hoạt"),
        "account.activated": _("Kích hoạt tài khoản"),
        "account.password_set": _("Đặt mật khẩu"),
        "account.disabled": _("Khóa tài khoản"),
        "account.enabled": _("Mở khóa tài khoản"),
        "session.ended": _("Kết thúc phiên đăng nhập"),
        "reset.requested": _("Báo quên mật khẩu"),
        "reset.dismissed": _("Bỏ qua báo quên mật khẩu"),
        "role.granted": _("Cấp vai trò"),
        "role.revoked": _("Thu hồi vai trò"),
        "person.created": _("Thêm người"),
        "person.changed": _("Đổi thông tin theo danh sách"),
        "person.moved": _("Chuyển đơn vị"),
        "person.corrected": _("Sửa thông tin cá nhân"),
        "person.erased": _("Xóa thông tin cá nhân"),
        "data_request.made": _("Gửi yêu cầu về thông tin cá nhân"),
        "data_request.answered": _("Trả lời yêu cầu về thông tin cá nhân"),
        "roster.imported": _("Nhập danh sách"),
        "roster.undone": _("Hoàn tác lần nhập danh sách"),
        "enrolment.created": _("Ghi danh"),
        "enrolment.due_changed": _("Đổi hạn hoàn thành"),
        "enrolment.again": _("Ghi danh lại"),
        "enrolment.waived": _("Miễn học"),
        "enrolment.waiver_ended": _("Bỏ miễn học"),
        "enrolment.withdrawn": _("Cho thôi học"),
        "reminder.queued": _("Xếp thư nhắc học"),
        "grade.given": _("Chấm bài"),
        "grade.changed": _("Chấm lại"),
        "attempt.extra_given": _("Cho làm thêm một lần"),
        "attempt.reopened": _("Mở lại bài đã nộp"),
        "certificate.revoked": _("Thu hồi giấy chứng nhận"),
        "certificate.reissued": _("Cấp lại giấy chứng nhận"),
        "effect.reviewed": _("Ghi đánh giá hiệu lực"),
        "workshop.opened": _("Mở lớp tập huấn"),
        "workshop.paced": _("Mở, đóng bài cho cả lớp tập huấn"),
        "workshop.result_recorded": _("Ghi kết quả tập huấn"),
        "workshop.sendings_discarded": _("Bỏ các tệp tập huấn gửi về đang chờ"),
        "workshop.vouched": _("Bảo đảm cho tệp tập huấn gửi về"),
        "workshop.vouching_ended": _("Thôi bảo đảm cho tệp tập huấn gửi về"),
        "edition.published": _("Phát hành khóa học"),
        "assignment.released": _("Phát hành bài tự soạn"),
        "assignment.graded": _("Chấm bài tự soạn"),
        "assignment.due": _("Đặt hạn nộp bài tự soạn"),
        "assignment.run_asked": _("Cho máy chấm các bài tự soạn mới nộp"),
        "assignment.extended": _("Gia hạn nộp bài tự soạn"),
        "assignment.version_granted": _("Cho nộp bài tự soạn thêm một lần"),
        "person.import_undone": _("Trả lại như trước lần nhập"),
        "demo.filled": _("Nạp dữ liệu trình diễn"),
    }


def action_words(action: str) -> str:
    """One action in words."""
    return actions().get(action, action)


def detail_words(action: str, detail: Mapping[str, Any]) -> str:
    """What is worth reading of an event's detail, on one line."""
    labels = {
        "reason": _("lý do"),
        "role": _("vai trò"),
        "file": _("tệp"),
        "new": _("mới"),
        "changed": _("thay đổi"),
        "moved": _("chuyển"),
        "refused": _("không nhập"),
        "accounts": _("tài khoản"),
        "enrolled": _("ghi danh"),
        "queued": _("số thư"),
        "to_call": _("cần gọi điện"),
        "sessions": _("số phiên"),
        "points": _("điểm"),
        "slot": _("câu"),
        "due_on": _("hạn"),
        "course": _("khóa học"),
        "edition": _("bản"),
        "fields": _("mục"),
        "number": _("số giấy"),
        "replaces": _("thay cho"),
        "steps": _("số bước được mở"),
    }
    fields = {
        "full_name": _("họ và tên"),
        "staff_code": _("mã cán bộ"),
        "birth_date": _("ngày sinh"),
        "birth_year": _("năm sinh"),
        "phone": _("điện thoại"),
        "email": _("thư điện tử"),
    }
    parts = []
    for name, words in labels.items():
        value = detail.get(name)
        if value in (None, "", [], {}):
            continue
        if name == "role":
            value = next((role_words(role) for role in Role if role == value), value)
        elif name == "fields" and isinstance(value, list):
            value = ", ".join(fields.get(str(one), str(one)) for one in value)
        elif name == "points":
            value = number(Decimal(str(value)))
        elif not isinstance(value, str | int | float):
            continue
        parts.append(f"{words}: {value}")
    return "; ".join(parts)
