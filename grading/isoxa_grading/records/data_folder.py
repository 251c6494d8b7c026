"""The data folder: settings, secrets, and where every kind of file lives.

Quiz keys, secrets and records are for the server alone; a lesson process (which may run as another user of
the machine) is given ``released/`` and nothing else. So the folder itself can be passed through but not
listed, and every other folder in it is closed (mode 0700)::

    DATA/isoxa.toml        settings (0600: the database URL may hold a password)
    DATA/isoxa.db          records, when they are in SQLite (0600)
    DATA/secrets/NAME      random bytes made on first use (0600)
    DATA/editions/C/E/     frozen content of a course edition, with keys
    DATA/nbgrader/C/       a stock nbgrader course folder, with keys
    DATA/released/C/E/     what lesson processes may read
    DATA/certificates/     signed certificates, each made once
    DATA/hand-ins/ID/      what officers handed in for hand-written assignments, every version
    DATA/exports/  DATA/backups/
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tomllib
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from sqlalchemy import Engine

from .database import connect

__all__ = ["CertificateSettings", "DataFolder", "DataFolderError", "MailSettings", "Settings"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SECRET_BYTES = 32


class DataFolderError(Exception):
    """The data folder cannot be used as it is; ``str()`` says file, line and reason (Vietnamese)."""


class CertificateSettings(BaseModel):
    """``[certificate]``: who certifies, and with which key."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    issuer: str = Field(
        "", max_length=300, description="đơn vị cấp giấy, ví dụ “Sở Khoa học và Công nghệ tỉnh Lâm Đồng”"
    )
    signer_title: str = Field(
        "", max_length=200, description="chức vụ in ở chỗ ký, ví dụ “GIÁM ĐỐC”; rỗng: không in"
    )
    signer_name: str = Field("", max_length=200, description="họ tên in ở chỗ ký; rỗng: không in")
    place: str = Field("", max_length=100, description="địa danh trước ngày tháng, ví dụ “Lâm Đồng”")
    national_motto: bool = Field(
        False, description="true: in Quốc hiệu, Tiêu ngữ; chỉ khi đơn vị cấp là cơ quan nhà nước"
    )
    pkcs12: str = Field(
        "", description="tệp khóa ký .p12/.pfx của đơn vị; rỗng: khóa tự tạo trong DATA/secrets"
    )
    pkcs12_password: str = Field("", description="mật khẩu của tệp đó")
    timestamp_url: str = Field("", description="máy chủ dấu thời gian (RFC 3161); rỗng: không dùng mạng")


class MailSettings(BaseModel):
    """``[mail]``: the server that takes reminders. Its password stands in ``DATA/secrets/mail-password``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    host: str = Field(
        "",
        max_length=253,
        description="máy chủ gửi thư (SMTP); rỗng: thư ghi thành tệp trong DATA/exports/mail",
    )
    port: int = Field(587, ge=1, le=65535, description="cổng, thường 587 (starttls) hoặc 465 (ssl)")
    security: Literal["starttls", "ssl", "none"] = Field(
        "starttls", description="starttls, ssl, hoặc none (không mã hóa, chỉ khi không dùng mật khẩu)"
    )
    user: str = Field("", max_length=254, description="tên đăng nhập hộp thư; rỗng: máy chủ không hỏi")
    sender: str = Field("", max_length=254, description="địa chỉ gửi, ví dụ “nhac-hoc@lamdong.gov.vn”")
    sender_name: str = Field("", max_length=100, description="tên hiện bên cạnh địa chỉ gửi")
    reply_to: str = Field("", max_length=254, description="địa chỉ nhận trả lời; rỗng: địa chỉ gửi")
    ca_file: str = Field(
        "", description="tệp chứng thư gốc (.pem) của máy chủ thư nội bộ; rỗng: của hệ điều hành"
    )
    per_minute: int = Field(30, ge=1, le=6000, description="số thư nhiều nhất mỗi phút")
    timeout_seconds: int = Field(30, ge=1, le=600, description="giây chờ máy chủ thư trả lời")

    @field_validator("sender", "reply_to")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", value):
            raise ValueError("không phải địa chỉ thư, ví dụ “nhac-hoc@lamdong.gov.vn”")
        return value

    @field_validator("host", "user", "sender_name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("có ký tự xuống dòng hoặc ký tự điều khiển")
        return value

    @model_validator(mode="after")
    def _whole(self) -> MailSettings:
        if self.host and not self.sender:
            raise ValueError("có host thì phải có sender (địa chỉ gửi)")
        if self.user and self.security == "none":
            raise ValueError("không gửi mật khẩu trên đường không mã hóa: đặt security là starttls hoặc ssl")
        return self


class Settings(BaseModel):
    """``isoxa.toml``. Every setting has a default that suits one machine."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    database_url: str = Field("", description="rỗng: SQLite trong thư mục dữ liệu; hoặc postgresql://…")
    base_url: str = Field("/", description="đường dẫn gốc, bắt đầu và kết thúc bằng /")
    ip: str = Field("127.0.0.1", description="địa chỉ máy chủ lắng nghe")
    port: int = Field(8866, ge=0, le=65535, description="cổng; 0: cổng trống bất kỳ")
    session_idle_minutes: int = Field(120, ge=1, description="phút không thao tác thì phải đăng nhập lại")
    session_hours: int = Field(12, ge=1, description="giờ tối đa của một lần đăng nhập")
    activation_days: int = Field(14, ge=1, le=90, description="ngày một mã kích hoạt còn dùng được")
    help_contact: str = Field(
        "", description="ai giúp khi quên mật khẩu, ví dụ “Phòng Quản lý đo lường, Sở KH&CN, ĐT 0263…”"
    )
    cookie_secure: bool = Field(False, description="chỉ gửi cookie qua HTTPS")
    trusted_proxies: list[str] = Field(
        default_factory=list,
        description="địa chỉ của proxy đứng trước cổng (nginx, JupyterHub), ví dụ [“127.0.0.1”, “10.0.0.0/8”]: chỉ tin "
        "X-Forwarded-For do chúng gửi; rỗng: không tin ai",
    )
    lesson_user: str = Field("", description="người dùng hệ điều hành chạy bài học; rỗng: như máy chủ")
    max_lessons: int = Field(
        1000, ge=1, description="số bài học mở cùng lúc; mỗi bài giữ khoảng 0,3 MB bộ nhớ"
    )
    workshop: bool = Field(
        False, description="true: lớp tập huấn, ai vào cũng được, chỉ ghi họ tên và đơn vị; thư mục riêng"
    )
    organiser: str = Field(
        "",
        max_length=300,
        description="chỉ cho lớp tập huấn: địa chỉ cổng của nơi tổ chức, ví dụ “https://iso.lamdong.gov.vn/”, để người "
        "học gửi kết quả về; là máy chủ khác duy nhất mà trang hỏi đến; rỗng: không hỏi máy chủ nào",
    )
    sandbox_seconds: int = Field(60, ge=5, le=3600, description="giây tối đa chấm một bài lập trình")
    sandbox_memory_mb: int = Field(1024, ge=256, description="bộ nhớ tối đa (MB) của một bài lập trình")
    sandbox_without_isolation: bool = Field(
        False, description="true: chấm bài lập trình cả khi máy không cách ly được (mạng, tệp để ngỏ)"
    )

    public_address: str = Field(
        "",
        description="địa chỉ công khai của cổng, in trong mã QR và thư, ví dụ “https://iso.lamdong.gov.vn/”",
    )
    certificate: CertificateSettings = Field(
        default_factory=CertificateSettings, description="Giấy chứng nhận: đơn vị cấp và khóa ký"
    )
    mail: MailSettings = Field(
        default_factory=MailSettings,
        description="Thư nhắc học; mật khẩu đặt trong DATA/secrets/mail-password",
    )

    @field_validator("public_address")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
            raise ValueError("phải bắt đầu bằng “https://” và không có “?” hay “#”; hoặc để trống")
        return value if not value or value.endswith("/") else value + "/"

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for one in value:
            try:
                ip_network(one)
            except ValueError as error:
                raise ValueError(f"“{one}” không phải địa chỉ IP hay mạng, ví dụ “10.0.0.0/8”") from error
        return value

    @field_validator("organiser")
    @classmethod
    def _organiser(cls, value: str) -> str:
        # It becomes part of a content security policy: nothing that could end one there.
        if value and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?", value):
            raise ValueError(
                "phải là địa chỉ như “https://iso.lamdong.gov.vn/”, không có “?”, “#” hay dấu cách"
            )
        return value if not value or value.endswith("/") else value + "/"

    @field_validator("base_url")
    @classmethod
    def _slashes(cls, value: str) -> str:
        if not re.fullmatch(r"/([A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*", value):
            raise ValueError("phải bắt đầu và kết thúc bằng “/”, ví dụ “/” hoặc “/isoxa/”")
        return value


# pydantic's error types, in the words of whoever edits the file.
_REASONS = {
    "extra_forbidden": "không có cài đặt này",
    "string_type": "phải là chuỗi trong ngoặc kép",
    "string_too_long": "quá dài",
    "list_type": "phải là danh sách trong ngoặc vuông",
    "int_type": "phải là số nguyên",
    "bool_type": "phải là true hoặc false",
    "literal_error": "không phải một trong các giá trị cho phép",
    "greater_than_equal": "quá nhỏ",
    "less_than_equal": "quá lớn",
}


class DataFolder:
    """Paths, settings and secrets under one folder. Making the object touches nothing on the disk."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).absolute()

    @property
    def settings_file(self) -> Path:
        """``isoxa.toml``."""
        return self.path / "isoxa.toml"

    @property
    def exists(self) -> bool:
        """Whether the folder was made by ``create``."""
        return self.settings_file.is_file()

    def create(self, settings: Settings | None = None) -> None:
        """Make the folder and its settings file; what is there already is kept (settings too)."""
        self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        for private in ("secrets", "editions", "nbgrader", "exports", "backups"):
            self._private(self.path / private)
        (self.path / "released").mkdir(mode=0o755, exist_ok=True)
        if not self.exists:
            _write_once(self.settings_file, _as_toml(settings or Settings()).encode())

    @property
    def settings(self) -> Settings:
        """What ``isoxa.toml`` says. Raises ``DataFolderError`` naming file, line and reason."""
        try:
            text = self.settings_file.read_text("utf-8")
        except FileNotFoundError as error:
            raise DataFolderError(
                f"{self.path}: chưa có thư mục dữ liệu isoxa ở đây. Hãy chạy “isoxa init --data {self.path}”."
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise DataFolderError(f"{self.settings_file}: không đọc được ({error}).") from error
        try:
            return Settings.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise DataFolderError(f"{self.settings_file}: không đúng cú pháp TOML ({error}).") from error
        except ValidationError as error:
            raise DataFolderError(_explain(self.settings_file, text, error)) from error

    @property
    def database_url(self) -> str:
        """The URL of the records database: the setting, else SQLite in this folder."""
        return self.settings.database_url or f"sqlite:///{self.path / 'isoxa.db'}"

    def engine(self) -> Engine:
        """A new engine for the records database; keep it, one a process."""
        url = self.database_url
        if url == f"sqlite:///{self.path / 'isoxa.db'}":
            # Made closed before SQLite makes it open; the WAL files beside it take its mode.
            (self.path / "isoxa.db").touch(mode=0o600)
        try:
            return connect(url)
        except ValueError as error:
            raise DataFolderError(f"{self.settings_file}: database_url: {error}") from error

    def secret(self, name: str) -> bytes:
        """32 random bytes under that name, made on first use (mode 0600) and the same ever after."""
        folder = self._private(self.path / "secrets")
        file = folder / _safe(name)
        if not file.exists():
            _write_once(file, secrets.token_bytes(_SECRET_BYTES))
        file.chmod(0o600)
        value = file.read_bytes()
        if len(value) < _SECRET_BYTES:
            raise DataFolderError(f"{file}: tệp bí mật bị cắt ngắn. Hãy khôi phục từ bản sao lưu.")
        return value

    def nbgrader(self, course: str) -> Path:
        """The stock nbgrader course folder of a course."""
        return self._private(self.path / "nbgrader") / _safe(course)

    def editions(self, course: str, edition: str) -> Path:
        """Where the frozen content of an edition lies, keys and all; the caller fills it."""
        return self._private(self.path / "editions") / _safe(course) / _safe(edition)

    def released(self, course: str, edition: str) -> Path:
        """What lesson processes may read of an edition: no keys, nothing of any officer."""
        return self.path / "released" / _safe(course) / _safe(edition)

    @property
    def certificates(self) -> Path:
        """Where signed certificates lie."""
        return self._private(self.path / "certificates")

    @property
    def hand_ins(self) -> Path:
        """Where what officers handed in lies, every version."""
        return self._private(self.path / "hand-ins")

    def secret_file(self, name: str, make: Callable[[], bytes]) -> Path:
        """A file in ``secrets`` that is more than random bytes: ``make`` gives its content on first use."""
        file = self._private(self.path / "secrets") / _safe(name)
        if not file.exists():
            _write_once(file, make())
        file.chmod(0o600)
        return file

    @property
    def exports(self) -> Path:
        """Where reports are written to."""
        return self._private(self.path / "exports")

    @property
    def backups(self) -> Path:
        """Where backups are written to."""
        return self._private(self.path / "backups")

    def _private(self, folder: Path) -> Path:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        return folder


def _safe(name: str) -> str:
    if not _NAME.fullmatch(name) or ".." in name:
        raise ValueError(f"not a name of a file or folder: {name!r}")
    return name


def _write_once(file: Path, content: bytes) -> None:
    """Write a 0600 file whole or not at all; if another process was first, its file stands."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if not file.exists():
            draft.rename(file) if os.name == "nt" else _link(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _link(draft: Path, file: Path) -> None:
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return


def _as_toml(settings: Settings) -> str:
    lines = ["# Cài đặt của isoxa. Sửa xong, khởi động lại “isoxa serve”.", ""]
    tables = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            tables += [f"# {field.description}", f"[{name}]", *_lines(value)]
        else:
            lines += _line(name, field.description, value)
    return "\n".join([*lines, *tables])


def _lines(table: BaseModel) -> list[str]:
    fields = type(table).model_fields.items()
    return [line for name, field in fields for line in _line(name, field.description, getattr(table, name))]


def _line(name: str, description: str | None, value: object) -> list[str]:
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, list):
        shown = json.dumps(value)
    elif isinstance(value, str):
        shown = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return [f"# {description}", f"{name} = {shown}", ""]


def _explain(file: Path, text: str, error: ValidationError) -> str:
    """One line a problem: FILE:LINE: KEY: reason."""
    found = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        line = _line_of(text, [str(part) for part in problem["loc"]])
        place = f"{file}:{line}" if line else str(file)
        context = problem.get("ctx", {})
        reason = (
            str(context["error"]) if "error" in context else _REASONS.get(problem["type"], problem["msg"])
        )
        found.append(f"{place}: {key}: {reason}")
    return "\n".join(found)


def _line_of(text: str, keys: list[str]) -> int | None:
    """Where a setting stands; one of a table is looked for below the table's head."""
    rows = list(enumerate(text.splitlines(), 1))
    line = 0
    for key in keys:
        setting = re.compile(rf'\s*\[*\s*"?{re.escape(key)}\b')
        line = next((number for number, row in rows[line:] if setting.match(row)), line)
    return line or None
