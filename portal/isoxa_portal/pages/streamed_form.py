"""A form with files, read as it comes: one far too large fills no memory, and still gets a page that says so.

The XSRF token is a field of the form, so it is looked at once the form is there; role and sign-in were checked before.
"""

from __future__ import annotations

from typing import Any

from tornado.httputil import HTTPInputError

from ..errors import PortalError, message_of
from ..handlers import PortalHandler

__all__ = ["StreamedForm"]

# Beside the files: the form's other fields. Beyond the files' limit a body is read and thrown away, up to here.
_FORM_BYTES = 64 * 1024
_DRAINED_BYTES = 256 * 1024 * 1024


class StreamedForm(PortalHandler):
    """The base; a class on it is also decorated with Tornado's ``stream_request_body``."""

    largest_files: int
    """All files of one form together, in bytes."""

    _admitted = False

    async def prepare(self) -> None:
        self._sent = bytearray()
        self._too_large = False
        self._admitted = False
        self.request.connection.set_max_body_size(_DRAINED_BYTES)  # type: ignore[union-attr]
        await super().prepare()
        self._admitted = True

    def check_xsrf(self) -> None:
        """The token is a field of the form, which is not there yet; see `read_form`."""

    def data_received(self, chunk: bytes) -> None:
        if len(self._sent) + len(chunk) > self.largest_files + _FORM_BYTES:
            self._too_large = True
            self._sent.clear()
        if not self._too_large:
            self._sent += chunk

    def finish(self, chunk: Any = None) -> Any:
        """A refusal before the body was read ends the connection, even where there is no body (a GET); the browser is
        told so and opens another."""
        if not self._admitted:
            self.set_header("Connection", "close")
        return super().finish(chunk)

    def read_form(self) -> bool:
        """Read fields and files into the request, for `post`; False if there was too much, and nothing was kept.

        Raises ``PortalError``: 400 for what is no form, or one of far too many parts, 403 for one that no page of ours
        sent.
        """
        if self._too_large:
            return False
        self.request.body = bytes(self._sent)
        self._sent.clear()
        try:
            self.request._parse_body()
        except HTTPInputError:
            raise PortalError(400, *message_of(400)) from None
        super().check_xsrf()
        return True
