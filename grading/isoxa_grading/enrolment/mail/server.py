"""One conversation with a mail server, step by step, so that it is always known whether a letter was taken.

Until the text has been sent, nothing was taken, whatever breaks. Once it has been sent, only the server's answer tells;
where that does not come (``Uncertain``), the letter may be on its way. What an answer means::

    MailServerDown   no connection, no encryption, sign-in refused, sender refused: the same for every letter; try later
    TryLater         this letter not now (4xx)
    LetterRefused    this letter never (5xx): no such mailbox, too large, taken for spam
    Uncertain        the text was sent and no answer came
"""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from types import TracebackType

from isoxa_courses.text import clean

from ...records.data_folder import MailSettings

__all__ = ["LetterRefused", "MailServer", "MailServerDown", "TryLater", "Uncertain"]


class MailServerDown(Exception):
    """No letter can go out now; ``str()`` says why (Vietnamese)."""


class TryLater(Exception):
    """This letter was put off by the server."""


class LetterRefused(Exception):
    """This letter was refused for good."""


class Uncertain(Exception):
    """The text was sent, and no answer came: the letter may be on its way."""


class MailServer:
    """A connection, open within a ``with`` block. Raises ``MailServerDown`` on entering."""

    def __init__(self, settings: MailSettings, password: str = "") -> None:
        self._settings, self._password = settings, password
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> MailServer:
        one = self._settings
        try:
            self._smtp = self._connect()
            self._smtp.ehlo_or_helo_if_needed()
            if one.user:
                self._smtp.login(one.user, self._password)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.__exit__(None, None, None)
            raise MailServerDown(self._why(error)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp is not None:
            # Not quit(): it would wait for the answer of a server that may be why we leave.
            self._smtp.close()
            self._smtp = None

    def hand_over(self, message: EmailMessage, address: str) -> None:
        """Give the server one letter; when this returns, it has taken it.

        Raises ``TryLater``, ``LetterRefused``, ``Uncertain``, or ``MailServerDown`` (the connection is then of no use).
        """
        smtp = self._smtp
        if smtp is None:
            raise MailServerDown("Chưa kết nối với máy chủ thư.")
        content = message.as_bytes(policy=SMTP_POLICY)
        try:
            code, answer = smtp.mail(self._settings.sender)
            if code != 250:
                smtp.rset()
                raise MailServerDown(f"Máy chủ thư không nhận địa chỉ gửi: {_said(code, answer)}.")
            code, answer = smtp.rcpt(address)
            if code not in (250, 251):
                smtp.rset()
                raise _not_taken(code, answer)
            smtp.putcmd("DATA")
            code, answer = smtp.getreply()
            if code != 354:
                smtp.rset()
                raise _not_taken(code, answer)
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerDown(self._why(error)) from error
        try:
            smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
            code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Uncertain(
                f"Mất kết nối ngay sau khi gửi nội dung ({self._why(error)}) nên chưa rõ máy chủ thư đã nhận chưa."
            ) from error
        if code != 250:
            raise _not_taken(code, answer)

    def _connect(self) -> smtplib.SMTP:
        one = self._settings
        # The name we give ourselves; the library would ask the name service for this machine's, which may take long.
        me = one.sender.rpartition("@")[2]
        if one.security == "none":
            return smtplib.SMTP(one.host, one.port, me, timeout=one.timeout_seconds)
        context = ssl.create_default_context(cafile=one.ca_file or None)
        if one.security == "ssl":
            return smtplib.SMTP_SSL(one.host, one.port, me, timeout=one.timeout_seconds, context=context)
        smtp = smtplib.SMTP(one.host, one.port, me, timeout=one.timeout_seconds)
        try:
            smtp.starttls(context=context)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _why(self, error: Exception) -> str:
        where = f"{self._settings.host}:{self._settings.port}"
        match error:
            case ssl.SSLCertVerificationError():
                return f"Chứng thư của máy chủ thư {where} không được tin cậy ({error.verify_message})"
            case smtplib.SMTPAuthenticationError():
                return f"Máy chủ thư {where} không nhận tên đăng nhập hoặc mật khẩu"
            case smtplib.SMTPNotSupportedError():
                return f"Máy chủ thư {where} không có cách mã hóa hoặc đăng nhập đã đặt trong isoxa.toml"
            case smtplib.SMTPServerDisconnected() | ConnectionError():
                return f"Máy chủ thư {where} ngắt kết nối hoặc không mở cổng"
            case TimeoutError():
                return f"Máy chủ thư {where} không trả lời trong {self._settings.timeout_seconds} giây"
            case smtplib.SMTPResponseException():
                return f"Máy chủ thư {where} từ chối: {_said(error.smtp_code, error.smtp_error)}"
            case FileNotFoundError():
                return f"Không có tệp chứng thư {self._settings.ca_file}"
            case _:
                return f"Không kết nối được máy chủ thư {where} ({clean(str(error))[:120]})"


def _not_taken(code: int, answer: bytes) -> Exception:
    said = _said(code, answer)
    if 500 <= code < 600:
        return LetterRefused(f"Máy chủ thư từ chối: {said}.")
    if code == 421:
        return MailServerDown(f"Máy chủ thư tạm đóng: {said}.")
    return TryLater(f"Máy chủ thư hẹn gửi lại: {said}.")


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {clean(text)[:160]}".strip(" .")
