"""What goes wrong at the border, as one exception with a status, a code and words for the person who reads it.

Every domain error that reaches a handler is turned into a `PortalError` here; the page handlers show its message
on a page, the API handlers send it as JSON. Nothing else of an exception (its class, its traceback) leaves the server.

    PortalError(status, code, message)
    ├── 400 bad_request, malformed, answer      ├── 413 too_large
    ├── 401 signed_out                          ├── 415 content_type
    ├── 403 forbidden, xsrf, preview            ├── 429 slow_down
    ├── 404 not_found                           ├── 503 busy, full
    └── 409 stale, closed, refused              └── 507 disk_full
"""

from __future__ import annotations

from typing import Any

from .i18n import gettext as _


class CannotServe(Exception):
    """The portal cannot be started as it is set up; the message (Vietnamese) says why and what to do."""


class PortalError(Exception):
    """An answer other than success: HTTP status, a code for programs, a Vietnamese message for people.

    ``extra`` is added to the JSON answer beside ``error`` (for example ``newer`` of a stale write);
    ``retry_after`` is in seconds.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        extra: dict[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.extra = extra or {}
        self.retry_after = retry_after


def not_found() -> PortalError:
    """404: there is no such thing, or it is not theirs; the two look the same."""
    return PortalError(
        404, "not_found", _("Không tìm thấy nội dung anh/chị cần. Xin kiểm tra lại đường dẫn.")
    )


def forbidden() -> PortalError:
    """403: signed in, but without the role."""
    return PortalError(403, "forbidden", _("Tài khoản của anh/chị không được dùng phần này."))


def signed_out() -> PortalError:
    """401: nobody is signed in."""
    return PortalError(
        401, "signed_out", _("Anh/chị chưa đăng nhập hoặc phiên đã hết hạn. Xin đăng nhập lại.")
    )


def bad_xsrf() -> PortalError:
    """403: the change request did not come from a page of ours."""
    return PortalError(
        403,
        "xsrf",
        _("Trang này đã mở quá lâu nên chưa gửi được. Dữ liệu chưa thay đổi; xin tải lại trang rồi làm lại."),
    )


def message_of(status: int) -> tuple[str, str]:
    """Code and message for a status that carries no words of its own."""
    messages = {
        400: ("bad_request", _("Yêu cầu không hợp lệ. Chưa có gì thay đổi.")),
        401: ("signed_out", signed_out().message),
        403: ("forbidden", forbidden().message),
        404: ("not_found", not_found().message),
        405: ("method", _("Địa chỉ này không nhận thao tác đó.")),
        413: ("too_large", _("Nội dung gửi lên quá lớn nên chưa được lưu. Xin rút gọn rồi gửi lại.")),
        503: ("busy", _("Hệ thống đang bận. Chưa có gì bị mất; xin thử lại sau ít giây.")),
    }
    fallback = (
        "unexpected",
        _(
            "Hệ thống gặp lỗi. Những gì đã báo lưu thì vẫn còn; xin thử lại, nếu còn lỗi hãy báo người quản trị."
        ),
    )
    return messages.get(status, fallback)
