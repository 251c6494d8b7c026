"""The base of the API's handlers: JSON in and out, bodies of a bounded size.

A body is read as it comes and dropped beyond the limit, so that a body far too large gets an answer in words on a
connection that goes on, and never fills the memory. A request that is refused before its body was read waits for the
body too: Tornado closes the connection under an answer that comes earlier, GETs included, and says so to nobody; a
browser or proxy that has sent the next request on it meanwhile loses that.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
from tornado.web import stream_request_body

from ..errors import PortalError, message_of, not_found, signed_out
from ..handlers import PortalHandler
from ..headers import API_POLICY
from ..i18n import gettext as _

BODY_BYTES = 256 * 1024
# Read and thrown away up to here; a body beyond it closes the connection.
_DRAINED_BYTES = 64 * 1024 * 1024


@stream_request_body
class ApiHandler(PortalHandler):
    """JSON in and out; errors as ``{"error": {"code", "message"}}`` with whatever else they carry beside it."""

    policy = API_POLICY
    body_bytes = BODY_BYTES

    async def prepare(self) -> None:
        self._body = bytearray()
        self._too_large = False
        self.request.connection.set_max_body_size(_DRAINED_BYTES)  # type: ignore[union-attr]
        try:
            await self.admit()
        except PortalError as refused:
            self._answer_later(refused)

    async def admit(self) -> None:
        """Raises ``PortalError`` for a request that must not reach its method."""
        await super().prepare()

    def _answer_later(self, refused: PortalError) -> None:
        """Put the refusal in the method's place: Tornado calls it when the body has been read."""

        async def refuse(*_parts: str, **_named: str) -> None:
            raise refused

        setattr(self, (self.request.method or "get").lower(), refuse)

    def data_received(self, chunk: bytes) -> None:
        if len(self._body) + len(chunk) > self.body_bytes:
            self._too_large = True
            self._body.clear()
        if not self._too_large:
            self._body += chunk

    def refuse_visitor(self) -> None:
        raise signed_out()

    @property
    def person_id(self) -> int:
        """The person whose records this is about. Raises 403 ``preview`` for an account that is nobody's."""
        if self.me.person_id is None:
            raise PortalError(
                403,
                "preview",
                _("Tài khoản này không gắn với hồ sơ cán bộ nên chỉ xem được; câu trả lời không được lưu."),
            )
        return self.me.person_id

    def body(self) -> dict[str, Any]:
        """The body as a JSON object. Raises 413, 415 or 400, each in words."""
        if self._too_large:
            raise PortalError(413, *message_of(413))
        if self.request.headers.get("Content-Type", "").split(";")[0].strip().lower() != "application/json":
            raise PortalError(
                415, "content_type", _("Hệ thống chỉ nhận dữ liệu dạng JSON. Chưa có gì được lưu.")
            )
        try:
            value = json.loads(bytes(self._body))
            if b"\\u" in self._body:
                # Half of a surrogate pair is JSON, but no text: it can be neither stored nor sent.
                json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise self.malformed() from None
        if not isinstance(value, dict):
            raise self.malformed()
        return value

    @property
    def has_body(self) -> bool:
        """Whether anything was sent."""
        return self._too_large or bool(self._body)

    def text(self, body: dict[str, Any], name: str) -> str:
        """A field that must be a string."""
        value = body.get(name)
        if not isinstance(value, str):
            raise self.malformed()
        return value

    def malformed(self) -> PortalError:
        """What to raise for a body that is JSON but says nothing usable."""
        return PortalError(
            400, "malformed", _("Dữ liệu gửi lên bị hỏng nên chưa được lưu. Xin tải lại trang rồi thử lại.")
        )

    def write_json(self, value: Any, status: int = 200) -> None:
        """Finish with a JSON value."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.finish(msgspec.json.encode(value))

    def write_portal_error(self, error: PortalError) -> None:
        self.write_json(
            {"error": {"code": error.code, "message": error.message}, **error.extra}, error.status
        )


class NoSuchApi(ApiHandler):
    """Any address of the API that is none."""

    async def admit(self) -> None:
        await super().admit()
        raise not_found()

    def check_xsrf(self) -> None:
        """There is nothing here to protect."""
