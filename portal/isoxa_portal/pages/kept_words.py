"""The tree of what is kept about a person (`records.personal_data`), with labels that people read."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from isoxa_courses.text import format_date, format_datetime
from isoxa_grading.records.tables import Role

from ..i18n import gettext as _
from .account_list import role_words
from .audit_words import action_words

__all__ = ["label", "said"]

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\S+")


def label(name: str) -> str:
    """A field's name in words; a part of a lesson's work keeps its own."""
    return {
        "account": _("Tài khoản"),
        "username": _("Tên đăng nhập"),
        "display_name": _("Tên hiển thị"),
        "created_at": _("Tạo lúc"),
        "disabled_at": _("Khóa lúc"),
        "has_password": _("Đã đặt mật khẩu"),
        "roles": _("Vai trò"),
        "role": _("Vai trò"),
        "unit": _("Đơn vị"),
        "granted_at": _("Cấp lúc"),
        "revoked_at": _("Thu hồi lúc"),
        "sign_ins": _("Các lần đăng nhập"),
        "last_seen_at": _("Dùng lần cuối"),
        "ended_at": _("Kết thúc lúc"),
        "end_reason": _("Lý do kết thúc"),
        "user_agent": _("Trình duyệt"),
        "address": _("Địa chỉ mạng"),
        "activation_codes": _("Mã kích hoạt đã cấp"),
        "issued_at": _("Cấp lúc"),
        "expires_at": _("Hết hạn lúc"),
        "reset_requests": _("Các lần báo quên mật khẩu"),
        "requested_at": _("Gửi lúc"),
        "closed_at": _("Xử lý lúc"),
        "outcome": _("Kết quả xử lý"),
        "login_failures": _("Các lần đăng nhập sai trong giờ qua"),
        "at": _("Lúc"),
        "person": _("Hồ sơ cán bộ"),
        "full_name": _("Họ và tên"),
        "staff_code": _("Mã cán bộ"),
        "birth_date": _("Ngày sinh"),
        "birth_year": _("Năm sinh"),
        "phone": _("Điện thoại"),
        "email": _("Thư điện tử"),
        "erased_at": _("Xóa thông tin lúc"),
        "service": _("Quá trình công tác"),
        "position": _("Chức danh"),
        "quality_role": _("Vai trò trong hệ thống chất lượng"),
        "valid_from": _("Từ ngày"),
        "valid_to": _("Đến ngày"),
        "requests": _("Yêu cầu về thông tin cá nhân"),
        "kind": _("Loại"),
        "text": _("Nội dung"),
        "done": _("Đã làm"),
        "answer": _("Trả lời"),
        "enrolments": _("Khóa học"),
        "course": _("Mã khóa học"),
        "edition": _("Bản"),
        "title": _("Tên khóa học"),
        "enrolled_at": _("Ghi danh lúc"),
        "due_on": _("Hạn hoàn thành"),
        "source": _("Nguồn"),
        "facts": _("Các mốc học tập"),
        "on": _("Ngày"),
        "subject": _("Về"),
        "value": _("Giá trị"),
        "lesson_work": _("Phần luyện tập trong bài học"),
        "lesson": _("Bài học"),
        "item": _("Phần"),
        "state": _("Nội dung đã làm"),
        "saved_at": _("Lưu lúc"),
        "done_at": _("Hoàn thành lúc"),
        "attempts": _("Các lần làm bài kiểm tra"),
        "quiz": _("Bài kiểm tra"),
        "number": _("Lần"),
        "status": _("Trạng thái"),
        "started_at": _("Bắt đầu lúc"),
        "submitted_at": _("Nộp lúc"),
        "graded_at": _("Chấm xong lúc"),
        "points": _("Điểm"),
        "max_points": _("Điểm tối đa"),
        "passed": _("Đạt"),
        "answers": _("Câu trả lời đã lưu"),
        "slot": _("Câu"),
        "late": _("Gửi muộn"),
        "scores": _("Điểm từng câu"),
        "round": _("Lần nộp"),
        "reopened": _("Các lần bài được mở lại"),
        "comment": _("Nhận xét"),
        "certificates": _("Giấy chứng nhận"),
        "certificate": _("Số giấy chứng nhận"),
        "reason": _("Lý do"),
        "reminders": _("Thư nhắc học"),
        "certificate_lookups": _("Số giấy chứng nhận đã tra trong ngày qua"),
        "hand_ins": _("Bài tập thực hành đã nộp"),
        "assignment": _("Bài tập"),
        "received_at": _("Nhận lúc"),
        "files": _("Các tệp"),
        "name": _("Tên"),
        "size": _("Dung lượng (byte)"),
        "sha256": _("Mã kiểm tra (SHA-256)"),
        "workshop_entries": _("Vào lớp tập huấn"),
        "joined_at": _("Vào lớp lúc"),
        "return_code": _("Mã vào lại"),
        "class_code": _("Mã lớp"),
        "workshops": _("Kết quả mang về từ lớp tập huấn"),
        "workshop": _("Lớp"),
        "place": _("Địa điểm"),
        "file_name": _("Tên tệp"),
        "made_at": _("Tải về lúc"),
        "imported_at": _("Nhập lúc"),
        "with_class_code": _("Có mã lớp"),
        "content": _("Nội dung tệp"),
        "log": _("Nhật ký về tôi"),
        "action": _("Việc"),
    }.get(name, name)


def said(name: str, value: Any) -> str:
    """A value as people read it: days, moments, yes and no, roles, actions."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, str):
        if name == "role" and value in list(Role):
            return role_words(Role(value))
        if name == "action":
            return action_words(value)
        if _DAY.fullmatch(value):
            return format_date(date.fromisoformat(value))
        if _MOMENT.fullmatch(value):
            return format_datetime(datetime.fromisoformat(value))
    return str(value)
